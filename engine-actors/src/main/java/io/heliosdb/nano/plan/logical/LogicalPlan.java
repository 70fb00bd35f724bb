package io.heliosdb.nano.plan.logical;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.CallSite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the analyzer hands to the planner: a tree of relational operators over bound expressions.
///
/// Every node says its output columns. Expressions of a node see the row of its input (joins: left columns, then right).
/// Nodes are immutable and may be shared; they hold no session state, so a plan can be cached.
public sealed interface LogicalPlan {
  List<OutputColumn> output();

  /// @param tableOid, attnum where the column comes from unchanged (RowDescription), 0 otherwise
  record OutputColumn(String name, io.heliosdb.nano.type.PgType type, int typmod, int collation, int tableOid, int attnum) {
    public static OutputColumn of(String name, Expr expr) {
      return new OutputColumn(name, expr.type(), expr.typmod(), expr.collation(), 0, 0);
    }
  }

  /// Time coordinate of a scan: absent = the statement's snapshot.
  ///
  /// @param past the catalog of that time that the scan was bound to; null if it was bound to the present one, which is right as long as the
  ///     table and its indexes were then what they are now
  /// @param plannedScn the SCN it meant when it was bound, -1 when that was not known
  /// @param clause identity of the clause, for being bound again; null for the session's setting
  record AsOf(Kind kind, @Nullable Expr value, io.heliosdb.nano.catalog.@Nullable Catalog past, long plannedScn, @Nullable Object clause) {
    public enum Kind { TIMESTAMP, TRANSACTION, SCN, NOW }

    public AsOf withValue(@Nullable Expr newValue) {
      return new AsOf(kind, newValue, past, plannedScn, clause);
    }
  }

  /// Rows of a stored table. Output = the columns with attnums `attnums`, in that order, then, if `rowIdentity`, one hidden column of type
  /// bytea that identifies (row key, version SCN) for UPDATE, DELETE, MERGE and FOR UPDATE, named `rowid`.
  /// Negative attnums are system columns: -1 ctid, -2 xmin, -3 cmin, -4 xmax, -5 cmax, -6 tableoid.
  /// A partitioned table is scanned with all its partitions (unless `only`); the planner prunes.
  record Scan(Relation.Table table, List<Integer> attnums, boolean rowIdentity, boolean only, @Nullable AsOf asOf, @Nullable TableSample sample,
      String alias, List<OutputColumn> output)
      implements LogicalPlan {}

  /// All versions of a stored table's rows in a span of time: all its columns (dropped ones NULL), then start and end SCN, operation, transaction id.
  record VersionScan(Relation.Table table, AsOf.Kind kind, Expr low, Expr high, String alias, List<OutputColumn> output) implements LogicalPlan {}

  record TableSample(String method, List<Expr> arguments, @Nullable Expr repeatable) {}

  /// Rows of a system relation; all its columns in order.
  record SystemScan(Relation.SystemRelation relation, String alias, List<OutputColumn> output) implements LogicalPlan {}

  /// VALUES and FROM-less SELECT (one row without columns).
  record Values(List<List<Expr>> rows, List<OutputColumn> output) implements LogicalPlan {}

  /// Set-returning (or plain) functions in FROM: ROWS FROM (f1, f2 …) [WITH ORDINALITY]. Each function contributes the columns
  /// `columnCounts[i]`; a composite result is spread over its fields.
  record FunctionScan(List<TableFunction> functions, boolean ordinality, String alias, List<OutputColumn> output) implements LogicalPlan {}

  /// @param call the call as an expression node whose site is set-returning or not
  /// @param spread whether a composite result is spread into `columns`
  record TableFunction(Expr.Call call, boolean spread, List<OutputColumn> columns) {}

