package io.heliosdb.nano.function.regex;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads PostgreSQL's regular expression syntax. Recursive descent; confined to one parse.
///
/// Errors: 2201B with PostgreSQL's texts. Source: PostgreSQL 15 manual, "POSIX Regular Expressions".
final class RegexParser {
  private static final int MAX_REPEAT = 255;
  private static final int MAX_NESTING = 200;

  static final String WORD = "[\\p{L}\\p{Nd}\\p{Nl}_]";
  private static final String WORD_START = "(?<!" + WORD + ")(?=" + WORD + ")";
  private static final String WORD_END = "(?<=" + WORD + ")(?!" + WORD + ")";

  private final String pattern;
  private RegexFlags flags;
  private int at;
  private int groups;
  private int nesting;
  private int lookDepth;

  RegexParser(String pattern, RegexFlags flags) {
    this.pattern = pattern;
    this.flags = flags;
  }

  static SqlException invalid(String reason) {
    return new SqlException(SqlState.INVALID_REGULAR_EXPRESSION, "invalid regular expression: " + reason);
  }

  RegexFlags flags() {
    return flags;
  }

  int groupCount() {
    return groups;
  }

  RegexNode parse() {
    director();
    if (flags.syntax() == RegexFlags.Syntax.LITERAL) {
      List<RegexNode> parts = new ArrayList<>();
      while (at < pattern.length()) {
        parts.add(literal(nextCodePoint()));
      }
      return new RegexNode.Sequence(parts);
    }
    RegexNode node = alternation();
    if (at < pattern.length()) {
      throw invalid("parentheses () not balanced");
    }
    return node;
  }

