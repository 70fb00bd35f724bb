package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SelectStatement.TargetItem;
import io.heliosdb.nano.parse.ast.WithClause;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows that a data change is about, as items of FROM named `old` and `new`; see [RuleRewriter].
final class RuleRows {
  private static final String SOURCE = "*SOURCE*";
  private static final String RESULT = "*RESULT*";

  private final DmlStatement statement;
  private final Relation relation;
  private final AnalyzerContext context;
  private final List<Relation.Column> columns;
  private final List<SelectStatement> callerParts = new ArrayList<>(1);

  RuleRows(DmlStatement statement, Relation relation, AnalyzerContext context) {
    this.statement = statement;
    this.relation = relation;
    this.context = context;
    this.columns = relation.columns().stream().filter(column -> !column.dropped()).toList();
  }

  Catalog catalog() {
    return context.catalog();
  }

  /// The queries among the sources that were made from the statement's own text.
  List<SelectStatement> callerParts() {
    return callerParts;
  }

  static List<TargetItem> returning(DmlStatement statement) {
    return switch (statement) {
      case DmlStatement.Insert i -> i.returning();
      case DmlStatement.Update u -> u.returning();
      case DmlStatement.Delete d -> d.returning();
      case DmlStatement.Merge m -> List.of();
    };
  }

  static boolean isStar(List<TargetItem> items) {
    return items.size() == 1 && items.getFirst().expression() instanceof Expression.ColumnReference column && column.star() && column.parts().isEmpty();
  }

  @Nullable WithClause with() {
    return statement.with();
  }

  /// FROM items for an action.
  List<FromItem> sources() {
    callerParts.clear();
    if (statement instanceof DmlStatement.Insert insert) {
      return List.of(inserted(insert));
    }
    List<TargetItem> targets = new ArrayList<>();
    List<TargetItem> old = new ArrayList<>();
    List<TargetItem> changed = new ArrayList<>();
    for (Relation.Column column : columns) {
      int attnum = column.attnum();
      targets.add(new TargetItem(RuleActions.column(targetName(), column.name()), "o" + attnum, 0));
      old.add(new TargetItem(RuleActions.column(SOURCE, "o" + attnum), column.name(), 0));
      Expression value = assigned(column);
      if (value != null) {
        targets.add(new TargetItem(value, "n" + attnum, 0));
      }
      changed.add(new TargetItem(RuleActions.column(SOURCE, (value == null ? "o" : "n") + attnum), column.name(), 0));
    }
    SelectStatement source = RuleActions.select(targets, from(), where());
    callerParts.add(source);
    List<FromItem> items = new ArrayList<>();
    items.add(item(SOURCE, source, List.of(), false));
    items.add(item("old", RuleActions.select(old, List.of(), null), List.of(), true));
    if (statement instanceof DmlStatement.Update) {
      items.add(item("new", RuleActions.select(changed, List.of(), null), List.of(), true));
    }
    return items;
  }

  private static FromItem item(String name, SelectStatement query, List<String> names, boolean lateral) {
    return new FromItem.Subquery(lateral, query, new FromItem.Alias(name, names, 0), 0);
  }

  /// The name by which the statement's expressions know its target.
  private String targetName() {
    String alias = switch (statement) {
      case DmlStatement.Insert i -> i.alias();
      case DmlStatement.Update u -> u.alias();
      case DmlStatement.Delete d -> d.alias();
      case DmlStatement.Merge m -> m.alias();
    };
    return alias != null ? alias : relation.name();
  }

  private List<FromItem> from() {
    boolean only = statement instanceof DmlStatement.Update u ? u.only() : ((DmlStatement.Delete) statement).only();
    String alias = statement instanceof DmlStatement.Update u ? u.alias() : ((DmlStatement.Delete) statement).alias();
    FromItem table = new FromItem.Table(
        statement.table(), only, alias == null ? null : new FromItem.Alias(alias, List.of(), 0), null, null, statement.table().position());
    return RuleRewriter.concat(
        List.of(table), statement instanceof DmlStatement.Update u ? u.from() : ((DmlStatement.Delete) statement).using());
  }

  private @Nullable Expression where() {
    return statement instanceof DmlStatement.Update u ? u.where() : ((DmlStatement.Delete) statement).where();
  }

  // ------------------------------------------------------------------------------------------ new values

