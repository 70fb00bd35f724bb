package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.regex.PgRegex;
import io.heliosdb.nano.function.regex.RegexFlags;
import io.heliosdb.nano.type.JsonPath.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads the text of a SQL/JSON path by recursive descent. Confined to its caller. Errors: 42601.
final class JsonPathParser {
  private static final int DEPTH_MAX = 500;

  private enum Kind {
    END, WORD, STRING, NUMBER, VARIABLE, SYMBOL
  }

  private final String text;
  private int at;
  private Kind kind = Kind.END;
  private String token = "";
  private int tokenStart;
  private int filterDepth;
  private int subscriptDepth;
  private int depth;

  JsonPathParser(String text) {
    this.text = text;
    advance();
  }

  JsonPath path() {
    boolean lax = true;
    if (isWord("strict") || isWord("lax")) {
      lax = isWord("lax");
      advance();
    }
    if (kind == Kind.END) {
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type jsonpath: \"" + text + "\"");
    }
    Node root = or();
    if (kind != Kind.END) {
      throw error();
    }
    return new JsonPath(lax, root);
  }

  private SqlException error() {
    return syntax("syntax error");
  }

  private SqlException syntax(String message) {
    return new SqlException(SqlState.SYNTAX_ERROR, kind == Kind.END ? message + " at end of jsonpath input"
        : message + " at or near \"" + text.substring(tokenStart, at) + "\" of jsonpath input");
  }

  // ---------------------------------------------------------------- tokens

  private void advance() {
    skipBlank();
    tokenStart = at;
    if (at >= text.length()) {
      kind = Kind.END;
      token = "";
      return;
    }
    char c = text.charAt(at);
    if (c == '"') {
      at++;
      token = quoted();
      kind = Kind.STRING;
    } else if (c == '$') {
      at++;
      if (at < text.length() && text.charAt(at) == '"') {
        at++;
        token = quoted();
        kind = Kind.VARIABLE;
      } else if (at < text.length() && isWordChar(text.charAt(at))) {
        token = word();
        kind = Kind.VARIABLE;
      } else {
        token = "$";
        kind = Kind.SYMBOL;
      }
    } else if (c >= '0' && c <= '9' || c == '.' && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1))) {
      number();
    } else if (isWordChar(c)) {
      token = word();
      kind = Kind.WORD;
    } else {
      kind = Kind.SYMBOL;
      for (String symbol : new String[] {"**", "==", "!=", "<>", "<=", ">=", "&&", "||"}) {
        if (text.startsWith(symbol, at)) {
          token = symbol;
          at += 2;
          return;
        }
      }
      token = String.valueOf(c);
      at++;
    }
  }

  private void skipBlank() {
    while (at < text.length()) {
      if (NumericText.isSpace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "unexpected end of comment at end of jsonpath input");
        }
        at = end + 2;
      } else {
        return;
      }
    }
  }

  private static boolean isWordChar(char c) {
    return "?%$.[]{}()|&!=<>@#,*:-+/\"".indexOf(c) < 0 && c > ' ';
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    while (at < text.length() && isWordChar(text.charAt(at))) {
      char c = text.charAt(at++);
      if (c == '\\') {
        escape(word);
      } else {
        word.append(c);
      }
    }
    return word.toString();
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    while (true) {
      if (at >= text.length()) {
        kind = Kind.END;
        throw syntax("unterminated quoted string");
      }
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c == '\\') {
        escape(value);
      } else {
        value.append(c);
      }
    }
  }

  private void escape(StringBuilder value) {
    if (at >= text.length()) {
      kind = Kind.END;
      throw syntax("unexpected end after backslash");
    }
    char c = text.charAt(at++);
    switch (c) {
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'v' -> value.append('\u000b');
      case 'x' -> value.append((char) hex(2));
      case 'u' -> {
        if (at < text.length() && text.charAt(at) == '{') {
          int close = text.indexOf('}', at);
          int digits = close - at - 1;
          at++;
          if (close < 0 || digits < 1 || digits > 6) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "invalid unicode sequence at or near \"" + text.substring(tokenStart)
                + "\" of jsonpath input");
          }
          value.appendCodePoint(codePoint(hex(digits)));
          at++;
        } else {
          value.append((char) codePoint(hex(4)));
        }
      }
      default -> value.append(c);
    }
  }

  private static int codePoint(int code) {
    if (code == 0) {
      throw new SqlException(SqlState.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence")
          .withDetail("\\u0000 cannot be converted to text.");
    }
    if (code > 0x10ffff) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode escape value");
    }
    return code;
  }

  private int hex(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at < text.length() && text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "invalid hexadecimal character sequence at or near \""
            + text.substring(tokenStart, Math.min(at + 1, text.length())) + "\" of jsonpath input");
      }
      value = value << 4 | digit;
      at++;
    }
    return value;
  }

  private void number() {
    int start = at;
    at = DateTimeFields.digits(text, at);
    if (at - start > 1 && text.charAt(start) == '0') {
      kind = Kind.NUMBER;
      throw syntax("trailing junk after numeric literal");
    }
    if (at < text.length() && text.charAt(at) == '.' && (at + 1 >= text.length() || text.charAt(at + 1) != '*')) {
      at = DateTimeFields.digits(text, at + 1);
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at + 1;
      if (exponent < text.length() && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
        exponent++;
      }
      int end = DateTimeFields.digits(text, exponent);
      if (end > exponent) {
        at = end;
      }
    }
    if (at < text.length() && isWordChar(text.charAt(at))) {
      at++;
      kind = Kind.NUMBER;
      throw syntax("trailing junk after numeric literal");
    }
    token = text.substring(start, at);
    kind = Kind.NUMBER;
  }

  private boolean isWord(String word) {
    return kind == Kind.WORD && token.equalsIgnoreCase(word);
  }

  private boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && token.equals(symbol);
  }

  private boolean take(String symbol) {
    if (isSymbol(symbol)) {
      advance();
      return true;
    }
    return false;
  }

  private void expect(String symbol) {
    if (!take(symbol)) {
      throw error();
    }
  }

  private void expectWord(String word) {
    if (!isWord(word)) {
      throw error();
    }
    advance();
  }

  // ---------------------------------------------------------------- grammar

  private Node or() {
    if (++depth > DEPTH_MAX) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
    Node left = and();
    while (isSymbol("||")) {
      requirePredicate(left);
      advance();
      Node right = and();
      requirePredicate(right);
      left = new JsonPath.Binary("||", left, right, null);
    }
    depth--;
    return left;
  }

  private Node and() {
    Node left = comparison();
    while (isSymbol("&&")) {
      requirePredicate(left);
      advance();
      Node right = comparison();
      requirePredicate(right);
      left = new JsonPath.Binary("&&", left, right, null);
    }
    return left;
  }

  private void requirePredicate(Node node) {
    if (!JsonPath.isPredicate(node)) {
      throw error();
    }
  }

  private Node comparison() {
    if (take("!")) {
      Node argument;
      if (isWord("exists")) {
        argument = exists();
      } else {
        expect("(");
        argument = or();
        requirePredicate(argument);
        expect(")");
      }
      return new JsonPath.Not(argument, null);
    }
    Node left = sum();
    String operator = kind == Kind.SYMBOL ? token : "";
    switch (operator) {
      case "==", "!=", "<>", "<", "<=", ">", ">=" -> {
        advance();
        return new JsonPath.Binary(operator.equals("<>") ? "!=" : operator, left, sum(), null);
      }
      default -> { }
    }
    if (isWord("starts")) {
      advance();
      expectWord("with");
      Node initial = kind == Kind.STRING ? new JsonPath.Literal(Jsonb.of(token), null)
          : kind == Kind.VARIABLE ? new JsonPath.Variable(token, null) : null;
      if (initial == null) {
        throw error();
      }
      advance();
      return new JsonPath.Binary("starts with", left, initial, null);
    }
    if (isWord("like_regex")) {
      return likeRegex(left);
    }
    if (isWord("is") && JsonPath.isPredicate(left)) {
      advance();
      expectWord("unknown");
      return new JsonPath.IsUnknown(left, null);
    }
    return left;
  }

  private Node likeRegex(Node left) {
    advance();
    if (kind != Kind.STRING) {
      throw error();
    }
    String pattern = token;
    advance();
    String flags = "";
    if (isWord("flag")) {
      advance();
      if (kind != Kind.STRING) {
        throw error();
      }
      for (char flag : token.toCharArray()) {
        if ("ismxq".indexOf(flag) < 0) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "invalid input syntax for type jsonpath")
              .withDetail("Unrecognized flag character \"" + flag + "\" in LIKE_REGEX predicate.");
        }
      }
      flags = normalizedFlags(token);
      advance();
    }
    PgRegex.compile(pattern, regexFlags(flags));
    return new JsonPath.LikeRegex(left, pattern, flags, null);
  }

  /// What the flags of `like_regex` mean to a regular expression.
  ///
  /// @throws SqlException 0A000 for `x`, unless the pattern is a plain text
  static RegexFlags regexFlags(String letters) {
    boolean literal = letters.contains("q");
    if (!literal && letters.contains("x")) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "XQuery \"x\" flag (expanded regular expressions) is not implemented");
    }
    return new RegexFlags(literal ? RegexFlags.Syntax.LITERAL : RegexFlags.Syntax.ADVANCED, false, letters.contains("i"),
        literal || !letters.contains("s"), !literal && letters.contains("m"), false);
  }

  private static String normalizedFlags(String flags) {
    StringBuilder result = new StringBuilder();
    for (char flag : "ismxq".toCharArray()) {
      if (flags.indexOf(flag) >= 0) {
        result.append(flag);
      }
    }
    return result.toString();
  }

  private Node sum() {
    Node left = product();
    while (isSymbol("+") || isSymbol("-")) {
      String operator = token;
      advance();
      left = new JsonPath.Binary(operator, left, product(), null);
    }
    return left;
  }

  private Node product() {
    Node left = signed();
    while (isSymbol("*") || isSymbol("/") || isSymbol("%")) {
      String operator = token;
      advance();
      left = new JsonPath.Binary(operator, left, signed(), null);
    }
    return left;
  }

  private Node signed() {
    if (isSymbol("+") || isSymbol("-")) {
      char operator = token.charAt(0);
      advance();
      if (++depth > DEPTH_MAX) {
        throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
      }
      Node argument = signed();
      depth--;
      if (argument instanceof JsonPath.Literal literal && literal.next() == null && literal.value().kind() == Jsonb.Kind.NUMBER) {
        Numeric number = literal.value().numberValue();
        return new JsonPath.Literal(Jsonb.of(operator == '-' ? number.negate() : number), null);
      }
      return new JsonPath.Sign(operator, argument, null);
    }
    return accessors();
  }

  private Node exists() {
    advance();
    expect("(");
    Node argument = or();
    expect(")");
    return new JsonPath.Exists(argument, null);
  }

  private Node accessors() {
    Node head = primary();
    List<UnaryOperator<@Nullable Node>> chain = new ArrayList<>();
    while (true) {
      if (isSymbol(".")) {
        advance();
        chain.add(member());
      } else if (isSymbol("[")) {
        advance();
        chain.add(subscripts());
      } else if (isSymbol("?")) {
        advance();
        expect("(");
        filterDepth++;
        Node predicate = or();
        requirePredicate(predicate);
        filterDepth--;
        expect(")");
        chain.add(next -> new JsonPath.Filter(predicate, next));
      } else {
        break;
      }
    }
    Node next = null;
    for (int i = chain.size() - 1; i >= 0; i--) {
      next = chain.get(i).apply(next);
    }
    return next == null ? head : withNext(head, next);
  }

  private Node primary() {
    String word = token;
    switch (kind) {
      case STRING -> {
        advance();
        return new JsonPath.Literal(Jsonb.of(word), null);
      }
      case NUMBER -> {
        advance();
        return new JsonPath.Literal(Jsonb.of(Numeric.parse(word)), null);
      }
      case VARIABLE -> {
        advance();
        return new JsonPath.Variable(word, null);
      }
      case WORD -> {
        // The literals are lower case only; the other words are not.
        switch (word) {
          case "true", "false" -> {
            advance();
            return new JsonPath.Literal(Jsonb.of(word.equals("true")), null);
          }
          case "null" -> {
            advance();
            return new JsonPath.Literal(Jsonb.NULL, null);
          }
          default -> { }
        }
        if (isWord("exists")) {
          return exists();
        }
        if (isWord("last")) {
          if (subscriptDepth == 0) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "LAST is allowed only in array subscripts");
          }
          advance();
          return new JsonPath.Last(null);
        }
        throw error();
      }
      case SYMBOL -> {
        if (take("$")) {
          return new JsonPath.Root(null);
        }
        if (isSymbol("@")) {
          if (filterDepth == 0) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "@ is not allowed in root expressions");
          }
          advance();
          return new JsonPath.Current(null);
        }
        if (take("(")) {
          Node inner = or();
          expect(")");
          return inner;
        }
        throw error();
      }
      default -> throw error();
    }
  }

  private UnaryOperator<@Nullable Node> member() {
    if (take("*")) {
      return JsonPath.AnyKey::new;
    }
    if (isSymbol("**")) {
      advance();
      return anyLevel();
    }
    if (kind != Kind.WORD && kind != Kind.STRING) {
      if (kind == Kind.VARIABLE) {
        String key = text.substring(tokenStart, at);
        advance();
        return next -> new JsonPath.Key(key, next);
      }
      throw error();
    }
    String key = token;
    boolean quoted = kind == Kind.STRING;
    advance();
    if (!quoted && isSymbol("(")) {
      switch (key.toLowerCase(java.util.Locale.ROOT)) {
        case "type", "size", "abs", "floor", "ceiling", "double", "keyvalue" -> {
          advance();
          expect(")");
          String name = key.toLowerCase(java.util.Locale.ROOT);
          return next -> new JsonPath.Method(name, null, next);
        }
        case "datetime" -> {
          advance();
          String template = kind == Kind.STRING ? token : null;
          if (template != null) {
            advance();
          }
          expect(")");
          return next -> new JsonPath.Method("datetime", template, next);
        }
        default -> throw error();
      }
    }
    return next -> new JsonPath.Key(key, next);
  }

  private UnaryOperator<@Nullable Node> anyLevel() {
    int first = 0;
    int last = JsonPath.LAST_LEVEL;
    if (take("{")) {
      first = level();
      last = first;
      if (isWord("to")) {
        advance();
        last = level();
      }
      expect("}");
    }
    int from = first;
    int to = last;
    return next -> new JsonPath.AnyLevel(from, to, next);
  }

  private int level() {
    if (isWord("last")) {
      advance();
      return JsonPath.LAST_LEVEL;
    }
    if (kind != Kind.NUMBER) {
      throw error();
    }
    int value = (int) TextInput.integer(token, "integer", 0, Integer.MAX_VALUE - 1);
    advance();
    return value;
  }

  private UnaryOperator<@Nullable Node> subscripts() {
    if (take("*")) {
      expect("]");
      return JsonPath.AnyElement::new;
    }
    subscriptDepth++;
    List<JsonPath.Subscript> ranges = new ArrayList<>();
    do {
      Node from = sum();
      Node to = null;
      if (isWord("to")) {
        advance();
        to = sum();
      }
      ranges.add(new JsonPath.Subscript(from, to));
    } while (take(","));
    subscriptDepth--;
    expect("]");
    return next -> new JsonPath.Subscripts(ranges, next);
  }

  /// The chain with more accessors at its end.
  private static Node withNext(Node node, Node more) {
    Node next = node.next() == null ? more : withNext(node.next(), more);
    return switch (node) {
      case JsonPath.Root n -> new JsonPath.Root(next);
      case JsonPath.Current n -> new JsonPath.Current(next);
      case JsonPath.Last n -> new JsonPath.Last(next);
      case JsonPath.Literal n -> new JsonPath.Literal(n.value(), next);
      case JsonPath.Variable n -> new JsonPath.Variable(n.name(), next);
      case JsonPath.Key n -> new JsonPath.Key(n.key(), next);
      case JsonPath.AnyKey n -> new JsonPath.AnyKey(next);
      case JsonPath.AnyElement n -> new JsonPath.AnyElement(next);
      case JsonPath.AnyLevel n -> new JsonPath.AnyLevel(n.first(), n.last(), next);
      case JsonPath.Subscripts n -> new JsonPath.Subscripts(n.ranges(), next);
      case JsonPath.Filter n -> new JsonPath.Filter(n.predicate(), next);
      case JsonPath.Method n -> new JsonPath.Method(n.name(), n.template(), next);
      case JsonPath.Binary n -> new JsonPath.Binary(n.operator(), n.left(), n.right(), next);
      case JsonPath.Sign n -> new JsonPath.Sign(n.operator(), n.argument(), next);
      case JsonPath.Not n -> new JsonPath.Not(n.argument(), next);
      case JsonPath.IsUnknown n -> new JsonPath.IsUnknown(n.argument(), next);
      case JsonPath.Exists n -> new JsonPath.Exists(n.argument(), next);
      case JsonPath.LikeRegex n -> new JsonPath.LikeRegex(n.argument(), n.pattern(), n.flags(), next);
    };
  }
}
