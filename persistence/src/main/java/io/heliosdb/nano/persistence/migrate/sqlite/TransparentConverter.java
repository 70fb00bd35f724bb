package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.migrate.ImportReport;
import io.heliosdb.nano.persistence.migrate.SessionTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Gives programs that used a SQLite file a JDBC connection to a database with its content, converting it on first use.
///
/// ```java
/// try (Connection connection = TransparentConverter.connect(Path.of("legacy_app.sqlite"))) { … }
/// ```
///
/// The converted database is in `FILE.heliosdb/KEY` beside the file; KEY comes from the file's size, time of change and header (and those
/// of its
/// write-ahead log). When the source has changed it is converted again into another directory; the earlier one stays, with what was
/// written to it.
/// Programs that connect at the same time, in one process or several, convert once. The URL `jdbc:heliosdb:sqlite:FILE` does the same.
/// Thread-safe. Needs sqlite-jdbc on the class path, and the module `wire` for connections.
public final class TransparentConverter {
  private static final int HEADER_BYTES = 100;

  /// @param dataDirectory of the converted database
  /// @param report null when it had been converted before
  public record Conversion(Path dataDirectory, @Nullable ImportReport report) {}

  private TransparentConverter() {}

  public static Connection connect(String sqliteFile) throws SQLException {
    return connect(Path.of(sqliteFile));
  }

  public static Connection connect(Path sqliteFile) throws SQLException {
    return connect(SqliteOptions.of(sqliteFile), new Properties());
  }

  /// @param properties those of the JDBC driver
  /// @throws SQLException with the SQLSTATE of the failed conversion
  public static Connection connect(SqliteOptions options, Properties properties) throws SQLException {
    try {
      return DriverManager.getConnection("jdbc:heliosdb:file:" + convert(options).dataDirectory(), properties);
    } catch (SqlException e) {
      throw new SQLException(e.getMessage(), e.state().code(), e);
    }
  }

  /// Converts the file if that has not been done since it was last changed.
  public static synchronized Conversion convert(SqliteOptions options) {
    Path file = options.file().toAbsolutePath().normalize();
    if (!Files.isRegularFile(file)) {
      throw new SqlException(SqlState.UNDEFINED_FILE, "could not open file \"" + options.file()
          + "\" for reading: No such file or directory");
    }
    Path place = file.resolveSibling(file.getFileName() + ".heliosdb");
    try {
      Files.createDirectories(place);
      try (FileChannel channel = FileChannel.open(place.resolve("lock"), StandardOpenOption.CREATE,
          StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
        Path directory = place.resolve(key(file, options));
        if (Files.isDirectory(directory) && lock.isValid()) {
          return new Conversion(directory, null);
        }
        return new Conversion(directory, SessionTarget.inNewDirectory(directory, target -> SqliteImport.into(target, options)));
      }
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not convert \"" + file + "\": " + e.getMessage(), e);
    }
  }

  private static String key(Path file, SqliteOptions options) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) (options.keepCase() ? 1 : 0));
      add(digest, file);
      Path log = file.resolveSibling(file.getFileName() + "-wal");
      if (Files.exists(log) && Files.size(log) > 0) {
        add(digest, log);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, Path file) throws IOException {
    digest.update(ByteBuffer.allocate(16).putLong(Files.size(file)).putLong(Files.getLastModifiedTime(file).to(java.util.concurrent.TimeUnit.NANOSECONDS)).flip());
    try (InputStream in = Files.newInputStream(file)) {
      digest.update(in.readNBytes(HEADER_BYTES));
    }
  }
}
