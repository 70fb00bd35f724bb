package io.heliosdb.nano.parse.plpgsql;

import io.heliosdb.nano.parse.BodyScanner;
import io.heliosdb.nano.parse.ast.SelectStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The pieces of SQL in a body: expressions up to a terminating word, statements up to a semicolon, INTO targets.
final class PlFragments {
  private final BodyScanner s;

  PlFragments(BodyScanner scanner) {
    this.s = scanner;
  }

  // ------------------------------------------------------------------------------------------ extents

  /// Whether one of the terminators stands at the current token.
  private boolean atAny(String... terminators) {
    for (String terminator : terminators) {
      if (s.is(terminator)) {
        return true;
      }
    }
    return false;
  }

  /// Moves to the first of the terminators outside parentheses and CASE expressions. A semicolon or the end before it is an error that
  /// names the first one, as PostgreSQL's.
  private void skipTo(String... terminators) {
    int depth = 0;
    int cases = 0;
    int start = s.index();
    while (true) {
      if (depth == 0 && cases == 0 && atAny(terminators)) {
        return;
      }
      if (s.atEnd() || s.is(";")) {
        if (depth > 0) {
          throw s.errorNear("mismatched parentheses");
        }
        if (cases > 0 && s.index() > start) {
          // The word CASE was not an expression's; look again without counting it.
          s.seek(start);
          skipFlat(terminators);
          return;
        }
        throw missing(terminators[0]);
      }
      if (s.is("(") || s.is("[")) {
        depth++;
      } else if (s.is(")") || s.is("]")) {
        if (--depth < 0) {
          throw s.errorNear("mismatched parentheses");
        }
      } else if (s.is("case")) {
        cases++;
      } else if (cases > 0 && s.is("end")) {
        cases--;
      }
      s.advance();
    }
  }

  private void skipFlat(String... terminators) {
    while (!atAny(terminators)) {
      if (s.atEnd() || s.is(";")) {
        throw missing(terminators[0]);
      }
      s.advance();
    }
  }

  private RuntimeException missing(String terminator) {
    if (s.atEnd() && terminator.equals(";")) {
      return s.syntaxError();
    }
    String word = terminator.toUpperCase(Locale.ROOT);
    return BodyScanner.error("missing \"" + word + "\" at end of SQL expression", s.position());
  }

  // ------------------------------------------------------------------------------------------ names

  /// PL/pgSQL's reserved words, which need quotes as names.
  private static final Set<String> RESERVED =
      Set.of(
          "all", "begin", "by", "case", "declare", "else", "end", "execute", "for", "foreach", "from", "if", "in", "into", "loop", "not",
          "null", "or", "strict", "then", "to", "using", "when", "while");

  /// An identifier that is no reserved word.
  String name() {
    checkName();
    return s.name();
  }

  private void checkName() {
    if (!s.isNameAhead(0)) {
      throw s.syntaxError();
    }
    if (!s.isQuoted()) {
      int index = s.index();
      String word = s.raw().toLowerCase(Locale.ROOT);
      s.seek(index);
      if (RESERVED.contains(word)) {
        throw s.syntaxError();
      }
    }
  }

  /// A possibly qualified name that does not begin with a reserved word.
  List<String> parts() {
    checkName();
    return s.parseParts();
  }

  // ------------------------------------------------------------------------------------------ expressions

  /// An expression up to one of the terminators, which stays the current token.
  PlExpression expression(String... terminators) {
    int start = s.start();
    int from = s.index();
    skipTo(terminators);
    if (s.index() == from) {
      throw s.errorNear("missing expression");
    }
    return expressionAt(start, s.previousEnd());
  }

  /// An expression and its terminator.
  PlExpression expressionBefore(String terminator) {
    PlExpression expression = expression(terminator);
    s.expect(terminator);
    return expression;
  }

