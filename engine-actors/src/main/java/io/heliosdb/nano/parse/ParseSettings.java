package io.heliosdb.nano.parse;

import io.heliosdb.nano.error.SqlState;
import java.util.function.Consumer;

/// The session settings that the lexer depends on, and where its notices go.
///
/// `standardConformingStrings` and `escapeStringWarning` are the settings of these names. Notices are rare (a name cut to 63 bytes, a
/// backslash in a plain string); the sink is called on the parsing thread.
public record ParseSettings(boolean standardConformingStrings, boolean escapeStringWarning, Consumer<Notice> notices) {
  /// PostgreSQL's defaults, notices dropped.
  public static final ParseSettings DEFAULT = new ParseSettings(true, true, new Dropped());

  /// A message to the client that does not end the statement.
  public record Notice(Severity severity, SqlState state, String message, String hint, int position) {}

  /// How serious a [Notice] is.
  public enum Severity { NOTICE, WARNING }

  /// Drops notices. A class and not a lambda, which would cost milliseconds at the first statement of a process.
  private static final class Dropped implements Consumer<Notice> {
    @Override
    public void accept(Notice notice) {}
  }
}
