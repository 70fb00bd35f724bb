package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SelectStatement.SelectCore;
import io.heliosdb.nano.parse.ast.SelectStatement.TargetItem;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.parse.ast.WithClause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The actions of rules as syntax trees, and how the sources of `old` and `new` are added to them.
final class RuleActions {
  private RuleActions() {}

  private static Statement statement(String text) {
    return Parser.parse(text).getFirst().statement();
  }

  static boolean isNotify(String text) {
    return statement(text) instanceof UtilityStatement.Notify;
  }

  /// NOTIFY arrives as the function that does the same.
  static Preparable parse(String text) {
    return switch (statement(text)) {
      case Preparable action -> action;
      case UtilityStatement.Notify notify -> {
        String payload = notify.payload() == null ? "" : notify.payload();
        Expression call = Expression.FunctionCall.system(
            "pg_notify", 0, new Expression.StringLiteral(notify.channel(), 0), new Expression.StringLiteral(payload, 0));
        yield select(List.of(new TargetItem(call, null, 0)), List.of(), null);
      }
      default -> throw new IllegalStateException("no rule action: " + text);
    };
  }

  static SelectStatement select(List<TargetItem> targets, List<FromItem> from, @Nullable Expression where) {
    return query(null, new SelectCore(null, targets, null, from, where, List.of(), false, null, List.of(), 0));
  }

  static SelectStatement query(@Nullable WithClause with, SelectStatement.QueryBody body) {
    return new SelectStatement(with, body, List.of(), null, List.of(), 0);
  }

  static @Nullable Expression and(@Nullable Expression left, @Nullable Expression right) {
    return left == null ? right : right == null ? left : new Expression.And(List.of(left, right), 0);
  }

  /// The WITH items of the statement in front of those of the action.
  private static @Nullable WithClause both(@Nullable WithClause first, @Nullable WithClause second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    List<WithClause.CommonTableExpression> all = new ArrayList<>(first.tables());
    all.addAll(second.tables());
    return new WithClause(first.recursive() || second.recursive(), all, first.position());
  }

  /// The action for each row of `sources` that fulfils the condition.
  static Preparable join(Preparable action, List<FromItem> sources, @Nullable Expression condition, @Nullable WithClause with) {
    return switch (action) {
      case DmlStatement.Insert insert -> new DmlStatement.Insert(
          both(with, insert.with()), insert.table(), insert.alias(), given(insert), insert.overriding(),
          source(insert, sources, condition, with), insert.onConflict(), insert.returning(), insert.position());
      case DmlStatement.Update update -> new DmlStatement.Update(
          both(with, update.with()), update.table(), update.only(), update.alias(), update.assignments(),
          RuleRewriter.concat(sources, update.from()), and(condition, update.where()), update.returning(), update.position());
      case DmlStatement.Delete delete -> new DmlStatement.Delete(
          both(with, delete.with()), delete.table(), delete.only(), delete.alias(), RuleRewriter.concat(sources, delete.using()),
          and(condition, delete.where()), delete.returning(), delete.position());
      case DmlStatement.Merge merge -> throw new IllegalStateException("MERGE is no rule action");
      case SelectStatement select -> join(select, sources, condition, with);
    };
  }

  private static SelectStatement join(
      SelectStatement given, List<FromItem> sources, @Nullable Expression condition, @Nullable WithClause with) {
    SelectStatement select = SelectAnalyzer.unnest(given);
    if (select.body() instanceof SelectStatement.ValuesRows && sources.isEmpty() && condition == null) {
      return new SelectStatement(both(with, select.with()), select.body(), select.orderBy(), select.limit(), select.locking(), select.position());
    }
    if (!(select.body() instanceof SelectCore core)) {
      if (condition != null || select.body() instanceof SelectStatement.ValuesRows) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "conditional UNION/INTERSECT/EXCEPT statements are not implemented");
      }
      return select;
    }
    SelectCore joined = new SelectCore(
        core.distinct(), core.targets(), core.into(), RuleRewriter.concat(sources, core.from()), and(condition, core.where()), core.groupBy(),
        core.groupByDistinct(), core.having(), core.windows(), core.position());
    return new SelectStatement(both(with, select.with()), joined, select.orderBy(), select.limit(), select.locking(), select.position());
  }

  /// Columns that a single VALUES row sets to DEFAULT are left out of an INSERT … SELECT.
  private static List<DmlStatement.AssignmentTarget> given(DmlStatement.Insert insert) {
    List<Expression> row = singleRow(insert);
    if (row == null || insert.targets().isEmpty() || row.size() != insert.targets().size()) {
      return insert.targets();
    }
    List<DmlStatement.AssignmentTarget> kept = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      if (!(row.get(i) instanceof Expression.DefaultValue)) {
        kept.add(insert.targets().get(i));
      }
    }
    return kept;
  }

  private static @Nullable List<Expression> singleRow(DmlStatement.Insert insert) {
    return insert.query() != null && SelectAnalyzer.unnest(insert.query()).body() instanceof SelectStatement.ValuesRows values
        && values.rows().size() == 1 ? values.rows().getFirst() : null;
  }

  private static SelectStatement source(
      DmlStatement.Insert insert, List<FromItem> sources, @Nullable Expression condition, @Nullable WithClause with) {
    if (insert.query() == null) {
      return select(List.of(), sources, condition);
    }
    List<Expression> row = singleRow(insert);
    if (row != null) {
      List<TargetItem> targets = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        boolean open = row.get(i) instanceof Expression.DefaultValue;
        if (!open) {
          targets.add(new TargetItem(row.get(i), null, 0));
        } else if (insert.targets().isEmpty() && row.subList(i, row.size()).stream().anyMatch(e -> !(e instanceof Expression.DefaultValue))) {
          throw SqlException.notSupported("DEFAULT before other values in a rule's INSERT without a column list");
        }
      }
      return select(targets, sources, condition);
    }
    SelectStatement query = SelectAnalyzer.unnest(insert.query());
    if (query.body() instanceof SelectStatement.ValuesRows) {
      FromItem values = new FromItem.Subquery(true, query, new FromItem.Alias("*VALUES*", List.of(), 0), 0);
      Expression all = new Expression.ColumnReference(List.of("*VALUES*"), true, 0);
      return select(List.of(new TargetItem(all, null, 0)), RuleRewriter.concat(sources, List.of(values)), condition);
    }
    if (with != null && with.tables().stream().anyMatch(item -> item.query() instanceof DmlStatement)) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "INSERT...SELECT rule actions are not supported for queries having data-modifying statements in WITH");
    }
    return join(insert.query(), sources, condition, null);
  }

  static Preparable withoutReturning(DmlStatement action) {
    return switch (action) {
      case DmlStatement.Insert i -> new DmlStatement.Insert(
          i.with(), i.table(), i.alias(), i.targets(), i.overriding(), i.query(), i.onConflict(), List.of(), i.position());
      case DmlStatement.Update u -> new DmlStatement.Update(
          u.with(), u.table(), u.only(), u.alias(), u.assignments(), u.from(), u.where(), List.of(), u.position());
      case DmlStatement.Delete d ->
          new DmlStatement.Delete(d.with(), d.table(), d.only(), d.alias(), d.using(), d.where(), List.of(), d.position());
      case DmlStatement.Merge m -> m;
    };
  }

  static Expression column(String relation, String name) {
    return new Expression.ColumnReference(List.of(relation, name), false, 0);
  }

  static Expression cast(Expression value, QualifiedName type) {
    return new Expression.Cast(value, io.heliosdb.nano.parse.ast.TypeName.of(type, 0), 0);
  }
}