  /// What UPDATE assigns to the column, null if it does not.
  private @Nullable Expression assigned(Relation.Column column) {
    if (!(statement instanceof DmlStatement.Update update)) {
      return null;
    }
    for (DmlStatement.Assignment assignment : update.assignments()) {
      for (int i = 0; i < assignment.targets().size(); i++) {
        DmlStatement.AssignmentTarget target = assignment.targets().get(i);
        if (target.column().equals(column.name())) {
          if (!target.steps().isEmpty()) {
            throw SqlException.notSupported("a rule on UPDATE of an element or field");
          }
          Expression value = assignment.value();
          if (assignment.multiple()) {
            if (!(value instanceof Expression.RowConstructor row) || row.fields().size() != assignment.targets().size()) {
              throw SqlException.notSupported("a rule on UPDATE with a multiple-column sub-SELECT");
            }
            value = row.fields().get(i);
          }
          return typed(value instanceof Expression.DefaultValue ? defaultOf(column) : value, column);
        }
      }
    }
    return null;
  }

  private Expression typed(Expression value, Relation.Column column) {
    PgType type = context.catalog().byOid(column.typeOid());
    Catalog.Namespace namespace = context.catalog().namespace(type.namespaceOid());
    return RuleActions.cast(value, new QualifiedName(List.of(namespace == null ? "pg_catalog" : namespace.name(), type.name()), 0));
  }

  private Expression defaultOf(Relation.Column column) {
    if (column.generated() != 0) {
      return new Expression.NullLiteral(0);
    }
    if (column.identity() != 0) {
      for (Catalog.ObjectAddress part :
          context.catalog().dependentsOn(new Catalog.ObjectAddress(ClassOids.CLASS, relation.oid(), column.attnum()))) {
        if (part.classOid() == ClassOids.CLASS && context.catalog().relation(part.objectOid()) instanceof Relation.Sequence sequence
            && sequence.identity()) {
          Expression oid = new Expression.StringLiteral(Integer.toUnsignedString(sequence.oid()), 0);
          return Expression.FunctionCall.system("nextval", 0, RuleActions.cast(oid, QualifiedName.system("regclass", 0)));
        }
      }
    }
    String text = column.defaultExpression();
    return text == null ? new Expression.NullLiteral(0) : Parser.parseExpression(text);
  }

  /// The rows that INSERT would store, all columns, as item `new`.
  private FromItem inserted(DmlStatement.Insert insert) {
    List<String> names = columns.stream().map(Relation.Column::name).toList();
    SelectStatement source = insert.query() == null ? null : SelectAnalyzer.unnest(insert.query());
    boolean plain = source == null
        || source.body() instanceof SelectStatement.ValuesRows && source.with() == null && source.orderBy().isEmpty() && source.limit() == null;
    SelectStatement query;
    if (plain) {
      List<List<Expression>> given = source == null ? List.of(List.of()) : ((SelectStatement.ValuesRows) source.body()).rows();
      List<List<Expression>> complete = new ArrayList<>();
      for (List<Expression> row : given) {
        checkWidth(row.size());
        complete.add(complete(row));
      }
      query = RuleActions.query(null, new SelectStatement.ValuesRows(complete, 0));
    } else {
      int width = width(insert);
      checkWidth(width);
      List<String> inner = new ArrayList<>();
      List<Expression> values = new ArrayList<>();
      for (int i = 0; i < width; i++) {
        inner.add("s" + i);
        values.add(RuleActions.column(SOURCE, "s" + i));
      }
      List<TargetItem> targets = complete(values).stream().map(value -> new TargetItem(value, null, 0)).toList();
      query = RuleActions.select(targets, List.of(item(SOURCE, insert.query(), inner, false)), null);
    }
    callerParts.add(query);
    return item("new", query, names, false);
  }

  private int width(DmlStatement.Insert insert) {
    Analysis analysis = new Analysis(context);
    SelectStatement query = insert.query();
    if (insert.with() != null && query.with() == null) {
      query = new SelectStatement(insert.with(), query.body(), query.orderBy(), query.limit(), query.locking(), query.position());
    }
    return new SelectAnalyzer(Scope.root(analysis)).analyze(query).visibleTargets().size();
  }

