package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.persistence.transfer.Transfers;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.persistence.dump.format.DumpFile;
import io.heliosdb.nano.persistence.dump.format.DumpFile.StoredBlock;
import io.heliosdb.nano.persistence.dump.format.Frame;
import io.heliosdb.nano.persistence.dump.format.RowBlock;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.SessionWork;
import io.heliosdb.nano.storage.BulkWriter;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Writes a table's dumped rows, and the changes since, straight into the store: into a table whose storage nobody else sees yet (made or
/// truncated in the same transaction) and that has no indexes beside its primary key.
///
/// The form of values and NOT NULL are checked here; other constraints are proved afterwards ([ConstraintProof]), keys and foreign keys when they
/// are added. One per table; driven by the session's thread.
final class TableLoad {
  private final DatabaseEngine engine;
  private final DumpFile file;
  private final RestorePlan.TableRows rows;

  /// Told the rows and bytes of each block that has been written.
  private final BiConsumer<Integer, Integer> progress;

  TableLoad(DatabaseEngine engine, DumpFile file, RestorePlan.TableRows rows, BiConsumer<Integer, Integer> progress) {
    this.engine = engine;
    this.file = file;
    this.rows = rows;
    this.progress = progress;
  }

  /// A block's rows as the store takes them; `rows` null for keys to remove.
  private record Encoded(byte[][] keys, byte[] @Nullable [] rows, boolean replaces, long hiddenKeyMax, int bytes) {}

  /// A payload and the part it belongs to.
  private record Source(StoredBlock block, TableEntry entry, boolean changes) {}

