package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.dml.RowReplay;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.parse.ast.VersionStatement;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// `RESTORE TABLE t TO moment`: gives a table the rows it had, by the changes that takes. An ordinary part of the transaction: it can be rolled
/// back, and another RESTORE undoes it. Constraints are checked, triggers do not fire. Columns that are new since get their missing value.
final class RestoreTable {
  private RestoreTable() {}

  static void run(SessionCore session, VersionStatement.RestoreTable statement) {
    Relation relation = session.relation(statement.table());
    if (!(relation instanceof Relation.Table table) || table.isTemporary() || table.kind() != 'r') {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not a table that can be restored").at(statement.table().position());
    }
    if (session.isReadOnly()) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute RESTORE TABLE in a read-only transaction");
    }
    if (!Privileges.isOwner(session.catalog(), session.currentRole().oid(), table.ownerOid())) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of table " + table.name());
    }
    session.transactions().current().lockTable(Integer.toUnsignedLong(table.oid()), TableLockMode.EXCLUSIVE, false);
    Relation.Table now = (Relation.Table) session.catalog().relation(table.oid());
    long scn = TimeTravel.scn(session, statement.moment(), session.branchState());
    session.engine().historyKeeper().requireCatalog(session, scn);
    CatalogSnapshot past = session.engine().historicCatalogs().at(session.branchState(), scn);
    if (!(past.relation(now.oid()) instanceof Relation.Table then)) {
      throw session.queries().history().missing(now.name(), now, scn);
    }
    TimeTravel.requireHistory(session, then, scn);
    checkForm(now, then);
    int[] counts = restore(session, now, then, past, scn);
    session.notice(Notice.notice("restored table \"" + now.name() + "\": " + counts[0] + " rows inserted, " + counts[1] + " updated, " + counts[2] + " deleted"));
    session.sink().commandComplete("RESTORE TABLE");
  }

  private static void checkForm(Relation.Table now, Relation.Table then) {
    boolean same = now.primaryKey().equals(then.primaryKey());
    for (Relation.Column column : then.columns()) {
      Relation.Column present = column.attnum() <= now.columns().size() ? now.column(column.attnum()) : null;
      same &= column.dropped() || present != null && (present.dropped() || present.typeOid() == column.typeOid());
    }
    if (!same) {
      throw SqlException.notSupported("RESTORE TABLE to before a change of the primary key or of a column's type");
    }
  }

  private static int[] restore(SessionCore session, Relation.Table now, Relation.Table then, Catalog pastCatalog, long scn) {
    SessionCallContext calls = session.queries().callContext();
    StatementAccess outer = calls.access();
    try (StatementAccess access = session.transactions().current().beginCommand()) {
      StatementAccess past = access.asOf(session.branchState().readView().asOf(scn));
      MergeRows.Side present = new MergeRows.Side(access, now, new RowCodec(now, session.catalog()), true);
      MergeRows.Side wanted = new MergeRows.Side(past, then, new RowCodec(then, pastCatalog), false);
      List<MergeConflict> none = new ArrayList<>();
      MergeRows rows = new MergeRows(session, present, wanted, present, now, false, RecordMerge.Winner.SOURCE, none);
      rows.merge(keys(now, then, past, access));
      int[] counts = new int[3];
      try (RowReplay replay = new RowReplay(calls.execution(access, new Object[0]), session.engine().dmlPlans().targets())) {
        for (int phase = 0; phase < 3; phase++) {
          int[] written = rows.write(replay, phase);
          for (int i = 0; i < 3; i++) {
            counts[i] += written[i];
          }
        }
        replay.finish();
      }
      return counts;
    } finally {
      calls.restoreAccess(outer);
    }
  }

  /// The keys whose rows are not the same version then and now.
  private static TreeSet<byte[]> keys(Relation.Table now, Relation.Table then, StatementAccess past, StatementAccess access) {
    TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    try (TableCursor b = past.scan(then.storageId(), KeyRange.ALL, false); TableCursor t = access.scanNewest(now.storageId(), KeyRange.ALL, false)) {
      boolean isPast = b.next();
      boolean isNow = t.next();
      while (isPast || isNow) {
        int order = !isPast ? 1 : !isNow ? -1 : Arrays.compareUnsigned(b.key(), t.key());
        if (order != 0 || now.storageId() != then.storageId() || b.row().scn() != t.row().scn()) {
          keys.add(order <= 0 ? b.key() : t.key());
        }
        isPast = order <= 0 ? b.next() : isPast;
        isNow = order >= 0 ? t.next() : isNow;
      }
    }
    return keys;
  }
}
