package io.heliosdb.nano.storage.lmdb;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Finds the LMDB library for this platform in `org.lmdbjava:native`, writes it to a private temporary file and loads it.
///
/// The file is created with access for its owner only and removed right after loading where the platform allows that,
/// so no other user can put a library of theirs in its place. The system property `heliosdb.native.dir` names a
/// directory to use instead of the temporary one (for systems that mount it `noexec`).
final class NativeLibrary {
  private NativeLibrary() {}

  static SymbolLookup load() {
    String resource = "org/lmdbjava/native/" + target();
    List<Path> directories = new ArrayList<>();
    String configured = System.getProperty("heliosdb.native.dir");
    if (configured != null) {
      directories.add(Path.of(configured));
    }
    directories.add(Path.of(System.getProperty("java.io.tmpdir")));
    directories.add(Path.of(System.getProperty("user.home"), ".cache", "heliosdb-nano"));
    Exception last = null;
    for (Path directory : directories) {
      try {
        return loadFrom(resource, directory);
      } catch (IOException | IllegalArgumentException e) {
        last = e;
      }
    }
    throw new SqlException(SqlState.SYSTEM_ERROR, "could not load the LMDB library: " + last.getMessage(), last);
  }

  private static SymbolLookup loadFrom(String resource, Path directory) throws IOException {
    Files.createDirectories(directory);
    Path file = Files.createTempFile(directory, "heliosdb-lmdb-", resource.substring(resource.lastIndexOf('.')));
    try {
      try (InputStream library = NativeLibrary.class.getClassLoader().getResourceAsStream(resource)) {
        if (library == null) {
          throw SqlException.notSupported("this platform (no " + resource + " in the native library jar)");
        }
        Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
      }
      return SymbolLookup.libraryLookup(file, Arena.global());
    } finally {
      try {
        Files.deleteIfExists(file);
      } catch (IOException inUse) {
        file.toFile().deleteOnExit();
      }
    }
  }

  private static String target() {
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String cpu =
        switch (arch) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch64";
          default -> throw SqlException.notSupported("processor architecture " + arch);
        };
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (os.contains("windows")) {
      return cpu + "-windows-gnu.dll";
    }
    if (os.contains("mac")) {
      return cpu + "-macos-none.so";
    }
    boolean musl = Files.exists(Path.of("/lib/ld-musl-" + cpu + ".so.1"));
    return cpu + (musl ? "-linux-musl.so" : "-linux-gnu.so");
  }
}
