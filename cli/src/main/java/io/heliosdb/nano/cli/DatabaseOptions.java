package io.heliosdb.nano.cli;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which database a command works on: `--memory`, or `--data-dir DIR`; and with which configuration.
final class DatabaseOptions {
  static final Path DEFAULT_DIRECTORY = Path.of("heliosdb-data");

  @Option(names = "--memory", description = "Keep the database in memory; it is gone when the process ends.")
  boolean memory;

  @Option(names = {"--data-dir", "--data", "-D"}, paramLabel = "DIR", description = "Directory of the database, created when missing.")
  @Nullable Path dataDirectory;

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (TOML).")
  @Nullable Path configFile;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A key of the configuration, such as locks.timeout_ms=500; may be given several times.")
  List<String> assignments = List.of();

  @Mixin EncryptionKeyOptions encryption;

  @Option(names = "--fips", description = "Keep to algorithms that FIPS 140-3 approves.")
  boolean fips;

  /// Flags of the command itself are added by the command.
  Configuration config() {
    Configuration config = Configuration.of(configFile == null ? ConfigFile.EMPTY : ConfigFile.read(configFile), System.getenv());
    assignments.forEach(config::assignment);
    config.flag("storage.data_dir", dataDirectory);
    encryption.addTo(config);
    config.flag("server.fips", fips ? "true" : null);
    Logging.level(config.get("heliosdb.log_level"));
    return config;
  }

  void check(CommandLine commandLine) {
    if (memory && dataDirectory != null) {
      throw new CommandLine.ParameterException(commandLine, "--memory and --data-dir exclude each other");
    }
    if (memory && (encryption.keyFile != null || encryption.keyCommand != null)) {
      throw new CommandLine.ParameterException(commandLine, "--memory excludes an encryption key: nothing is stored");
    }
  }

  /// @param announceDefault whether the default directory is printed, so that nobody wonders where the data went
  EmbeddedDatabase open(Configuration configuration, java.io.@Nullable PrintWriter announceDefault) {
    DatabaseConfig config = configuration.databaseConfig();
    if (memory) {
      return EmbeddedDatabase.newInMemory(config);
    }
    Path directory = configuration.path("data_directory");
    if (directory == null) {
      directory = DEFAULT_DIRECTORY;
    }
    if (dataDirectory == null && announceDefault != null) {
      announceDefault.println("Data directory: " + directory.toAbsolutePath().normalize());
    }
    return EmbeddedDatabase.open(directory, config.withEncryptionKey(configuration.encryptionKey()));
  }
}
