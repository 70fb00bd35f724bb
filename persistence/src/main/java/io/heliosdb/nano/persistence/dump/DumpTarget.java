package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.persistence.transfer.Transfers;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.dump.format.DumpFile;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts a dump in its place so that the file there is whole at every moment.
///
/// A full dump goes to a temporary file beside the target, which takes the target's name when it is on the device. An increment is
/// appended, under the protection of a note `FILE.appending` that says how long the file was: with the note there, readers look no
/// further, and the next append cuts the file back. So an increment costs what it writes, not what the file holds.
final class DumpTarget {
  private static final int BUFFER_BYTES = 1 << 18;

  /// Writes the content.
  interface Content {
    DumpReport write(OutputStream out) throws IOException;
  }

  private final Path path;

  DumpTarget(Path path) {
    this.path = path.toAbsolutePath();
  }

  private static Path note(Path path) {
    return path.resolveSibling(path.getFileName() + ".appending");
  }

  /// How much of a file counts: all of it, unless an append was interrupted.
  static long usableLength(Path path) {
    Path note = note(path.toAbsolutePath());
    try {
      return Long.parseLong(Files.readString(note, StandardCharsets.US_ASCII).strip());
    } catch (NoSuchFileException e) {
      return Long.MAX_VALUE;
    } catch (IOException | NumberFormatException e) {
      // The note is written and on the device before the file is touched: one that cannot be read means that nothing was appended.
      return Long.MAX_VALUE;
    }
  }

  /// What the file holds, for the next segment.
  ///
  /// @param key of an encrypted file
  Dumper.Base base(@Nullable EncryptionKey key) {
    if (!Files.exists(path)) {
      return Dumper.Base.NONE;
    }
    try (DumpFile file = DumpFile.open(path, usableLength(path), key)) {
      Map<Integer, TableEntry> tables = new HashMap<>();
      file.last().tables().forEach(part -> tables.put(part.table().oid(), part.table()));
      return new Dumper.Base(
          file.last().begin().databaseId(), file.last().begin().branch(), file.last().begin().toScn(), file.segments().size(), file.length(), file.isSealed(), tables);
    }
  }

  DumpReport replace(Content content) {
    Path directory = path.getParent();
    if (!Files.isDirectory(directory)) {
      throw new SqlException(SqlState.UNDEFINED_FILE, "No such file or directory: " + path).withHint("Make the directory " + directory + " first.");
    }
    Path temporary = path.resolveSibling("." + path.getFileName() + "." + ProcessHandle.current().pid() + "." + Long.toHexString(System.nanoTime()) + ".tmp");
    try {
      DumpReport report;
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        report = write(channel, content);
        channel.force(true);
      }
      move(temporary, path);
      Files.deleteIfExists(note(path));
      syncDirectory(directory);
      return report;
    } catch (IOException e) {
      throw Transfers.ioError(e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  private static DumpReport write(FileChannel channel, Content content) throws IOException {
    OutputStream out = new java.io.BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    DumpReport report = content.write(out);
    out.flush();
    return report;
  }

  DumpReport append(long length, Content content) {
    Path note = note(path);
    try {
      try (FileChannel channel = FileChannel.open(note, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
        channel.write(StandardCharsets.US_ASCII.encode(length + "\n"));
        channel.force(true);
      }
      syncDirectory(path.getParent());
      DumpReport report = null;
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(length).position(length);
        try {
          report = write(channel, content);
          channel.force(true);
        } finally {
          if (report == null) {
            channel.truncate(length);
          }
        }
      }
      Files.delete(note);
      syncDirectory(path.getParent());
      return report;
    } catch (IOException e) {
      deleteNoteIfWhole(note, length);
      throw Transfers.ioError(e);
    } catch (RuntimeException | Error e) {
      deleteNoteIfWhole(note, length);
      throw e;
    }
  }

  /// After a failed append: the note may go once the file is as it was.
  private void deleteNoteIfWhole(Path note, long length) {
    try {
      if (Files.size(path) == length) {
        Files.deleteIfExists(note);
      }
    } catch (IOException e) {
      // The note stays and says how long the file was, which is the truth.
      return;
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Makes a rename durable where the platform lets a directory be opened.
  private static void syncDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return;
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      return;
    }
  }
}
