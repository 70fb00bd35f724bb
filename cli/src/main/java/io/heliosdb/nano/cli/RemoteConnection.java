package io.heliosdb.nano.cli;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.dump.RemoteDump;
import io.heliosdb.nano.persistence.migrate.ServerTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/// A server, for dump and restore.
final class RemoteConnection implements RemoteDump.Connection, AutoCloseable {
  static final String DEFAULT_SERVER = "postgresql://heliosdb@127.0.0.1:5432/heliosdb";

  private final Connection connection;

  private RemoteConnection(Connection connection) {
    this.connection = connection;
  }

  /// @param guessed whether the user named neither server nor directory, and is to be told so when there is none
  static RemoteConnection open(String url, boolean guessed) {
    Properties properties = new Properties();
    String jdbc = ConnectionUrl.toJdbc(url, properties);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("ApplicationName", "heliosdb-nano");
    try {
      return new RemoteConnection(DriverManager.getConnection(jdbc, properties));
    } catch (SQLException e) {
      if (guessed) {
        throw new SqlException(SqlState.SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "Either --data-dir or --connection must be specified").withDetail("There is no server at " + url + ": " + e.getMessage());
      }
      throw translated(e);
    }
  }

  /// The URL for a branch of its database.
  static String onBranch(String url, String branch) {
    int query = url.indexOf('?');
    String path = query < 0 ? url : url.substring(0, query);
    int slash = path.indexOf('/', path.indexOf("//") + 2);
    String base = slash < 0 || slash == path.length() - 1 ? path.replaceFirst("/$", "") + "/heliosdb" : path;
    return base.replaceFirst("@[^@/:]*$", "") + "@" + branch + (query < 0 ? "" : url.substring(query));
  }

  @Override
  public void copyOut(String sql, OutputStream out) throws IOException {
    try {
      CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
      try {
        byte[] data;
        while ((data = copy.readFromCopy()) != null) {
          out.write(data);
        }
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  @Override
  public void copyIn(String sql, InputStream in) throws IOException {
    try {
      connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, in, 1 << 16);
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  @Override
  public List<String> notices() {
    List<String> notices = new ArrayList<>();
    try {
      for (SQLWarning warning = connection.getWarnings(); warning != null; warning = warning.getNextWarning()) {
        notices.add(warning.getMessage());
      }
      connection.clearWarnings();
    } catch (SQLException e) {
      throw translated(e);
    }
    return notices;
  }

  private static SqlException translated(SQLException e) {
    return ServerTarget.translated(e);
  }

  /// The connection itself, for imports.
  Connection jdbc() {
    return connection;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw translated(e);
    }
  }
}
