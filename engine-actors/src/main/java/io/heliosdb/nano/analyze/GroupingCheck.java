package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Refuses columns that are neither grouped, nor inside an aggregate, nor dependent on a grouped primary key.
///
/// Errors: 42803. Source: PostgreSQL 15 manual, "The GROUP BY and HAVING Clauses".
final class GroupingCheck {
  private static final int SETS_MAX = 4096;
  private final Analysis analysis;
  private final Scope scope;
  private Query query;
  private List<Node> groups;
  private List<Node.Var> common;
  private boolean inDirectArgument;

  GroupingCheck(Analysis analysis, Scope scope) {
    this.analysis = analysis;
    this.scope = scope;
  }

  void check(Query checked) {
    query = checked;
    for (RangeEntry entry : query.entries) {
      if (entry.selfReference && query.hasAggregates) {
        throw new SqlException(SqlState.INVALID_RECURSION, "aggregate functions are not allowed in a recursive query's recursive term")
            .at(aggregatePosition());
      }
    }
    groups = new ArrayList<>();
    for (Query.Sort sort : query.groupBy) {
      groups.add(flat(sort.target.expr));
    }
    common = commonVars();
    for (Query.Target target : query.targets) {
      numberGrouping(target.expr);
      walk(target.expr, 0);
    }
    if (query.having != null) {
      numberGrouping(query.having);
      walk(query.having, 0);
    }
  }

  private int aggregatePosition() {
    for (Query.Target target : query.targets) {
      Node found = Nodes.find(target.expr, node -> node instanceof Node.Aggregate);
      if (found != null) {
        return found.position;
      }
    }
    return 0;
  }

  /// Columns that every grouping set contains: what functional dependency may rest on.
  private List<Node.Var> commonVars() {
    List<Node.Var> vars = new ArrayList<>();
    List<List<Query.Sort>> sets = query.groupingSets == null ? null : expand(query);
    for (int i = 0; i < query.groupBy.size(); i++) {
      Query.Sort key = query.groupBy.get(i);
      boolean everywhere = true;
      for (int s = 0; sets != null && s < sets.size() && everywhere; s++) {
        everywhere = sets.get(s).contains(key);
      }
      if (everywhere && groups.get(i) instanceof Node.Var var) {
        vars.add(var);
      }
    }
    return vars;
  }

  /// Replaces references to columns of a join by what they stand for.
  static Node flat(Node node) {
    while (node instanceof Node.Var var && var.entry.kind == RangeEntry.Kind.JOIN && var.attno > 0) {
      node = var.entry.joinColumns.get(var.attno - 1);
    }
    return node;
  }

  private void walk(Node node, int level) {
    switch (node) {
      case Node.Const c -> {
        return;
      }
      case Node.Param p -> {
        return;
      }
      case Node.Aggregate aggregate -> {
        if (aggregate.depth == query.depth) {
          boolean outer = inDirectArgument;
          inDirectArgument = true;
          for (Node direct : aggregate.direct) {
            walk(direct, level);
          }
          inDirectArgument = outer;
          return;
        }
        if (aggregate.depth < query.depth) {
          return;
        }
      }
      case Node.Grouping grouping when grouping.depth <= query.depth -> {
        return;
      }
      default -> {}
    }
    if (isGrouped(node)) {
      return;
    }
    if (node instanceof Node.Var var) {
      variable(var, level);
      return;
    }
    if (node instanceof Node.SubLink link) {
      walkQuery(link.query, level + 1);
    }
    Nodes.children(node, child -> walk(child, level));
  }

  private boolean isGrouped(Node node) {
    Node own = flat(node);
    for (int i = 0; i < groups.size(); i++) {
      Node group = groups.get(i);
      if (group instanceof Node.Var a) {
        if (own instanceof Node.Var b && a.entry == b.entry && a.attno == b.attno) {
          return true;
        }
      } else if (Nodes.equal(own, group, analysis) || own != node && Nodes.equal(node, group, analysis)) {
        return true;
      }
    }
    return false;
  }

  private void walkQuery(Query inner, int level) {
    // Only references to the grouped query matter: its own columns and those of queries further out are fine.
    QueryRewriter.visit(
        inner,
        node -> {
          if (node instanceof Node.Var var && var.entry.depth == query.depth && !isGrouped(var) && !insideAggregate(inner, var)) {
            variable(var, level);
          }
        });
  }

  /// Whether the column stands inside an aggregate (within the sub-query) that belongs to the grouped query, or in a grouped expression.
  private boolean insideAggregate(Query inner, Node.Var var) {
    boolean[] inside = new boolean[1];
    QueryRewriter.visit(
        inner,
        node -> {
          boolean shelter =
              node instanceof Node.Aggregate a && a.depth == query.depth || !(node instanceof Node.Var) && !groups.isEmpty() && isGrouped(node);
          if (shelter) {
            QueryRewriter.visit(node, each -> inside[0] |= each == var);
          }
        });
    return inside[0];
  }

