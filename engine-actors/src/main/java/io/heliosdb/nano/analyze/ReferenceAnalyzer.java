package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds names: columns, whole rows, variables, parameters, fields of composite values.
final class ReferenceAnalyzer {
  private final ExpressionAnalyzer expressions;
  private final Scope scope;
  private final Analysis analysis;

  ReferenceAnalyzer(ExpressionAnalyzer expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.analysis = expressions.analysis;
  }

  Node column(Expression.ColumnReference reference) {
    refuseByKind(reference.position());
    if (reference.star()) {
      return wholeRow(reference);
    }
    AnalyzerContext.Variables variables = analysis.context.variables();
    if (variables != null && variables.conflict() == AnalyzerContext.Variables.Conflict.VARIABLE) {
      Node variable = variable(variables, reference);
      if (variable != null) {
        return variable;
      }
    }
    Node found = find(reference);
    if (variables != null && variables.conflict() != AnalyzerContext.Variables.Conflict.VARIABLE) {
      if (found == null) {
        Node variable = variable(variables, reference);
        if (variable != null) {
          return variable;
        }
      } else if (variables.conflict() == AnalyzerContext.Variables.Conflict.ERROR && variables.resolve(reference.parts()) != null) {
        throw new SqlException(SqlState.AMBIGUOUS_COLUMN, "column reference \"" + String.join(".", reference.parts()) + "\" is ambiguous")
            .withDetail("It could refer to either a PL/pgSQL variable or a table column.")
            .at(reference.position());
      }
    }
    if (found != null) {
      return found;
    }
    throw notFound(reference);
  }

