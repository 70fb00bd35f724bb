package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A reader of UTF-8 text fed with text in another encoding. Bounded: converts 8 KB at a time. Confined to its reader's thread.
///
/// Errors: 22021 for bytes that the encoding does not have.
final class Transcoder implements RowReader {
  private static final int PIECE_CHARS = 8192;
  /// No encoding here has longer characters.
  private static final int CHARACTER_BYTES_MAX = 8;

  private final RowReader reader;
  private final CharsetDecoder decoder;
  private final String encoding;
  private final CharBuffer chars = CharBuffer.allocate(PIECE_CHARS);
  /// The beginning of a character whose rest has not come yet, followed by what the next piece brings.
  private byte[] rest = new byte[0];

  Transcoder(RowReader reader, Charset charset, String encoding) {
    this.reader = reader;
    this.encoding = encoding;
    decoder = charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  @Override
  public void feed(byte[] bytes, int offset, int count) {
    ByteBuffer in;
    if (rest.length == 0) {
      in = ByteBuffer.wrap(bytes, offset, count);
    } else {
      in = ByteBuffer.allocate(rest.length + count).put(rest).put(bytes, offset, count).flip();
    }
    decode(in, false);
    rest = new byte[in.remaining()];
    in.get(rest);
    if (rest.length > CHARACTER_BYTES_MAX) {
      throw invalid(rest, 0, 1);
    }
  }

  private void decode(ByteBuffer in, boolean last) {
    while (true) {
      CoderResult result = decoder.decode(in, chars, last);
      chars.flip();
      if (chars.hasRemaining()) {
        byte[] utf8 = chars.toString().getBytes(StandardCharsets.UTF_8);
        reader.feed(utf8, 0, utf8.length);
      }
      chars.clear();
      if (result.isError()) {
        throw invalid(in.array(), in.arrayOffset() + in.position(), result.length());
      }
      if (result.isUnderflow()) {
        return;
      }
    }
  }

  private SqlException invalid(byte[] bytes, int at, int count) {
    StringBuilder shown = new StringBuilder();
    for (int i = at; i < Math.min(bytes.length, at + count); i++) {
      shown.append(String.format(Locale.ROOT, " 0x%02x", bytes[i] & 0xff));
    }
    return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"" + encoding + "\":" + shown);
  }

  @Override
  public void finish() {
    decode(ByteBuffer.wrap(rest), true);
    reader.finish();
  }

  @Override
  public void close() {
    reader.close();
  }
}
