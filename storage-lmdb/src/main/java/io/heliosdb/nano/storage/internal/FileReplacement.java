package io.heliosdb.nano.storage.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Puts a file in place durably: the one before counts until the new one is whole (written beside, flushed, renamed, directory flushed).
final class FileReplacement {
  interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  private FileReplacement() {}

  static void write(Path directory, String name, Durability durability, Content content) throws IOException {
    Path fresh = directory.resolve(name + ".new");
    try (FileChannel channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      content.writeTo(channel);
      durability.force(fresh, channel);
    } catch (IOException e) {
      // Room for others, if it was that.
      Files.deleteIfExists(fresh);
      throw e;
    }
    Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(directory);
  }

  static void write(Path directory, String name, Durability durability, ByteBuffer content) throws IOException {
    write(directory, name, durability, channel -> writeFully(channel, content));
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }

  /// Makes names durable. Not every platform lets a directory be opened; those that don't keep names by themselves.
  static void forceDirectory(Path directory) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(directory, StandardOpenOption.READ);
    } catch (IOException notPossible) {
      return;
    }
    try (channel) {
      channel.force(true);
    }
  }
}
