package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.function.SqlQuoting;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/// How names carry over. SQLite compares names without regard to ASCII case but keeps how they were written.
///
/// @param keepCase whether names stay as they were written (and need quotes where they have capitals); else they become lower case, which
/// is what
///     unquoted names in statements mean here
record Names(boolean keepCase) {
  /// Names have 63 bytes at most here. Longer ones are cut and told apart by a checksum of the whole.
  private static final int BYTES_MAX = 63;
  private static final int BYTES_KEPT = 54;

  String of(String name) {
    String folded = keepCase ? name : folded(name);
    if (folded.isEmpty()) {
      return "unnamed";
    }
    return folded.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX ? folded : shortened(folded);
  }

  /// Whether the name cannot stay, apart from its case.
  boolean changes(String name) {
    return !of(name).equalsIgnoreCase(name);
  }

  private static String shortened(String name) {
    CRC32 checksum = new CRC32();
    checksum.update(name.getBytes(StandardCharsets.UTF_8));
    int end = Math.min(name.length(), BYTES_KEPT);
    while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length > BYTES_KEPT || Character.isHighSurrogate(name.charAt(end - 1))) {
      end--;
    }
    return name.substring(0, end) + "_" + HexFormat.of().toHexDigits((int) checksum.getValue());
  }

  private static String folded(String name) {
    StringBuilder result = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      result.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
    }
    return result.toString();
  }

  String quoted(String name) {
    return SqlQuoting.identifier(of(name));
  }
}
