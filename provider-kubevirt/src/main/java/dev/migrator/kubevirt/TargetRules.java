package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.Optional;

/** Whether the target offers what a machine needs; nothing is concluded from what is not known. */
final class TargetRules {

  /** What KubeVirt 1.6, the oldest that is supported, is built against and tested with. */
  private static final KubeVirtVersion OLDEST_CDI = KubeVirtVersion.of(1, 63, 0);

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
    namespace();
    features(target);
    cdi();
    storage(target);
    networks();
    simple(ReferenceKind.PRIORITY_CLASS, Kind.PRIORITY_CLASS, ConcernCode.PRIORITY_CLASS_MISSING);
    simple(
        ReferenceKind.SERVICE_ACCOUNT, Kind.SERVICE_ACCOUNT, ConcernCode.SERVICE_ACCOUNT_MISSING);
    source.vm().instancetype().ifPresent(this::matcher);
    source.vm().preference().ifPresent(this::matcher);
  }

  private void namespace() {
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
        .ifPresent(
            level ->
                findings.add(
                    ConcernCode.POD_SECURITY,
                    "Namespace " + namespace,
                    "It enforces pod security level "
                        + level
                        + ", under which KubeVirt's launcher pods are refused."));
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

  /** Blank DataVolumes are made by CDI alone; looked for where there is one to make. */
  private void cdi() {
    facts
        .list(Kind.CDI)
        .ifPresent(
            found -> {
              findings.addIf(
                  found.isEmpty(),
                  ConcernCode.CDI_NOT_FOUND,
                  "target cluster",
                  "The machine has DataVolumes, but the target has no CDI resource.");
              found.forEach(this::cdi);
            });
  }

  private void cdi(GenericKubernetesResource cdi) {
    Map<String, Object> status = Tree.map(cdi.getAdditionalProperties(), "status");
    String subject = "target CDI " + cdi.getMetadata().getName();
    String phase = Tree.text(status, "phase").orElse("");
    findings.addIf(
        !phase.equals("Deployed"),
        ConcernCode.CDI_NOT_DEPLOYED,
        subject,
        "Its phase is '" + phase + "'.");
    Optional<KubeVirtVersion> version =
        Tree.text(status, "observedVersion").flatMap(KubeVirtVersion::parse);
    findings.addIf(
        version.isEmpty() || !version.get().isAtLeast(OLDEST_CDI),
        ConcernCode.CDI_VERSION_UNTESTED,
        subject,
        "It is "
            + version.map(KubeVirtVersion::toString).orElse("of an unknown version")
            + "; no supported KubeVirt was tested with less than "
            + OLDEST_CDI
            + ".");
  }

  private void storage(KubeVirtView target) {
    if (PersistentState.isNeeded(source)) {
      stateClass(target);
    }
    for (SourceVolume volume : SourceVolume.of(source)) {
      String subject = "volume " + volume.name();
      Optional<String> name = volume.targetClass(plan);
      name.filter(it -> facts.isMissing(Kind.STORAGE_CLASS, "", it))
          .ifPresent(
              it ->
                  findings.add(
                      ConcernCode.STORAGE_CLASS_MISSING,
                      subject,
                      "Storage class " + it + " does not exist on the target."));
      if (name.isEmpty() && lacksDefaultClass()) {
        findings.add(
            ConcernCode.STORAGE_CLASS_MISSING,
            subject,
            "Its claim names no storage class, the plan maps none, and the target has no default.");
      } else {
        findings.addIf(
            name.isEmpty(),
            ConcernCode.STORAGE_CLASS_UNNAMED,
            subject,
            "Its claim names no storage class and the plan maps none.");
      }
      name.flatMap(it -> facts.find(Kind.STORAGE_PROFILE, "", it))
          .ifPresent(profile -> modes(subject, volume, profile));
    }
  }

  private boolean lacksDefaultClass() {
    return facts.list(Kind.STORAGE_CLASS).isPresent() && facts.defaultStorageClass().isEmpty();
  }

  /** KubeVirt makes a volume for the state of TPM and EFI itself. */
  private void stateClass(KubeVirtView target) {
    Optional<String> configured = target.vmStateStorageClass();
    boolean lacking =
        configured
            .map(name -> facts.isMissing(Kind.STORAGE_CLASS, "", name))
            .orElseGet(this::lacksDefaultClass);
    findings.addIf(
        lacking,
        ConcernCode.STORAGE_CLASS_MISSING,
        "state of TPM and EFI",
        configured
            .map(name -> "The target's vmStateStorageClass " + name + " does not exist there.")
            .orElse("The target has neither a vmStateStorageClass nor a default storage class."));
  }

  /** Whether one of the pairs of modes that CDI knows for the class is the one asked for. */
  private void modes(String subject, SourceVolume volume, GenericKubernetesResource profile) {
    var sets = Tree.maps(profile.getAdditionalProperties(), "status", "claimPropertySets");
    boolean offered = sets.isEmpty() || sets.stream().anyMatch(set -> offers(set, volume));
    findings.addIf(
        !offered,
        ConcernCode.STORAGE_MODE_UNSUPPORTED,
        subject,
        "Storage profile "
            + profile.getMetadata().getName()
            + " does not list access mode "
            + volume.accessModes(plan)
            + " with volume mode "
            + volume.volumeMode(plan).orElse("of its default")
            + ".");
  }

  private boolean offers(Map<String, Object> set, SourceVolume volume) {
    Optional<String> mode = volume.volumeMode(plan);
    return Tree.texts(set, "accessModes").containsAll(volume.accessModes(plan))
        && (mode.isEmpty() || mode.equals(Tree.text(set, "volumeMode")));
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