  /// `***:`, `***=` and `(?options)` at the start.
  private void director() {
    if (pattern.startsWith("***=")) {
      flags = flags.withSyntax(RegexFlags.Syntax.LITERAL);
      at = 4;
      return;
    }
    if (pattern.startsWith("***:")) {
      flags = flags.withSyntax(RegexFlags.Syntax.ADVANCED);
      at = 4;
    } else if (pattern.startsWith("***")) {
      throw invalid("quantifier operand invalid");
    }
    if (flags.syntax() == RegexFlags.Syntax.ADVANCED && pattern.startsWith("(?", at) && at + 2 < pattern.length()
        && isLetter(pattern.charAt(at + 2))) {
      int i = at + 2;
      for (; i < pattern.length() && isLetter(pattern.charAt(i)); i++) {
        RegexFlags more = flags.with(pattern.charAt(i));
        if (more == null) {
          throw invalid("invalid embedded option");
        }
        flags = more;
      }
      if (i >= pattern.length() || pattern.charAt(i) != ')') {
        throw invalid("invalid embedded option");
      }
      at = i + 1;
    }
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private boolean basic() {
    return flags.syntax() == RegexFlags.Syntax.BASIC;
  }

  private boolean advanced() {
    return flags.syntax() == RegexFlags.Syntax.ADVANCED;
  }

  private boolean looking(String text) {
    return pattern.startsWith(text, at);
  }

  private boolean atClose() {
    return basic() ? looking("\\)") : looking(")");
  }

  private int nextCodePoint() {
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private RegexNode alternation() {
    if (++nesting > MAX_NESTING) {
      throw invalid("regular expression is too complex");
    }
    List<RegexNode> branches = new ArrayList<>();
    branches.add(branch());
    while (!basic() && looking("|")) {
      at++;
      branches.add(branch());
    }
    nesting--;
    return branches.size() == 1 ? branches.getFirst() : new RegexNode.Alternation(longestFirst(branches));
  }

  /// Plain strings are put in order of length, so that the first that works is the longest.
  private static List<RegexNode> longestFirst(List<RegexNode> branches) {
    for (RegexNode branch : branches) {
      if (literalLength(branch) < 0) {
        return branches;
      }
    }
    branches.sort(java.util.Comparator.comparingInt(branch -> -literalLength(branch)));
    return branches;
  }

  private static int literalLength(RegexNode branch) {
    if (branch instanceof RegexNode.CharacterSet) {
      return 1;
    }
    if (!(branch instanceof RegexNode.Sequence sequence)) {
      return -1;
    }
    for (RegexNode part : sequence.parts()) {
      if (!(part instanceof RegexNode.CharacterSet)) {
        return -1;
      }
    }
    return sequence.parts().size();
  }

  private RegexNode branch() {
    List<RegexNode> parts = new ArrayList<>();
    while (true) {
      skipExpanded();
      if (at >= pattern.length() || !basic() && looking("|") || atClose()) {
        if (at < pattern.length() && atClose() && nesting == 1) {
          if (flags.syntax() == RegexFlags.Syntax.EXTENDED) {
            parts.add(quantified(literal(nextCodePoint())));
            continue;
          }
          throw invalid("parentheses () not balanced");
        }
        return parts.size() == 1 ? parts.getFirst() : new RegexNode.Sequence(parts);
      }
      RegexNode atom = atom(parts.isEmpty());
      if (atom != null) {
        parts.add(quantified(atom));
      }
    }
  }

  /// White space and comments of the expanded syntax, and `(?#…)`.
  private void skipExpanded() {
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (flags.expanded() && (c == ' ' || c >= '\t' && c <= '\r')) {
        at++;
      } else if (flags.expanded() && c == '#') {
        while (at < pattern.length() && pattern.charAt(at) != '\n') {
          at++;
        }
      } else if (advanced() && looking("(?#")) {
        int close = pattern.indexOf(')', at);
        if (close < 0) {
          throw invalid("parentheses () not balanced");
        }
        at = close + 1;
      } else {
        return;
      }
    }
  }

  private @Nullable RegexNode atom(boolean first) {
    char c = pattern.charAt(at);
    if (basic()) {
      return basicAtom(first);
    }
    switch (c) {
      case '(':
        at++;
        return group();
      case '[':
        return bracket();
      case '.':
        at++;
        return new RegexNode.CharacterSet(flags.dotExcludesNewline() ? "[^\\n]" : "(?s:.)", -1);
      case '^':
        at++;
        return new RegexNode.Anchor(flags.lineAnchors() ? "(?<![^\\n])" : "\\A");
      case '$':
        at++;
        return new RegexNode.Anchor(flags.lineAnchors() ? "(?![^\\n])" : "\\z");
      case '*', '+', '?':
        throw invalid("quantifier operand invalid");
      case '{':
        if (at + 1 < pattern.length() && Character.isDigit(pattern.charAt(at + 1))) {
          throw invalid("quantifier operand invalid");
        }
        at++;
        return literal('{');
      case '\\':
        return escape();
      default:
        return literal(nextCodePoint());
    }
  }

  private RegexNode basicAtom(boolean first) {
    char c = pattern.charAt(at);
    if (looking("\\(")) {
      at += 2;
      int index = ++groups;
      RegexNode body = alternation();
      if (!looking("\\)")) {
        throw invalid("parentheses () not balanced");
      }
      at += 2;
      return new RegexNode.Group(body, index);
    }
    if (looking("\\<") || looking("\\>")) {
      at += 2;
      return new RegexNode.Anchor(pattern.charAt(at - 1) == '<' ? WORD_START : WORD_END);
    }
    if (c == '\\') {
      if (at + 1 >= pattern.length()) {
        throw invalid("invalid escape \\ sequence");
      }
      at++;
      int escaped = nextCodePoint();
      return escaped >= '1' && escaped <= '9' ? backReference(escaped - '0') : literal(escaped);
    }
    if (c == '[') {
      return bracket();
    }
    at++;
    if (c == '.') {
      return new RegexNode.CharacterSet(flags.dotExcludesNewline() ? "[^\\n]" : "(?s:.)", -1);
    }
    if (c == '^' && first) {
      return new RegexNode.Anchor(flags.lineAnchors() ? "(?<![^\\n])" : "\\A");
    }
    if (c == '$' && (at == pattern.length() || looking("\\)"))) {
      return new RegexNode.Anchor(flags.lineAnchors() ? "(?![^\\n])" : "\\z");
    }
    at--;
    return literal(nextCodePoint());
  }

  private RegexNode group() {
    int index = 0;
    Boolean ahead = null;
    boolean negative = false;
    if (advanced() && looking("?")) {
      if (looking("?:")) {
        at += 2;
      } else if (looking("?=") || looking("?!")) {
        ahead = true;
        negative = pattern.charAt(at + 1) == '!';
        at += 2;
      } else if (looking("?<=") || looking("?<!")) {
        ahead = false;
        negative = pattern.charAt(at + 2) == '!';
        at += 3;
      } else {
        throw invalid("quantifier operand invalid");
      }
    } else if (lookDepth == 0) {
      index = ++groups;
    }
    if (ahead != null) {
      lookDepth++;
    }
    RegexNode body = alternation();
    if (!looking(")")) {
      throw invalid("parentheses () not balanced");
    }
    at++;
    if (ahead != null) {
      lookDepth--;
      return new RegexNode.Look(ahead, negative, body);
    }
    return new RegexNode.Group(body, index);
  }

  private RegexNode quantified(RegexNode atom) {
    skipExpanded();
    if (at >= pattern.length()) {
      return atom;
    }
    int min;
    int max;
    boolean fixed = false;
    char c = pattern.charAt(at);
    if (c == '*') {
      min = 0;
      max = -1;
      at++;
    } else if (!basic() && (c == '+' || c == '?')) {
      min = c == '+' ? 1 : 0;
      max = c == '+' ? -1 : 1;
      at++;
    } else if (basic() ? looking("\\{") : c == '{' && at + 1 < pattern.length() && isDigit(pattern.charAt(at + 1))) {
      at += basic() ? 2 : 1;
      min = count();
      max = min;
      fixed = !looking(",");
      if (!fixed) {
        at++;
        max = at < pattern.length() && isDigit(pattern.charAt(at)) ? count() : -1;
      }
      if (!looking(basic() ? "\\}" : "}")) {
        throw invalid(at >= pattern.length() ? "braces {} not balanced" : "invalid repetition count(s)");
      }
      at += basic() ? 2 : 1;
      if (max >= 0 && max < min) {
        throw invalid("invalid repetition count(s)");
      }
    } else {
      return atom;
    }
    if (atom instanceof RegexNode.Anchor || atom instanceof RegexNode.Look) {
      throw invalid("quantifier operand invalid");
    }
    boolean greedy = true;
    if (advanced() && looking("?")) {
      greedy = false;
      at++;
    }
    skipExpanded();
    if (at < pattern.length() && (pattern.charAt(at) == '*' || !basic() && (pattern.charAt(at) == '+' || pattern.charAt(at) == '?'))) {
      throw invalid("quantifier operand invalid");
    }
    return new RegexNode.Repeat(atom, min, max, greedy, fixed);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private int count() {
    int value = 0;
    while (at < pattern.length() && isDigit(pattern.charAt(at))) {
      value = value * 10 + (pattern.charAt(at++) - '0');
      if (value > MAX_REPEAT) {
        throw invalid("invalid repetition count(s)");
      }
    }
    return value;
  }

  // Escapes

  private RegexNode escape() {
    at++;
    if (at >= pattern.length()) {
      throw invalid("invalid escape \\ sequence");
    }
    int c = nextCodePoint();
    if (!advanced() || !(c < 0x80 && Character.isLetterOrDigit(c))) {
      return literal(c);
    }
    return switch (c) {
      case 'd', 'D', 's', 'S', 'w', 'W' -> {
        boolean negated = c < 'a';
        String body = RegexClasses.shorthand((char) (c | 0x20));
        yield new RegexNode.CharacterSet("[" + (negated ? "^" : "") + body + "]", -1);
      }
      case 'A' -> new RegexNode.Anchor("\\A");
      case 'Z' -> new RegexNode.Anchor("\\z");
      case 'm' -> new RegexNode.Anchor(WORD_START);
      case 'M' -> new RegexNode.Anchor(WORD_END);
      case 'y' -> new RegexNode.Anchor("(?:" + WORD_START + "|" + WORD_END + ")");
      case 'Y' -> new RegexNode.Anchor("(?:(?<!" + WORD + ")(?!" + WORD + ")|(?<=" + WORD + ")(?=" + WORD + "))");
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> numbered(c - '0');
      default -> literal(characterEscape(c));
    };
  }

  /// A back reference, or an octal code when there are not that many groups.
  private RegexNode numbered(int firstDigit) {
    int start = at - 1;
    int number = firstDigit;
    while (at < pattern.length() && isDigit(pattern.charAt(at)) && number < 1000) {
      number = number * 10 + (pattern.charAt(at++) - '0');
    }
    if (number <= 9 || number <= groups) {
      return backReference(number);
    }
    at = start;
    if (firstDigit > 7) {
      throw invalid("invalid backreference number");
    }
    return literal(octal(3));
  }

  private RegexNode backReference(int number) {
    if (number > groups) {
      throw invalid("invalid backreference number");
    }
    return new RegexNode.BackReference(number);
  }

  private int octal(int digits) {
    int value = 0;
    for (int i = 0; i < digits && at < pattern.length() && pattern.charAt(at) >= '0' && pattern.charAt(at) <= '7'; i++) {
      value = value * 8 + (pattern.charAt(at++) - '0');
    }
    return value;
  }

  private int characterEscape(int c) {
    return switch (c) {
      case 'a' -> 7;
      case 'b' -> 8;
      case 'B' -> '\\';
      case 'c' -> {
        if (at >= pattern.length()) {
          throw invalid("invalid escape \\ sequence");
        }
        yield nextCodePoint() & 31;
      }
      case 'e' -> 27;
      case 'f' -> 12;
      case 'n' -> 10;
      case 'r' -> 13;
      case 't' -> 9;
      case 'v' -> 11;
      case 'u' -> hex(4, 4);
      case 'U' -> hex(8, 8);
      case 'x' -> hex(1, 255);
      case '0' -> {
        at--;
        yield octal(3);
      }
      default -> throw invalid("invalid escape \\ sequence");
    };
  }

  private int hex(int least, int most) {
    long value = 0;
    int digits = 0;
    while (digits < most && at < pattern.length() && pattern.charAt(at) < 0x80 && Character.digit(pattern.charAt(at), 16) >= 0) {
      value = Math.min(value * 16 + Character.digit(pattern.charAt(at++), 16), 0x7fffffff);
      digits++;
    }
    if (digits < least || value > Character.MAX_CODE_POINT) {
      throw invalid("invalid escape \\ sequence");
    }
    return (int) value;
  }

  private RegexNode literal(int c) {
    return new RegexNode.CharacterSet(RegexClasses.quote(c), c);
  }

  // Bracket expressions

  private RegexNode bracket() {
    if (looking("[[:<:]]") || looking("[[:>:]]")) {
      boolean start = pattern.charAt(at + 3) == '<';
      at += 7;
      return new RegexNode.Anchor(start ? WORD_START : WORD_END);
    }
    at++;
    boolean negated = looking("^");
    if (negated) {
      at++;
    }
    StringBuilder set = new StringBuilder();
    boolean first = true;
    while (first || !looking("]")) {
      if (at >= pattern.length()) {
        throw invalid("brackets [] not balanced");
      }
      first = false;
      bracketItem(set);
      if (at >= pattern.length()) {
        throw invalid("brackets [] not balanced");
      }
    }
    at++;
    if (negated && flags.dotExcludesNewline()) {
      set.append("\\n");
    }
    return new RegexNode.CharacterSet("[" + (negated ? "^" : "") + set + "]", -1);
  }

  private void bracketItem(StringBuilder set) {
    if (looking("[:")) {
      set.append(RegexClasses.named(delimited(":]"), flags.ignoreCase()));
      return;
    }
    if (looking("[=")) {
      set.append(RegexClasses.quoteInSet(RegexClasses.element(delimited("=]"))));
      return;
    }
    if (advanced() && looking("\\") && at + 1 < pattern.length() && "dswDSW".indexOf(pattern.charAt(at + 1)) >= 0) {
      char kind = pattern.charAt(at + 1);
      at += 2;
      String body = RegexClasses.shorthand((char) (kind | 0x20));
      set.append(kind < 'a' ? "[^" + body + "]" : body);
      return;
    }
    int low = bracketCharacter();
    if (looking("-") && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
      at++;
      if (looking("[:") || looking("[=")) {
        throw invalid("invalid character range");
      }
      int high = bracketCharacter();
      if (high < low) {
        throw invalid("invalid character range");
      }
      set.append(RegexClasses.quoteInSet(low)).append('-').append(RegexClasses.quoteInSet(high));
      return;
    }
    set.append(RegexClasses.quoteInSet(low));
  }

  private int bracketCharacter() {
    if (looking("[.")) {
      return RegexClasses.element(delimited(".]"));
    }
    int c = nextCodePoint();
    if (c == '\\' && advanced()) {
      if (at >= pattern.length()) {
        throw invalid("invalid escape \\ sequence");
      }
      int escaped = nextCodePoint();
      if (!(escaped < 0x80 && Character.isLetterOrDigit(escaped))) {
        return escaped;
      }
      if (escaped >= '1' && escaped <= '7') {
        at--;
        return octal(3);
      }
      return characterEscape(escaped);
    }
    return c;
  }

  private String delimited(String close) {
    int end = pattern.indexOf(close, at + 2);
    if (end < 0) {
      throw invalid("brackets [] not balanced");
    }
    String name = pattern.substring(at + 2, end);
    at = end + 2;
    return name;
  }
}
