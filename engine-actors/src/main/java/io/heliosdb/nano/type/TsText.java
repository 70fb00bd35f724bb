package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// Text of tsvector and tsquery. Source: PostgreSQL 15 manual, "Text Search Types".
final class TsText {
  private static final int LEXEME_BYTES_MAX = 2046;
  private static final int PHRASE_DISTANCE_MAX = 16384;

  private final String text;
  private int at;
  private int depth;

  private TsText(String text) {
    this.text = text;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipSpace() {
    while (at < text.length() && NumericText.isSpace(text.charAt(at))) {
      at++;
    }
  }

  // ---------------------------------------------------------------- tsvector

  static TsVector parseVector(String text) {
    TsText in = new TsText(text);
    TreeMap<String, int[]> lexemes = new TreeMap<>(Collations::compareUtf8);
    in.skipSpace();
    while (in.at < text.length()) {
      String word = in.word(false);
      int[] positions = in.positions();
      lexemes.merge(word, positions, TsText::mergePositions);
      in.skipSpace();
    }
    List<TsVector.Lexeme> list = new ArrayList<>(lexemes.size());
    lexemes.forEach((word, positions) -> list.add(new TsVector.Lexeme(word, positions)));
    return new TsVector(list);
  }

  private SqlException vectorError() {
    return new SqlException(SqlState.SYNTAX_ERROR, "syntax error in tsvector: \"" + text + "\"");
  }

  private SqlException queryError() {
    return new SqlException(SqlState.SYNTAX_ERROR, "syntax error in tsquery: \"" + text + "\"");
  }

  private String word(boolean query) {
    StringBuilder word = new StringBuilder();
    if (peek() == '\'') {
      at++;
      while (true) {
        if (at >= text.length()) {
          throw query ? queryError() : vectorError();
        }
        char c = text.charAt(at++);
        if (c == '\'') {
          if (peek() != '\'') {
            break;
          }
          at++;
        } else if (c == '\\' && at < text.length()) {
          c = text.charAt(at++);
        }
        word.append(c);
      }
    } else {
      while (at < text.length()) {
        char c = text.charAt(at);
        if (NumericText.isSpace(c) || c == ':' || query && "!&|()<".indexOf(c) >= 0) {
          break;
        }
        at++;
        if (c == '\\') {
          if (at >= text.length()) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "there is no escaped character: \"" + text + "\"");
          }
          c = text.charAt(at++);
        }
        word.append(c);
      }
    }
    if (word.isEmpty()) {
      throw query ? queryError() : vectorError();
    }
    String result = word.toString();
    int bytes = result.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LEXEME_BYTES_MAX) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, query ? "word is too long in tsquery: \"" + text + "\""
          : "word is too long (" + bytes + " bytes, max " + LEXEME_BYTES_MAX + " bytes)");
    }
    return result;
  }

  private int[] positions() {
    if (peek() != ':') {
      return new int[0];
    }
    int[] list = new int[4];
    int count = 0;
    do {
      at++;
      int start = at;
      int position = 0;
      while (peek() >= '0' && peek() <= '9') {
        position = Math.min(position * 10 + (peek() - '0'), TsVector.MAX_POSITION);
        at++;
      }
      if (at == start) {
        throw vectorError();
      }
      if (position == 0) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "wrong position info in tsvector: \"" + text + "\"");
      }
      int weight = 0;
      switch (peek()) {
        case 'A', 'a', '*' -> weight = 3;
        case 'B', 'b' -> weight = 2;
        case 'C', 'c' -> weight = 1;
        case 'D', 'd' -> weight = 0;
        default -> at--;
      }
      at++;
      if (count == list.length) {
        list = Arrays.copyOf(list, 2 * count);
      }
      list[count++] = position | weight << 14;
    } while (peek() == ',');
    if (at < text.length() && !NumericText.isSpace(peek())) {
      throw vectorError();
    }
    return mergePositions(Arrays.copyOf(list, count), new int[0]);
  }

  /// Sorted, one entry for each position, the highest weight winning, at most 256.
  static int[] mergePositions(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    for (int i = 0; i < all.length; i++) {
      all[i] = (all[i] & 0x3fff) << 2 | all[i] >>> 14;
    }
    Arrays.sort(all);
    int count = 0;
    for (int i = 0; i < all.length; i++) {
      if (count > 0 && all[count - 1] >>> 2 == all[i] >>> 2) {
        all[count - 1] = all[i];
      } else if (count < TsVector.MAX_POSITIONS_PER_LEXEME) {
        all[count++] = all[i];
      }
    }
    int[] result = new int[count];
    for (int i = 0; i < count; i++) {
      result[i] = all[i] >>> 2 | (all[i] & 3) << 14;
    }
    return result;
  }

  static void format(TsVector vector, ByteSink out) {
    boolean first = true;
    for (TsVector.Lexeme lexeme : vector.lexemes()) {
      if (!first) {
        out.put(' ');
      }
      first = false;
      quoted(lexeme.text(), out);
      char separator = ':';
      for (int entry : lexeme.positions()) {
        out.put(separator).putDecimal(TsVector.Lexeme.position(entry));
        int weight = TsVector.Lexeme.weight(entry);
        if (weight > 0) {
          out.put("DCBA".charAt(weight));
        }
        separator = ',';
      }
    }
  }

  private static void quoted(String text, ByteSink out) {
    out.put('\'').putUtf8(text.replace("\\", "\\\\").replace("'", "''")).put('\'');
  }

  // ---------------------------------------------------------------- tsquery

  static TsQuery parseQuery(String text) {
    TsText in = new TsText(text);
    in.skipSpace();
    if (in.at >= text.length()) {
      return TsQuery.EMPTY;
    }
    TsQuery.Node root = in.or();
    in.skipSpace();
    if (in.at < text.length()) {
      throw in.queryError();
    }
    return new TsQuery(root);
  }

  private TsQuery.Node or() {
    if (++depth > JsonParser.DEPTH_MAX) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
    TsQuery.Node left = and();
    skipSpace();
    while (peek() == '|') {
      at++;
      left = new TsQuery.Or(left, and());
      skipSpace();
    }
    depth--;
    return left;
  }

  private TsQuery.Node and() {
    TsQuery.Node left = phrase();
    skipSpace();
    while (peek() == '&') {
      at++;
      left = new TsQuery.And(left, phrase());
      skipSpace();
    }
    return left;
  }

  private TsQuery.Node phrase() {
    TsQuery.Node left = not();
    skipSpace();
    while (peek() == '<') {
      int distance = distance();
      left = new TsQuery.Phrase(left, not(), distance);
      skipSpace();
    }
    return left;
  }

  private int distance() {
    at++;
    int distance = 1;
    if (peek() == '-') {
      at++;
    } else {
      int start = at;
      distance = 0;
      while (peek() >= '0' && peek() <= '9') {
        distance = Math.min(distance * 10 + (peek() - '0'), PHRASE_DISTANCE_MAX + 1);
        at++;
      }
      if (start == at) {
        throw queryError();
      }
      if (distance > PHRASE_DISTANCE_MAX) {
        throw TypeErrors.invalidParameter("distance in phrase operator must be an integer value between zero and "
            + PHRASE_DISTANCE_MAX + " inclusive");
      }
    }
    if (peek() != '>') {
      throw queryError();
    }
    at++;
    return distance;
  }

  private TsQuery.Node not() {
    skipSpace();
    switch (peek()) {
      case '!' -> {
        at++;
        if (++depth > JsonParser.DEPTH_MAX) {
          throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
        }
        TsQuery.Node node = new TsQuery.Not(not());
        depth--;
        return node;
      }
      case '(' -> {
        at++;
        TsQuery.Node node = or();
        skipSpace();
        if (peek() != ')') {
          throw queryError();
        }
        at++;
        return node;
      }
      case '\0', '&', '|', ')', '<', ':' -> throw at >= text.length()
          ? new SqlException(SqlState.SYNTAX_ERROR, "no operand in tsquery: \"" + text + "\"") : queryError();
      default -> {
        String word = word(true);
        int weights = 0;
        boolean prefix = false;
        if (peek() == ':') {
          at++;
          while (true) {
            char c = peek();
            if (c == '*') {
              prefix = true;
            } else if ("DdCcBbAa".indexOf(c) >= 0 && c != '\0') {
              weights |= 1 << "DCBA".indexOf(Character.toUpperCase(c));
            } else {
              break;
            }
            at++;
          }
        }
        return new TsQuery.Operand(word, weights, prefix);
      }
    }
  }

  static void format(TsQuery query, ByteSink out) {
    if (query.root() != null) {
      node(query.root(), 0, false, out);
    }
  }

  private static int priority(TsQuery.Node node) {
    return switch (node) {
      case TsQuery.Or or -> 1;
      case TsQuery.And and -> 2;
      case TsQuery.Phrase phrase -> 3;
      case TsQuery.Not not -> 4;
      case TsQuery.Operand operand -> 5;
    };
  }

  private static void node(TsQuery.Node node, int parentPriority, boolean rightOfPhrase, ByteSink out) {
    int priority = priority(node);
    switch (node) {
      case TsQuery.Operand operand -> {
        quoted(operand.text(), out);
        if (operand.weights() != 0 || operand.prefix()) {
          out.put(':');
          if (operand.prefix()) {
            out.put('*');
          }
          for (int weight = 3; weight >= 0; weight--) {
            if ((operand.weights() & 1 << weight) != 0) {
              out.put("DCBA".charAt(weight));
            }
          }
        }
      }
      case TsQuery.Not not -> {
        boolean parentheses = priority < parentPriority;
        out.putAscii(parentheses ? "( !" : "!");
        node(not.argument(), priority, false, out);
        out.putAscii(parentheses ? " )" : "");
      }
      case TsQuery.Or or -> binary(or.left(), " | ", or.right(), priority, parentPriority, rightOfPhrase, out);
      case TsQuery.And and -> binary(and.left(), " & ", and.right(), priority, parentPriority, rightOfPhrase, out);
      case TsQuery.Phrase phrase -> binary(phrase.left(), phrase.distance() == 1 ? " <-> " : " <" + phrase.distance() + "> ",
          phrase.right(), priority, parentPriority, rightOfPhrase, out);
    }
  }

  private static void binary(
      TsQuery.Node left, String operator, TsQuery.Node right, int priority, int parentPriority, boolean rightOfPhrase, ByteSink out) {
    boolean parentheses = priority < parentPriority || rightOfPhrase && priority == 3;
    out.putAscii(parentheses ? "( " : "");
    node(left, priority, false, out);
    out.putAscii(operator);
    node(right, priority, priority == 3, out);
    out.putAscii(parentheses ? " )" : "");
  }
}
