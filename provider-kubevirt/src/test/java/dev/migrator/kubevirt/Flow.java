package dev.migrator.kubevirt;

import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.Locale;

/** What becomes of the machines of the matrices. */
enum Flow {
  SUCCESS(VmState.SUCCEEDED),
  FAILURE_BEFORE_START(VmState.FAILED) {
    @Override
    void arrange(MigrationRig rig) {
      rig.world.target().hold(Switch.POD_UNSCHEDULABLE);
    }
  },
  FAILURE_DURING_COPY(VmState.FAILED) {
    @Override
    void arrange(MigrationRig rig) {
      rig.world.source().hold(Switch.FAIL_SOURCE);
    }
  },
  SECOND_ATTEMPT(VmState.SUCCEEDED) {
    @Override
    void arrange(MigrationRig rig) {
      rig.setting("attempts", "2");
      rig.world.source().hold(Switch.FAIL_SOURCE);
    }

    @Override
    void act(MigrationRig rig) {
      rig.runUntil("failed copy", status -> rig.half(Side.SOURCE).equals("Failed"));
      rig.world.source().release(Switch.FAIL_SOURCE);
    }
  },
  CANCEL_BEFORE_HAND_OVER(VmState.CANCELLED) {
    @Override
    void arrange(MigrationRig rig) {
      rig.world.target().hold(Switch.HOLD_RUNNING);
    }

    @Override
    void act(MigrationRig rig) {
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.cancel();
    }
  },
  CANCEL_AFTER_HAND_OVER(VmState.SUCCEEDED) {
    @Override
    void arrange(MigrationRig rig) {
      rig.world.target().hold(Switch.HOLD_COMPLETE);
    }

    @Override
    void act(MigrationRig rig) {
      rig.runUntil("hand-over", VmStatus::isHandedOver);
      rig.cancel();
      rig.world.target().release(Switch.HOLD_COMPLETE);
    }
  },
  POST_HOOK_FAILURE(VmState.SUCCEEDED) {
    @Override
    void arrange(MigrationRig rig) {
      PlannedVm vm = rig.plan.vms().get(0);
      rig.replaceVm(vm.withHooks(vm.pre(), Shape.hook("post")));
      rig.bystander = () -> Shape.bystand(rig, "post-hook");
    }
  };

  private final VmState end;

  Flow(VmState end) {
    this.end = end;
  }

  /** The state that it ends in. */
  final VmState end() {
    return end;
  }

  /** Whether the guest is on the target in the end. */
  final boolean isMoved() {
    return end == VmState.SUCCEEDED;
  }

  /** Before the first turn. */
  void arrange(MigrationRig rig) {}

  /** What happens on the way. */
  void act(MigrationRig rig) {}

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
