package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// Reads certificate and key files as OpenSSL writes them (PEM; PKCS#1, SEC1 and PKCS#8 keys without pass phrase).
public final class Tls {
  private static final char[] NO_PASSWORD = new char[0];

  private Tls() {}

  /// @throws SqlException F0000 when a file cannot be used
  public static SSLContext context(Path certificate, Path key) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      PrivateKey secret = privateKey(key);
      Certificate[] chain = certificates(certificate);
      checkPair(secret, chain[0]);
      store.setKeyEntry("server", secret, NO_PASSWORD, chain);
      KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new SqlException(SqlState.CONFIG_FILE_ERROR, "could not load TLS certificate " + certificate + " and key " + key + ": " + e.getMessage(), e);
    }
  }

  private static Certificate[] certificates(Path path) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(path)) {
      Certificate[] chain = CertificateFactory.getInstance("X.509").generateCertificates(in).toArray(Certificate[]::new);
      if (chain.length == 0) {
        throw new IOException("the certificate file holds no certificate");
      }
      return chain;
    }
  }

  /// Found here, a mix-up is one error at the start; later it would be a failed handshake of every client.
  private static void checkPair(PrivateKey key, Certificate certificate) throws IOException, GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] sample = {1, 2, 3};
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(sample);
    byte[] signature = signer.sign();
    boolean matches;
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(sample);
      matches = verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      matches = false;
    }
    if (!matches) {
      throw new IOException("the private key does not match the certificate");
    }
  }

  private static PrivateKey privateKey(Path path) throws IOException {
    try (PEMParser parser = new PEMParser(Files.newBufferedReader(path))) {
      JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
      // OpenSSL may write the curve's parameters in a block of their own before the key.
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        switch (block) {
          // Only the private half: the public one is optional in a SEC1 key.
          case PEMKeyPair pair -> {
            return converter.getPrivateKey(pair.getPrivateKeyInfo());
          }
          case PrivateKeyInfo info -> {
            return converter.getPrivateKey(info);
          }
          default -> {}
        }
      }
      throw new IOException("the key file holds no private key without a pass phrase");
    }
  }
}
