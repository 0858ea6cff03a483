package dev.migrator.kubevirt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which certificates of a bundle are its cluster's own, and which are refused. */
final class PeerAuthorityTest {

  private final PeerAuthority authorities = new PeerAuthority();
  private final X509Certificate own = Certs.authority();
  private final X509Certificate foreign = Certs.authority();

  @Test
  void onlyTheFirstCertificateIsTakenForItsOwn() {
    PeerAuthority.Own found = of(Certs.pem(own, foreign));

    assertThat(found.flaw()).isEmpty();
    assertThat(found.certificates()).containsOnlyKeys(Authority.fingerprint(own));
  }

  @Test
  void aFormerAuthorityThatWasSeenFirstIsGivenAlongWhileItStandsThere() {
    X509Certificate renewed = Certs.authority();
    of(Certs.pem(own, foreign));

    PeerAuthority.Own found = of(Certs.pem(renewed, foreign, own));

    assertThat(found.current()).isEqualTo(Authority.fingerprint(renewed));
    assertThat(found.certificates())
        .containsOnlyKeys(Authority.fingerprint(renewed), Authority.fingerprint(own));
    assertThat(of(Certs.pem(renewed, foreign)).certificates())
        .containsOnlyKeys(Authority.fingerprint(renewed));
  }

  @Test
  void oneSidesAuthorityIsNotTheOthers() {
    authorities.of(Side.SOURCE, configMap(Certs.pem(foreign)), Certs.NOW);

    assertThat(of(Certs.pem(own, foreign)).certificates())
        .containsOnlyKeys(Authority.fingerprint(own));
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        unfit("expired at", it -> it.until = Certs.NOW.minusSeconds(1)),
        unfit("is not valid before", it -> it.from = Certs.NOW.plusSeconds(1)),
        unfit("is no certificate authority", it -> it.isAuthority = false),
        unfit("is no certificate authority", it -> it.usage = 128),
        unfit("was not issued by itself", it -> it.signer = Certs.keys()),
        unfit("was not issued by itself", it -> it.issuer = "CN=kubevirt.io@1"),
        unfit("is not one that KubeVirt makes", it -> it.subject = it.issuer = "CN=Evil Corp"),
        unfit(
            "is not one that KubeVirt makes",
            it -> it.subject = it.issuer = "CN=export.kubevirt.io@1935655200"));
  }

  private static Arguments unfit(String reason, Consumer<Certs> change) {
    return Arguments.of(reason, change);
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void anUnfitFirstCertificateIsRefusedAndTheNextIsNotTakenInstead(
      String reason, Consumer<Certs> change) {
    Certs certs = new Certs();
    change.accept(certs);

    PeerAuthority.Own found = of(Certs.pem(certs.make(), own));

    assertThat(found.certificates()).isEmpty();
    assertThat(found.flaw()).contains(reason).contains(Trust.BUNDLE);
  }

  static Stream<String> garbage() {
    String begin = "-----BEGIN CERTIFICATE-----\n";
    String end = "\n-----END CERTIFICATE-----\n";
    String good = Certs.pem(Certs.authority());
    String inside = good.substring(begin.length(), good.indexOf("\n-----END"));
    byte[] der = Base64.getMimeDecoder().decode(inside);
    byte[] longer = java.util.Arrays.copyOf(der, der.length + 3);
    return Stream.of(
        "",
        " ",
        "rubbish",
        begin,
        begin + "bm8gY2VydGlmaWNhdGU=" + end + good,
        begin + "***" + end + good,
        begin + end + good,
        begin + good,
        begin + inside.substring(4) + end + good,
        begin + inside.repeat(2) + end + good,
        begin + Base64.getMimeEncoder().encodeToString(longer) + end + good,
        begin + Base64.getMimeEncoder().encodeToString(good.getBytes(UTF_8)) + end + good,
        begin + "A".repeat(20_000) + end + good,
        "\u0000\u0007\u001b[31m" + begin + "\ufeff" + inside + end,
        good + "x".repeat(1024 * 1024));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbageAtTheBeginningMeansThatNothingIsTaken(String text) {
    PeerAuthority.Own found = of(text);

    assertThat(found.certificates()).isEmpty();
    assertThat(found.flaw()).contains("does not begin with a certificate").hasSizeLessThan(300);
  }

  @Test
  void garbageBehindTheFirstIsLeftOutAndSaid() {
    CaBundle bundle =
        CaBundle.parse(
            Certs.pem(own)
                + "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"
                + "-----BEGIN RSA PRIVATE KEY-----\nbm8=\n-----END RSA PRIVATE KEY-----\n"
                + Certs.pem(foreign));

    assertThat(bundle.certificates())
        .containsOnlyKeys(Authority.fingerprint(own), Authority.fingerprint(foreign));
    assertThat(bundle.leftOut()).containsExactly("its entry 2 is no certificate");
  }

  @Test
  void ofABundleWithoutEndOnlyTheBeginningIsRead() {
    CaBundle bundle = CaBundle.parse(Certs.pem(own).repeat(500));

    assertThat(bundle.certificates()).hasSize(1);
    assertThat(bundle.leftOut()).hasSize(1).first().asString().contains("more than 100 entries");
    assertThat(CaBundle.parse("-----BEGIN CERTIFICATE-----".repeat(30_000)).leftOut())
        .hasSizeLessThanOrEqualTo(101);
  }

  @Test
  void aBundleThatWasJustMadeTellsNothingByItsOrder() {
    GenericKubernetesResource made = configMap(Certs.pem(foreign, own));
    made.getMetadata().setCreationTimestamp(Certs.NOW.toString());
    made.getMetadata()
        .setManagedFields(
            List.of(new ManagedFieldsEntryBuilder().withTime(Certs.NOW.toString()).build()));

    assertThat(authorities.of(Side.TARGET, made, Certs.NOW.plusSeconds(1)).flaw())
        .contains("was just made");

    made.getMetadata().getManagedFields().get(0).setTime(Certs.NOW.plusSeconds(1).toString());
    assertThat(authorities.of(Side.TARGET, made, Certs.NOW.plusSeconds(2)).flaw()).isEmpty();
  }

  @Test
  void aBundleOfOneIsTakenHoweverYoungItIs() {
    GenericKubernetesResource made = configMap(Certs.pem(own));
    made.getMetadata().setCreationTimestamp(Certs.NOW.toString());
    made.getMetadata()
        .setManagedFields(
            List.of(new ManagedFieldsEntryBuilder().withTime(Certs.NOW.toString()).build()));

    assertThat(authorities.of(Side.TARGET, made, Certs.NOW.plus(Duration.ofSeconds(1))).flaw())
        .isEmpty();
  }

  private PeerAuthority.Own of(String pem) {
    return authorities.of(Side.TARGET, configMap(pem), Certs.NOW);
  }

  private static GenericKubernetesResource configMap(String pem) {
    GenericKubernetesResource made = Kind.CONFIG_MAP.blank("kubevirt", Trust.BUNDLE);
    made.setAdditionalProperty("data", Map.of("ca-bundle", pem));
    return made;
  }
}
