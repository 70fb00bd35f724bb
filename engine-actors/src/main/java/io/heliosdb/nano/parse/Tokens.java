package io.heliosdb.nano.parse;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Name;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The tokens of a text and the parser's place among them.
///
/// A token is a kind with start and end offset; its value is made only when the parser asks. Kinds below 128 are the character itself,
/// then the constants here, then [Keywords]. A lexical error becomes an [#ERROR] token that throws when the parser looks at it, so
/// that a syntax error in front of it wins, as in PostgreSQL.
final class Tokens {
  static final int EOF = 0;
  static final int IDENT = 128;
  static final int SCONST = 129;
  static final int BCONST = 130;
  static final int XCONST = 131;
  static final int ICONST = 132;
  static final int FCONST = 133;
  static final int PARAM = 134;
  static final int OP = 135;
  static final int TYPECAST = 136;
  static final int DOT_DOT = 137;
  static final int COLON_EQUALS = 138;
  static final int EQUALS_GREATER = 139;
  static final int LESS_EQUALS = 140;
  static final int GREATER_EQUALS = 141;
  static final int NOT_EQUALS = 142;
  static final int ERROR = 143;

  /// Nesting of statements and expressions beyond which a text is refused; well below what a default thread stack holds.
  static final int DEPTH_MAX = 1000;

  final String text;
  final ParseSettings settings;
  int[] kinds;
  int[] starts;
  int[] ends;
  int count;
  /// Decoded values of the few tokens whose value is not a plain slice of the text.
  private @Nullable Object @Nullable [] values;
  private @Nullable SqlException error;

  /// Index of the current token.
  int index;
  /// Its kind.
  int kind;
  int parameterMax;
  private int depth;
  /// Depth of the expression that is a whole output column, where a label without AS may follow; -1 outside.
  private int columnDepth = -1;

  // The last offset converted to a character position, to convert the next one from there.
  private int knownOffset;
  private int knownPosition;

  /// Indexes of the tokens that become [io.heliosdb.nano.parse.ast.Expression.LiftedLiteral]s, ascending; null if there are none.
  int @Nullable [] lifted;
  /// How many of them the parser has met.
  int liftedMet;

  /// Lifted literals with a minus sign folded in, by index; null where none are lifted.
  java.util.@Nullable BitSet liftedNegated;

  private int @Nullable [] partners;

  Tokens(String text, ParseSettings settings) {
    this.text = text;
    this.settings = settings;
    int expected = Math.max(20, text.length() / 4);
    this.kinds = new int[expected];
    this.starts = new int[expected];
    this.ends = new int[expected];
  }

  // ------------------------------------------------------------------------------------------ filling, by the lexer

  void add(int newKind, int start, int end) {
    if (count == kinds.length) {
      int size = count * 2;
      kinds = Arrays.copyOf(kinds, size);
      starts = Arrays.copyOf(starts, size);
      ends = Arrays.copyOf(ends, size);
    }
    kinds[count] = newKind;
    starts[count] = start;
    ends[count] = end;
    count++;
  }

  void add(int newKind, int start, int end, Object value) {
    if (values == null || values.length <= count) {
      int size = Math.max(kinds.length, count * 2 + 1);
      values = values == null ? new Object[size] : Arrays.copyOf(values, size);
    }
    values[count] = value;
    add(newKind, start, end);
  }

  void addError(SqlException newError, int start, int end) {
    error = newError;
    add(ERROR, start, end);
  }

  void finish() {
    add(EOF, text.length(), text.length());
    add(EOF, text.length(), text.length());
    add(EOF, text.length(), text.length());
    count -= 2;
    seek(0);
  }

  // ------------------------------------------------------------------------------------------ moving

  void seek(int newIndex) {
    index = newIndex;
    kind = kinds[newIndex];
    if (kind == ERROR) {
      throw lexicalError();
    }
  }

  private SqlException lexicalError() {
    return error == null ? new SqlException(SqlState.SYNTAX_ERROR, "syntax error") : error;
  }

  void advance() {
    if (index < count - 1) {
      index++;
      kind = kinds[index];
      if (kind == ERROR) {
        throw lexicalError();
      }
    }
  }

  /// The kind of the token `ahead` places after the current one; looking does not throw.
  int peek(int ahead) {
    int at = index + ahead;
    return at < count ? kinds[at] : EOF;
  }

  boolean is(int expected) {
    return kind == expected;
  }

  boolean is(int expected, int expectedNext) {
    return kind == expected && peek(1) == expectedNext;
  }