  /// @param schema and `name`: the table to fill, which may be called otherwise than in the dump
  void load(SessionWork work, String schema, String name) {
    CatalogSnapshot catalog = work.catalog();
    Catalog.Namespace namespace = catalog.namespace(schema);
    Relation relation = namespace == null ? null : catalog.relation(namespace.oid(), name);
    if (!(relation instanceof Table table)) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + schema + "." + name + "\" does not exist");
    }
    Shape shape = new Shape(table, catalog, work.io().toBuilder().types(catalog).build(), rows.table());
    long[] hiddenKeyMax = new long[1];
    try (BulkWriter out = work.access().transaction().bulkWriter()) {
      Transfers.run(engine, new Blocks(), source -> encode(shape, source), encoded -> {
        write(out, table, encoded);
        hiddenKeyMax[0] = Math.max(hiddenKeyMax[0], encoded.hiddenKeyMax());
        progress.accept(encoded.rows() == null ? 0 : encoded.keys().length, encoded.bytes());
        work.checkCancelled();
      });
      work.access().transaction().attach(out.finish());
    }
    if (hiddenKeyMax[0] > 0) {
      work.store().raiseCounter(CounterKey.ROW_ID, hiddenKeyMax[0] + 1);
    }
  }

  private static void write(BulkWriter out, Table table, Encoded encoded) {
    for (int i = 0; i < encoded.keys().length; i++) {
      if (encoded.rows() == null || encoded.replaces()) {
        out.remove(table.storageId(), encoded.keys()[i]);
      }
      if (encoded.rows() != null) {
        out.row(table.storageId(), encoded.keys()[i], encoded.rows()[i], table.layoutId());
      }
    }
  }

  /// The payloads of all parts in order.
  private final class Blocks implements Iterator<Source> {
    private int part = -1;
    private DumpFile.@Nullable BlockReader reader;
    private @Nullable Source next;

    @Override
    public boolean hasNext() {
      while (next == null) {
        StoredBlock block = reader == null ? null : reader.next();
        if (block != null) {
          TableEntry entry = rows.parts().get(part).table();
          next = new Source(block, entry, entry.content() == TableEntry.Content.CHANGES);
        } else if (++part < rows.parts().size()) {
          reader = file.blocks(rows.parts().get(part));
        } else {
          return false;
        }
      }
      return true;
    }

    @Override
    public Source next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Source result = next;
      next = null;
      return result;
    }
  }

  /// How dumped columns map to the table's: by name.
  private static final class Shape {
    final RowCodec codec;
    final IoContext io;
    final PgType[] types;
    final int[] typmods;

    /// 0-based column of the table per dumped column.
    final int[] target;
    final boolean hiddenKey;
    final int[] keyTarget;

    /// By dumped column: its name where NULL is not allowed.
    final @Nullable String[] notNull;

    Shape(Table table, CatalogSnapshot catalog, IoContext io, TableEntry entry) {
      this.io = io;
      codec = new RowCodec(table, catalog);
      hiddenKey = entry.hiddenKey();
      if (hiddenKey == codec.hasPrimaryKey()) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "table \"" + table.name() + "\" has not the primary key that its dumped rows have");
      }
      int count = entry.columns().size();
      types = new PgType[count];
      typmods = new int[count];
      target = new int[count];
      notNull = new String[count];
      for (int i = 0; i < count; i++) {
        TableEntry.Column dumped = entry.columns().get(i);
        Relation.Column column = table.column(dumped.name());
        if (column == null) {
          throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + dumped.name() + "\" of relation \"" + table.name() + "\" does not exist");
        }
        types[i] = catalog.byOid(column.typeOid());
        typmods[i] = column.typmod();
        target[i] = column.attnum() - 1;
        notNull[i] = column.notNull() ? column.name() : null;
        if (ColumnCodec.encodingOf(types[i]) != dumped.encoding()) {
          throw new SqlException(
              SqlState.DATATYPE_MISMATCH, "column \"" + dumped.name() + "\" of table \"" + table.name() + "\" is of type " + types[i].name() + ", but was dumped as " + dumped.type());
        }
      }
      keyTarget = entry.key().stream().mapToInt(i -> i).toArray();
    }

    ColumnCodec column(int i) {
      return new ColumnCodec(types[i], typmods[i], io);
    }
  }

  private Encoded encode(Shape shape, Source source) {
    byte[] raw = file.expand(source.block());
    RowBlock block = file.rows(source.block(), raw, source.entry());
    boolean removal = source.block().kind() == Frame.Kind.DELETED;
    RowCodec.Writer writer = shape.codec.writer();
    @Nullable ColumnVector[] vectors = new ColumnVector[shape.codec.columnCount()];
    int first = shape.hiddenKey ? 1 : 0;
    int[] columns = removal ? shape.hiddenKey ? new int[0] : shape.keyTarget : all(shape.target.length);
    for (int i = 0; i < columns.length; i++) {
      ColumnCodec codec = shape.column(columns[i]);
      ColumnVector vector = codec.vector(Math.max(1, block.rows()));
      codec.read(block, first + i, vector);
      if (!removal && shape.notNull[columns[i]] != null) {
        checkNotNull(vector, block.rows(), shape.notNull[columns[i]]);
      }
      vectors[shape.target[columns[i]]] = vector;
    }
    byte[][] keys = new byte[block.rows()][];
    byte[][] encoded = removal ? null : new byte[block.rows()][];
    @Nullable Object[] values = new Object[vectors.length];
    long hiddenKeyMax = 0;
    for (int row = 0; row < keys.length; row++) {
      if (shape.hiddenKey) {
        long key = block.int64(0, row);
        hiddenKeyMax = Math.max(hiddenKeyMax, key);
        keys[row] = RowCodec.hiddenRowKey(key);
      } else {
        for (int i = 0; i < shape.codec.keyColumnCount(); i++) {
          int column = shape.codec.keyColumn(i);
          values[column] = vectors[column] == null ? null : vectors[column].get(row);
          if (values[column] == null) {
            throw new SqlException(SqlState.NOT_NULL_VIOLATION, "a dumped row of table \"" + rows.qualifiedName() + "\" has no key");
          }
        }
        keys[row] = writer.rowKey(values);
      }
      if (encoded != null) {
        encoded[row] = writer.encode(vectors, row);
      }
    }
    return new Encoded(keys, encoded, source.changes(), hiddenKeyMax, raw.length);
  }

  private void checkNotNull(ColumnVector vector, int count, String column) {
    for (int row = 0; row < count; row++) {
      if (vector.isNull(row)) {
        throw new SqlException(SqlState.NOT_NULL_VIOLATION, "column \"" + column + "\" of relation \"" + rows.qualifiedName() + "\" contains null values");
      }
    }
  }

  private static int[] all(int count) {
    int[] result = new int[count];
    for (int i = 0; i < count; i++) {
      result[i] = i;
    }
    return result;
  }
}
