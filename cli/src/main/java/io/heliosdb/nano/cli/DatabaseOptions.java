package io.heliosdb.nano.cli;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// Which database a command works on: `--memory`, or `--data-dir DIR`.
final class DatabaseOptions {
  static final Path DEFAULT_DIRECTORY = Path.of("heliosdb-data");

  @Option(names = "--memory", description = "Keep the database in memory; it is gone when the process ends.")
  boolean memory;

  @Option(names = {"--data-dir", "--data", "-D"}, paramLabel = "DIR", description = "Directory of the database, created when missing.")
  @Nullable Path dataDirectory;

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (TOML).")
  @Nullable Path configFile;

  ConfigFile config() {
    return configFile == null ? ConfigFile.EMPTY : ConfigFile.read(configFile);
  }

  void check(CommandLine commandLine) {
    if (memory && dataDirectory != null) {
      throw new CommandLine.ParameterException(commandLine, "--memory and --data-dir exclude each other");
    }
  }

  /// @param announceDefault whether the default directory is printed, so that nobody wonders where the data went
  EmbeddedDatabase open(ConfigFile file, java.io.@Nullable PrintWriter announceDefault) {
    DatabaseConfig config = file.databaseConfig();
    if (memory) {
      return EmbeddedDatabase.newInMemory(config);
    }
    Path directory = dataDirectory;
    if (directory == null) {
      directory = file.dataDirectory() != null ? file.dataDirectory() : DEFAULT_DIRECTORY;
      if (announceDefault != null) {
        announceDefault.println("Data directory: " + directory.toAbsolutePath().normalize());
      }
    }
    return EmbeddedDatabase.open(directory, config);
  }
}
