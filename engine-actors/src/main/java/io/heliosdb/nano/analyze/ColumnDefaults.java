package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a column takes when a statement gives it no value: DEFAULT, identity sequence, the domain's default, else NULL.
final class ColumnDefaults {
  private final Analysis analysis;
  private final Relation relation;
  private final Map<Integer, Node> known = new HashMap<>();

  ColumnDefaults(Analysis analysis, Relation relation) {
    this.analysis = analysis;
    this.relation = relation;
  }

  /// @param override default of a view's column, which wins over the table's; null if there is none
  Node of(Relation.Column column, @Nullable String override) {
    Node node = known.get(column.attnum());
    if (node == null) {
      node = bind(column, override);
      known.put(column.attnum(), node);
    }
    return node;
  }

  private Node bind(Relation.Column column, @Nullable String override) {
    if (column.dropped()) {
      return Node.Const.of(PgTypes.INT4, null);
    }
    PgType type = analysis.types.byOid(column.typeOid());
    if (column.generated() != 0) {
      return new Node.Const(0, type, column.typmod(), null, -1);
    }
    Node value = null;
    if (override != null) {
      value = expression(override);
    } else if (column.identity() != 0) {
      value = nextValue(column);
    } else if (column.defaultExpression() != null) {
      value = expression(column.defaultExpression());
    } else if (type.isDomain()) {
      String text = domainDefault(type);
      value = text == null ? null : expression(text);
    }
    if (value == null) {
      return type.isDomain()
          ? new Node.DomainCoerce(0, type, -1, new Node.Const(0, type.ultimateBase(), -1, null, -1), Form.IMPLICIT_CAST)
          : new Node.Const(0, type, column.typmod(), null, -1);
    }
    Node converted = analysis.coercion.toTarget(value, type, column.typmod(), Coercion.Context.ASSIGNMENT, Form.IMPLICIT_CAST, 0);
    if (converted == null) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH,
          "column \"" + column.name() + "\" is of type " + analysis.types.format(type) + " but default expression is of type "
              + analysis.types.format(value.type()))
          .withHint("You will need to rewrite or cast the expression.");
    }
    CollationAssigner.assign(analysis, converted);
    return converted;
  }

  private @Nullable String domainDefault(PgType type) {
    for (PgType current = type; current != null && current.isDomain(); current = current.base()) {
      if (analysis.catalog.typeDetails(current.oid()) instanceof Catalog.DomainDetails details && details.defaultExpression() != null) {
        return details.defaultExpression();
      }
    }
    return null;
  }

  private Node expression(String text) {
    AnalyzerContext context = analysis.context;
    analysis.context = context.withVariables(null);
    try {
      return new ExpressionAnalyzer(Scope.detached(analysis, 0)).analyze(Parser.parseExpression(text), ExprKind.FUNCTION_DEFAULT);
    } catch (SqlException e) {
      throw atNoPosition(e);
    } finally {
      analysis.context = context;
    }
  }

  /// Positions inside stored text mean nothing in the statement at hand.
  private static SqlException atNoPosition(SqlException e) {
    return new SqlException(e.state(), e.getMessage()).withDetail(e.detail()).withHint(e.hint());
  }

  private Node nextValue(Relation.Column column) {
    for (Catalog.ObjectAddress dependent :
        analysis.catalog.dependentsOn(new Catalog.ObjectAddress(ClassOids.CLASS, relation.oid(), column.attnum()))) {
      if (dependent.classOid() == ClassOids.CLASS
          && analysis.catalog.relation(dependent.objectOid()) instanceof Relation.Sequence sequence && sequence.identity()) {
        FunctionDef nextval = analysis.catalog.functions(Catalog.PG_CATALOG, "nextval").getFirst();
        Node oid = Node.Const.of(PgTypes.REGCLASS, (long) sequence.oid());
        return new Node.Func(0, nextval, PgTypes.INT8, List.of(oid), Form.FUNCTION, false, false);
      }
    }
    throw new SqlException(SqlState.INTERNAL_ERROR, "no owned sequence found");
  }
}
