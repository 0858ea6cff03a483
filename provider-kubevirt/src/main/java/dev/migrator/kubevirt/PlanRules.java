package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be the matter with a plan by itself, before any cluster is asked. */
final class PlanRules {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
  private static final Set<String> ACCESS_MODES =
      Set.of("ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod");
  private static final Set<String> VOLUME_MODES = Set.of("Block", "Filesystem");

  private PlanRules() {}

  static void check(MigrationPlan plan, Findings findings) {
    KubeVirtOptions.problems(plan)
        .forEach(
            problem -> findings.add(ConcernCode.INVALID_SETTINGS, "settings of the plan", problem));
    plan.storage().forEach(mapping -> storage(mapping, findings));
    plan.networks().forEach(mapping -> network(mapping, findings));
    Map<VmRef, VmRef> targets = new HashMap<>();
    for (PlannedVm vm : plan.vms()) {
      machine(vm.source(), findings);
      machine(vm.target(), findings);
      VmRef other = targets.putIfAbsent(vm.target(), vm.source());
      if (other != null) {
        findings.add(
            ConcernCode.DUPLICATE_TARGET,
            "VM " + vm.source(),
            "Both it and " + other + " are to become " + vm.target() + " on the target.");
      }
      findings.addIf(
          plan.isWithinOneCluster() && vm.source().equals(vm.target()),
          ConcernCode.DUPLICATE_TARGET,
          "VM " + vm.source(),
          "Source and target are one cluster, and there it is to become itself.");
    }
  }

  private static void machine(VmRef ref, Findings findings) {
    boolean valid =
        LABEL.matcher(ref.namespace()).matches()
            && ref.name().length() <= 63
            && SUBDOMAIN.matcher(ref.name()).matches();
    findings.addIf(
        !valid,
        ConcernCode.INVALID_NAME,
        "VM " + Words.name(ref.toString()),
        "No machine can be called so.");
  }

  private static void storage(StorageMapping mapping, Findings findings) {
    String subject = "storage mapping of " + Words.name(mapping.sourceClass());
    boolean modes =
        isOneOf(mapping.accessMode(), ACCESS_MODES) && isOneOf(mapping.volumeMode(), VOLUME_MODES);
    findings.addIf(
        !modes || !isSubdomain(mapping.targetClass()),
        ConcernCode.STORAGE_MAPPING_INVALID,
        subject,
        "It maps to class "
            + Words.name(mapping.targetClass())
            + ", access mode "
            + Words.name(mapping.accessMode())
            + ", volume mode "
            + Words.name(mapping.volumeMode())
            + ".");
  }

  private static void network(NetworkMapping mapping, Findings findings) {
    String target = mapping.target();
    findings.addIf(
        !isNetwork(mapping.source()) || (target != null && !isNetwork(target)),
        ConcernCode.NETWORK_MAPPING_INVALID,
        "network mapping of " + Words.name(mapping.source()),
        "It maps to " + Words.name(target) + ".");
  }

  private static boolean isNetwork(String name) {
    int slash = name.indexOf('/');
    return slash < 0
        ? isSubdomain(name)
        : LABEL.matcher(name.substring(0, slash)).matches()
            && isSubdomain(name.substring(slash + 1));
  }

  private static boolean isSubdomain(String name) {
    return name.length() <= 253 && SUBDOMAIN.matcher(name).matches();
  }

  private static boolean isOneOf(@Nullable String value, Set<String> allowed) {
    return value == null || allowed.contains(value);
  }
}
