package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Severity;
import dev.migrator.model.Side;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be the matter with the two KubeVirt installations (contract 1.4, 7.2 and 9). */
final class ClusterRules {

  private static final KubeVirtVersion FIRST_OF_1_6 = KubeVirtVersion.of(1, 6, 6);
  private static final KubeVirtVersion FIRST_OF_1_7 = KubeVirtVersion.of(1, 7, 0);
  private static final KubeVirtVersion RECOMMENDED = KubeVirtVersion.of(1, 8, 4);

  private final KubeVirtOptions options;
  private final Findings findings = Findings.aboutThePlan();

  private ClusterRules(KubeVirtOptions options) {
    this.options = options;
  }

  static List<Concern> check(
      MigrationPlan plan, KubeVirtOptions options, KubeVirtView source, KubeVirtView target) {
    ClusterRules rules = new ClusterRules(options);
    rules.installation(Side.SOURCE, source);
    rules.findings.addIf(
        !"LiveUpdate".equals(target.rolloutStrategy()),
        ConcernCode.ROLLOUT_STRATEGY_STAGE,
        subject(Side.TARGET, target),
        "Its vmRolloutStrategy is "
            + target.rolloutStrategy()
            + ": a receiver there never learns its volumes.");
    if (!plan.isWithinOneCluster()) {
      rules.installation(Side.TARGET, target);
      rules.between(source, target);
    }
    return rules.findings.all();
  }

  /** How many KubeVirt resources a cluster has, if not one. */
  static Optional<Concern> count(Side side, int found) {
    String subject = side.name().toLowerCase(Locale.ROOT) + " cluster";
    return switch (found) {
      case 0 ->
          Optional.of(
              ConcernCode.KUBEVIRT_NOT_FOUND.about(null, subject, "It has no KubeVirt resource."));
      case 1 -> Optional.empty();
      default ->
          Optional.of(
              ConcernCode.KUBEVIRT_AMBIGUOUS.about(
                  null, subject, "It has " + found + " KubeVirt resources."));
    };
  }

  private void installation(Side side, KubeVirtView kubeVirt) {
    String subject = subject(side, kubeVirt);
    findings.addIf(
        !"Deployed".equals(kubeVirt.phase()),
        ConcernCode.KUBEVIRT_NOT_DEPLOYED,
        subject,
        "Its phase is '" + kubeVirt.phase() + "'.");
    version(subject, kubeVirt);
    // A newer version may turn the gate on by itself; that it publishes an address is proof, unless
    // the gate was turned off by name: the address stays for some seconds.
    boolean published = !kubeVirt.synchronizationAddresses().isEmpty();
    if (!kubeVirt.isGateOn() && !(published && !kubeVirt.isGateDisabled())) {
      findings.add(
          ConcernCode.FEATURE_GATE_OFF,
          subject,
          "Feature gate " + KubeVirtView.GATE + " is off in " + kubeVirt.versionText() + ".");
    } else {
      findings.addIf(
          !published,
          ConcernCode.NO_SYNCHRONIZATION_ADDRESS,
          subject,
          "The gate is on, but no synchronization address is published: no replica leads.");
    }
    if (kubeVirt.caRenewBefore().multipliedBy(2).compareTo(kubeVirt.caDuration()) < 0) {
      findings.add(
          ConcernCode.CA_ROTATION_DROPS_PEER,
          subject,
          "Its certificates overlap for "
              + kubeVirt.caRenewBefore().toHours()
              + " of "
              + kubeVirt.caDuration().toHours()
              + " hours: in the later part of its own CA's life it forgets the peer's CA again.");
    }
  }

  private void version(String subject, KubeVirtView kubeVirt) {
    Optional<KubeVirtVersion> version = kubeVirt.version();
    if (version.isEmpty()) {
      findings.add(
          ConcernCode.KUBEVIRT_VERSION_UNKNOWN,
          subject,
          "It reports " + kubeVirt.versionText() + ".");
    } else if (!isSupported(version.get())) {
      findings.add(
          ConcernCode.KUBEVIRT_VERSION_UNSUPPORTED,
          options.unsupportedVersion(),
          subject,
          "It is " + version.get() + ", which cannot move a machine between clusters reliably.");
    } else {
      findings.addIf(
          !version.get().isAtLeast(RECOMMENDED),
          ConcernCode.KUBEVIRT_VERSION_DEGRADED,
          subject,
          "It is " + version.get() + ": it works, but shows no condition when something is wrong.");
    }
  }

  private void between(KubeVirtView source, KubeVirtView target) {
    String subject = "source " + source + ", target " + target;
    if (source.version().isPresent() && target.version().isPresent()) {
      KubeVirtVersion from = source.version().get();
      KubeVirtVersion to = target.version().get();
      findings.addIf(
          !from.isSameMinor(to),
          ConcernCode.KUBEVIRT_VERSION_SKEW,
          handlersMeet(from, to) ? Severity.WARNING : options.unsupportedVersion(),
          subject,
          "The source runs "
              + source.versionText()
              + ", the target "
              + target.versionText()
              + "; only equal minor versions are tested by KubeVirt.");
    }
    findings.addIf(
        source.isTlsDisabled() != target.isTlsDisabled(),
        ConcernCode.TLS_MISMATCH,
        subject,
        "Only one side has TLS disabled for migrations.");
  }

  /** Handlers of 1.6 show, and accept, another name than those of 1.7; 1.10 drops it for good. */
  private static boolean handlersMeet(KubeVirtVersion source, KubeVirtVersion target) {
    boolean oldSource = !source.isAtLeast(FIRST_OF_1_7);
    boolean oldTarget = !target.isAtLeast(FIRST_OF_1_7);
    return !(oldSource && !oldTarget) && !(oldTarget && source.hasGateByDefault());
  }

  /** The support statement of contract section 9. */
  private static boolean isSupported(KubeVirtVersion version) {
    boolean lacksFixes = version.isSameMinor(FIRST_OF_1_7) && version.equals(FIRST_OF_1_7);
    return version.isAtLeast(FIRST_OF_1_6) && !lacksFixes;
  }

  private static String subject(Side side, KubeVirtView kubeVirt) {
    return side.name().toLowerCase(Locale.ROOT) + " " + kubeVirt;
  }
}
