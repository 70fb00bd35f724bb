package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// The server's files that COPY may touch: who may, and which. A file lies below one of the directories of `heliosdb.copy_directories` (`*` for
/// any place; when there are none, sessions of this process may use any place and those of the network no file), `..` and links that lead out are refused, and only regular files are read or replaced.
///
/// Writing goes to a temporary file beside the target, which takes its name when all is written: whoever reads the target sees the old file or
/// the new one. Errors: 42501, 58P01, 42602, 42809, 53100, 58030 with PostgreSQL's messages where it has them.
final class CopyFiles {
  private static final String ANYWHERE = "*";
  private static final int BUFFER_BYTES = 256 * 1024;

  private CopyFiles() {}

  static void checkRole(SessionCore session, boolean from, boolean program) {
    String role = program ? "pg_execute_server_program" : from ? "pg_read_server_files" : "pg_write_server_files";
    if (session.engine().privileges().hasRole(session.catalog(), session.currentRole(), role)) {
      return;
    }
    String what = program ? "COPY to or from an external program" : from ? "COPY from a file" : "COPY to a file";
    throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be superuser or have privileges of the " + role + " role to " + what)
        .withHint("Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.");
  }

  /// The file to read, as its real path.
  static Path readable(SessionCore session, String name) {
    Path path = path(name).toAbsolutePath();
    refuseParentSteps(path, name);
    try {
      Path real = path.toRealPath();
      checkPlace(session, real, name);
      if (Files.isDirectory(real)) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is a directory");
      }
      if (!Files.isRegularFile(real)) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is not a regular file");
      }
      return real;
    } catch (IOException e) {
      throw failed("could not open file \"" + name + "\" for reading", e)
          .withHint("COPY FROM instructs the PostgreSQL server process to read a file. You may want a client-side facility such as psql's \\copy.");
    }
  }

  /// Any existing place below the directories, as its real path.
  static Path place(SessionCore session, String name) throws IOException {
    Path path = path(name).toAbsolutePath();
    refuseParentSteps(path, name);
    Path real = path.toRealPath();
    checkPlace(session, real, name);
    return real;
  }

  /// The file to write, as the real path of its directory with its name.
  static Path writable(SessionCore session, String name) {
    Path path = path(name);
    if (!path.isAbsolute()) {
      throw new SqlException(SqlState.INVALID_NAME, "relative path not allowed for COPY to file");
    }
    refuseParentSteps(path, name);
    try {
      if (Files.isDirectory(path)) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is a directory");
      }
      Path real = path.getParent().toRealPath().resolve(path.getFileName());
      checkPlace(session, real, name);
      if (Files.exists(real, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is not a regular file");
      }
      return real;
    } catch (IOException e) {
      throw openFailed(name, e);
    }
  }

  private static SqlException openFailed(String name, IOException e) {
    return failed("could not open file \"" + name + "\" for writing", e)
        .withHint("COPY TO instructs the PostgreSQL server process to write a file. You may want a client-side facility such as psql's \\copy.");
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new SqlException(SqlState.INVALID_NAME, "invalid file name \"" + name + "\"");
    }
  }

  private static void refuseParentSteps(Path path, String name) {
    for (Path part : path) {
      if (part.toString().equals("..")) {
        throw outside(name);
      }
    }
  }

  private static void checkPlace(SessionCore session, Path real, String name) throws IOException {
    String setting = session.settings().get("heliosdb.copy_directories");
    if (setting.isBlank() && session.activity().origin() != SessionActivity.Origin.NETWORK) {
      // Whoever embeds the database can open the file himself.
      return;
    }
    for (String directory : setting.split(",")) {
      String place = directory.strip();
      if (place.equals(ANYWHERE)) {
        return;
      }
      if (!place.isEmpty() && Files.isDirectory(Path.of(place))) {
        Path root = Path.of(place).toRealPath();
        if (real.startsWith(root) && !real.equals(root)) {
          return;
        }
      }
    }
    throw outside(name);
  }

  private static SqlException outside(String name) {
    return new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "file \"" + name + "\" is not below a directory that COPY may use")
        .withHint("The key \"directories\" in [copy] of the configuration names these directories.");
  }

  /// A file in the making.
  static final class Output implements AutoCloseable {
    private final String name;
    private final Path target;
    private final Path temporary;
    private final OutputStream out;
    private boolean complete;

    Output(Path target, String name) {
      this.name = name;
      this.target = target;
      temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
      try {
        out = new BufferedOutputStream(Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), BUFFER_BYTES);
      } catch (IOException e) {
        throw openFailed(name, e);
      }
    }

    void write(byte[] bytes, int offset, int length) {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        throw failed("could not write to COPY file", e);
      }
    }

    /// Everything is written: the file takes the place of the target.
    void complete() {
      try {
        out.close();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        complete = true;
      } catch (IOException e) {
        throw failed("could not write file \"" + name + "\"", e);
      }
    }

    @Override
    public void close() {
      if (complete) {
        return;
      }
      try (OutputStream unfinished = out) {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        // The error that brought us here says more; a full disk fails again when the buffer is flushed.
        org.slf4j.LoggerFactory.getLogger(CopyFiles.class).debug("an unfinished COPY file was left behind: {}", temporary, e);
      }
    }
  }

  /// The error of an operating system call.
  static SqlException failed(String what, IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
      return new SqlException(SqlState.UNDEFINED_FILE, what + ": No such file or directory", e);
    }
    if (e instanceof AccessDeniedException) {
      return new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, what + ": Permission denied", e);
    }
    if (reason != null && reason.contains("No space left")) {
      return new SqlException(SqlState.DISK_FULL, what + ": No space left on device", e);
    }
    return new SqlException(SqlState.IO_ERROR, what + ": " + reason, e);
  }
}
