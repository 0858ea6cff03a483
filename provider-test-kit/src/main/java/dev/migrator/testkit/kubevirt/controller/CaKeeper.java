package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps kubevirt-ca and takes over kubevirt-external-ca: merged at once, emptied, and dropped again
 * by the next reconcile where the chain of ages does not hold (contract 7.2).
 */
final class CaKeeper {
  static final String OWN = "kubevirt-ca";
  static final String EXTERNAL = "kubevirt-external-ca";
  static final String BUNDLE = "ca-bundle";

  private static final int MOST = 50;
  private static final Duration DURATION = Duration.ofDays(7);
  private static final String SETTINGS = "spec.certificateRotateStrategy.selfSigned.ca.";

  private final Site site;
  private @Nullable X509Certificate current;
  private long generation = -1;

  CaKeeper(Site site) {
    this.site = site;
  }

  void reconcile(Thing kubevirt) {
    Duration validity = Certificates.goDuration(kubevirt.text(SETTINGS + "duration"), DURATION);
    Duration overlap =
        Certificates.goDuration(kubevirt.text(SETTINGS + "renewBefore"), validity.dividedBy(5));
    Thing own = bundle(OWN);
    Thing external = bundle(EXTERNAL);
    String before = own.text("data." + BUNDLE);
    X509Certificate authority = authority(kubevirt, before, validity, overlap);
    String offered = external.text("data." + BUNDLE);
    boolean merge =
        !offered.isBlank() && site.elapsed(external, "merge", site.world().timing().bundleMerged());
    List<X509Certificate> kept = chain(authority, Certificates.parse(before), overlap);
    if (merge) {
      for (X509Certificate certificate : Certificates.parse(offered)) {
        if (valid(certificate) && !kept.contains(certificate)) {
          kept.add(certificate);
        }
      }
    }
    String after = Certificates.pem(kept.size() > MOST ? kept.subList(0, MOST) : kept);
    if (!after.equals(before)) {
      site.store().replace(Kind.CONFIG_MAP, own.copy().set("data", data(after)));
    }
    if (merge) {
      site.timers().forget(external.uid() + "/merge");
      // the operator writes without a resourceVersion, so a racing write is lost
      Thing emptied = external.copy().set("data", data(""));
      emptied.meta().setResourceVersion(null);
      site.store().replace(Kind.CONFIG_MAP, emptied);
    }
  }

  private static java.util.Map<String, Object> data(String bundle) {
    return dev.migrator.testkit.kubevirt.machine.Json.object(BUNDLE, bundle);
  }

  private Thing bundle(String name) {
    Thing known = site.store().find(Kind.CONFIG_MAP, site.kubevirtNamespace(), name);
    if (known != null) {
      return known;
    }
    Thing fresh =
        Thing.create(Kind.CONFIG_MAP, site.kubevirtNamespace(), name)
            .label("app.kubernetes.io/managed-by", "virt-operator");
    return site.store().create(Kind.CONFIG_MAP, fresh.set("data", data("")));
  }

  /** The CA in force: the bundle's first, renewed when it is old or the KubeVirt object changed. */
  private X509Certificate authority(
      Thing kubevirt, String bundle, Duration validity, Duration overlap) {
    Instant now = site.timers().now();
    long seen = kubevirt.meta().getGeneration() == null ? 0 : kubevirt.meta().getGeneration();
    X509Certificate known = current;
    if (known == null) {
      List<X509Certificate> stored = Certificates.parse(bundle);
      known =
          stored.isEmpty()
              ? Certificates.authority(now.minus(site.world().caAge()), validity, seed())
              : stored.get(0);
      generation = seen;
    }
    boolean old = now.isAfter(known.getNotBefore().toInstant().plus(validity.minus(overlap)));
    boolean changed =
        seen != generation
            && site.elapsed(kubevirt, "renew-" + seen, site.world().timing().bundleMerged());
    if (old || changed) {
      known = Certificates.authority(now, validity, seed());
      generation = seen;
    }
    current = known;
    return known;
  }

  private long seed() {
    return site.name().hashCode();
  }

  private boolean valid(X509Certificate certificate) {
    Instant now = site.timers().now();
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  private List<X509Certificate> chain(
      X509Certificate authority, List<X509Certificate> bundle, Duration overlap) {
    List<X509Certificate> others = new ArrayList<>(bundle);
    others.remove(authority);
    others.removeIf(certificate -> !valid(certificate));
    others.sort(Comparator.comparing(X509Certificate::getNotBefore).reversed());
    List<X509Certificate> kept = new ArrayList<>();
    kept.add(authority);
    X509Certificate younger = authority;
    for (X509Certificate certificate : others) {
      Instant end = younger.getNotBefore().toInstant().plus(overlap);
      if (!site.timers().now().isBefore(end)) {
        break;
      }
      kept.add(certificate);
      younger = certificate;
    }
    return kept;
  }
}
