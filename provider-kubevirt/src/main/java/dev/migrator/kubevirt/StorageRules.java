package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.Optional;

/** Whether the target has the storage that a machine is mapped to, and somebody who fills it. */
final class StorageRules {

  /** What KubeVirt 1.6, the oldest that is supported, is built against and tested with. */
  private static final KubeVirtVersion OLDEST_CDI = KubeVirtVersion.of(1, 63, 0);

  private final SourceMachine source;
  private final MigrationPlan plan;
  private final TargetFacts facts;
  private final Findings findings;

  StorageRules(SourceMachine source, MigrationPlan plan, TargetFacts facts, Findings findings) {
    this.source = source;
    this.plan = plan;
    this.facts = facts;
    this.findings = findings;
  }

  void check(KubeVirtView target) {
    cdi();
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
      if (name.isEmpty() && volume.isDataVolume() && lacksDefaultClass()) {
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
}
