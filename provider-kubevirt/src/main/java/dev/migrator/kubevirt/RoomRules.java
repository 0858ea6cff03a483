package dev.migrator.kubevirt;

import dev.migrator.model.Severity;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether quotas and limit ranges of the target's namespace leave room for what will be made: by a
 * machine alone, and by it beside the other machines of the plan.
 */
final class RoomRules {

  /** Scopes of a quota under which every launcher pod falls. */
  private static final Set<String> OF_LAUNCHERS = Set.of("NotTerminating", "NotBestEffort");

  private RoomRules() {}

  static void check(
      Blueprint blueprint,
      KubeVirtView target,
      TargetFacts facts,
      Neighbours.Room taken,
      Findings findings) {
    Map<String, BigDecimal> needed =
        Footprint.sum(Footprint.parts(blueprint, target, facts).values());
    Map<String, BigDecimal> passing = Footprint.passing(blueprint, facts);
    for (GenericKubernetesResource quota : facts.list(Kind.RESOURCE_QUOTA).orElse(List.of())) {
      if (isMeant(quota, blueprint)) {
        needed.forEach(
            (resource, amount) ->
                quota(
                    quota,
                    resource,
                    amount,
                    passing.getOrDefault(resource, BigDecimal.ZERO),
                    taken,
                    findings));
      }
    }
    for (GenericKubernetesResource range : facts.list(Kind.LIMIT_RANGE).orElse(List.of())) {
      for (Map<String, Object> limit :
          Tree.maps(range.getAdditionalProperties(), "spec", "limits")) {
        limit(range, limit, blueprint, needed, findings);
      }
    }
  }

  /** A quota may be about some pods only; what cannot be told is not judged. */
  private static boolean isMeant(GenericKubernetesResource quota, Blueprint blueprint) {
    Map<String, Object> spec = Tree.map(quota.getAdditionalProperties(), "spec");
    Optional<String> priority =
        Tree.text(new VmView(blueprint.receiver()).templateSpec(), "priorityClassName");
    return Tree.texts(spec, "scopes").stream().allMatch(OF_LAUNCHERS::contains)
        && Tree.maps(spec, "scopeSelector", "matchExpressions").stream()
            .allMatch(
                it -> {
                  String scope = Tree.text(it, "scopeName").orElse("");
                  return OF_LAUNCHERS.contains(scope)
                      || (scope.equals("PriorityClass")
                          && priority.filter(name -> isOf(it, name)).isPresent());
                });
  }

  private static boolean isOf(Map<String, Object> expression, String value) {
    boolean listed = Tree.texts(expression, "values").contains(value);
    return switch (Tree.text(expression, "operator").orElse("")) {
      case "In" -> listed;
      case "NotIn" -> !listed;
      case "Exists" -> true;
      default -> false;
    };
  }

  private static void quota(
      GenericKubernetesResource quota,
      String resource,
      BigDecimal needed,
      BigDecimal passing,
      Neighbours.Room taken,
      Findings findings) {
    Map<String, Object> status = Tree.map(quota.getAdditionalProperties(), "status");
    Optional<BigDecimal> hard = Tree.text(status, "hard", resource).flatMap(Sizes::amount);
    BigDecimal used =
        Tree.text(status, "used", resource).flatMap(Sizes::amount).orElse(BigDecimal.ZERO);
    BigDecimal others = taken.amounts().getOrDefault(resource, BigDecimal.ZERO);
    BigDecimal alone = used.add(needed);
    BigDecimal together = alone.add(others);
    if (hard.isEmpty() || together.add(passing).compareTo(hard.get()) <= 0) {
      return;
    }
    String subject = "ResourceQuota " + quota.getMetadata().getName();
    String room = used.toPlainString() + " of " + hard.get().toPlainString() + " is used.";
    if (alone.compareTo(hard.get()) <= 0 && together.compareTo(hard.get()) > 0) {
      findings.addToPlan(
          ConcernCode.QUOTA_EXCEEDED,
          subject,
          "VM "
              + findings.subject()
              + " fits by itself, but not beside "
              + taken.text()
              + " of this plan: of "
              + resource
              + " they need at least "
              + others.add(needed).toPlainString()
              + " together; "
              + room);
      return;
    }
    boolean fits = together.compareTo(hard.get()) <= 0;
    findings.add(
        ConcernCode.QUOTA_EXCEEDED,
        fits ? Severity.WARNING : Severity.CRITICAL,
        subject,
        "Of "
            + resource
            + " at least "
            + needed.toPlainString()
            + (fits ? ", and while volumes are filled " + passing.toPlainString() + " more," : "")
            + " is needed"
            + (fits && others.signum() > 0 ? " beside " + taken.text() + " of this plan" : "")
            + "; "
            + room);
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
