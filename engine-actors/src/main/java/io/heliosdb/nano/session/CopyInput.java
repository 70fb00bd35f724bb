package io.heliosdb.nano.session;

import org.jspecify.annotations.Nullable;

/// What takes the data of COPY FROM STDIN, or of another statement that is fed in the same way. What fails throws; the caller then calls [#abort],
/// and the statement has failed although the client may still be sending.
interface CopyInput {
  /// Where in the data it is, for an error's context; null where there are no lines.
  default @Nullable String place() {
    return null;
  }

  void data(byte[] bytes, int offset, int length);

  /// The end of the data: does what is left and sends the command tag.
  void finish();

  /// Gives up what was begun; harmless after [#finish].
  void abort();
}
