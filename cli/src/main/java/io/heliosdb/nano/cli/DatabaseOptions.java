package io.heliosdb.nano.cli;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which database a command works on: `--memory`, or `--data-dir DIR`; and with which configuration.
final class DatabaseOptions {
  static final Path DEFAULT_DIRECTORY = Path.of("heliosdb-data");
  boolean memory;
  @Nullable Path dataDirectory;
  @Nullable Path configFile;
  List<String> assignments = List.of();
  private final EncryptionKeyOptions encryption = new EncryptionKeyOptions();
  boolean fips;

  void declare(OptionTable options) {
    encryption.declare(options);
    options.flag("Keep the database in memory; it is gone when the process ends.", () -> memory = true, "--memory");
    options.path("DIR", "Directory of the database, created when missing.", value -> dataDirectory = value, "--data-dir", "--data", "-D");
    options.path("FILE", "Configuration file (TOML).", value -> configFile = value, "--config");
    options.texts(
        "KEY=VALUE", "A key of the configuration, such as locks.timeout_ms=500; may be given several times.",
        value -> assignments = value, "--set");
    options.flag("Keep to algorithms that FIPS 140-3 approves.", () -> fips = true, "--fips");
  }

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

  void check() {
    if (memory && dataDirectory != null) {
      throw new UsageException("--memory and --data-dir exclude each other");
    }
    if (memory && (encryption.keyFile != null || encryption.keyCommand != null)) {
      throw new UsageException("--memory excludes an encryption key: nothing is stored");
    }
  }

  /// @param announceDefault whether the default directory is printed, so that nobody wonders where the data went
  /// @param isBrief whether few statements will be run
  EmbeddedDatabase open(Configuration configuration, java.io.@Nullable PrintWriter announceDefault, boolean isBrief) {
    DatabaseConfig config = configuration.databaseConfig().withBrief(isBrief);
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
