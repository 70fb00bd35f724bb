package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.compress.Compression;
import io.heliosdb.nano.session.ArchiveProvider;
import io.heliosdb.nano.session.DatabaseEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// DUMP DATABASE and RESTORE DATABASE: what `--connection` uses.
///
/// Options of a dump: `format` (heliodump, sql), `compression`, `compression_level`, `tables`, `as_of`, `digest`; and for an increment
/// `base`: what the client's file has, as [IncrementBase] writes it. Options of a restore: `mode`, `tables`, `on_conflict`, `verify`.
public final class DumpStatements implements ArchiveProvider {
  @Override
  public long dump(DatabaseEngine engine, String branch, Map<String, String> options, OutputStream out, Consumer<String> notices, Runnable checkpoint)
      throws IOException {
    check(options, List.of("format", "compression", "compression_level", "tables", "as_of", "digest", "base"));
    boolean sql = choice(options, "format", "heliodump", "sql").equals("sql");
    String level = options.get("compression_level");
    DumpOptions dump =
        DumpOptions.to(Path.of(sql ? "client.sql" : "client"))
            .withBranch(branch)
            .withCompression(Compression.named(options.getOrDefault("compression", "zstd")), level == null ? null : number(level))
            .withTables(names(options))
            .withAsOf(options.get("as_of"))
            .withDigest(choice(options, "digest", "false", "true").equals("true"))
            .withProgress(state -> checkpoint.run());
    String base = options.get("base");
    DumpReport report = new DumpManager(engine).dumpTo(dump, out, base == null ? Dumper.Base.NONE : IncrementBase.parse(base));
    report.notices().forEach(notices);
    return report.rowsDumped();
  }

  @Override
  public long restore(DatabaseEngine engine, Map<String, String> options, Path archive, Consumer<String> notices, Runnable checkpoint) {
    check(options, List.of("mode", "tables", "on_conflict", "verify"));
    RestoreOptions restore =
        RestoreOptions.from(archive)
            .withMode(RestoreMode.valueOf(choice(options, "mode", "clean", "append").toUpperCase(Locale.ROOT)))
            .withOnConflict(OnConflict.valueOf(choice(options, "on_conflict", "error", "skip", "update").toUpperCase(Locale.ROOT)))
            .withVerify(choice(options, "verify", "true", "false").equals("true"))
            .withTables(names(options))
            .withProgress(state -> checkpoint.run());
    RestoreReport report = new DumpManager(engine).restore(restore);
    report.skipped().forEach(object -> notices.accept(object + " exists, skipping"));
    return report.rowsRestored();
  }

  private static List<String> names(Map<String, String> options) {
    String names = options.get("tables");
    return names == null || names.isBlank() ? List.of() : Arrays.stream(names.split(",")).map(String::strip).toList();
  }

  private static void check(Map<String, String> options, List<String> known) {
    for (String name : options.keySet()) {
      if (!known.contains(name)) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "option \"" + name + "\" not recognized").withHint("Known are " + String.join(", ", known) + ".");
      }
    }
  }

  /// The value of an option that takes one of some words; the first is the default.
  private static String choice(Map<String, String> options, String name, String... allowed) {
    String value = options.getOrDefault(name, allowed[0]).toLowerCase(Locale.ROOT);
    if (!Arrays.asList(allowed).contains(value)) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "option \"" + name + "\" is " + String.join(" or ", allowed) + ", not \"" + value + "\"");
    }
    return value;
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "compression_level takes a number, not \"" + text + "\"");
    }
  }
}
