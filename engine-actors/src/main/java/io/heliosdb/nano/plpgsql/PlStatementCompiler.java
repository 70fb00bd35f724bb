package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ParseSettings;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.parse.plpgsql.PlDeclaration;
import io.heliosdb.nano.parse.plpgsql.PlExpression;
import io.heliosdb.nano.parse.plpgsql.PlSql;
import io.heliosdb.nano.parse.plpgsql.PlStatement;
import io.heliosdb.nano.parse.plpgsql.PlTarget;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compiles statements, within the scope of the block they stand in.
final class PlStatementCompiler {
  private static final PlNode[] NONE = {};

  private final PlCompiler compiler;
  private final PlFunction function;

  /// A block or loop around the statement that is compiled now.
  private record Enclosing(@Nullable String label, boolean loop) {}

  private final List<Enclosing> enclosing = new ArrayList<>();

  PlStatementCompiler(PlCompiler compiler, PlFunction function) {
    this.compiler = compiler;
    this.function = function;
  }

  // ---- blocks ----

  PlNode block(PlStatement.Block block, PlScope outer) {
    PlScope scope = new PlScope(outer, block.label());
    List<PlControl.Initial> initials = new ArrayList<>();
    for (PlDeclaration declaration : block.declarations()) {
      declare(declaration, scope, initials);
    }
    enclosing.add(new Enclosing(block.label(), false));
    PlNode[] body = statements(block.body(), scope);
    List<PlControl.Handler> handlers = new ArrayList<>();
    int stateSlot = -1;
    int messageSlot = -1;
    if (!block.handlers().isEmpty()) {
      PlScope handling = new PlScope(scope, null);
      PlVariable state = compiler.variable("sqlstate", PgTypes.TEXT, -1, PgTypes.DEFAULT_COLLATION);
      PlVariable message = compiler.variable("sqlerrm", PgTypes.TEXT, -1, PgTypes.DEFAULT_COLLATION);
      state.constant = true;
      message.constant = true;
      handling.add("sqlstate", state);
      handling.add("sqlerrm", message);
      stateSlot = state.slot;
      messageSlot = message.slot;
      for (PlStatement.Handler handler : block.handlers()) {
        handlers.add(new PlControl.Handler(handler.conditions(), statements(handler.body(), handling)));
      }
    }
    enclosing.removeLast();
    return new PlControl.Block(block.label(), initials, body, handlers, stateSlot, messageSlot, block.line());
  }

  private void declare(PlDeclaration declaration, PlScope scope, List<PlControl.Initial> initials) {
    switch (declaration) {
      case PlDeclaration.Variable v -> {
        warnOfShadowing(v.name(), v.position(), scope);
        PlVariable variable = compiler.declare(v.name(), v.type(), scope, v.collation());
        variable.notNull = v.notNull();
        // The initial value is computed before the name is known, so that it may refer to a variable of the same name outside.
        PlCode initial = v.initial() == null ? null : value(v.initial(), scope, variable);
        scope.add(v.name(), variable);
        variable.constant = v.constant();
        initials.add(new PlControl.Initial(variable, initial));
      }
      case PlDeclaration.Alias alias -> {
        PlScope.Found found = scope.find(alias.target());
        if (found == null || found.consumed() != alias.target().size()) {
          throw new SqlException(SqlState.UNDEFINED_OBJECT, "variable \"" + String.join(".", alias.target()) + "\" does not exist")
              .at(alias.position());
        }
        scope.add(alias.name(), found.variable());
      }
      case PlDeclaration.Cursor cursor -> {
        PlVariable variable = compiler.variable(cursor.name(), PgTypes.REFCURSOR, -1, PgTypes.REFCURSOR.collationOid());
        variable.cursor = cursor;
        PlScope arguments = new PlScope(scope, null);
        List<PlVariable> list = new ArrayList<>();
        for (PlDeclaration.CursorArgument argument : cursor.arguments()) {
          PlVariable a = compiler.declare(argument.name(), argument.type(), scope, null);
          arguments.add(argument.name(), a);
          list.add(a);
        }
        variable.cursorArguments = list;
        variable.cursorQuery = query(cursor.query(), arguments);
        scope.add(cursor.name(), variable);
        initials.add(new PlControl.Initial(variable, constant(cursor.name(), scope)));
      }
    }
  }

