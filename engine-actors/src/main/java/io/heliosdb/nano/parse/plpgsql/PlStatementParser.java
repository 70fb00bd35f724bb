package io.heliosdb.nano.parse.plpgsql;

import io.heliosdb.nano.parse.BodyScanner;
import io.heliosdb.nano.parse.plpgsql.PlStatement.*;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The statements of PL/pgSQL. A word that begins a statement is still a variable's name if an assignment follows.
final class PlStatementParser {
  private final BodyScanner s;
  private final PlFragments fragments;
  private final PlpgsqlParser blocks;

  PlStatementParser(BodyScanner scanner, PlFragments fragments, PlpgsqlParser blocks) {
    this.s = scanner;
    this.fragments = fragments;
    this.blocks = blocks;
  }

  /// One statement with its semicolon.
  PlStatement parse() {
    int line = s.line();
    if (s.is("<<")) {
      return parseLabelled(line);
    }
    if (isAssignment()) {
      return parseAssignment(line);
    }
    if (!s.isNameAhead(0) || s.isQuoted()) {
      // Not a word: perhaps a parenthesised query; SQL's parser has the last word.
      return fragments.statementWithInto(line);
    }
    return parseWord(wordAhead(), line);
  }

  private String wordAhead() {
    int index = s.index();
    String word = s.raw().toLowerCase(Locale.ROOT);
    s.seek(index);
    return word;
  }

  private PlStatement parseWord(String word, int line) {
    switch (word) {
      case "begin", "declare" -> {
        Block block = blocks.parseBlock(null);
        s.expect(";");
        return block;
      }
      case "if" -> {
        return parseIf(line);
      }
      case "case" -> {
        return parseCase(line);
      }
      case "loop", "while", "for", "foreach" -> {
        return parseLoop(null, line);
      }
      case "exit", "continue" -> {
        return parseExit(line);
      }
      case "return" -> {
        return parseReturn(line);
      }
      case "raise" -> {
        s.advance();
        return new PlRaiseParser(s, fragments, blocks).parse(line);
      }
      case "assert" -> {
        s.advance();
        PlExpression condition = fragments.expression(";", ",");
        PlExpression message = s.accept(",") ? fragments.expression(";") : null;
        s.expect(";");
        return new Assert(condition, message, line);
      }
      case "perform" -> {
        s.advance();
        return new Perform(fragments.expressionBefore(";"), line);
      }
      case "execute" -> {
        return parseExecute(line);
      }
      case "call", "do" -> {
        PlSql sql = fragments.statement(";");
        s.expect(";");
        return new Call(sql, word.equals("call"), line);
      }
      case "get" -> {
        return parseGetDiagnostics(line);
      }
      case "open" -> {
        return parseOpen(line);
      }
      case "fetch", "move" -> {
        return parseFetch(word.equals("move"), line);
      }
      case "close" -> {
        s.advance();
        PlTarget cursor = fragments.target();
        s.expect(";");
        return new Close(cursor, line);
      }
      case "null" -> {
        s.advance();
        s.expect(";");
        return new Null(line);
      }
      case "commit", "rollback" -> {
        s.advance();
        boolean chain = parseChain();
        s.expect(";");
        return word.equals("commit") ? new Commit(chain, line) : new Rollback(chain, line);
      }
      case "else", "elsif", "elseif", "end", "then", "when", "exception" -> throw s.syntaxError();
      default -> {
        return fragments.statementWithInto(line);
      }
    }
  }

  private boolean parseChain() {
    if (!s.accept("and")) {
      return false;
    }
    boolean chain = !s.accept("no");
    s.expect("chain");
    return chain;
  }

  // ------------------------------------------------------------------------------------------ assignment

  private boolean isAssignment() {
    if (s.isParameter()) {
      return true;
    }
    return s.isNameAhead(0) && (s.isAhead(1, ":=") || s.isAhead(1, "=") || s.isAhead(1, "[") || s.isAhead(1, "."));
  }

  private PlStatement parseAssignment(int line) {
    PlTarget target = fragments.target();
    if (!s.accept(":=")) {
      s.expect("=");
    }
    return new Assign(target, fragments.expressionBefore(";"), line);
  }

  // ------------------------------------------------------------------------------------------ conditionals

