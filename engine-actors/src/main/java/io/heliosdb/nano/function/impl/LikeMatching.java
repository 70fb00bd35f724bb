package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Bytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// LIKE and ILIKE on text, name, bpchar and bytea, and the ESCAPE clause.
///
/// Matching keeps one restart point (the last `%`), so it takes at most text length times pattern length steps.
/// Errors: 22025 for a pattern that ends with the escape character or an escape of several characters.
public final class LikeMatching implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "textlike", "namelike", "bpcharlike" -> binary((text, pattern) -> like((String) text, (String) pattern));
      case "textnlike", "namenlike", "bpcharnlike" -> binary((text, pattern) -> !like((String) text, (String) pattern));
      case "texticlike", "nameiclike", "bpchariclike" -> binary((text, pattern) -> ilike((String) text, (String) pattern));
      case "texticnlike", "nameicnlike", "bpcharicnlike" -> binary((text, pattern) -> !ilike((String) text, (String) pattern));
      case "bytealike" -> binary((text, pattern) -> like(latin((Bytes) text), latin((Bytes) pattern)));
      case "byteanlike" -> binary((text, pattern) -> !like(latin((Bytes) text), latin((Bytes) pattern)));
      case "like_escape" -> binary((pattern, escape) -> withEscape((String) pattern, (String) escape));
      case "like_escape_bytea" -> binary((pattern, escape) ->
          Bytes.wrap(withEscape(latin((Bytes) pattern), latin((Bytes) escape)).getBytes(StandardCharsets.ISO_8859_1)));
      default -> null;
    };
  }

  /// One char per byte, so that `_` is one byte.
  private static String latin(Bytes bytes) {
    return new String(bytes.unsafeArray(), StandardCharsets.ISO_8859_1);
  }

  private static boolean ilike(String text, String pattern) {
    return like(CaseMapping.lower(text), CaseMapping.lower(pattern));
  }

  /// Whether `text` matches a LIKE pattern with `\` as the escape character.
  public static boolean like(String text, String pattern) {
    int t = 0;
    int p = 0;
    int restartText = -1;
    int restartPattern = -1;
    while (true) {
      if (p < pattern.length()) {
        char c = pattern.charAt(p);
        if (c == '%') {
          restartPattern = ++p;
          restartText = t;
          if (p == pattern.length()) {
            return true;
          }
          continue;
        }
        if (t < text.length()) {
          if (c == '_') {
            t += Character.isHighSurrogate(text.charAt(t)) && t + 1 < text.length() ? 2 : 1;
            p++;
            continue;
          }
          int literal = p;
          if (c == '\\') {
            literal++;
            if (literal == pattern.length()) {
              throw new SqlException(SqlState.INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character");
            }
          }
          if (pattern.charAt(literal) == text.charAt(t)) {
            t++;
            p = literal + 1;
            continue;
          }
        }
      } else if (t == text.length()) {
        return true;
      }
      if (restartPattern < 0 || restartText >= text.length()) {
        return false;
      }
      t = ++restartText;
      p = restartPattern;
    }
  }

  /// The pattern rewritten to use `\` as its escape character.
  private static String withEscape(String pattern, String escape) {
    if (escape.isEmpty()) {
      return pattern.replace("\\", "\\\\");
    }
    if (escape.codePointCount(0, escape.length()) > 1) {
      throw new SqlException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid escape string").withHint("Escape string must be empty or one character.");
    }
    if (escape.equals("\\")) {
      return pattern;
    }
    int escapeChar = escape.codePointAt(0);
    StringBuilder out = new StringBuilder(pattern.length() + 8);
    boolean afterEscape = false;
    for (int i = 0; i < pattern.length();) {
      int c = pattern.codePointAt(i);
      i += Character.charCount(c);
      if (c == escapeChar && !afterEscape) {
        out.append('\\');
        afterEscape = true;
      } else {
        if (c == '\\' && !afterEscape) {
          out.append('\\');
        }
        out.appendCodePoint(c);
        afterEscape = false;
      }
    }
    return out.toString();
  }
}
