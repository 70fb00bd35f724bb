package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.VersionClause;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.storage.CommitInfo;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import org.jspecify.annotations.Nullable;

/// Turns moments (AS OF …) into SCNs and into data access at them. Stateless.
final class TimeTravel {
  private TimeTravel() {}

  static StatementAccess access(SessionCore session, LogicalPlan.AsOf.Kind kind, @Nullable Object value, StatementAccess access) {
    if (kind == LogicalPlan.AsOf.Kind.NOW) {
      return access;
    }
    return access.asOf(session.branchState().readView().asOf(scn(session, kind, value)));
  }

  /// The SCN that a moment of a statement other than a query means.
  static long scn(SessionCore session, VersionClause.Moment moment, BranchState branch) {
    return switch (moment) {
      case VersionClause.Now now -> session.engine().system().visibleScn();
      case VersionClause.AtTimestamp at -> scn(session, LogicalPlan.AsOf.Kind.TIMESTAMP, evaluate(session, at.value(), PgTypes.TIMESTAMPTZ));
      case VersionClause.AtTransaction at -> scn(session, LogicalPlan.AsOf.Kind.TRANSACTION, evaluate(session, at.value(), PgTypes.INT8));
      case VersionClause.AtScn at -> scn(session, LogicalPlan.AsOf.Kind.SCN, evaluate(session, at.value(), PgTypes.INT8));
    };
  }

  /// Makes sure that the history of a table goes back to an SCN on the session's branch, and keeps it until the transaction ends.
  ///
  /// @throws SqlException 72000
  static void requireHistory(SessionCore session, io.heliosdb.nano.catalog.Relation.Table table, long scn) {
    session.engine().historyKeeper().require(session, session.branchState().readView(), table, scn);
  }

  /// The moment that a value of `heliosdb.as_of` names: `SCN n`, `TRANSACTION n`, or a time that is not in the future.
  static long ofSetting(SessionCore session, String value) {
    String text = value.strip();
    String word = text.split("\\s+", 2)[0].toUpperCase(java.util.Locale.ROOT);
    if (word.equals("SCN") || word.equals("TRANSACTION")) {
      String number = text.substring(word.length()).strip();
      if (!number.matches("[0-9]{1,18}")) {
        throw invalid(value);
      }
      return scn(session, LogicalPlan.AsOf.Kind.valueOf(word), Long.valueOf(number));
    }
    String time = word.equals("TIMESTAMP") ? text.substring(word.length()).strip() : text;
    long micros = (Long) TypeIo.parse(PgTypes.TIMESTAMPTZ, -1, time, session.io());
    if (micros > session.engine().clockMicros()) {
      throw invalid(value).withDetail("The moment is in the future.");
    }
    return scn(session, LogicalPlan.AsOf.Kind.TIMESTAMP, micros);
  }

  private static SqlException invalid(String value) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"heliosdb.as_of\": \"" + value + "\"");
  }

  private static @Nullable Object evaluate(SessionCore session, Expression value, PgType type) {
    return session.queries().evaluate(value, type, ExpressionBinder.Use.MOMENT);
  }

  /// The newest SCN at a coordinate.
  ///
  /// @throws SqlException 22004 for NULL, 22023 when there is no such moment
  static long scn(SessionCore session, LogicalPlan.AsOf.Kind kind, @Nullable Object value) {
    if (value == null && kind != LogicalPlan.AsOf.Kind.NOW) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "AS OF must not be null");
    }
    if (kind == LogicalPlan.AsOf.Kind.SCN && (Long) value >= 0 && (Long) value <= session.engine().system().visibleScn()) {
      return (Long) value;
    }
    try (StoreReader reader = session.engine().system().store().acquireReader()) {
      return switch (kind) {
        case TIMESTAMP -> atTime(session, reader, (Long) value);
        case TRANSACTION -> {
          long scn = reader.scnOfTransaction((Long) value);
          if (scn == 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "no commit of transaction " + value + " is known")
                .withDetail("It does not exist, changed nothing, was rolled back or has not committed yet.");
          }
          yield scn;
        }
        case SCN -> {
          long scn = (Long) value;
          if (scn < 0 || scn > reader.scn()) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "SCN " + scn + " does not exist").withDetail("The newest SCN is " + reader.scn() + ".");
          }
          yield scn;
        }
        case NOW -> reader.scn();
      };
    }
  }

  private static long atTime(SessionCore session, StoreReader reader, long micros) {
    long scn = reader.scnAtTime(micros);
    if (scn == 0) {
      CommitInfo first = reader.commitInfo(1);
      SqlException unknown =
          new SqlException(SqlState.INVALID_PARAMETER_VALUE, "the database did not exist at " + text(session, micros));
      throw first == null ? unknown : unknown.withDetail("Its oldest state is SCN 1 of " + text(session, first.timeMicros()) + ".");
    }
    return scn;
  }

  static String text(SessionCore session, long micros) {
    return TypeIo.toText(PgTypes.TIMESTAMPTZ, micros, session.io());
  }
}