  PlExpression expressionAt(int start, int end) {
    String text = s.text().substring(start, end);
    SelectStatement query = s.parseImpliedSelect(text, start);
    return new PlExpression(text, query, s.positionOf(start));
  }

  /// Expressions separated by commas, up to one of the terminators.
  List<PlExpression> expressions(String... terminators) {
    String[] all = new String[terminators.length + 1];
    System.arraycopy(terminators, 0, all, 0, terminators.length);
    all[terminators.length] = ",";
    List<PlExpression> list = new ArrayList<>(2);
    do {
      list.add(expression(all));
    } while (s.accept(","));
    return List.copyOf(list);
  }

  // ------------------------------------------------------------------------------------------ statements

  /// A statement up to one of the terminators, which stays the current token.
  PlSql statement(String terminator) {
    int start = s.start();
    int from = s.index();
    skipTo(terminator);
    if (s.index() == from) {
      throw s.errorNear("missing SQL statement");
    }
    String text = s.text().substring(start, s.previousEnd());
    return new PlSql(text, s.parseStatement(text, start), s.positionOf(start));
  }

  /// A statement up to its semicolon with INTO taken out of it.
  PlStatement.Sql statementWithInto(int line) {
    if (s.is(";")) {
      throw s.syntaxError();
    }
    int start = s.start();
    List<PlTarget> into = null;
    boolean strict = false;
    int intoStart = 0;
    int intoEnd = 0;
    String previous = "";
    int depth = 0;
    while (!s.is(";") || depth > 0) {
      if (s.atEnd()) {
        throw s.errorNear("unexpected end of function definition");
      }
      if (s.is("into") && !previous.equals("insert") && !previous.equals("merge")) {
        if (into != null) {
          throw BodyScanner.error("INTO specified more than once", s.position());
        }
        intoStart = s.start();
        s.advance();
        strict = s.accept("strict");
        into = targets();
        intoEnd = s.previousEnd();
        previous = "";
        continue;
      }
      if (s.is("(")) {
        depth++;
      } else if (s.is(")")) {
        depth--;
      }
      previous = s.raw().toLowerCase(Locale.ROOT);
    }
    String text = s.text().substring(start, s.previousEnd());
    if (into != null) {
      text = text.substring(0, intoStart - start) + blanks(intoEnd - intoStart) + text.substring(intoEnd - start);
    }
    PlSql sql = new PlSql(text, s.parseStatement(text, start), s.positionOf(start));
    s.expect(";");
    return new PlStatement.Sql(sql, into == null ? List.of() : into, strict, line);
  }

  private static String blanks(int count) {
    return " ".repeat(count);
  }

  // ------------------------------------------------------------------------------------------ targets

  /// Targets separated by commas.
  List<PlTarget> targets() {
    List<PlTarget> targets = new ArrayList<>(2);
    do {
      targets.add(target());
    } while (s.accept(","));
    return List.copyOf(targets);
  }

  PlTarget target() {
    int position = s.position();
    if (s.isParameter()) {
      return new PlTarget(List.of(s.raw()), steps(), position);
    }
    return new PlTarget(parts(), steps(), position);
  }

  private List<PlTarget.Step> steps() {
    if (!s.is("[") && !s.is(".")) {
      return List.of();
    }
    List<PlTarget.Step> steps = new ArrayList<>(2);
    while (true) {
      if (s.accept("[")) {
        steps.add(subscript());
      } else if (s.is(".") && s.isNameAhead(1)) {
        s.advance();
        steps.add(new PlTarget.Field(s.name()));
      } else {
        return List.copyOf(steps);
      }
    }
  }

  private PlTarget.Step subscript() {
    @Nullable PlExpression lower = s.is(":") ? null : expression("]", ":");
    if (s.accept("]")) {
      return new PlTarget.Subscript(false, null, lower);
    }
    s.expect(":");
    PlExpression upper = s.is("]") ? null : expression("]");
    s.expect("]");
    return new PlTarget.Subscript(true, lower, upper);
  }
}
