package io.heliosdb.nano.storage.crypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that exists in memory only and has no name in any file system (Linux, `memfd_create(2)`).
///
/// Its memory is given back when this is closed and nothing else has it open or mapped, also when the process is killed. Unlike files
/// below `/dev/shm` it is not held to the size of a mount, which is 64 MB in most containers. Errors: 0A000 where there is no such
/// thing, 58000 when it cannot be made.
public final class MemoryFile implements AutoCloseable {
  private static final int CLOSE_ON_EXEC = 1;

  private final int descriptor;
  private boolean isClosed;

  private MemoryFile(int descriptor) {
    this.descriptor = descriptor;
  }

  public static MemoryFile create(String name) {
    if (!System.getProperty("os.name").equals("Linux")) {
      throw SqlException.notSupported("encryption at rest on this platform (it needs memory files of Linux)");
    }
    try (Arena arena = Arena.ofConfined()) {
      int descriptor =
          (int) function("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)).invokeExact(arena.allocateFrom(name), CLOSE_ON_EXEC);
      if (descriptor < 0) {
        throw new SqlException(SqlState.SYSTEM_ERROR, "could not create a memory file");
      }
      MemoryFile file = new MemoryFile(descriptor);
      if (!Files.exists(file.path())) {
        file.close();
        throw new SqlException(SqlState.SYSTEM_ERROR, "could not use a memory file: /proc is not mounted");
      }
      return file;
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }

  /// What this process opens it by.
  public Path path() {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      int code = (int) function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)).invokeExact(descriptor);
      if (code != 0) {
        System.getLogger(MemoryFile.class.getName()).log(System.Logger.Level.WARNING, "could not close a memory file");
      }
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }
}
