package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks what CREATE RULE says and brings it into the form that the catalog keeps; writes it as `pg_get_ruledef` shows it.
///
/// Stateless and thread-safe. Source: PostgreSQL 15 manual, CREATE RULE.
public final class RuleDefinitions {
  private static final int FIRST_USER_OID = 16_384;

  private final Relation relation;
  private final char event;
  private final AnalyzerContext context;
  private final Set<AnalyzedStatement.Dependency> dependencies = new HashSet<>();
  private final Set<Catalog.ObjectAddress> objects = new HashSet<>();
  private final List<PermissionCheck> permissions = new ArrayList<>();

  private RuleDefinitions(Relation relation, char event, AnalyzerContext context) {
    this.relation = relation;
    this.event = event;
    this.context = context;
  }

  /// @param where, actions canonical SQL, independent of the search path where it has such a form
  /// @param objects functions and types of users that it refers to
  public record BoundRule(
      @Nullable String where, List<String> actions, Set<AnalyzedStatement.Dependency> dependencies, List<PermissionCheck> permissions,
      Set<Catalog.ObjectAddress> objects) {}

  /// @param texts the actions as written
  public static BoundRule bind(
      Relation relation, char event, boolean instead, @Nullable Expression where, List<Statement> actions, List<String> texts,
      AnalyzerContext context) {
    RuleDefinitions rule = new RuleDefinitions(relation, event, context);
    String condition = where == null ? null : rule.condition(where, true, false);
    List<String> canonical = new ArrayList<>();
    boolean returns = false;
    for (int i = 0; i < actions.size(); i++) {
      if (!(actions.get(i) instanceof UtilityStatement) && actions.get(i) instanceof DmlStatement dml && !RuleRows.returning(dml).isEmpty()) {
        if (returns) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot have multiple RETURNING lists in a rule");
        }
        returns = true;
        if (where != null) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "RETURNING lists are not supported in conditional rules");
        }
        if (!instead) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "RETURNING lists are not supported in non-INSTEAD rules");
        }
      }
      canonical.add(rule.action(actions.get(i), texts.get(i), where != null));
    }
    return new BoundRule(condition, canonical, rule.dependencies, rule.permissions, rule.objects);
  }

  // ------------------------------------------------------------------------------------------ scopes

  private Scope rows(Analysis analysis) {
    return rows(relation, event, analysis);
  }

  /// A scope whose only names are those of the rule's rows; the action's own scope is nested in it.
  static Scope rows(Relation relation, char event, Analysis analysis) {
    Scope scope = Scope.root(analysis);
    for (String name : List.of("old", "new")) {
      boolean allowed = name.equals("old") ? event != 'i' : event != 'd';
      if (!allowed) {
        continue;
      }
      RangeEntry entry = new RangeEntry(RangeEntry.Kind.RELATION, scope.depth, name, relation.columns().size());
      entry.inFrom = false;
      if (relation instanceof Relation.View view) {
        entry.view = view;
      } else {
        entry.relation = relation;
      }
      new Relations(new ExpressionAnalyzer(scope)).addColumns(entry, relation);
      Scope.Item item = new Scope.Item(name, entry, null);
      item.columnsVisible = false;
      scope.namespace.add(item);
      scope.query.entries.add(entry);
    }
    return scope;
  }

  static List<RangeEntry> entries(Scope scope) {
    return scope.namespace.stream().map(item -> item.entry).toList();
  }

  private void gather(Analysis analysis, Query query) {
    dependencies.addAll(analysis.dependencies);
    permissions.addAll(analysis.permissions());
    QueryRewriter.visit(query, this::see);
  }

  private void see(Node node) {
    int function = switch (node) {
      case Node.Func f -> f.function.oid();
      case Node.Op o -> o.function.oid();
      case Node.Aggregate a -> a.function.oid();
      case Node.Window w -> w.function.oid();
      default -> 0;
    };
    if (function >= FIRST_USER_OID) {
      objects.add(Catalog.ObjectAddress.of(io.heliosdb.nano.catalog.ClassOids.PROC, function));
    }
    if (node instanceof Node.Const c) {
      ExpressionBinder.constant(c, objects);
    }
  }

  // ------------------------------------------------------------------------------------------ parts

  private String condition(Expression where, boolean canonical, boolean indented) {
    Analysis analysis = new Analysis(context);
    Scope scope = rows(analysis);
    scope.namespace.forEach(item -> item.columnsVisible = true);
    Node node;
    try {
      node = new ExpressionAnalyzer(scope).condition(where, ExprKind.WHERE, "WHERE");
    } catch (SqlException e) {
      throw hint(e);
    }
    CollationAssigner.assign(analysis, node);
    Query holder = new Query(0);
    holder.where = node;
    gather(analysis, holder);
    if (canonical) {
      analysis.context = Definitions.withPath(context, List.of(Catalog.PG_CATALOG));
    }
    return new Deparser(analysis, false, indented).expression(node, entries(scope), true);
  }

  /// The row that an event does not have is known, but cannot be used.
  private SqlException hint(SqlException e) {
    String name = event == 'i' ? "old" : event == 'd' ? "new" : null;
    if (name != null && e.state() == SqlState.UNDEFINED_TABLE && String.valueOf(e.getMessage()).contains("table \"" + name + "\"")) {
      return new SqlException(SqlState.UNDEFINED_TABLE, "invalid reference to FROM-clause entry for table \"" + name + "\"")
          .withHint("There is an entry for table \"" + name + "\", but it cannot be referenced from this part of the query.")
          .at(e.position());
    }
    return e;
  }

  private String action(Statement action, String text, boolean conditional) {
    if (action instanceof UtilityStatement.Notify) {
      if (conditional) {
        throw new SqlException(
            SqlState.INVALID_OBJECT_DEFINITION, "rules with WHERE conditions can only have SELECT, INSERT, UPDATE, or DELETE actions");
      }
      return text;
    }
    try {
      return deparsed(action, true, false);
    } catch (SqlException e) {
      if (e.state() == SqlState.FEATURE_NOT_SUPPORTED && String.valueOf(e.getMessage()).startsWith("canonical form")) {
        return text;
      }
      throw hint(e);
    }
  }

  private String deparsed(Statement action, boolean canonical, boolean indented) {
    Analysis analysis = new Analysis(context);
    Scope scope = rows(analysis);
    Query query = query(action, scope);
    gather(analysis, query);
    if (canonical && !query.returning.isEmpty()) {
      checkReturning(query.returning, analysis);
    }
    if (canonical) {
      analysis.context = Definitions.withPath(context, List.of(Catalog.PG_CATALOG));
    }
    return new Deparser(analysis, false, indented).ruleAction(query, entries(scope));
  }

  private static Query query(Statement action, Scope scope) {
    Scope inner = scope.child();
    inner.ruleAction = true;
    return switch (action) {
      case SelectStatement select -> new SelectAnalyzer(inner).analyze(select);
      case DmlStatement dml -> new DmlAnalyzer(inner).analyze(dml);
      default -> throw new IllegalStateException("no rule action");
    };
  }

  /// An action and the rows it refers to.
  record Bound(Query query, List<RangeEntry> rows) {}

  /// Null for NOTIFY.
  static @Nullable Bound bindAction(String text, Relation relation, char event, Analysis analysis) {
    Statement action = Parser.parse(text).getFirst().statement();
    Scope scope = rows(relation, event, analysis);
    return action instanceof UtilityStatement ? null : new Bound(query(action, scope), entries(scope));
  }

  /// What an action returns stands for the columns of the relation.
  private void checkReturning(List<Query.Target> returning, Analysis analysis) {
    int count = 0;
    for (Relation.Column column : relation.columns()) {
      if (column.dropped()) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot convert relation containing dropped columns to view");
      }
      if (count == returning.size()) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "RETURNING list has too few entries");
      }
      Query.Target target = returning.get(count++);
      PgType type = analysis.types.byOid(column.typeOid());
      if (target.expr.type().oid() != type.oid()) {
        throw new SqlException(
            SqlState.INVALID_OBJECT_DEFINITION,
            "RETURNING list's entry " + count + " has different type from column \"" + column.name() + "\"")
            .withDetail(
                "RETURNING list entry has type " + analysis.types.format(target.expr.type()) + ", but column has type "
                    + analysis.types.format(type) + ".");
      }
    }
    if (returning.size() > count) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "RETURNING list has too many entries");
    }
  }

  // ------------------------------------------------------------------------------------------ pg_get_ruledef

  /// @param qualified the relation's name with its schema
  public static String write(Catalog.Rule rule, Relation relation, String qualified, AnalyzerContext context) {
    RuleDefinitions definitions = new RuleDefinitions(relation, rule.event(), context);
    StringBuilder out = new StringBuilder("CREATE RULE ").append(Identifiers.quoteIfNeeded(rule.name())).append(" AS\n    ON ");
    out.append(rule.event() == 'i' ? "INSERT" : rule.event() == 'u' ? "UPDATE" : "DELETE").append(" TO ").append(qualified);
    if (rule.where() != null) {
      out.append("\n   WHERE ").append(definitions.condition(Parser.parseExpression(rule.where()), false, true));
    }
    out.append(" DO ").append(rule.instead() ? "INSTEAD " : "");
    if (rule.actions().isEmpty()) {
      return out.append("NOTHING;").toString();
    }
    if (rule.actions().size() == 1) {
      return out.append(definitions.shown(rule.actions().getFirst())).append(';').toString();
    }
    out.append('(');
    for (String action : rule.actions()) {
      out.append(definitions.shown(action)).append(";\n");
    }
    return out.append(");").toString();
  }

  private String shown(String action) {
    Statement statement = Parser.parse(action).getFirst().statement();
    if (statement instanceof UtilityStatement.Notify notify) {
      return "NOTIFY " + Identifiers.quoteIfNeeded(notify.channel())
          + (notify.payload() == null ? "" : ", " + Deparser.literal(notify.payload()));
    }
    try {
      return deparsed(statement, false, true);
    } catch (SqlException e) {
      return action;
    }
  }
}
