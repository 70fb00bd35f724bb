package io.heliosdb.nano.jdbc;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteOptions;
import io.heliosdb.nano.persistence.migrate.sqlite.TransparentConverter;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// JDBC in the same process: `jdbc:heliosdb:mem:name`, `jdbc:heliosdb:file:/path[?property=value&…]`, and `jdbc:heliosdb:sqlite:/path`, which
/// converts a SQLite file on first use ([TransparentConverter]).
///
/// The connection is pgjdbc's, speaking the wire protocol over an [io.heliosdb.nano.wire.InProcessSocket]: no second driver to maintain, no
/// network, no thread hop. Properties are pgjdbc's; `user` defaults to `heliosdb`. An encrypted database is opened with the property `encryptionKeyFile`, or
/// with `encryptionKey` (the key's text; not in a URL, which others may see).
/// Connections to one name or path share a database. It is opened by the first of them and closed with the last; an in-memory database is
/// gone then. A program that wants to keep it keeps a connection open.
public final class HeliosDriver implements Driver {
  public static final String PREFIX = "jdbc:heliosdb:";

  private static final String KEY = "encryptionKey";
  private static final String KEY_FILE = "encryptionKeyFile";
  private static final Map<String, OpenDatabase> OPEN = new ConcurrentHashMap<>();

  /// A database and the number of those who hold it: sockets, and calls of [#connect] under way. Counted inside [#OPEN]'s operations on
  /// its key, so a database that is being closed is never handed out and two opens of one directory do not meet.
  private static final class OpenDatabase {
    final EmbeddedDatabase database;
    final String handle;
    int holderCount;

    OpenDatabase(String key, EmbeddedDatabase database) {
      this.database = database;
      this.handle = InProcessSocketFactory.register(database.engine(), () -> holdAgain(key, this), () -> release(key, this));
    }
  }

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
    String key;
    OpenDatabase open;
    try {
      key = key(place);
      open = hold(key, config(info, query < 0 ? "" : url.substring(query + 1)));
    } catch (SqlException e) {
      throw new SQLException(e.getMessage(), e.state().code(), e);
    }
    try {
      return connect(open, query < 0 ? "" : url.substring(query), info);
    } finally {
      release(key, open);
    }
  }

  private static DatabaseConfig config(Properties info, String urlOptions) {
    String file = info.getProperty(KEY_FILE);
    for (String option : urlOptions.split("&")) {
      if (option.startsWith(KEY_FILE + "=")) {
        file = URLDecoder.decode(option.substring(KEY_FILE.length() + 1), StandardCharsets.UTF_8);
      }
    }
    String text = info.getProperty(KEY);
    EncryptionKey key = file != null ? EncryptionKey.fromFile(Path.of(file)) : text != null ? EncryptionKey.parse(text) : null;
    return DatabaseConfig.DEFAULT.withEncryptionKey(key);
  }

  private static Connection connect(OpenDatabase open, String options, Properties info) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(info);
    properties.remove(KEY);
    properties.remove(KEY_FILE);
    properties.putIfAbsent("user", "heliosdb");
    properties.putIfAbsent("sslmode", "disable");
    properties.putIfAbsent("gssEncMode", "disable");
    properties.setProperty("socketFactory", InProcessSocketFactory.class.getName());
    properties.setProperty("socketFactoryArg", open.handle);
    return new org.postgresql.Driver().connect("jdbc:postgresql://localhost/heliosdb" + options, properties);
  }

  private static String key(String place) throws SQLException {
    if (place.startsWith("mem:")) {
      return place;
    }
    if (place.startsWith("file:") && place.length() > 5) {
      return "file:" + Path.of(place.substring(5)).toAbsolutePath().normalize();
    }
    if (place.startsWith("sqlite:") && place.length() > 7) {
      return "file:" + TransparentConverter.convert(SqliteOptions.of(Path.of(place.substring(7)))).dataDirectory();
    }
    throw new SQLException("expected jdbc:heliosdb:mem:name or jdbc:heliosdb:file:/path, got jdbc:heliosdb:" + place, "08001");
  }

  private static EmbeddedDatabase open(String key, DatabaseConfig config) {
    return key.startsWith("mem:") ? EmbeddedDatabase.newInMemory() : EmbeddedDatabase.open(Path.of(key.substring(5)), config);
  }

  /// @param config with the key, which is looked at for each connection
  private static OpenDatabase hold(String key, DatabaseConfig config) {
    return OPEN.compute(
        key,
        (name, present) -> {
          if (present != null && !Objects.equals(present.database.engine().system().store().encryptionKey(), config.encryptionKey())) {
            // Says what is wrong with the key.
            open(name, config).close();
          }
          OpenDatabase open = present != null ? present : new OpenDatabase(name, open(name, config));
          open.holderCount++;
          return open;
        });
  }

  private static void holdAgain(String key, OpenDatabase open) {
    OPEN.computeIfPresent(
        key,
        (name, present) -> {
          if (present == open) {
            open.holderCount++;
          }
          return present;
        });
  }

  private static void release(String key, OpenDatabase open) {
    OPEN.computeIfPresent(
        key,
        (name, present) -> {
          if (present != open || --open.holderCount > 0) {
            return present;
          }
          close(open);
          return null;
        });
  }

  private static void close(OpenDatabase open) {
    InProcessSocketFactory.unregister(open.handle);
    open.database.close();
  }

  /// Closes the database behind a URL at once; its connections fail from then on. Does nothing when it is not open.
  public static void shutdown(String url) throws SQLException {
    OPEN.computeIfPresent(
        key(url.substring(PREFIX.length()).split("\\?")[0]),
        (name, present) -> {
          close(present);
          return null;
        });
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
