package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.cli.repl.OutputStyle;
import io.heliosdb.nano.cli.repl.Repl;
import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The SQL shell on an embedded database. Exit code 1 when a statement of `--execute`, `--file` or a pipe failed.
final class ReplCommand implements Command.Single {
  private final DatabaseOptions database = new DatabaseOptions();
  List<String> execute = List.of();
  @Nullable Path file;
  OutputStyle style = OutputStyle.BOXED;
  boolean tuplesOnly;
  boolean unaligned;
  boolean dumpOnShutdown;
  Path dumpFile = ShutdownDump.DEFAULT_FILE;

  @Override
  public void declare(OptionTable options) {
    database.declare(options);
    options.texts("SQL", "Run this and exit; may be given several times.", value -> execute = value, "--execute", "-e");
    options.path("FILE", "Run this file and exit.", value -> file = value, "--file", "-f");
    options.choice(OutputStyle.class, "STYLE", "boxed, aligned, unaligned or csv (default boxed).", value -> style = value, "--format");
    options.flag("Print rows only.", () -> tuplesOnly = true, "--tuples-only", "-t");
    options.flag("Same as --format unaligned.", () -> unaligned = true, "--no-align", "-A");
    options.flag("Dump the database when the shell ends.", () -> dumpOnShutdown = true, "--dump-on-shutdown");
    options.path("FILE", "Where --dump-on-shutdown writes (default shutdown_dump.heliodump).", value -> dumpFile = value, "--dump-file");
  }

  @Override
  public int run(Printers printers) throws IOException {
    database.check();
    Configuration config = database.config();
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = printers.err();
    boolean batch = !execute.isEmpty() || file != null;
    boolean interactive = !batch && System.console() != null && System.console().isTerminal();
    try (EmbeddedDatabase db = database.open(config, interactive ? out : null, batch)) {
      UserSeeding.seed(db, config, err);
      try (EmbeddedSession session = db.createSession()) {
        Repl repl = new Repl(db, session, out, err, unaligned ? OutputStyle.UNALIGNED : style, tuplesOnly);
        boolean succeeded;
        if (batch) {
          succeeded = runBatch(repl);
        } else if (interactive) {
          succeeded = repl.interact();
        } else {
          succeeded = runPipe(repl, err);
        }
        if (dumpOnShutdown) {
          new ShutdownDump(db, config, err, database.memory).run(dumpFile, out);
        }
        out.flush();
        return succeeded ? 0 : Main.FAILED;
      }
    }
  }

  private static boolean runPipe(Repl repl, PrintWriter err) throws IOException {
    // A decoder of its own refuses what is not UTF-8; a charset would put replacement characters into the data.
    try {
      return repl.runStream(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8.newDecoder())));
    } catch (CharacterCodingException e) {
      err.println("heliosdb-nano: standard input is not valid UTF-8");
      return false;
    }
  }

  private boolean runBatch(Repl repl) throws IOException {
    boolean succeeded = true;
    for (String text : execute) {
      succeeded &= repl.runText(text);
    }
    if (file != null) {
      succeeded &= repl.runFile(file);
    }
    return succeeded;
  }
}