  /// `plpgsql.extra_warnings` and `extra_errors`, which CREATE FUNCTION looks at.
  private void warnOfShadowing(String name, int position, PlScope scope) {
    if (!compiler.validating || scope.find(List.of(name)) == null) {
      return;
    }
    PlExtraChecks.Level level = PlExtraChecks.level(compiler.host, PlExtraChecks.SHADOWED_VARIABLES);
    String message = "variable \"" + name + "\" shadows a previously defined variable";
    if (level == PlExtraChecks.Level.ERROR) {
      throw new SqlException(SqlState.DUPLICATE_ALIAS, message).at(position);
    }
    if (level == PlExtraChecks.Level.WARNING) {
      compiler.host.notice("WARNING", SqlState.DUPLICATE_ALIAS, message, null, null);
    }
  }

  /// A bound cursor's variable starts with the name of the cursor.
  private PlCode constant(String text, PlScope scope) {
    String literal = "'" + text.replace("'", "''") + "'";
    return code(PlCode.Kind.EXPRESSION, "", literal, select(literal), scope, PgTypes.REFCURSOR, -1);
  }

  private static Preparable select(String expression) {
    return (Preparable) Parser.parseSingle("SELECT " + expression, ParseSettings.DEFAULT).statement();
  }

  PlNode[] statements(List<PlStatement> list, PlScope scope) {
    if (list.isEmpty()) {
      return NONE;
    }
    List<PlNode> nodes = new ArrayList<>(list.size());
    for (PlStatement statement : list) {
      nodes.add(statement(statement, scope));
    }
    return nodes.toArray(PlNode[]::new);
  }

  // ---- pieces ----

  private PlCode code(PlCode.Kind kind, String prefix, String text, Preparable statement, PlScope scope, @Nullable PgType target, int typmod) {
    return new PlCode(compiler.nextCode(), kind, prefix, text, statement, scope, target, typmod);
  }

  private PlCode expression(PlExpression e, PlScope scope) {
    return code(PlCode.Kind.EXPRESSION, "", e.text(), e.query(), scope, null, -1);
  }

  private PlCode expression(PlExpression e, PlScope scope, @Nullable PgType target) {
    return code(PlCode.Kind.EXPRESSION, "", e.text(), e.query(), scope, target, -1);
  }

  private @Nullable PlCode optional(@Nullable PlExpression e, PlScope scope) {
    return e == null ? null : expression(e, scope);
  }

  private List<PlCode> expressions(List<PlExpression> list, PlScope scope) {
    List<PlCode> codes = new ArrayList<>(list.size());
    for (PlExpression e : list) {
      codes.add(expression(e, scope));
    }
    return codes;
  }

  /// A value for a variable, converted to its type unless it is a row.
  private PlCode value(PlExpression e, PlScope scope, PlVariable variable) {
    PgType target = variable.hasFields() ? null : variable.type;
    return code(PlCode.Kind.EXPRESSION, "", e.text(), e.query(), scope, target, target == null ? -1 : variable.typmod);
  }

  private PlCode query(PlSql sql, PlScope scope) {
    if (!(sql.statement() instanceof Preparable query)) {
      throw new SqlException(SqlState.INVALID_CURSOR_DEFINITION, "cannot open " + sql.text() + " query as cursor");
    }
    return code(PlCode.Kind.STATEMENT, "", sql.text(), query, scope, null, -1);
  }

  private PlQueries.Command command(PlExpression text, List<PlExpression> using, PlScope scope) {
    return new PlQueries.Command(expression(text, scope), expressions(using, scope));
  }

  // ---- targets ----

