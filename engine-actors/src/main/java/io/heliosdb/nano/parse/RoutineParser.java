package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.FunctionParameter;
import io.heliosdb.nano.parse.ast.FunctionParameter.Mode;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RoutineDdl.*;
import io.heliosdb.nano.parse.ast.SettingStatement.SettingChange;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Functions and procedures: definitions, signatures, languages.
final class RoutineParser {
  private RoutineParser() {}

  // ------------------------------------------------------------------------------------------ CREATE

  static CreateFunction parseCreate(Tokens t, boolean orReplace) {
    int position = t.position();
    boolean procedure = t.is(PROCEDURE);
    t.advance();
    QualifiedName name = NameParser.parseFunctionName(t);
    List<FunctionParameter> parameters = new ArrayList<>(parseParameters(t, true));
    TypeName returns = null;
    if (!procedure && t.accept(RETURNS)) {
      if (t.is(TABLE)) {
        returns = parseTableReturn(t, parameters);
      } else {
        returns = TypeParser.parseFunctionType(t);
      }
    }
    Options options = parseOptions(t);
    RoutineBody body = parseBody(t);
    return new CreateFunction(
        name, orReplace, procedure, List.copyOf(parameters), returns, options.list(), options.settings(), body, position);
  }

  /// RETURNS TABLE: its columns become parameters; one column's type, or record, is returned.
  private static TypeName parseTableReturn(Tokens t, List<FunctionParameter> parameters) {
    int tablePosition = t.position();
    t.expect(TABLE);
    t.expect('(');
    List<FunctionParameter> columns = new ArrayList<>();
    do {
      int position = t.position();
      String name = t.typeOrFunctionName();
      columns.add(new FunctionParameter(Mode.TABLE, name, TypeParser.parseFunctionType(t), null, position));
    } while (t.accept(','));
    t.expect(')');
    for (FunctionParameter parameter : parameters) {
      if (parameter.mode() == Mode.OUT || parameter.mode() == Mode.INOUT) {
        throw t.grammarError("OUT and INOUT arguments aren't allowed in TABLE functions", 0);
      }
    }
    parameters.addAll(columns);
    TypeName type = columns.size() == 1 ? columns.getFirst().type() : TypeName.system("record", tablePosition);
    return new TypeName(type.name(), type.modifiers(), type.arrayBounds(), true, type.percentType(), type.intervalFields(), tablePosition);
  }

  /// `'(' parameters ')'`.
  static List<FunctionParameter> parseParameters(Tokens t, boolean defaults) {
    t.expect('(');
    if (t.accept(')')) {
      return List.of();
    }
    List<FunctionParameter> parameters = new ArrayList<>();
    do {
      parameters.add(parseParameter(t, defaults));
    } while (t.accept(','));
    t.expect(')');
    return List.copyOf(parameters);
  }

  /// func_arg_with_default: mode and name in either order, type, default.
  static FunctionParameter parseParameter(Tokens t, boolean defaults) {
    int position = t.position();
    Mode mode = parseMode(t);
    String name = null;
    if (isParameterName(t, mode == Mode.DEFAULT)) {
      name = t.typeOrFunctionName();
      if (mode == Mode.DEFAULT) {
        mode = parseMode(t);
      }
    }
    TypeName type = TypeParser.parseFunctionType(t);
    SourceExpression value = null;
    if (defaults && (t.is(DEFAULT) || t.is('='))) {
      t.advance();
      value = ExpressionParser.parseSource(t);
    }
    return new FunctionParameter(mode, name, type, value, position);
  }

  private static Mode parseMode(Tokens t) {
    switch (t.kind) {
      case IN -> {
        t.advance();
        return t.accept(OUT) ? Mode.INOUT : Mode.IN;
      }
      case OUT -> {
        t.advance();
        return Mode.OUT;
      }
      case INOUT -> {
        t.advance();
        return Mode.INOUT;
      }
      case VARIADIC -> {
        t.advance();
        return Mode.VARIADIC;
      }
      default -> {
        return Mode.DEFAULT;
      }
    }
  }

  /// A name is a parameter's name if a type (or, where none was read, a mode) follows; else it is itself the type.
  private static boolean isParameterName(Tokens t, boolean modeMayFollow) {
    if (!isTypeOrFunctionName(t.kind)) {
      return false;
    }
    int next = t.peek(1);
    if (next == IN || next == OUT || next == INOUT || next == VARIADIC) {
      return modeMayFollow;
    }
    return next == SETOF || isTypeOrFunctionName(next) || isTypeWord(next);
  }

