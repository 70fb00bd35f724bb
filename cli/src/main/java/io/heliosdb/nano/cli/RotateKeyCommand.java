package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.migrate.ServerTarget;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Changes the keys of an encrypted database; one that a server has open is changed by the server while it works. Exit code 1 when that
/// fails, 3 when the database cannot be reached.
@Command(
    name = "rotate-key",
    description = "Encrypt a database anew with another data key, or seal its data key with another key.",
    mixinStandardHelpOptions = true)
final class RotateKeyCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec;
  @Mixin EncryptionKeyOptions encryption;

  @Option(names = {"--data-dir", "--data", "-D"}, paramLabel = "DIR", description = "Data directory; if a server uses it, the server changes the key.")
  @Nullable Path dataDirectory;

  @Option(names = "--connection", paramLabel = "URL", description = "Running server, as postgresql://user:password@host:port/database.")
  @Nullable String connection;

  @Option(
      names = "--new-key-file", paramLabel = "FILE",
      description = "File with the key that opens the database from now on; a server reads it on its machine. Without it: a new data key, and all files written anew.")
  @Nullable Path newKeyFile;

  @Override
  public Integer call() {
    if ((dataDirectory == null) == (connection == null)) {
      throw new CommandLine.ParameterException(spec.commandLine(), "one of --data-dir and --connection must be given");
    }
    try {
      rotate();
      spec.commandLine().getOut().println(newKeyFile == null ? "The database is encrypted with a new data key." : "The database has key " + EncryptionKey.fromFile(newKeyFile).id() + ".");
      spec.commandLine().getOut().flush();
      return 0;
    } catch (SqlException e) {
      return TransferErrors.print(e, spec.commandLine().getErr());
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
