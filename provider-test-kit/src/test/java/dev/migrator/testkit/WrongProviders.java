package dev.migrator.testkit;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import dev.migrator.model.VmRef;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.Notes;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseAction;
import dev.migrator.spi.PhaseOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Migrators that are wrong about a plan, and wrong providers: rules M4 and P1. */
final class WrongProviders {

  private WrongProviders() {}

  static Stream<Wrong> all() {
    return Stream.of(
        Wrong.migrator("BeginNotRepeatable", Rule.M4_1, BeginNotRepeatable::new),
        Wrong.migrator("ValidateWrites", Rule.M4_2, ValidateWrites::new),
        Wrong.migrator("SpeaksInRiddles", Rule.M4_3, SpeaksInRiddles::new),
        Wrong.migrator("IgnoresUnknownSettings", Rule.M4_4, IgnoresUnknownSettings::new),
        Wrong.migrator("CloseNeedsInit", Rule.M4_5, CloseNeedsInit::new),
        Wrong.migrator("HookComesTooLate", Rule.M4_6, HookComesTooLate::new),
        Wrong.phase("SecretInStatus", Rule.M4_7, "CopySecret", WrongProviders::secretInStatus),
        new Wrong("BadId", Rule.P1_1, right -> new BadId()),
        new Wrong("SupportsEverything", Rule.P1_2, right -> new SupportsEverything()),
        new Wrong("CreateDoesIo", Rule.P1_3, right -> new CreateDoesIo()),
        new Wrong("OneMigratorForAll", Rule.P1_4, right -> new OneMigratorForAll()),
        new Wrong("NotRegistered", Rule.P1_5, right -> new SimulatedProvider()));
  }

  private static final class BeginNotRepeatable extends Wrong.Copy {
    BeginNotRepeatable(Wrong.Right right) {
      super(right);
    }

    @Override
    public PhaseOutcome begin(MigrationPlan plan) throws IOException {
      if (right.target().find("Trust", "", plan.source().name()).isPresent()) {
        return PhaseOutcome.fail("TrustExists", "The clusters trust each other already.");
      }
      right.target().create("Trust", "", plan.source().name(), plan.id(), Map.of());
      return PhaseOutcome.advance();
    }
  }

  private static final class ValidateWrites extends Wrong.Copy {
    ValidateWrites(Wrong.Right right) {
      super(right);
    }

    @Override
    public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
      try {
        VmRef to = vm.target();
        right.target().create("Probe", to.namespace(), to.name(), "", Map.of());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return super.validate(plan, vm);
    }
  }

  private static final class SpeaksInRiddles extends Wrong.Copy {
    SpeaksInRiddles(Wrong.Right right) {
      super(right);
    }

    @Override
    public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
      return List.of(new Concern("e42", Severity.WARNING, vm.source(), "", "hm", ""));
    }
  }

  private static final class IgnoresUnknownSettings extends Wrong.Copy {
    IgnoresUnknownSettings(Wrong.Right right) {
      super(right);
    }

    @Override
    public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
      return List.of();
    }
  }

  private static final class CloseNeedsInit extends Wrong.Copy {
    private boolean open;

    CloseNeedsInit(Wrong.Right right) {
      super(right);
    }

    @Override
    public void init() {
      super.init();
      open = true;
    }

    @Override
    public void close() {
      if (!open) {
        throw new IllegalStateException("Not open");
      }
      open = false;
    }
  }

  private static final class HookComesTooLate extends Wrong.Copy {
    HookComesTooLate(Wrong.Right right) {
      super(right);
    }

    @Override
    public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
      List<Phase> phases = new ArrayList<>(super.itinerary(plan, vm).phases());
      Phase hook = phases.remove(1);
      phases.add(6, hook);
      return Itinerary.of(phases);
    }
  }

  private static PhaseAction secretInStatus(Wrong.Right right) {
    return c -> {
      VmRef from = c.vm().source();
      String password =
          right
              .source()
              .find("Secret", from.namespace(), from.name())
              .orElseThrow()
              .get("password");
      return right.execute(c).with(Notes.none().fact("copied", "password=" + password));
    };
  }

  private static final class BadId extends Wrong.Provider {
    BadId() {
      super(new SimulatedProvider());
    }

    @Override
    public String id() {
      return "migrator-Simulated";
    }
  }

  private static final class SupportsEverything extends Wrong.Provider {
    SupportsEverything() {
      super(new SimulatedProvider());
    }

    @Override
    public boolean supports(MigrationPlan plan) {
      return true;
    }
  }

  private static final class CreateDoesIo extends Wrong.Provider {
    CreateDoesIo() {
      super(new SimulatedProvider());
    }

    @Override
    public Migrator create(MigrationPlan plan, MigratorContext context) {
      try {
        context
            .connection(plan.target(), SimulatedCluster.class)
            .find("Machine", "demo", "whatever");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return super.create(plan, context);
    }
  }

  private static final class OneMigratorForAll extends Wrong.Provider {
    private static final ThreadLocal<Migrator> ONE = new ThreadLocal<>();

    OneMigratorForAll() {
      super(new SimulatedProvider());
    }

    @Override
    public Migrator create(MigrationPlan plan, MigratorContext context) {
      if (ONE.get() == null) {
        ONE.set(super.create(plan, context));
      }
      return ONE.get();
    }
  }
}
