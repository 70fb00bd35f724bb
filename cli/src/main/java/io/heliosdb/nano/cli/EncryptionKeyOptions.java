package io.heliosdb.nano.cli;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.cli.usage.OptionTable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the key of an encrypted database comes from, for commands that open data directories.
final class EncryptionKeyOptions {
  @Nullable Path keyFile;
  @Nullable String keyCommand;

  void declare(OptionTable options) {
    options.path(
        "FILE", "File with the key of an encrypted database (default: the environment variable HELIOSDB_KEY).",
        value -> keyFile = value, "--encryption-key-file");
    options.text(
        "COMMAND", "Shell command that prints the key of an encrypted database.", value -> keyCommand = value, "--encryption-key-command");
  }

  void addTo(Configuration configuration) {
    configuration.flag("storage.encryption_key_file", keyFile);
    configuration.flag("storage.encryption_key_command", keyCommand);
  }

  /// For commands without a configuration file.
  DatabaseConfig databaseConfig() {
    Configuration configuration = Configuration.of(ConfigFile.EMPTY, System.getenv());
    addTo(configuration);
    return DatabaseConfig.DEFAULT.withEncryptionKey(configuration.encryptionKey());
  }
}