  boolean accept(int expected) {
    if (kind != expected) {
      return false;
    }
    advance();
    return true;
  }

  boolean accept(int expected, int expectedNext) {
    if (kind != expected || peek(1) != expectedNext) {
      return false;
    }
    advance();
    advance();
    return true;
  }

  void expect(int expected) {
    if (kind != expected) {
      throw syntaxError();
    }
    advance();
  }

  void expect(int expected, int expectedNext) {
    expect(expected);
    expect(expectedNext);
  }

  /// Whether the current token is an identifier or unreserved word spelled so, for words that are not key words of PostgreSQL.
  boolean isWord(String word) {
    return isWordAt(index, word);
  }

  boolean isWordAt(int at, String word) {
    return at < count
        && kinds[at] == IDENT
        && ends[at] - starts[at] == word.length()
        && text.regionMatches(true, starts[at], word, 0, word.length());
  }

  boolean acceptWord(String word) {
    if (!isWord(word)) {
      return false;
    }
    advance();
    return true;
  }

  /// Index of the token that closes the parenthesis at token `open`, or -1.
  int partner(int open) {
    if (partners == null) {
      partners = new int[count];
      int[] stack = new int[count];
      int height = 0;
      for (int i = 0; i < count; i++) {
        partners[i] = -1;
        if (kinds[i] == '(') {
          stack[height++] = i;
        } else if (kinds[i] == ')' && height > 0) {
          partners[stack[--height]] = i;
        }
      }
    }
    return partners[open];
  }

  // ------------------------------------------------------------------------------------------ depth

