package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.crypto.ApprovedAlgorithms;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// Turns a password given to CREATE or ALTER ROLE into what is stored: `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey` (RFC 5803). A text
/// that is a verifier already (also `$argon2id$…`) is kept.
final class PasswordVerifier {
  private static final int ITERATIONS = 4096;
  private static final SecureRandom RANDOM = new SecureRandom();

  private PasswordVerifier() {}

  static String of(String password) {
    if (password.startsWith("$argon2id$")) {
      ApprovedAlgorithms.refuse("argon2id");
    }
    if (password.startsWith("SCRAM-SHA-256$") || password.startsWith("$argon2id$")) {
      return password;
    }
    try {
      byte[] salt = new byte[16];
      RANDOM.nextBytes(salt);
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256)).getEncoded();
      byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
      Base64.Encoder encoder = Base64.getEncoder();
      return "SCRAM-SHA-256$" + ITERATIONS + ":" + encoder.encodeToString(salt) + "$" + encoder.encodeToString(storedKey) + ":"
          + encoder.encodeToString(hmac(salted, "Server Key"));
    } catch (GeneralSecurityException e) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "could not hash the password", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
  }
}
