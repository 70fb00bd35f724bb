package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.WithClause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// WITH: common table expressions, recursive ones included.
///
/// Under RECURSIVE, items are analyzed when first referenced, so their order does not matter.
/// Source: PostgreSQL 15 manual, "WITH Queries (Common Table Expressions)".
final class Ctes {
  private final Scope scope;
  private final Analysis analysis;

  Ctes(ExpressionAnalyzer expressions) {
    this.scope = expressions.scope;
    this.analysis = expressions.analysis;
  }

  void bind(@Nullable WithClause with) {
    if (with == null) {
      return;
    }
    Query query = scope.query;
    query.recursive = with.recursive();
    List<Query.Cte> all = new ArrayList<>(with.tables().size());
    for (WithClause.CommonTableExpression item : with.tables()) {
      for (Query.Cte other : all) {
        if (other.name.equals(item.name().text())) {
          throw new SqlException(SqlState.DUPLICATE_ALIAS, "WITH query name \"" + other.name + "\" specified more than once")
              .at(item.position());
        }
      }
      if (item.query() instanceof DmlStatement.Merge) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "MERGE not supported in WITH query").at(item.position());
      }
      Query.Cte cte = new Query.Cte(item.name().text(), item.position());
      cte.ast = item;
      cte.materialized = item.materialized();
      cte.modifies = item.query() instanceof DmlStatement;
      cte.depth = scope.depth;
      cte.aliases = item.columns().stream().map(Name::text).toList();
      if (cte.modifies) {
        if (!scope.isTop() || scope.ownCte != null) {
          throw new SqlException(
                  SqlState.FEATURE_NOT_SUPPORTED, "WITH clause containing a data-modifying statement must be at the top level")
              .at(item.position());
        }
        query.hasModifyingCte = true;
      }
      all.add(cte);
    }
    if (with.recursive()) {
      scope.ctes.addAll(all);
      for (Query.Cte cte : all) {
        cte.recursive = true;
      }
      for (Query.Cte cte : all) {
        analyze(scope, cte);
      }
    } else {
      for (int i = 0; i < all.size(); i++) {
        scope.futureCtes = with.tables().subList(i, with.tables().size());
        analyze(scope, all.get(i));
        scope.ctes.add(all.get(i));
      }
      scope.futureCtes = List.of();
    }
    // Order of definition is order of evaluation for data-modifying items.
    query.ctes.addAll(all);
  }

  /// Makes sure the columns of `cte` are known where it is referenced; checks references of a recursive item to itself.
  void require(Query.Cte cte, int position) {
    if (cte.query != null) {
      return;
    }
    switch (cte.state) {
      case NEW -> {
        Scope owner = scope;
        while (owner.depth != cte.depth || !owner.ctes.contains(cte)) {
          owner = owner.parent;
        }
        analyze(owner, cte);
      }
      case ACTIVE -> selfReference(cte, position);
      case DONE -> {}
    }
  }

  private void selfReference(Query.Cte cte, int position) {
    Query.Cte running = analysis.runningCte;
    boolean enclosing = running != null && running.depth > cte.depth;
    if (running != cte && !enclosing) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "mutual recursion between WITH items is not implemented").at(cte.position);
    }
    if (cte.modifies) {
      throw recursion("recursive query \"" + cte.name + "\" must not contain data-modifying statements", cte.position);
    }
    if (!cte.isUnion) {
      throw recursion(
          "recursive query \"" + cte.name + "\" does not have the form non-recursive-term UNION [ALL] recursive-term", cte.position);
    }
    if (cte.ast.query() instanceof SelectStatement select) {
      refuseClauses(cte, select);
    }
    if (analysis.recursionContext != null && !enclosing) {
      throw recursion(
          "recursive reference to query \"" + cte.name + "\" must not appear within " + analysis.recursionContext, position);
    }
    if (cte.referencesSelf) {
      throw recursion("recursive reference to query \"" + cte.name + "\" must not appear more than once", position);
    }
    cte.referencesSelf = true;
  }

  private static SqlException recursion(String message, int position) {
    return new SqlException(SqlState.INVALID_RECURSION, message).at(position);
  }

  private void analyze(Scope owner, Query.Cte cte) {
    if (cte.state != Query.CteState.NEW) {
      return;
    }
    cte.state = Query.CteState.ACTIVE;
    Query.Cte outerRunning = analysis.runningCte;
    String outerContext = analysis.recursionContext;
    analysis.runningCte = cte.recursive ? cte : outerRunning;
    analysis.recursionContext = cte.recursive ? null : outerContext;
    Scope child = owner.child();
    child.ownCte = cte;
    WithClause.CommonTableExpression ast = cte.ast;
    Query query;
    if (ast.query() instanceof SelectStatement written) {
      SelectStatement select = written;
      if (ast.search() != null || ast.cycle() != null) {
        select = SearchCycle.rewrite(ast, written, cte.recursive);
        if (!cte.aliases.isEmpty()) {
          List<String> names = new ArrayList<>(cte.aliases);
          names.addAll(SearchCycle.extraColumns(ast));
          cte.aliases = names;
        }
      }
      SelectStatement.QueryBody body = select.body();
      while (body instanceof SelectStatement.NestedQuery nested && nested.query().with() == null) {
        body = nested.query().body();
      }
      cte.isUnion =
          cte.recursive && body instanceof SelectStatement.SetOperation set && set.operator() == SelectStatement.SetOperator.UNION;
      query = new SelectAnalyzer(child).analyze(select);
      if (cte.referencesSelf) {
        refuseClauses(cte, select);
      }
    } else {
      query = changing((DmlStatement) ast.query(), child);
    }
    analysis.runningCte = outerRunning;
    analysis.recursionContext = outerContext;
    cte.recursive = cte.referencesSelf;
    if (query.into != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "SELECT ... INTO is not allowed here").at(query.into.position());
    }
    if (!cte.recursive || cte.columnNames.isEmpty()) {
      setColumns(cte, query.command != Query.Command.SELECT ? query.returning : query.visibleTargets());
    } else {
      checkTypes(cte, query);
    }
    cte.query = query;
    cte.state = Query.CteState.DONE;
  }

  /// A data change in WITH, or what a rule puts in its place.
  private Query changing(DmlStatement statement, Scope child) {
    RuleRewriter.Step step =
        RuleRewriter.single(new RuleRewriter.Step(statement, analysis.roles, false), analysis.context, "data-modifying statements in WITH");
    if (step == null) {
      return new DmlAnalyzer(child).analyze(statement);
    }
    analysis.roles = step.roles();
    return step.statement() instanceof DmlStatement changed
        ? new DmlAnalyzer(child).analyze(changed) : new SelectAnalyzer(child).analyze((SelectStatement) step.statement());
  }

  private static void refuseClauses(Query.Cte cte, SelectStatement select) {
    if (!select.orderBy().isEmpty()) {
      throw unsupported("ORDER BY in a recursive query is not implemented", select.orderBy().getFirst().position());
    }
    if (select.limit() != null && select.limit().offset() != null) {
      throw unsupported("OFFSET in a recursive query is not implemented", select.limit().offset().startPosition());
    }
    if (select.limit() != null && select.limit().count() != null) {
      throw unsupported("LIMIT in a recursive query is not implemented", select.limit().count().startPosition());
    }
    if (!select.locking().isEmpty()) {
      throw unsupported("FOR UPDATE/SHARE in a recursive query is not implemented", select.locking().getFirst().position());
    }
  }

  private static SqlException unsupported(String message, int position) {
    return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, message).at(position);
  }

  /// Names and types of the columns of `cte`.
  static void setColumns(Query.Cte cte, List<Query.Target> targets) {
    cte.columnNames.clear();
    cte.types.clear();
    cte.typmods.clear();
    cte.collations.clear();
    for (int i = 0; i < targets.size(); i++) {
      Query.Target target = targets.get(i);
      cte.columnNames.add(i < cte.aliases.size() ? cte.aliases.get(i) : target.name);
      cte.types.add(target.expr.type());
      cte.typmods.add(target.expr.typmod);
      cte.collations.add(target.expr.collation);
    }
    if (cte.aliases.size() > targets.size()) {
      throw new SqlException(
              SqlState.INVALID_COLUMN_REFERENCE,
              "WITH query \"" + cte.name + "\" has " + targets.size() + " columns available but " + cte.aliases.size() + " columns specified")
          .at(cte.position);
    }
  }

  private void checkTypes(Query.Cte cte, Query query) {
    List<Query.Target> targets = query.visibleTargets();
    for (int i = 0; i < targets.size() && i < cte.types.size(); i++) {
      Node expr = targets.get(i).expr;
      if (!expr.type().equals(cte.types.get(i)) || expr.typmod != cte.typmods.get(i)) {
        throw new SqlException(
                SqlState.DATATYPE_MISMATCH,
                "recursive query \"" + cte.name + "\" column " + (i + 1) + " has type "
                    + analysis.types.format(cte.types.get(i), cte.typmods.get(i)) + " in non-recursive term but type "
                    + analysis.types.format(expr.type(), expr.typmod) + " overall")
            .withHint("Cast the output of the non-recursive term to the correct type.")
            .at(cte.columnPositions.size() > i ? cte.columnPositions.get(i) : 0);
      }
      if (expr.collation != cte.collations.get(i)) {
        throw new SqlException(
                SqlState.COLLATION_MISMATCH,
                "recursive query \"" + cte.name + "\" column " + (i + 1) + " has collation \"" + collationName(cte.collations.get(i))
                    + "\" in non-recursive term but collation \"" + collationName(expr.collation) + "\" overall")
            .withHint("Use the COLLATE clause to set the collation of the non-recursive term.")
            .at(cte.columnPositions.size() > i ? cte.columnPositions.get(i) : 0);
      }
    }
  }

  private String collationName(int oid) {
    var definition = analysis.catalog.collation(oid);
    return definition == null ? "default" : definition.name();
  }

  /// Whether the item may be computed in place of its single reference.
  static boolean canInline(Query.Cte cte) {
    if (cte.modifies || cte.recursive || Boolean.TRUE.equals(cte.materialized) || !cte.query.rowMarks.isEmpty()) {
      return false;
    }
    if (cte.references != 1 && !Boolean.FALSE.equals(cte.materialized)) {
      return false;
    }
    boolean[] volatileCall = new boolean[1];
    QueryRewriter.visit(
        cte.query,
        node -> {
          switch (node) {
            case Node.Func f -> volatileCall[0] |= f.function.isVolatile();
            case Node.Op o -> volatileCall[0] |= o.function.isVolatile();
            case Node.Window w -> volatileCall[0] |= w.function.isVolatile();
            case Node.Aggregate a -> volatileCall[0] |= a.function.isVolatile();
            default -> {}
          }
        });
    return !volatileCall[0];
  }
}
