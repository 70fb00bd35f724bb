package io.heliosdb.nano.parse.plpgsql;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.BodyScanner;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.plpgsql.PlDeclaration.CursorArgument;
import io.heliosdb.nano.parse.plpgsql.PlFunctionBody.VariableConflict;
import io.heliosdb.nano.parse.plpgsql.PlStatement.*;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses PL/pgSQL function bodies: blocks and declarations here, statements in [PlStatementParser].
///
/// Errors have PostgreSQL's SQLSTATE and message; positions are 1-based characters in the body. SQL inside is parsed too, so a body that
/// parses has no syntax error left, except in text that EXECUTE will build.
public final class PlpgsqlParser {
  /// Nesting of blocks and statements beyond which a body is refused.
  private static final int DEPTH_MAX = 500;

  private final BodyScanner s;
  private final PlFragments fragments;
  private final PlStatementParser statements;
  private int depth;

  private PlpgsqlParser(String body) {
    this.s = new BodyScanner(body);
    this.fragments = new PlFragments(s);
    this.statements = new PlStatementParser(s, fragments, this);
  }

  /// The tree of a function body (or of a DO block).
  public static PlFunctionBody parse(String body) {
    try {
      return new PlpgsqlParser(body).parseBody();
    } catch (StackOverflowError e) {
      throw tooDeep();
    }
  }

  private static SqlException tooDeep() {
    return new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
  }

  private PlFunctionBody parseBody() {
    VariableConflict conflict = null;
    Boolean printStrict = null;
    while (s.accept("#")) {
      if (s.accept("variable_conflict")) {
        conflict = parseConflict();
      } else if (s.accept("print_strict_params")) {
        printStrict = s.is("on");
        if (!printStrict && !s.is("off")) {
          throw s.syntaxError();
        }
        s.advance();
      } else {
        s.expect("option");
        s.expect("dump");
      }
    }
    if (!startsBlock()) {
      throw s.syntaxError();
    }
    Block block = parseBlock();
    s.accept(";");
    if (!s.atEnd()) {
      throw s.syntaxError();
    }
    return new PlFunctionBody(conflict, printStrict, block);
  }

  private VariableConflict parseConflict() {
    VariableConflict conflict =
        s.is("error")
            ? VariableConflict.ERROR
            : s.is("use_variable") ? VariableConflict.USE_VARIABLE : s.is("use_column") ? VariableConflict.USE_COLUMN : null;
    if (conflict == null) {
      throw s.syntaxError();
    }
    s.advance();
    return conflict;
  }

  // ------------------------------------------------------------------------------------------ blocks

  boolean startsBlock() {
    return s.is("begin") || s.is("declare") || s.is("<<");
  }

  /// `<<label>>`, or null.
  @Nullable String parseOptionalLabel() {
    if (!s.accept("<<")) {
      return null;
    }
    String label = fragments.name();
    s.expect(">>");
    return label;
  }

  private Block parseBlock() {
    return parseBlock(parseOptionalLabel());
  }

  /// A block whose label has been read; the caller reads the semicolon after it.
  Block parseBlock(@Nullable String label) {
    int line = s.line();
    List<PlDeclaration> declarations = s.is("declare") ? parseDeclarations() : List.of();
    if (!s.accept("begin")) {
      throw s.syntaxError();
    }
    List<PlStatement> body = parseStatements("end", "exception");
    List<Handler> handlers = s.accept("exception") ? parseHandlers() : List.of();
    s.expect("end");
    checkEndLabel(label);
    return new Block(label, declarations, body, handlers, line);
  }

  /// The label after END, which must be that of the block or loop.
  void checkEndLabel(@Nullable String label) {
    if (!s.isNameAhead(0)) {
      return;
    }
    int position = s.position();
    String end = fragments.name();
    if (label == null) {
      throw BodyScanner.error("end label \"" + end + "\" specified for unlabeled block", position);
    }
    if (!label.equals(end)) {
      throw BodyScanner.error("end label \"" + end + "\" differs from block's label \"" + label + "\"", position);
    }
  }

  /// Statements up to one of the words, which stays the current token.
  List<PlStatement> parseStatements(String... terminators) {
    if (++depth > DEPTH_MAX) {
      throw tooDeep();
    }
    List<PlStatement> list = new ArrayList<>();
    while (!atTerminator(terminators)) {
      if (s.atEnd()) {
        throw s.syntaxError();
      }
      list.add(statements.parse());
    }
    depth--;
    return List.copyOf(list);
  }

  private boolean atTerminator(String... terminators) {
    for (String terminator : terminators) {
      if (s.is(terminator) && !s.isAhead(1, ":=")) {
        return true;
      }
    }
    return false;
  }

  private List<Handler> parseHandlers() {
    List<Handler> handlers = new ArrayList<>();
    while (s.is("when")) {
      int line = s.line();
      s.advance();
      List<Condition> conditions = new ArrayList<>(1);
      do {
        conditions.add(parseCondition());
      } while (s.accept("or"));
      s.expect("then");
      handlers.add(new Handler(List.copyOf(conditions), parseStatements("when", "end"), line));
    }
    if (handlers.isEmpty()) {
      throw s.syntaxError();
    }
    return List.copyOf(handlers);
  }

  private Condition parseCondition() {
    if (s.is("sqlstate")) {
      s.advance();
      return new Condition(null, parseSqlState());
    }
    int line = s.line();
    String name = fragments.name();
    checkCondition(name, line);
    return new Condition(name, null);
  }

