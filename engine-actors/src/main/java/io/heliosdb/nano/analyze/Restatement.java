package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.SelectStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A stored text bound to the objects it names, which can be written again after some of them got other names.
///
/// The text is analyzed with the catalog of the time before; what it means is kept by oid, and [#text] takes names from the catalog of the time
/// after. Confined to its caller.
public final class Restatement {
  private final Analysis analysis;
  private final List<Query> queries = new ArrayList<>();
  private final List<RangeEntry> rows;
  private final Function<Deparser, String> writer;

  private Restatement(Analysis analysis, @Nullable Query query, @Nullable Node node, List<RangeEntry> rows, Function<Deparser, String> writer) {
    this.analysis = analysis;
    this.rows = rows;
    this.writer = writer;
    Set<Query> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    if (query != null) {
      gather(query, seen);
    }
    if (node != null) {
      QueryRewriter.visit(node, each -> subqueries(each, seen));
    }
  }

  private void subqueries(Node node, Set<Query> seen) {
    if (node instanceof Node.SubLink link) {
      gather(link.query, seen);
    }
  }

  private void gather(Query query, Set<Query> seen) {
    if (!seen.add(query)) {
      return;
    }
    queries.add(query);
    for (RangeEntry entry : query.entries) {
      // A view's own query is not part of the text.
      if (entry.subquery != null && entry.view == null) {
        gather(entry.subquery, seen);
      }
    }
    for (Query.Cte cte : query.ctes) {
      if (cte.query != null) {
        gather(cte.query, seen);
      }
    }
    QueryRewriter.visit(query, node -> subqueries(node, seen));
  }

  /// The query of a view or materialized view.
  public static Restatement ofQuery(String text, AnalyzerContext context) {
    Analysis analysis = new Analysis(context);
    Query query = new SelectAnalyzer(Scope.root(analysis)).analyze((SelectStatement) Parser.parse(text.strip()).getFirst().statement());
    return new Restatement(analysis, query, null, List.of(), deparser -> deparser.query(query));
  }

  /// An expression over a row of `table` (null for none).
  public static Restatement ofExpression(String text, @Nullable Relation table, ExpressionBinder.Use use, AnalyzerContext context) {
    Analysis analysis = new Analysis(context);
    Scope scope = Scope.root(analysis);
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(scope);
    List<RangeEntry> entries = ExpressionBinder.rows(analysis, scope, expressions, table, table == null ? "" : table.name(), use);
    Node node = expressions.analyze(Parser.parseExpression(text), use.kind);
    boolean prefix = use == ExpressionBinder.Use.TRIGGER_WHEN || Nodes.contains(node, n -> n instanceof Node.SubLink);
    return new Restatement(analysis, null, node, entries, deparser -> deparser.expression(node, entries, prefix));
  }

  /// A rule's action.
  public static Restatement ofRuleAction(String text, Relation relation, char event, AnalyzerContext context) {
    Analysis analysis = new Analysis(context);
    RuleDefinitions.Bound bound = RuleDefinitions.bindAction(text, relation, event, analysis);
    if (bound == null) {
      return new Restatement(analysis, null, null, List.of(), deparser -> text);
    }
    return new Restatement(analysis, bound.query(), null, bound.rows(), deparser -> deparser.ruleAction(bound.query(), bound.rows()));
  }

  /// A rule's condition.
  public static Restatement ofRuleCondition(String text, Relation relation, char event, AnalyzerContext context) {
    Analysis analysis = new Analysis(context);
    Scope scope = RuleDefinitions.rows(relation, event, analysis);
    Node node = new ExpressionAnalyzer(scope).condition(Parser.parseExpression(text), ExprKind.WHERE, "WHERE");
    List<RangeEntry> rows = RuleDefinitions.entries(scope);
    return new Restatement(analysis, null, node, rows, deparser -> deparser.expression(node, rows, true));
  }

  /// The canonical text with the names of `after`.
  ///
  /// @throws SqlException 0A000 for a join whose USING names a column that is called otherwise now
  public String text(Catalog after) {
    rows.forEach(entry -> rename(entry, after));
    for (Query query : queries) {
      query.entries.forEach(entry -> rename(entry, after));
      query.from.forEach(item -> checkUsing(item));
    }
    analysis.context = Definitions.withPath(analysis.context, List.of(Catalog.PG_CATALOG));
    Deparser deparser = new Deparser(analysis, false);
    deparser.naming = after;
    return writer.apply(deparser);
  }

  private static @Nullable Relation relationOf(RangeEntry entry) {
    return entry.view != null ? entry.view : entry.relation;
  }

  private static void rename(RangeEntry entry, Catalog after) {
    Relation before = relationOf(entry);
    Relation now = before == null || !entry.columnAliases.isEmpty() ? null : after.relation(before.oid());
    if (now == null) {
      return;
    }
    if (entry.alias == null && entry.inFrom) {
      entry.name = now.name();
    }
    for (int i = 0; i < entry.columnCount() && i < now.columns().size(); i++) {
      if (entry.columnNames.get(i) != null) {
        entry.columnNames.set(i, now.columns().get(i).name());
      }
    }
  }

  private static void checkUsing(Query.From item) {
    if (item instanceof Query.Join join) {
      checkUsing(join.left);
      checkUsing(join.right);
      for (String name : join.using) {
        if (!has(join.left, name) || !has(join.right, name)) {
          throw SqlException.notSupported("renaming column \"" + name + "\" while a stored query joins by it with USING");
        }
      }
    }
  }

  private static boolean has(Query.From item, String column) {
    return switch (item) {
      case Query.Leaf leaf -> leaf.entry().columnNames.contains(column);
      case Query.Join join -> has(join.left, column) || has(join.right, column);
    };
  }
}
