package io.heliosdb.nano.function.impl;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The character sets PostgreSQL knows, by number (`pg_char_to_encoding`), with the JDK's charset for each where it has one.
/// Source: PostgreSQL 15 manual, "Character Set Support".
final class Encodings {
  private static final String[] NAMES = {
    "SQL_ASCII", "EUC_JP", "EUC_CN", "EUC_KR", "EUC_TW", "EUC_JIS_2004", "UTF8", "MULE_INTERNAL", "LATIN1", "LATIN2", "LATIN3", "LATIN4",
    "LATIN5", "LATIN6", "LATIN7", "LATIN8", "LATIN9", "LATIN10", "WIN1256", "WIN1258", "WIN866", "WIN874", "KOI8R", "WIN1251", "WIN1252",
    "ISO_8859_5", "ISO_8859_6", "ISO_8859_7", "ISO_8859_8", "WIN1250", "WIN1253", "WIN1254", "WIN1255", "WIN1257", "KOI8U", "SJIS", "BIG5",
    "GBK", "UHC", "GB18030", "JOHAB", "SHIFT_JIS_2004"};

  private static final @Nullable String[] CHARSETS = {
    "ISO-8859-1", "EUC-JP", "GB2312", "EUC-KR", "x-EUC-TW", "EUC-JP", "UTF-8", null, "ISO-8859-1", "ISO-8859-2", "ISO-8859-3",
    "ISO-8859-4", "ISO-8859-9", "ISO-8859-10", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "windows-1256", "windows-1258",
    "IBM866", "x-windows-874", "KOI8-R", "windows-1251", "windows-1252", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8",
    "windows-1250", "windows-1253", "windows-1254", "windows-1255", "windows-1257", "KOI8-U", "windows-31j", "Big5", "GBK", "x-windows-949",
    "GB18030", "x-Johab", "x-SJIS_0213"};

  private static final int[] MAX_BYTES = {
    1, 3, 3, 3, 4, 3, 4, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 3, 2};

  static final int UTF8 = 6;
  static final int SQL_ASCII = 0;

  private Encodings() {}

  /// The number of an encoding, case and punctuation ignored; -1 when there is none.
  static int number(String name) {
    String key = key(name);
    for (int i = 0; i < NAMES.length; i++) {
      if (key(NAMES[i]).equals(key)) {
        return i;
      }
    }
    return switch (key) {
      case "unicode", "utf8" -> UTF8;
      case "iso88591" -> 8;
      case "iso88592" -> 9;
      case "iso88593" -> 10;
      case "iso88594" -> 11;
      case "iso88599" -> 12;
      case "iso885910" -> 13;
      case "iso885913" -> 14;
      case "iso885914" -> 15;
      case "iso885915" -> 16;
      case "iso885916" -> 17;
      case "windows1256" -> 18;
      case "windows1258", "abc", "tcvn", "tcvn5712", "vscii" -> 19;
      case "windows866", "alt" -> 20;
      case "windows874" -> 21;
      case "koi8" -> 22;
      case "windows1251", "win" -> 23;
      case "windows1252" -> 24;
      case "windows1250" -> 29;
      case "windows1253" -> 30;
      case "windows1254" -> 31;
      case "windows1255" -> 32;
      case "windows1257" -> 33;
      case "mskanji", "shiftjis", "win932", "windows932" -> 35;
      case "win950", "windows950" -> 36;
      case "win936", "windows936" -> 37;
      case "win949", "windows949" -> 38;
      default -> -1;
    };
  }

  private static String key(String name) {
    StringBuilder key = new StringBuilder(name.length());
    for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
      if (c < 0x80 && Character.isLetterOrDigit(c)) {
        key.append(c);
      }
    }
    return key.toString();
  }

  static String name(int number) {
    return number >= 0 && number < NAMES.length ? NAMES[number] : "";
  }

  /// -1 for an unknown number.
  static int maxBytes(int number) {
    return number >= 0 && number < MAX_BYTES.length ? MAX_BYTES[number] : -1;
  }

  static @Nullable Charset charset(int number) {
    if (number == UTF8) {
      return StandardCharsets.UTF_8;
    }
    String name = CHARSETS[number];
    return name != null && Charset.isSupported(name) ? Charset.forName(name) : null;
  }
}
