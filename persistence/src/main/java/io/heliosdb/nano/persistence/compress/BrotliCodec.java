package io.heliosdb.nano.persistence.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import io.heliosdb.nano.error.SqlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;

/// Brotli streams (RFC 7932).
enum BrotliCodec implements BlockCodec {
  INSTANCE;

  private static void load() {
    if (!Brotli4jLoader.isAvailable()) {
      throw SqlException.notSupported("brotli compression on this platform");
    }
  }

  @Override
  public byte[] compress(byte[] source, int offset, int length, int level) throws IOException {
    load();
    byte[] block = offset == 0 && length == source.length ? source : Arrays.copyOfRange(source, offset, offset + length);
    return Encoder.compress(block, Encoder.Parameters.create(level));
  }

  @Override
  public void expand(byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) throws IOException {
    load();
    try (BrotliInputStream in = new BrotliInputStream(new ByteArrayInputStream(source, offset, length))) {
      int size = in.readNBytes(target, targetOffset, targetLength);
      if (size != targetLength || in.read() >= 0) {
        throw new IOException("brotli: the block does not expand to " + targetLength + " bytes");
      }
    }
  }
}
