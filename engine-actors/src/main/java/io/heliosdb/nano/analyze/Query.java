package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An analyzed statement in the shape of its text: range table, FROM tree, target list, clauses. Filled by the analyzer, then read only.
final class Query {
  enum Command { SELECT, INSERT, UPDATE, DELETE, MERGE }

  Command command = Command.SELECT;
  /// Nesting: 0 for the statement, one more for each sub-query.
  final int depth;
  final List<RangeEntry> entries = new ArrayList<>();
  final List<From> from = new ArrayList<>();
  @Nullable Node where;
  List<Target> targets = new ArrayList<>();
  List<Sort> groupBy = new ArrayList<>();
  boolean groupDistinct;
  /// The GROUP BY clause as written with GROUPING SETS, ROLLUP or CUBE; null for plain grouping.
  @Nullable List<GroupingSet> groupingSets;
  @Nullable Node having;
  List<WindowClause> windows = new ArrayList<>();
  List<Sort> distinct = new ArrayList<>();
  boolean hasDistinctOn;
  List<Sort> sort = new ArrayList<>();
  @Nullable Node limit;
  @Nullable Node offset;
  boolean withTies;
  @Nullable SetNode setOperation;
  List<Cte> ctes = new ArrayList<>();
  boolean recursive;
  final List<RowMark> rowMarks = new ArrayList<>();
  SelectStatement.@Nullable IntoClause into;

  boolean hasAggregates;
  boolean hasWindows;
  boolean hasTargetSets;
  boolean hasSubLinks;
  boolean hasModifyingCte;

  // INSERT, UPDATE, DELETE, MERGE
  @Nullable RangeEntry result;
  /// INSERT … VALUES or SELECT: the source, an entry of the range table; null for a single VALUES row and DEFAULT VALUES.
  @Nullable RangeEntry source;
  /// INSERT: the targets as given, before defaults are added.
  List<Target> given = List.of();
  boolean overridingUser;
  boolean overridingSystem;
  @Nullable Conflict conflict;
  List<Target> returning = new ArrayList<>();
  /// Entries of the old and new row in RETURNING: of the table, and as the statement names them (differs for views).
  @Nullable RangeEntry returningOld;
  @Nullable RangeEntry returningNew;
  @Nullable RangeEntry returningOldNamed;
  @Nullable RangeEntry returningNewNamed;
  @Nullable ModifyTarget target;
  List<MergeClause> mergeClauses = new ArrayList<>();
  @Nullable Node mergeCondition;
  final List<Check> checks = new ArrayList<>();

  Query(int depth) {
    this.depth = depth;
  }

  /// A column of the target list; `attnum` is the assigned column in INSERT and UPDATE, else the position among visible columns.
  static final class Target {
    Node expr;
    String name;
    boolean junk;
    int attnum;
    /// Relation column it shows unchanged: oid and attnum, 0 for none.
    int originTable;
    int originColumn;
    /// Number that sort and group clauses refer to; 0 while none does.
    int ref;

    Target(Node expr, String name, boolean junk) {
      this.expr = expr;
      this.name = name;
      this.junk = junk;
    }
  }

  /// One key of ORDER BY, GROUP BY or DISTINCT; `ordering` only if USING named an operator that is not the type's default.
  static final class Sort {
    final Target target;
    boolean descending;
    boolean nullsFirst;
    boolean sortable = true;
    @Nullable OperatorDef ordering;

    Sort(Target target) {
      this.target = target;
    }
  }

  /// A grouping element: SIMPLE holds one or more keys, the others hold elements.
  record GroupingSet(Kind kind, List<Sort> keys, List<GroupingSet> elements, int position) {
    enum Kind { EMPTY, SIMPLE, ROLLUP, CUBE, SETS }
  }

  static final class WindowClause {
    @Nullable String name;
    @Nullable String base;
    List<Sort> partitionBy = List.of();
    List<Sort> orderBy = List.of();
    LogicalPlan.@Nullable Frame frame;
    /// Whether the text had a frame clause; `offsets` are bound nodes of the frame.
    boolean explicitFrame;
    LogicalPlan.Frame.Mode mode = LogicalPlan.Frame.Mode.RANGE;
    LogicalPlan.Frame.Bound start = LogicalPlan.Frame.Bound.UNBOUNDED_PRECEDING;
    LogicalPlan.Frame.Bound end = LogicalPlan.Frame.Bound.CURRENT_ROW;
    LogicalPlan.Frame.Exclusion exclusion = LogicalPlan.Frame.Exclusion.NO_OTHERS;
    @Nullable Node startOffset;
    @Nullable Node endOffset;
    boolean copiedOrder;
    boolean between;
    int number;
  }