  private static boolean isTypeWord(int kind) {
    return switch (kind) {
      case INT, INTEGER, SMALLINT, BIGINT, REAL, FLOAT, DECIMAL, DEC, NUMERIC, BOOLEAN, BIT, CHARACTER, CHAR, NCHAR, NATIONAL, VARCHAR,
          TIME, TIMESTAMP, INTERVAL -> true;
      default -> false;
    };
  }

  // ------------------------------------------------------------------------------------------ options

  /// Options of a routine, settings apart.
  record Options(List<Option> list, List<SettingChange> settings) {}

  static Options parseOptions(Tokens t) {
    List<Option> list = new ArrayList<>();
    List<SettingChange> settings = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (true) {
      int position = t.position();
      if (t.is(SET) || t.is(RESET)) {
        settings.add(SettingParser.parseSetOrReset(t));
        continue;
      }
      Option option = parseOption(t, position);
      if (option == null) {
        return new Options(List.copyOf(list), List.copyOf(settings));
      }
      if (!seen.add(option.name())) {
        throw conflicting(t, position);
      }
      list.add(option);
    }
  }

  static SqlException conflicting(Tokens t, int position) {
    return t.grammarError("conflicting or redundant options", position);
  }

  private static @Nullable Option parseOption(Tokens t, int position) {
    switch (t.kind) {
      case AS -> {
        t.advance();
        List<Option.Value> values = new ArrayList<>(1);
        values.add(new Option.StringValue(t.stringConstant()));
        if (t.accept(',')) {
          values.add(new Option.StringValue(t.stringConstant()));
        }
        return Option.of("as", new Option.ListValue(List.copyOf(values)), position);
      }
      case LANGUAGE -> {
        t.advance();
        return Option.of("language", new Option.StringValue(NameParser.parseWordOrString(t)), position);
      }
      case TRANSFORM -> {
        t.advance();
        List<Option.Value> types = new ArrayList<>();
        do {
          t.expect(FOR);
          t.expect(TYPE);
          types.add(new Option.TypeValue(TypeParser.parse(t)));
        } while (t.accept(','));
        return Option.of("transform", new Option.ListValue(List.copyOf(types)), position);
      }
      case WINDOW -> {
        t.advance();
        return Option.of("window", new Option.BooleanValue(true), position);
      }
      case CALLED -> {
        t.advance();
        expectOnNullInput(t);
        return Option.of("strict", new Option.BooleanValue(false), position);
      }
      case RETURNS -> {
        t.advance();
        t.expect(NULL);
        expectOnNullInput(t);
        return Option.of("strict", new Option.BooleanValue(true), position);
      }
      case STRICT -> {
        t.advance();
        return Option.of("strict", new Option.BooleanValue(true), position);
      }
      case IMMUTABLE, STABLE, VOLATILE -> {
        return Option.of("volatility", new Option.StringValue(t.label()), position);
      }
      case EXTERNAL, SECURITY -> {
        if (t.accept(EXTERNAL) && !t.is(SECURITY)) {
          throw t.syntaxError();
        }
        t.advance();
        boolean definer = t.accept(DEFINER);
        if (!definer) {
          t.expect(INVOKER);
        }
        return Option.of("security", new Option.BooleanValue(definer), position);
      }
      case LEAKPROOF -> {
        t.advance();
        return Option.of("leakproof", new Option.BooleanValue(true), position);
      }
      case NOT -> {
        t.advance();
        t.expect(LEAKPROOF);
        return Option.of("leakproof", new Option.BooleanValue(false), position);
      }
      case COST, ROWS -> {
        String name = t.label();
        return Option.of(name, new Option.NumberValue(NameParser.parseNumber(t)), position);
      }
      case SUPPORT -> {
        t.advance();
        return Option.of("support", new Option.NameValue(NameParser.parseAnyName(t)), position);
      }
      case PARALLEL -> {
        t.advance();
        return Option.of("parallel", new Option.StringValue(t.columnIdentifier()), position);
      }
      default -> {
        return null;
      }
    }
  }

  private static void expectOnNullInput(Tokens t) {
    t.expect(ON);
    t.expect(NULL);
    t.expect(INPUT);
  }

  // ------------------------------------------------------------------------------------------ SQL-standard bodies