  PlTargets.Target target(PlTarget target, PlScope scope) {
    PlScope.Found found = scope.find(target.parts());
    if (found == null) {
      throw compiler.unknownVariable(target.parts()).at(target.position());
    }
    PlVariable variable = found.variable();
    if (variable.constant) {
      throw new SqlException(SqlState.ERROR_IN_ASSIGNMENT, "variable \"" + variable.name + "\" is declared CONSTANT").at(target.position());
    }
    List<PlTargets.Step> steps = new ArrayList<>();
    for (String name : target.parts().subList(found.consumed(), target.parts().size())) {
      steps.add(new PlTargets.Field(name));
    }
    List<PlTargets.Bounds> bounds = new ArrayList<>();
    boolean json = steps.isEmpty() && variable.type.ultimateBase().oid() == PgTypes.JSONB.oid();
    PgType index = json ? null : PgTypes.INT4;
    for (PlTarget.Step step : target.steps()) {
      switch (step) {
        case PlTarget.Subscript s ->
            bounds.add(
                new PlTargets.Bounds(
                    s.slice(), s.lower() == null ? null : expression(s.lower(), scope, index),
                    s.upper() == null ? null : expression(s.upper(), scope, index)));
        case PlTarget.Field f -> {
          if (!bounds.isEmpty()) {
            steps.add(new PlTargets.Subscripts(List.copyOf(bounds)));
            bounds.clear();
          }
          steps.add(new PlTargets.Field(f.name()));
        }
      }
    }
    if (!bounds.isEmpty()) {
      steps.add(new PlTargets.Subscripts(List.copyOf(bounds)));
    }
    return new PlTargets.Target(variable, List.copyOf(steps));
  }

