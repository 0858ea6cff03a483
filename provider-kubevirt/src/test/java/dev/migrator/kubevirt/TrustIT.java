package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ClustersExtension;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The exchange of certificates on real API servers, in namespaces in which the test plays
 * KubeVirt's operator: A on the source, B on the target, C on the source again.
 */
@ExtendWith(ClustersExtension.class)
final class TrustIT {

  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final Clusters clusters;
  private final Installation a;
  private final Installation b;
  private final Installation c;
  private Instant now = Instant.EPOCH;

  TrustIT(Clusters clusters) {
    this.clusters = clusters;
    this.a = new Installation(Side.SOURCE, clusters.newNamespace("it-trust-a"));
    this.b = new Installation(Side.TARGET, clusters.newNamespace("it-trust-b"));
    this.c = new Installation(Side.SOURCE, clusters.newNamespace("it-trust-c"));
  }

  /** The operators' authorities are made by the servers' clocks, and are some minutes old. */
  @BeforeEach
  void install() {
    String created =
        clusters
            .actorClient(Side.TARGET)
            .namespaces()
            .withName(b.namespace)
            .get()
            .getMetadata()
            .getCreationTimestamp();
    now = Instant.parse(created).plus(Duration.ofMinutes(5));
    for (Installation each : List.of(a, b, c)) {
      each.own = at(now, certs -> {});
      each.put(Trust.EXTERNAL, "");
      each.put(Trust.BUNDLE, Certs.pem(each.own));
    }
  }

  @Test
  void eachClusterIsHandedTheOthersOwnAuthorityAndNothingElse() {
    Trust trust = trust();
    assertThat(establish(trust, a, b)).isInstanceOf(PhaseOutcome.Await.class);
    assertThat(a.text(Trust.EXTERNAL)).isEqualTo(Certs.pem(b.own));
    assertThat(b.text(Trust.EXTERNAL)).isEqualTo(Certs.pem(a.own));

    a.merge();
    b.merge();
    assertThat(establish(trust, a, b)).isInstanceOf(PhaseOutcome.Advance.class);
    assertThat(a.text(Trust.EXTERNAL)).isEmpty();
    assertThat(b.text(Trust.EXTERNAL)).isEmpty();
  }

  @Test
  void trustIsNotTransitive() {
    b.put(Trust.BUNDLE, Certs.pem(b.own) + Certs.pem(c.own));
    Trust trust = trust();
    establish(trust, a, b);
    assertThat(a.text(Trust.EXTERNAL)).isEqualTo(Certs.pem(b.own));
    a.merge();
    b.merge();

    assertThat(establish(trust, a, b)).isInstanceOf(PhaseOutcome.Advance.class);
    assertThat(a.trusted()).containsExactly(fingerprint(a.own), fingerprint(b.own));
    assertThat(b.trusted())
        .containsExactlyInAnyOrder(fingerprint(a.own), fingerprint(b.own), fingerprint(c.own));
    assertThat(c.trusted()).containsExactly(fingerprint(c.own));
  }

