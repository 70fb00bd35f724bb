package io.heliosdb.nano.testkit.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/// The table of clients in `docs/compatibility.md`: one row per client, written by the test that ran it when the system property
/// `clients.table` is `update`, and left alone otherwise. Safe for the threads of one process.
public final class ClientTable {
  private static final String BEGIN = "<!-- clients: begin (written by the client tests) -->";
  private static final String END = "<!-- clients: end -->";

  private ClientTable() {}

  public static synchronized void record(String client, String version, String outcome) throws IOException {
    if (!"update".equals(System.getProperty("clients.table"))) {
      return;
    }
    Path page = root().resolve("docs/compatibility.md");
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    if (begin < BEGIN.length() || end < begin) {
      throw new IOException(page + " lacks the markers of the client table");
    }
    TreeMap<String, String> rows = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    text.substring(begin, end).lines().skip(1).filter(line -> line.startsWith("| ") && !line.startsWith("| client |")).forEach(line -> rows.put(line.split("\\|")[1].strip(), line));
    rows.put(client, "| " + client + " | " + version + " | " + outcome + " |");
    String table = "\n| client | version | outcome |\n|---|---|---|\n" + String.join("\n", rows.values()) + "\n";
    Files.writeString(page, text.substring(0, begin) + table + text.substring(end));
  }

  /// The folder of the whole project, from the working directory of a module's tests upwards.
  public static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("clients/psql"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("not inside the project");
    }
    return at;
  }
}
