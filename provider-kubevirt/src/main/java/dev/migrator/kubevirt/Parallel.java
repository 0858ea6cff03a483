package dev.migrator.kubevirt;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Runs independent requests side by side and waits for all of them, whatever becomes of each. */
final class Parallel {

  private Parallel() {}

  /**
   * Runs requests.
   *
   * @return what each returned, in their order
   * @throws Partial when one of them failed: what the others returned is in it
   */
  static <T> List<T> all(Executor executor, List<? extends Supplier<T>> requests) {
    List<CompletableFuture<T>> started = new ArrayList<>();
    for (Supplier<T> request : requests) {
      started.add(CompletableFuture.supplyAsync(request, executor));
    }
    List<T> done = new ArrayList<>();
    List<RuntimeException> failed = new ArrayList<>();
    for (CompletableFuture<T> each : started) {
      try {
        done.add(each.join());
      } catch (CompletionException e) {
        failed.add(cause(e));
      }
    }
    if (!failed.isEmpty()) {
      throw new Partial(done, failed.get(0));
    }
    return done;
  }

  /** Waits for an answer and throws the request's own exception, not its wrapping. */
  static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw cause(e);
    }
  }

  private static RuntimeException cause(CompletionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException cause ? cause : e;
  }

  /** One request failed, others did not. */
  static final class Partial extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<?> done;
    private final RuntimeException failure;

    private Partial(List<?> done, RuntimeException failure) {
      super(failure);
      this.done = List.copyOf(done);
      this.failure = failure;
    }

    /** What the others returned. */
    List<?> done() {
      return done;
    }

    /** What the first failed one threw. */
    RuntimeException failure() {
      return failure;
    }
  }
}