  private static @Nullable RoutineBody parseBody(Tokens t) {
    int start = t.start();
    if (t.accept(RETURN)) {
      SourceExpression returned = ExpressionParser.parseSource(t);
      return new RoutineBody(returned, List.of(), t.text.substring(start, t.previousEnd()));
    }
    if (!t.accept(BEGIN)) {
      return null;
    }
    t.expect(ATOMIC);
    List<Statement> statements = new ArrayList<>();
    while (!t.is(END)) {
      if (t.accept(';')) {
        continue;
      }
      if (t.is(RETURN)) {
        statements.add(parseReturn(t));
      } else {
        statements.add(StatementParser.parse(t));
      }
      t.expect(';');
    }
    t.expect(END);
    return new RoutineBody(null, List.copyOf(statements), t.text.substring(start, t.previousEnd()));
  }

  /// `RETURN expression` inside BEGIN ATOMIC: a query of that expression.
  private static Statement parseReturn(Tokens t) {
    int position = t.position();
    t.expect(RETURN);
    Expression value = ExpressionParser.parse(t);
    return SelectParser.selectOf(value, position);
  }

  // ------------------------------------------------------------------------------------------ signatures

  /// function_with_argtypes.
  static ObjectReference.Routine parseRoutine(Tokens t) {
    QualifiedName name;
    if (isTypeOrFunctionName(t.kind) || t.peek(1) == '.') {
      name = NameParser.parseFunctionName(t);
    } else {
      name = ObjectParser.parseSimpleName(t);
    }
    if (!t.is('(')) {
      return new ObjectReference.Routine(name, null);
    }
    return new ObjectReference.Routine(name, parseParameters(t, false));
  }

  /// aggregate_with_argtypes.
  static ObjectReference.Aggregate parseAggregate(Tokens t) {
    return parseAggregateArguments(t, NameParser.parseFunctionName(t));
  }

  /// aggr_args.
  static ObjectReference.Aggregate parseAggregateArguments(Tokens t, QualifiedName name) {
    t.expect('(');
    if (t.is('*')) {
      t.advance();
      t.expect(')');
      return new ObjectReference.Aggregate(name, true, List.of(), null);
    }
    List<FunctionParameter> direct = new ArrayList<>();
    List<FunctionParameter> ordered = null;
    if (!t.is(ORDER)) {
      do {
        direct.add(parseParameter(t, false));
      } while (t.accept(','));
    }
    if (t.accept(ORDER)) {
      t.expect(BY);
      ordered = new ArrayList<>();
      do {
        ordered.add(parseParameter(t, false));
      } while (t.accept(','));
    }
    t.expect(')');
    return new ObjectReference.Aggregate(name, false, List.copyOf(direct), ordered == null ? null : List.copyOf(ordered));
  }

  /// `FUNCTION|PROCEDURE|ROUTINE name …` with options, after ALTER and the signature.
  static AlterFunction parseAlterOptions(Tokens t, ObjectKind kind, ObjectReference.Routine routine) {
    int at = t.index;
    Options options = parseOptions(t);
    for (Option option : options.list()) {
      switch (option.name()) {
        case "as", "language", "transform", "window" -> throw t.syntaxErrorAt(at);
        default -> {}
      }
    }
    if (t.index == at) {
      throw t.syntaxError();
    }
    NameParser.parseCascade(t);
    return new AlterFunction(kind, routine, options.list(), options.settings());
  }

  // ------------------------------------------------------------------------------------------ languages

  static Statement parseCreateLanguage(Tokens t, boolean orReplace) {
    boolean trusted = t.accept(TRUSTED);
    t.accept(PROCEDURAL);
    t.expect(LANGUAGE);
    String name = t.columnIdentifier();
    QualifiedName handler = null;
    QualifiedName inline = null;
    QualifiedName validator = null;
    if (t.accept(HANDLER)) {
      handler = NameParser.parseAnyName(t);
      if (t.accept(INLINE)) {
        inline = NameParser.parseAnyName(t);
      }
      if (t.accept(VALIDATOR)) {
        validator = NameParser.parseAnyName(t);
      } else if (t.accept(NO)) {
        t.expect(VALIDATOR);
      }
      return new CreateLanguage(name, orReplace, trusted, handler, inline, validator);
    }
    // Without a handler the statement means CREATE EXTENSION.
    return new io.heliosdb.nano.parse.ast.DatabaseDdl.CreateExtension(name, orReplace, List.of());
  }
}
