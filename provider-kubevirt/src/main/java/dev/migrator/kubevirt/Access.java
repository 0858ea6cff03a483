package dev.migrator.kubevirt;

import dev.migrator.model.Requester;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what, for all machines of a plan, at most a minute old where the answer was yes.
 *
 * <p>Our own rights in a namespace are asked for in one request; only what that does not show, and
 * rights in the whole cluster, are asked for one by one. So it costs a constant for each pair of
 * namespaces, not for each machine. A no is asked for again each time, because people mend it.
 */
final class Access {

  private static final Duration CURRENT = Duration.ofMinutes(1);

  private final Sides sides;
  private final Clock clock;
  private final Executor executor;
  private final Map<Object, Kept<?>> kept = new ConcurrentHashMap<>();

  /**
   * A question as it is kept.
   *
   * @param who the requester, or null for ourselves
   * @param question what was asked
   */
  private record Asked(@Nullable Requester who, AccessQuestion question) {}

  /**
   * A list of rules as it is kept.
   *
   * @param side the cluster
   * @param namespace the namespace
   */
  private record Place(Side side, String namespace) {}

  /** An answer that has come or is to come. */
  private static final class Kept<T> {
    final CompletableFuture<T> answer = new CompletableFuture<>();
    final Instant at;

    Kept(Instant at) {
      this.at = at;
    }
  }

  /**
   * Something that may not be done.
   *
   * @param question what was asked
   * @param right what it was asked for
   * @param reason the server's words; may be empty
   */
  record Refusal(AccessQuestion question, Right right, String reason) {}

  Access(Sides sides, Clock clock, Executor executor) {
    this.sides = sides;
    this.clock = clock;
    this.executor = executor;
  }

  /** Sends the requests that will be needed, and does not wait for them. */
  void prepare(Collection<AccessQuestion> ours) {
    for (AccessQuestion question : ours) {
      if (question.namespace().isEmpty()) {
        CompletableFuture<?> unused = ask(null, question);
      } else {
        CompletableFuture<?> unused = rules(question);
      }
    }
  }

  /**
   * What we may not do.
   *
   * @param ours the questions, each with what it is asked for
   * @throws MigrationException when a review could not be made
   */
  List<Refusal> refused(Map<AccessQuestion, Right> ours) {
    prepare(ours.keySet());
    Map<AccessQuestion, Right> open = new LinkedHashMap<>();
    ours.forEach(
        (question, right) -> {
          if (question.namespace().isEmpty() || !known(rules(question)).allow(question)) {
            open.put(question, right);
          }
        });
    return answered(null, open);
  }

  /**
   * What the requester may not do.
   *
   * @param who the requester
   * @param theirs the questions, each with what it is asked for
   * @throws MigrationException when a review could not be made
   */
  List<Refusal> refused(Requester who, Map<AccessQuestion, Right> theirs) {
    return answered(who, theirs);
  }

  private List<Refusal> answered(@Nullable Requester who, Map<AccessQuestion, Right> questions) {
    List<CompletableFuture<AccessReviews.Answer>> sent = new ArrayList<>();
    questions.keySet().forEach(question -> sent.add(ask(who, question)));
    Iterator<CompletableFuture<AccessReviews.Answer>> answers = sent.iterator();
    List<Refusal> refused = new ArrayList<>();
    questions.forEach(
        (question, right) -> {
          AccessReviews.Answer answer = join(answers.next());
          if (!answer.allowed()) {
            kept.remove(new Asked(who, question));
            refused.add(new Refusal(question, right, answer.reason()));
          }
        });
    return refused;
  }

  private CompletableFuture<AccessReviews.Answer> ask(
      @Nullable Requester who, AccessQuestion question) {
    AccessReviews reviews = sides.of(question.side()).reviews();
    return keep(
        new Asked(who, question),
        () -> who == null ? reviews.self(question) : reviews.of(who, question));
  }

  private CompletableFuture<AccessRules> rules(AccessQuestion question) {
    AccessReviews reviews = sides.of(question.side()).reviews();
    return keep(
        new Place(server(question), question.namespace()),
        () -> reviews.rules(question.namespace()));
  }

  /** A server that does not tell rules is asked for each right. */
  private static AccessRules known(CompletableFuture<AccessRules> rules) {
    try {
      return join(rules);
    } catch (MigrationException e) {
      if (e.isRetryable()) {
        throw e;
      }
      return AccessRules.NONE;
    }
  }

  @SuppressWarnings("unchecked") // The type of a key decides what is kept under it.
  private <T> CompletableFuture<T> keep(Object key, Supplier<T> request) {
    Instant now = clock.instant();
    Kept<T> fresh = new Kept<>(now);
    Kept<?> one =
        kept.compute(key, (same, known) -> known != null && isCurrent(known, now) ? known : fresh);
    if (one == fresh) {
      // Not within compute: a request would hold up whoever asks for something else.
      fresh.answer.completeAsync(request, executor);
    }
    return (CompletableFuture<T>) one.answer;
  }

  private static boolean isCurrent(Kept<?> known, Instant now) {
    return now.isBefore(known.at.plus(CURRENT)) && !known.answer.isCompletedExceptionally();
  }

  private Side server(AccessQuestion question) {
    return sides.isOneCluster() ? Side.SOURCE : question.side();
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }
}
