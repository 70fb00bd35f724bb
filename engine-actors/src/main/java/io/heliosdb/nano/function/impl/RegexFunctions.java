package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.setReturning;

import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.regex.PgRegex;
import io.heliosdb.nano.function.regex.RegexFlags;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operators `~ ~* !~ !~*`, the `regexp_…` functions, substring from a pattern, and SIMILAR TO.
/// Positions count characters, from 1. Source: PostgreSQL 15 manual, "Pattern Matching".
public final class RegexFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "textregexeq", "nameregexeq", "bpcharregexeq" -> matcher(RegexFlags.DEFAULT, true, function);
      case "textregexne", "nameregexne", "bpcharregexne" -> matcher(RegexFlags.DEFAULT, false, function);
      case "texticregexeq", "nameicregexeq", "bpcharicregexeq" -> matcher(RegexFlags.IGNORE_CASE, true, function);
      case "texticregexne", "nameicregexne", "bpcharicregexne" -> matcher(RegexFlags.IGNORE_CASE, false, function);
      case "textregexsubstr" -> contextual((context, site, args) -> firstPart((String) args[0], (String) args[1], context));
      case "sql:substring" -> contextual((context, site, args) ->
          firstPart((String) args[0], similarToEscape((String) args[1], (String) args[2]), context));
      case "textregexreplace_noopt" -> contextual((context, site, args) ->
          replace((String) args[0], (String) args[1], (String) args[2], 1, 1, RegexFlags.DEFAULT, context));
      case "textregexreplace" -> contextual((context, site, args) -> {
        RegexFlags flags = replaceFlags((String) args[3]);
        return replace((String) args[0], (String) args[1], (String) args[2], 1, flags.global() ? 0 : 1, flags, context);
      });
      case "textregexreplace_extended", "textregexreplace_extended_no_n", "textregexreplace_extended_no_flags" ->
          contextual((context, site, args) -> {
            int start = atLeast((Integer) args[3], 1, "start");
            RegexFlags flags = args.length > 5 ? RegexFlags.parse((String) args[5]) : RegexFlags.DEFAULT;
            int n = args.length > 4 ? atLeast((Integer) args[4], 0, "n") : flags.global() ? 0 : 1;
            return replace((String) args[0], (String) args[1], (String) args[2], start, n, flags, context);
          });
      case "regexp_match", "regexp_match_no_flags" -> contextual((context, site, args) -> {
        RegexFlags flags = flags(args, 2);
        if (flags.global()) {
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "regexp_match() does not support the \"global\" option")
              .withHint("Use the regexp_matches function instead.");
        }
        String text = (String) args[0];
        PgRegex regex = PgRegex.compile((String) args[1], flags);
        PgRegex.Match match = regex.find(text, 0, context);
        return match == null ? null : captures(regex, match, text);
      });
      case "regexp_matches", "regexp_matches_no_flags" -> setReturning((context, site, args) -> {
        RegexFlags flags = flags(args, 2);
        String text = (String) args[0];
        PgRegex regex = PgRegex.compile((String) args[1], flags);
        List<Object> rows = new ArrayList<>();
        for (PgRegex.Match match : all(regex, text, 0, flags.global() ? Integer.MAX_VALUE : 1, context)) {
          rows.add(captures(regex, match, text));
        }
        return SeriesFunctions.elements(rows.toArray());
      });
      case "regexp_split_to_array", "regexp_split_to_array_no_flags" -> contextual((context, site, args) ->
          PgArray.of(PgTypes.TEXT, split((String) args[0], (String) args[1], splitFlags(args, "regexp_split_to_array"), context)));
      case "regexp_split_to_table", "regexp_split_to_table_no_flags" -> setReturning((context, site, args) ->
          SeriesFunctions.elements(split((String) args[0], (String) args[1], splitFlags(args, "regexp_split_to_table"), context)));
      case "regexp_like", "regexp_like_no_flags" -> contextual((context, site, args) -> {
        RegexFlags flags = notGlobal(flags(args, 2), "regexp_like()");
        return PgRegex.compile((String) args[1], flags).matches((String) args[0], context);
      });
      case "regexp_count", "regexp_count_no_start", "regexp_count_no_flags" -> contextual((context, site, args) -> {
        int start = args.length > 2 ? atLeast((Integer) args[2], 1, "start") : 1;
        RegexFlags flags = notGlobal(flags(args, 3), "regexp_count()");
        PgRegex regex = PgRegex.compile((String) args[1], flags);
        return all(regex, (String) args[0], start - 1, Integer.MAX_VALUE, context).size();
      });
      case "regexp_instr", "regexp_instr_no_start", "regexp_instr_no_n", "regexp_instr_no_endoption", "regexp_instr_no_flags",
          "regexp_instr_no_subexpr" -> contextual((context, site, args) -> position(args, context));
      case "regexp_substr", "regexp_substr_no_start", "regexp_substr_no_n", "regexp_substr_no_flags", "regexp_substr_no_subexpr" ->
          contextual((context, site, args) -> part(args, context));
      case "similar_to_escape_1" -> unary(a -> similarToEscape((String) a, "\\"));
      case "similar_to_escape_2" -> binary((a, escape) -> similarToEscape((String) a, (String) escape));
      case "similar_escape" -> binary((a, escape) -> a == null ? null : similarToEscape((String) a, escape == null ? "\\" : (String) escape));
      default -> null;
    };
  }

  private static Implementation matcher(RegexFlags flags, boolean wanted, FunctionDef function) {
    boolean blankPadded = function.argumentTypes().getFirst() == 1042;
    return contextual((context, site, args) -> {
      String text = blankPadded ? Values.trimBlanks((String) args[0]) : (String) args[0];
      return PgRegex.compile((String) args[1], flags).matches(text, context) == wanted;
    });
  }

  private static RegexFlags flags(@Nullable Object[] args, int index) {
    return args.length > index ? RegexFlags.parse((String) args[index]) : RegexFlags.DEFAULT;
  }

  private static RegexFlags notGlobal(RegexFlags flags, String function) {
    if (flags.global()) {
      throw TypeErrors.invalidParameter(function + " does not support the \"global\" option");
    }
    return flags;
  }

  private static RegexFlags splitFlags(@Nullable Object[] args, String function) {
    return notGlobal(flags(args, 2), function + "()");
  }

  /// A digit first is taken for a start position that was meant.
  private static RegexFlags replaceFlags(String letters) {
    if (!letters.isEmpty() && letters.charAt(0) >= '0' && letters.charAt(0) <= '9') {
      throw TypeErrors.invalidParameter("invalid regular expression option: \"" + letters.charAt(0) + "\"")
          .withHint("If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer explicitly.");
    }
    return RegexFlags.parse(letters);
  }

  private static int atLeast(int value, int least, String name) {
    if (value < least) {
      throw TypeErrors.invalidParameter("invalid value for parameter \"" + name + "\": " + value);
    }
    return value;
  }

  /// The first group, or the whole match when there are no groups.
  private static @Nullable String firstPart(String text, String pattern, CallContext context) {
    PgRegex regex = PgRegex.compile(pattern, RegexFlags.DEFAULT);
    PgRegex.Match match = regex.find(text, 0, context);
    return match == null ? null : match.group(text, regex.groups() > 0 ? 1 : 0);
  }

  private static PgArray captures(PgRegex regex, PgRegex.Match match, String text) {
    if (regex.groups() == 0) {
      return PgArray.of(PgTypes.TEXT, match.group(text, 0));
    }
    @Nullable Object[] parts = new Object[regex.groups()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = match.group(text, i + 1);
    }
    return PgArray.of(PgTypes.TEXT, parts);
  }

  /// Up to `limit` matches from character `start` (0-based) on; after an empty match the search moves on by one character.
  private static List<PgRegex.Match> all(PgRegex regex, String text, int start, int limit, CallContext context) {
    List<PgRegex.Match> matches = new ArrayList<>();
    int from = start > text.length() ? text.length() + 1 : StringFunctions.offset(text, start);
    while (from <= text.length() && matches.size() < limit) {
      PgRegex.Match match = regex.find(text, from, context);
      if (match == null) {
        break;
      }
      matches.add(match);
      from = next(text, match);
    }
    return matches;
  }

  private static int next(String text, PgRegex.Match match) {
    if (match.end() > match.start()) {
      return match.end();
    }
    return match.end() < text.length() ? match.end() + Character.charCount(text.codePointAt(match.end())) : match.end() + 1;
  }

  /// Empty matches at the end or right after the previous match do not split.
  private static @Nullable Object[] split(String text, String pattern, RegexFlags flags, CallContext context) {
    PgRegex regex = PgRegex.compile(pattern, flags);
    List<@Nullable Object> parts = new ArrayList<>();
    int from = 0;
    int partStart = 0;
    int previousEnd = 0;
    while (from <= text.length()) {
      PgRegex.Match match = regex.find(text, from, context);
      if (match == null) {
        break;
      }
      if (match.start() < text.length() && match.end() > previousEnd) {
        parts.add(text.substring(partStart, match.start()));
        partStart = match.end();
      }
      previousEnd = match.end();
      from = next(text, match);
    }
    parts.add(text.substring(partStart));
    return parts.toArray();
  }

  private static String replace(String text, String pattern, String replacement, int start, int n, RegexFlags flags, CallContext context) {
    PgRegex regex = PgRegex.compile(pattern, flags);
    StringBuilder out = null;
    int copied = 0;
    int count = 0;
    int from = start - 1 > text.length() ? text.length() + 1 : StringFunctions.offset(text, start - 1);
    if (start - 1 > TextConversions.length(text)) {
      return text;
    }
    while (from <= text.length()) {
      PgRegex.Match match = regex.find(text, from, context);
      if (match == null) {
        break;
      }
      from = next(text, match);
      if (n > 0 && ++count != n) {
        continue;
      }
      out = out == null ? new StringBuilder(text.length() + 16) : out;
      out.append(text, copied, match.start());
      appendReplacement(out, text, replacement, match);
      copied = match.end();
      if (n > 0) {
        break;
      }
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  /// `\1`…`\9` stand for groups, `\&` for the whole match, `\\` for a backslash.
  private static void appendReplacement(StringBuilder out, String text, String replacement, PgRegex.Match match) {
    int at = 0;
    int escape;
    while ((escape = replacement.indexOf('\\', at)) >= 0 && escape + 1 < replacement.length()) {
      out.append(replacement, at, escape);
      char c = replacement.charAt(escape + 1);
      at = escape + 2;
      if (c >= '1' && c <= '9' || c == '&') {
        int group = c == '&' ? 0 : c - '0';
        if (group < match.starts().length && match.starts()[group] >= 0) {
          out.append(text, match.starts()[group], match.ends()[group]);
        }
      } else if (c == '\\') {
        out.append('\\');
      } else {
        out.append('\\');
        at--;
      }
    }
    out.append(replacement, at, replacement.length());
  }

  /// regexp_instr(text, pattern, start, n, endoption, flags, subexpression).
  private static int position(@Nullable Object[] args, CallContext context) {
    String text = (String) args[0];
    int start = args.length > 2 ? atLeast((Integer) args[2], 1, "start") : 1;
    int n = args.length > 3 ? atLeast((Integer) args[3], 1, "n") : 1;
    int endOption = args.length > 4 ? (Integer) args[4] : 0;
    if (endOption != 0 && endOption != 1) {
      throw TypeErrors.invalidParameter("invalid value for parameter \"endoption\": " + endOption);
    }
    int subexpression = args.length > 6 ? atLeast((Integer) args[6], 0, "subexpr") : 0;
    RegexFlags flags = notGlobal(flags(args, 5), "regexp_instr()");
    PgRegex regex = PgRegex.compile((String) args[1], flags);
    PgRegex.Match match = nth(regex, text, start, n, context);
    if (match == null || subexpression > regex.groups() || match.starts()[subexpression] < 0) {
      return 0;
    }
    int offset = endOption == 0 ? match.starts()[subexpression] : match.ends()[subexpression];
    return text.codePointCount(0, offset) + 1;
  }

  /// regexp_substr(text, pattern, start, n, flags, subexpression).
  private static @Nullable String part(@Nullable Object[] args, CallContext context) {
    String text = (String) args[0];
    int start = args.length > 2 ? atLeast((Integer) args[2], 1, "start") : 1;
    int n = args.length > 3 ? atLeast((Integer) args[3], 1, "n") : 1;
    int subexpression = args.length > 5 ? atLeast((Integer) args[5], 0, "subexpr") : 0;
    RegexFlags flags = notGlobal(flags(args, 4), "regexp_substr()");
    PgRegex regex = PgRegex.compile((String) args[1], flags);
    PgRegex.Match match = nth(regex, text, start, n, context);
    return match == null || subexpression > regex.groups() ? null : match.group(text, subexpression);
  }

  private static PgRegex.@Nullable Match nth(PgRegex regex, String text, int start, int n, CallContext context) {
    List<PgRegex.Match> matches = all(regex, text, start - 1, n, context);
    return matches.size() < n ? null : matches.get(n - 1);
  }

  /// A SIMILAR TO pattern as an advanced regular expression. Two escape-double-quotes mark the part that substring returns.
  static String similarToEscape(String pattern, String escape) {
    if (escape.codePointCount(0, escape.length()) > 1) {
      throw new SqlException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid escape string").withHint("Escape string must be empty or one character.");
    }
    int escapeChar = escape.isEmpty() ? -1 : escape.codePointAt(0);
    StringBuilder out = new StringBuilder(pattern.length() + 16).append("^(?:");
    boolean afterEscape = false;
    boolean inSet = false;
    int quotes = 0;
    for (int i = 0; i < pattern.length();) {
      int c = pattern.codePointAt(i);
      i += Character.charCount(c);
      if (afterEscape) {
        if (c == '"' && !inSet) {
          if (quotes == 2) {
            throw new SqlException(SqlState.INVALID_USE_OF_ESCAPE_CHARACTER,
                "SQL regular expression may not contain more than two escape-double-quote separators");
          }
          out.append(quotes++ == 0 ? "){1,1}?(" : "){1,1}(?:");
        } else {
          out.append('\\').appendCodePoint(c);
        }
        afterEscape = false;
      } else if (c == escapeChar) {
        afterEscape = true;
      } else if (inSet) {
        out.append(c == '\\' ? "\\" : "").appendCodePoint(c);
        inSet = c != ']';
      } else {
        switch (c) {
          case '[' -> {
            out.append('[');
            inSet = true;
          }
          case '%' -> out.append(".*");
          case '_' -> out.append('.');
          case '(' -> out.append("(?:");
          case '\\', '.', '^', '$' -> out.append('\\').append((char) c);
          default -> out.appendCodePoint(c);
        }
      }
    }
    return out.append(")$").toString();
  }
}
