package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import java.util.Map;
import java.util.Optional;

/** Whether the target offers what a machine needs; nothing is concluded from what is not known. */
final class TargetRules {

  private static final String POD_SECURITY = "pod-security.kubernetes.io/enforce";

  private final SourceMachine source;
  private final MigrationPlan plan;
  private final PlannedVm vm;
  private final KubeVirtOptions options;
  private final TargetFacts facts;
  private final Findings findings;

  TargetRules(
      SourceMachine source,
      MigrationPlan plan,
      PlannedVm vm,
      KubeVirtOptions options,
      TargetFacts facts,
      Findings findings) {
    this.source = source;
    this.plan = plan;
    this.vm = vm;
    this.options = options;
    this.facts = facts;
    this.findings = findings;
  }

  void check(KubeVirtView target) {
    namespace(target);
    features(target);
    new StorageRules(source, plan, facts, findings).check(target);
    networks();
    simple(ReferenceKind.PRIORITY_CLASS, Kind.PRIORITY_CLASS, ConcernCode.PRIORITY_CLASS_MISSING);
    simple(
        ReferenceKind.SERVICE_ACCOUNT, Kind.SERVICE_ACCOUNT, ConcernCode.SERVICE_ACCOUNT_MISSING);
    source.vm().instancetype().ifPresent(this::matcher);
    source.vm().preference().ifPresent(this::matcher);
  }

  private void namespace(KubeVirtView target) {
    String namespace = vm.target().namespace();
    findings.addIf(
        facts.isMissing(Kind.NAMESPACE, "", namespace) && !options.createNamespace(),
        ConcernCode.NAMESPACE_MISSING,
        "Namespace " + namespace,
        "It does not exist on the target.");
    findings.addIf(
        facts
            .find(Kind.NAMESPACE, "", namespace)
            .filter(found -> found.getMetadata().getDeletionTimestamp() != null)
            .isPresent(),
        ConcernCode.NAMESPACE_MISSING,
        "Namespace " + namespace,
        "It is being deleted on the target.");
    facts
        .find(Kind.NAMESPACE, "", namespace)
        .flatMap(found -> Optional.ofNullable(Labels.label(found, POD_SECURITY)))
        .filter(level -> !level.equals("privileged"))
        .ifPresent(level -> podSecurity(target, namespace, level));
  }

  /** Of the strictest level a launcher pod lacks a seccomp profile, unless KubeVirt has one. */
  private void podSecurity(KubeVirtView target, String namespace, String level) {
    boolean refused =
        level.equals("restricted")
            && !Tree.has(
                target.configuration(), "seccompConfiguration", "virtualMachineInstanceProfile");
    findings.add(
        ConcernCode.POD_SECURITY,
        refused ? Severity.CRITICAL : Severity.WARNING,
        "Namespace " + namespace,
        "It enforces pod security level "
            + level
            + ", under which KubeVirt's launcher pods "
            + (refused ? "are refused." : "may be refused, depending on what the machine uses."));
  }

  private void features(KubeVirtView target) {
    for (Reference gate : source.references().of(ReferenceKind.FEATURE_GATE)) {
      findings.addIf(
          !target.isGateOn(gate.name()),
          ConcernCode.FEATURE_NOT_ENABLED,
          gate.field(),
          "It needs feature gate " + gate.name() + ", which is off on the target.");
    }
    for (Reference binding : source.references().of(ReferenceKind.NETWORK_BINDING)) {
      findings.addIf(
          !target.networkBindings().containsKey(binding.name()),
          ConcernCode.NETWORK_BINDING_MISSING,
          binding.field(),
          "Binding plug-in " + binding.name() + " is not registered on the target.");
    }
  }

  private void networks() {
    Networks mapping = new Networks(plan, vm.source().namespace(), vm.target().namespace());
    for (Networks.Fate fate : mapping.fates(source.vm().templateSpec())) {
      String target = fate.target();
      if (target != null && target.contains("/")) {
        int slash = target.indexOf('/');
        findings.addIf(
            facts.isMissing(
                Kind.NETWORK_ATTACHMENT, target.substring(0, slash), target.substring(slash + 1)),
            ConcernCode.NETWORK_MISSING,
            "network " + fate.name(),
            "NetworkAttachmentDefinition " + target + " does not exist on the target.");
      }
    }
  }

  private void simple(ReferenceKind reference, Kind kind, ConcernCode code) {
    for (Reference found : source.references().of(reference)) {
      findings.addIf(
          facts.isMissing(kind, vm.target().namespace(), found.name()),
          code,
          found.describe(),
          "It does not exist on the target.");
    }
  }

  private void matcher(Matcher matcher) {
    if (!isExpected(matcher)) {
      return;
    }
    Severity weight = options.instancetypeMismatch();
    String namespace = vm.target().namespace();
    if (facts.isMissing(matcher.kind(), namespace, matcher.name())) {
      findings.add(
          ConcernCode.MATCHER_MISSING,
          weight,
          matcher.describe(),
          "It does not exist on the target.");
    }
    Map<String, Object> wanted = source.matched().getOrDefault(matcher.field(), Map.of());
    facts
        .find(matcher.kind(), namespace, matcher.name())
        .map(found -> FieldDiff.between(wanted, Tree.map(found.getAdditionalProperties(), "spec")))
        .filter(differences -> !wanted.isEmpty() && !differences.isEmpty())
        .ifPresent(
            differences ->
                findings.add(
                    ConcernCode.MATCHER_DIFFERS,
                    weight,
                    matcher.describe(),
                    "The guest runs with other values: " + String.join("; ", differences) + "."));
  }

  /** Whether the target must have it: not when its values are written out or it goes along. */
  private boolean isExpected(Matcher matcher) {
    return switch (options.instancetypes()) {
      case EXPAND -> false;
      case COPY -> !matcher.isNamespaced();
      case REQUIRE -> true;
    };
  }
}
