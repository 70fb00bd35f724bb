package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.setReturning;
import static io.heliosdb.nano.function.impl.Forms.ternary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.util.ULocale;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.LargeValue;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The string functions without patterns. Positions and lengths count characters (code points), from 1.
/// Source: PostgreSQL 15 manual, "String Functions and Operators".
public final class StringFunctions implements Builtins.Family {
  /// Largest result PostgreSQL builds; ours has the same bound so that a typing error does not take all memory.
  private static final int MAX_BYTES = 0x3fffffff - 4;

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "lower" -> contextual((context, site, args) -> lower((String) args[0], site.collationOid()));
      case "upper" -> contextual((context, site, args) -> upper((String) args[0], site.collationOid()));
      case "initcap" -> contextual((context, site, args) -> initcap((String) args[0], site.collationOid()));
      case "text_substr" -> ternary((a, start, length) -> substring((String) a, (Integer) start, (Integer) length));
      case "text_substr_no_len" -> binary((a, start) -> substring((String) a, (Integer) start));
      case "text_left" -> binary((a, n) -> left((String) a, (Integer) n));
      case "text_right" -> binary((a, n) -> right((String) a, (Integer) n));
      case "lpad" -> ternary((a, length, fill) -> pad((String) a, (Integer) length, (String) fill, true));
      case "sql:lpad" -> binary((a, length) -> pad((String) a, (Integer) length, " ", true));
      case "rpad" -> ternary((a, length, fill) -> pad((String) a, (Integer) length, (String) fill, false));
      case "sql:rpad" -> binary((a, length) -> pad((String) a, (Integer) length, " ", false));
      case "btrim" -> binary((a, set) -> trim((String) a, (String) set, true, true));
      case "btrim1" -> unary(a -> trim((String) a, " ", true, true));
      case "ltrim" -> binary((a, set) -> trim((String) a, (String) set, true, false));
      case "ltrim1" -> unary(a -> trim((String) a, " ", true, false));
      case "rtrim" -> binary((a, set) -> trim((String) a, (String) set, false, true));
      case "rtrim1" -> unary(a -> trim((String) a, " ", false, true));
      case "repeat" -> binary((a, count) -> repeat((String) a, (Integer) count));
      case "replace_text" -> ternary((a, from, to) -> ((String) from).isEmpty() ? a : ((String) a).replace((String) from, (String) to));
      case "translate" -> ternary((a, from, to) -> translate((String) a, (String) from, (String) to));
      case "textpos" -> binary((a, part) -> position((String) a, (String) part));
      case "text_starts_with" -> binary((a, prefix) -> ((String) a).startsWith((String) prefix));
      case "text_reverse" -> unary(a -> reverse((String) a));
      case "textoverlay" -> contextual((context, site, args) ->
          overlay((String) args[0], (String) args[1], (Integer) args[2], (Integer) args[3]));
      case "textoverlay_no_len" -> ternary((a, with, start) ->
          overlay((String) a, (String) with, (Integer) start, TextConversions.length((String) with)));
      case "split_part" -> ternary((a, separator, field) -> splitPart((String) a, (String) separator, (Integer) field));
      case "text_to_array" -> binary((a, separator) -> splitToArray((String) a, (String) separator, null));
      case "text_to_array_null" -> ternary((a, separator, nulls) -> splitToArray((String) a, (String) separator, (String) nulls));
      case "text_to_table" -> setReturning((context, site, args) ->
          SeriesFunctions.elements(args[0] == null ? new Object[0] : split((String) args[0], (String) args[1], null)));
      case "text_to_table_null" -> setReturning((context, site, args) ->
          SeriesFunctions.elements(args[0] == null ? new Object[0] : split((String) args[0], (String) args[1], (String) args[2])));
      case "ascii" -> unary(a -> ((String) a).isEmpty() ? 0 : ((String) a).codePointAt(0));
      case "chr" -> unary(a -> chr((Integer) a));
      case "to_hex32" -> unary(a -> Integer.toHexString((Integer) a));
      case "to_hex64" -> unary(a -> Long.toHexString((Long) a));
      case "quote_ident" -> unary(a -> SqlQuoting.identifier((String) a));
      case "quote_literal" -> unary(a -> SqlQuoting.literal((String) a));
      case "quote_nullable" -> unary(a -> a == null ? "NULL" : SqlQuoting.literal((String) a));
      case "sql:quote_literal" -> contextual((context, site, args) ->
          SqlQuoting.literal(TypeIo.toText(site.argumentTypes().getFirst(), args[0], context.io())));
      case "sql:quote_nullable" -> contextual((context, site, args) ->
          args[0] == null ? "NULL" : SqlQuoting.literal(TypeIo.toText(site.argumentTypes().getFirst(), args[0], context.io())));
      case "unistr" -> unary(a -> UnicodeEscapes.decode((String) a));
      case "unicode_normalize_func" -> binary((a, form) -> Normalizer.normalize((String) a, normalForm((String) form)));
      case "unicode_is_normalized" -> binary((a, form) -> Normalizer.isNormalized((String) a, normalForm((String) form)));
      case "parse_ident" -> binary((a, strict) -> parseIdentifier((String) a, (Boolean) strict));
      case "to_ascii_default", "to_ascii_enc", "to_ascii_encname" -> contextual((context, site, args) -> {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "encoding conversion from UTF8 to ASCII not supported");
      });
      default -> null;
    };
  }

  private static final int C_COLLATION = PgTypes.C_COLLATION;

  static String lower(String text, int collationOid) {
    if (collationOid == 0 || collationOid == PgTypes.DEFAULT_COLLATION) {
      return CaseMapping.lower(text);
    }
    ULocale locale = locale(collationOid);
    return locale != null ? UCharacter.toLowerCase(locale, text) : asciiOnly(collationOid) ? asciiLower(text) : CaseMapping.lower(text);
  }

  private static String upper(String text, int collationOid) {
    if (collationOid == 0 || collationOid == PgTypes.DEFAULT_COLLATION) {
      return CaseMapping.upper(text);
    }
    ULocale locale = locale(collationOid);
    return locale != null ? UCharacter.toUpperCase(locale, text) : asciiOnly(collationOid) ? asciiUpper(text) : CaseMapping.upper(text);
  }

  private static String initcap(String text, int collationOid) {
    ULocale locale = collationOid == 0 || collationOid == PgTypes.DEFAULT_COLLATION ? null : locale(collationOid);
    return locale == null ? CaseMapping.initcap(text) : UCharacter.toTitleCase(locale, text, null);
  }

  private static boolean asciiOnly(int collationOid) {
    return collationOid == C_COLLATION || collationOid == PgTypes.POSIX_COLLATION;
  }

  private static @Nullable ULocale locale(int collationOid) {
    String name = Collations.locale(collationOid);
    return name == null ? null : ULocale.forLanguageTag(name.replace('_', '-'));
  }

  static String asciiLower(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        out.setCharAt(i, (char) (c + 32));
      }
    }
    return out.toString();
  }

  private static String asciiUpper(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c >= 'a' && c <= 'z') {
        out.setCharAt(i, (char) (c - 32));
      }
    }
    return out.toString();
  }

  private static SqlException negativeSubstring() {
    return new SqlException(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
  }

  static String substring(String text, int start) {
    return start <= 1 ? text : text.substring(offset(text, start - 1));
  }

  static String substring(String text, int start, int length) {
    long end = (long) start + length;
    if (length < 0) {
      throw negativeSubstring();
    }
    int from = Math.max(start, 1) - 1;
    if (end <= 1 || end - 1 <= from) {
      return "";
    }
    int begin = offset(text, from);
    int stop = text.length() - begin <= end - 1 - from ? text.length() : offsetFrom(text, begin, (int) (end - 1 - from));
    return text.substring(begin, stop);
  }

  /// UTF-16 index of the character number `characters`, or the end.
  static int offset(String text, int characters) {
    return offsetFrom(text, 0, characters);
  }

  private static int offsetFrom(String text, int from, int characters) {
    int at = from;
    for (int i = 0; i < characters && at < text.length(); i++) {
      at += Character.isHighSurrogate(text.charAt(at)) && at + 1 < text.length() ? 2 : 1;
    }
    return at;
  }

  private static String left(String text, int n) {
    return n >= 0 ? text.substring(0, offset(text, n)) : text.substring(0, offset(text, Math.max(0, TextConversions.length(text) + n)));
  }

  private static String right(String text, int n) {
    if (n >= 0) {
      int skip = TextConversions.length(text) - n;
      return skip <= 0 ? text : text.substring(offset(text, skip));
    }
    // Negating the least integer gives itself in PostgreSQL: nothing is cut.
    return n == Integer.MIN_VALUE ? text : text.substring(offset(text, -n));
  }

  private static SqlException tooLarge() {
    return new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
  }

  private static String pad(String text, int length, String fill, boolean atStart) {
    int have = TextConversions.length(text);
    if (length <= 0) {
      return "";
    }
    if (have >= length || fill.isEmpty()) {
      return have <= length ? text : text.substring(0, offset(text, length));
    }
    if (length > MAX_BYTES / 4) {
      throw tooLarge();
    }
    LargeValue.check(2L * length);
    StringBuilder padding = new StringBuilder(length);
    int missing = length - have;
    int at = 0;
    for (int i = 0; i < missing; i++) {
      int c = fill.codePointAt(at);
      padding.appendCodePoint(c);
      at += Character.charCount(c);
      at = at == fill.length() ? 0 : at;
    }
    return atStart ? padding.append(text).toString() : padding.insert(0, text).toString();
  }

  static String trim(String text, String set, boolean atStart, boolean atEnd) {
    if (set.length() == 1 && !Character.isSurrogate(set.charAt(0))) {
      return trimOne(text, set.charAt(0), atStart, atEnd);
    }
    int from = 0;
    int to = text.length();
    while (atStart && from < to && set.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (atEnd && to > from && set.indexOf(text.codePointBefore(to)) >= 0) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static String trimOne(String text, char c, boolean atStart, boolean atEnd) {
    int from = 0;
    int to = text.length();
    while (atStart && from < to && text.charAt(from) == c) {
      from++;
    }
    while (atEnd && to > from && text.charAt(to - 1) == c) {
      to--;
    }
    return text.substring(from, to);
  }

  private static String repeat(String text, int count) {
    if (count <= 0 || text.isEmpty()) {
      return "";
    }
    if ((long) count * TextConversions.utf8Length(text) > MAX_BYTES) {
      throw tooLarge();
    }
    LargeValue.check((long) count * text.length());
    return text.repeat(count);
  }

  private static String translate(String text, String from, String to) {
    int[] source = from.codePoints().toArray();
    int[] target = to.codePoints().toArray();
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length();) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int index = 0;
      while (index < source.length && source[index] != c) {
        index++;
      }
      if (index == source.length) {
        out.appendCodePoint(c);
      } else if (index < target.length) {
        out.appendCodePoint(target[index]);
      }
    }
    return out.toString();
  }

  private static int position(String text, String part) {
    int index = text.indexOf(part);
    return index < 0 ? 0 : text.codePointCount(0, index) + 1;
  }

  private static String reverse(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = text.length(); i > 0;) {
      int c = text.codePointBefore(i);
      out.appendCodePoint(c);
      i -= Character.charCount(c);
    }
    return out.toString();
  }

  private static String overlay(String text, String with, int start, int length) {
    if (start <= 0) {
      throw negativeSubstring();
    }
    long after = (long) start + length;
    if (after > Integer.MAX_VALUE) {
      throw io.heliosdb.nano.type.TypeErrors.outOfRange("integer");
    }
    return substring(text, 1, start - 1) + with + substring(text, (int) after);
  }

  private static String splitPart(String text, String separator, int field) {
    if (field == 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "field position must not be zero");
    }
    if (text.isEmpty()) {
      return "";
    }
    if (separator.isEmpty()) {
      return field == 1 || field == -1 ? text : "";
    }
    return field > 0 ? partFromStart(text, separator, field) : partFromEnd(text, separator, -(long) field);
  }

  private static String partFromStart(String text, String separator, int field) {
    int from = 0;
    for (int i = 1; i < field; i++) {
      int next = text.indexOf(separator, from);
      if (next < 0) {
        return "";
      }
      from = next + separator.length();
    }
    int to = text.indexOf(separator, from);
    return to < 0 ? text.substring(from) : text.substring(from, to);
  }

  /// Counts fields found from the start, which differs from a search backwards when separators overlap themselves.
  private static String partFromEnd(String text, String separator, long field) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int next; (next = text.indexOf(separator, from)) >= 0; from = next + separator.length()) {
      parts.add(text.substring(from, next));
    }
    parts.add(text.substring(from));
    return field > parts.size() ? "" : parts.get(parts.size() - (int) field);
  }

  private static @Nullable Object splitToArray(@Nullable String text, @Nullable String separator, @Nullable String nullText) {
    return text == null ? null : PgArray.of(PgTypes.TEXT, split(text, separator, nullText));
  }

  /// Fields of a text: by characters without a separator, one field with an empty one; fields equal to `nullText` are NULL.
  private static @Nullable Object[] split(String text, @Nullable String separator, @Nullable String nullText) {
    List<@Nullable Object> fields = new ArrayList<>();
    if (text.isEmpty()) {
      return new Object[0];
    }
    if (separator == null) {
      text.codePoints().forEach(c -> fields.add(orNull(Character.toString(c), nullText)));
    } else if (separator.isEmpty()) {
      fields.add(orNull(text, nullText));
    } else {
      int from = 0;
      for (int next; (next = text.indexOf(separator, from)) >= 0; from = next + separator.length()) {
        fields.add(orNull(text.substring(from, next), nullText));
      }
      fields.add(orNull(text.substring(from), nullText));
    }
    return fields.toArray();
  }

  private static @Nullable String orNull(String field, @Nullable String nullText) {
    return field.equals(nullText) ? null : field;
  }

  private static String chr(int code) {
    if (code < 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "character number must be positive");
    }
    if (code == 0) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "null character not permitted");
    }
    if (code > Character.MAX_CODE_POINT) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested character too large for encoding: " + code);
    }
    if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested character not valid for encoding: " + code);
    }
    return Character.toString(code);
  }

  private static Normalizer.Form normalForm(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "NFC" -> Normalizer.Form.NFC;
      case "NFD" -> Normalizer.Form.NFD;
      case "NFKC" -> Normalizer.Form.NFKC;
      case "NFKD" -> Normalizer.Form.NFKD;
      default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid normalization form: " + name);
    };
  }

  private static PgArray parseIdentifier(String text, boolean strict) {
    List<Object> parts = new ArrayList<>();
    int at = skipSpace(text, 0);
    boolean afterDot = false;
    while (true) {
      int start = at;
      boolean missing = true;
      if (at < text.length() && text.charAt(at) == '"') {
        StringBuilder part = new StringBuilder();
        int close = at + 1;
        while (true) {
          int quote = text.indexOf('"', close);
          if (quote < 0) {
            throw notIdentifier(text, "String has unclosed double quotes.");
          }
          part.append(text, close, quote);
          if (quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
            part.append('"');
            close = quote + 2;
            continue;
          }
          at = quote + 1;
          break;
        }
        if (part.isEmpty()) {
          throw notIdentifier(text, "Quoted identifier must not be empty.");
        }
        parts.add(TextConversions.toName(part.toString()));
        missing = false;
      } else if (at < text.length() && isIdentifierStart(text.charAt(at))) {
        while (at < text.length() && isIdentifierPart(text.charAt(at))) {
          at++;
        }
        parts.add(TextConversions.toName(asciiLower(text.substring(start, at))));
        missing = false;
      }
      if (missing) {
        if (start < text.length() && text.charAt(start) == '.') {
          throw notIdentifier(text, "No valid identifier before \".\".");
        }
        throw notIdentifier(text, afterDot ? "No valid identifier after \".\"." : null);
      }
      at = skipSpace(text, at);
      if (at < text.length() && text.charAt(at) == '.') {
        afterDot = true;
        at = skipSpace(text, at + 1);
      } else if (at == text.length() || !strict) {
        return PgArray.of(PgTypes.TEXT, parts.toArray());
      } else {
        throw notIdentifier(text, null);
      }
    }
  }

  private static SqlException notIdentifier(String text, @Nullable String detail) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "string is not a valid identifier: \"" + text + "\"").withDetail(detail);
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && " \t\n\r\f".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private static boolean isIdentifierStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
  }

  private static boolean isIdentifierPart(char c) {
    return isIdentifierStart(c) || c >= '0' && c <= '9' || c == '$';
  }
}