  void enter() {
    if (++depth > DEPTH_MAX) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
          .withHint("Break the statement into smaller ones, or nest its expressions less deeply.");
    }
  }

  void leave() {
    depth--;
  }

  /// Declares that the next expression is an output column; the result goes to [#endColumn].
  int beginColumn() {
    int before = columnDepth;
    columnDepth = depth + 1;
    return before;
  }

  void endColumn(int before) {
    columnDepth = before;
  }

  /// Whether the key word at the current token, though an operator, is a column's label because the column ends after it.
  boolean isOperatorLabel() {
    if (depth != columnDepth || !isBareLabel(kind)) {
      return false;
    }
    return switch (peek(1)) {
      case EOF, ',', ';', ')', Keywords.FROM, Keywords.INTO, Keywords.WHERE, Keywords.GROUP, Keywords.HAVING, Keywords.WINDOW,
          Keywords.UNION, Keywords.INTERSECT, Keywords.EXCEPT, Keywords.ORDER, Keywords.LIMIT, Keywords.OFFSET, Keywords.FETCH,
          Keywords.FOR -> true;
      default -> false;
    };
  }

  // ------------------------------------------------------------------------------------------ values and places

  int start() {
    return starts[index];
  }

  /// End offset of the token before the current one.
  int previousEnd() {
    return index == 0 ? 0 : ends[index - 1];
  }

  /// 1-based character position of the current token.
  int position() {
    return positionOf(starts[index]);
  }

  int positionAt(int tokenIndex) {
    return positionOf(starts[tokenIndex]);
  }

  /// 1-based position in code points of a UTF-16 offset.
  int positionOf(int offset) {
    int position = knownPosition;
    for (int i = knownOffset - 1; i >= offset; i--) {
      if (!Character.isLowSurrogate(text.charAt(i))) {
        position--;
      }
    }
    for (int i = knownOffset; i < offset; i++) {
      if (!Character.isLowSurrogate(text.charAt(i))) {
        position++;
      }
    }
    knownOffset = offset;
    knownPosition = position;
    return position + 1;
  }

  /// The text of the token as written.
  String raw(int tokenIndex) {
    return text.substring(starts[tokenIndex], ends[tokenIndex]);
  }

  /// The value of an identifier or key word token: folded and cut as an identifier.
  String identifier(int tokenIndex) {
    int tokenKind = kinds[tokenIndex];
    if (tokenKind >= Keywords.BASE) {
      return Keywords.text(tokenKind);
    }
    Object value = value(tokenIndex);
    if (value != null) {
      return (String) value;
    }
    return Lexer.identifierValue(this, starts[tokenIndex], ends[tokenIndex]);
  }

  /// The value of a string constant.
  String string(int tokenIndex) {
    Object value = value(tokenIndex);
    return value != null ? (String) value : text.substring(starts[tokenIndex] + 1, ends[tokenIndex] - 1);
  }

  /// The symbol of an operator token, `!=` as `<>`.
  String operator(int tokenIndex) {
    int tokenKind = kinds[tokenIndex];
    return switch (tokenKind) {
      case '+' -> "+";
      case '-' -> "-";
      case '*' -> "*";
      case '/' -> "/";
      case '%' -> "%";
      case '^' -> "^";
      case '<' -> "<";
      case '>' -> ">";
      case '=' -> "=";
      case LESS_EQUALS -> "<=";
      case GREATER_EQUALS -> ">=";
      case NOT_EQUALS -> "<>";
      default -> raw(tokenIndex);
    };
  }

  private @Nullable Object value(int tokenIndex) {
    return values == null || tokenIndex >= values.length ? null : values[tokenIndex];
  }

  /// The number of an integer token, which fits an int.
  int integer(int tokenIndex) {
    int result = 0;
    for (int i = starts[tokenIndex]; i < ends[tokenIndex]; i++) {
      result = result * 10 + (text.charAt(i) - '0');
    }
    return result;
  }

  // ------------------------------------------------------------------------------------------ names by key word class

  /// ColId: a name that may be a column or table name.
  static boolean isColumnIdentifier(int tokenKind) {
    if (tokenKind < Keywords.BASE) {
      return tokenKind == IDENT;
    }
    char category = Keywords.categoryOf(tokenKind);
    return category == 'U' || category == 'C';
  }

  /// type_function_name: a name that may be a type or function name.
  static boolean isTypeOrFunctionName(int tokenKind) {
    if (tokenKind < Keywords.BASE) {
      return tokenKind == IDENT;
    }
    char category = Keywords.categoryOf(tokenKind);
    return category == 'U' || category == 'T';
  }

  /// NonReservedWord.
  static boolean isNonReservedWord(int tokenKind) {
    return tokenKind < Keywords.BASE ? tokenKind == IDENT : Keywords.categoryOf(tokenKind) != 'R';
  }

  /// ColLabel: any identifier or key word.
  static boolean isLabel(int tokenKind) {
    return tokenKind == IDENT || tokenKind >= Keywords.BASE;
  }

  /// BareColLabel: a label that needs no AS.
  static boolean isBareLabel(int tokenKind) {
    return tokenKind < Keywords.BASE ? tokenKind == IDENT : Keywords.mayBeBareLabel(tokenKind);
  }

  private String take(boolean allowed) {
    if (!allowed) {
      throw syntaxError();
    }
    String value = identifier(index);
    advance();
    return value;
  }

  String columnIdentifier() {
    return take(isColumnIdentifier(kind));
  }

  /// A ColId with its position.
  Name name() {
    int position = position();
    return new Name(columnIdentifier(), position);
  }

  String typeOrFunctionName() {
    return take(isTypeOrFunctionName(kind));
  }

  String nonReservedWord() {
    return take(isNonReservedWord(kind));
  }

  String label() {
    return take(isLabel(kind));
  }

  String stringConstant() {
    if (kind != SCONST) {
      throw syntaxError();
    }
    String value = string(index);
    advance();
    return value;
  }

  // ------------------------------------------------------------------------------------------ errors

  /// PostgreSQL's syntax error at the current token.
  SqlException syntaxError() {
    return syntaxErrorAt(index);
  }

  SqlException syntaxErrorAt(int tokenIndex) {
    if (kinds[tokenIndex] == EOF) {
      return new SqlException(SqlState.SYNTAX_ERROR, "syntax error at end of input").at(positionAt(tokenIndex));
    }
    return new SqlException(SqlState.SYNTAX_ERROR, "syntax error at or near \"" + raw(tokenIndex) + "\"").at(positionAt(tokenIndex));
  }

  /// A syntax error at the first token that is not an opening parenthesis, where nested ones might still have become a query.
  SqlException syntaxErrorInParentheses() {
    int at = index;
    while (kinds[at] == '(') {
      at++;
    }
    return syntaxErrorAt(at);
  }

  /// An error the grammar itself raises, with PostgreSQL's message.
  SqlException grammarError(String message, int position) {
    return new SqlException(SqlState.SYNTAX_ERROR, message).at(position);
  }

  /// An error in PostgreSQL's form `message at or near "token"` at a token.
  SqlException errorNear(String message, int tokenIndex) {
    String where = kinds[tokenIndex] == EOF ? " at end of input" : " at or near \"" + raw(tokenIndex) + "\"";
    return new SqlException(SqlState.SYNTAX_ERROR, message + where).at(positionAt(tokenIndex));
  }
}
