package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.spi.HookStage;
import java.util.Locale;

/**
 * The names of what one machine's migration makes: each is derived, none is drawn, so that a crash
 * at any point finds the same objects again.
 *
 * <p>What KubeVirt keeps looking up by name or id, the two halves and the migration id, also
 * depends on the attempt: an old half that is final or still Terminating blocks or silently stalls
 * a new one (contract 2.12).
 *
 * @param plan the plan's id
 * @param run the plan's run
 * @param source the machine on the source
 * @param target the machine on the target
 */
record Names(String plan, String run, VmRef source, VmRef target) {

  /** The names for one machine of a plan. */
  static Names of(MigrationPlan plan, PlannedVm vm) {
    return new Names(plan.id(), plan.run(), vm.source(), vm.target());
  }

  /** The id that joins the two halves of an attempt; a UUID by its form. */
  String migrationId(int attempt) {
    String hex = Hash.of(plan, run, source.toString(), "migration", Integer.toString(attempt));
    // Version 8 is the one for values that their maker derived in a way of its own.
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        "8" + hex.substring(13, 16),
        "a" + hex.substring(17, 20),
        hex.substring(20, 32));
  }

  /** The half that sends, on the source. */
  String sendHalf(int attempt) {
    return half(source, Side.SOURCE, "send", attempt);
  }

  /** The half that receives, on the target. */
  String receiveHalf(int attempt) {
    return half(target, Side.TARGET, "receive", attempt);
  }

  /** The job of a hook, and what is mounted into it. */
  String hook(HookStage stage) {
    String kind = stage.name().toLowerCase(Locale.ROOT) + "-hook";
    return readable(source.name(), kind, token(kind));
  }

  /** Where the status of a machine is kept, whatever the run. */
  static String status(String plan, VmRef source) {
    return readable(
        source.name(), "status", Hash.of(plan, source.toString(), "status").substring(0, 20));
  }

  /** The token of a machine within its plan, whatever the run; a label value. */
  String vmToken() {
    return Labels.vmToken(plan, source);
  }

  private String half(VmRef vm, Side side, String kind, int attempt) {
    return readable(vm.name(), kind, token(side + kind + attempt));
  }

  private String token(String what) {
    return Hash.of(plan, run, source.toString(), what).substring(0, 12);
  }

  /** At most 63 characters: what people recognise first, then what makes it unique. */
  private static String readable(String name, String kind, String token) {
    String tail = "-" + kind + "-" + token;
    int room = 63 - tail.length();
    String head = name.length() <= room ? name : name.substring(0, room);
    return head.replace('.', '-') + tail;
  }
}