  private PlStatement parseIf(int line) {
    s.expect("if");
    List<Branch> branches = new ArrayList<>(1);
    branches.add(parseBranch(line));
    List<PlStatement> otherwise = List.of();
    while (true) {
      int branchLine = s.line();
      if (s.accept("elsif") || s.accept("elseif")) {
        branches.add(parseBranch(branchLine));
      } else {
        if (s.accept("else")) {
          otherwise = blocks.parseStatements("end");
        }
        s.expect("end");
        s.expect("if");
        s.expect(";");
        return new If(List.copyOf(branches), otherwise, line);
      }
    }
  }

  private Branch parseBranch(int line) {
    PlExpression condition = fragments.expressionBefore("then");
    return new Branch(condition, blocks.parseStatements("elsif", "elseif", "else", "end"), line);
  }

  private PlStatement parseCase(int line) {
    s.expect("case");
    PlExpression operand = s.is("when") ? null : fragments.expression("when");
    List<CaseWhen> whens = new ArrayList<>();
    while (s.is("when")) {
      int whenLine = s.line();
      s.advance();
      List<PlExpression> expressions =
          operand == null ? List.of(fragments.expression("then")) : fragments.expressions("then");
      s.expect("then");
      whens.add(new CaseWhen(expressions, blocks.parseStatements("when", "else", "end"), whenLine));
    }
    if (whens.isEmpty()) {
      throw s.syntaxError();
    }
    List<PlStatement> otherwise = s.accept("else") ? blocks.parseStatements("end") : null;
    s.expect("end");
    s.expect("case");
    s.expect(";");
    return new Case(operand, List.copyOf(whens), otherwise, line);
  }

  // ------------------------------------------------------------------------------------------ loops

  private PlStatement parseLabelled(int line) {
    String label = blocks.parseOptionalLabel();
    if (s.is("begin") || s.is("declare")) {
      Block block = blocks.parseBlock(label);
      s.expect(";");
      return block;
    }
    if (s.is("loop") || s.is("while") || s.is("for") || s.is("foreach")) {
      return parseLoop(label, s.line());
    }
    throw s.syntaxError();
  }

  private PlStatement parseLoop(@Nullable String label, int line) {
    if (s.accept("loop")) {
      return new Loop(label, parseLoopBody(label), line);
    }
    if (s.accept("while")) {
      PlExpression condition = fragments.expressionBefore("loop");
      return new While(label, condition, parseLoopBody(label), line);
    }
    if (s.accept("foreach")) {
      return parseForEach(label, line);
    }
    s.expect("for");
    return parseFor(label, line);
  }

  /// Statements, `END LOOP [label] ;`, after LOOP.
  private List<PlStatement> parseLoopBody(@Nullable String label) {
    List<PlStatement> body = blocks.parseStatements("end");
    s.expect("end");
    s.expect("loop");
    blocks.checkEndLabel(label);
    s.expect(";");
    return body;
  }

  private PlStatement parseForEach(@Nullable String label, int line) {
    List<PlTarget> targets = fragments.targets();
    int slice = 0;
    if (s.accept("slice")) {
      String number = s.raw();
      try {
        slice = Integer.parseInt(number);
      } catch (NumberFormatException e) {
        throw s.syntaxError();
      }
    }
    s.expect("in");
    s.expect("array");
    PlExpression array = fragments.expressionBefore("loop");
    return new ForEach(label, targets, slice, array, parseLoopBody(label), line);
  }

  private PlStatement parseFor(@Nullable String label, int line) {
    int position = s.position();
    List<PlTarget> targets = fragments.targets();
    s.expect("in");
    if (s.accept("execute")) {
      PlExpression command = fragments.expression("loop", "using");
      List<PlExpression> using = s.accept("using") ? fragments.expressions("loop") : List.of();
      s.expect("loop");
      return new ForExecute(label, targets, command, using, parseLoopBody(label), line);
    }
    if (isCursorLoop()) {
      String cursor = fragments.name();
      List<CursorValue> arguments = s.is("(") ? parseCursorValues() : List.of();
      s.expect("loop");
      return new ForCursor(label, simpleName(targets, position), cursor, arguments, parseLoopBody(label), line);
    }
    if (isIntegerLoop()) {
      boolean reverse = s.accept("reverse");
      PlExpression low = fragments.expressionBefore("..");
      PlExpression high = fragments.expression("loop", "by");
      PlExpression step = s.accept("by") ? fragments.expression("loop") : null;
      s.expect("loop");
      if (targets.size() != 1) {
        throw BodyScanner.error("integer FOR loop must have only one target variable", position);
      }
      return new ForInteger(label, simpleName(targets, position), reverse, low, high, step, parseLoopBody(label), line);
    }
    if (s.is("reverse")) {
      throw BodyScanner.error("cannot specify REVERSE in query FOR loop", s.position());
    }
    PlSql query = fragments.statement("loop");
    s.expect("loop");
    return new ForQuery(label, targets, query, parseLoopBody(label), line);
  }

