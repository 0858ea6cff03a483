package dev.migrator.kubevirt;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates, of the kind that KubeVirt's operator makes and of other kinds. */
final class Certs {

  static final Instant NOW = Instant.parse("2031-05-04T10:00:00Z");

  private static final AtomicLong SERIAL = new AtomicLong(1);

  String subject = "CN=kubevirt.io@1935655200";
  String issuer = subject;
  Instant from = NOW.minus(Duration.ofHours(10));
  Instant until = NOW.plus(Duration.ofDays(6));
  boolean isAuthority = true;
  int usage = KeyUsage.keyCertSign | KeyUsage.digitalSignature;
  KeyPair keys = keys();
  KeyPair signer = keys;

  /** An authority as KubeVirt's operator makes it. */
  static X509Certificate authority() {
    return new Certs().make();
  }

  X509Certificate make() {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name(issuer),
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(from),
              Date.from(until),
              new X500Name(subject),
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      byte[] der =
          builder
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (Exception e) {
      throw new AssertionError("No certificate", e);
    }
  }

  static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new AssertionError("No keys", e);
    }
  }

  /** A bundle in this order. */
  static CaBundle bundle(X509Certificate... certificates) {
    Map<String, X509Certificate> all = new LinkedHashMap<>();
    for (X509Certificate certificate : certificates) {
      all.put(Authority.fingerprint(certificate), certificate);
    }
    return CaBundle.of(all);
  }

  static String pem(X509Certificate... certificates) {
    return bundle(certificates).pem();
  }
}
