package io.heliosdb.nano.persistence.migrate.file;

import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.CopyFormat;
import io.heliosdb.nano.copy.CopyFormats;
import io.heliosdb.nano.copy.CopyOptions;
import io.heliosdb.nano.copy.JsonObjects;
import io.heliosdb.nano.copy.RowBuilder;
import io.heliosdb.nano.copy.RowConsumer;
import io.heliosdb.nano.copy.RowShape;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.persistence.dump.DumpProgress;
import io.heliosdb.nano.persistence.migrate.ImportReport;
import io.heliosdb.nano.persistence.migrate.ImportTarget;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Typmods;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes a table of a file of rows in one of COPY's formats. Formats that declare types (Parquet) keep them; for the others (csv, json,
/// jsonl) a first
/// pass looks at all values. Errors name file, line and column; nothing is left then. Confined to one thread, and one more that reads.
public final class FileImport {
  /// @param shape how the rows are read
  /// @param sqlTypes of the table's columns
  /// @param declared whether values come in the table's types, not as text
  private record Plan(List<String> names, RowShape shape, List<String> sqlTypes, boolean declared, CopyOptions options) {}

  private final FileOptions options;
  private final CopyFormat format;
  private final IoContext io;
  private final long start = System.nanoTime();
  private final long bytesTotal;
  private long rows;

  private FileImport(FileOptions options) {
    this.options = options;
    CopyFormat named = CopyFormats.named(options.format());
    if (named == null || named.name().equals("text") || named.name().equals("binary") || named.name().equals("sql")) {
      throw SqlException.notSupported("import of format " + options.format());
    }
    format = named;
    io = format.textForms(IoContext.DEFAULT);
    try {
      if (!Files.isRegularFile(options.file())) {
        throw new SqlException(SqlState.UNDEFINED_FILE, "could not open file \"" + options.file()
            + "\" for reading: No such file or directory");
      }
      bytesTotal = Files.size(options.file());
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not read file \"" + options.file() + "\": " + e.getMessage(), e);
    }
  }

  public static ImportReport into(ImportTarget target, FileOptions options) {
    return new FileImport(options).run(target);
  }

  private ImportReport run(ImportTarget target) {
    Plan plan = plan();
    String table = tableName();
    String qualified = "public." + SqlQuoting.identifier(table);
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < plan.names().size(); i++) {
      columns.add(SqlQuoting.identifier(plan.names().get(i)) + " " + plan.sqlTypes().get(i));
    }
    target.execute("CREATE TABLE " + qualified + " (" + String.join(", ", columns) + ")");
    List<PgType> types = plan.declared() ? plan.shape().columns().stream().map(CopyColumn::type).toList() : null;
    try (PushedRows batches = new PushedRows(table, consumer -> read(plan, consumer))) {
      target.load(
          new ImportTarget.Load("public", table, plan.names(), new boolean[plan.names().size()], types, batches, count -> {
            rows += count;
            report("rows", 0);
          }));
    }
    target.execute("ANALYZE " + qualified);
    target.commit();
    return new ImportReport(1, rows, Duration.ofNanos(System.nanoTime() - start), List.of());
  }

  private void report(String phase, long bytes) {
    options.progress().report(new DumpProgress.State(phase, options.file().getFileName().toString(), 0, 1, rows, bytes, 0));
  }

  private void read(Plan plan, Consumer<@Nullable Object[]> consumer) {
    RowBuilder builder = new RowBuilder(plan.shape(), io, false, consumer::accept);
    FileReading.run(options.file(), format.binary(), plan.options().reader(builder), builder, bytes -> {});
  }

  private String tableName() {
    if (options.table() != null) {
      return options.table();
    }
    String name = options.file().getFileName().toString();
    int dot = name.lastIndexOf('.');
    return names(List.of(dot > 0 ? name.substring(0, dot) : name)).getFirst();
  }

  // ---- columns and types ----

  private Plan plan() {
    try {
      return switch (format.name()) {
        case "csv" -> csv();
        case "json", "jsonl" -> json();
        default -> declared();
      };
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not read file \"" + options.file() + "\": " + e.getMessage(), e);
    }
  }

  private CopyOptions copyOptions(List<Option> more) {
    List<Option> list = new ArrayList<>(List.of(Option.of("format", new Option.StringValue(format.name()), 0)));
    list.addAll(more);
    if (!format.binary()) {
      list.add(Option.of("encoding", new Option.StringValue(options.encoding()), 0));
    }
    return CopyOptions.of(list, true, null, "UTF8");
  }

  private Plan csv() throws IOException {
    CsvLayout layout = CsvLayout.of(options, copyOptions(List.of()).encoding());
    CopyOptions copy =
        copyOptions(
            List.of(
                Option.of("header", new Option.BooleanValue(layout.header()), 0),
                    Option.of("delimiter", new Option.StringValue(String.valueOf(layout.delimiter())), 0),
                Option.of("null", new Option.StringValue(options.nullText()), 0)));
    List<String> names = names(layout.names());
    RowShape shape = RowShape.of(names.stream().map(name -> new CopyColumn(name, PgTypes.TEXT, -1)).toList());
    TypeGuess[] guesses = new TypeGuess[names.size()];
    java.util.Arrays.setAll(guesses, i -> new TypeGuess());
    RowConsumer look = values -> {
      for (int i = 0; i < guesses.length; i++) {
        if (values[i] != null) {
          guesses[i].text((String) values[i]);
        }
      }
    };
    RowBuilder builder = new RowBuilder(shape, io, false, look);
    FileReading.run(options.file(), false, copy.reader(builder), builder, bytes -> report("look", bytes));
    return new Plan(names, shape, java.util.Arrays.stream(guesses).map(TypeGuess::sqlType).toList(), false, copy);
  }

  private Plan json() {
    JsonMembers members = new JsonMembers();
    CopyOptions copy = copyOptions(List.of());
    RowBuilder place = new RowBuilder(RowShape.of(List.of()), io, false, values -> {});
    FileReading.run(options.file(), false, JsonObjects.reader(format.name().equals("json"), members, place), place, bytes ->
        report("look", bytes));
    List<CopyColumn> columns = members.columns();
    if (columns.isEmpty()) {
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "file \"" + options.file() + "\" has no object with members");
    }
    return new Plan(names(columns.stream().map(CopyColumn::name).toList()), RowShape.of(columns), members.types(), false, copy);
  }

  private Plan declared() throws IOException {
    List<CopyColumn> columns = format.columns(options.file(), io.types());
    if (columns == null) {
      throw SqlException.notSupported("import of format " + format.name());
    }
    List<String> types = columns.stream().map(column -> Typmods.formatType(column.type().oid(), column.typmod(), io.types())).toList();
    return new Plan(names(columns.stream().map(CopyColumn::name).toList()), RowShape.of(columns), types, true, copyOptions(List.of()));
  }

  /// Names as columns take them: folded unless they are to be kept, and each once.
  private List<String> names(List<String> given) {
    Set<String> used = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (String name : given) {
      String folded = options.keepCase() ? name : name.toLowerCase(Locale.ROOT);
      String base = folded.isEmpty() ? "column" : folded;
      String unique = base;
      for (int i = 2; !used.add(unique); i++) {
        unique = base + "_" + i;
      }
      names.add(unique);
    }
    return names;
  }
}
