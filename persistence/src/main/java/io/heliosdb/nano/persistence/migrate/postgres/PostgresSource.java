package io.heliosdb.nano.persistence.migrate.postgres;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.migrate.ServerTarget;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/// A running PostgreSQL, read in one REPEATABLE READ transaction; the tables are locked in ACCESS SHARE mode, so that definitions stay.
/// Confined to
/// one thread at a time. Closing it ends the transaction and closes the connection.
final class PostgresSource implements AutoCloseable {
  private static final int VERSION_MIN = 120_000;

  private final Connection connection;
  private final String schemas;

  /// @param schemaNames empty for all schemas of users
  PostgresSource(Connection connection, List<String> schemaNames) {
    this.connection = connection;
    schemas =
        schemaNames.isEmpty()
            ? "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
            : "n.nspname IN (" + String.join(", ", schemaNames.stream().map(PostgresSource::literal).toList()) + ")";
    try {
      connection.setAutoCommit(true);
      execute("SET search_path = ''; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex'; "
          + "SET statement_timeout = 0; SET row_security = off; SET client_min_messages = error");
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      int version = query("SELECT current_setting('server_version_num')::int", row -> row.getInt(1)).getFirst();
      if (version < VERSION_MIN) {
        throw SqlException.notSupported("import from PostgreSQL before version 12");
      }
      for (String name : schemaNames) {
        if (query("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = " + literal(name), row -> 1).isEmpty()) {
          throw new SqlException(SqlState.INVALID_SCHEMA_NAME, "schema \"" + name + "\" does not exist");
        }
      }
    } catch (SQLException e) {
      throw ServerTarget.translated(e);
    }
  }

  interface RowReader<R> {
    R read(ResultSet row) throws SQLException;
  }

  void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw ServerTarget.translated(e);
    }
  }

  /// @param sql `$schemas` stands for the condition on the namespace `n`, `$own(c)` for "c.oid is no member of an extension"
  <R> List<R> query(String sql, RowReader<R> reader) {
    List<R> result = new ArrayList<>();
    String text =
        sql.replace("$schemas", schemas)
            .replaceAll("\\$own\\((\\w+),\\s+(\\w+)\\)",
                "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.$2'::regclass AND e.objid = $1.oid AND e.deptype = 'e')");
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(text)) {
      while (rows.next()) {
        result.add(reader.read(rows));
      }
      return result;
    } catch (SQLException e) {
      throw ServerTarget.translated(e);
    }
  }

  CopyOut copyOut(String sql) {
    try {
      return connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
    } catch (SQLException e) {
      throw ServerTarget.translated(e);
    }
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  @Override
  public void close() {
    try {
      connection.rollback();
      connection.close();
    } catch (SQLException e) {
      throw ServerTarget.translated(e);
    }
  }
}
