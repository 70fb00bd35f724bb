package io.heliosdb.nano.storage.crypto;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file that holds data on its way in, to be read by its path once it is complete, and gone when this is closed. In the temporary
/// directory; in memory (53200 when there is not enough) once this process has opened an encrypted database, whose data no disk may show.
/// Confined to one thread.
public final class TransientFile implements AutoCloseable {
  /// Room for so much more is looked for, again and again, while a file in memory grows.
  private static final long MEMORY_STEP_BYTES = 64L << 20;

  private static volatile boolean inMemory;

  private final @Nullable MemoryFile memory;
  private final Path path;
  private final OutputStream out;
  private final String what;
  private long byteCount;
  private long checkedByteCount;

  /// @param what names the file in errors
  public TransientFile(String what, String prefix, String suffix) throws IOException {
    this.what = what;
    memory = inMemory ? MemoryFile.create(prefix) : null;
    path = memory == null ? Files.createTempFile(prefix, suffix) : memory.path();
    out = Files.newOutputStream(path);
  }

  /// Keeps files that are made from now on in memory.
  public static void keepInMemoryFromNowOn() {
    inMemory = true;
  }

  public Path path() {
    return path;
  }

  public void write(byte[] bytes, int offset, int length) throws IOException {
    byteCount += length;
    if (memory != null && byteCount > checkedByteCount) {
      MemoryRoom.check(what, MEMORY_STEP_BYTES);
      checkedByteCount = byteCount + MEMORY_STEP_BYTES / 2;
    }
    out.write(bytes, offset, length);
  }

  /// Everything is written.
  public void finish() throws IOException {
    out.close();
  }

  @Override
  public void close() throws IOException {
    out.close();
    if (memory == null) {
      Files.deleteIfExists(path);
    } else {
      memory.close();
    }
  }
}
