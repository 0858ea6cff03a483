package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The labels and annotations that this provider puts on what it makes; all carry one prefix, so
 * that no key of a user can be meant.
 */
final class Labels {

  /** What every key of ours begins with. */
  static final String PREFIX = "migrator.dev/";

  /** Label: a hash of the plan's id; what the watches select by. */
  static final String PLAN = PREFIX + "plan";

  /** Label: a hash of the plan's id and the machine. */
  static final String VM = PREFIX + "vm";

  /** Label: a hash of the plan's id and run. */
  static final String RUN = PREFIX + "run";

  /** Label: what an object on the host cluster is for: {@link #STATUS} or {@link #HOOK}. */
  static final String ROLE = PREFIX + "role";

  /** Value of {@link #ROLE}: it keeps the status of a machine. */
  static final String STATUS = "status";

  /** Value of {@link #ROLE}: it runs a hook, or is mounted into one. */
  static final String HOOK = "hook";

  /** Annotation: plan and machine for people. */
  static final String ORIGIN = PREFIX + "origin";

  /** Annotation: the digest of what was asked for, so that a later run knows its equal again. */
  static final String DIGEST = PREFIX + "digest";

  /** Annotation of the receiver: what the first phase recorded, in case the status is lost. */
  static final String FACTS = PREFIX + "facts";

  /** Annotation of the receiver: which attempt it serves, and the halves of those before. */
  static final String ATTEMPT = PREFIX + "attempt";

  /** Annotation: changed to make KubeVirt look at an object again. */
  static final String TOUCHED = PREFIX + "touched";

  private static final String USED_BY = PREFIX + "used-by-";

  private Labels() {}

  /** The labels of everything that is made for a machine. */
  static Map<String, String> of(MigrationPlan plan, PlannedVm vm) {
    return Map.of(
        PLAN, planToken(plan.id()),
        VM, vmToken(plan.id(), vm.source()),
        RUN, runToken(plan));
  }

  /** The selector of everything that is made for a plan. */
  static Map<String, String> selector(MigrationPlan plan) {
    return Map.of(PLAN, planToken(plan.id()));
  }

  /** For people: which plan and machine an object belongs to. */
  static String origin(MigrationPlan plan, PlannedVm vm) {
    return origin(plan.id(), plan.run(), vm.source());
  }

  /** As {@link #origin(MigrationPlan, PlannedVm)}, where only the ids are at hand. */
  static String origin(String plan, String run, VmRef source) {
    return "plan " + plan + ", run " + run + ", VM " + source;
  }

  /** The annotation by which a machine says that it uses a shared object, and in which run. */
  static String usedBy(MigrationPlan plan, PlannedVm vm) {
    return USED_BY + vmToken(plan.id(), vm.source());
  }

  /** The value of {@link #usedBy}: the run, so that what an earlier one left is known apart. */
  static String use(MigrationPlan plan) {
    return runToken(plan);
  }

  /** Whether this machine says that it uses a shared object in this very run. */
  static boolean isUsedInRun(HasMetadata object, MigrationPlan plan, PlannedVm vm) {
    return use(plan).equals(annotations(object).get(usedBy(plan, vm)));
  }

  /** Whether an object was made by this library, by whatever plan. */
  static boolean isOurs(HasMetadata object) {
    return label(object, PLAN) != null;
  }

  /** Whether an object was made for this machine of this plan, in whatever run. */
  static boolean isOf(HasMetadata object, MigrationPlan plan, PlannedVm vm) {
    return vmToken(plan.id(), vm.source()).equals(label(object, VM));
  }

  /** Whether an object was made for this machine in this very run. */
  static boolean isOfRun(HasMetadata object, MigrationPlan plan, PlannedVm vm) {
    return isOf(object, plan, vm) && runToken(plan).equals(label(object, RUN));
  }

  /** How many machines say that they use a shared object, other than this one. */
  static long otherUsers(HasMetadata object, MigrationPlan plan, PlannedVm vm) {
    String own = usedBy(plan, vm);
    return annotations(object).keySet().stream()
        .filter(key -> key.startsWith(USED_BY) && !key.equals(own))
        .count();
  }

  /** The annotations of an object, never null. */
  static Map<String, String> annotations(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  /** The value of a label, or null. */
  static @Nullable String label(HasMetadata object, String key) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? null : labels.get(key);
  }

  /** The value of {@link #VM}. */
  static String vmToken(String plan, VmRef source) {
    return Hash.of(plan, source.toString()).substring(0, 16);
  }

  /** The value of {@link #PLAN}. */
  static String planToken(String plan) {
    return Hash.of(plan).substring(0, 16);
  }

  private static String runToken(MigrationPlan plan) {
    return Hash.of(plan.id(), plan.run()).substring(0, 16);
  }
}
