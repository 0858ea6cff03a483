package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a KubeVirt installation's own resource that this provider reads (contract 1.4).
 *
 * @param raw the resource; never changed through this view
 */
record KubeVirtView(GenericKubernetesResource raw) {

  static final String GATE = "DecentralizedLiveMigration";

  String namespace() {
    return raw.getMetadata().getNamespace();
  }

  String name() {
    return raw.getMetadata().getName();
  }

  Map<String, Object> configuration() {
    return Tree.map(raw.getAdditionalProperties(), "spec", "configuration");
  }

  Map<String, Object> status() {
    return Tree.map(raw.getAdditionalProperties(), "status");
  }

  String phase() {
    return Tree.text(status(), "phase").orElse("");
  }

  Optional<KubeVirtVersion> version() {
    return Tree.text(status(), "observedKubeVirtVersion").flatMap(KubeVirtVersion::parse);
  }

  String versionText() {
    return Tree.text(status(), "observedKubeVirtVersion").orElse("an unknown version");
  }

  List<String> synchronizationAddresses() {
    return Tree.texts(status(), "synchronizationAddresses").stream()
        .filter(Address::isOne)
        .toList();
  }

  List<String> featureGates() {
    return Tree.texts(configuration(), "developerConfiguration", "featureGates");
  }

  List<String> disabledFeatureGates() {
    return Tree.texts(configuration(), "developerConfiguration", "disabledFeatureGates");
  }

  /** The gate by lists and version: enabled list, disabled list, then the version's default. */
  boolean isGateOn() {
    return isGateOn(GATE, version().filter(KubeVirtVersion::hasGateByDefault).isPresent());
  }

  /** Whether the gate was turned off by name; the enabled list wins over that. */
  boolean isGateDisabled() {
    return disabledFeatureGates().contains(GATE) && !featureGates().contains(GATE);
  }

  /** As {@link #isGateOn()}, for a gate that is off by default. */
  boolean isGateOn(String gate) {
    return isGateOn(gate, false);
  }

  private boolean isGateOn(String gate, boolean byDefault) {
    return featureGates().contains(gate) || (byDefault && !disabledFeatureGates().contains(gate));
  }

  /** The way in which changes reach a running machine; a receiver needs LiveUpdate. */
  String rolloutStrategy() {
    return Tree.text(configuration(), "vmRolloutStrategy").orElse("LiveUpdate");
  }

  Optional<String> vmStateStorageClass() {
    return Tree.text(configuration(), "vmStateStorageClass");
  }

  boolean isTlsDisabled() {
    return Tree.isTrue(configuration(), "migrations", "disableTLS");
  }

  /** The names of the registered network binding plug-ins. */
  Map<String, Object> networkBindings() {
    return Tree.map(configuration(), "network", "binding");
  }

  /** How long the operator's CA lives; 7 days unless set. */
  Duration caDuration() {
    return caSetting("duration").orElse(Duration.ofDays(7));
  }

  /** How long before its end the operator renews its CA; a fifth of its life unless set. */
  Duration caRenewBefore() {
    return caSetting("renewBefore").orElse(caDuration().dividedBy(5));
  }

  private Optional<Duration> caSetting(String key) {
    return Tree.text(
            raw.getAdditionalProperties(),
            "spec",
            "certificateRotateStrategy",
            "selfSigned",
            "ca",
            key)
        .flatMap(Durations::parse);
  }

  @Override
  public String toString() {
    return "KubeVirt " + namespace() + "/" + name();
  }
}