  private List<PlTargets.Target> targets(List<PlTarget> list, PlScope scope) {
    List<PlTargets.Target> targets = new ArrayList<>(list.size());
    for (PlTarget target : list) {
      targets.add(target(target, scope));
    }
    if (targets.size() > 1) {
      for (PlTargets.Target target : targets) {
        if (target.isWholeRow() && target.variable().isRecord()) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "record variable cannot be part of multiple-item INTO list").at(list.getFirst().position());
        }
      }
    }
    return targets;
  }

  private PlVariable cursorVariable(List<String> parts, int position, PlScope scope) {
    PlScope.Found found = scope.find(parts);
    if (found == null) {
      throw compiler.unknownVariable(parts).at(position);
    }
    PlVariable variable = found.variable();
    if (variable.type.oid() != PgTypes.REFCURSOR.oid() || found.consumed() != parts.size()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "variable \"" + variable.name + "\" must be of type cursor or refcursor").at(position);
    }
    return variable;
  }

  // ---- statements ----

  private PlNode statement(PlStatement statement, PlScope scope) {
    return switch (statement) {
      case PlStatement.Block s -> block(s, scope);
      case PlStatement.Assign s -> assign(s, scope);
      case PlStatement.If s -> {
        List<PlControl.Branch> branches = new ArrayList<>();
        for (PlStatement.Branch branch : s.branches()) {
          branches.add(new PlControl.Branch(expression(branch.condition(), scope, PgTypes.BOOL), statements(branch.body(), scope)));
        }
        yield new PlControl.If(branches, statements(s.otherwise(), scope), s.line());
      }
      case PlStatement.Case s -> caseOf(s, scope);
      case PlStatement.Loop s -> new PlControl.Endless(s.label(), loop(s.label(), s.body(), labelled(s.label(), scope)), s.line());
      case PlStatement.While s ->
          new PlControl.While(
              s.label(), expression(s.condition(), scope, PgTypes.BOOL), loop(s.label(), s.body(), labelled(s.label(), scope)), s.line());
      case PlStatement.ForInteger s -> {
        PlCode low = expression(s.low(), scope, PgTypes.INT4);
        PlCode high = expression(s.high(), scope, PgTypes.INT4);
        PlCode step = s.step() == null ? null : expression(s.step(), scope, PgTypes.INT4);
        PlScope inner = new PlScope(scope, s.label());
        PlVariable variable = compiler.variable(s.variable(), PgTypes.INT4, -1, 0);
        inner.add(s.variable(), variable);
        yield new PlControl.ForInteger(s.label(), variable, s.reverse(), low, high, step, loop(s.label(), s.body(), inner), s.line());
      }
      case PlStatement.ForQuery s ->
          new PlQueries.ForQuery(
              s.label(), rowTargets(s.targets(), scope), query(s.query(), scope), loop(s.label(), s.body(), labelled(s.label(), scope)), s.line());
      case PlStatement.ForExecute s ->
          new PlQueries.ForExecute(
              s.label(), rowTargets(s.targets(), scope), command(s.command(), s.using(), scope), loop(s.label(), s.body(), labelled(s.label(), scope)), s.line());
      case PlStatement.ForCursor s -> forCursor(s, scope);
      case PlStatement.ForEach s ->
          new PlControl.ForEach(
              s.label(), targets(s.targets(), scope), s.slice(), expression(s.array(), scope), loop(s.label(), s.body(), labelled(s.label(), scope)), s.line());
      case PlStatement.Exit s -> exit(s, scope);
      case PlStatement.Return s -> returns(s, scope);
      case PlStatement.ReturnNext s -> returnNext(s, scope);
      case PlStatement.ReturnQuery s -> {
        requireSet("RETURN QUERY");
        yield new PlReturns.ReturnQuery(query(s.query(), scope), s.line());
      }
      case PlStatement.ReturnQueryExecute s -> {
        requireSet("RETURN QUERY");
        yield new PlReturns.ReturnQueryExecute(command(s.command(), s.using(), scope), s.line());
      }
      case PlStatement.Raise s -> {
        List<PlRaise.Option> options = new ArrayList<>();
        s.options().forEach(option -> options.add(new PlRaise.Option(option.kind(), expression(option.value(), scope))));
        yield new PlRaise.Raise(s, expressions(s.parameters(), scope), options);
      }
      case PlStatement.Assert s -> new PlRaise.Assert(expression(s.condition(), scope, PgTypes.BOOL), optional(s.message(), scope), s.line());
      case PlStatement.Sql s -> sql(s, scope);
      case PlStatement.Perform s ->
          new PlQueries.Perform(code(PlCode.Kind.STATEMENT, "SELECT ", s.query().text(), s.query().query(), scope, null, -1), s.line());
      case PlStatement.Call s -> call(s, scope);
      case PlStatement.Execute s ->
          new PlQueries.Execute(command(s.command(), s.using(), scope), targets(s.into(), scope), s.strict(), s.line());
      case PlStatement.GetDiagnostics s -> {
        List<PlQueries.DiagnosticsItem> items = new ArrayList<>();
        s.items().forEach(item -> items.add(new PlQueries.DiagnosticsItem(target(item.target(), scope), item.kind())));
        yield new PlQueries.GetDiagnostics(s.stacked(), items, s.line());
      }
      case PlStatement.OpenBound s -> {
        PlVariable variable = cursorVariable(List.of(s.cursor()), 0, scope);
        yield new PlCursors.OpenBound(variable, arguments(variable, s.arguments(), scope), s.line());
      }
      case PlStatement.OpenQuery s ->
          new PlCursors.OpenQuery(cursorVariable(s.cursor().parts(), s.cursor().position(), scope), s.scroll(), query(s.query(), scope), s.line());
      case PlStatement.OpenExecute s ->
          new PlCursors.OpenExecute(
              cursorVariable(s.cursor().parts(), s.cursor().position(), scope), s.scroll(), command(s.command(), s.using(), scope), s.line());
      case PlStatement.Fetch s ->
          new PlCursors.Fetch(
              s, cursorVariable(s.cursor().parts(), s.cursor().position(), scope),
              s.count() == null ? null : expression(s.count(), scope, PgTypes.INT4), targets(s.into(), scope));
      case PlStatement.Close s -> new PlCursors.Close(cursorVariable(s.cursor().parts(), s.cursor().position(), scope), s.line());
      case PlStatement.Null s -> new PlControl.Nothing(s.line());
      case PlStatement.Commit s -> new PlQueries.EndTransaction(true, s.chain(), s.line());
      case PlStatement.Rollback s -> new PlQueries.EndTransaction(false, s.chain(), s.line());
    };
  }

  /// The body of a loop.
  private PlNode[] loop(@Nullable String label, List<PlStatement> body, PlScope scope) {
    enclosing.add(new Enclosing(label, true));
    PlNode[] nodes = statements(body, scope);
    enclosing.removeLast();
    return nodes;
  }

  private PlNode exit(PlStatement.Exit s, PlScope scope) {
    if (s.label() == null) {
      if (enclosing.stream().noneMatch(Enclosing::loop)) {
        throw new SqlException(SqlState.SYNTAX_ERROR, s.isContinue() ? "CONTINUE cannot be used outside a loop"
            : "EXIT cannot be used outside a loop, unless it has a label").at(s.position());
      }
    } else {
      Enclosing target = enclosing.reversed().stream().filter(e -> s.label().equals(e.label())).findFirst().orElse(null);
      if (target == null) {
        throw new SqlException(SqlState.SYNTAX_ERROR,
            "there is no label \"" + s.label() + "\" attached to any block or loop enclosing this statement").at(s.position());
      }
      if (s.isContinue() && !target.loop()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "block label \"" + s.label() + "\" cannot be used in CONTINUE").at(s.position());
      }
    }
    return new PlControl.Exit(s.isContinue(), s.label(), s.when() == null ? null : expression(s.when(), scope, PgTypes.BOOL), s.line());
  }

  /// The targets of a loop over rows.
  private List<PlTargets.Target> rowTargets(List<PlTarget> list, PlScope scope) {
    for (PlTarget target : list) {
      if (scope.find(target.parts()) == null) {
        throw new SqlException(SqlState.SYNTAX_ERROR,
            "loop variable of loop over rows must be a record variable or list of scalar variables").at(target.position());
      }
    }
    return targets(list, scope);
  }

  private static PlScope labelled(@Nullable String label, PlScope scope) {
    return label == null ? scope : new PlScope(scope, label);
  }

  private PlNode assign(PlStatement.Assign s, PlScope scope) {
    PlTargets.Target target = target(s.target(), scope);
    PlVariable variable = target.variable();
    boolean direct = target.steps().isEmpty() && !variable.hasFields();
    PlCode value =
        code(
            PlCode.Kind.ASSIGNMENT, String.join(".", s.target().parts()) + " := ", s.value().text(), s.value().query(), scope,
            direct ? variable.type : null, direct ? variable.typmod : -1);
    return new PlControl.Assign(target, value, direct, s.line());
  }

  private PlNode caseOf(PlStatement.Case s, PlScope scope) {
    PlVariable hidden = null;
    PlCode operand = null;
    PlScope inner = scope;
    if (s.operand() != null) {
      operand = expression(s.operand(), scope);
      hidden = compiler.variable("__case__", PgTypes.RECORD, -1, 0);
      inner = new PlScope(scope, null);
      inner.add("__Case__Variable_" + hidden.slot + "__", hidden);
    }
    List<PlControl.Branch> branches = new ArrayList<>();
    for (PlStatement.CaseWhen when : s.whens()) {
      PlCode condition;
      if (hidden == null) {
        condition = expression(when.expressions().getFirst(), scope, PgTypes.BOOL);
      } else {
        List<String> texts = when.expressions().stream().map(PlExpression::text).toList();
        String text = "\"__Case__Variable_" + hidden.slot + "__\".value IN (" + String.join(", ", texts) + ")";
        condition = code(PlCode.Kind.EXPRESSION, "", text, select(text), inner, PgTypes.BOOL, -1);
      }
      branches.add(new PlControl.Branch(condition, statements(when.body(), scope)));
    }
    return new PlControl.Case(operand, hidden, branches, s.otherwise() == null ? null : statements(s.otherwise(), scope), s.line());
  }

  private PlNode forCursor(PlStatement.ForCursor s, PlScope scope) {
    PlVariable cursor = cursorVariable(List.of(s.cursor()), 0, scope);
    if (cursor.cursor == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "cursor FOR loop must use a bound cursor variable");
    }
    List<PlCursors.Argument> arguments = arguments(cursor, s.arguments(), scope);
    PlScope inner = new PlScope(scope, s.label());
    PlVariable record = compiler.variable(s.variable(), PgTypes.RECORD, -1, 0);
    inner.add(s.variable(), record);
    return new PlCursors.ForCursor(
        s.label(), cursor, arguments, new PlTargets.Target(record, List.of()), loop(s.label(), s.body(), inner), s.line());
  }

  private List<PlCursors.Argument> arguments(PlVariable cursor, List<PlStatement.CursorValue> values, PlScope scope) {
    List<PlVariable> wanted = cursor.cursorArguments;
    if (cursor.cursor == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "syntax error at or near \";\"");
    }
    if (wanted.isEmpty() && !values.isEmpty()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "cursor \"" + cursor.name + "\" has no arguments");
    }
    if (!wanted.isEmpty() && values.isEmpty()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "cursor \"" + cursor.name + "\" has arguments");
    }
    PlCode[] given = new PlCode[wanted.size()];
    int next = 0;
    for (PlStatement.CursorValue value : values) {
      int at;
      if (value.name() == null) {
        at = next++;
        if (at >= given.length) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "too many arguments for cursor \"" + cursor.name + "\"");
        }
      } else {
        at = -1;
        for (int i = 0; i < wanted.size(); i++) {
          if (wanted.get(i).name.equals(value.name())) {
            at = i;
          }
        }
        if (at < 0) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "cursor \"" + cursor.name + "\" has no argument named \"" + value.name() + "\"");
        }
      }
      if (given[at] != null) {
        throw new SqlException(
            SqlState.SYNTAX_ERROR, "value for parameter \"" + wanted.get(at).name + "\" of cursor \"" + cursor.name + "\" specified more than once");
      }
      given[at] = value(value.value(), scope, wanted.get(at));
    }
    List<PlCursors.Argument> arguments = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      if (given[i] == null) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "not enough arguments for cursor \"" + cursor.name + "\"");
      }
      arguments.add(new PlCursors.Argument(wanted.get(i), given[i]));
    }
    return arguments;
  }

  private PlNode returns(PlStatement.Return s, PlScope scope) {
    if (s.value() == null) {
      boolean needsValue = !function.returnsSet && !function.procedure && !function.inline && function.outputs.isEmpty() && !function.isVoid();
      if (needsValue) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "missing expression at or near \";\"");
      }
      return new PlReturns.Return(null, s.line());
    }
    if (function.returnsSet) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "RETURN cannot have a parameter in function returning set")
          .withHint("Use RETURN NEXT or RETURN QUERY.")
          .at(s.value().position());
    }
    if (function.procedure) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "RETURN cannot have a parameter in a procedure").at(s.value().position());
    }
    if (function.inline || function.isVoid()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "RETURN cannot have a parameter in function returning void").at(s.value().position());
    }
    if (!function.outputs.isEmpty()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "RETURN cannot have a parameter in function with OUT parameters").at(s.value().position());
    }
    boolean row = function.trigger || function.returnsRow();
    return new PlReturns.Return(row ? expression(s.value(), scope) : expression(s.value(), scope, function.resultType), s.line());
  }

  private void requireSet(String statement) {
    if (!function.returnsSet) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "cannot use " + statement + " in a non-SETOF function");
    }
  }

  private PlNode returnNext(PlStatement.ReturnNext s, PlScope scope) {
    requireSet("RETURN NEXT");
    if (s.value() == null) {
      if (function.outputs.isEmpty()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "missing expression at or near \";\"");
      }
      return new PlReturns.ReturnNext(null, false, s.line());
    }
    if (!function.outputs.isEmpty()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "RETURN NEXT cannot have a parameter in function with OUT parameters")
          .at(s.value().position());
    }
    PlScope.Found variable = scope.find(List.of(s.value().text().strip().toLowerCase(java.util.Locale.ROOT)));
    return new PlReturns.ReturnNext(
        function.returnsRow() ? expression(s.value(), scope) : expression(s.value(), scope, function.resultType), variable != null, s.line());
  }

  private PlNode sql(PlStatement.Sql s, PlScope scope) {
    if (s.sql().statement() instanceof Preparable query) {
      return new PlQueries.Sql(
          code(PlCode.Kind.STATEMENT, "", s.sql().text().stripTrailing(), query, scope, null, -1), targets(s.into(), scope), s.strict(), s.line());
    }
    if (!s.into().isEmpty()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "INTO used with a command that cannot return data");
    }
    return new PlQueries.Utility(s.sql().text(), s.sql().statement(), s.line(), "SQL statement");
  }

  private PlNode call(PlStatement.Call s, PlScope scope) {
    if (s.sql().statement() instanceof UtilityStatement.Call call) {
      return new PlQueries.Call(new PlCall(s.sql().text(), call.call(), scope, this), s.line());
    }
    return new PlQueries.Utility(s.sql().text(), s.sql().statement(), s.line(), "DO");
  }
}
