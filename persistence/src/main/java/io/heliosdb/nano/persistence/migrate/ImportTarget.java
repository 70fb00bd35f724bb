package io.heliosdb.nano.persistence.migrate;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.type.PgType;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The database that an import fills, in one transaction that begins when the target is made. Closing it without [#commit] undoes
/// everything.
/// Confined to one thread, except [Load#batches], which may be read by another while [#load] runs.
public interface ImportTarget extends AutoCloseable {
  /// Rows for a table that this import has made.
  ///
  /// Values are in the order of `columns`: null, `Long`, `Double`, `Boolean`, `byte[]`, or `String`, which is the text form of the
  /// column's type.
  ///
  /// @param generated which of the columns are generated; a target may compute them itself
  /// @param types null; or the columns' types, and values are the engine's own of these types
  /// @param progress told the number of rows of each batch that is in
  record Load(
      String schema, String table, List<String> columns, boolean[] generated, @Nullable List<PgType> types,
          Iterator<List<@Nullable Object[]>> batches, IntConsumer progress) {
    public Load(String schema, String table, List<String> columns, boolean[] generated, Iterator<List<@Nullable Object[]>> batches,
        IntConsumer progress) {
      this(schema, table, columns, generated, null, batches, progress);
    }
  }

  void execute(String sql);

  /// The first column of a query's first row as text; null when it is NULL or there is no row.
  @Nullable String value(String sql);

  /// @return the number of rows
  long load(Load load);

  void commit();

  /// Runs a statement that may fail; what it did is undone then, and the transaction goes on.
  default @Nullable SqlException attempt(String sql) {
    execute("SAVEPOINT import_attempt");
    try {
      execute(sql);
      return null;
    } catch (SqlException e) {
      execute("ROLLBACK TO SAVEPOINT import_attempt");
      return e;
    } finally {
      execute("RELEASE SAVEPOINT import_attempt");
    }
  }

  @Override
  void close();
}
