package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one analysis shares between its queries: context, resolvers, and the facts it gathers for [AnalyzedStatement].
final class Analysis {
  /// Nesting of expressions and queries past which 54001 is raised, well before the thread's stack ends.
  /// About as many as PostgreSQL's default `max_stack_depth` allows. A thread with a small stack (an embedder's) may not reach it; that is
  /// the same error.
  private static final int DEPTH_MAX = 4_000;

  AnalyzerContext context;
  final Catalog catalog;
  final AnalysisTypes types;
  final Coercion coercion;
  final OperatorResolver operators;
  final FunctionResolver functions;
  final Names names;
  final ParameterTypes parameters;
  final Set<AnalyzedStatement.Dependency> dependencies = new LinkedHashSet<>();

  /// The relations that the statement itself names, not those of the views it uses.
  final Set<Integer> named = new LinkedHashSet<>();
  final BitSet fixedLiterals = new BitSet();
  /// Every entry that needs privileges, in order of first mention.
  final List<RangeEntry> permissionEntries = new ArrayList<>();
  boolean cacheable = true;
  /// Primary keys that make columns functionally dependent on grouped ones.
  final Set<Integer> keysUsed = new LinkedHashSet<>();
  /// Why a recursive reference would be refused where analysis is now ("an outer join", …), null where it is allowed.
  @Nullable String recursionContext;
  /// The recursive item whose own definition is being analyzed.
  Query.@Nullable Cte runningCte;
  /// AS OF of the view that is being expanded; relations inside without their own inherit it.
  @Nullable Moment moment;
  /// Views being expanded and tables whose policies are being bound, against endless recursion.
  final List<Integer> expanding = new ArrayList<>(0);
  final List<Integer> policiesOf = new ArrayList<>(0);
  /// Role whose privileges count inside the view that is being expanded, 0 outside.
  int checkAs;
  /// Statements of rules whose parts count other roles' privileges, by identity.
  java.util.Map<io.heliosdb.nano.parse.ast.Preparable, Integer> roles = java.util.Map.of();
  private int depth;

  /// Historic catalogs that relations were taken from, for their types.
  final List<Catalog> pastCatalogs = new ArrayList<>(0);

  /// A bound AS OF clause.
  ///
  /// @param scn what it means now, [History#UNKNOWN] when that is not known yet
  /// @param clause the clause it was made from; null for the session's setting
  record Moment(
      io.heliosdb.nano.plan.logical.LogicalPlan.AsOf.Kind kind, @Nullable Node value, long scn,
      io.heliosdb.nano.parse.ast.VersionClause.@Nullable Moment clause) {
    boolean isNow() {
      return kind == io.heliosdb.nano.plan.logical.LogicalPlan.AsOf.Kind.NOW;
    }
  }

  Analysis(AnalyzerContext context) {
    this.context = context;
    this.catalog = context.catalog();
    this.types = new AnalysisTypes(this);
    this.coercion = new Coercion(this);
    this.operators = new OperatorResolver(this);
    this.functions = new FunctionResolver(this);
    this.names = new Names(this);
    if (context.history() != null && context.history().sessionScn() != History.UNKNOWN) {
      long scn = context.history().sessionScn();
      moment = new Moment(
          io.heliosdb.nano.plan.logical.LogicalPlan.AsOf.Kind.SCN, Node.Const.of(io.heliosdb.nano.type.PgTypes.INT8, scn), scn, null);
    }
    this.parameters = new ParameterTypes(context.parameterTypes(), context.inferParameters());
  }

  /// Makes the role count whose statement this is; the result is the one that counted before.
  int enterRole(io.heliosdb.nano.parse.ast.Preparable statement) {
    int outer = checkAs;
    if (!roles.isEmpty()) {
      checkAs = roles.getOrDefault(statement, outer);
    }
    return outer;
  }

  void dependsOn(Relation relation) {
    if (expanding.isEmpty()) {
      named.add(relation.oid());
    }
    dependencies.add(new AnalyzedStatement.Dependency(relation.oid(), relation.version()));
  }

  /// The meaning depends on the value of a lifted literal.
  void fix(Node node) {
    if (node instanceof Node.Const constant && constant.slot >= 0) {
      fixedLiterals.set(constant.slot);
    }
  }

  void enter(int position) {
    if (++depth > DEPTH_MAX) {
      depth = 0;
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
          .withHint("Simplify the statement: its expressions or sub-queries are nested too deeply.");
    }
  }

  void leave() {
    depth--;
  }

  boolean settingOn(String name) {
    String value = context.settings().get(name);
    return value != null && (value.equals("on") || value.equals("true") || value.equals("1") || value.equals("yes"));
  }

  @Nullable String setting(String name) {
    return context.settings().get(name);
  }

  /// Column numbers from the sets that entries keep: a whole-row reference stands for every column, system columns need none.
  private static BitSet attnums(BitSet used, Relation relation) {
    BitSet result = new BitSet();
    for (int bit = used.nextSetBit(RangeEntry.SYSTEM_OFFSET); bit >= 0; bit = used.nextSetBit(bit + 1)) {
      int attnum = bit - RangeEntry.SYSTEM_OFFSET;
      if (attnum > 0) {
        result.set(attnum);
      } else {
        for (Relation.Column column : relation.columns()) {
          if (!column.dropped()) {
            result.set(column.attnum());
          }
        }
      }
    }
    return result;
  }

  List<PermissionCheck> permissions() {
    List<PermissionCheck> checks = new ArrayList<>(permissionEntries.size());
    for (RangeEntry entry : permissionEntries) {
      Relation relation = entry.view != null ? entry.view : entry.relation;
      if (relation != null && !entry.privileges.isEmpty()) {
        checks.add(new PermissionCheck(
                relation.oid(), entry.privileges, attnums(entry.selected, relation), attnums(entry.inserted, relation),
                attnums(entry.updated, relation), entry.checkAs));
      }
    }
    return checks;
  }
}
