package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a receiver and its volumes take of a namespace's quota, by the names that quotas use. */
final class Footprint {

  private Footprint() {}

  /**
   * What a machine takes, by the object that takes it; the receiver stands for its pod as well.
   * What is there already takes nothing more, and whose it is, is another concern.
   */
  static Map<TargetFacts.Place, Map<String, BigDecimal>> parts(
      Blueprint blueprint, KubeVirtView target, TargetFacts facts) {
    Map<TargetFacts.Place, Map<String, BigDecimal>> parts = new LinkedHashMap<>();
    for (GenericKubernetesResource object : blueprint.objects()) {
      Map<String, BigDecimal> part = part(parts, object);
      if (!isThere(TargetFacts.Place.of(object), facts)) {
        object(part, object);
      }
    }
    for (Blueprint.Volume volume : blueprint.volumes()) {
      String namespace = volume.object().getMetadata().getNamespace();
      if (!isThere(TargetFacts.Place.of(Kind.PVC, namespace, volume.claim()), facts)) {
        claim(part(parts, volume.object()), volume);
      }
    }
    Map<String, BigDecimal> receiver = part(parts, blueprint.receiver());
    add(receiver, "pods", BigDecimal.ONE);
    add(receiver, "count/pods", BigDecimal.ONE);
    count(receiver, Kind.INSTANCE);
    count(receiver, Kind.MIGRATION);
    memory(blueprint, target).ifPresent(amount -> requested(receiver, "memory", amount));
    requested(receiver, "cpu", cpu(blueprint, target));
    for (String resource : List.of("memory", "cpu")) {
      Tree.text(domain(blueprint), "resources", "limits", resource)
          .flatMap(Sizes::amount)
          .ifPresent(amount -> add(receiver, "limits." + resource, amount));
    }
    return parts;
  }

  /** All parts together. */
  static Map<String, BigDecimal> sum(Iterable<Map<String, BigDecimal>> parts) {
    Map<String, BigDecimal> sum = new LinkedHashMap<>();
    parts.forEach(part -> part.forEach((resource, amount) -> add(sum, resource, amount)));
    return sum;
  }

  private static Map<String, BigDecimal> part(
      Map<TargetFacts.Place, Map<String, BigDecimal>> parts, GenericKubernetesResource object) {
    return parts.computeIfAbsent(TargetFacts.Place.of(object), unused -> new LinkedHashMap<>());
  }

  private static boolean isThere(TargetFacts.Place place, TargetFacts facts) {
    return facts.find(place.kind(), place.namespace(), place.name()).isPresent();
  }

  private static void object(Map<String, BigDecimal> part, GenericKubernetesResource object) {
    Kind kind = Kind.of(object.getApiVersion(), object.getKind());
    // A claim is counted with its size.
    if (kind != Kind.PVC) {
      count(part, kind);
    }
    if (kind == Kind.SECRET || kind == Kind.CONFIG_MAP) {
      add(part, kind.plural(), BigDecimal.ONE);
    }
  }

  private static void count(Map<String, BigDecimal> part, Kind kind) {
    String group = kind.group().isEmpty() ? "" : "." + kind.group();
    add(part, "count/" + kind.plural() + group, BigDecimal.ONE);
  }

  /**
   * What CDI makes beside it and removes again: a populator fills a claim of its own, and a pod of
   * CDI's prepares each volume. Short-lived, so it only makes a tight quota a risk.
   */
  static Map<String, BigDecimal> passing(Blueprint blueprint, TargetFacts facts) {
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

  /** What the machine asks for, else its memory, less what the target overcommits. */
  private static Optional<BigDecimal> memory(Blueprint blueprint, KubeVirtView target) {
    Map<String, Object> domain = domain(blueprint);
    if (Tree.has(domain, "memory", "hugepages")) {
      return Optional.empty();
    }
    BigDecimal percent =
        Tree.text(target.configuration(), "developerConfiguration", "memoryOvercommit")
            .flatMap(Sizes::amount)
            .filter(it -> it.signum() > 0)
            .orElse(BigDecimal.valueOf(100));
    return Tree.text(domain, "resources", "requests", "memory")
        .flatMap(Sizes::amount)
        .or(
            () ->
                trait(blueprint, "guest memory")
                    .flatMap(Sizes::amount)
                    .map(
                        guest ->
                            guest
                                .multiply(BigDecimal.valueOf(100))
                                .divide(percent, 0, RoundingMode.FLOOR)));
  }

  private static Map<String, Object> domain(Blueprint blueprint) {
    return Tree.map(new VmView(blueprint.receiver()).templateSpec(), "domain");
  }

  /** What the machine asks for, else a share of its CPUs by the target's allocation ratio. */
  private static BigDecimal cpu(Blueprint blueprint, KubeVirtView target) {
    Map<String, Object> domain = domain(blueprint);
    BigDecimal all =
        Stream.of("CPU sockets", "CPU cores", "CPU threads")
            .flatMap(part -> trait(blueprint, part).flatMap(Sizes::amount).stream())
            .reduce(BigDecimal.ONE, BigDecimal::multiply);
    if (Tree.isTrue(domain, "cpu", "dedicatedCpuPlacement")) {
      return all;
    }
    BigDecimal ratio =
        Tree.text(target.configuration(), "developerConfiguration", "cpuAllocationRatio")
            .flatMap(Sizes::amount)
            .filter(it -> it.signum() > 0)
            .orElse(BigDecimal.TEN);
    return Tree.text(domain, "resources", "requests", "cpu")
        .flatMap(Sizes::amount)
        .orElseGet(() -> all.divide(ratio, 3, RoundingMode.HALF_UP));
  }

  private static Optional<String> trait(Blueprint blueprint, String trait) {
    return Optional.ofNullable(blueprint.identity().values().get(trait));
  }

  /** The size that a volume asks for, in bytes. */
  static BigInteger size(Blueprint.Volume volume) {
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

  private static void add(Map<String, BigDecimal> needed, String resource, BigDecimal amount) {
    needed.merge(resource, amount, BigDecimal::add);
  }
}