  record Filter(LogicalPlan input, Expr condition) implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return input.output();
    }
  }

  record Project(LogicalPlan input, List<Expr> expressions, List<OutputColumn> output) implements LogicalPlan {}

  /// Set-returning calls in a select list, evaluated in lockstep and padded with NULL: output = input columns, then one per call.
  record ProjectSet(LogicalPlan input, List<Expr.Call> calls, List<OutputColumn> output) implements LogicalPlan {}

  /// NOT_IN is the anti join of `x NOT IN (sub-query)`: a NULL on the right leaves no row, a NULL on the left only one against nothing.
  enum JoinKind { INNER, LEFT, RIGHT, FULL, SEMI, ANTI, NOT_IN }

  /// `lateral`: the right side may hold OuterColumn(level 1) that reach the left row. SEMI, ANTI and NOT_IN output the left columns only.
  record Join(JoinKind kind, LogicalPlan left, LogicalPlan right, @Nullable Expr condition, boolean lateral, List<OutputColumn> output) implements LogicalPlan {}

  /// GROUP BY: output = group expressions in order, then aggregate calls, then, if there is more than one grouping set, an int4 grouping id
  /// (bit i set, lowest bit = last group expression, when expression i is not part of the set).
  /// `groupingSets` lists positions of `groups`; exactly one full set for plain GROUP BY; one empty set for none.
  record Aggregate(LogicalPlan input, List<Expr> groups, List<List<Integer>> groupingSets, List<AggregateCall> calls, List<OutputColumn> output)
      implements LogicalPlan {}

  /// @param orderBy within the argument list; `withinGroup` says ordered-set syntax, whose `direct` arguments are evaluated once per group
  record AggregateCall(CallSite site, List<Expr> arguments, boolean distinct, List<SortKey> orderBy, @Nullable Expr filter, boolean withinGroup, List<Expr> direct) {}

  /// Window functions that share nothing but the input: output = input columns, then one per call.
  record Window(LogicalPlan input, List<WindowCall> calls, List<OutputColumn> output) implements LogicalPlan {}

  record WindowCall(CallSite site, List<Expr> arguments, @Nullable Expr filter, WindowSpec window) {}

  record WindowSpec(List<Expr> partitionBy, List<SortKey> orderBy, Frame frame) {}

  /// @param startOffset, endOffset for N PRECEDING/FOLLOWING; for RANGE the `inRange` functions of the order column's type apply
  record Frame(Mode mode, Bound start, @Nullable Expr startOffset, Bound end, @Nullable Expr endOffset, Exclusion exclusion) {
    public enum Mode { ROWS, RANGE, GROUPS }

    public enum Bound { UNBOUNDED_PRECEDING, PRECEDING, CURRENT_ROW, FOLLOWING, UNBOUNDED_FOLLOWING }

    public enum Exclusion { NO_OTHERS, CURRENT_ROW, GROUP, TIES }
  }

  /// @param ordering when USING named another operator than the type's default `<` or `>`
  record SortKey(Expr expression, boolean descending, boolean nullsFirst, @Nullable CallSite ordering) {}

  record Sort(LogicalPlan input, List<SortKey> keys) implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return input.output();
    }
  }

  /// LIMIT and OFFSET (bigint expressions without input columns); `withTies` needs the input sorted by `tieKeys`.
  record Limit(LogicalPlan input, @Nullable Expr count, @Nullable Expr offset, boolean withTies, List<SortKey> tieKeys) implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return input.output();
    }
  }

  /// SELECT DISTINCT over all columns, or DISTINCT ON `on` (input sorted so that the wanted row comes first).
  record Distinct(LogicalPlan input, @Nullable List<Expr> on) implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return input.output();
    }
  }

  enum SetOperator { UNION, INTERSECT, EXCEPT }

  /// Inputs have equal column types (casts already inserted).
  record SetOperation(SetOperator operator, boolean all, LogicalPlan left, LogicalPlan right, List<OutputColumn> output) implements LogicalPlan {}

  /// WITH: `ctes` are evaluated at most once, in order, when scanned or when they modify data; inlined ones never appear here.
  record With(List<Cte> ctes, LogicalPlan body) implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return body.output();
    }
  }

  /// @param id unique within the statement; recursive ones hold a [RecursiveUnion]
  record Cte(int id, String name, LogicalPlan plan, boolean modifiesData) {}

  record CteScan(int cteId, String alias, List<OutputColumn> output) implements LogicalPlan {}

  /// WITH RECURSIVE: `step` scans the previous round through [WorkTableScan] of the same id.
  record RecursiveUnion(int cteId, LogicalPlan start, LogicalPlan step, boolean all, List<OutputColumn> output) implements LogicalPlan {}

  record WorkTableScan(int cteId, List<OutputColumn> output) implements LogicalPlan {}

  /// FOR UPDATE and friends: `rowIdColumns[i]` is the input position of the hidden row identity of `tables[i]`.
  record LockRows(LogicalPlan input, List<LockTarget> targets) implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return input.output();
    }
  }

  record LockTarget(Relation.Table table, int rowIdColumn, LockStrength strength, WaitPolicy waitPolicy) {}

  enum LockStrength { KEY_SHARE, SHARE, NO_KEY_UPDATE, UPDATE }

  enum WaitPolicy { WAIT, SKIP, ERROR }

  /// INSERT. `source` yields one column per table column (attnum order, dropped and generated ones as NULL), defaults and casts included.
  /// RETURNING expressions see the inserted row: table columns in attnum order (new), then old values for the conflict-updated case, then, for
  /// a partitioned table, the oid of the partition.
  record Insert(Relation.Table table, LogicalPlan source, @Nullable OnConflict onConflict, @Nullable Returning returning, boolean overridingUser,
      List<CheckOption> checks)
      implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return returning == null ? List.of() : returning.output();
    }
  }

  /// ON CONFLICT. `arbiters` index oids (empty: any unique index, DO NOTHING only). For DO UPDATE the assignments and `where` see a row of
  /// (existing table columns by attnum…, EXCLUDED columns by attnum…).
  record OnConflict(List<Integer> arbiters, boolean doUpdate, List<Assignment> assignments, @Nullable Expr where) {}

  /// New value for `attnum`; the expression's row is the one its statement says.
  record Assignment(int attnum, Expr value) {}

  /// `expressions` over the statement's own result row.
  record Returning(List<Expr> expressions, List<OutputColumn> output) {}

  /// A condition that a new row must satisfy (WITH CHECK OPTION of a view, row security WITH CHECK), over the new row's columns by attnum.
  ///
  /// @param row of an INSERT with ON CONFLICT, which of the rows it is about
  record CheckOption(Expr condition, io.heliosdb.nano.error.SqlException violation, CheckedRow row) {}

  /// A row that a check is for: any new one, one inserted, one changed, or the one that ON CONFLICT found before it is changed.
  enum CheckedRow { NEW, INSERTED, UPDATED, FOUND }

  /// UPDATE. `input` outputs: all table columns by attnum (old row), then the hidden row identity, then whatever FROM contributes.
  /// Assignments and WHERE were bound over `input`'s row. RETURNING sees (new table columns by attnum…, then all input columns, then, for a
  /// partitioned table, the oid of the partition the row is in now).
  record Update(Relation.Table table, LogicalPlan input, int rowIdColumn, List<Assignment> assignments, @Nullable Returning returning, List<CheckOption> checks)
      implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return returning == null ? List.of() : returning.output();
    }
  }

  /// DELETE. Input as in [Update]; RETURNING sees the input row.
  record Delete(Relation.Table table, LogicalPlan input, int rowIdColumn, @Nullable Returning returning) implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return returning == null ? List.of() : returning.output();
    }
  }

  /// MERGE. `input` = source left-joined to target: (all target columns by attnum, row identity (NULL when not matched), source columns…).
  record Merge(Relation.Table table, LogicalPlan input, int rowIdColumn, List<MergeAction> actions, List<CheckOption> checks) implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return List.of();
    }
  }

  /// WHEN [NOT] MATCHED [AND condition] THEN …; `kind` one of INSERT, UPDATE, DELETE, NOTHING. INSERT's assignments cover every column.
  record MergeAction(boolean matched, @Nullable Expr condition, Kind kind, List<Assignment> assignments) {
    public enum Kind { INSERT, UPDATE, DELETE, NOTHING }
  }

  /// DML on a view with INSTEAD OF triggers: the executor fires them with the rows of `input`.
  record ViewModify(Relation.View view, char event, LogicalPlan input, List<Assignment> assignments, @Nullable Returning returning) implements LogicalPlan {
    @Override
    public List<OutputColumn> output() {
      return returning == null ? List.of() : returning.output();
    }
  }
}
