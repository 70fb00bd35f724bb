package io.heliosdb.nano.storage.crypto;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/// A secret of 32 bytes: the master key that an embedder, a key file, the environment or a command gives, or a data key under it.
///
/// As text a key is 64 hexadecimal digits or 44 characters of base64. It is never a password: there is no derivation that would make
/// a weak secret strong. Nothing is encrypted under a key itself, only under keys derived from it (HKDF-SHA256, RFC 5869), one for each file.
/// Immutable; [#toString] does not show the secret. Errors: 22023 for text that is no key, 58P01 or 58030 for a file that cannot
/// be read, 38000 for a command that fails.
public final class EncryptionKey {
  public static final int BYTES = 32;

  private static final int TEXT_BYTES_MAX = 4096;
  private static final long COMMAND_SECONDS_MAX = 60;
  private static final SecureRandom RANDOM = random();

  private final byte[] secret;

  private EncryptionKey(byte[] secret) {
    this.secret = secret;
  }

  /// Of NIST SP 800-90A, seeded by the operating system.
  private static SecureRandom random() {
    try {
      return SecureRandom.getInstance("DRBG");
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// A new random key.
  public static EncryptionKey generate() {
    return new EncryptionKey(randomBytes(BYTES));
  }

  public static EncryptionKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw notAKey("an encryption key has " + BYTES + " bytes, not " + bytes.length);
    }
    return new EncryptionKey(bytes.clone());
  }

  /// A key from its text; white space around it does not count.
  public static EncryptionKey parse(String text) {
    String stripped = text.strip();
    try {
      if (stripped.length() == 2 * BYTES) {
        return of(HexFormat.of().parseHex(stripped));
      }
      byte[] decoded = Base64.getDecoder().decode(stripped);
      if (decoded.length == BYTES) {
        return of(decoded);
      }
    } catch (IllegalArgumentException notText) {
      // Said below: the message must not repeat what may be a mistyped key.
    }
    throw notAKey("an encryption key is 64 hexadecimal digits or 32 bytes in base64");
  }

  private static SqlException notAKey(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message)
        .withHint("A new key is made by \"heliosdb-nano generate-key\" or \"openssl rand -hex 32\".");
  }

  /// Reads a file that holds a key's text, or its 32 bytes.
  public static EncryptionKey fromFile(Path file) {
    byte[] content;
    try (InputStream in = new FileInputStream(file.toFile())) {
      content = in.readNBytes(TEXT_BYTES_MAX);
    } catch (IOException e) {
      throw new SqlException(
              file.toFile().exists() ? SqlState.IO_ERROR : SqlState.UNDEFINED_FILE, "could not read the encryption key file \"" + file + "\": " + e.getMessage(), e);
    }
    try {
      return fromContent(content);
    } catch (SqlException e) {
      throw new SqlException(e.state(), "the file \"" + file + "\" holds no encryption key: " + e.getMessage()).withHint(e.hint());
    }
  }

  private static EncryptionKey fromContent(byte[] content) {
    return content.length == BYTES ? of(content) : parse(new String(content, StandardCharsets.ISO_8859_1));
  }

  /// Runs a command with the system's shell and reads the key from its standard output; it has a minute.
  public static EncryptionKey fromCommand(String command) {
    boolean isWindows = System.getProperty("os.name").startsWith("Windows");
    Process process = null;
    try {
      process =
          new ProcessBuilder(isWindows ? new String[] {"cmd", "/c", command} : new String[] {"/bin/sh", "-c", command})
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      process.getOutputStream().close();
      Process running = process;
      Thread watch = Thread.ofVirtual().start(() -> endAfterDeadline(running));
      byte[] content = process.getInputStream().readNBytes(TEXT_BYTES_MAX);
      int code = process.waitFor();
      watch.interrupt();
      if (code != 0) {
        throw new SqlException(SqlState.EXTERNAL_ROUTINE_EXCEPTION, "the encryption key command ended with exit code " + code);
      }
      return fromContent(content);
    } catch (IOException e) {
      throw new SqlException(SqlState.EXTERNAL_ROUTINE_EXCEPTION, "could not run the encryption key command: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SqlException(SqlState.QUERY_CANCELED, "interrupted while the encryption key command ran", e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  private static void endAfterDeadline(Process process) {
    try {
      if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException ended) {
      // The command is done.
    }
  }

  /// What tells keys apart without telling anything of them: 16 hexadecimal digits.
  public String id() {
    return HexFormat.of().formatHex(derive(new byte[0], "heliosdb key id".getBytes(StandardCharsets.US_ASCII), 8));
  }

  /// The key's text, for the one who has to keep it.
  public String toText() {
    return HexFormat.of().formatHex(secret);
  }

  /// A copy of the secret.
  public byte[] toByteArray() {
    return secret.clone();
  }

  /// The cipher of one file.
  ///
  /// @param salt random bytes drawn for this use of the file and kept in it
  /// @param context what the file is, and all that stands in clear at its beginning: with any of it changed nothing can be opened
  public FileCipher cipher(byte[] salt, byte[] context) {
    return new FileCipher(derive(salt, context, BYTES));
  }

  private byte[] derive(byte[] salt, byte[] context, int length) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(HKDFParameterSpec.ofExtract().addIKM(secret).addSalt(salt).thenExpand(context, length));
    } catch (GeneralSecurityException e) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "HKDF-SHA256 is not available: " + e.getMessage(), e);
    }
  }

  public static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EncryptionKey key && MessageDigest.isEqual(secret, key.secret);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(secret);
  }

  @Override
  public String toString() {
    return "EncryptionKey " + id();
  }
}
