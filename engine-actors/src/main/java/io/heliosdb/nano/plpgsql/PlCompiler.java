package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.analyze.AnalyzerContext.Variables.Conflict;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.ddl.TypeNames;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.plpgsql.PlFunctionBody;
import io.heliosdb.nano.parse.plpgsql.PlType;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns a parsed body into a [PlFunction]: gives variables their types and slots, resolves targets. SQL is analyzed later, when it
/// first runs. One per compilation.
final class PlCompiler {
  final PlHost host;
  private final Catalog catalog;
  private int slots;
  private int codes;
  /// CREATE FUNCTION compiles, to find mistakes.
  boolean validating;

  PlCompiler(PlHost host) {
    this.host = host;
    this.catalog = host.catalog();
  }

  // ---- entries ----

  static PlFunction function(
      PlHost host, FunctionDef function, List<PgType> argumentTypes, PgType resultType, List<CompositeField> columns, PlFunctionBody body) {
    return new PlCompiler(host).compile(function, argumentTypes, resultType, columns, body);
  }

  /// The compilation that CREATE FUNCTION does to find mistakes; polymorphic parameters count as integers.
  static void check(PlHost host, FunctionDef function, PlFunctionBody body) {
    int returns = function.returnType();
    PlCompiler compiler = new PlCompiler(host);
    compiler.validating = true;
    if (returns == PgTypes.TRIGGER.oid()) {
      compiler.compileTrigger(function, null, null, body);
      return;
    }
    if (returns == PgTypes.EVENT_TRIGGER.oid()) {
      compiler.compileEventTrigger(function, body);
      return;
    }
    List<PgType> types = new ArrayList<>();
    for (int oid : function.argumentTypes()) {
      types.add(sample(host.catalog().byOid(oid)));
    }
    compiler.compile(function, types, sample(host.catalog().byOid(returns)), List.of(), body);
  }

  private static PgType sample(PgType type) {
    return switch (type.oid()) {
      case 2283, 2776, 5077, 5079 -> PgTypes.INT4;
      case 2277, 5078 -> PgTypes.INT4_ARRAY;
      case 3831, 5080 -> PgTypes.INT4RANGE;
      case 4537, 4538 -> PgTypes.INT4MULTIRANGE;
      default -> type;
    };
  }

  static PlFunction trigger(PlHost host, FunctionDef function, Relation relation, Catalog.Trigger trigger, PlFunctionBody body) {
    return new PlCompiler(host).compileTrigger(function, relation, trigger, body);
  }

  static PlFunction inline(PlHost host, PlFunctionBody body) {
    PlCompiler compiler = new PlCompiler(host);
    PlScope scope = new PlScope(null, "inline_code_block");
    PlFunction function =
        new PlFunction(
            "inline_code_block", conflict(host, body), strict(host, body), false, false, false, true, PgTypes.VOID, null, List.of(), List.of(), Map.of(),
            Map.of());
    return compiler.finish(function, scope, body);
  }

  private static Conflict conflict(PlHost host, PlFunctionBody body) {
    if (body.variableConflict() == null) {
      String setting = host.setting("plpgsql.variable_conflict");
      return "use_variable".equals(setting) ? Conflict.VARIABLE : "use_column".equals(setting) ? Conflict.COLUMN : Conflict.ERROR;
    }
    return switch (body.variableConflict()) {
      case ERROR -> Conflict.ERROR;
      case USE_VARIABLE -> Conflict.VARIABLE;
      case USE_COLUMN -> Conflict.COLUMN;
    };
  }

  private static boolean strict(PlHost host, PlFunctionBody body) {
    return body.printStrictParams() == null ? "on".equals(host.setting("plpgsql.print_strict_params")) : body.printStrictParams();
  }

