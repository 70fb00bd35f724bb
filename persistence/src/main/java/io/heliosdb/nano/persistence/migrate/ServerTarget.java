package io.heliosdb.nano.persistence.migrate;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.TypeIo;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// A server as the target of an import; rows go by COPY in text format. Needs pgjdbc on the class path. Closes the connection.
public final class ServerTarget implements ImportTarget {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Connection connection;

  public ServerTarget(Connection connection) {
    this.connection = connection;
    execute("SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET statement_timeout = 0");
    try {
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  @Override
  public void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  @Override
  public @Nullable String value(String sql) {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : null;
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  @Override
  public long load(Load load) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < load.columns().size(); i++) {
      if (!load.generated()[i]) {
        columns.add(SqlQuoting.identifier(load.columns().get(i)));
      }
    }
    String sql = "COPY " + SqlQuoting.identifier(load.schema()) + "." + SqlQuoting.identifier(load.table())
        + (columns.isEmpty() ? "" : " (" + String.join(", ", columns) + ")") + " FROM STDIN";
    try {
      CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
      try {
        ByteSink buffer = new ByteSink(CHUNK_BYTES + 4096);
        while (load.batches().hasNext()) {
          List<@Nullable Object[]> rows = load.batches().next();
          for (@Nullable Object[] row : rows) {
            put(buffer, row, load);
            if (buffer.size() >= CHUNK_BYTES) {
              copy.writeToCopy(buffer.array(), 0, buffer.size());
              buffer.clear();
            }
          }
          load.progress().accept(rows.size());
        }
        copy.writeToCopy(buffer.array(), 0, buffer.size());
        return copy.endCopy();
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  private static void put(ByteSink out, @Nullable Object[] row, Load load) {
    boolean first = true;
    for (int i = 0; i < row.length; i++) {
      if (load.generated()[i]) {
        continue;
      }
      if (!first) {
        out.put('\t');
      }
      first = false;
      if (row[i] == null) {
        out.putAscii("\\N");
      } else {
        putEscaped(out, load.types() == null ? InputValues.toText(row[i]) : TypeIo.toText(load.types().get(i), row[i], IoContext.DEFAULT));
      }
    }
    out.put('\n');
  }

  private static void putEscaped(ByteSink out, String text) {
    boolean plain = text.indexOf('\\') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0 && text.indexOf('\t') < 0;
    out.putUtf8(plain ? text : text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t"));
  }

  @Override
  public void commit() {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  /// A server's error with its SQLSTATE, detail and hint.
  public static SqlException translated(SQLException e) {
    ServerErrorMessage message = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    SqlState state = SqlState.of(e.getSQLState() == null ? "08000" : e.getSQLState());
    if (message == null) {
      return new SqlException(state, e.getMessage(), e);
    }
    SqlException error = new SqlException(state, String.valueOf(message.getMessage()), e);
    error = message.getDetail() == null ? error : error.withDetail(message.getDetail());
    error = message.getWhere() == null ? error : error.withContext(message.getWhere());
    return message.getHint() == null ? error : error.withHint(message.getHint());
  }

  @Override
  public void close() {
    try {
      if (!connection.isClosed() && !connection.getAutoCommit()) {
        connection.rollback();
      }
      connection.close();
    } catch (SQLException e) {
      throw translated(e);
    }
  }
}
