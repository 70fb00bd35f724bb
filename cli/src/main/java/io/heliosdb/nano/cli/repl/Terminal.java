package io.heliosdb.nano.cli.repl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.TerminalBuilder;

/// Line editing, history (`~/.heliosdb_history`) and [Completion].
final class Terminal implements AutoCloseable {
  sealed interface Input {}

  record Line(String text) implements Input {}

  /// Ctrl-C: what was typed is dropped.
  record Interrupted() implements Input {}

  /// Ctrl-D.
  record End() implements Input {}

  private final org.jline.terminal.Terminal terminal;
  private final LineReader reader;

  Terminal(Repl repl) {
    try {
      terminal = TerminalBuilder.builder().system(true).dumb(true).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("heliosdb-nano")
            .variable(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".heliosdb_history"))
            .variable(LineReader.HISTORY_SIZE, 10_000)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .completer((line, parsed, candidates) -> Completion.of(repl.session(), parsed.word()).forEach(word -> candidates.add(new Candidate(word))))
            .build();
  }

  Input read(String prompt) {
    try {
      return new Line(reader.readLine(prompt));
    } catch (UserInterruptException e) {
      return new Interrupted();
    } catch (EndOfFileException e) {
      return new End();
    }
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
