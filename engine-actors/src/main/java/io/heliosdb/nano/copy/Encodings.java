package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The character encodings of COPY's data by PostgreSQL's names, and the check of UTF-8. Source: PostgreSQL 15 manual, "Character Set Support".
public final class Encodings {
  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final long LOW_BITS = 0x0101_0101_0101_0101L;

  /// PostgreSQL's names, without punctuation and in upper case, by the names of the JDK. `null` value: bytes are taken as they are.
  private static final Map<String, String> NAMES = Map.ofEntries(
      Map.entry("UTF8", "UTF-8"), Map.entry("UNICODE", "UTF-8"), Map.entry("SQLASCII", "UTF-8"),
      Map.entry("LATIN1", "ISO-8859-1"), Map.entry("ISO88591", "ISO-8859-1"), Map.entry("LATIN2", "ISO-8859-2"), Map.entry("ISO88592", "ISO-8859-2"),
      Map.entry("LATIN3", "ISO-8859-3"), Map.entry("LATIN4", "ISO-8859-4"), Map.entry("LATIN5", "ISO-8859-9"), Map.entry("LATIN7", "ISO-8859-13"),
      Map.entry("LATIN9", "ISO-8859-15"), Map.entry("ISO885915", "ISO-8859-15"), Map.entry("LATIN10", "ISO-8859-16"),
      Map.entry("ISO88595", "ISO-8859-5"), Map.entry("ISO88596", "ISO-8859-6"), Map.entry("ISO88597", "ISO-8859-7"), Map.entry("ISO88598", "ISO-8859-8"),
      Map.entry("WIN1250", "windows-1250"), Map.entry("WIN1251", "windows-1251"), Map.entry("WIN", "windows-1251"), Map.entry("WIN1252", "windows-1252"),
      Map.entry("WIN1253", "windows-1253"), Map.entry("WIN1254", "windows-1254"), Map.entry("WIN1255", "windows-1255"), Map.entry("WIN1256", "windows-1256"),
      Map.entry("WIN1257", "windows-1257"), Map.entry("WIN1258", "windows-1258"), Map.entry("WIN866", "IBM866"), Map.entry("ALT", "IBM866"),
      Map.entry("WIN874", "x-windows-874"), Map.entry("KOI8", "KOI8-R"), Map.entry("KOI8R", "KOI8-R"), Map.entry("KOI8U", "KOI8-U"),
      Map.entry("EUCJP", "EUC-JP"), Map.entry("EUCKR", "EUC-KR"), Map.entry("EUCCN", "GB2312"), Map.entry("SJIS", "windows-31j"),
      Map.entry("SHIFTJIS", "windows-31j"), Map.entry("BIG5", "Big5"), Map.entry("GBK", "GBK"), Map.entry("GB18030", "GB18030"), Map.entry("UHC", "x-windows-949"));

  private Encodings() {}

  /// The encoding of that name, null for a name PostgreSQL does not know.
  public static @Nullable Charset find(String name) {
    String jdkName = NAMES.get(name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", ""));
    try {
      return jdkName == null || !Charset.isSupported(jdkName) ? null : Charset.forName(jdkName);
    } catch (IllegalCharsetNameException e) {
      return null;
    }
  }

  /// Whether the bytes are ASCII without the zero character.
  static boolean isAscii(byte[] bytes, int from, int to) {
    int i = from;
    for (; i + 8 <= to; i += 8) {
      long word = (long) LONGS.get(bytes, i);
      // The second term finds zero bytes; with no high bit set it finds nothing else.
      if (((word | word - LOW_BITS) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; i < to; i++) {
      if (bytes[i] <= 0) {
        return false;
      }
    }
    return true;
  }

  /// The text of UTF-8 bytes.
  ///
  /// @throws SqlException 22021 when they are none
  public static String utf8(byte[] bytes, int from, int to) {
    if (isAscii(bytes, from, to)) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
    checkUtf8(bytes, from, to);
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /// The bytes as text for an error message, whatever they are.
  static String shown(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /// @throws SqlException 22021 unless the bytes are well-formed UTF-8 without the zero character
  static void checkUtf8(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      int length = characterBytes(bytes, i, to);
      if (length == 0) {
        throw invalid(bytes, i, to);
      }
      i += length;
    }
  }

  /// Bytes of the well-formed character at `i`, 0 when there is none.
  private static int characterBytes(byte[] bytes, int i, int to) {
    int first = bytes[i];
    if (first > 0) {
      return 1;
    }
    int lead = first & 0xff;
    if (lead >= 0xc2 && lead <= 0xdf) {
      return i + 1 < to && isTail(bytes[i + 1]) ? 2 : 0;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
      if (i + 2 >= to || !isTail(bytes[i + 1]) || !isTail(bytes[i + 2])) {
        return 0;
      }
      int second = bytes[i + 1] & 0xff;
      return lead == 0xe0 && second < 0xa0 || lead == 0xed && second > 0x9f ? 0 : 3;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
      if (i + 3 >= to || !isTail(bytes[i + 1]) || !isTail(bytes[i + 2]) || !isTail(bytes[i + 3])) {
        return 0;
      }
      int second = bytes[i + 1] & 0xff;
      return lead == 0xf0 && second < 0x90 || lead == 0xf4 && second > 0x8f ? 0 : 4;
    }
    return 0;
  }

  private static boolean isTail(byte b) {
    return (b & 0xc0) == 0x80;
  }

  private static SqlException invalid(byte[] bytes, int at, int to) {
    int lead = bytes[at] & 0xff;
    int length = lead >= 0xf0 && lead <= 0xf7 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc0 && lead < 0xe0 ? 2 : 1;
    StringBuilder shown = new StringBuilder("invalid byte sequence for encoding \"UTF8\":");
    for (int i = at; i < Math.min(to, at + length); i++) {
      shown.append(String.format(Locale.ROOT, " 0x%02x", bytes[i] & 0xff));
    }
    return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, shown.toString());
  }
}
