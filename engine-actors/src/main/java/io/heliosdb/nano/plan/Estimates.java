package io.heliosdb.nano.plan;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Estimates of row counts and numbers of distinct values. Without statistics PostgreSQL's defaults are used (selfuncs.h).
final class Estimates {
  private static final double DEFAULT_ROWS = 1000;
  private static final double UNKNOWN_DISTINCT = 200;

  private final PlannerContext context;
  private final Catalog catalog;
  private final Selectivity selectivities;

  Estimates(PlannerContext context) {
    this.context = context;
    this.catalog = context.catalog();
    selectivities = new Selectivity(this, context);
  }

  double rows(Relation.Table table) {
    double rows = catalog.statistics(table.oid()).rows();
    long growth = context.growth().rows(table);
    return rows < 0 ? Math.max(DEFAULT_ROWS, growth) : Math.max(rows + growth, 1);
  }

  double rowBytes(Relation.Table table) {
    return Math.max(16, catalog.statistics(table.oid()).averageRowBytes());
  }

  Catalog.@Nullable ColumnStatistics column(Relation.Table table, int attnum) {
    return catalog.statistics(table.oid()).columns().get(attnum);
  }

  /// Number of distinct values of a column.
  double distinct(Relation.Table table, int attnum) {
    Catalog.ColumnStatistics s = column(table, attnum);
    double rows = rows(table);
    if (table.primaryKey().size() == 1 && table.primaryKey().getFirst() == attnum) {
      return rows;
    }
    for (Relation.Index index : catalog.indexesOf(table.oid())) {
      if (index.unique() && index.keyCount() == 1 && index.keys().getFirst().attnum() == attnum && index.predicate() == null) {
        return rows;
      }
    }
    if (s == null || s.distinct() == 0) {
      return Math.min(rows, 200);
    }
    return Math.max(1, s.distinct() < 0 ? -s.distinct() * rows : s.distinct());
  }

  /// Keys of a table of which no two rows have equal values (but for NULLs), by column numbers.
  List<List<Integer>> uniqueKeys(Relation.Table table) {
    List<List<Integer>> keys = new ArrayList<>();
    if (!table.primaryKey().isEmpty()) {
      keys.add(table.primaryKey());
    }
    for (Relation.Index index : catalog.indexesOf(table.oid())) {
      List<Integer> attnums = index.keys().subList(0, index.keyCount()).stream().map(Relation.Index.Key::attnum).toList();
      if (index.unique() && index.predicate() == null && !attnums.contains(0) && !keys.contains(attnums)) {
        keys.add(attnums);
      }
    }
    return keys;
  }

  Collection<Relation.Index> indexes(Relation.Table table) {
    return catalog.indexesOf(table.oid());
  }

  /// Distinct values of an expression over a plan's row, 0 when nothing is known of it.
  double distinct(LogicalPlan plan, Expr e) {
    return strip(e) instanceof Expr.InputColumn c ? distinct(plan, c.index()) : 0;
  }

  private double distinct(LogicalPlan plan, int column) {
    return switch (plan) {
      case Scan p -> column < p.attnums().size() && p.attnums().get(column) > 0 ? distinct(p.table(), p.attnums().get(column)) : 0;
      case Filter p -> distinct(p.input(), column);
      case Project p -> distinct(p.input(), p.expressions().get(column));
      case Sort p -> distinct(p.input(), column);
      case Limit p -> distinct(p.input(), column);
      case Distinct p -> distinct(p.input(), column);
      case Join p -> {
        int left = p.left().output().size();
        yield column < left ? distinct(p.left(), column) : distinct(p.right(), column - left);
      }
      case Aggregate p -> column < p.groups().size() ? distinct(p.input(), p.groups().get(column)) : 0;
      case Window p -> column < p.input().output().size() ? distinct(p.input(), column) : 0;
      default -> 0;
    };
  }

  /// Number of groups that some expressions form of `rows` rows of a plan.
  double groups(LogicalPlan plan, List<Expr> expressions, double rows) {
    double product = 1;
    for (Expr e : expressions) {
      double known = distinct(plan, e);
      product *= known > 0 ? known : e.type().family() == io.heliosdb.nano.type.TypeFamily.BOOL ? 2 : UNKNOWN_DISTINCT;
    }
    return Math.max(1, Math.min(product, expressions.size() > 1 ? Math.max(1, rows * 0.5) : rows));
  }

  double selectivity(List<Expr> conjuncts, @Nullable Scan scan) {
    return selectivities.of(conjuncts, scan);
  }

  double selectivity(Expr c, @Nullable Scan scan) {
    return selectivities.of(c, scan);
  }

  static Expr strip(Expr e) {
    return e instanceof Expr.Relabel r ? strip(r.argument()) : e;
  }
}
