package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import io.heliosdb.nano.cli.usage.UsageException;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.migrate.ServerTarget;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Changes the keys of an encrypted database; one that a server has open is changed by the server while it works. Exit code 1 when that
/// fails, 3 when the database cannot be reached.
final class RotateKeyCommand implements Command.Single {
  private final EncryptionKeyOptions encryption = new EncryptionKeyOptions();
  @Nullable Path dataDirectory;
  @Nullable String connection;
  @Nullable Path newKeyFile;

  @Override
  public void declare(OptionTable options) {
    encryption.declare(options);
    options.path(
        "DIR", "Data directory; if a server uses it, the server changes the key.",
        value -> dataDirectory = value, "--data-dir", "--data", "-D");
    options.text("URL", "Running server, as postgresql://user:password@host:port/database.", value -> connection = value, "--connection");
    options.path(
        "FILE", "File with the key that opens the database from now on; a server reads it on its machine. Without it: a new data key, and all files written anew.",
        value -> newKeyFile = value, "--new-key-file");
  }

  @Override
  public int run(Printers printers) {
    if ((dataDirectory == null) == (connection == null)) {
      throw new UsageException("one of --data-dir and --connection must be given");
    }
    try {
      rotate();
      printers.out().println(newKeyFile == null ? "The database is encrypted with a new data key." : "The database has key " + EncryptionKey.fromFile(newKeyFile).id() + ".");
      printers.out().flush();
      return 0;
    } catch (SqlException e) {
      return TransferErrors.print(e, printers.err());
    }
  }

  private void rotate() {
    if (dataDirectory == null) {
      rotate(connection);
      return;
    }
    TransferErrors.checkDataDirectory(dataDirectory);
    EmbeddedDatabase database;
    try {
      database = EmbeddedDatabase.open(dataDirectory, encryption.databaseConfig());
    } catch (SqlException e) {
      rotate(ServerFile.connectionTo(dataDirectory, e));
      return;
    }
    try (database) {
      if (newKeyFile == null) {
        database.execute("SELECT heliosdb_rotate_encryption_key()");
      } else {
        database.execute("SELECT heliosdb_rotate_encryption_key($1)", newKeyFile.toAbsolutePath().toString());
      }
    }
  }

  private void rotate(String url) {
    try (RemoteConnection server = RemoteConnection.open(url, false);
        PreparedStatement statement = server.jdbc().prepareStatement("SELECT heliosdb_rotate_encryption_key(" + (newKeyFile == null ? "" : "?") + ")")) {
      if (newKeyFile != null) {
        statement.setString(1, newKeyFile.toAbsolutePath().toString());
      }
      statement.execute();
    } catch (SQLException e) {
      throw ServerTarget.translated(e);
    }
  }
}