  private static String simpleName(List<PlTarget> targets, int position) {
    PlTarget target = targets.getFirst();
    if (targets.size() != 1 || target.parts().size() != 1 || !target.steps().isEmpty()) {
      throw BodyScanner.error("loop variable of FOR must be a simple name", position);
    }
    return target.parts().getFirst();
  }

  /// `name LOOP` or `name (…) LOOP`.
  private boolean isCursorLoop() {
    if (!s.isNameAhead(0)) {
      return false;
    }
    if (s.isAhead(1, "loop")) {
      return true;
    }
    if (!s.isAhead(1, "(")) {
      return false;
    }
    int index = s.index();
    s.advance();
    int depth = 0;
    do {
      if (s.is("(")) {
        depth++;
      } else if (s.is(")")) {
        depth--;
      }
      s.advance();
    } while (depth > 0 && !s.atEnd());
    boolean loop = s.is("loop");
    s.seek(index);
    return loop;
  }

  /// Whether `..` comes before LOOP.
  private boolean isIntegerLoop() {
    int index = s.index();
    int depth = 0;
    boolean found = false;
    while (!s.atEnd() && !s.is(";") && !(depth == 0 && s.is("loop"))) {
      if (s.is("(") || s.is("[")) {
        depth++;
      } else if (s.is(")") || s.is("]")) {
        depth--;
      } else if (depth == 0 && s.is("..")) {
        found = true;
        break;
      }
      s.advance();
    }
    s.seek(index);
    return found;
  }

  private PlStatement parseExit(int line) {
    boolean isContinue = s.is("continue");
    int position = s.position();
    s.advance();
    int labelPosition = s.position();
    String label = s.isNameAhead(0) && !s.is("when") ? fragments.name() : null;
    PlExpression when = s.accept("when") ? fragments.expression(";") : null;
    s.expect(";");
    return new Exit(isContinue, label, when, line, label == null ? position : labelPosition);
  }

  // ------------------------------------------------------------------------------------------ RETURN

  private PlStatement parseReturn(int line) {
    s.expect("return");
    if (s.accept(";")) {
      return new Return(null, line);
    }
    if (s.accept("next")) {
      if (s.accept(";")) {
        return new ReturnNext(null, line);
      }
      return new ReturnNext(fragments.expressionBefore(";"), line);
    }
    if (s.is("query") && !s.isAhead(1, ";")) {
      s.advance();
      if (s.accept("execute")) {
        PlExpression command = fragments.expression(";", "using");
        List<PlExpression> using = s.accept("using") ? fragments.expressions(";") : List.of();
        s.expect(";");
        return new ReturnQueryExecute(command, using, line);
      }
      PlSql query = fragments.statement(";");
      s.expect(";");
      return new ReturnQuery(query, line);
    }
    return new Return(fragments.expressionBefore(";"), line);
  }

  // ------------------------------------------------------------------------------------------ EXECUTE

  private PlStatement parseExecute(int line) {
    s.expect("execute");
    PlExpression command = fragments.expression(";", "into", "using");
    List<PlTarget> into = List.of();
    boolean strict = false;
    List<PlExpression> using = List.of();
    while (!s.is(";")) {
      if (s.is("into") && into.isEmpty()) {
        s.advance();
        strict = s.accept("strict");
        into = fragments.targets();
      } else if (s.is("using") && using.isEmpty()) {
        s.advance();
        using = fragments.expressions(";", "into");
      } else {
        throw s.syntaxError();
      }
    }
    s.expect(";");
    return new Execute(command, into, strict, using, line);
  }

  // ------------------------------------------------------------------------------------------ GET DIAGNOSTICS

  private PlStatement parseGetDiagnostics(int line) {
    int position = s.position();
    s.expect("get");
    boolean stacked = s.accept("stacked");
    if (!stacked) {
      s.accept("current");
    }
    s.expect("diagnostics");
    List<DiagnosticsItem> items = new ArrayList<>();
    do {
      PlTarget target = fragments.target();
      if (!s.accept(":=")) {
        s.expect("=");
      }
      items.add(new DiagnosticsItem(target, parseDiagnosticsKind(stacked, position)));
    } while (s.accept(","));
    s.expect(";");
    return new GetDiagnostics(stacked, List.copyOf(items), line);
  }

