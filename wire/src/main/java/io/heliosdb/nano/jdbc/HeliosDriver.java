package io.heliosdb.nano.jdbc;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// JDBC in the same process: `jdbc:heliosdb:mem:name` and `jdbc:heliosdb:file:/path[?property=value&…]`.
///
/// The connection is pgjdbc's, speaking the wire protocol over an [io.heliosdb.nano.wire.InProcessSocket]: no second driver to maintain, no
/// network, no thread hop. Properties are pgjdbc's; `user` defaults to `heliosdb`.
/// A named in-memory database lives until the process ends or [#shutdown]; a file database stays open until then too.
public final class HeliosDriver implements Driver {
  public static final String PREFIX = "jdbc:heliosdb:";

  private static final Map<String, OpenDatabase> OPEN = new ConcurrentHashMap<>();

  private record OpenDatabase(EmbeddedDatabase database, String handle) {}

  static {
    try {
      DriverManager.registerDriver(new HeliosDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith(PREFIX);
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    int query = url.indexOf('?');
    String place = query < 0 ? url.substring(PREFIX.length()) : url.substring(PREFIX.length(), query);
    OpenDatabase open;
    try {
      open = OPEN.computeIfAbsent(key(place), HeliosDriver::open);
    } catch (SqlException e) {
      throw new SQLException(e.getMessage(), e.state().code(), e);
    }
    Properties properties = new Properties();
    properties.putAll(info);
    properties.putIfAbsent("user", "heliosdb");
    properties.putIfAbsent("sslmode", "disable");
    properties.putIfAbsent("gssEncMode", "disable");
    properties.setProperty("socketFactory", InProcessSocketFactory.class.getName());
    properties.setProperty("socketFactoryArg", open.handle());
    String target = "jdbc:postgresql://localhost/heliosdb" + (query < 0 ? "" : url.substring(query));
    return new org.postgresql.Driver().connect(target, properties);
  }

  private static String key(String place) throws SQLException {
    if (place.startsWith("mem:")) {
      return place;
    }
    if (place.startsWith("file:") && place.length() > 5) {
      return "file:" + Path.of(place.substring(5)).toAbsolutePath().normalize();
    }
    throw new SQLException("expected jdbc:heliosdb:mem:name or jdbc:heliosdb:file:/path, got jdbc:heliosdb:" + place, "08001");
  }

  private static OpenDatabase open(String key) {
    EmbeddedDatabase database = key.startsWith("mem:") ? EmbeddedDatabase.newInMemory() : EmbeddedDatabase.open(Path.of(key.substring(5)));
    return new OpenDatabase(database, InProcessSocketFactory.register(database.engine()));
  }

  /// Closes the database behind a URL; its connections fail from then on. Does nothing when it is not open.
  public static void shutdown(String url) throws SQLException {
    OpenDatabase open = OPEN.remove(key(url.substring(PREFIX.length()).split("\\?")[0]));
    if (open != null) {
      InProcessSocketFactory.unregister(open.handle());
      open.database().close();
    }
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
    return new org.postgresql.Driver().getPropertyInfo("jdbc:postgresql://localhost/heliosdb", info);
  }

  @Override
  public int getMajorVersion() {
    return 4;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("io.heliosdb.nano.jdbc");
  }
}
