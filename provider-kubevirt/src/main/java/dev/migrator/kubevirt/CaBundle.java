package dev.migrator.kubevirt;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The certificates of a bundle, by fingerprint: parsed, never compared as text.
 *
 * @param certificates each certificate by the SHA-256 of its DER form
 */
record CaBundle(Map<String, X509Certificate> certificates) {

  // KubeVirt itself keeps at most 50 (contract 7.2); what is longer is not read to its end.
  private static final int MOST = 100;
  private static final int LONGEST = 16 * 1024;
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]{1,"
              + LONGEST
              + "}+)-----END CERTIFICATE-----");

  CaBundle {
    certificates = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(certificates));
  }

  /** Reads a bundle; what is no certificate is left out, as KubeVirt does. */
  static CaBundle parse(String pem) {
    Map<String, X509Certificate> found = new LinkedHashMap<>();
    Matcher blocks = BLOCK.matcher(pem);
    while (blocks.find() && found.size() < MOST) {
      read(blocks.group(1)).ifPresent(found::putAll);
    }
    return new CaBundle(found);
  }

  /**
   * What a peer has to be given of this bundle: authorities that vouch for themselves, are valid
   * now and are not the peer's already, which includes the peer's own.
   *
   * @param peer the peer's bundle
   * @param now the time
   */
  CaBundle missingFrom(CaBundle peer, Instant now) {
    Map<String, X509Certificate> missing = new LinkedHashMap<>();
    certificates.forEach(
        (fingerprint, certificate) -> {
          if (!peer.certificates.containsKey(fingerprint)
              && isAuthority(certificate)
              && isValid(certificate, now)) {
            missing.put(fingerprint, certificate);
          }
        });
    return new CaBundle(missing);
  }

  boolean isEmpty() {
    return certificates.isEmpty();
  }

  /** Whether everything of another is in here. */
  boolean containsAll(CaBundle other) {
    return certificates.keySet().containsAll(other.certificates.keySet());
  }

  /** The first characters of each fingerprint, for people. */
  List<String> fingerprints() {
    return certificates.keySet().stream().map(print -> print.substring(0, 16)).toList();
  }

  /** The bundle as PEM. */
  String pem() {
    List<String> blocks = new ArrayList<>();
    Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
    for (X509Certificate certificate : certificates.values()) {
      try {
        blocks.add(
            "-----BEGIN CERTIFICATE-----\n"
                + encoder.encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n");
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("A parsed certificate has an encoded form", e);
      }
    }
    return String.join("", blocks);
  }

  private static Optional<Map<String, X509Certificate>> read(String base64) {
    try {
      X509Certificate certificate = certificate(Base64.getMimeDecoder().decode(base64));
      return Optional.of(Map.of(Hash.of(certificate.getEncoded()), certificate));
    } catch (CertificateException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  private static X509Certificate certificate(byte[] der) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  private static boolean isAuthority(X509Certificate certificate) {
    return certificate.getBasicConstraints() >= 0
        && certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }
}
