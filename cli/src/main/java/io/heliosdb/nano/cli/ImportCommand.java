package io.heliosdb.nano.cli;

import io.heliosdb.nano.persistence.dump.DumpProgress;
import io.heliosdb.nano.persistence.migrate.file.FileImport;
import io.heliosdb.nano.persistence.migrate.file.FileOptions;
import io.heliosdb.nano.persistence.migrate.postgres.PostgresImport;
import io.heliosdb.nano.persistence.migrate.postgres.PostgresOptions;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteImport;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Imports databases and files of others. Exit code 1 when the import fails, 3 when a server cannot be reached.
@Command(name = "import", aliases = "convert", description = "Import a SQLite file, a PostgreSQL database, or a file of rows.",
    mixinStandardHelpOptions = true)
final class ImportCommand implements Runnable {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "what to import is required: "
        + String.join(", ", spec.subcommands().keySet()));
  }

  enum Identifiers {
    LOWER,
    KEEP
  }

  enum Mismatch {
    WIDEN,
    REFUSE
  }

  @Command(name = "sqlite", description = "Import a SQLite file.", mixinStandardHelpOptions = true)
  int sqlite(
      @Option(names = "--sqlite", required = true, paramLabel = "FILE", description = "SQLite file; it is only read.") Path file,
      @Option(names = "--connection", paramLabel = "URL", description = "The same as --into.") @Nullable String connection,
      @Option(names = "--identifiers", paramLabel = "lower|keep", defaultValue = "lower",
          description = "Whether names become lower case (default) or keep their capitals.") Identifiers identifiers,
      @Option(names = "--on-mismatch", paramLabel = "widen|refuse", defaultValue = "widen",
          description = "Where values do not fit a column's declared type: give the column a wider one (default), or refuse.") Mismatch mismatch,
      @Mixin ImportDestination destination) {
    destination.server = connection != null ? connection : destination.server;
    return destination.run(
        (target, progress) ->
            SqliteImport.into(
                target, SqliteOptions.of(file).withKeepCase(identifiers == Identifiers.KEEP).withRefuseMismatches(mismatch == Mismatch.REFUSE).withProgress(progress)));
  }

  @Command(name = "pg", aliases = "postgres", description = "Import a database of a running PostgreSQL.", mixinStandardHelpOptions = true)
  int postgres(
      @Option(names = "--connection", required = true, paramLabel = "URL",
          description = "The PostgreSQL database, as postgresql://user:password@host:port/database.") String connection,
      @Option(names = "--schemas", split = ",", paramLabel = "NAME",
          description = "Schemas to import, separated by commas (default: all of users).") @Nullable List<String> schemas,
      @Mixin ImportDestination destination) {
    return destination.run(
        (target, progress) ->
            PostgresImport.into(
                target, RemoteConnection.open(connection, false).jdbc(),
                    PostgresOptions.DEFAULT.withSchemas(schemas == null ? List.of() : schemas).withProgress(progress)));
  }

  @Command(name = "csv", description = "Import a CSV file; its columns' types are found by looking at all values.",
      mixinStandardHelpOptions = true)
  int csv(
      @Mixin FileSource source,
      @Option(names = "--header", negatable = true,
          description = "Whether the first line has the columns' names (default: found out).") @Nullable Boolean header,
      @Option(names = "--delimiter", paramLabel = "CHAR",
          description = "Between fields (default: found out among , ; tab and |).") @Nullable Character delimiter,
      @Option(names = "--null", paramLabel = "TEXT", defaultValue = "",
          description = "What stands for NULL, outside quotes (default: nothing).") String nullText,
      @Mixin ImportDestination destination) {
    return destination.run((target, progress) -> FileImport.into(target,
        source.options("csv", progress).withHeader(header).withDelimiter(delimiter).withNullText(nullText)));
  }

  @Command(name = "json", description = "Import a JSON file: an array of objects, or one after the other.", mixinStandardHelpOptions = true)
  int json(@Mixin FileSource source, @Mixin ImportDestination destination) {
    return destination.run((target, progress) -> FileImport.into(target, source.options("json", progress)));
  }

  @Command(name = "jsonl", aliases = "ndjson", description = "Import a JSON Lines file: an object per line.",
      mixinStandardHelpOptions = true)
  int jsonLines(@Mixin FileSource source, @Mixin ImportDestination destination) {
    return destination.run((target, progress) -> FileImport.into(target, source.options("jsonl", progress)));
  }

  @Command(name = "parquet", description = "Import a Parquet file with the types that it declares.", mixinStandardHelpOptions = true)
  int parquet(@Mixin FileSource source, @Mixin ImportDestination destination) {
    return destination.run((target, progress) -> FileImport.into(target, source.options("parquet", progress)));
  }

  @Command(name = "arrow", description = "Import an Arrow (Feather) file with the types that it declares.", mixinStandardHelpOptions = true)
  int arrow(@Mixin FileSource source, @Mixin ImportDestination destination) {
    return destination.run((target, progress) -> FileImport.into(target, source.options("arrow", progress)));
  }

  /// A file of rows and the table it becomes.
  static final class FileSource {
    @Parameters(paramLabel = "FILE", description = "The file.")
    Path file;

    @Option(names = {"--table", "-t"}, paramLabel = "NAME", description = "The new table (default: the file's name).")
    @Nullable String table;

    @Option(names = "--encoding", paramLabel = "NAME", defaultValue = "UTF8", description = "Encoding of a text file (default UTF8).")
    String encoding;

    @Option(names = "--identifiers", paramLabel = "lower|keep", defaultValue = "lower",
        description = "Whether names become lower case (default) or keep their capitals.")
    Identifiers identifiers;

    FileOptions options(String format, DumpProgress progress) {
      return FileOptions.of(file,
          format).withTable(table).withEncoding(encoding).withKeepCase(identifiers == Identifiers.KEEP).withProgress(progress);
    }
  }
}
