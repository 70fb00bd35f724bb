package io.heliosdb.nano.parse;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The tokens of a function body in a procedural language whose lexical rules are SQL's, for parsers outside this package.
///
/// Words are compared by spelling, quoted identifiers never match; so a language may have words of its own. Parts of the body that are
/// SQL are parsed from their text; positions of errors in them are moved to the body. Not thread-safe.
public final class BodyScanner {
  private final Tokens t;
  // The offset up to which lines were counted, and the line there.
  private int lineOffset;
  private int line = 1;

  public BodyScanner(String body) {
    this.t = Lexer.scan(body, ParseSettings.DEFAULT);
  }

  public String text() {
    return t.text;
  }

  /// Index of the current token, to return to with [#seek].
  public int index() {
    return t.index;
  }

  public void seek(int index) {
    t.seek(index);
  }

  public void advance() {
    t.advance();
  }

  public boolean atEnd() {
    return t.is(Tokens.EOF);
  }

  // ------------------------------------------------------------------------------------------ looking

  /// Whether the token `ahead` places on is spelled so: a word in lower case, or an operator or other symbol.
  public boolean isAhead(int ahead, String spelling) {
    int at = t.index + ahead;
    if (at >= t.count || t.ends[at] - t.starts[at] != spelling.length()) {
      return false;
    }
    return t.text.regionMatches(true, t.starts[at], spelling, 0, spelling.length());
  }

  public boolean is(String spelling) {
    return isAhead(0, spelling);
  }

  public boolean accept(String spelling) {
    if (!is(spelling)) {
      return false;
    }
    t.advance();
    return true;
  }

  public void expect(String spelling) {
    if (!accept(spelling)) {
      throw t.syntaxError();
    }
  }

  /// Whether the token `ahead` places on is an identifier or any key word.
  public boolean isNameAhead(int ahead) {
    return Tokens.isLabel(t.peek(ahead));
  }

  public boolean isQuoted() {
    return t.text.charAt(t.start()) == '"';
  }

  public boolean isString() {
    return t.is(Tokens.SCONST);
  }

  public boolean isParameter() {
    return t.is(Tokens.PARAM);
  }

  public boolean isOperatorLike() {
    return t.kind == Tokens.OP;
  }

  // ------------------------------------------------------------------------------------------ taking

  /// An identifier or key word as a name: folded and cut.
  public String name() {
    return t.label();
  }

  public String string() {
    return t.stringConstant();
  }

  /// The current token as written.
  public String raw() {
    String raw = t.raw(t.index);
    t.advance();
    return raw;
  }

  // ------------------------------------------------------------------------------------------ places

  public int start() {
    return t.start();
  }

  public int previousEnd() {
    return t.previousEnd();
  }

  /// 1-based character position of the current token in the body.
  public int position() {
    return t.position();
  }

  public int positionOf(int offset) {
    return t.positionOf(offset);
  }

  /// 1-based line of the current token; the line of the body's first character is 1.
  public int line() {
    int start = t.start();
    if (start < lineOffset) {
      lineOffset = 0;
      line = 1;
    }
    for (; lineOffset < start; lineOffset++) {
      if (t.text.charAt(lineOffset) == '\n') {
        line++;
      }
    }
    return line;
  }

  // ------------------------------------------------------------------------------------------ errors

  public SqlException syntaxError() {
    return t.syntaxError();
  }

  /// `message at or near "token"` at the current token.
  public SqlException errorNear(String message) {
    return t.errorNear(message, t.index);
  }

  public static SqlException error(String message, int position) {
    return new SqlException(SqlState.SYNTAX_ERROR, message).at(position);
  }

  // ------------------------------------------------------------------------------------------ SQL inside

  /// Parses what may follow SELECT: an expression, or more with FROM and so on. `offset` is the text's place in the body.
  public SelectStatement parseImpliedSelect(String sql, int offset) {
    return inBody(offset, () -> Parser.parseImpliedSelect(sql));
  }

  /// Parses one statement.
  public Statement parseStatement(String sql, int offset) {
    return inBody(offset, () -> Parser.parseSingle(sql, ParseSettings.DEFAULT).statement());
  }

  public TypeName parseTypeName(String sql, int offset) {
    return inBody(offset, () -> Parser.parseTypeName(sql));
  }

  private <T> T inBody(int offset, Supplier<T> production) {
    try {
      return production.get();
    } catch (SqlException e) {
      if (e.position() == 0) {
        throw e;
      }
      int position = e.position() + positionOf(offset) - 1;
      throw new SqlException(e.state(), e.getMessage()).withDetail(e.detail()).withHint(e.hint()).at(position);
    }
  }

  /// The parts of a name at the current token, joined by dots in the text.
  public List<String> parseParts() {
    List<String> parts = new ArrayList<>(2);
    parts.add(name());
    while (is(".") && isNameAhead(1)) {
      advance();
      parts.add(name());
    }
    return List.copyOf(parts);
  }
}
