package dev.migrator.core;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.StatusStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A runner on a manual clock, with its store, its events and a plan of a few machines. */
final class Bench {

  static final VmRef VM = new VmRef("demo", "vm-0");

  final ManualClock clock = new ManualClock();
  final List<MigrationEvent> events = Collections.synchronizedList(new ArrayList<>());
  final List<String> wakes = Collections.synchronizedList(new ArrayList<>());
  final ScriptedMigrator migrator;
  final UnaryOperator<MigrationRunner.Builder> custom;
  StatusStore store = new InMemoryStatusStore();
  MigrationPlan plan = plan(1);
  MigrationRunner runner;

  Bench(ScriptedMigrator migrator) {
    this(migrator, builder -> builder);
  }

  Bench(ScriptedMigrator migrator, UnaryOperator<MigrationRunner.Builder> custom) {
    this.migrator = migrator;
    this.custom = custom;
    this.runner = start();
  }

  static MigrationPlan plan(int vms) {
    MigrationPlan.Builder plan =
        MigrationPlan.builder("p", Endpoint.of("scripted", "east"), Endpoint.of("x", "west"))
            .type("live");
    for (int i = 0; i < vms; i++) {
      plan.vm("demo", "vm-" + i);
    }
    return plan.build();
  }

  /** Another runner on the same store: what is left after a crash. */
  MigrationRunner start() {
    return custom
        .apply(
            MigrationRunner.builder()
                .registry(MigratorRegistry.of(migrator))
                .clock(clock)
                .store(store)
                .listener(events::add)
                .wakeUp(wakes::add))
        .build();
  }

  void restart() {
    runner = start();
  }

  Optional<Instant> turn() {
    return runner.turn(plan);
  }

  /** Turns until all is final, moving the clock to each instant that the runner names. */
  VmStatus finish() {
    for (int i = 0; i < 10_000; i++) {
      Optional<Instant> next = turn();
      if (next.isEmpty()) {
        return status();
      }
      clock.advanceTo(next.get());
    }
    throw new AssertionError("No end in 10,000 turns: " + statuses());
  }

  void cancel() {
    plan = plan.cancel(List.of(VM));
  }

  VmStatus status() {
    return status(VM);
  }

  VmStatus status(VmRef vm) {
    return statuses().stream().filter(status -> status.vm().equals(vm)).findFirst().orElseThrow();
  }

  List<VmStatus> statuses() {
    return store.load(plan.id());
  }

  <T extends MigrationEvent> List<T> events(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
