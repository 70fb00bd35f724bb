package io.heliosdb.nano.persistence.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.util.Arrays;

/// Zstandard frames.
enum ZstdCodec implements BlockCodec {
  INSTANCE;

  @Override
  public byte[] compress(byte[] source, int offset, int length, int level) throws IOException {
    byte[] out = new byte[Math.toIntExact(Zstd.compressBound(length))];
    try {
      return Arrays.copyOf(out, (int) Zstd.compressByteArray(out, 0, out.length, source, offset, length, level));
    } catch (ZstdException e) {
      throw new IOException("zstd: " + e.getMessage(), e);
    }
  }

  @Override
  public void expand(byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) throws IOException {
    long size;
    try {
      size = Zstd.decompressByteArray(target, targetOffset, targetLength, source, offset, length);
    } catch (ZstdException e) {
      throw new IOException("zstd: " + e.getMessage(), e);
    }
    if (size != targetLength) {
      throw new IOException("zstd: the block expands to " + size + " bytes instead of " + targetLength);
    }
  }
}
