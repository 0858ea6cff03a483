package dev.migrator.core;

import dev.migrator.model.Completion;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.MigratorProvider;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseAction;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A provider and migrator whose every answer a test sets; it records what it is asked. */
final class ScriptedMigrator implements MigratorProvider, Migrator {

  interface CompleteAction {
    PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception;
  }

  final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  Itinerary itinerary;
  Callable<PhaseOutcome> begin = PhaseOutcome::advance;
  Function<VmRef, List<Concern>> concerns = vm -> List.of();
  CompleteAction complete = (context, completion) -> PhaseOutcome.advance();
  Runnable init = () -> {};
  @Nullable MigratorContext host;

  private ScriptedMigrator(Itinerary itinerary) {
    this.itinerary = itinerary;
  }

  static ScriptedMigrator of(Phase... phases) {
    return new ScriptedMigrator(Itinerary.of(phases));
  }

  /** A flow of two phases, the second of which does what is given. */
  static ScriptedMigrator doing(PhaseAction action) {
    return of(phase("Prepare", c -> PhaseOutcome.advance()), phase("Work", action));
  }

  static Phase phase(String name, PhaseAction action) {
    return Phase.of(name, name + "Step", action);
  }

  @Override
  public String id() {
    return "scripted";
  }

  @Override
  public boolean supports(MigrationPlan plan) {
    return true;
  }

  @Override
  public Migrator create(MigrationPlan plan, MigratorContext context) {
    calls.add("create");
    host = context;
    return this;
  }

  @Override
  public void init() {
    calls.add("init");
    init.run();
  }

  @Override
  public PhaseOutcome begin(MigrationPlan plan) throws Exception {
    calls.add("begin");
    return begin.call();
  }

  @Override
  public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
    calls.add("validate " + vm.source().name());
    return concerns.apply(vm.source());
  }

  @Override
  public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
    return itinerary;
  }

  @Override
  public PhaseOutcome executePhase(PhaseContext context) throws Exception {
    calls.add(context.status().phase() + " " + context.vm().source().name());
    return Migrator.super.executePhase(context);
  }

  @Override
  public PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
    calls.add(completion + " " + context.vm().source().name());
    return complete.complete(context, completion);
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
