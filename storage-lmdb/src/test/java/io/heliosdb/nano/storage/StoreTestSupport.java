package io.heliosdb.nano.storage;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.key.KeyWriter;
import io.heliosdb.nano.storage.row.ColumnKind;
import io.heliosdb.nano.storage.row.RowLayout;
import io.heliosdb.nano.storage.row.RowReader;
import io.heliosdb.nano.storage.row.RowWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Short ways to write and read rows of one number.
final class StoreTestSupport {
  static final RowLayout LAYOUT = new RowLayout(ColumnKind.INT64, ColumnKind.VARLEN);
  static final long TABLE = 1_000;

  private StoreTestSupport() {}

  static final EncryptionKey KEY = EncryptionKey.of(new byte[EncryptionKey.BYTES]);

  static StoreOptions onDisk(Path directory, boolean encrypted) {
    StoreOptions options = StoreOptions.onDisk(directory);
    return encrypted ? options.withEncryption(new StoreEncryption(KEY)) : options;
  }

  static byte[] key(long number) {
    return new KeyWriter().putInt64(number).toKey();
  }

  static byte[] row(long number, int fillBytes) {
    RowWriter writer = new RowWriter(LAYOUT);
    writer.setInt64(0, number);
    writer.setVarlen(1, new byte[fillBytes]);
    return writer.toRow();
  }

  static CommitUnit unit(RowWrite... rows) {
    return new CommitUnit(Branches.MAIN, 0, 10, 0, Arrays.asList(rows), List.of(), List.of());
  }

  static CommitUnit insert(long number) {
    return unit(RowWrite.insert(TABLE, key(number), row(number, 10), 1));
  }

  static long commit(Store store, CommitUnit unit) {
    return assertInstanceOf(CommitOutcome.Committed.class, store.commit(List.of(unit), true).getFirst()).scn();
  }

  static boolean has(Store store, long number) {
    RowSlot slot = new RowSlot();
    try (StoreReader reader = store.acquireReader()) {
      return reader.get(ReadView.MAIN_NEWEST, TABLE, key(number), slot)
          && RowReader.getInt64(LAYOUT, slot.memory(), slot.offset(), 0) == number;
    }
  }

  static int count(Store store, long storageId) {
    try (StoreReader reader = store.acquireReader();
        RowCursor cursor = reader.scan(ReadView.MAIN_NEWEST, storageId, KeyRange.ALL, false)) {
      int count = 0;
      while (cursor.next()) {
        count++;
      }
      return count;
    }
  }
}
