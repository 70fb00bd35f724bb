package io.heliosdb.nano.analyze;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Visits or replaces, in place, the expressions of a query and of all queries inside it.
final class QueryRewriter {
  private QueryRewriter() {}

  static void rewrite(Query query, Function<Node, @Nullable Node> replacement) {
    for (RangeEntry entry : query.entries) {
      if (entry.subquery != null) {
        rewrite(entry.subquery, replacement);
      }
      if (!entry.functions.isEmpty()) {
        entry.functions =
            entry.functions.stream()
                .map(f -> new RangeEntry.Function(Nodes.rewrite(f.call(), replacement), f.columnCount(), f.spread(), f.definitions()))
                .toList();
      }
      if (!entry.rows.isEmpty()) {
        entry.rows = entry.rows.stream().map(row -> Nodes.rewrite(row, replacement)).toList();
      }
      if (!entry.joinColumns.isEmpty()) {
        entry.joinColumns = Nodes.rewrite(entry.joinColumns, replacement);
      }
      entry.securityConditions.replaceAll(node -> Nodes.rewrite(node, replacement));
    }
    for (Query.From from : query.from) {
      rewrite(from, replacement);
    }
    query.where = apply(query.where, replacement);
    query.having = apply(query.having, replacement);
    query.limit = apply(query.limit, replacement);
    query.offset = apply(query.offset, replacement);
    query.mergeCondition = apply(query.mergeCondition, replacement);
    rewrite(query.targets, replacement);
    rewrite(query.returning, replacement);
    for (Query.WindowClause window : query.windows) {
      window.startOffset = apply(window.startOffset, replacement);
      window.endOffset = apply(window.endOffset, replacement);
    }
    for (Query.Cte cte : query.ctes) {
      if (cte.query != null) {
        rewrite(cte.query, replacement);
      }
    }
    if (query.conflict != null) {
      rewrite(query.conflict.assignments, replacement);
      query.conflict.where = apply(query.conflict.where, replacement);
    }
    for (Query.MergeClause clause : query.mergeClauses) {
      clause.condition = apply(clause.condition, replacement);
      rewrite(clause.targets, replacement);
    }
  }

  private static void rewrite(Query.From from, Function<Node, @Nullable Node> replacement) {
    if (from instanceof Query.Join join) {
      rewrite(join.left, replacement);
      rewrite(join.right, replacement);
      join.condition = apply(join.condition, replacement);
    }
  }

  private static void rewrite(List<Query.Target> targets, Function<Node, @Nullable Node> replacement) {
    for (Query.Target target : targets) {
      target.expr = Nodes.rewrite(target.expr, replacement);
    }
  }

  private static @Nullable Node apply(@Nullable Node node, Function<Node, @Nullable Node> replacement) {
    return node == null ? null : Nodes.rewrite(node, replacement);
  }

  /// Hands every node of the query, and of the queries in it, to `action`, parents first.
  static void visit(Query query, Consumer<Node> action) {
    for (RangeEntry entry : query.entries) {
      if (entry.subquery != null) {
        visit(entry.subquery, action);
      }
      for (RangeEntry.Function function : entry.functions) {
        visit(function.call(), action);
      }
      for (List<Node> row : entry.rows) {
        for (Node node : row) {
          visit(node, action);
        }
      }
      for (Node node : entry.securityConditions) {
        visit(node, action);
      }
      if (entry.sample != null) {
        entry.sample.arguments().forEach(node -> visit(node, action));
        visit(entry.sample.repeatable(), action);
      }
    }
    for (Query.From from : query.from) {
      visit(from, action);
    }
    visit(query.where, action);
    visit(query.having, action);
    visit(query.limit, action);
    visit(query.offset, action);
    visit(query.mergeCondition, action);
    visit(query.targets, action);
    visit(query.returning, action);
    for (Query.WindowClause window : query.windows) {
      visit(window.startOffset, action);
      visit(window.endOffset, action);
    }
    for (Query.Cte cte : query.ctes) {
      if (cte.query != null) {
        visit(cte.query, action);
      }
    }
    if (query.conflict != null) {
      visit(query.conflict.assignments, action);
      visit(query.conflict.where, action);
    }
    for (Query.MergeClause clause : query.mergeClauses) {
      visit(clause.condition, action);
      visit(clause.targets, action);
    }
  }

  private static void visit(Query.From from, Consumer<Node> action) {
    if (from instanceof Query.Join join) {
      visit(join.left, action);
      visit(join.right, action);
      visit(join.condition, action);
    }
  }

  private static void visit(List<Query.Target> targets, Consumer<Node> action) {
    for (Query.Target target : targets) {
      visit(target.expr, action);
    }
  }

  static void visit(@Nullable Node node, Consumer<Node> action) {
    if (node == null) {
      return;
    }
    action.accept(node);
    if (node instanceof Node.SubLink link) {
      visit(link.query, action);
    }
    Nodes.children(node, child -> visit(child, action));
  }
}
