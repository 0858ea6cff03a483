package dev.migrator.testkit;

import dev.migrator.core.SharedFlows;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.spi.MigratorProvider;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider under test together with the small world that it moves machines in.
 *
 * <p>A provider author implements it once; the kit makes a fresh one for every run, drives it from
 * one thread, and closes it. The world stands still except in {@link #settle}, so that a run is
 * repeatable: what takes time out there is computed from {@link #clock}.
 */
public interface Subject extends AutoCloseable {

  /** The clock of this world; the kit hands it to the runner and moves it. */
  ManualClock clock();

  /** The provider under test. */
  MigratorProvider provider();

  /**
   * A plan that this provider moves without a problem in this world; with two machines or more,
   * also the rules about several machines are checked.
   */
  MigrationPlan plan();

  /**
   * What the provider asks its host for.
   *
   * @param endpoint the side
   * @param type the kind of connection
   * @return the connection, or null when there is none of this kind
   */
  default @Nullable Object connection(Endpoint endpoint, Class<?> type) {
    return null;
  }

  /** The shared phases that the provider delegates to; the standard ones unless it needs more. */
  default SharedFlows sharedFlows() {
    return SharedFlows.standard();
  }

  /**
   * Lets everybody else in this world act until nothing more happens at the clock's present
   * instant. Called by the kit whenever it has moved the clock, and after every turn.
   */
  default void settle() {}

  /**
   * When something happens next in this world by itself, if that is known; the kit then does not
   * jump over it. Called after {@link #settle}.
   */
  default Optional<Instant> nextEvent() {
    return Optional.empty();
  }

  /**
   * Everything in both clusters that the provider may have made or changed, by place.
   *
   * <p>Two runs of the same plan in two fresh worlds must give the same, and so must a world before
   * and after a move that was undone: leave out what the servers choose (uids, versions, times),
   * and what {@code begin} makes for a plan as a whole. Never faked, also not during an {@link
   * #outage}.
   *
   * @return the content by place, such as {@code target Disk demo/vm-0} to {@code size=10}
   */
  Map<String, String> snapshot();

  /**
   * Where the guest is: the sides on which it runs, or, for a machine that is moved while it is
   * stopped, lies whole and ready to be started by its owner. A machine that a finished move left
   * behind, halted or marked as moved, holds no guest any more.
   *
   * @param vm the machine
   * @return the sides; none means that the guest is lost
   */
  Set<Side> whereabouts(PlannedVm vm);

  /** Values that must never be seen in a status, an event or a message. */
  default Set<String> secrets() {
    return Set.of();
  }

  /**
   * Makes both clusters unreachable for the provider, or reachable again; only called when {@link
   * MigratorVerification#supportsOutage} is declared or a {@link FaultPlan} asks for it.
   *
   * @param unreachable whether the provider's requests fail from now on
   */
  default void outage(boolean unreachable) {
    throw new UnsupportedOperationException(
        getClass().getName() + " cannot simulate an outage; override Subject.outage.");
  }

  /** Ends what this world started; by default nothing. */
  @Override
  default void close() {}
}
