package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// A SQLite file, opened read-only in one read transaction, so that writers elsewhere are not seen. Confined to one thread at a time.
/// Needs sqlite-jdbc on the class path. Errors: 58P01 no such file, 22023 not a SQLite file, XX001 a damaged one, 55006 locked by another
/// process.
final class SqliteSource implements AutoCloseable {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int PROBLEMS_SHOWN = 20;

  /// A view or trigger, or a table that has no rows of its own.
  record Definition(String name, String table, String sql) {}

  /// @param child table with the offending rows
  record BrokenReference(String child, String parent, long rows) {}

  private final Path path;
  private final Connection connection;

  private SqliteSource(Path path, Connection connection) {
    this.path = path;
    this.connection = connection;
  }

  static SqliteSource open(Path path) {
    checkHeader(path);
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(2000);
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + path.toAbsolutePath());
      SqliteSource source = new SqliteSource(path, connection);
      try {
        connection.setAutoCommit(false);
        // Takes the read transaction's snapshot.
        source.query("SELECT count(*) FROM sqlite_master", row -> row.getLong(1));
        return source;
      } catch (RuntimeException | Error | SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw source(path, e);
    }
  }

  private static void checkHeader(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new SqlException(SqlState.UNDEFINED_FILE, "could not open file \"" + path + "\" for reading: No such file or directory");
    }
    try (InputStream in = Files.newInputStream(path)) {
      if (!java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "\"" + path
            + "\" is not a SQLite database").withDetail("It may be encrypted, or of another kind.");
      }
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not read file \"" + path + "\": " + e.getMessage(), e);
    }
  }

  private static SqlException source(Path path, SQLException e) {
    SQLiteErrorCode code = e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
    String name = code.name();
    if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_LOCKED")) {
      return new SqlException(SqlState.OBJECT_IN_USE, "database is locked: \"" + path + "\"",
          e).withHint("Close the program that has the file open, or import a copy.");
    }
    if (name.startsWith("SQLITE_CORRUPT") || name.startsWith("SQLITE_NOTADB")) {
      return new SqlException(SqlState.DATA_CORRUPTED, "SQLite database \"" + path + "\" is damaged: " + e.getMessage(), e)
          .withHint("sqlite3's .recover saves what is readable into a new file.");
    }
    if (name.startsWith("SQLITE_READONLY")) {
      return new SqlException(SqlState.OBJECT_IN_USE, "SQLite database \"" + path + "\" was not closed in order: " + e.getMessage(), e)
          .withHint("Open it once with sqlite3, which completes or undoes what was begun.");
    }
    return new SqlException(SqlState.IO_ERROR, "could not read SQLite database \"" + path + "\": " + e.getMessage(), e);
  }

  SqlException failed(SQLException e) {
    return source(path, e);
  }

  interface RowReader<R> {
    R read(ResultSet row) throws SQLException;
  }

  <R> List<R> query(String sql, RowReader<R> reader) {
    List<R> result = new ArrayList<>();
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        result.add(reader.read(rows));
      }
      return result;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  Statement statement() throws SQLException {
    return connection.createStatement();
  }

  /// @throws SqlException XX001 with what PRAGMA integrity_check finds
  void checkIntegrity() {
    List<String> problems = query("PRAGMA integrity_check(" + PROBLEMS_SHOWN + ")", row -> row.getString(1));
    if (!problems.equals(List.of("ok"))) {
      throw new SqlException(SqlState.DATA_CORRUPTED, "SQLite database \"" + path + "\" is damaged: " + problems.getFirst())
          .withDetail(String.join("; ", problems))
          .withHint("sqlite3's .recover saves what is readable into a new file.");
    }
  }

  List<BrokenReference> brokenReferences() {
    return query(
        "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2", row ->
            new BrokenReference(row.getString(1), String.valueOf(row.getString(2)), row.getLong(3)));
  }

  List<Definition> definitions(String type) {
    return query(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = '" + type
            + "' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql IS NOT NULL ORDER BY rowid",
        row -> new Definition(row.getString(1), row.getString(2), row.getString(3)));
  }

  /// Tables of extensions (full text, R-tree) and what they keep their data in.
  List<String> virtualTables() {
    return query("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('virtual', 'shadow') ORDER BY type DESC, name",
        row -> row.getString(1));
  }

  List<SqliteTable> tables() {
    List<String> virtual = virtualTables();
    List<Definition> definitions = definitions("table").stream().filter(definition -> !virtual.contains(definition.name())).toList();
    return definitions.stream().map(this::table).toList();
  }

  private record ColumnRow(SqliteTable.Column column, int keyPosition) {}

  private SqliteTable table(Definition definition) {
    String name = literal(definition.name());
    List<ColumnRow> rows =
        query(
            "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(" + name + ") WHERE hidden <> 1 ORDER BY cid",
            row ->
                new ColumnRow(
                    new SqliteTable.Column(row.getString(1), row.getString(2) == null ? "" : row.getString(2), row.getBoolean(3),
                        row.getString(4),
                        switch (row.getInt(6)) {
                          case 2 -> SqliteTable.Generated.VIRTUAL;
                          case 3 -> SqliteTable.Generated.STORED;
                          default -> SqliteTable.Generated.NO;
                        }),
                    row.getInt(5)));
    List<Integer> key = new ArrayList<>();
    for (int k = 1; k <= rows.size(); k++) {
      for (int i = 0; i < rows.size(); i++) {
        if (rows.get(i).keyPosition() == k) {
          key.add(i);
        }
      }
    }
    boolean withoutRowid = query("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = " + name, row ->
        row.getBoolean(1)).contains(true);
    TableText text = TableText.parse(definition.sql());
    List<SqliteTable.Column> columns = rows.stream().map(ColumnRow::column).toList();
    List<SqliteTable.Index> indexes = indexes(name);
    // INTEGER PRIMARY KEY DESC is no alias of the rowid: SQLite makes an index for it.
    boolean rowid = !withoutRowid && key.size() == 1 && columns.get(key.getFirst()).declared().equalsIgnoreCase("INTEGER")
        && indexes.stream().noneMatch(index -> index.origin().equals("pk"));
    return new SqliteTable(definition.name(), columns, List.copyOf(key), rowid ? key.getFirst() : -1, withoutRowid, text, indexes,
        foreignKeys(name, text));
  }

  private List<SqliteTable.Index> indexes(String table) {
    return query(
            "SELECT l.name, l.\"unique\", l.origin, l.partial, m.sql FROM pragma_index_list(" + table
                + ") l LEFT JOIN sqlite_master m ON m.type = 'index' AND m.name = l.name ORDER BY l.seq DESC",
            row -> new SqliteTable.Index(row.getString(1), row.getBoolean(2), row.getString(3), row.getBoolean(4), row.getString(5),
                List.of()))
        .stream()
        .map(index -> new SqliteTable.Index(index.name(), index.unique(), index.origin(), index.partial(), index.sql(),
            parts(index.name())))
        .toList();
  }

  private List<SqliteTable.Index.Part> parts(String index) {
    return query(
        "SELECT cid, name, \"desc\", coll FROM pragma_index_xinfo(" + literal(index) + ") WHERE key = 1 ORDER BY seqno",
        row -> new SqliteTable.Index.Part(row.getInt(1) == -2 ? null : row.getString(2), row.getBoolean(3),
            String.valueOf(row.getString(4))));
  }

  private List<SqliteTable.ForeignKey> foreignKeys(String table, TableText text) {
    record Part(int id, String target, String from, @Nullable String to, String onUpdate, String onDelete) {}
    List<Part> parts =
        query(
            "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete FROM pragma_foreign_key_list(" + table + ") ORDER BY id, seq",
            row -> new Part(row.getInt(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5), row.getString(6)));
    Map<Integer, List<Part>> byKey = new LinkedHashMap<>();
    parts.forEach(part -> byKey.computeIfAbsent(part.id(), id -> new ArrayList<>()).add(part));
    List<SqliteTable.ForeignKey> result = new ArrayList<>();
    byKey.forEach((id, list) -> {
      Part first = list.getFirst();
      // SQLite numbers foreign keys from the last in the text to the first.
      int position = byKey.size() - 1 - id;
      boolean deferred = text.deferred.size() == byKey.size() && text.deferred.get(position);
      List<String> to = list.stream().map(Part::to).filter(java.util.Objects::nonNull).map(String::valueOf).toList();
      result.add(new SqliteTable.ForeignKey(first.target(), list.stream().map(Part::from).toList(), to.size() == list.size() ? to
          : List.of(), first.onUpdate(), first.onDelete(), deferred));
    });
    return result.reversed();
  }

  /// The last rowid that AUTOINCREMENT has given, 0 for none.
  long autoincrement(String table) {
    boolean kept = !query("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'", row -> 1).isEmpty();
    List<Long> last = kept ? query("SELECT seq FROM sqlite_sequence WHERE name = " + literal(table), row -> row.getLong(1)) : List.of();
    return last.isEmpty() ? 0 : last.getFirst();
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