  private void checkWidth(int width) {
    List<DmlStatement.AssignmentTarget> targets = ((DmlStatement.Insert) statement).targets();
    int most = targets.isEmpty() ? columns.size() : targets.size();
    if (width > most) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "INSERT has more expressions than target columns");
    }
    if (!targets.isEmpty() && width < most) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "INSERT has more target columns than expressions");
    }
  }

  /// One value per column of the relation.
  private List<Expression> complete(List<Expression> given) {
    List<Expression> row = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      Relation.Column column = columns.get(c);
      int at = position(column, c);
      Expression value = at < 0 || at >= given.size() || given.get(at) instanceof Expression.DefaultValue ? defaultOf(column) : given.get(at);
      row.add(typed(value, column));
    }
    return row;
  }

  /// Where among the given values that of the column is, -1 if it is not given.
  private int position(Relation.Column column, int index) {
    List<DmlStatement.AssignmentTarget> targets = ((DmlStatement.Insert) statement).targets();
    if (targets.isEmpty()) {
      return index;
    }
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).column().equals(column.name())) {
        if (!targets.get(i).steps().isEmpty()) {
          throw SqlException.notSupported("a rule on INSERT into an element or field");
        }
        return i;
      }
    }
    return -1;
  }

  // ------------------------------------------------------------------------------------------ the statement itself

  BitSet assignedColumns() {
    BitSet result = new BitSet();
    for (Relation.Column column : columns) {
      boolean given = switch (statement) {
        case DmlStatement.Insert i ->
            i.targets().isEmpty() || i.targets().stream().anyMatch(target -> target.column().equals(column.name()));
        case DmlStatement.Update u -> u.assignments().stream().flatMap(assignment -> assignment.targets().stream())
            .anyMatch(target -> target.column().equals(column.name()));
        default -> false;
      };
      if (given) {
        result.set(column.attnum());
      }
    }
    return result;
  }

  /// That a condition over `old` and `new` is not true, as an expression of the statement; of INSERT, over its source `new`.
  Expression notTaken(Expression condition) {
    if (statement instanceof DmlStatement.Insert) {
      return new Expression.IsTest(condition, Expression.IsKind.TRUE, true, 0);
    }
    List<TargetItem> old = new ArrayList<>();
    List<TargetItem> changed = new ArrayList<>();
    for (Relation.Column column : columns) {
      Expression before = RuleActions.column(targetName(), column.name());
      Expression value = assigned(column);
      old.add(new TargetItem(before, column.name(), 0));
      changed.add(new TargetItem(value == null ? before : value, column.name(), 0));
    }
    List<FromItem> rows = new ArrayList<>();
    rows.add(item("old", RuleActions.select(old, List.of(), null), List.of(), false));
    if (statement instanceof DmlStatement.Update) {
      rows.add(item("new", RuleActions.select(changed, List.of(), null), List.of(), false));
    }
    SelectStatement test = RuleActions.select(List.of(new TargetItem(condition, null, 0)), rows, null);
    return new Expression.IsTest(new Expression.ScalarSubquery(test, 0), Expression.IsKind.TRUE, true, 0);
  }

  /// The statement for the rows that fulfil the conditions.
  Preparable restricted(List<Expression> conditions) {
    Expression all = conditions.size() == 1 ? conditions.getFirst() : new Expression.And(conditions, 0);
    return switch (statement) {
      case DmlStatement.Insert insert -> {
        List<TargetItem> values = new ArrayList<>();
        List<DmlStatement.AssignmentTarget> targets = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
          Relation.Column column = columns.get(c);
          if (column.generated() == 0 && position(column, c) >= 0) {
            targets.add(new DmlStatement.AssignmentTarget(column.name(), List.of(), 0));
            values.add(new TargetItem(RuleActions.column("new", column.name()), null, 0));
          }
        }
        yield new DmlStatement.Insert(
            insert.with(), insert.table(), insert.alias(), targets, insert.overriding(),
            RuleActions.select(values, List.of(inserted(insert)), all), null, insert.returning(), insert.position());
      }
      case DmlStatement.Update u -> new DmlStatement.Update(
          u.with(), u.table(), u.only(), u.alias(), u.assignments(), u.from(), RuleActions.and(u.where(), all), u.returning(), u.position());
      case DmlStatement.Delete d -> new DmlStatement.Delete(
          d.with(), d.table(), d.only(), d.alias(), d.using(), RuleActions.and(d.where(), all), d.returning(), d.position());
      case DmlStatement.Merge m -> m;
    };
  }

  /// The RETURNING list of the statement over what the action returns, which stands for the relation's columns in their order.
  SelectStatement answer(Preparable action, List<TargetItem> returning) {
    WithClause.CommonTableExpression item = new WithClause.CommonTableExpression(
        new Name(RESULT, 0), columns.stream().map(column -> new Name(column.name(), 0)).toList(), null, action, null, null, 0);
    FromItem from = new FromItem.Table(
        QualifiedName.of(RESULT, 0), false, new FromItem.Alias(targetName(), List.of(), 0), null, null, 0);
    return RuleActions.query(
        new WithClause(false, List.of(item), 0),
        new SelectStatement.SelectCore(null, returning, null, List.of(from), null, List.of(), false, null, List.of(), 0));
  }
}