  private PlFunction compile(
      FunctionDef definition, List<PgType> argumentTypes, PgType resultType, List<CompositeField> columns, PlFunctionBody body) {
    PlScope scope = new PlScope(null, definition.name());
    List<PlVariable> inputs = new ArrayList<>();
    List<PlVariable> outputs = new ArrayList<>();
    List<String> outputNames = new ArrayList<>();
    List<Integer> all = definition.allArgumentTypes() == null ? definition.argumentTypes() : definition.allArgumentTypes();
    int input = 0;
    for (int i = 0; i < all.size(); i++) {
      char mode = definition.argumentModes() == null ? 'i' : definition.argumentModes().charAt(i);
      boolean in = mode == 'i' || mode == 'b' || mode == 'v';
      boolean out = mode == 'o' || mode == 'b' || mode == 't';
      PgType type = in && input < argumentTypes.size() ? argumentTypes.get(input) : catalog.byOid(all.get(i));
      if (type.isPseudo() && type.oid() != PgTypes.RECORD.oid() && !in) {
        type = polymorphicOutput(definition, argumentTypes, type, resultType);
      }
      String name = definition.argumentNames() == null || i >= definition.argumentNames().size() ? null : definition.argumentNames().get(i);
      String positional = "$" + (i + 1);
      PlVariable variable = variable(name == null || name.isEmpty() ? positional : name, type, -1, type.collationOid());
      scope.add(positional, variable);
      if (name != null && !name.isEmpty()) {
        if (scope.declares(name)) {
          throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "parameter name \"" + name + "\" used more than once");
        }
        scope.add(name, variable);
      }
      if (in) {
        inputs.add(variable);
        input++;
      }
      if (out) {
        outputs.add(variable);
        outputNames.add(name == null || name.isEmpty() ? "column" + (outputNames.size() + 1) : name);
      }
    }
    boolean procedure = definition.kind() == 'p';
    RowShape shape = resultShape(procedure, resultType, outputs, outputNames, columns);
    PlFunction function =
        new PlFunction(
            host.signature(definition), conflict(host, body), strict(host, body), false, procedure, definition.returnsSet(), false,
            procedure && outputs.isEmpty() ? PgTypes.VOID : procedure ? PgTypes.RECORD : resultType, shape, inputs, outputs, Map.of(), Map.of());
    return finish(function, scope, body);
  }

  private @Nullable RowShape resultShape(
      boolean procedure, PgType resultType, List<PlVariable> outputs, List<String> names, List<CompositeField> columns) {
    if (outputs.size() > 1 || procedure && !outputs.isEmpty()) {
      List<CompositeField> fields = new ArrayList<>();
      for (int i = 0; i < outputs.size(); i++) {
        PlVariable variable = outputs.get(i);
        fields.add(new CompositeField(names.get(i), variable.type, variable.typmod, variable.collation, false));
      }
      return RowShape.ofFields(fields);
    }
    PgType base = resultType.ultimateBase();
    if (base.isComposite()) {
      return RowShape.ofFields(catalog.compositeFields(base));
    }
    return resultType.oid() == PgTypes.RECORD.oid() && !columns.isEmpty() ? RowShape.ofFields(columns) : null;
  }

  /// The type of a polymorphic OUT parameter, from that of an input of the same family.
  private PgType polymorphicOutput(FunctionDef definition, List<PgType> argumentTypes, PgType type, PgType resultType) {
    if (!resultType.isPseudo()) {
      return resultType;
    }
    boolean wantsArray = type.oid() == 2277 || type.oid() == 5078;
    for (int i = 0; i < definition.argumentTypes().size() && i < argumentTypes.size(); i++) {
      int declared = definition.argumentTypes().get(i);
      PgType actual = argumentTypes.get(i);
      boolean isArray = declared == 2277 || declared == 5078;
      boolean isElement = declared == 2283 || declared == 2776 || declared == 3500 || declared == 5077 || declared == 5079;
      if (declared == type.oid()) {
        return actual;
      }
      if (wantsArray && isElement) {
        return catalog.byOid(actual.arrayOid());
      }
      if (!wantsArray && isArray) {
        return catalog.byOid(actual.ultimateBase().elementOid());
      }
      if (!wantsArray && isElement) {
        return actual;
      }
    }
    throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "could not determine actual return type for polymorphic function \"" + definition.name() + "\"");
  }

  private PlFunction compileTrigger(FunctionDef definition, @Nullable Relation relation, Catalog.@Nullable Trigger trigger, PlFunctionBody body) {
    if (!definition.argumentTypes().isEmpty()) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "trigger functions cannot have declared arguments")
          .withHint("The arguments of the trigger can be accessed through TG_NARGS and TG_ARGV instead.");
    }
    PlScope scope = new PlScope(null, definition.name());
    Map<String, PlVariable> special = new LinkedHashMap<>();
    PgType row = relation == null ? PgTypes.RECORD : PlTriggers.rowType(relation, catalog);
    special(scope, special, "new", row);
    special(scope, special, "old", row);
    for (String name : List.of("tg_name", "tg_relname", "tg_table_name", "tg_table_schema")) {
      special(scope, special, name, PgTypes.NAME);
    }
    for (String name : List.of("tg_when", "tg_level", "tg_op")) {
      special(scope, special, name, PgTypes.TEXT);
    }
    special(scope, special, "tg_relid", PgTypes.OID);
    special(scope, special, "tg_nargs", PgTypes.INT4);
    special(scope, special, "tg_argv", PgTypes.TEXT_ARRAY);
    Map<String, PlVariable> transitions = new LinkedHashMap<>();
    if (trigger != null && row.isComposite()) {
      PgType rows = catalog.byOid(row.arrayOid());
      for (String name : new String[] {trigger.oldTable(), trigger.newTable()}) {
        if (name != null) {
          PlVariable hidden = variable("__transition__" + name, rows, -1, 0);
          scope.add(hidden.name, hidden);
          transitions.put(name, hidden);
        }
      }
    }
    PlFunction function =
        new PlFunction(
            host.signature(definition), conflict(host, body), strict(host, body), true, false, false, false, PgTypes.TRIGGER, null, List.of(), List.of(),
            special, transitions);
    return finish(function, scope, body);
  }

  static PlFunction eventTrigger(PlHost host, FunctionDef function, PlFunctionBody body) {
    return new PlCompiler(host).compileEventTrigger(function, body);
  }

  private PlFunction compileEventTrigger(FunctionDef definition, PlFunctionBody body) {
    if (!definition.argumentTypes().isEmpty()) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "event trigger functions cannot have declared arguments");
    }
    PlScope scope = new PlScope(null, definition.name());
    Map<String, PlVariable> special = new LinkedHashMap<>();
    special(scope, special, "tg_event", PgTypes.TEXT);
    special(scope, special, "tg_tag", PgTypes.TEXT);
    PlFunction function =
        new PlFunction(
            host.signature(definition), conflict(host, body), strict(host, body), false, false, false, false, PgTypes.VOID, null, List.of(), List.of(),
            special, Map.of());
    return finish(function, scope, body);
  }

  private void special(PlScope scope, Map<String, PlVariable> special, String name, PgType type) {
    PlVariable variable = variable(name, type, -1, type.collationOid());
    scope.add(name, variable);
    special.put(name, variable);
  }

  private PlFunction finish(PlFunction function, PlScope scope, PlFunctionBody body) {
    PlVariable found = variable("found", PgTypes.BOOL, -1, 0);
    scope.add("found", found);
    function.foundSlot = found.slot;
    function.body = new PlStatementCompiler(this, function).block(body.block(), scope);
    function.slotCount = slots;
    function.codeCount = codes;
    return function;
  }

  // ---- what the statement compiler uses ----

  PlVariable variable(String name, PgType type, int typmod, int collation) {
    return new PlVariable(name, slots++, type, typmod, collation);
  }

  int nextCode() {
    return codes++;
  }

  /// A variable as declared.
  PlVariable declare(String name, PlType type, PlScope scope, @Nullable QualifiedName collation) {
    TypeNames.Typed typed = resolve(type, scope);
    PgType resolved = typed.type();
    if (resolved.isPseudo() && resolved.oid() != PgTypes.RECORD.oid()) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "variable \"" + name + "\" has pseudo-type " + TypeIo.typeName(resolved, -1, catalog));
    }
    int collationOid = resolved.collationOid();
    if (collation != null) {
      Catalog.CollationDef found = catalog.collation(collation.schema(), collation.name(), host.searchPath().namespaces());
      if (found == null) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "collation \"" + collation + "\" for encoding \"UTF8\" does not exist");
      }
      if (collationOid == 0) {
        throw new SqlException(
            SqlState.DATATYPE_MISMATCH, "collations are not supported by type " + TypeIo.typeName(resolved, -1, catalog));
      }
      collationOid = found.oid();
    }
    return variable(name, resolved, typed.typmod(), collationOid);
  }

  private TypeNames.Typed resolve(PlType type, PlScope scope) {
    return switch (type) {
      case PlType.Named named -> {
        if (named.type().name().schema() == null && named.type().name().name().equals("record") && !named.type().isArray()) {
          yield new TypeNames.Typed(PgTypes.RECORD, -1);
        }
        try {
          yield new TypeNames(catalog, host.searchPath()).resolve(named.type());
        } catch (SqlException e) {
          throw new SqlException(e.state(), e.getMessage()).withDetail(e.detail()).withHint(e.hint())
              .at(named.position() + Math.max(e.position(), 1) - 1);
        }
      }
      case PlType.OfColumn column -> ofColumn(column, scope);
      case PlType.OfRow row -> {
        PgType found = rowType(row.parts());
        if (found == null) {
          throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + String.join(".", row.parts()) + "\" does not exist");
        }
        yield new TypeNames.Typed(found, -1);
      }
    };
  }

  private TypeNames.Typed ofColumn(PlType.OfColumn column, PlScope scope) {
    List<String> parts = column.parts();
    PlScope.Found variable = scope.find(parts);
    TypeNames.Typed typed = null;
    if (variable != null && variable.consumed() == parts.size()) {
      typed = new TypeNames.Typed(variable.variable().type, variable.variable().typmod);
    } else if (parts.size() > 1) {
      Relation relation = relation(parts.subList(0, parts.size() - 1));
      for (Relation.Column c : relation == null ? List.<Relation.Column>of() : relation.columns()) {
        if (!c.dropped() && c.name().equals(parts.getLast())) {
          typed = new TypeNames.Typed(catalog.byOid(c.typeOid()), c.typmod());
        }
      }
    }
    if (typed == null) {
      String name = String.join(".", parts);
      throw new SqlException(SqlState.SYNTAX_ERROR, "syntax error at or near \"%\"").at(column.position() + name.length())
          .withContext("invalid type name \"" + name + "%TYPE\"");
    }
    if (!column.array() || typed.type().isArray()) {
      return typed;
    }
    return new TypeNames.Typed(catalog.byOid(typed.type().arrayOid()), typed.typmod());
  }

  private @Nullable Relation relation(List<String> parts) {
    if (parts.size() == 1) {
      return host.searchPath().relation(catalog, parts.getFirst());
    }
    Catalog.Namespace namespace = catalog.namespace(parts.get(parts.size() - 2));
    return namespace == null ? null : catalog.relation(namespace.oid(), parts.getLast());
  }

  private @Nullable PgType rowType(List<String> parts) {
    QualifiedName name = new QualifiedName(parts, 0);
    PgType type = new TypeNames(catalog, host.searchPath()).find(name);
    return type != null && type.isComposite() ? type : null;
  }

  SqlException unknownVariable(List<String> parts) {
    return new SqlException(SqlState.SYNTAX_ERROR, "\"" + String.join(".", parts) + "\" is not a known variable");
  }

}
