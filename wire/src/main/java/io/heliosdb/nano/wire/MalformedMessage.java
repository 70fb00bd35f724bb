package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// A message whose bytes do not have the form that its type demands. After it nothing the client sends can be trusted to mean what it
/// says, so the connection ends; a well-formed message that asks for the impossible is an ordinary [SqlException].
final class MalformedMessage extends RuntimeException {
  private final transient SqlException error;

  MalformedMessage(String message) {
    super(message, null, false, false);
    error = new SqlException(SqlState.PROTOCOL_VIOLATION, message);
  }

  /// What the client is told: 08P01.
  SqlException error() {
    return error;
  }
}
