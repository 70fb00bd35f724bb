package io.heliosdb.nano.persistence.compress;

import java.io.IOException;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/// LZ4 blocks. Level 0 is the fast compressor, 1 to 17 the thorough one.
enum Lz4Codec implements BlockCodec {
  INSTANCE;

  private static final class Holder {
    static final LZ4Factory FACTORY = LZ4Factory.fastestInstance();
  }

  @Override
  public byte[] compress(byte[] source, int offset, int length, int level) {
    LZ4Compressor compressor = level == 0 ? Holder.FACTORY.fastCompressor() : Holder.FACTORY.highCompressor(level);
    byte[] out = new byte[compressor.maxCompressedLength(length)];
    return Arrays.copyOf(out, compressor.compress(source, offset, length, out, 0, out.length));
  }

  @Override
  public void expand(byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) throws IOException {
    int size;
    try {
      size = Holder.FACTORY.safeDecompressor().decompress(source, offset, length, target, targetOffset, targetLength);
    } catch (LZ4Exception e) {
      throw new IOException("lz4: " + e.getMessage(), e);
    }
    if (size != targetLength) {
      throw new IOException("lz4: the block expands to " + size + " bytes instead of " + targetLength);
    }
  }
}
