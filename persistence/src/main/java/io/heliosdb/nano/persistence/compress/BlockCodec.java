package io.heliosdb.nano.persistence.compress;

import java.io.IOException;
import java.util.Arrays;

/// Compresses and expands single blocks that know their expanded length. Stateless; any thread.
///
/// Expanding never writes more than the length it is told, whatever the input says: a block that would give more, or less, is an
/// [IOException], and so is every other malformed input.
public interface BlockCodec {
  /// The compressed form of `length` bytes from `offset`, in an array of exactly its size.
  byte[] compress(byte[] source, int offset, int length, int level) throws IOException;

  /// Expands a whole block into `target`, which it must fill from `targetOffset` on with exactly `targetLength` bytes.
  void expand(byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) throws IOException;

  /// No compression.
  enum Stored implements BlockCodec {
    INSTANCE;

    @Override
    public byte[] compress(byte[] source, int offset, int length, int level) {
      return Arrays.copyOfRange(source, offset, offset + length);
    }

    @Override
    public void expand(byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength) throws IOException {
      if (length != targetLength) {
        throw new IOException("a stored block has " + length + " bytes instead of " + targetLength);
      }
      System.arraycopy(source, offset, target, targetOffset, length);
    }
  }
}
