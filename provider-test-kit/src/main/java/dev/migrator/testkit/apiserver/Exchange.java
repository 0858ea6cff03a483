package dev.migrator.testkit.apiserver;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Carries a call to the server and its answer back, writes it down, and lets things go wrong. */
final class Exchange {

  private final ApiServer server;

  Exchange(ApiServer server) {
    this.server = server;
  }

  /**
   * What a call ends in.
   *
   * @param answer what the caller gets; code 101 for a watch that was opened
   * @param watch the watch, where one was opened
   */
  record Result(Answer answer, @Nullable WatchStream watch) {}

  /**
   * Sends a call; the future is complete on return unless a real delay was asked for.
   *
   * @throws SimulatedCrash when the caller dies of it
   */
  CompletableFuture<Result> send(Call call, WatchStream.@Nullable Sink sink) {
    Route route;
    try {
      route = server.route(call);
    } catch (ApiException refused) {
      return done(new Result(Answer.of(refused), null));
    }
    if (!call.caller().counted()) {
      return done(server.handle(route, call, sink));
    }
    ApiRequest request = route.request();
    Fault fault = server.faultHook().before(request);
    return spoil(fault, request, null, () -> carryOut(route, call, sink));
  }

  private CompletableFuture<Result> carryOut(
      Route route, Call call, WatchStream.@Nullable Sink sink) {
    Result result = server.handle(route, call, sink);
    Fault fault = server.faultHook().after(route.request(), result.answer().code());
    return spoil(fault, route.request(), result, () -> done(result));
  }

  /** Goes on with what would come next, unless a fault says otherwise. */
  private CompletableFuture<Result> spoil(
      Fault fault,
      ApiRequest request,
      @Nullable Result effect,
      Supplier<CompletableFuture<Result>> next) {
    if (fault instanceof Fault.None) {
      return next.get();
    }
    if (fault instanceof Fault.Delay delay) {
      CompletableFuture<Void> passed = server.delays().pass(delay.time());
      return passed.isDone() ? next.get() : passed.thenCompose(nothing -> next.get());
    }
    if (effect != null && effect.watch() != null) {
      effect.watch().cut();
    }
    if (fault instanceof Fault.Answer answer) {
      return done(new Result(Answer.of(answer), null));
    }
    if (fault instanceof Fault.Crash) {
      throw new SimulatedCrash(request, effect != null);
    }
    return CompletableFuture.failedFuture(
        new IOException("Connection reset by the test at " + request));
  }

  private static CompletableFuture<Result> done(Result result) {
    return CompletableFuture.completedFuture(result);
  }
}
