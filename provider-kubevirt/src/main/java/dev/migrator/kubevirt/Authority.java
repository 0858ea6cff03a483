package dev.migrator.kubevirt;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** What makes a certificate one that a cluster may be asked to trust. */
final class Authority {

  // A certificate of KubeVirt has about 1,100 characters; of any kind hardly more than 8,000.
  private static final int LONGEST = 16 * 1024;
  private static final int SIGNS_CERTIFICATES = 5;

  // The operator's own name for it and the second in which it made it (contract 7.1).
  private static final Pattern KUBEVIRT = Pattern.compile("CN=kubevirt\\.io@\\d{1,12}");

  private Authority() {}

  /** Reads the inside of a PEM block; empty when that is anything but one certificate. */
  static Optional<X509Certificate> read(String base64) {
    if (base64.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      byte[] der = Base64.getDecoder().decode(base64.replaceAll("[ \t\r\n]", ""));
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      return Optional.of(certificate).filter(read -> Arrays.equals(encoded(read), der));
    } catch (CertificateException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /** The SHA-256 of its DER form. */
  static String fingerprint(X509Certificate certificate) {
    return Hash.of(encoded(certificate));
  }

  /** Why it vouches for nobody at this time, if so. */
  static Optional<String> untimely(X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      return Optional.of("is not valid before " + from);
    }
    return now.isAfter(until) ? Optional.of("expired at " + until) : Optional.empty();
  }

  /** Why it is not the authority of an installation of KubeVirt, if so. */
  static Optional<String> unfit(X509Certificate certificate, Instant now) {
    boolean[] usage = certificate.getKeyUsage();
    if (certificate.getBasicConstraints() < 0 || (usage != null && !usage[SIGNS_CERTIFICATES])) {
      return Optional.of("is no certificate authority");
    }
    if (!isIssuedByItself(certificate)) {
      return Optional.of("was not issued by itself");
    }
    if (!KUBEVIRT.matcher(certificate.getSubjectX500Principal().getName()).matches()) {
      return Optional.of("is not one that KubeVirt makes");
    }
    return untimely(certificate, now);
  }

  private static boolean isIssuedByItself(X509Certificate certificate) {
    try {
      certificate.verify(certificate.getPublicKey());
      return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("A parsed certificate has an encoded form", e);
    }
  }
}
