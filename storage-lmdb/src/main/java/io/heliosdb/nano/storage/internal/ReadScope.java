package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What one thread needs beside a reader to walk its trees: a buffer for the keys it looks for, and its place in the log.
///
/// A reader has one for the thread that owns it. Threads that share a reader's pages make their own ([#forThread]); they may walk only trees
/// whose records the reader has looked up before ([LmdbReader#prepareWalks]).
final class ReadScope {
  private final LmdbReader reader;
  private final long keyBuffer;
  private final VersionChains chains;

  /// Keeps the buffer, where it belongs to the scope.
  private final @Nullable MemorySegment owned;

  /// The reader's own.
  ReadScope(LmdbReader reader, long keyBuffer) {
    this.reader = reader;
    this.keyBuffer = keyBuffer;
    owned = null;
    chains = new VersionChains(this);
  }

  private ReadScope(LmdbReader reader, MemorySegment owned) {
    this.reader = reader;
    this.owned = owned;
    keyBuffer = owned.address();
    chains = new VersionChains(this);
  }

  static ReadScope forThread(LmdbReader reader) {
    return new ReadScope(reader, Arena.ofAuto().allocate(Format.KEY_BUFFER_BYTES, 8));
  }

  LmdbReader reader() {
    return reader;
  }

  long keyBuffer() {
    return keyBuffer;
  }

  VersionChains chains() {
    return chains;
  }

  byte[] prefix(int branch, long id) {
    long end = Format.putPrefix(keyBuffer, branch, id);
    return Memory.copyOut(keyBuffer, (int) (end - keyBuffer));
  }
}
