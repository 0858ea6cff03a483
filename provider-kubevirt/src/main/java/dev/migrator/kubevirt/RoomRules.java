package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether quotas and limit ranges of the target's namespace leave room for what will be made. */
final class RoomRules {

  private RoomRules() {}

  static void check(Blueprint blueprint, TargetFacts facts, Findings findings) {
    Map<String, BigDecimal> needed = needed(blueprint);
    for (GenericKubernetesResource quota : facts.list(Kind.RESOURCE_QUOTA).orElse(List.of())) {
      needed.forEach((resource, amount) -> quota(quota, resource, amount, findings));
    }
    for (GenericKubernetesResource range : facts.list(Kind.LIMIT_RANGE).orElse(List.of())) {
      for (Map<String, Object> limit :
          Tree.maps(range.getAdditionalProperties(), "spec", "limits")) {
        blueprint.volumes().forEach(volume -> limit(range, limit, volume, findings));
      }
    }
  }

  /** Nothing is subtracted for what exists already: that a name is taken is another concern. */
  private static Map<String, BigDecimal> needed(Blueprint blueprint) {
    Map<String, BigDecimal> needed = new LinkedHashMap<>();
    add(needed, "pods", BigDecimal.ONE);
    for (Blueprint.Volume volume : blueprint.volumes()) {
      BigDecimal size = new BigDecimal(size(volume));
      add(needed, "persistentvolumeclaims", BigDecimal.ONE);
      add(needed, "requests.storage", size);
      Tree.text(storage(volume), "storageClassName")
          .map(name -> name + ".storageclass.storage.k8s.io/")
          .ifPresent(
              prefix -> {
                add(needed, prefix + "persistentvolumeclaims", BigDecimal.ONE);
                add(needed, prefix + "requests.storage", size);
              });
    }
    for (GenericKubernetesResource shared : blueprint.shared()) {
      if (Kind.SECRET.matches(shared)) {
        add(needed, "secrets", BigDecimal.ONE);
      } else if (Kind.CONFIG_MAP.matches(shared)) {
        add(needed, "configmaps", BigDecimal.ONE);
      }
    }
    Optional.ofNullable(blueprint.identity().values().get("guest memory"))
        .flatMap(Sizes::bytes)
        .map(BigDecimal::new)
        .ifPresent(
            memory ->
                List.of("memory", "requests.memory")
                    .forEach(resource -> add(needed, resource, memory)));
    return needed;
  }

  private static void quota(
      GenericKubernetesResource quota, String resource, BigDecimal needed, Findings findings) {
    Map<String, Object> status = Tree.map(quota.getAdditionalProperties(), "status");
    Optional<BigDecimal> hard = Tree.text(status, "hard", resource).flatMap(RoomRules::amount);
    BigDecimal used =
        Tree.text(status, "used", resource).flatMap(RoomRules::amount).orElse(BigDecimal.ZERO);
    findings.addIf(
        hard.isPresent() && used.add(needed).compareTo(hard.get()) > 0,
        ConcernCode.QUOTA_EXCEEDED,
        "ResourceQuota " + quota.getMetadata().getName(),
        "Of "
            + resource
            + " at least "
            + needed.toPlainString()
            + " is needed; "
            + used.toPlainString()
            + " of "
            + hard.map(BigDecimal::toPlainString).orElse("")
            + " is used.");
  }

  private static void limit(
      GenericKubernetesResource range,
      Map<String, Object> limit,
      Blueprint.Volume volume,
      Findings findings) {
    if (Tree.text(limit, "type").filter("PersistentVolumeClaim"::equals).isEmpty()) {
      return;
    }
    BigDecimal size = new BigDecimal(size(volume));
    Optional<BigDecimal> max = Tree.text(limit, "max", "storage").flatMap(RoomRules::amount);
    Optional<BigDecimal> min = Tree.text(limit, "min", "storage").flatMap(RoomRules::amount);
    boolean outside =
        max.filter(it -> size.compareTo(it) > 0).isPresent()
            || min.filter(it -> size.compareTo(it) < 0).isPresent();
    findings.addIf(
        outside,
        ConcernCode.LIMIT_RANGE_EXCEEDED,
        "volume " + volume.name(),
        "Its size of "
            + size.toPlainString()
            + " bytes is outside of LimitRange "
            + range.getMetadata().getName()
            + ".");
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
