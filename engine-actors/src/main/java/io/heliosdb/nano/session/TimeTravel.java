package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.txn.StatementAccess;
import org.jspecify.annotations.Nullable;

/// Turns AS OF coordinates into data access at an SCN of the session's branch.
final class TimeTravel {
  /// Microseconds between 1970-01-01 and 2000-01-01.
  private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

  private TimeTravel() {}

  static StatementAccess access(SessionCore session, LogicalPlan.AsOf.Kind kind, @Nullable Object value, StatementAccess access) {
    if (kind == LogicalPlan.AsOf.Kind.NOW) {
      return access;
    }
    if (value == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "AS OF must not be null");
    }
    long scn = scn(session, kind, (Long) value);
    return access.asOf(session.branchState().readView().asOf(scn));
  }

  private static long scn(SessionCore session, LogicalPlan.AsOf.Kind kind, long value) {
    try (StoreReader reader = session.engine().system().store().acquireReader()) {
      return switch (kind) {
        case TIMESTAMP -> known(reader.scnAtTime(value + POSTGRES_EPOCH_MICROS), "timestamp");
        case TRANSACTION -> known(reader.scnOfTransaction(value), "transaction " + value);
        case SCN -> {
          if (value > reader.scn() || value < 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "SCN " + value + " does not exist").withHint("The newest SCN is " + reader.scn() + ".");
          }
          yield value;
        }
        case NOW -> reader.scn();
      };
    }
  }

  private static long known(long scn, String what) {
    if (scn == 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "no commit is known for AS OF " + what);
    }
    return scn;
  }
}
