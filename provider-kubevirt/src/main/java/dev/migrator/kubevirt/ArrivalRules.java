package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.PlannedVm;
import java.util.List;
import java.util.Map;

/** What a guest, or its people, will find otherwise after the move. */
final class ArrivalRules {

  private static final KubeVirtVersion DRAWS_SERIALS = KubeVirtVersion.of(1, 7, 0);
  private static final KubeVirtVersion NOTES_TOPOLOGY = KubeVirtVersion.of(1, 8, 0);

  private ArrivalRules() {}

  static void check(
      SourceMachine source,
      MigrationPlan plan,
      PlannedVm vm,
      KubeVirtOptions options,
      KubeVirtView target,
      Findings findings) {
    secrets(source, vm, findings);
    networks(source, plan, vm, findings);
    placement(source, options, findings);
    source.instance().ifPresent(vmi -> identity(vmi, target, findings));
  }

  /** Copying a Secret to another cluster is a decision about trust: people see the names. */
  private static void secrets(SourceMachine source, PlannedVm vm, Findings findings) {
    List<String> names = source.secrets().keySet().stream().sorted().toList();
    findings.addIf(
        !names.isEmpty(),
        ConcernCode.SECRETS_COPIED,
        "Secrets of " + source.ref(),
        "These go to namespace "
            + vm.target().namespace()
            + " of the target: "
            + String.join(", ", names)
            + ".");
    for (Reference account : source.references().of(ReferenceKind.SERVICE_ACCOUNT)) {
      findings.add(
          ConcernCode.SERVICE_ACCOUNT_TOKEN,
          account.describe(),
          "The guest reads a token that only the source cluster accepts.");
    }
  }

  private static void networks(
      SourceMachine source, MigrationPlan plan, PlannedVm vm, Findings findings) {
    Map<String, Object> spec =
        source.instance().map(VmiView::spec).orElseGet(() -> source.vm().templateSpec());
    List<Networks.Fate> fates =
        new Networks(plan, vm.source().namespace(), vm.target().namespace()).fates(spec);
    findings.addIf(
        fates.stream().filter(Networks.Fate::isPodOnTarget).count() > 1,
        ConcernCode.POD_NETWORK_TWICE,
        "networks of " + source.ref(),
        "More than one of them becomes the pod network; a machine can have it once.");
    for (Networks.Fate fate : fates) {
      String subject = "network " + fate.name();
      String change = "It is " + fate.source() + " and becomes " + fate.target() + ".";
      if (fate.isDropped()) {
        findings.add(
            ConcernCode.NETWORK_DROPPED, subject, "The plan says that " + fate.source() + " ends.");
      } else if (fate.changesKind()) {
        findings.add(ConcernCode.NETWORK_REBOUND, subject, change);
      } else if (fate.source().equals(NetworkMapping.POD)) {
        findings.add(
            ConcernCode.POD_ADDRESS_CHANGES,
            subject,
            "The pod's address changes; the guest keeps the address that it sees.");
      } else {
        findings.add(ConcernCode.NETWORK_NOT_STRETCHED, subject, change);
      }
    }
  }

  private static void placement(SourceMachine source, KubeVirtOptions options, Findings findings) {
    Map<String, Object> spec = source.vm().templateSpec();
    List<String> constraints =
        Receiver.NODE_CONSTRAINTS.stream()
            // A toleration keeps a pod from nowhere.
            .filter(field -> !field.equals("tolerations"))
            .filter(field -> !isEmpty(Tree.at(spec, field)))
            .toList();
    findings.addIf(
        !constraints.isEmpty(),
        ConcernCode.NODE_CONSTRAINTS,
        source.vm().toString(),
        (options.keepNodeConstraints() ? "These go along: " : "These do not go along: ")
            + String.join(", ", constraints)
            + ".");
    Map<String, Object> domain = Tree.map(spec, "domain");
    findings.addIf(
        Tree.isTrue(domain, "cpu", "dedicatedCpuPlacement")
            || Tree.has(domain, "cpu", "numa")
            || Tree.has(domain, "cpu", "realtime")
            || Tree.has(domain, "memory", "hugepages"),
        ConcernCode.DEDICATED_RESOURCES,
        source.vm().toString(),
        "It needs CPUs of its own, NUMA or huge pages.");
  }

  private static void identity(VmiView vmi, KubeVirtView target, Findings findings) {
    Map<String, Object> firmware = Tree.map(vmi.domain(), "firmware");
    findings.addIf(
        !Tree.has(firmware, "uuid"),
        ConcernCode.IDENTITY_INCOMPLETE,
        vmi.toString(),
        "It has no firmware UUID to take along; the target would draw one.");
    findings.addIf(
        !Tree.has(firmware, "serial") && isAtLeast(target, DRAWS_SERIALS),
        ConcernCode.IDENTITY_INCOMPLETE,
        vmi.toString(),
        "It has no firmware serial; the target draws one.");
    findings.addIf(
        !vmi.annotations().containsKey(Identity.PCI_TOPOLOGY) && isAtLeast(target, NOTES_TOPOLOGY),
        ConcernCode.IDENTITY_INCOMPLETE,
        vmi.toString(),
        "Its PCI topology is not recorded; the target takes its newest one.");
  }

  private static boolean isAtLeast(KubeVirtView target, KubeVirtVersion version) {
    return target.version().filter(it -> it.isAtLeast(version)).isPresent();
  }

  private static boolean isEmpty(@org.jspecify.annotations.Nullable Object value) {
    return value == null
        || (value instanceof Map<?, ?> map && map.isEmpty())
        || (value instanceof List<?> list && list.isEmpty());
  }
}
