package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation.AclItem;
import io.heliosdb.nano.catalog.store.CatalogStore;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.row.RowReader;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Large objects as rows: one with owner and privileges per object, one per page of 2,048 bytes. Pages that nobody wrote are not there and read
/// as zeros. Rows are versioned like others; the newest state is read for changes, the snapshot for reading. Confined to a command.
///
/// ```
/// storage 300: key oid u32, page u32 → bytes          storage 301: key oid u32 → owner;grantee,grantor,privileges,grant options;…
/// ```
/// (storage ids of each branch, see docs/data-file.md)
record LargeObjectStore(StatementAccess access, boolean newest) {
  static final int PAGE_BYTES = 2048;
  private static final long PAGES = 300;
  private static final long OBJECTS = 301;

  /// The most bytes of an object: 4 TB, as in PostgreSQL.
  static final long BYTES_MAX = (long) Integer.MAX_VALUE * PAGE_BYTES;

  /// @param acl null for the default, which is the owner's alone
  record Metadata(int oid, int ownerOid, @Nullable List<AclItem> acl) {}

  private static byte[] key(int oid) {
    return ByteBuffer.allocate(4).putInt(oid).array();
  }

  private static byte[] key(int oid, long page) {
    return ByteBuffer.allocate(8).putInt(oid).putInt((int) page).array();
  }

  private byte @Nullable [] get(long storageId, byte[] key) {
    RowSlot slot = new RowSlot();
    boolean found = newest ? access.getNewest(storageId, key, slot) : access.get(storageId, key, slot);
    return found ? content(slot) : null;
  }

  private static byte[] content(RowSlot slot) {
    return RowReader.varlenBytes(CatalogStore.LAYOUT, slot.memory(), slot.offset(), 0);
  }

  private TableCursor scan(long storageId, KeyRange range, boolean reverse) {
    return newest ? access.scanNewest(storageId, range, reverse) : access.scan(storageId, range, reverse);
  }

  private void put(long storageId, byte[] key, byte[] content) {
    byte[] row = CatalogStore.row(content);
    if (access.getNewest(storageId, key, new RowSlot())) {
      access.update(storageId, key, row, CatalogStore.LAYOUT_ID);
    } else {
      access.insert(storageId, key, row, CatalogStore.LAYOUT_ID);
    }
  }

  /// Keeps other transactions from changing the object until this one ends.
  void lock(int oid) {
    access.lockKeys(OBJECTS, new byte[][] {key(oid)});
  }

  @Nullable Metadata find(int oid) {
    byte[] content = get(OBJECTS, key(oid));
    return content == null ? null : metadata(oid, content);
  }

  void put(Metadata object) {
    StringBuilder text = new StringBuilder().append(object.ownerOid);
    if (object.acl != null) {
      text.append(";acl");
      for (AclItem item : object.acl) {
        text.append(';').append(item.grantee()).append(',').append(item.grantor()).append(',').append(item.privileges()).append(',')
            .append(item.grantOptions());
      }
    }
    put(OBJECTS, key(object.oid), text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static Metadata metadata(int oid, byte[] content) {
    String[] parts = new String(content, StandardCharsets.US_ASCII).split(";");
    List<AclItem> acl = parts.length > 1 ? new ArrayList<>() : null;
    for (int i = 2; i < parts.length; i++) {
      String[] item = parts[i].split(",", -1);
      acl.add(new AclItem(Integer.parseInt(item[0]), item[2], item[3], Integer.parseInt(item[1])));
    }
    return new Metadata(oid, Integer.parseInt(parts[0]), acl);
  }

  List<Metadata> all() {
    List<Metadata> all = new ArrayList<>();
    try (TableCursor cursor = scan(OBJECTS, KeyRange.ALL, false)) {
      while (cursor.next()) {
        all.add(metadata(ByteBuffer.wrap(cursor.key()).getInt(), content(cursor.row())));
      }
    }
    return all;
  }

  interface PageConsumer {
    void page(int oid, int number, byte[] bytes);
  }

  void pages(PageConsumer consumer) {
    try (TableCursor cursor = scan(PAGES, KeyRange.ALL, false)) {
      while (cursor.next()) {
        ByteBuffer key = ByteBuffer.wrap(cursor.key());
        consumer.page(key.getInt(), key.getInt(), content(cursor.row()));
      }
    }
  }

  /// Takes the object and its pages away; the lock must be held.
  void delete(int oid) {
    truncatePages(oid, 0);
    access.delete(OBJECTS, key(oid));
  }

  private void truncatePages(int oid, long from) {
    List<byte[]> keys = new ArrayList<>();
    try (TableCursor cursor = access.scanNewest(PAGES, KeyRange.prefix(key(oid)), true)) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (Integer.toUnsignedLong(ByteBuffer.wrap(key).getInt(4)) < from) {
          break;
        }
        keys.add(key);
      }
    }
    keys.forEach(key -> access.delete(PAGES, key));
  }

  long size(int oid) {
    try (TableCursor cursor = scan(PAGES, KeyRange.prefix(key(oid)), true)) {
      if (!cursor.next()) {
        return 0;
      }
      long page = Integer.toUnsignedLong(ByteBuffer.wrap(cursor.key()).getInt(4));
      return page * PAGE_BYTES + content(cursor.row()).length;
    }
  }

  /// Up to `length` bytes from `offset` on.
  byte[] read(int oid, long offset, int length) {
    long available = Math.max(0, Math.min(length, size(oid) - offset));
    byte[] out = new byte[(int) available];
    int done = 0;
    while (done < out.length) {
      long at = offset + done;
      int within = (int) (at % PAGE_BYTES);
      int part = Math.min(PAGE_BYTES - within, out.length - done);
      byte[] page = get(PAGES, key(oid, at / PAGE_BYTES));
      if (page != null && page.length > within) {
        System.arraycopy(page, within, out, done, Math.min(part, page.length - within));
      }
      done += part;
    }
    return out;
  }

  /// The lock must be held.
  void write(int oid, long offset, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      long at = offset + done;
      int within = (int) (at % PAGE_BYTES);
      int part = Math.min(PAGE_BYTES - within, bytes.length - done);
      byte[] key = key(oid, at / PAGE_BYTES);
      byte[] old = part == PAGE_BYTES ? null : get(PAGES, key);
      byte[] page = old == null ? new byte[within + part] : java.util.Arrays.copyOf(old, Math.max(old.length, within + part));
      System.arraycopy(bytes, done, page, within, part);
      put(PAGES, key, page);
      done += part;
    }
  }

  /// Cuts the object, or makes it longer by zeros; the lock must be held.
  void truncate(int oid, long length) {
    long size = size(oid);
    if (length > size) {
      write(oid, length - 1, new byte[1]);
      return;
    }
    truncatePages(oid, (length + PAGE_BYTES - 1) / PAGE_BYTES);
    int rest = (int) (length % PAGE_BYTES);
    if (rest > 0) {
      byte[] key = key(oid, length / PAGE_BYTES);
      byte[] page = get(PAGES, key);
      put(PAGES, key, page == null ? new byte[rest] : java.util.Arrays.copyOf(page, rest));
    }
  }
}
