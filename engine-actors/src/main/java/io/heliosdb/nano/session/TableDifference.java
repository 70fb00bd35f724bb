package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.function.VersionServices.Difference;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// What differs in one table between two states: moments of the session's branch, or branches. Two scans side by side, in key order.
final class TableDifference implements Iterator<Difference> {
  private static final PgType RECORD = PgTypes.BUILTIN.byOid(2249);

  /// One state of the table.
  private final class Side {
    final Relation.Table table;
    final RowCodec codec;
    final TableCursor cursor;
    final StatementAccess access;
    boolean there;
    byte[] key = {};

    Side(ReadView view, CatalogSnapshot catalog, int oid, StatementAccess outer) {
      if (!(catalog.relation(oid) instanceof Relation.Table found) || found.isPartitioned()) {
        throw new SqlException(SqlState.UNDEFINED_TABLE, "the table does not exist in one of the states, or is partitioned");
      }
      table = found;
      codec = new RowCodec(table, catalog);
      access = outer.asOf(view);
      cursor = access.scan(table.storageId(), KeyRange.ALL, false);
      advance();
    }

    void advance() {
      there = cursor.next();
      key = there ? cursor.key() : new byte[0];
    }

    @Nullable Object[] values() {
      return codec.decode(cursor.row(), access::readLarge);
    }

    PgRecord record(@Nullable Object[] values) {
      List<PgType> types = new ArrayList<>();
      List<String> names = new ArrayList<>();
      List<Object> fields = new ArrayList<>();
      for (Relation.Column column : table.columns()) {
        if (!column.dropped()) {
          types.add(codec.type(column.attnum()));
          names.add(column.name());
          fields.add(values[column.attnum() - 1]);
        }
      }
      return PgRecord.named(RECORD, types, names, fields.toArray());
    }

    String keyText(@Nullable Object[] values) {
      if (table.primaryKey().isEmpty()) {
        return new BigInteger(1, key).toString();
      }
      List<String> parts = new ArrayList<>();
      table.primaryKey().forEach(attnum -> parts.add(TypeIo.toText(codec.type(attnum), values[attnum - 1], session.io())));
      return String.join(", ", parts);
    }
  }

  private final SessionCore session;
  private final Side from;
  private final Side to;
  private final boolean sameForm;
  private @Nullable Difference next;

  TableDifference(SessionCore session, int oid, String from, String to, StatementAccess access) {
    this.session = session;
    requirePrivilege(session, oid);
    this.from = side(from, oid, access);
    this.to = side(to, oid, access);
    sameForm = this.from.table.storageId() == this.to.table.storageId() && this.from.table.layoutId() == this.to.table.layoutId();
  }

  private static void requirePrivilege(SessionCore session, int oid) {
    Relation relation = session.catalog().relation(oid);
    int role = session.currentRole().oid();
    if (!(relation instanceof Relation.Table table)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "heliosdb_diff() needs a table");
    }
    session.engine().privileges().check(
        session, List.of(new io.heliosdb.nano.analyze.PermissionCheck(oid, "r", new java.util.BitSet(), new java.util.BitSet(), new java.util.BitSet(), 0)));
    boolean isExempt = session.currentRole().superuser() || session.currentRole().bypassRls()
        || Privileges.isOwner(session.catalog(), role, table.ownerOid()) && !table.forceRowSecurity();
    if (table.rowSecurity() && !isExempt) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "query would be affected by row-level security policy for table \"" + table.name() + "\"");
    }
  }

  /// A branch of that name as it is now, else a moment as `heliosdb.as_of` takes it, or `NOW`.
  private Side side(String state, int oid, StatementAccess access) {
    for (BranchState branch : session.engine().branchRegistry().all()) {
      if (branch.entry().isNamed() && branch.name().equals(state)) {
        return new Side(branch.readView().asOf(access.snapshotScn()), branch.catalog(), oid, access);
      }
    }
    BranchState own = session.branchState();
    long scn = state.strip().equalsIgnoreCase("now") ? access.snapshotScn() : TimeTravel.ofSetting(session, state);
    session.engine().historyKeeper().requireCatalog(session, scn);
    CatalogSnapshot catalog = session.engine().historicCatalogs().at(own, scn);
    if (catalog.relation(oid) instanceof Relation.Table table) {
      TimeTravel.requireHistory(session, table, scn);
    }
    return new Side(own.readView().asOf(scn), catalog, oid, access);
  }

  @Override
  public boolean hasNext() {
    while (next == null && (from.there || to.there)) {
      int order = !from.there ? 1 : !to.there ? -1 : Arrays.compareUnsigned(from.key, to.key);
      if (order < 0) {
        @Nullable Object[] values = from.values();
        next = new Difference(from.keyText(values), "DELETE", from.record(values), null);
        from.advance();
      } else if (order > 0) {
        @Nullable Object[] values = to.values();
        next = new Difference(to.keyText(values), "INSERT", null, to.record(values));
        to.advance();
      } else {
        compare();
        from.advance();
        to.advance();
      }
    }
    return next != null;
  }

  private void compare() {
    if (sameForm && from.cursor.row().scn() == to.cursor.row().scn()) {
      return;
    }
    @Nullable Object[] before = from.values();
    @Nullable Object[] after = to.values();
    if (!sameForm || !Arrays.equals(before, after)) {
      PgRecord was = from.record(before);
      PgRecord is = to.record(after);
      if (!was.equals(is)) {
        next = new Difference(to.keyText(after), "UPDATE", was, is);
      }
    }
  }

  @Override
  public Difference next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Difference result = next;
    next = null;
    return result;
  }
}
