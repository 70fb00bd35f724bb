package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.ServerFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The server's files for functions: places are those of [CopyFiles], the role is `pg_read_server_files`.
record SessionFiles(SessionCore session) implements ServerFiles {
  private static final int BYTES_MAX = (1 << 30) - 5;
  private static final long POSTGRES_EPOCH_SECONDS = 946_684_800L;

  private interface Work<T> {
    T on(Path file) throws IOException;
  }

  private <T> @Nullable T with(String function, String name, String what, boolean missingOk, Work<T> work) {
    if (!session.engine().privileges().hasRole(session.catalog(), session.currentRole(), "pg_read_server_files")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function " + function);
    }
    try {
      return work.on(CopyFiles.place(session, name));
    } catch (NoSuchFileException e) {
      if (missingOk) {
        return null;
      }
      throw CopyFiles.failed(what, e);
    } catch (IOException e) {
      throw CopyFiles.failed(what, e);
    }
  }

  @Override
  public byte @Nullable [] read(String function, String name, long offset, long length, boolean missingOk) {
    return with(function, name, "could not open file \"" + name + "\" for reading", missingOk, file -> {
      if (Files.isDirectory(file)) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "could not read file \"" + name + "\": Is a directory");
      }
      try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
        long from = offset >= 0 ? offset : Math.max(0, in.length() + offset);
        long available = Math.max(0, in.length() - from);
        long wanted = length < 0 ? available : Math.min(length, available);
        if (wanted > BYTES_MAX) {
          throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "file length too large");
        }
        session.queries().callContext().accountMemory(wanted);
        byte[] bytes = new byte[(int) wanted];
        in.seek(from);
        in.readFully(bytes);
        return bytes;
      }
    });
  }

  @Override
  public @Nullable List<String> list(String function, String name, boolean missingOk) {
    return with(function, name, "could not open directory \"" + name + "\"", missingOk, directory -> {
      try (Stream<Path> entries = Files.list(directory)) {
        return entries.map(entry -> entry.getFileName().toString()).toList();
      }
    });
  }

  @Override
  public @Nullable Facts facts(String function, String name, boolean missingOk) {
    return with(function, name, "could not stat file \"" + name + "\"", missingOk, file -> {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Facts(attributes.size(), micros(attributes.lastAccessTime()), micros(attributes.lastModifiedTime()), attributes.isDirectory());
    });
  }

  private static long micros(FileTime time) {
    return time.to(TimeUnit.MICROSECONDS) - POSTGRES_EPOCH_SECONDS * 1_000_000L;
  }
}