  /// A string of five digits and upper-case letters.
  String parseSqlState() {
    int start = s.index();
    String code = s.string();
    if (!code.matches("[0-9A-Z]{5}")) {
      s.seek(start);
      throw s.errorNear("invalid SQLSTATE code");
    }
    return code;
  }

  static void checkCondition(String name, int line) {
    if (!name.equals("others") && SqlState.ofCondition(name) == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "unrecognized exception condition \"" + name + "\"").withContext("near line " + line);
    }
  }

  // ------------------------------------------------------------------------------------------ declarations

  private List<PlDeclaration> parseDeclarations() {
    s.expect("declare");
    List<PlDeclaration> declarations = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (!s.is("begin")) {
      if (s.accept("declare")) {
        continue;
      }
      if (s.is("<<")) {
        throw BodyScanner.error("block label must be placed before DECLARE, not after", s.position());
      }
      int start = s.index();
      PlDeclaration declaration = parseDeclaration();
      if (!names.add(declaration.name())) {
        s.seek(start);
        throw s.errorNear("duplicate declaration");
      }
      declarations.add(declaration);
    }
    return List.copyOf(declarations);
  }

  private PlDeclaration parseDeclaration() {
    int position = s.position();
    int line = s.line();
    String name = fragments.name();
    if (s.is("alias") && s.isAhead(1, "for")) {
      s.advance();
      s.advance();
      List<String> target = s.isParameter() ? List.of(s.raw()) : fragments.parts();
      s.expect(";");
      return new PlDeclaration.Alias(name, target, position, line);
    }
    if (s.is("cursor") || s.is("scroll") || s.is("no") && s.isAhead(1, "scroll")) {
      return parseCursor(name, position, line);
    }
    boolean constant = s.accept("constant");
    PlType type = parseType("not", "collate", "default", ":=", "=", ";");
    QualifiedName collation = s.accept("collate") ? parseCollation() : null;
    boolean notNull = false;
    if (s.accept("not")) {
      s.expect("null");
      notNull = true;
    }
    PlExpression initial = null;
    if (s.accept(":=") || s.accept("=") || s.accept("default")) {
      initial = fragments.expression(";");
    }
    if (notNull && initial == null) {
      throw new SqlException(
              SqlState.NULL_VALUE_NOT_ALLOWED, "variable \"" + name + "\" must have a default value, since it's declared NOT NULL")
          .at(position);
    }
    s.expect(";");
    return new PlDeclaration.Variable(name, constant, type, collation, notNull, initial, position, line);
  }

  private QualifiedName parseCollation() {
    int position = s.position();
    return new QualifiedName(fragments.parts(), position);
  }

  /// `[NO] SCROLL`: null if neither is written.
  @Nullable Boolean parseScroll() {
    if (s.is("no") && s.isAhead(1, "scroll")) {
      s.advance();
      s.advance();
      return false;
    }
    return s.accept("scroll") ? true : null;
  }

  private PlDeclaration parseCursor(String name, int position, int line) {
    Boolean scroll = parseScroll();
    s.expect("cursor");
    List<CursorArgument> arguments = new ArrayList<>();
    if (s.accept("(")) {
      do {
        String argument = fragments.name();
        arguments.add(new CursorArgument(argument, parseType(",", ")")));
      } while (s.accept(","));
      s.expect(")");
    }
    if (!s.accept("for")) {
      s.expect("is");
    }
    PlSql query = fragments.statement(";");
    s.expect(";");
    return new PlDeclaration.Cursor(name, scroll, List.copyOf(arguments), query, position, line);
  }

  // ------------------------------------------------------------------------------------------ types

  /// A data type up to one of the terminators outside parentheses.
  private PlType parseType(String... terminators) {
    int start = s.start();
    int position = s.position();
    int from = s.index();
    if (s.isNameAhead(0) || s.isParameter() && s.isAhead(1, "%")) {
      PlType percent = parsePercentType(position);
      if (percent != null) {
        return percent;
      }
      s.seek(from);
    }
    int nesting = 0;
    while (nesting > 0 || !atAny(terminators)) {
      if (s.atEnd() || s.is(";")) {
        throw nesting > 0 ? s.errorNear("mismatched parentheses") : s.errorNear("incomplete data type declaration");
      }
      if (s.is("(") || s.is("[")) {
        nesting++;
      } else if (s.is(")") || s.is("]")) {
        nesting--;
      }
      s.advance();
    }
    if (s.index() == from) {
      throw s.errorNear("missing data type declaration");
    }
    String text = s.text().substring(start, s.previousEnd());
    return new PlType.Named(s.parseTypeName(text, start), position);
  }

  private boolean atAny(String... terminators) {
    for (String terminator : terminators) {
      if (s.is(terminator)) {
        return true;
      }
    }
    return false;
  }

  /// `name%TYPE` or `name%ROWTYPE`, or null.
  private @Nullable PlType parsePercentType(int position) {
    List<String> parts = s.isParameter() ? List.of(s.raw()) : fragments.parts();
    if (!s.is("%")) {
      return null;
    }
    s.advance();
    if (s.accept("rowtype")) {
      return new PlType.OfRow(parts, position);
    }
    if (!s.accept("type")) {
      throw s.syntaxError();
    }
    boolean array = false;
    if (s.accept("array")) {
      array = true;
    }
    while (s.accept("[")) {
      array = true;
      if (!s.is("]")) {
        s.advance();
      }
      s.expect("]");
    }
    return new PlType.OfColumn(parts, array, position);
  }
}
