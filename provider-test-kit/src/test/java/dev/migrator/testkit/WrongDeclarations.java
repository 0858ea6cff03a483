package dev.migrator.testkit;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Migrators that declare wrongly: rules M1. */
final class WrongDeclarations {

  private WrongDeclarations() {}

  static Stream<Wrong> all() {
    return Stream.of(
        Wrong.migrator("DifferentItineraryEachCall", Rule.M1_1, DifferentItineraryEachCall::new),
        Wrong.migrator("ItineraryWrites", Rule.M1_2, ItineraryWrites::new),
        Wrong.migrator("NonTotalStepMapping", Rule.M1_3, NonTotalStepMapping::new),
        Wrong.migrator("NextSkipsPhase", Rule.M1_4, NextSkipsPhase::new),
        Wrong.migrator("UnknownPhaseIsDone", Rule.M1_5, UnknownPhaseIsDone::new),
        Wrong.migrator("FilteredPhaseIsDone", Rule.M1_6, FilteredPhaseIsDone::new),
        Wrong.migrator("ResetLosesLedger", Rule.M1_7, ResetLosesLedger::new),
        Wrong.migrator("StatusIsRunning", Rule.M1_8, StatusIsRunning::new),
        Wrong.migrator("PipelineIsDone", Rule.M1_9, PipelineIsDone::new),
        Wrong.migrator("MutatesSharedInput", Rule.M1_10, MutatesSharedInput::new),
        Wrong.migrator("RenamesPhases", Rule.M1_11, RenamesPhases::new));
  }

  private static final class DifferentItineraryEachCall extends Wrong.Copy {
    private int calls;

    DifferentItineraryEachCall(Wrong.Right right) {
      super(right);
    }

    @Override
    public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
      List<Phase> phases = new ArrayList<>(super.itinerary(plan, vm).phases());
      if (++calls % 2 == 0) {
        phases.remove(phases.size() - 1);
      }
      return Itinerary.of(phases);
    }
  }

  private static final class ItineraryWrites extends Wrong.Copy {
    ItineraryWrites(Wrong.Right right) {
      super(right);
    }

    @Override
    public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
      try {
        if (right.target().find("Note", "demo", "seen").isEmpty()) {
          right.target().create("Note", "demo", "seen", "", Map.of());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return super.itinerary(plan, vm);
    }
  }

  private static final class NonTotalStepMapping extends Wrong.Copy {
    NonTotalStepMapping(Wrong.Right right) {
      super(right);
    }

    @Override
    public String step(PhaseContext context) {
      return "CreateDisk".equals(context.status().phase()) ? "Unknown" : super.step(context);
    }
  }

  private static final class NextSkipsPhase extends Wrong.Copy {
    NextSkipsPhase(Wrong.Right right) {
      super(right);
    }

    @Override
    public Optional<String> next(PhaseContext context) {
      return "CopySecret".equals(context.status().phase())
          ? Optional.of("CreateReceiver")
          : super.next(context);
    }
  }

  private static final class UnknownPhaseIsDone extends Wrong.Copy {
    UnknownPhaseIsDone(Wrong.Right right) {
      super(right);
    }

    @Override
    public Optional<String> next(PhaseContext context) {
      Itinerary all = itinerary(context.plan(), context.vm());
      return all.names().contains(String.valueOf(context.status().phase()))
          ? super.next(context)
          : Optional.empty();
    }
  }

  private static final class FilteredPhaseIsDone extends Wrong.Copy {
    FilteredPhaseIsDone(Wrong.Right right) {
      super(right);
    }

    @Override
    public Optional<String> next(PhaseContext context) {
      Itinerary all = itinerary(context.plan(), context.vm());
      String phase = String.valueOf(context.status().phase());
      return all.names().contains(phase) && !context.status().phases().contains(phase)
          ? Optional.empty()
          : super.next(context);
    }
  }

  private static final class ResetLosesLedger extends Wrong.Copy {
    ResetLosesLedger(Wrong.Right right) {
      super(right);
    }

    @Override
    public VmStatus reset(PhaseContext context, List<StepStatus> pipeline) {
      return super.reset(context, pipeline).toBuilder().ledger(List.of()).build();
    }
  }

  private static final class StatusIsRunning extends Wrong.Copy {
    StatusIsRunning(Wrong.Right right) {
      super(right);
    }

    @Override
    public VmStatus status(MigrationPlan plan, PlannedVm vm) {
      return super.status(plan, vm).toBuilder().state(VmState.RUNNING).build();
    }
  }

  private static final class PipelineIsDone extends Wrong.Copy {
    PipelineIsDone(Wrong.Right right) {
      super(right);
    }

    @Override
    public List<StepStatus> pipeline(MigrationPlan plan, PlannedVm vm) {
      return super.pipeline(plan, vm).stream()
          .map(step -> new StepStatus(step.name(), StepState.COMPLETED, null, "", null, null))
          .toList();
    }
  }

  private static final class MutatesSharedInput extends Wrong.Copy {
    MutatesSharedInput(Wrong.Right right) {
      super(right);
    }

    @Override
    public VmStatus reset(PhaseContext context, List<StepStatus> pipeline) {
      VmStatus reset = super.reset(context, pipeline);
      pipeline.remove(0);
      return reset;
    }
  }

  private static final class RenamesPhases extends Wrong.Copy {
    RenamesPhases(Wrong.Right right) {
      super(right);
    }

    @Override
    public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
      return Itinerary.of(
          super.itinerary(plan, vm).phases().stream()
              .map(
                  phase ->
                      phase.name().equals("StartTransfer")
                          ? Phase.of("BeginTransfer", phase.step(), this::begin)
                          : phase)
              .toList());
    }

    private PhaseOutcome begin(PhaseContext context) throws Exception {
      VmStatus old =
          context.status().toBuilder()
              .phases(right.migrator().itinerary(context.plan(), context.vm()).names())
              .phase("StartTransfer")
              .build();
      return right.execute(new PhaseContext(context.plan(), context.vm(), old, context.now()));
    }
  }
}
