package io.heliosdb.nano.cli;

import io.heliosdb.nano.error.SqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file `heliosdb.server` in a data directory: where the server that has the directory open listens, as `host port`. Written when it
/// starts, removed when it stops, and without meaning when nobody has the directory open.
final class ServerFile {
  private static final String NAME = "heliosdb.server";
  private static final String IN_USE = "F0001";

  private ServerFile() {}

  static void write(Path directory, String host, int port) throws IOException {
    String reachable = host.equals("0.0.0.0") || host.equals("*") || host.equals("::") ? "127.0.0.1" : host;
    Files.writeString(directory.resolve(NAME), reachable + " " + port + "\n");
  }

  static void remove(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(NAME));
  }

  /// The URL of the server that has the directory open; `e` is why it could not be opened here, and is thrown when that is not the reason.
  static String connectionTo(Path directory, SqlException e) {
    if (!e.state().code().equals(IN_USE)) {
      throw e;
    }
    try {
      String[] words = Files.readString(directory.resolve(NAME)).strip().split(" ");
      return "postgresql://heliosdb@" + words[0] + ":" + Integer.parseInt(words[1]) + "/heliosdb";
    } catch (IOException | RuntimeException other) {
      e.addSuppressed(other);
      throw e;
    }
  }
}
