package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * <p>KubeVirt's components trust what stands in {@code kubevirt-ca}. A peer's certificate gets
 * there by way of {@code kubevirt-external-ca}, which the operator merges and empties again. It
 * drops it when it likes (contract 7.2), so it is looked for again whenever a bundle changes, for
 * as long as halves have to meet.
 *
 * <p>Only what {@link PeerAuthority} takes for the peer's own is handed in.
 */
final class Trust {

  /** What the operator merges and components trust. */
  static final String BUNDLE = "kubevirt-ca";

  /** Where foreign certificates are handed in. */
  static final String EXTERNAL = "kubevirt-external-ca";

  private static final Logger LOGGER = LoggerFactory.getLogger(Trust.class);
  private static final String KEY = "ca-bundle";
  private static final String PATH = "/data/" + KEY;

  // The operator was seen to take 4 to 6 s (contract 7.1); a change of a bundle wakes us sooner.
  private static final Duration MERGING = Duration.ofSeconds(15);

  // Until the operator has merged what somebody else handed in: nothing that we watch tells.
  private static final Duration OCCUPIED = Duration.ofSeconds(2);

  private final Sides sides;
  private final PeerAuthority authorities = new PeerAuthority();
  private final Map<Side, Handed> handed = new ConcurrentHashMap<>();

  /** What was handed in last; forgetting it costs a request. */
  private record Handed(Set<String> fingerprints, Instant at) {}

  Trust(Sides sides) {
    this.sides = sides;
  }

  /**
   * Why a side does not trust its peer yet.
   *
   * @param side the side
   * @param certificates what it lacks; empty where there is nothing to hand in
   * @param reason a clause for people
   */
  record Gap(Side side, CaBundle certificates, String reason) {}

  /**
   * Why a side has nothing that could be given to its peer, as a clause about it: known before
   * anything is written, and nothing that waiting would mend.
   *
   * @param side the side
   * @param bundle its bundle; empty where there is none
   * @param installations the installations
   * @param now the time
   * @param deadline how long trust will be waited for; a certificate may become valid meanwhile
   */
  static Optional<String> unusable(
      Side side,
      Optional<GenericKubernetesResource> bundle,
      Installations installations,
      Instant now,
      Duration deadline) {
    if (bundle.isEmpty()) {
      return Optional.of(lacks(side, installations));
    }
    CaBundle parsed = CaBundle.parse(text(bundle.get()));
    return PeerAuthority.unusable(parsed, now)
        .filter(why -> PeerAuthority.unusable(parsed, now.plus(deadline)).isPresent());
  }

  /** What is missing where, by the bundles of both sides. */
  List<Gap> gaps(Reads reads, Installations installations, Instant now) {
    if (sides.isOneCluster()) {
      return List.of();
    }
    Optional<GenericKubernetesResource> source = bundle(reads, installations, Side.SOURCE);
    Optional<GenericKubernetesResource> target = bundle(reads, installations, Side.TARGET);
    List<Gap> gaps = new ArrayList<>();
    if (source.isPresent() && target.isPresent()) {
      gap(Side.SOURCE, source.get(), target.get(), now).ifPresent(gaps::add);
      gap(Side.TARGET, target.get(), source.get(), now).ifPresent(gaps::add);
    } else {
      gaps.add(none(source.isPresent() ? Side.TARGET : Side.SOURCE, installations));
    }
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
    List<Gap> gaps = gaps(reads, installations, now);
    if (gaps.isEmpty()) {
      return PhaseOutcome.advance();
    }
    Duration recheck = MERGING;
    for (Gap gap : gaps) {
      if (!gap.certificates().isEmpty() && !handIn(gap, installations, now)) {
        recheck = OCCUPIED;
      }
    }
    String reasons = String.join("; ", gaps.stream().map(Gap::reason).toList());
    return PhaseOutcome.await("trust", recheck, "Waiting for trust: " + reasons + ".")
        .atMost(deadline);
  }

  private static Optional<GenericKubernetesResource> bundle(
      Reads reads, Installations installations, Side side) {
    return reads.get(side, Kind.CONFIG_MAP, installations.of(side).namespace(), BUNDLE);
  }

  private static Gap none(Side side, Installations installations) {
    return new Gap(side, CaBundle.EMPTY, words(side) + " " + lacks(side, installations));
  }

  private static String lacks(Side side, Installations installations) {
    return "has no ConfigMap " + BUNDLE + " in namespace " + installations.of(side).namespace();
  }

  private Optional<Gap> gap(
      Side side, GenericKubernetesResource mine, GenericKubernetesResource peers, Instant now) {
    Side peer = side == Side.SOURCE ? Side.TARGET : Side.SOURCE;
    CaBundle trusted = CaBundle.parse(text(mine));
    PeerAuthority.Own own = authorities.of(peer, peers, now);
    if (!own.flaw().isEmpty()) {
      return Optional.of(new Gap(side, CaBundle.EMPTY, words(peer) + " " + own.flaw()));
    }
    if (trusted.certificates().containsKey(own.current())) {
      return Optional.empty();
    }
    Map<String, X509Certificate> missing = new LinkedHashMap<>(own.certificates());
    missing.keySet().removeAll(trusted.certificates().keySet());
    CaBundle lacked = CaBundle.of(missing);
    return Optional.of(
        new Gap(
            side,
            lacked,
            words(side) + " does not trust " + lacked.fingerprints() + " of its peer yet"));
  }

  /**
   * Hands the missing certificates in, unless that was just done.
   *
   * @return false when the operator still has others to merge
   */
  private boolean handIn(Gap gap, Installations installations, Instant now) {
    Set<String> fingerprints = gap.certificates().certificates().keySet();
    Handed last = handed.get(gap.side());
    if (last != null
        && last.fingerprints().equals(fingerprints)
        && now.isBefore(last.at().plus(MERGING))) {
      return true;
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
    return taken;
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

  /** The text of a bundle. */
  static String text(GenericKubernetesResource configMap) {
    return Tree.text(configMap.getAdditionalProperties(), "data", KEY).orElse("");
  }

  private static String words(Side side) {
    return "the " + side.name().toLowerCase(Locale.ROOT) + " cluster";
  }
}
