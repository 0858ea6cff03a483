package dev.migrator.testkit.kubevirt.controller;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The CA certificates of simulated clusters: made, written as PEM, read back. */
final class Certificates {
  private static final Logger LOGGER = LoggerFactory.getLogger(Certificates.class);
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

  private static final int SERIAL_BITS = 63;

  private Certificates() {}

  /** Anything but secure: keys that protect nothing, and are the same in every run. */
  private static final class Repeatable extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient Random random;

    Repeatable(long seed) {
      this.random = new Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
      random.nextBytes(bytes);
    }
  }

  /**
   * A self-signed CA, as KubeVirt's operator makes one (but with a small EC key).
   *
   * @param seed the same one, at the same instant, gives the same certificate
   */
  static X509Certificate authority(Instant notBefore, Duration validity, long seed) {
    SecureRandom random = new Repeatable(seed ^ notBefore.toEpochMilli());
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair keys = generator.generateKeyPair();
      Instant begin = notBefore.truncatedTo(ChronoUnit.SECONDS);
      X500Name name = new X500Name("CN=kubevirt.io@" + begin.getEpochSecond());
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(SERIAL_BITS, random),
              Date.from(begin),
              Date.from(begin.plus(validity)),
              name,
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      X509CertificateHolder holder =
          builder.build(
              new JcaContentSignerBuilder("SHA256withECDSA")
                  .setSecureRandom(random)
                  .build(keys.getPrivate()));
      return parsed(holder.getEncoded());
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this JDK cannot make an EC certificate", e);
    } catch (IOException e) {
      throw new UncheckedIOException("a certificate could not be encoded", e);
    }
  }

  private static X509Certificate parsed(byte[] encoded) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  /** The certificate as PEM text, with a line end. */
  static String pem(X509Certificate certificate) {
    try {
      String body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateException e) {
      throw new IllegalArgumentException("a certificate could not be encoded", e);
    }
  }

  /** The certificates of a bundle as PEM text. */
  static String pem(List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    certificates.forEach(certificate -> text.append(pem(certificate)));
    return text.toString();
  }

  /** The certificates of a bundle in order, once each; what is none is passed over. */
  static List<X509Certificate> parse(String bundle) {
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher matcher = PEM.matcher(bundle);
    while (matcher.find()) {
      try {
        X509Certificate certificate = parsed(matcher.group().getBytes(StandardCharsets.US_ASCII));
        if (!certificates.contains(certificate)) {
          certificates.add(certificate);
        }
      } catch (CertificateException notOne) {
        LOGGER.atDebug().setCause(notOne).log("Passed over what is no certificate");
      }
    }
    return certificates;
  }

  /** A duration as Go writes it, such as {@code 168h0m0s}; the other one where it is empty. */
  static Duration goDuration(String text, Duration standard) {
    if (text.isEmpty()) {
      return standard;
    }
    // ISO 8601 spells the same parts in the same order, up to hours
    return Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT));
  }
}
