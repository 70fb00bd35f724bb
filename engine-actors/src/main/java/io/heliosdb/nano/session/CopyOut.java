package io.heliosdb.nano.session;

import io.heliosdb.nano.copy.CopyOptions;
import io.heliosdb.nano.copy.RowSource;
import io.heliosdb.nano.copy.RowWriter;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.type.ByteSink;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The rows of a running query, written in COPY's format piece by piece: a row each, or what a columnar format has gathered.
final class CopyOut {
  /// Takes bytes; they are valid during the call only.
  interface Target {
    void take(byte[] bytes, int offset, int length);
  }

  private final SessionCore session;
  private final CopyOptions options;
  private final RowSource source;
  private final CopyProgress progress;
  private final Target target;
  private final @Nullable CharsetEncoder encoder;

  CopyOut(SessionCore session, CopyOptions options, RowSource source, CopyProgress progress, Target target) {
    this.session = session;
    this.options = options;
    this.source = source;
    this.progress = progress;
    this.target = target;
    encoder = options.format().binary() || options.encoding().equals(StandardCharsets.UTF_8) ? null
        : options.encoding().newEncoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /// @param pieceBytes gather rows until there are so many bytes; 0 hands out each row by itself
  /// @return the number of rows
  long run(QueryExecutor.Running running, int pieceBytes) {
    ByteSink out = new ByteSink(Math.max(1024, pieceBytes));
    long rows = 0;
    try (RowWriter writer = options.format().writer(options, source)) {
      writer.begin(out);
      if (!options.format().binary()) {
        // The header of the binary format goes out with what follows it, a header line by itself.
        drain(out);
      }
      Batch batch;
      while ((batch = running.next(Batch.ROWS_MAX)) != null) {
        session.cancelToken().check();
        for (int i = 0; i < batch.rowCount(); i++) {
          writer.row(batch, batch.rowIndex(i), out);
          if (out.size() > pieceBytes) {
            drain(out);
          }
        }
        rows += batch.rowCount();
        progress.tuples(rows, 0);
      }
      writer.end(out);
      drain(out);
    }
    return rows;
  }

  private void drain(ByteSink out) {
    if (out.size() == 0) {
      return;
    }
    if (encoder == null) {
      target.take(out.array(), 0, out.size());
      progress.add(out.size());
    } else {
      byte[] encoded = encode(encoder, new String(out.array(), 0, out.size(), StandardCharsets.UTF_8));
      target.take(encoded, 0, encoded.length);
      progress.add(encoded.length);
    }
    out.clear();
  }

  private byte[] encode(CharsetEncoder to, String text) {
    CharBuffer in = CharBuffer.wrap(text);
    ByteBuffer bytes = ByteBuffer.allocate((int) (text.length() * (double) to.maxBytesPerChar()) + 16);
    to.reset();
    CoderResult result = to.encode(in, bytes, true);
    if (result.isUnderflow()) {
      result = to.flush(bytes);
    }
    try {
      if (result.isError()) {
        result.throwException();
      }
    } catch (CharacterCodingException e) {
      StringBuilder shown = new StringBuilder();
      for (byte b : Character.toString(text.codePointAt(in.position())).getBytes(StandardCharsets.UTF_8)) {
        shown.append(String.format(Locale.ROOT, " 0x%02x", b & 0xff));
      }
      throw new SqlException(SqlState.UNTRANSLATABLE_CHARACTER, "character with byte sequence" + shown + " in encoding \"UTF8\" has no equivalent in encoding \""
          + options.encodingName().toUpperCase(Locale.ROOT) + "\"");
    }
    byte[] encoded = new byte[bytes.position()];
    bytes.flip().get(encoded);
    return encoded;
  }
}
