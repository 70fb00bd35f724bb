package io.heliosdb.nano.storage.lmdb;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/// `fallocate` of Linux: gives ranges of a file blocks of the device without writing them.
final class FileBlocks {
  private static final int EINTR = 4;
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Optional<MethodHandle> FALLOCATE = find();

  private FileBlocks() {}

  private static Optional<MethodHandle> find() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor shape = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    return linker.defaultLookup().find("fallocate").map(address -> linker.downcallHandle(address, shape, Linker.Option.captureCallState("errno")));
  }

  static boolean isSupported() {
    return FALLOCATE.isPresent();
  }

  /// Allocates a range; gives 0 or an `errno`.
  static int allocate(int fileDescriptor, long offset, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int code = EINTR;
      while (code == EINTR) {
        int result = (int) FALLOCATE.orElseThrow().invokeExact(state, fileDescriptor, 0, offset, bytes);
        code = result == 0 ? 0 : (int) ERRNO.get(state, 0L);
      }
      return code;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }
}
