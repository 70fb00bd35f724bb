package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.analyze.History;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.VersionClause;
import io.heliosdb.nano.plan.Exprs;
import io.heliosdb.nano.plan.logical.LogicalPlan.AsOf;
import io.heliosdb.nano.storage.CommitInfo;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The past as one session's statements are bound to it. One per session, or per binding again with moments that a run has found out.
final class SessionHistory implements History {
  private static final int FIRST_USER_OID = 16384;

  private final SessionCore session;
  private final Map<Object, Long> found;
  private final @Nullable Object @Nullable [] values;
  private final boolean runsQueries;
  private boolean hasLeftOut;

  /// @param found SCNs of clauses that a run has evaluated, by identity of the clause
  SessionHistory(SessionCore session, Map<Object, Long> found) {
    this(session, found, null);
  }

  /// For a statement that cannot be bound before its sub-queries have said which moments they mean: they are run at once.
  static SessionHistory runningQueries(SessionCore session) {
    return new SessionHistory(session, Map.of(), null, true);
  }

  /// @param values of the parameters, where they are known while the statement is bound; null where not
  SessionHistory(SessionCore session, Map<Object, Long> found, @Nullable Object @Nullable [] values) {
    this(session, found, values, false);
  }

  private SessionHistory(SessionCore session, Map<Object, Long> found, @Nullable Object @Nullable [] values, boolean runsQueries) {
    this.runsQueries = runsQueries;
    this.session = session;
    this.found = found;
    this.values = values;
  }

  @Override
  public long scn(VersionClause.Moment moment, AnalyzerContext context) {
    Long known = found.get(moment);
    if (known != null) {
      return known;
    }
    return switch (moment) {
      case VersionClause.Now now -> UNKNOWN;
      case VersionClause.AtTimestamp at -> scn(AsOf.Kind.TIMESTAMP, at.value(), PgTypes.TIMESTAMPTZ, context);
      case VersionClause.AtTransaction at -> scn(AsOf.Kind.TRANSACTION, at.value(), PgTypes.INT8, context);
      case VersionClause.AtScn at -> scn(AsOf.Kind.SCN, at.value(), PgTypes.INT8, context);
    };
  }

  /// Only what reads nothing is evaluated while a statement is bound: privileges are checked when it runs.
  private long scn(AsOf.Kind kind, Expression value, PgType type, AnalyzerContext context) {
    if (session.transactions().currentOrNull() == null) {
      return UNKNOWN;
    }
    Expr bound = ExpressionBinder.bind(value, null, ExpressionBinder.Use.MOMENT, type, -1, context.withHistory(null).withInferParameters(true)).expression();
    if (!isPlain(bound)) {
      Long moment = runsQueries ? session.queries().moment(value, type) : null;
      hasLeftOut |= moment == null;
      return moment == null ? UNKNOWN : TimeTravel.scn(session, kind, moment);
    }
    Object moment = session.queries().evaluate(bound, values == null ? new Object[0] : values);
    return moment == null && values != null ? UNKNOWN : TimeTravel.scn(session, kind, moment);
  }

  /// Whether there was a moment that will be known only at run time, since this was asked last.
  boolean takeLeftOut() {
    boolean had = hasLeftOut;
    hasLeftOut = false;
    return had;
  }

  private boolean isPlain(Expr expression) {
    if (expression instanceof Expr.Parameter && values == null || expression instanceof Expr.Subquery || expression instanceof Expr.LiftedConst
        || expression instanceof Expr.Call call && Integer.compareUnsigned(call.site().function().oid(), FIRST_USER_OID) >= 0) {
      return false;
    }
    return Exprs.children(expression).stream().allMatch(this::isPlain);
  }

  @Override
  public long sessionScn() {
    return session.asOfScn();
  }

  @Override
  public boolean isUnchangedSince(Relation relation, long scn) {
    CatalogSnapshot committed = session.branchState().catalog();
    if (committed.relation(relation.oid()) != relation) {
      return false;
    }
    return session.engine().historicCatalogs().unchangedSince(session.branchState(), committed, relation) <= scn;
  }

  @Override
  public Catalog catalogAt(long scn) {
    session.engine().historyKeeper().requireCatalog(session, scn);
    return session.engine().historicCatalogs().at(session.branchState(), scn);
  }

  @Override
  public SqlException missing(String name, @Nullable Relation present, long scn) {
    SqlException error = new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" did not exist as of " + describe(scn));
    if (present == null) {
      return error;
    }
    long visible = session.engine().system().visibleScn();
    long created = session.engine().historicCatalogs().createdAt(session.branchState(), present.oid(), visible + 1);
    return created > visible ? error : error.withDetail("Its oldest state is " + describe(created) + ".");
  }

  private String describe(long scn) {
    CommitInfo commit = session.engine().system().store().commitInfo(scn);
    return commit == null ? "SCN " + scn : "SCN " + scn + " of " + TimeTravel.text(session, commit.timeMicros());
  }

  @Override
  public List<Catalog> ancestors() {
    return session.engine().branchRegistry().ancestors(session.branchState()).stream().<Catalog>map(ancestor -> ancestor.branch().catalog()).toList();
  }
}
