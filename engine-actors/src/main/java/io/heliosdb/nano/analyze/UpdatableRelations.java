package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Which of UPDATE, INSERT and DELETE a relation takes: `pg_relation_is_updatable` and `pg_column_is_updatable`.
///
/// Events are bits as in PostgreSQL: 4 UPDATE, 8 INSERT, 16 DELETE. Stateless and thread-safe.
public final class UpdatableRelations {
  public static final int UPDATE = 4;
  public static final int INSERT = 8;
  public static final int DELETE = 16;
  private static final int ALL = UPDATE | INSERT | DELETE;

  private UpdatableRelations() {}

  public static int events(@Nullable Relation relation, boolean triggers, AnalyzerContext context) {
    return events(relation, triggers, null, context, 0);
  }

  public static boolean column(@Nullable Relation relation, int attnum, boolean triggers, AnalyzerContext context) {
    if (attnum <= 0) {
      return false;
    }
    BitSet columns = new BitSet();
    columns.set(attnum);
    return (events(relation, triggers, columns, context, 0) & (UPDATE | DELETE)) == (UPDATE | DELETE);
  }

  /// @param columns those that an UPDATE would assign, null for any
  private static int events(@Nullable Relation relation, boolean triggers, @Nullable BitSet columns, AnalyzerContext context, int depth) {
    if (relation instanceof Relation.Table table) {
      return table.kind() == 'm' ? 0 : ALL;
    }
    if (!(relation instanceof Relation.View view) || depth > 100) {
      return 0;
    }
    int events = 0;
    for (Catalog.Rule rule : context.catalog().rulesOf(view.oid())) {
      events |= rule.instead() && rule.where() == null ? bit(rule.event()) : 0;
    }
    if (triggers) {
      events |= triggerEvents(view, context.catalog());
    }
    return events == ALL ? ALL : events | automatic(view, triggers, columns, context, depth);
  }

  /// The events for which a view has INSTEAD OF triggers.
  public static int triggerEvents(Relation.View view, Catalog catalog) {
    int events = 0;
    for (char event : new char[] {'i', 'u', 'd'}) {
      events |= ModifyTarget.hasInsteadTrigger(catalog, view, event) ? bit(event) : 0;
    }
    return events;
  }

  private static int bit(char event) {
    return event == 'u' ? UPDATE : event == 'i' ? INSERT : DELETE;
  }

  private static int automatic(Relation.View view, boolean triggers, @Nullable BitSet columns, AnalyzerContext context, int depth) {
    Query query;
    try {
      query = new Views(new Analysis(context)).expand(view, 0, null);
    } catch (io.heliosdb.nano.error.SqlException e) {
      // A definition that does not bind any more takes nothing.
      return 0;
    }
    if (ModifyTarget.notUpdatable(query) != null) {
      return 0;
    }
    RangeEntry leaf = ((Query.Leaf) query.from.getFirst()).entry();
    BitSet inner = new BitSet();
    int number = 0;
    for (Query.Target target : query.visibleTargets()) {
      number++;
      if (target.expr instanceof Node.Var var && var.entry == leaf && var.attno > 0 && (columns == null || columns.get(number))) {
        inner.set(var.attno);
      }
    }
    int events = inner.isEmpty() ? DELETE : ALL;
    Relation base = leaf.view != null ? leaf.view : leaf.relation;
    return base instanceof Relation.Table ? events & events(base, triggers, null, context, depth + 1)
        : events & events(base, triggers, inner, context, depth + 1);
  }
}
