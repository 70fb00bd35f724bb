package io.heliosdb.nano.parse;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/// Parses PostgreSQL 15's SQL, and HeliosDB's additions to it, into the tree of `parse.ast`.
///
/// Stateless and thread-safe. A syntax error is a [SqlException] 42601 with PostgreSQL's message and position; nesting beyond what the
/// stack holds is 54001. A text is parsed as a whole before anything is returned, as PostgreSQL's simple protocol does.
public final class Parser {
  private Parser() {}

  /// The statements of a text, with default settings; empty if there is nothing but blanks, comments and semicolons.
  public static List<ParsedStatement> parse(String text) {
    return parse(text, ParseSettings.DEFAULT);
  }

  public static List<ParsedStatement> parse(String text, ParseSettings settings) {
    try {
      return parseAll(Lexer.scan(text, settings));
    } catch (StackOverflowError e) {
      throw tooDeep();
    }
  }

  /// The one statement of a text.
  ///
  /// @throws SqlException 42601 if there is none or more than one
  public static ParsedStatement parseSingle(String text, ParseSettings settings) {
    List<ParsedStatement> statements = parse(text, settings);
    if (statements.size() != 1) {
      String message = statements.isEmpty() ? "syntax error at end of input" : "cannot insert multiple commands into a prepared statement";
      throw new SqlException(SqlState.SYNTAX_ERROR, message);
    }
    return statements.getFirst();
  }

  /// A text that is one expression.
  public static Expression parseExpression(String text) {
    Tokens tokens = Lexer.scan(text, ParseSettings.DEFAULT);
    try {
      return toEnd(tokens, ExpressionParser.parse(tokens));
    } catch (StackOverflowError e) {
      throw tooDeep();
    }
  }

  /// A text that may follow the word SELECT, as expressions of PL/pgSQL do; set operations are not taken.
  static SelectStatement parseImpliedSelect(String text) {
    Tokens tokens = Lexer.scan(text, ParseSettings.DEFAULT);
    try {
      return toEnd(tokens, SelectParser.parseImplied(tokens));
    } catch (StackOverflowError e) {
      throw tooDeep();
    }
  }

  /// A text that is one type name, as for `regtype` input and `format_type`'s inverse. SETOF is refused.
  public static TypeName parseTypeName(String text) {
    Tokens tokens = Lexer.scan(text, ParseSettings.DEFAULT);
    TypeName type = toEnd(tokens, TypeParser.parse(tokens));
    if (type.setOf()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "invalid type name \"" + text + "\"");
    }
    return type;
  }

  /// A text that is one possibly qualified name.
  public static QualifiedName parseQualifiedName(String text) {
    Tokens tokens = Lexer.scan(text, ParseSettings.DEFAULT);
    return toEnd(tokens, NameParser.parseAnyName(tokens));
  }

  private static <T> T toEnd(Tokens tokens, T result) {
    if (!tokens.is(Tokens.EOF)) {
      throw tokens.syntaxError();
    }
    return result;
  }

  static SqlException tooDeep() {
    return new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
  }

  static List<ParsedStatement> parseAll(Tokens tokens) {
    List<ParsedStatement> statements = new ArrayList<>(1);
    while (true) {
      while (tokens.accept(';')) {
        // Empty statements vanish.
      }
      if (tokens.is(Tokens.EOF)) {
        return List.copyOf(statements);
      }
      statements.add(parseOne(tokens));
      if (!tokens.is(Tokens.EOF) && !tokens.is(';')) {
        throw tokens.syntaxError();
      }
    }
  }

  private static ParsedStatement parseOne(Tokens tokens) {
    int start = tokens.start();
    tokens.parameterMax = 0;
    Statement statement = StatementParser.parse(tokens);
    return new ParsedStatement(statement, tokens.text, start, tokens.previousEnd(), tokens.parameterMax);
  }
}
