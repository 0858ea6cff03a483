package dev.migrator.kubevirt;

import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import java.time.Duration;
import java.util.Locale;

/** What goes wrong at one request, or from it on: data for the fault matrix. */
enum ApiFault {
  CONFLICT(Fault.answer(409), Fault.NONE),
  TOO_MANY_REQUESTS(Fault.tooManyRequests(Duration.ofSeconds(20)), Fault.NONE),
  SERVER_ERROR(Fault.answer(500), Fault.NONE),
  SERVER_ERROR_AFTER_EFFECT(Fault.NONE, Fault.answer(500)),
  UNAVAILABLE(Fault.answer(503), Fault.NONE),
  CONNECTION_RESET(Fault.drop(), Fault.NONE),
  CONNECTION_RESET_AFTER_EFFECT(Fault.NONE, Fault.drop()),
  TIMEOUT(Fault.NONE, Fault.NONE) {
    @Override
    Fault before(MigrationRig rig, ApiRequest request) {
      rig.clock.advance(PATIENCE);
      return Fault.drop();
    }
  },
  TIMEOUT_AFTER_EFFECT(Fault.NONE, Fault.NONE) {
    @Override
    Fault after(MigrationRig rig, ApiRequest request) {
      rig.clock.advance(PATIENCE);
      return Fault.drop();
    }
  },
  SLOW_ANSWER(Fault.NONE, Fault.delay(Duration.ofSeconds(20))),
  WATCHES_CLOSED(Fault.NONE, Fault.NONE) {
    @Override
    Fault after(MigrationRig rig, ApiRequest request) {
      rig.dropWatches(request.side());
      return Fault.NONE;
    }
  },
  WATCH_GAP(Fault.NONE, Fault.NONE) {
    @Override
    Fault after(MigrationRig rig, ApiRequest request) {
      rig.clusters.compact(request.side());
      rig.dropWatches(request.side());
      return Fault.NONE;
    }
  },
  CREDENTIALS_EXPIRED(Fault.answer(401), Fault.NONE) {
    @Override
    Duration lasts() {
      return Duration.ofMinutes(2);
    }
  },
  UNREACHABLE(Fault.drop(), Fault.NONE) {
    @Override
    Duration lasts() {
      return Duration.ofMinutes(10);
    }

    @Override
    Fault before(MigrationRig rig, ApiRequest request) {
      rig.dropWatches(request.side());
      return Fault.drop();
    }
  },
  CLOCK_JUMP(Fault.NONE, Fault.NONE) {
    @Override
    Fault after(MigrationRig rig, ApiRequest request) {
      rig.clock.advance(Duration.ofSeconds(90));
      return Fault.NONE;
    }
  };

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Fault before;
  private final Fault after;

  ApiFault(Fault before, Fault after) {
    this.before = before;
    this.after = after;
  }

  /** Before the request takes effect. */
  Fault before(MigrationRig rig, ApiRequest request) {
    return before;
  }

  /** After it took effect. */
  Fault after(MigrationRig rig, ApiRequest request) {
    return after;
  }

  /** How long all requests to that side meet it; zero for this one alone. */
  Duration lasts() {
    return Duration.ZERO;
  }

  /** What requests to that side meet meanwhile. */
  final Fault during() {
    return before;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
