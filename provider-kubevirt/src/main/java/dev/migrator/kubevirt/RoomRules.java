package dev.migrator.kubevirt;

import dev.migrator.model.Severity;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether quotas and limit ranges of the target's namespace leave room for what will be made. */
final class RoomRules {

  private RoomRules() {}

  static void check(
      Blueprint blueprint, KubeVirtView target, TargetFacts facts, Findings findings) {
    Map<String, BigDecimal> needed = needed(blueprint, target);
    Map<String, BigDecimal> passing = passing(blueprint, facts);
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

  /** Nothing is subtracted for what exists already: that a name is taken is another concern. */
  private static Map<String, BigDecimal> needed(Blueprint blueprint, KubeVirtView target) {
    Map<String, BigDecimal> needed = new LinkedHashMap<>();
    add(needed, "pods", BigDecimal.ONE);
    add(needed, "count/pods", BigDecimal.ONE);
    blueprint.volumes().forEach(volume -> claim(needed, volume));
    for (GenericKubernetesResource object : blueprint.objects()) {
      Kind kind = Kind.of(object.getApiVersion(), object.getKind());
      if (kind != Kind.PVC) {
        String group = kind.group().isEmpty() ? "" : "." + kind.group();
        add(needed, "count/" + kind.plural() + group, BigDecimal.ONE);
      }
      if (kind == Kind.SECRET || kind == Kind.CONFIG_MAP) {
        add(needed, kind.plural(), BigDecimal.ONE);
      }
    }
    trait(blueprint, "guest memory")
        .flatMap(Sizes::bytes)
        .map(BigDecimal::new)
        .ifPresent(amount -> requested(needed, "memory", amount));
    requested(needed, "cpu", cpu(blueprint, target));
    return needed;
  }

  /**
   * What CDI makes beside it and removes again: a populator fills a claim of its own, and a pod of
   * CDI's prepares each volume. Short-lived, so it only makes a tight quota a risk.
   */
  private static Map<String, BigDecimal> passing(Blueprint blueprint, TargetFacts facts) {
    Map<String, BigDecimal> passing = new LinkedHashMap<>();
    for (Blueprint.Volume volume : blueprint.volumes()) {
      if (volume.isDataVolume()) {
        add(passing, "pods", BigDecimal.ONE);
        add(passing, "count/pods", BigDecimal.ONE);
        boolean populated =
            Tree.text(storage(volume), "storageClassName")
                .flatMap(name -> facts.find(Kind.STORAGE_CLASS, "", name))
                .filter(TargetVolumes::hasDriver)
                .isPresent();
        if (populated) {
          claim(passing, volume);
        }
      }
    }
    return passing;
  }

  private static void claim(Map<String, BigDecimal> needed, Blueprint.Volume volume) {
    BigDecimal size = new BigDecimal(size(volume));
    String claims = Kind.PVC.plural();
    add(needed, claims, BigDecimal.ONE);
    add(needed, "count/" + claims, BigDecimal.ONE);
    add(needed, "requests.storage", size);
    Tree.text(storage(volume), "storageClassName")
        .map(name -> name + ".storageclass.storage.k8s.io/")
        .ifPresent(
            prefix -> {
              add(needed, prefix + claims, BigDecimal.ONE);
              add(needed, prefix + "requests.storage", size);
            });
  }

  /** At least: KubeVirt adds what the launcher itself needs. */
  private static void requested(
      Map<String, BigDecimal> needed, String resource, BigDecimal amount) {
    add(needed, resource, amount);
    add(needed, "requests." + resource, amount);
  }

  /** What the machine asks for, else a share of its CPUs by the target's allocation ratio. */
  private static BigDecimal cpu(Blueprint blueprint, KubeVirtView target) {
    Map<String, Object> domain =
        Tree.map(new VmView(blueprint.receiver()).templateSpec(), "domain");
    BigDecimal all =
        Stream.of("CPU sockets", "CPU cores", "CPU threads")
            .flatMap(part -> trait(blueprint, part).flatMap(RoomRules::amount).stream())
            .reduce(BigDecimal.ONE, BigDecimal::multiply);
    if (Tree.isTrue(domain, "cpu", "dedicatedCpuPlacement")) {
      return all;
    }
    BigDecimal ratio =
        Tree.text(target.configuration(), "developerConfiguration", "cpuAllocationRatio")
            .flatMap(RoomRules::amount)
            .filter(it -> it.signum() > 0)
            .orElse(BigDecimal.TEN);
    return Tree.text(domain, "resources", "requests", "cpu")
        .flatMap(RoomRules::amount)
        .orElseGet(() -> all.divide(ratio, 3, RoundingMode.HALF_UP));
  }

  private static Optional<String> trait(Blueprint blueprint, String trait) {
    return Optional.ofNullable(blueprint.identity().values().get(trait));
  }

  private static void quota(
      GenericKubernetesResource quota,
      String resource,
      BigDecimal needed,
      BigDecimal passing,
      Findings findings) {
    Map<String, Object> status = Tree.map(quota.getAdditionalProperties(), "status");
    Optional<BigDecimal> hard = Tree.text(status, "hard", resource).flatMap(RoomRules::amount);
    BigDecimal used =
        Tree.text(status, "used", resource).flatMap(RoomRules::amount).orElse(BigDecimal.ZERO);
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
        outside(limit, "storage", new BigDecimal(size(volume)))
            .ifPresent(
                why -> findings.add(ConcernCode.LIMIT_RANGE_EXCEEDED, subject, volume + why));
      }
    } else if (type.equals("Pod") || type.equals("Container")) {
      for (String resource : List.of("memory", "cpu")) {
        BigDecimal least = needed.getOrDefault(resource, BigDecimal.ZERO);
        Tree.text(limit, "max", resource)
            .flatMap(RoomRules::amount)
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
            .flatMap(RoomRules::amount)
            .filter(it -> amount.compareTo(it) > 0)
            .isPresent();
    boolean below =
        Tree.text(limit, "min", resource)
            .flatMap(RoomRules::amount)
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

  private static BigInteger size(Blueprint.Volume volume) {
    return Tree.text(storage(volume), "resources", "requests", "storage")
        .flatMap(Sizes::bytes)
        .orElse(BigInteger.ZERO);
  }

  private static Map<String, Object> storage(Blueprint.Volume volume) {
    Map<String, Object> properties = volume.object().getAdditionalProperties();
    return volume.isDataVolume()
        ? Tree.map(properties, "spec", "storage")
        : Tree.map(properties, "spec");
  }

  private static Optional<BigDecimal> amount(String text) {
    try {
      return Optional.of(Quantity.getAmountInBytes(new Quantity(text)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static void add(Map<String, BigDecimal> needed, String resource, BigDecimal amount) {
    needed.merge(resource, amount, BigDecimal::add);
  }
}
