package io.heliosdb.nano.persistence.migrate;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.persistence.transfer.Transfers;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.SessionWork;
import io.heliosdb.nano.storage.BulkWriter;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes rows straight into the store: into a table that was made in the same transaction and has no index beside its primary key.
///
/// One thread reads the source, several turn values into rows, one writes; at most a few batches exist at a time. Types, lengths and NOT
/// NULL are
/// checked here, the primary key by the number of rows; other constraints are to be added afterwards. Errors name table, column and value.
final class DirectLoad {
  private static final Comparator<Row> BY_KEY = Comparator.comparing(Row::key, Arrays::compareUnsigned);
  private static final int ERROR_VALUE_CHARS = 200;

  private final DatabaseEngine engine;
  private final SessionWork work;

  DirectLoad(DatabaseEngine engine, SessionWork work) {
    this.engine = engine;
    this.work = work;
  }

  private record Row(byte[] key, byte[] row) {}

  /// @param firstRow number of the first row, from 1
  /// @param firstRowId hidden row id of the first row, for tables without primary key
  private record Numbered(List<@Nullable Object[]> rows, long firstRow, long firstRowId) {}

  long run(ImportTarget.Load load) {
    Table table = table(load.schema(), load.table());
    Shape shape = new Shape(table, work.catalog(), work.io().toBuilder().types(work.catalog()).build(), load.columns(),
        load.types() != null);
    long[] count = new long[1];
    try (BulkWriter out = work.access().transaction().bulkWriter()) {
      Transfers.run(engine, numbered(load.batches(), shape), batch -> encode(shape, batch), rows -> {
        for (Row row : rows) {
          out.row(table.storageId(), row.key(), row.row(), table.layoutId());
        }
        count[0] += rows.length;
        load.progress().accept(rows.length);
        work.checkCancelled();
      });
      work.access().transaction().attach(out.finish());
    }
    work.access().releaseReader();
    return count[0];
  }

  private Table table(String schema, String name) {
    CatalogSnapshot catalog = work.catalog();
    Catalog.Namespace namespace = catalog.namespace(schema);
    Relation relation = namespace == null ? null : catalog.relation(namespace.oid(), name);
    if (relation instanceof Table table) {
      return table;
    }
    throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + schema + "." + name + "\" does not exist");
  }

  private Iterator<Numbered> numbered(Iterator<List<@Nullable Object[]>> batches, Shape shape) {
    return new Iterator<>() {
      private long row = 1;

      @Override
      public boolean hasNext() {
        return batches.hasNext();
      }

      @Override
      public Numbered next() {
        List<@Nullable Object[]> rows = batches.next();
        long id = shape.codec.hasPrimaryKey() ? 0 : work.store().allocate(CounterKey.ROW_ID, rows.size());
        Numbered result = new Numbered(rows, row, id);
        row += rows.size();
        return result;
      }
    };
  }

  private static final class Shape {
    final Table table;
    final RowCodec codec;
    final IoContext io;
    final Relation.Column[] columns;
    final PgType[] types;

    /// Columns that must not be null, by `attnum - 1`.
    final boolean[] notNull;

    /// Whether values come as the engine holds them.
    final boolean stored;

    Shape(Table table, CatalogSnapshot catalog, IoContext io, List<String> names, boolean stored) {
      this.table = table;
      this.stored = stored;
      this.io = io;
      codec = new RowCodec(table, catalog);
      columns = new Relation.Column[names.size()];
      types = new PgType[columns.length];
      for (int i = 0; i < columns.length; i++) {
        Relation.Column column = table.column(names.get(i));
        if (column == null) {
          throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + names.get(i) + "\" of relation \"" + table.name()
              + "\" does not exist");
        }
        columns[i] = column;
        types[i] = catalog.byOid(column.typeOid());
      }
      notNull = new boolean[table.columns().size()];
      for (Relation.Column column : table.columns()) {
        notNull[column.attnum() - 1] = !column.dropped() && (column.notNull() || table.primaryKey().contains(column.attnum()));
      }
    }
  }

  private static Row[] encode(Shape shape, Numbered batch) {
    RowCodec.Writer writer = shape.codec.writer();
    Row[] result = new Row[batch.rows().size()];
    @Nullable Object[] values = new Object[shape.table.columns().size()];
    for (int r = 0; r < result.length; r++) {
      @Nullable Object[] source = batch.rows().get(r);
      if (source.length != shape.columns.length) {
        throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "a row of " + source.length + " values for " + shape.columns.length
            + " columns")
            .withContext("import of table \"" + shape.table.name() + "\", row " + (batch.firstRow() + r));
      }
      for (int c = 0; c < shape.columns.length; c++) {
        values[shape.columns[c].attnum() - 1] = value(shape, c, source[c], batch.firstRow() + r);
      }
      for (int c = 0; c < shape.notNull.length; c++) {
        if (shape.notNull[c] && values[c] == null) {
          String column = shape.table.columns().get(c).name();
          throw new SqlException(
                  SqlState.NOT_NULL_VIOLATION, "null value in column \"" + column + "\" of relation \"" + shape.table.name()
                      + "\" violates not-null constraint")
              .withContext("import of table \"" + shape.table.name() + "\", row " + (batch.firstRow() + r));
        }
      }
      byte[] key = shape.codec.hasPrimaryKey() ? writer.rowKey(values) : RowCodec.hiddenRowKey(batch.firstRowId() + r);
      result[r] = new Row(key, writer.encode(values));
    }
    // The store takes ascending keys fastest.
    Arrays.sort(result, BY_KEY);
    return result;
  }

  private static @Nullable Object value(Shape shape, int c, @Nullable Object value, long row) {
    if (value == null || shape.stored) {
      return value;
    }
    try {
      return InputValues.toStored(shape.types[c], shape.columns[c].typmod(), value, shape.io);
    } catch (SqlException e) {
      String text = InputValues.toText(value);
      String shown = text.length() > ERROR_VALUE_CHARS ? text.substring(0, ERROR_VALUE_CHARS) + "..." : text;
      throw e.withContext("import of table \"" + shape.table.name() + "\", row " + row + ", column \"" + shape.columns[c].name() + "\": \""
          + shown + "\"");
    }
  }
}
