package io.heliosdb.nano.function.regex;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// The options of a regular expression, from a flags argument or from `(?…)` at its start.
///
/// @param global whether `g` was given; a matter of the calling function, not of the expression
/// @param dotExcludesNewline `.` and `[^…]` do not match a newline
/// @param lineAnchors `^` and `$` match at line ends too
public record RegexFlags(Syntax syntax, boolean global, boolean ignoreCase, boolean dotExcludesNewline, boolean lineAnchors, boolean expanded) {
  /// Flavours of regular expressions: advanced, extended, basic, or a literal string.
  public enum Syntax { ADVANCED, EXTENDED, BASIC, LITERAL }

  public static final RegexFlags DEFAULT = new RegexFlags(Syntax.ADVANCED, false, false, false, false, false);
  public static final RegexFlags IGNORE_CASE = new RegexFlags(Syntax.ADVANCED, false, true, false, false, false);

  /// Flags of the `regexp_…` functions.
  ///
  /// @throws SqlException 22023 for an unknown letter
  public static RegexFlags parse(String letters) {
    RegexFlags flags = DEFAULT;
    for (int i = 0; i < letters.length();) {
      int c = letters.codePointAt(i);
      i += Character.charCount(c);
      flags = c == 'g' ? flags.withGlobal() : flags.with(c);
      if (flags == null) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid regular expression option: \"" + Character.toString(c) + "\"");
      }
    }
    return flags;
  }

  private RegexFlags withGlobal() {
    return new RegexFlags(syntax, true, ignoreCase, dotExcludesNewline, lineAnchors, expanded);
  }

  /// With one more option letter; null when there is no such letter.
  @org.jspecify.annotations.Nullable RegexFlags with(int letter) {
    return switch (letter) {
      case 'b' -> withSyntax(Syntax.BASIC);
      // PostgreSQL clears the bit of extended expressions together with those of advanced ones.
      case 'e' -> withSyntax(Syntax.BASIC);
      case 'q' -> withSyntax(Syntax.LITERAL);
      case 'c' -> new RegexFlags(syntax, global, false, dotExcludesNewline, lineAnchors, expanded);
      case 'i' -> new RegexFlags(syntax, global, true, dotExcludesNewline, lineAnchors, expanded);
      case 'm', 'n' -> new RegexFlags(syntax, global, ignoreCase, true, true, expanded);
      case 'p' -> new RegexFlags(syntax, global, ignoreCase, true, false, expanded);
      case 's' -> new RegexFlags(syntax, global, ignoreCase, false, false, expanded);
      case 'w' -> new RegexFlags(syntax, global, ignoreCase, false, true, expanded);
      case 't' -> new RegexFlags(syntax, global, ignoreCase, dotExcludesNewline, lineAnchors, false);
      case 'x' -> new RegexFlags(syntax, global, ignoreCase, dotExcludesNewline, lineAnchors, true);
      default -> null;
    };
  }

  RegexFlags withSyntax(Syntax newSyntax) {
    return new RegexFlags(newSyntax, global, ignoreCase, dotExcludesNewline, lineAnchors, expanded);
  }

  RegexFlags withoutGlobal() {
    return global ? new RegexFlags(syntax, false, ignoreCase, dotExcludesNewline, lineAnchors, expanded) : this;
  }
}
