package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlState;
import org.jspecify.annotations.Nullable;

/// A message beside the result: NOTICE, WARNING, INFO, LOG or DEBUG.
public record Notice(String severity, SqlState state, String message, @Nullable String detail, @Nullable String hint, int position) {
  public static Notice notice(String message) {
    return new Notice("NOTICE", SqlState.SUCCESSFUL_COMPLETION, message, null, null, 0);
  }

  public static Notice warning(SqlState state, String message) {
    return new Notice("WARNING", state, message, null, null, 0);
  }
}
