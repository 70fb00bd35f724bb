package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.cli.repl.OutputStyle;
import io.heliosdb.nano.cli.repl.Repl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The SQL shell on an embedded database. Exit code 1 when a statement of `--execute`, `--file` or a pipe failed.
@Command(name = "repl", description = "Open a SQL shell on an embedded database.", mixinStandardHelpOptions = true)
final class ReplCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec;
  @Mixin DatabaseOptions database;

  @Option(names = {"--execute", "-e"}, paramLabel = "SQL", description = "Run this and exit; may be given several times.")
  List<String> execute = List.of();

  @Option(names = {"--file", "-f"}, paramLabel = "FILE", description = "Run this file and exit.")
  @Nullable Path file;

  @Option(names = "--format", paramLabel = "STYLE", description = "boxed, aligned, unaligned or csv (default boxed).")
  OutputStyle style = OutputStyle.BOXED;

  @Option(names = {"--tuples-only", "-t"}, description = "Print rows only.")
  boolean tuplesOnly;

  @Option(names = {"--no-align", "-A"}, description = "Same as --format unaligned.")
  boolean unaligned;

  @Option(names = "--dump-on-shutdown", description = "Dump the database when the shell ends.")
  boolean dumpOnShutdown;

  @Option(names = "--dump-file", paramLabel = "FILE", description = "Where --dump-on-shutdown writes (default shutdown_dump.heliodump).")
  Path dumpFile = ShutdownDump.DEFAULT_FILE;

  @Override
  public Integer call() throws IOException {
    database.check(spec.commandLine());
    Configuration config = database.config();
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    boolean batch = !execute.isEmpty() || file != null;
    boolean interactive = !batch && System.console() != null && System.console().isTerminal();
    try (EmbeddedDatabase db = database.open(config, batch ? null : interactive ? out : null)) {
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