  private DiagnosticsKind parseDiagnosticsKind(boolean stacked, int position) {
    for (DiagnosticsKind kind : DiagnosticsKind.values()) {
      if (s.is(kind.name().toLowerCase(Locale.ROOT))) {
        if (kind.isStacked() != stacked) {
          String statement = stacked ? "GET STACKED DIAGNOSTICS" : "GET CURRENT DIAGNOSTICS";
          throw BodyScanner.error("diagnostics item " + kind + " is not allowed in " + statement, position);
        }
        s.advance();
        return kind;
      }
    }
    throw s.errorNear("unrecognized GET DIAGNOSTICS item");
  }

  // ------------------------------------------------------------------------------------------ cursors

  private PlStatement parseOpen(int line) {
    s.expect("open");
    int position = s.position();
    PlTarget cursor = fragments.target();
    Boolean scroll = blocks.parseScroll();
    if (s.accept("for")) {
      if (s.accept("execute")) {
        PlExpression command = fragments.expression(";", "using");
        List<PlExpression> using = s.accept("using") ? fragments.expressions(";") : List.of();
        s.expect(";");
        return new OpenExecute(cursor, scroll, command, using, line);
      }
      PlSql query = fragments.statement(";");
      s.expect(";");
      return new OpenQuery(cursor, scroll, query, line);
    }
    if (scroll != null) {
      throw s.errorNear("syntax error, expected \"FOR\"");
    }
    List<CursorValue> arguments = s.is("(") ? parseCursorValues() : List.of();
    s.expect(";");
    return new OpenBound(simpleName(List.of(cursor), position), arguments, line);
  }

  /// `'(' [name :=] value, … ')'`.
  private List<CursorValue> parseCursorValues() {
    s.expect("(");
    List<CursorValue> values = new ArrayList<>(2);
    do {
      String name = null;
      if (s.isNameAhead(0) && (s.isAhead(1, ":=") || s.isAhead(1, "=>"))) {
        name = fragments.name();
        s.advance();
      }
      values.add(new CursorValue(name, fragments.expression(")", ",")));
    } while (s.accept(","));
    s.expect(")");
    return List.copyOf(values);
  }

  private PlStatement parseFetch(boolean move, int line) {
    int position = s.position();
    s.advance();
    FetchDirection direction = FetchDirection.NEXT;
    PlExpression count = null;
    boolean all = false;
    boolean direct = isCursorDirectly();
    if (!direct) {
      FetchDirection word = directionAhead();
      if (word != null) {
        s.advance();
        direction = word;
      } else if (!s.is("all") && !s.is("from") && !s.is("in")) {
        direction = FetchDirection.FORWARD;
      }
      boolean counted = direction == FetchDirection.FORWARD || direction == FetchDirection.BACKWARD;
      if ((word == null || counted) && s.accept("all")) {
        direction = word == null ? FetchDirection.FORWARD : direction;
        all = true;
      } else if (direction == FetchDirection.ABSOLUTE || direction == FetchDirection.RELATIVE || counted && !s.is("from") && !s.is("in")) {
        count = isCursorDirectly() && counted ? null : fragments.expression("from", "in");
      }
      if (!s.accept("from")) {
        s.accept("in");
      }
    }
    if (!move && (all || count != null && direction != FetchDirection.ABSOLUTE && direction != FetchDirection.RELATIVE)) {
      throw new io.heliosdb.nano.error.SqlException(
          io.heliosdb.nano.error.SqlState.FEATURE_NOT_SUPPORTED, "FETCH statement cannot return multiple rows").at(position);
    }
    PlTarget cursor = fragments.target();
    List<PlTarget> into = List.of();
    if (!move) {
      s.expect("into");
      into = fragments.targets();
    }
    s.expect(";");
    return new Fetch(move, direction, count, all, cursor, into, line);
  }

  /// Whether a cursor's name stands here: the statement ends or INTO follows after it.
  private boolean isCursorDirectly() {
    return (s.isNameAhead(0) || s.isParameter()) && (s.isAhead(1, ";") || s.isAhead(1, "into"));
  }

  private @Nullable FetchDirection directionAhead() {
    for (FetchDirection direction : FetchDirection.values()) {
      if (s.is(direction.name().toLowerCase(Locale.ROOT))) {
        return direction;
      }
    }
    return null;
  }
}
