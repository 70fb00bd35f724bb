package io.heliosdb.nano.plan;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan.Scan;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Leaves out partitions that cannot hold a matching row: list and range partitions on one plain column, against constants.
final class PartitionPruning {
  private PartitionPruning() {}

  static boolean excludes(Scan scan, Relation.Table leaf, List<Expr> conjuncts, Catalog catalog) {
    // Only direct partitions of the scanned table: the columns are then those of its scheme.
    Relation.PartitionScheme scheme = scan.table().partitionScheme();
    Relation.PartitionBound bound = leaf.partitionBound();
    if (scheme == null || bound == null || bound.isDefault() || leaf.partitionOf() != scan.table().oid() || scheme.keys().size() != 1
        || scheme.keys().getFirst().attnum() == 0 || scheme.strategy() == 'h') {
      return false;
    }
    int attnum = scheme.keys().getFirst().attnum();
    PgType type = catalog.byOid(scan.table().column(attnum).typeOid());
    for (Expr c : conjuncts) {
      if (!(c instanceof Expr.Call call)) {
        continue;
      }
      int accepted = Comparisons.accepted(call.site());
      if (accepted == 0 || call.arguments().size() != 2) {
        continue;
      }
      Expr left = Estimates.strip(call.arguments().get(0));
      Expr right = call.arguments().get(1);
      if (right instanceof Expr.InputColumn) {
        Expr swap = left;
        left = right;
        right = swap;
        accepted = Comparisons.commuted(accepted);
      }
      if (left instanceof Expr.InputColumn column && column.index() < scan.attnums().size() && scan.attnums().get(column.index()) == attnum
          && right instanceof Expr.Const constant && constant.value() != null && constant.type().family() == type.family()
          && excludes(scheme.strategy(), bound, type, column.collation(), accepted, constant.value(), catalog)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Object value(String text, PgType type, Catalog catalog) {
    String literal = text;
    if (literal.equalsIgnoreCase("minvalue") || literal.equalsIgnoreCase("maxvalue") || literal.equalsIgnoreCase("null")) {
      return null;
    }
    int cast = literal.lastIndexOf("'::");
    if (cast > 0) {
      literal = literal.substring(0, cast + 1);
    }
    if (literal.startsWith("'") && literal.endsWith("'")) {
      literal = literal.substring(1, literal.length() - 1).replace("''", "'");
    } else if (!literal.matches("-?[0-9.]+|true|false")) {
      return UNKNOWN;
    }
    try {
      return TypeIo.parse(type, -1, literal, IoContext.DEFAULT.toBuilder().types(catalog).build());
    } catch (io.heliosdb.nano.error.SqlException e) {
      // Text of an expression we do not evaluate here: the partition is kept.
      return UNKNOWN;
    }
  }

  private static final Object UNKNOWN = new Object();

  private static boolean excludes(char strategy, Relation.PartitionBound bound, PgType type, int collation, int accepted, Object constant, Catalog catalog) {
    if (strategy == 'l') {
      for (String text : bound.values()) {
        Object value = value(text, type, catalog);
        if (value == UNKNOWN) {
          return false;
        }
        if (value != null) {
          int order = Values.compare(type, value, constant, collation);
          if ((accepted & (order < 0 ? Comparisons.LESS : order == 0 ? Comparisons.EQUAL : Comparisons.GREATER)) != 0) {
            return false;
          }
        }
      }
      return true;
    }
    Object lower = bound.lower().isEmpty() ? null : value(bound.lower().getFirst(), type, catalog);
    Object upper = bound.upper().isEmpty() ? null : value(bound.upper().getFirst(), type, catalog);
    if (lower == UNKNOWN || upper == UNKNOWN) {
      return false;
    }
    // Rows are in [lower, upper).
    boolean allBelow = upper != null && Values.compare(type, upper, constant, collation) <= 0;
    boolean allAbove = lower != null && Values.compare(type, lower, constant, collation) > 0;
    boolean allAtLeast = lower != null && Values.compare(type, lower, constant, collation) >= 0;
    return switch (accepted) {
      case Comparisons.EQUAL -> allBelow || allAbove;
      case Comparisons.LESS -> allAtLeast;
      case Comparisons.LESS | Comparisons.EQUAL -> allAbove;
      case Comparisons.GREATER, Comparisons.GREATER | Comparisons.EQUAL -> allBelow;
      default -> false;
    };
  }
}
