package dev.migrator.kubevirt;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a bundle in its order, by fingerprint: parsed, never compared as text.
 *
 * @param certificates each certificate by the SHA-256 of its DER form
 * @param head the fingerprint of what the bundle begins with, or null when that is no certificate
 * @param leftOut what was not read, and why, in words for people
 */
record CaBundle(
    Map<String, X509Certificate> certificates, @Nullable String head, List<String> leftOut) {

  static final CaBundle EMPTY = of(Map.of());

  // KubeVirt itself keeps at most 50, and what it was handed in last (contract 7.2).
  private static final int MOST = 100;

  // No ConfigMap can hold more.
  private static final int LONGEST = 1024 * 1024;
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  CaBundle {
    certificates = Collections.unmodifiableMap(new LinkedHashMap<>(certificates));
    leftOut = List.copyOf(leftOut);
  }

  /** A bundle of these certificates. */
  static CaBundle of(Map<String, X509Certificate> certificates) {
    return new CaBundle(
        certificates, certificates.keySet().stream().findFirst().orElse(null), List.of());
  }

  /** Reads a bundle; what is no certificate is left out and said, a bundle without end refused. */
  static CaBundle parse(String pem) {
    if (pem.length() > LONGEST) {
      return new CaBundle(
          Map.of(), null, List.of("it has " + pem.length() + " characters and was not read"));
    }
    Map<String, X509Certificate> found = new LinkedHashMap<>();
    List<String> leftOut = new ArrayList<>();
    String head = null;
    int entry = 0;
    int begin = pem.indexOf(BEGIN);
    while (begin >= 0) {
      entry++;
      if (entry > MOST) {
        leftOut.add("it has more than " + MOST + " entries, of which the others were not read");
        break;
      }
      int content = begin + BEGIN.length();
      int end = pem.indexOf(END, content);
      Optional<X509Certificate> certificate =
          end < 0 ? Optional.empty() : Authority.read(pem.substring(content, end));
      if (certificate.isPresent()) {
        String fingerprint = Authority.fingerprint(certificate.get());
        found.put(fingerprint, certificate.get());
        head = entry == 1 ? fingerprint : head;
      } else {
        leftOut.add("its entry " + entry + " is no certificate");
      }
      // Within a broken entry the next one may begin.
      begin = pem.indexOf(BEGIN, certificate.isPresent() ? end : content);
    }
    return new CaBundle(found, head, leftOut);
  }

  boolean isEmpty() {
    return certificates.isEmpty();
  }

  /** What the bundle begins with. */
  Optional<X509Certificate> first() {
    return Optional.ofNullable(head).map(certificates::get);
  }

  /** The first characters of each fingerprint, for people. */
  List<String> fingerprints() {
    return certificates.keySet().stream().map(print -> print.substring(0, 16)).toList();
  }

  /** The bundle as PEM. */
  String pem() {
    StringBuilder text = new StringBuilder();
    Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
    for (X509Certificate certificate : certificates.values()) {
      try {
        text.append(BEGIN)
            .append('\n')
            .append(encoder.encodeToString(certificate.getEncoded()))
            .append('\n')
            .append(END)
            .append('\n');
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("A parsed certificate has an encoded form", e);
      }
    }
    return text.toString();
  }
}