  /// An item of FROM.
  sealed interface From {}

  record Leaf(RangeEntry entry) implements From {}

  static final class Join implements From {
    final FromItem.JoinType type;
    final From left;
    final From right;
    final RangeEntry entry;
    boolean natural;
    List<String> using = List.of();
    @Nullable String usingAlias;
    @Nullable Node condition;

    Join(FromItem.JoinType type, From left, From right, RangeEntry entry) {
      this.type = type;
      this.left = left;
      this.right = right;
      this.entry = entry;
    }
  }

  /// A set operation tree whose leaves are sub-query entries; column descriptions are those of the result.
  static final class SetNode {
    LogicalPlan.@Nullable SetOperator operator;
    boolean all;
    @Nullable SetNode left;
    @Nullable SetNode right;
    @Nullable RangeEntry leaf;
    final List<Column> columns = new ArrayList<>();

    /// @param casts what turns the column of each input into the result's type happens in the leaf's own target list or above it
    record Column(io.heliosdb.nano.type.PgType type, int typmod, int collation) {}
  }

  enum CteState { NEW, ACTIVE, DONE }

  /// A common table expression.
  static final class Cte {
    CteState state = CteState.NEW;
    boolean isUnion;
    /// Columns of the non-recursive term, which show the fields of record columns.
    @Nullable List<Node> startColumns;
    /// Positions of the non-recursive term's columns, for messages.
    List<Integer> columnPositions = List.of();
    final String name;
    final int position;
    @Nullable Query query;
    boolean recursive;
    boolean referencesSelf;
    @Nullable Boolean materialized;
    boolean modifies;
    int references;
    List<String> aliases = List.of();
    List<String> columnNames = new ArrayList<>();
    List<io.heliosdb.nano.type.PgType> types = new ArrayList<>();
    List<Integer> typmods = new ArrayList<>();
    List<Integer> collations = new ArrayList<>();
    io.heliosdb.nano.parse.ast.WithClause.@Nullable CommonTableExpression ast;
    /// Number in the plan, given when it is built.
    int id = -1;
    boolean inlined;
    /// Depth of the query the WITH clause belongs to.
    int depth;

    Cte(String name, int position) {
      this.name = name;
      this.position = position;
    }
  }

  record RowMark(RangeEntry entry, LogicalPlan.LockStrength strength, LogicalPlan.WaitPolicy policy, boolean pushedDown) {}

  /// ON CONFLICT.
  static final class Conflict {
    List<Integer> arbiters = List.of();
    boolean update;
    final List<Target> assignments = new ArrayList<>();
    @Nullable Node where;
    @Nullable RangeEntry excluded;
    // for deparsing
    List<Node> elements = List.of();
    @Nullable Node elementsWhere;
    @Nullable String constraint;
  }

  static final class MergeClause {
    boolean matched;
    @Nullable Node condition;
    LogicalPlan.MergeAction.Kind kind = LogicalPlan.MergeAction.Kind.NOTHING;
    List<Target> targets = new ArrayList<>();
    boolean overridingUser;
  }

  /// A condition on new rows of `result`.
  record Check(Node condition, SqlException violation, LogicalPlan.CheckedRow row) {
    Check(Node condition, SqlException violation) {
      this(condition, violation, LogicalPlan.CheckedRow.NEW);
    }

    Check on(LogicalPlan.CheckedRow checked) {
      return new Check(condition, violation, checked);
    }
  }

  Relation.@Nullable Table resultTable() {
    return result != null && result.relation instanceof Relation.Table table ? table : null;
  }

  List<Target> visibleTargets() {
    for (Target target : targets) {
      if (target.junk) {
        List<Target> visible = new ArrayList<>(targets.size());
        for (Target each : targets) {
          if (!each.junk) {
            visible.add(each);
          }
        }
        return visible;
      }
    }
    return targets;
  }
}