  static Stream<Arguments> unusable() {
    Consumer<Certs> expired = certs -> certs.until = certs.from.plusSeconds(60);
    Consumer<Certs> somebodyElses =
        certs -> {
          certs.subject = "CN=somebody";
          certs.issuer = certs.subject;
        };
    Consumer<Certs> issuedByAnother = certs -> certs.signer = Certs.keys();
    Consumer<Certs> noAuthority = certs -> certs.isAuthority = false;
    return Stream.of(
        Arguments.of("expired at", expired),
        Arguments.of("is not one that KubeVirt makes", somebodyElses),
        Arguments.of("was not issued by itself", issuedByAnother),
        Arguments.of("is no certificate authority", noAuthority));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusable")
  void anAuthorityThatCannotBeUsedIsRefusedAndNoOtherIsTakenInItsPlace(
      String why, Consumer<Certs> change) {
    b.put(Trust.BUNDLE, Certs.pem(at(now, change)) + Certs.pem(b.own));

    assertRefused(why);
  }

  @Test
  void rubbishIsRefusedAndNothingBehindItIsTaken() {
    b.put(
        Trust.BUNDLE,
        "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n" + Certs.pem(b.own));

    assertRefused("entry 1 is no certificate");
  }

  @Test
  void aBundleThatWasJustMadeTellsNothing() {
    clusters.actorClient(Side.TARGET).configMaps().inNamespace(b.namespace).delete();
    b.put(Trust.BUNDLE, Certs.pem(c.own) + Certs.pem(b.own));
    b.put(Trust.EXTERNAL, "");
    now = now.minus(Duration.ofMinutes(5));

    assertRefused("was just made");
  }

  @Test
  void whatSomebodyElseHandsInIsNotOverwritten() {
    a.put(Trust.EXTERNAL, "somebody else's");

    assertThat(establish(trust(), a, b)).isInstanceOf(PhaseOutcome.Await.class);

    assertThat(a.text(Trust.EXTERNAL)).isEqualTo("somebody else's");
    assertThat(b.text(Trust.EXTERNAL)).isEqualTo(Certs.pem(a.own));
  }

  private void assertRefused(String why) {
    assertThat(establish(trust(), a, b))
        .isInstanceOfSatisfying(
            PhaseOutcome.Await.class,
            wait -> assertThat(wait.reason()).contains("the target cluster", why));
    assertThat(a.text(Trust.EXTERNAL)).isEmpty();
    assertThat(a.trusted()).containsExactly(fingerprint(a.own));
  }

  private Trust trust() {
    return new Trust(sides());
  }

  private PhaseOutcome establish(Trust trust, Installation source, Installation target) {
    return trust.establish(sides(), new Installations(source.view(), target.view()), now, DEADLINE);
  }

  private Sides sides() {
    return new Sides(
        new Cluster(Side.SOURCE, clusters.client(Side.SOURCE)),
        new Cluster(Side.TARGET, clusters.client(Side.TARGET)),
        false);
  }

  private static X509Certificate at(Instant now, Consumer<Certs> change) {
    Certs certs = new Certs();
    certs.from = now.minus(Duration.ofHours(10));
    certs.until = now.plus(Duration.ofDays(6));
    change.accept(certs);
    return certs.make();
  }

  private static String fingerprint(X509Certificate certificate) {
    return Authority.fingerprint(certificate);
  }

  /** One KubeVirt with its operator, as far as certificates go. */
  private final class Installation {
    private final Side side;
    private final String namespace;
    private X509Certificate own = Certs.authority();

    Installation(Side side, String namespace) {
      this.side = side;
      this.namespace = namespace;
    }

    KubeVirtView view() {
      GenericKubernetesResource raw = KubeVirts.of("v1.9.0").raw();
      raw.getMetadata().setNamespace(namespace);
      return new KubeVirtView(raw);
    }

    void put(String name, String pem) {
      GenericKubernetesResource configMap = Kind.CONFIG_MAP.blank(namespace, name);
      configMap.setAdditionalProperty("data", Map.of("ca-bundle", pem));
      KubernetesClient client = clusters.actorClient(side);
      client.resource(configMap).forceConflicts().serverSideApply();
    }

    String text(String name) {
      return new Cluster(side, clusters.actorClient(side))
          .get(Kind.CONFIG_MAP, namespace, name)
          .map(Trust::text)
          .orElseThrow();
    }

    List<String> trusted() {
      return new ArrayList<>(CaBundle.parse(text(Trust.BUNDLE)).certificates().keySet());
    }

    /** The operator takes over what was handed in, behind its own, and empties it. */
    void merge() {
      put(Trust.BUNDLE, text(Trust.BUNDLE) + text(Trust.EXTERNAL));
      put(Trust.EXTERNAL, "");
    }
  }
}
