package io.heliosdb.nano.cli;

import io.heliosdb.nano.DatabaseConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the key of an encrypted database comes from, for commands that open data directories.
final class EncryptionKeyOptions {
  @Option(names = "--encryption-key-file", paramLabel = "FILE", description = "File with the key of an encrypted database (default: the environment variable HELIOSDB_KEY).")
  @Nullable Path keyFile;

  @Option(names = "--encryption-key-command", paramLabel = "COMMAND", description = "Shell command that prints the key of an encrypted database.")
  @Nullable String keyCommand;

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
