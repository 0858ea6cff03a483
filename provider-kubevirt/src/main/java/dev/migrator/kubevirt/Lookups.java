package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What validations of a plan's machines looked up, one request for each thing however many machines
 * refer to it; forgotten a minute after the first look, so that nobody is judged by old news.
 *
 * <p>Never holds a Secret. Safe for use by several threads: who comes second waits for the first.
 */
final class Lookups {

  private static final Duration CURRENT = Duration.ofMinutes(1);

  /**
   * What a server said.
   *
   * @param found the objects; a look-up of one object finds one or none
   * @param forbidden whether it would not say
   */
  record Answer(List<GenericKubernetesResource> found, boolean forbidden) {

    /** For people; never the content. */
    @Override
    public String toString() {
      return forbidden ? "forbidden" : found.size() + " found";
    }

    Optional<GenericKubernetesResource> one() {
      return found.stream().findFirst();
    }
  }

  private record Question(Side side, Kind kind, String namespace, @Nullable String name) {}

  private final Sides sides;
  private final Executor executor;
  private final Clock clock;
  private final Map<Question, CompletableFuture<Answer>> asked = new ConcurrentHashMap<>();
  private Instant first = Instant.MIN;

  Lookups(Sides sides, Executor executor, Clock clock) {
    this.sides = sides;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * Forgets what is older than a minute; called by each validation before it asks.
   *
   * @return whether something may have been forgotten
   */
  synchronized boolean renew() {
    Instant now = clock.instant();
    boolean isOld = now.isAfter(first.plus(CURRENT));
    if (isOld) {
      asked.clear();
      first = now;
    }
    return isOld;
  }

  /** Asks for an object; the request is under way when this returns. */
  CompletableFuture<Answer> get(Side side, Kind kind, String namespace, String name) {
    String place = kind.namespaced() ? namespace : "";
    return ask(
        new Question(side, kind, place, name),
        () -> sides.get(side, kind, place, name).stream().toList());
  }

  /** Asks for the objects of a namespace, or of the cluster for a kind without namespaces. */
  CompletableFuture<Answer> list(Side side, Kind kind, String namespace) {
    String place = kind.namespaced() ? namespace : "";
    return ask(
        new Question(side, kind, place, null),
        () -> List.copyOf(sides.of(side).list(kind, place, Map.of())));
  }

  private CompletableFuture<Answer> ask(
      Question question, Supplier<List<GenericKubernetesResource>> request) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    CompletableFuture<Answer> earlier = asked.putIfAbsent(question, answer);
    if (earlier != null) {
      return earlier;
    }
    try {
      CompletableFuture<?> unused =
          CompletableFuture.supplyAsync(() -> answer(request), executor)
              .whenComplete(
                  (said, failure) -> {
                    if (failure != null) {
                      asked.remove(question, answer);
                      answer.completeExceptionally(failure);
                    } else {
                      answer.complete(said);
                    }
                  });
    } catch (RejectedExecutionException e) {
      asked.remove(question, answer);
      answer.completeExceptionally(e);
    }
    return answer;
  }

  private static Answer answer(Supplier<List<GenericKubernetesResource>> request) {
    try {
      return new Answer(request.get(), false);
    } catch (MigrationException e) {
      if (e.code().equals(K8sErrors.FORBIDDEN)) {
        return new Answer(List.of(), true);
      }
      throw e;
    }
  }
}
