package dev.migrator.kubevirt;

import dev.migrator.model.Severity;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether quotas and limit ranges of the target's namespace leave room for what will be made. */
final class RoomRules {

  private RoomRules() {}

  static void check(
      Blueprint blueprint, KubeVirtView target, TargetFacts facts, Findings findings) {
    Map<String, BigDecimal> needed = Footprint.needed(blueprint, target);
    Map<String, BigDecimal> passing = Footprint.passing(blueprint, facts);
    for (GenericKubernetesResource quota : facts.list(Kind.RESOURCE_QUOTA).orElse(List.of())) {
      needed.forEach(
          (resource, amount) ->
              quota(
                  quota,
                  resource,
                  amount,
                  passing.getOrDefault(resource, BigDecimal.ZERO),
                  findings));
    }
    for (GenericKubernetesResource range : facts.list(Kind.LIMIT_RANGE).orElse(List.of())) {
      for (Map<String, Object> limit :
          Tree.maps(range.getAdditionalProperties(), "spec", "limits")) {
        limit(range, limit, blueprint, needed, findings);
      }
    }
  }

  private static void quota(
      GenericKubernetesResource quota,
      String resource,
      BigDecimal needed,
      BigDecimal passing,
      Findings findings) {
    Map<String, Object> status = Tree.map(quota.getAdditionalProperties(), "status");
    Optional<BigDecimal> hard = Tree.text(status, "hard", resource).flatMap(Sizes::amount);
    BigDecimal used =
        Tree.text(status, "used", resource).flatMap(Sizes::amount).orElse(BigDecimal.ZERO);
    BigDecimal after = used.add(needed);
    if (hard.isEmpty() || after.add(passing).compareTo(hard.get()) <= 0) {
      return;
    }
    boolean fits = after.compareTo(hard.get()) <= 0;
    findings.add(
        ConcernCode.QUOTA_EXCEEDED,
        fits ? Severity.WARNING : Severity.CRITICAL,
        "ResourceQuota " + quota.getMetadata().getName(),
        "Of "
            + resource
            + " at least "
            + needed.toPlainString()
            + (fits ? ", and while volumes are filled " + passing.toPlainString() + " more," : "")
            + " is needed; "
            + used.toPlainString()
            + " of "
            + hard.get().toPlainString()
            + " is used.");
  }

  private static void limit(
      GenericKubernetesResource range,
      Map<String, Object> limit,
      Blueprint blueprint,
      Map<String, BigDecimal> needed,
      Findings findings) {
    String type = Tree.text(limit, "type").orElse("");
    String subject = "LimitRange " + range.getMetadata().getName();
    if (type.equals("PersistentVolumeClaim")) {
      for (Blueprint.Volume volume : blueprint.volumes()) {
        outside(limit, "storage", new BigDecimal(Footprint.size(volume)))
            .ifPresent(
                why -> findings.add(ConcernCode.LIMIT_RANGE_EXCEEDED, subject, volume + why));
      }
    } else if (type.equals("Pod") || type.equals("Container")) {
      for (String resource : List.of("memory", "cpu")) {
        BigDecimal least = needed.getOrDefault(resource, BigDecimal.ZERO);
        Tree.text(limit, "max", resource)
            .flatMap(Sizes::amount)
            .filter(most -> least.compareTo(most) > 0)
            .ifPresent(
                most ->
                    findings.add(
                        ConcernCode.LIMIT_RANGE_EXCEEDED,
                        subject,
                        "The receiver's pod needs at least "
                            + least.toPlainString()
                            + " of "
                            + resource
                            + "; "
                            + most.toPlainString()
                            + " is allowed."));
      }
    }
  }

  private static Optional<String> outside(
      Map<String, Object> limit, String resource, BigDecimal amount) {
    boolean above =
        Tree.text(limit, "max", resource)
            .flatMap(Sizes::amount)
            .filter(it -> amount.compareTo(it) > 0)
            .isPresent();
    boolean below =
        Tree.text(limit, "min", resource)
            .flatMap(Sizes::amount)
            .filter(it -> amount.compareTo(it) < 0)
            .isPresent();
    return above || below
        ? Optional.of(
            " has a size of "
                + amount.toPlainString()
                + " bytes, which is "
                + (above ? "above" : "below")
                + " what is allowed.")
        : Optional.empty();
  }
}
