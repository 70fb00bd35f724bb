package io.heliosdb.nano.wire;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import io.heliosdb.nano.storage.crypto.ApprovedAlgorithms;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/// Makes and checks stored password verifiers: `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey` (PostgreSQL's form, RFC 5803) and
/// `$argon2id$v=19$m=…,t=…,p=…$salt$hash` (PHC string format; RFC 9106).
public final class PasswordVerifiers {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SCRAM_ITERATIONS = 4096;
  private static final int ARGON2_VERSION = 19;
  private static final int ARGON2_MEMORY_KIB = 19_456;
  private static final int ARGON2_ITERATIONS = 2;
  private static final int ARGON2_MEMORY_KIB_MAX = 1 << 20;
  private static final int ARGON2_ITERATIONS_MAX = 64;

  private PasswordVerifiers() {}

  /// A parsed SCRAM verifier.
  record Scram(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    static @Nullable Scram parse(@Nullable String verifier) {
      if (verifier == null || !verifier.startsWith("SCRAM-SHA-256$")) {
        return null;
      }
      String[] parts = verifier.split("[$:]");
      if (parts.length != 5) {
        return null;
      }
      try {
        Base64.Decoder decoder = Base64.getDecoder();
        return new Scram(Integer.parseInt(parts[1]), decoder.decode(parts[2]), decoder.decode(parts[3]), decoder.decode(parts[4]));
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
  }

  public static String makeScram(String password) {
    byte[] salt = ScramFunctions.salt(16, RANDOM);
    Scram scram = derive(password, salt, SCRAM_ITERATIONS);
    Base64.Encoder encoder = Base64.getEncoder();
    return "SCRAM-SHA-256$" + SCRAM_ITERATIONS + ":" + encoder.encodeToString(salt) + "$" + encoder.encodeToString(scram.storedKey()) + ":"
        + encoder.encodeToString(scram.serverKey());
  }

  /// Memory 19 MiB, 2 passes, 1 lane: the OWASP recommendation of 2024.
  public static String makeArgon2id(String password) {
    byte[] salt = new byte[16];
    RANDOM.nextBytes(salt);
    byte[] hash = argon2id(password, salt, ARGON2_MEMORY_KIB, ARGON2_ITERATIONS, 1, ARGON2_VERSION, 32);
    Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=" + ARGON2_VERSION + "$m=" + ARGON2_MEMORY_KIB + ",t=" + ARGON2_ITERATIONS + ",p=1$" + encoder.encodeToString(salt) + "$" + encoder.encodeToString(hash);
  }

  /// Whether a text is a stored verifier of one of the two kinds, well formed.
  public static boolean isVerifier(String text) {
    return Scram.parse(text) != null || text.matches("\\$argon2id\\$v=\\d+\\$m=\\d+,t=\\d+,p=\\d+\\$[A-Za-z0-9+/]+\\$[A-Za-z0-9+/]+");
  }

  /// Whether `password` belongs to the stored verifier. False for no verifier, after as long as a wrong password for an argon2id hash takes.
  public static boolean verify(@Nullable String verifier, String password) {
    if (ApprovedAlgorithms.areRequired() && (verifier == null || verifier.startsWith("$argon2id$"))) {
      // Refused, after as long as a wrong password takes.
      derive(password, new byte[16], SCRAM_ITERATIONS);
      return false;
    }
    if (verifier == null) {
      argon2id(password, new byte[16], ARGON2_MEMORY_KIB, ARGON2_ITERATIONS, 1, ARGON2_VERSION, 32);
      return false;
    }
    if (verifier.startsWith("$argon2id$")) {
      return verifyArgon2id(verifier, password);
    }
    Scram scram = Scram.parse(verifier);
    return scram != null && MessageDigest.isEqual(derive(password, scram.salt(), scram.iterations()).storedKey(), scram.storedKey());
  }

  static Scram derive(String password, byte[] salt, int iterations) {
    byte[] salted =
        ScramFunctions.saltedPassword(ScramMechanism.SCRAM_SHA_256, StringPreparation.POSTGRESQL_PREPARATION, password.toCharArray(), salt, iterations);
    byte[] clientKey = ScramFunctions.clientKey(ScramMechanism.SCRAM_SHA_256, salted);
    return new Scram(iterations, salt, ScramFunctions.storedKey(ScramMechanism.SCRAM_SHA_256, clientKey), ScramFunctions.serverKey(ScramMechanism.SCRAM_SHA_256, salted));
  }

  private static boolean verifyArgon2id(String verifier, String password) {
    String[] parts = verifier.split("\\$");
    if (parts.length != 6) {
      return false;
    }
    try {
      int version = Integer.parseInt(parts[2].substring(2));
      int memory = 0;
      int iterations = 0;
      int lanes = 1;
      for (String option : parts[3].split(",")) {
        int number = Integer.parseInt(option.substring(2));
        switch (option.charAt(0)) {
          case 'm' -> memory = number;
          case 't' -> iterations = number;
          case 'p' -> lanes = number;
          default -> {
            return false;
          }
        }
      }
      if (memory < 8 || memory > ARGON2_MEMORY_KIB_MAX || iterations < 1 || iterations > ARGON2_ITERATIONS_MAX || lanes < 1 || lanes > 64) {
        return false;
      }
      byte[] expected = Base64.getDecoder().decode(parts[5]);
      byte[] actual = argon2id(password, Base64.getDecoder().decode(parts[4]), memory, iterations, lanes, version, expected.length);
      return MessageDigest.isEqual(expected, actual);
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static byte[] argon2id(String password, byte[] salt, int memoryKib, int iterations, int lanes, int version, int length) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(version)
            .withMemoryAsKB(memoryKib)
            .withIterations(iterations)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[length];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }
}
