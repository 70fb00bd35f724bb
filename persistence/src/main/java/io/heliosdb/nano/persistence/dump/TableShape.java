package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.execute.LargeValueReader;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.persistence.dump.format.RowBlockBuilder;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import io.heliosdb.nano.persistence.dump.format.TableEntry.Content;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How rows of one table go into blocks: live columns in attnum order, behind the hidden row id where there is no primary key. Confined to
/// one thread.
final class TableShape {
  private static final int BATCH_ROWS = 1024;

  final Table table;
  private final String schema;
  private final RowCodec codec;
  private final List<Relation.Column> columns = new ArrayList<>();
  private final ColumnCodec[] codecs;
  private final int[] source;
  private final ColumnVector[] batch;
  private final long[] hiddenKeys = new long[BATCH_ROWS];
  private int batched;

  TableShape(Table table, String schema, CatalogSnapshot catalog, IoContext io) {
    this.table = table;
    this.schema = schema;
    codec = new RowCodec(table, catalog);
    table.columns().stream().filter(column -> !column.dropped()).forEach(columns::add);
    codecs = new ColumnCodec[columns.size()];
    source = new int[codecs.length];
    batch = new ColumnVector[codecs.length];
    for (int i = 0; i < codecs.length; i++) {
      Relation.Column column = columns.get(i);
      PgType type = catalog.byOid(column.typeOid());
      codecs[i] = new ColumnCodec(type, column.typmod(), io);
      source[i] = column.attnum() - 1;
      batch[i] = codecs[i].vector(BATCH_ROWS);
    }
    this.io = io;
  }

  private final IoContext io;

  TableEntry entry(Content content) {
    List<TableEntry.Column> described = new ArrayList<>();
    for (int i = 0; i < codecs.length; i++) {
      Relation.Column column = columns.get(i);
      described.add(
          new TableEntry.Column(
              column.attnum(), column.name(), Typmods.formatType(column.typeOid(), column.typmod(), io.types()), codecs[i].encoding(), column.generated() != 0));
    }
    List<Integer> key = new ArrayList<>();
    for (int attnum : table.primaryKey()) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).attnum() == attnum) {
          key.add(i);
        }
      }
    }
    return new TableEntry(table.oid(), table.storageId(), schema, table.name(), content, hasHiddenKey(), described, key);
  }

  boolean hasHiddenKey() {
    return !codec.hasPrimaryKey();
  }

  RowBlockBuilder builder(TableEntry entry) {
    return new RowBlockBuilder(entry.rowEncodings());
  }

  /// Takes a row; its bytes are not needed afterwards. True when the batch is full and has to be moved on with [#flush].
  boolean add(RowSlot row, byte @Nullable [] key, LargeValueReader large) {
    if (hasHiddenKey()) {
      hiddenKeys[batched] = hiddenKey(key);
    }
    codec.decode(row, source, batch, batched++, large);
    return batched == BATCH_ROWS;
  }

  void flush(RowBlockBuilder out) {
    int at = 0;
    if (hasHiddenKey()) {
      RowBlockBuilder.Column keys = out.column(at++);
      for (int i = 0; i < batched; i++) {
        keys.putLong(hiddenKeys[i]);
      }
    }
    for (int c = 0; c < codecs.length; c++) {
      codecs[c].append(batch[c], batched, out.column(at++));
      batch[c].reset();
    }
    batched = 0;
  }

  int batched() {
    return batched;
  }

  /// Appends a deleted row's key.
  ///
  /// @param row the row that was deleted, needed when the key is made of its columns
  void addKey(byte[] key, byte @Nullable [] row, RowBlockBuilder out, LargeValueReader large) {
    if (hasHiddenKey()) {
      out.column(0).putLong(hiddenKey(key));
      return;
    }
    @Nullable Object[] values = codec.decode(row, large);
    for (int i = 0; i < codec.keyColumnCount(); i++) {
      int column = codec.keyColumn(i);
      codecs[position(column)].append(values[column], out.column(i));
    }
  }

  private int position(int column) {
    for (int i = 0; i < source.length; i++) {
      if (source[i] == column) {
        return i;
      }
    }
    throw new IllegalStateException("a key column that is dropped");
  }

  static long hiddenKey(byte[] key) {
    long id = 0;
    for (byte b : key) {
      id = id << 8 | b & 0xff;
    }
    return id;
  }
}
