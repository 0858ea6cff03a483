package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which certificates of a cluster's {@code kubevirt-ca} are that cluster's own, so that what it
 * learned from a third one is never passed on.
 *
 * <p>Nothing in the bundle says whose a certificate is, but its order does: the operator writes its
 * own authority first and the rest behind it, its former ones and foreign ones mixed by age ({@code
 * MergeCABundle}, the same from v1.6 to v1.9). When it renews its authority it renews in the same
 * pass every certificate that was issued by the former one, so the first is enough. Former ones are
 * given along where they were seen in the first place: pods take up to two minutes to notice. The
 * Secret that would tell holds the private key too and is nothing that this library may read.
 */
final class PeerAuthority {

  private static final Logger LOGGER = LoggerFactory.getLogger(PeerAuthority.class);
  private static final String PLACE = "has a ConfigMap " + Trust.BUNDLE + " that ";
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private final Map<Side, Set<String>> seenFirst = new ConcurrentHashMap<>();
  private final Map<Side, List<String>> said = new ConcurrentHashMap<>();

  /**
   * What a cluster itself vouches with.
   *
   * @param current the fingerprint of its authority; empty when there is a flaw
   * @param certificates its authority and former ones of it
   * @param flaw why its authority cannot be told or used, as a clause; empty when it can
   */
  record Own(String current, Map<String, X509Certificate> certificates, String flaw) {}

  /** Tells a cluster's own certificates by its bundle. */
  Own of(Side side, GenericKubernetesResource configMap, Instant now) {
    CaBundle bundle = CaBundle.parse(Trust.text(configMap));
    report(side, bundle);
    String flaw = flaw(configMap, bundle, now);
    String head = bundle.head();
    if (head == null || !flaw.isEmpty()) {
      return new Own("", Map.of(), flaw);
    }
    Set<String> ours = seenFirst.computeIfAbsent(side, any -> ConcurrentHashMap.newKeySet());
    ours.add(head);
    Map<String, X509Certificate> own = new LinkedHashMap<>();
    bundle
        .certificates()
        .forEach(
            (fingerprint, certificate) -> {
              if (ours.contains(fingerprint) && Authority.unfit(certificate, now).isEmpty()) {
                own.put(fingerprint, certificate);
              }
            });
    return new Own(head, own, "");
  }

  private static String flaw(GenericKubernetesResource configMap, CaBundle bundle, Instant now) {
    return unusable(bundle, now)
        .orElseGet(
            () ->
                bundle.certificates().size() > 1 && isJustMade(configMap.getMetadata(), now)
                    ? PLACE + "was just made, in an order that tells nothing"
                    : "");
  }

  /** Why what a bundle begins with cannot be given to a peer, as a clause. */
  static Optional<String> unusable(CaBundle bundle, Instant now) {
    Optional<X509Certificate> first = bundle.first();
    if (first.isEmpty()) {
      return Optional.of(
          PLACE
              + "does not begin with a certificate"
              + (bundle.leftOut().isEmpty() ? "" : ": " + bundle.leftOut().get(0)));
    }
    return Authority.unfit(first.get(), now)
        .map(
            why ->
                PLACE
                    + "begins with certificate "
                    + bundle.fingerprints().get(0)
                    + ", which "
                    + why);
  }

  /**
   * Whether the operator has not touched the bundle since it made it: only then does what it was
   * handed in stand first.
   */
  private static boolean isJustMade(ObjectMeta metadata, Instant now) {
    String created = metadata.getCreationTimestamp();
    List<ManagedFieldsEntry> writers = metadata.getManagedFields();
    if (created == null || writers == null || writers.isEmpty()) {
      return false;
    }
    try {
      return writers.stream().allMatch(writer -> created.equals(writer.getTime()))
          && now.isBefore(Instant.parse(created).plus(YOUNG));
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** Says once what of a bundle was left out. */
  private void report(Side side, CaBundle bundle) {
    List<String> before = said.put(side, bundle.leftOut());
    if (!bundle.leftOut().isEmpty() && !bundle.leftOut().equals(before)) {
      LOGGER
          .atWarn()
          .addKeyValue("side", side)
          .addKeyValue("leftOut", bundle.leftOut())
          .log("Some of ConfigMap {} is not heeded", Trust.BUNDLE);
    }
  }
}
