package io.heliosdb.nano.cli;

import static io.heliosdb.nano.cli.usage.CommandGroup.entry;

import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.CommandGroup;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
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

/// Imports databases and files of others. Exit code 1 when the import fails, 3 when a server cannot be reached.
abstract class ImportCommand implements Command.Single {
  enum Identifiers {
    LOWER,
    KEEP
  }

  enum Mismatch {
    WIDEN,
    REFUSE
  }

  final ImportDestination destination = new ImportDestination();

  static CommandGroup commands() {
    return new CommandGroup(
        "Import a SQLite file, a PostgreSQL database, or a file of rows.",
        "what to import is required: arrow, csv, json, jsonl, parquet, pg or sqlite",
        List.of(
            entry("arrow", "Import an Arrow (Feather) file with the types that it declares.", () -> new OfFile("arrow")),
            entry("csv", "Import a CSV file; its columns' types are found by looking at all values.", OfCsv::new),
            entry("json", "Import a JSON file: an array of objects, or one after the other.", () -> new OfFile("json")),
            entry("jsonl ndjson", "Import a JSON Lines file: an object per line.", () -> new OfFile("jsonl")),
            entry("parquet", "Import a Parquet file with the types that it declares.", () -> new OfFile("parquet")),
            entry("pg postgres", "Import a database of a running PostgreSQL.", OfPostgres::new),
            entry("sqlite", "Import a SQLite file.", OfSqlite::new)));
  }

  @Override
  public void declare(OptionTable options) {
    destination.declare(options);
  }

  private static final class OfSqlite extends ImportCommand {
    private Path file;
    private @Nullable String connection;
    private Identifiers identifiers = Identifiers.LOWER;
    private Mismatch mismatch = Mismatch.WIDEN;

    @Override
    public void declare(OptionTable options) {
      super.declare(options);
      options.path("FILE", "SQLite file; it is only read.", value -> file = value, "--sqlite").required();
      options.text("URL", "The same as --into.", value -> connection = value, "--connection");
      options.choice(
          Identifiers.class, "lower|keep", "Whether names become lower case (default) or keep their capitals.",
          value -> identifiers = value, "--identifiers");
      options.choice(
          Mismatch.class, "widen|refuse", "Where values do not fit a column's declared type: give the column a wider one (default), or refuse.",
          value -> mismatch = value, "--on-mismatch");
    }

    @Override
    public int run(Printers printers) {
      destination.server = connection != null ? connection : destination.server;
      return destination.run(
          printers,
          (target, progress) -> {
            SqliteOptions options = SqliteOptions.of(file).withKeepCase(identifiers == Identifiers.KEEP);
            return SqliteImport.into(target, options.withRefuseMismatches(mismatch == Mismatch.REFUSE).withProgress(progress));
          });
    }
  }

  private static final class OfPostgres extends ImportCommand {
    private String connection;
    private List<String> schemas = List.of();

    @Override
    public void declare(OptionTable options) {
      super.declare(options);
      options.text(
          "URL", "The PostgreSQL database, as postgresql://user:password@host:port/database.", value -> connection = value, "--connection")
          .required();
      options.list("NAME", "Schemas to import, separated by commas (default: all of users).", value -> schemas = value, "--schemas");
    }

    @Override
    public int run(Printers printers) {
      return destination.run(
          printers,
          (target, progress) ->
              PostgresImport.into(
                  target, RemoteConnection.open(connection, false).jdbc(), PostgresOptions.DEFAULT.withSchemas(schemas).withProgress(progress)));
    }
  }

  /// A file of rows and the table it becomes.
  private static class OfFile extends ImportCommand {
    private final String format;
    private Path file;
    private @Nullable String table;
    private String encoding = "UTF8";
    private Identifiers identifiers = Identifiers.LOWER;

    OfFile(String format) {
      this.format = format;
    }

    @Override
    public void declare(OptionTable options) {
      super.declare(options);
      options.argument("FILE", "The file.", value -> file = Path.of(value));
      options.text("NAME", "The new table (default: the file's name).", value -> table = value, "--table", "-t");
      options.text("NAME", "Encoding of a text file (default UTF8).", value -> encoding = value, "--encoding");
      options.choice(
          Identifiers.class, "lower|keep", "Whether names become lower case (default) or keep their capitals.",
          value -> identifiers = value, "--identifiers");
    }

    FileOptions options(DumpProgress progress) {
      FileOptions options = FileOptions.of(file, format).withTable(table).withEncoding(encoding);
      return options.withKeepCase(identifiers == Identifiers.KEEP).withProgress(progress);
    }

    @Override
    public int run(Printers printers) {
      return destination.run(printers, (target, progress) -> FileImport.into(target, options(progress)));
    }
  }

  private static final class OfCsv extends OfFile {
    private @Nullable Boolean header;
    private @Nullable Character delimiter;
    private String nullText = "";

    OfCsv() {
      super("csv");
    }

    @Override
    public void declare(OptionTable options) {
      super.declare(options);
      options.flagOrNot("Whether the first line has the columns' names (default: found out).", value -> header = value, "--header");
      options.character("CHAR", "Between fields (default: found out among , ; tab and |).", value -> delimiter = value, "--delimiter");
      options.text("TEXT", "What stands for NULL, outside quotes (default: nothing).", value -> nullText = value, "--null");
    }

    @Override
    FileOptions options(DumpProgress progress) {
      return super.options(progress).withHeader(header).withDelimiter(delimiter).withNullText(nullText);
    }
  }
}
