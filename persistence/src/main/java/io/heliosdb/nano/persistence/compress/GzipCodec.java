package io.heliosdb.nano.persistence.compress;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Gzip members (RFC 1952), by the JDK.
enum GzipCodec implements BlockCodec {
  INSTANCE;

  private static final int BUFFER_BYTES = 64 << 10;

  private static final class Leveled extends GZIPOutputStream {
    Leveled(ByteArrayOutputStream out, int level) throws IOException {
      super(out, BUFFER_BYTES);
      def.setLevel(level);
    }
  }

  @Override
  public byte[] compress(byte[] source, int offset, int length, int level) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(length / 2 + 64);
    try (Leveled gzip = new Leveled(out, level)) {
      gzip.write(source, offset, length);
    }
    return out.toByteArray();
  }

  @Override
  public void expand(byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(source, offset, length), BUFFER_BYTES)) {
      int size = in.readNBytes(target, targetOffset, targetLength);
      if (size != targetLength || in.read() >= 0) {
        throw new IOException("gzip: the block does not expand to " + targetLength + " bytes");
      }
    }
  }
}
