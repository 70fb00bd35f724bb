package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.catalog.BranchEntry;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowCursor;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.storage.row.RowReader;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The relation of branches as rows: shared storage id 13, key the branch id, one record per row. Stateless.
public final class BranchRows {
  public static final long STORAGE_ID = 13;

  /// Classifies locks on branch names.
  public static final int CLASS_OID = 8400;

  private BranchRows() {}

  /// All committed entries.
  public static List<BranchEntry> load(StoreReader reader) {
    List<BranchEntry> entries = new ArrayList<>();
    try (RowCursor cursor = reader.scan(ReadView.SHARED_NEWEST, STORAGE_ID, KeyRange.ALL, false)) {
      while (cursor.next()) {
        entries.add(decode(cursor.key(), CatalogStore.content(cursor.row(), reader)));
      }
    }
    return entries;
  }

  /// The newest committed entries with the transaction's own changes.
  public static List<BranchEntry> load(StatementAccess access) {
    List<BranchEntry> entries = new ArrayList<>();
    try (TableCursor cursor = access.scanNewest(STORAGE_ID, KeyRange.ALL, false)) {
      while (cursor.next()) {
        var row = cursor.row();
        byte[] content = RowReader.isLarge(CatalogStore.LAYOUT, row.memory(), row.offset(), 0)
            ? access.readLarge(RowReader.largeRef(CatalogStore.LAYOUT, row.memory(), row.offset(), 0))
            : RowReader.varlenBytes(CatalogStore.LAYOUT, row.memory(), row.offset(), 0);
        entries.add(decode(cursor.key(), content));
      }
    }
    return entries;
  }

  public static void insert(StatementAccess access, BranchEntry entry) {
    access.insert(STORAGE_ID, key(entry.id()), CatalogStore.row(encode(entry)), CatalogStore.LAYOUT_ID);
  }

  public static void update(StatementAccess access, BranchEntry entry) {
    access.update(STORAGE_ID, key(entry.id()), CatalogStore.row(encode(entry)), CatalogStore.LAYOUT_ID);
  }

  public static void delete(StatementAccess access, int id) {
    access.delete(STORAGE_ID, key(id));
  }

  private static byte[] key(int id) {
    return ByteBuffer.allocate(4).putInt(id).array();
  }

  private static byte[] encode(BranchEntry entry) {
    Map<String, String> merged = new HashMap<>();
    entry.merged().forEach((target, scn) -> merged.put(target.toString(), scn.toString()));
    return new RecordWriter()
        .text(1, entry.name())
        .number(2, entry.parentId())
        .number(3, entry.forkScn())
        .number(4, entry.createdMicros())
        .number(5, entry.ownerOid())
        .number(6, entry.state().ordinal())
        .map(7, entry.options())
        .map(8, merged)
        .toByteArray();
  }

  private static BranchEntry decode(byte[] key, byte[] row) {
    RecordReader in = new RecordReader(row);
    Map<Integer, Long> merged = new HashMap<>();
    in.map(8).forEach((target, scn) -> merged.put(Integer.valueOf(target), Long.valueOf(scn)));
    return new BranchEntry(
        ByteBuffer.wrap(key).getInt(), in.requiredText(1), in.integer(2), in.number(3), in.number(4), in.integer(5),
        BranchEntry.State.values()[in.integer(6)], in.map(7), merged);
  }
}