  private void variable(Node.Var var, int level) {
    RangeEntry entry = var.entry;
    if (entry.depth != query.depth) {
      return;
    }
    if (entry.kind == RangeEntry.Kind.JOIN && var.attno > 0) {
      walk(entry.joinColumns.get(var.attno - 1), level);
      return;
    }
    if (dependsOnKey(entry)) {
      return;
    }
    String column = var.attno == 0 ? "*" : var.attno < 0 ? SystemColumns.name(var.attno) : entry.columnNames.get(var.attno - 1);
    String name = "\"" + entry.name + "." + column + "\"";
    SqlException error =
        new SqlException(
            SqlState.GROUPING_ERROR,
            level > 0 ? "subquery uses ungrouped column " + name + " from outer query"
                : "column " + name + " must appear in the GROUP BY clause or be used in an aggregate function");
    if (inDirectArgument && level == 0) {
      error = error.withDetail("Direct arguments of an ordered-set aggregate must use only grouped columns.");
    }
    throw error.at(var.position);
  }

  private boolean dependsOnKey(RangeEntry entry) {
    if (!(entry.relation instanceof Relation.Table table) || entry.kind != RangeEntry.Kind.RELATION) {
      return false;
    }
    for (Relation.Constraint constraint : table.constraints()) {
      if (constraint.kind() != Relation.Constraint.Kind.PRIMARY_KEY || constraint.deferrable()) {
        continue;
      }
      for (int attnum : constraint.columns()) {
        boolean found = false;
        for (Node.Var var : common) {
          found |= var.entry == entry && var.attno == attnum;
        }
        if (!found) {
          return false;
        }
      }
      if (!constraint.columns().isEmpty() && analysis.expanding.isEmpty()) {
        analysis.keysUsed.add(constraint.oid());
      }
      return !constraint.columns().isEmpty();
    }
    return false;
  }

  private void numberGrouping(Node node) {
    if (node instanceof Node.Grouping grouping && grouping.depth == query.depth) {
      List<Integer> positions = new ArrayList<>(grouping.arguments.size());
      for (Node argument : grouping.arguments) {
        int found = -1;
        for (int i = 0; i < groups.size() && found < 0; i++) {
          if (Nodes.equal(flat(argument), groups.get(i), analysis)) {
            found = i;
          }
        }
        if (found < 0) {
          throw new SqlException(
                  SqlState.GROUPING_ERROR, "arguments to GROUPING must be grouping expressions of the associated query level")
              .at(Nodes.location(argument));
        }
        positions.add(found);
      }
      grouping.groups = positions;
      return;
    }
    if (node instanceof Node.SubLink link) {
      QueryRewriter.visit(
          link.query,
          inner -> {
            if (inner instanceof Node.Grouping g && g.depth == query.depth) {
              numberGrouping(g);
            }
          });
    }
    Nodes.children(node, this::numberGrouping);
  }

  // ------------------------------------------------------------------------------------------ grouping sets

  /// The plain grouping sets that the GROUP BY clause means, each a list of keys.
  static List<List<Query.Sort>> expand(Query query) {
    List<List<Query.Sort>> result = null;
    for (Query.GroupingSet element : query.groupingSets) {
      List<List<Query.Sort>> own = expand(element);
      if (result == null) {
        result = own;
        continue;
      }
      if ((long) result.size() * own.size() > SETS_MAX) {
        throw tooMany(element.position());
      }
      List<List<Query.Sort>> product = new ArrayList<>(result.size() * own.size());
      for (List<Query.Sort> a : result) {
        for (List<Query.Sort> b : own) {
          product.add(union(a, b));
        }
      }
      result = product;
    }
    if (result != null && query.groupDistinct) {
      result = distinct(result);
    }
    return result == null ? List.of(List.of()) : result;
  }

  private static SqlException tooMany(int position) {
    return new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "too many grouping sets present (maximum " + SETS_MAX + ")").at(position);
  }

  private static List<List<Query.Sort>> distinct(List<List<Query.Sort>> sets) {
    List<List<Query.Sort>> result = new ArrayList<>();
    for (List<Query.Sort> set : sets) {
      boolean known = false;
      for (List<Query.Sort> other : result) {
        known |= other.size() == set.size() && other.containsAll(set);
      }
      if (!known) {
        result.add(set);
      }
    }
    return result;
  }

  private static List<Query.Sort> union(List<Query.Sort> a, List<Query.Sort> b) {
    List<Query.Sort> result = new ArrayList<>(a);
    for (Query.Sort sort : b) {
      if (!result.contains(sort)) {
        result.add(sort);
      }
    }
    return result;
  }

  private static List<List<Query.Sort>> expand(Query.GroupingSet set) {
    List<List<Query.Sort>> result = new ArrayList<>();
    switch (set.kind()) {
      case EMPTY -> result.add(List.of());
      case SIMPLE -> result.add(set.keys());
      case ROLLUP -> {
        for (int count = set.elements().size(); count >= 0; count--) {
          List<Query.Sort> keys = List.of();
          for (int i = 0; i < count; i++) {
            keys = union(keys, set.elements().get(i).keys());
          }
          result.add(keys);
        }
      }
      case CUBE -> {
        int count = set.elements().size();
        for (int mask = (1 << count) - 1; mask >= 0; mask--) {
          List<Query.Sort> keys = List.of();
          for (int i = 0; i < count; i++) {
            if ((mask & 1 << count - 1 - i) != 0) {
              keys = union(keys, set.elements().get(i).keys());
            }
          }
          result.add(keys);
        }
      }
      case SETS -> {
        for (Query.GroupingSet element : set.elements()) {
          result.addAll(expand(element));
        }
      }
    }
    if (result.size() > SETS_MAX) {
      throw tooMany(set.position());
    }
    return result;
  }

  static @Nullable List<List<Query.Sort>> setsOf(Query query) {
    return query.groupingSets == null ? null : expand(query);
  }
}