  /// `t.*` where one value is wanted: the row of the table or variable.
  private Node wholeRow(Expression.ColumnReference reference) {
    List<String> parts = reference.parts();
    String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
    Scope.Found item = parts.isEmpty() ? null : scope.item(schema, parts.getLast(), reference.position());
    if (item != null) {
      return scope.wholeRow(item.scope(), item.item(), reference.position());
    }
    if (parts.isEmpty()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "improper use of \"*\"").at(reference.position());
    }
    Node variable = starVariable(reference);
    if (variable == null) {
      throw NameErrors.missingTable(scope, schema, parts.getLast(), reference.position());
    }
    return variable;
  }

  private void refuseByKind(int position) {
    switch (scope.kind) {
      case COLUMN_DEFAULT ->
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot use column reference in DEFAULT expression").at(position);
      case PARTITION_BOUND ->
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot use column reference in partition bound expression").at(position);
      default -> {}
    }
  }

  private @Nullable Node find(Expression.ColumnReference reference) {
    List<String> parts = reference.parts();
    int position = reference.position();
    return switch (parts.size()) {
      case 1 -> simple(parts.getFirst(), position);
      case 2 -> qualified(null, parts.get(0), parts.get(1), position);
      case 3 -> qualified(parts.get(0), parts.get(1), parts.get(2), position);
      case 4 -> qualified(parts.get(1), parts.get(2), parts.get(3), position);
      default ->
          throw new SqlException(
                  SqlState.SYNTAX_ERROR, "improper qualified name (too many dotted names): " + String.join(".", parts))
              .at(position);
    };
  }

  private @Nullable Node simple(String name, int position) {
    Node column = scope.column(name, false, position);
    if (column != null) {
      return column;
    }
    if (name.equals("value") && scope.domainValue != null) {
      return scope.domainValue;
    }
    Scope.Found item = scope.item(null, name, position);
    if (item != null) {
      return scope.wholeRow(item.scope(), item.item(), position);
    }
    return oldOrNew(name, position);
  }

  /// `old_x` and `new_x` in RETURNING, where no column has that name.
  private @Nullable Node oldOrNew(String name, int position) {
    for (Scope s = scope; s != null; s = s.parent) {
      RangeEntry entry = name.startsWith("old_") ? s.returningOld : name.startsWith("new_") ? s.returningNew : null;
      if (entry != null) {
        int index = entry.columnNames.indexOf(name.substring(4));
        if (index >= 0) {
          return scope.var(s, entry, index + 1, position);
        }
      }
    }
    return null;
  }

  private @Nullable Node qualified(@Nullable String schema, String table, String name, int position) {
    Scope.Found found = scope.item(schema, table, position);
    if (found == null) {
      return null;
    }
    Node column = scope.columnOf(found.scope(), found.item(), name, position);
    if (column != null) {
      return column;
    }
    Node row = scope.wholeRow(found.scope(), found.item(), position);
    return expressions.calls().functionOnRow(name, row, position);
  }

  private SqlException notFound(Expression.ColumnReference reference) {
    List<String> parts = reference.parts();
    int position = reference.position();
    if (parts.size() == 1) {
      return NameErrors.missingColumn(scope, null, parts.getFirst(), position);
    }
    String column = parts.getLast();
    String table = parts.get(parts.size() - 2);
    String schema = parts.size() > 2 ? parts.get(parts.size() - 3) : null;
    return scope.item(schema, table, position) == null
        ? NameErrors.missingTable(scope, schema, table, position)
        : NameErrors.missingColumn(scope, table, column, position);
  }

  Node parameter(Expression.Parameter parameter) {
    AnalyzerContext.Variables variables = analysis.context.variables();
    if (variables != null) {
      AnalyzerContext.Variables.Variable variable = variables.parameter(parameter.number());
      if (variable != null) {
        return node(variable, parameter.position());
      }
      if (!analysis.context.inferParameters() && parameter.number() > analysis.context.parameterTypes().size()) {
        throw new SqlException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + parameter.number()).at(parameter.position());
      }
    }
    return analysis.parameters.reference(parameter.number(), parameter.position());
  }

  private static Node node(AnalyzerContext.Variables.Variable variable, int position) {
    Node.Param node = new Node.Param(position, variable.number(), null, variable.type(), variable.typmod(), variable.collation());
    node.fields = variable.fields();
    return node;
  }

  /// The composite variable meant by `name.*`, or null.
  @Nullable Node starVariable(Expression.ColumnReference star) {
    AnalyzerContext.Variables variables = analysis.context.variables();
    return variables == null ? null : variable(variables, star);
  }

  private @Nullable Node variable(AnalyzerContext.Variables variables, Expression.ColumnReference reference) {
    AnalyzerContext.Variables.Variable variable = variables.resolve(reference.parts());
    if (variable == null) {
      return null;
    }
    Node node = node(variable, reference.position());
    for (int i = variable.consumed(); i < reference.parts().size(); i++) {
      node = select(node, reference.parts().get(i), reference.position());
    }
    return node;
  }

  // ------------------------------------------------------------------------------------------ fields

  Node field(Expression.FieldSelection selection) {
    return select(expressions.bind(selection.base()), selection.field(), selection.position());
  }

  /// `(base).name`: a field, or a function of one composite argument.
  Node select(Node base, String name, int position) {
    Node field = fieldOf(base, name, position);
    if (field != null) {
      return field;
    }
    Node call = expressions.calls().functionOnRow(name, base, position);
    if (call != null) {
      return call;
    }
    throw unknownField(base, name, position);
  }

  private SqlException unknownField(Node base, String name, int position) {
    if (base instanceof Node.Var var && var.attno == 0) {
      return new SqlException(SqlState.UNDEFINED_COLUMN, "column " + var.entry.name + "." + name + " does not exist").at(position);
    }
    PgType type = base.type();
    if (type.ultimateBase().isComposite()) {
      return new SqlException(
              SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" not found in data type " + analysis.types.format(type))
          .at(position);
    }
    if (type.oid() == PgTypes.RECORD.oid()) {
      return new SqlException(SqlState.UNDEFINED_COLUMN, "could not identify column \"" + name + "\" in record data type").at(position);
    }
    return new SqlException(
            SqlState.WRONG_OBJECT_TYPE,
            "column notation ." + name + " applied to type " + analysis.types.format(type) + ", which is not a composite type")
        .at(position);
  }

  @Nullable Node fieldOf(Node base, String name, int position) {
    if (base instanceof Node.Var var && var.attno == 0) {
      int index = var.entry.columnNames.indexOf(name);
      if (index < 0) {
        return null;
      }
      for (Scope s = scope; s != null; s = s.parent) {
        if (s.depth == var.entry.depth) {
          return scope.var(s, var.entry, index + 1, position);
        }
      }
      return null;
    }
    List<CompositeField> fields = RecordShape.of(analysis, base);
    if (fields == null) {
      return null;
    }
    for (int i = 0; i < fields.size(); i++) {
      CompositeField field = fields.get(i);
      if (!field.dropped() && field.name().equals(name)) {
        return new Node.FieldSelect(position, field.type(), field.typmod(), field.collationOid(), base, i + 1, name);
      }
    }
    return null;
  }

  /// The fields of `(base).*`, in order.
  List<Node> expandFields(Expression.StarSelection star) {
    Node base = expressions.bind(star.base());
    return expandFields(base, star.position());
  }

  List<Node> expandFields(Node base, int position) {
    List<Node> result = new ArrayList<>();
    if (base instanceof Node.Var var && var.attno == 0) {
      for (int i = 0; i < var.entry.columnCount(); i++) {
        String name = var.entry.columnNames.get(i);
        if (name != null) {
          result.add(fieldOf(base, name, position));
        }
      }
      return result;
    }
    if (!base.type().ultimateBase().isComposite() && base.type().oid() != PgTypes.RECORD.oid()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "type " + analysis.types.format(base.type()) + " is not composite").at(position);
    }
    List<CompositeField> fields = RecordShape.of(analysis, base);
    if (fields == null) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "record type has not been registered").at(position);
    }
    for (int i = 0; i < fields.size(); i++) {
      CompositeField field = fields.get(i);
      if (!field.dropped()) {
        result.add(new Node.FieldSelect(position, field.type(), field.typmod(), field.collationOid(), base, i + 1, field.name()));
      }
    }
    return result;
  }

  /// Names that [#expandFields] gives its columns.
  List<String> fieldNames(Node base) {
    List<String> names = new ArrayList<>();
    if (base instanceof Node.Var var && var.attno == 0) {
      for (String name : var.entry.columnNames) {
        if (name != null) {
          names.add(name);
        }
      }
      return names;
    }
    List<CompositeField> fields = RecordShape.of(analysis, base);
    if (fields != null) {
      for (CompositeField field : fields) {
        if (!field.dropped()) {
          names.add(field.name());
        }
      }
    }
    return names;
  }
}
