package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trust between the two installations of KubeVirt (R17, contract 7).
 *
 * <p>KubeVirt's components trust what stands in {@code kubevirt-ca}. A peer's certificates get
 * there by way of {@code kubevirt-external-ca}, which the operator merges and empties again. It
 * drops them when it likes (contract 7.2), so they are looked for again whenever a bundle changes,
 * for as long as halves have to meet.
 */
final class Trust {

  /** What the operator merges and components trust. */
  static final String BUNDLE = "kubevirt-ca";

  /** Where foreign certificates are handed in. */
  static final String EXTERNAL = "kubevirt-external-ca";

  private static final Logger LOGGER = LoggerFactory.getLogger(Trust.class);
  private static final String KEY = "ca-bundle";
  private static final String PATH = "/data/" + KEY;
  private static final Duration RECHECK = Duration.ofSeconds(2);

  // The operator was seen to take 4 to 6 s (contract 7.1).
  private static final Duration MERGING = Duration.ofSeconds(15);

  private final Sides sides;
  private final Map<Side, Handed> handed = new ConcurrentHashMap<>();

  /** What was handed in last; forgetting it costs a request. */
  private record Handed(Set<String> fingerprints, Instant at) {}

  Trust(Sides sides) {
    this.sides = sides;
  }

  /**
   * Certificates that a side lacks.
   *
   * @param side the side that lacks them
   * @param certificates the peer's certificates
   */
  record Gap(Side side, CaBundle certificates) {

    /** For people. */
    String describe() {
      return "the "
          + side.name().toLowerCase(Locale.ROOT)
          + " cluster does not trust "
          + certificates.fingerprints()
          + " of its peer yet";
    }
  }

  /** Which certificates are missing where, by the bundles of both sides. */
  List<Gap> gaps(Reads reads, Installations installations, Instant now) {
    if (sides.isOneCluster()) {
      return List.of();
    }
    Optional<CaBundle> source = bundle(reads, installations, Side.SOURCE);
    Optional<CaBundle> target = bundle(reads, installations, Side.TARGET);
    List<Gap> gaps = new ArrayList<>();
    gaps.add(new Gap(Side.SOURCE, missing(target, source, now)));
    gaps.add(new Gap(Side.TARGET, missing(source, target, now)));
    gaps.removeIf(gap -> gap.certificates().isEmpty());
    return gaps;
  }

  /**
   * Closes the gaps, or sees how far the operators are with it.
   *
   * @param reads where the bundles are looked up
   * @param installations the installations
   * @param now the time
   * @param deadline how long it may take in all
   * @return advance when both sides trust each other, else await
   */
  PhaseOutcome establish(Reads reads, Installations installations, Instant now, Duration deadline) {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      if (!sides.isOneCluster() && bundle(reads, installations, side).isEmpty()) {
        return wait(
            "the "
                + side.name().toLowerCase(Locale.ROOT)
                + " cluster has no ConfigMap "
                + BUNDLE
                + " in namespace "
                + installations.of(side).namespace(),
            deadline);
      }
    }
    List<Gap> gaps = gaps(reads, installations, now);
    if (gaps.isEmpty()) {
      return PhaseOutcome.advance();
    }
    gaps.forEach(gap -> handIn(gap, installations, now));
    return wait(String.join("; ", gaps.stream().map(Gap::describe).toList()), deadline);
  }

  /** Hands the missing certificates in, unless the operator still has others to merge. */
  private void handIn(Gap gap, Installations installations, Instant now) {
    Set<String> fingerprints = gap.certificates().certificates().keySet();
    Handed last = handed.get(gap.side());
    if (last != null
        && last.fingerprints().equals(fingerprints)
        && now.isBefore(last.at().plus(MERGING))) {
      return;
    }
    Cluster cluster = sides.of(gap.side());
    String namespace = installations.of(gap.side()).namespace();
    JsonPatch whenEmpty =
        new JsonPatch(List.of()).test(PATH, "").replace(PATH, gap.certificates().pem());
    boolean taken =
        cluster.patch(Kind.CONFIG_MAP, namespace, EXTERNAL, whenEmpty).isPresent()
            || handInAsIs(cluster, namespace, gap.certificates());
    if (taken) {
      handed.put(gap.side(), new Handed(Set.copyOf(fingerprints), now));
      LOGGER
          .atInfo()
          .addKeyValue("side", gap.side())
          .addKeyValue("fingerprints", gap.certificates().fingerprints())
          .log("Handed the peer's certificates in");
    }
  }

  /** The way for an external bundle that is not exactly empty text. */
  private static boolean handInAsIs(Cluster cluster, String namespace, CaBundle certificates) {
    Optional<GenericKubernetesResource> found = cluster.get(Kind.CONFIG_MAP, namespace, EXTERNAL);
    if (found.isEmpty() || !text(found.get()).isBlank()) {
      return false;
    }
    GenericKubernetesResource external = found.get();
    JsonPatch patch =
        JsonPatch.of(external.getMetadata().getUid())
            .test("/metadata/resourceVersion", external.getMetadata().getResourceVersion());
    patch =
        Tree.has(external.getAdditionalProperties(), "data")
            ? patch.add(PATH, certificates.pem())
            : patch.add("/data", Map.of(KEY, certificates.pem()));
    return cluster.patch(Kind.CONFIG_MAP, namespace, EXTERNAL, patch).isPresent();
  }

  private static CaBundle missing(Optional<CaBundle> peer, Optional<CaBundle> own, Instant now) {
    return peer.isEmpty() || own.isEmpty()
        ? new CaBundle(Map.of())
        : peer.get().missingFrom(own.get(), now);
  }

  private static Optional<CaBundle> bundle(Reads reads, Installations installations, Side side) {
    return reads
        .get(side, Kind.CONFIG_MAP, installations.of(side).namespace(), BUNDLE)
        .map(Trust::text)
        .map(CaBundle::parse);
  }

  private static String text(GenericKubernetesResource configMap) {
    return Tree.text(configMap.getAdditionalProperties(), "data", KEY).orElse("");
  }

  private static PhaseOutcome wait(String reason, Duration deadline) {
    return PhaseOutcome.await("trust", RECHECK, "Waiting for trust: " + reason + ".")
        .atMost(deadline);
  }
}
