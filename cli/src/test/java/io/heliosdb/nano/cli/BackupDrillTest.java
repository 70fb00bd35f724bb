package io.heliosdb.nano.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The restore drill of `docs/backup.md` works as it is written there.
final class BackupDrillTest {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @TempDir Path directory;

  private static Path page() {
    Path page = Path.of("docs/backup.md");
    return Files.exists(page) ? page : Path.of("..").resolve(page);
  }

  @Test
  void the_drill_of_the_backup_page() throws IOException {
    String text = Files.readString(page());
    String drill = text.substring(text.indexOf("<!-- drill -->"));
    drill = drill.substring(drill.indexOf("```sh\n") + 6, drill.indexOf("\n```\n"));
    Files.createDirectory(directory.resolve("backups"));
    int commands = 0;
    for (String line : drill.split("\n")) {
      List<String> words = words(line);
      switch (words.removeFirst()) {
        case "heliosdb-nano" -> {
          assertEquals(0, Main.execute(words.toArray(String[]::new)), line);
          commands++;
        }
        case "diff" -> assertEquals(withoutFirstLine(words.get(0)), withoutFirstLine(words.get(1)));
        case "rm" -> assertTrue(Files.isDirectory(Path.of(words.getLast())));
        default -> throw new AssertionError("an unknown command: " + line);
      }
    }
    assertEquals(8, commands);
  }

  private List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line.replace("$DATA", directory.resolve("data").toString()).replace("$BACKUPS", directory.resolve("backups").toString()));
    while (matcher.find()) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    return words;
  }

  private static String withoutFirstLine(String file) throws IOException {
    String text = Files.readString(Path.of(file));
    assertFalse(text.isEmpty());
    return text.substring(text.indexOf('\n'));
  }

  @Test
  void refusals_have_exit_codes_and_words() {
    Path nowhere = directory.resolve("nowhere");
    assertEquals(Main.USAGE, Main.execute("dump", "--memory", "--output", "x.heliodump"));
    assertEquals(Main.FAILED, Main.execute("dump", "--data-dir", nowhere.toString(), "--output", directory.resolve("x.heliodump").toString()));
    assertFalse(Files.exists(nowhere), "dumping makes no database");
    assertEquals(Main.FAILED, Main.execute("restore", "--input", directory.resolve("none.heliodump").toString(), "--target", nowhere.toString()));
    assertEquals(Main.UNREACHABLE, Main.execute("dump", "--connection", "postgresql://heliosdb@127.0.0.1:1/heliosdb", "--output", directory.resolve("x.heliodump").toString()));
    assertEquals(Main.USAGE, Main.execute("restore", "--input", "x", "--target", "a", "--data-dir", "b"));
  }

  @Test
  void a_running_server_is_dumped_and_restored_through_the_protocol() throws IOException {
    Path data = directory.resolve("data");
    Path file = directory.resolve("remote.heliodump");
    try (var database = io.heliosdb.nano.EmbeddedDatabase.open(data)) {
      database.execute("CREATE TABLE t (id integer PRIMARY KEY, v text)");
      database.execute("INSERT INTO t SELECT i, repeat('x', 100) || i FROM generate_series(1, 20000) i");
      String url = "postgresql://heliosdb@127.0.0.1:" + database.startServer(0).port() + "/heliosdb";
      assertEquals(0, Main.execute("dump", "--connection", url, "--output", file.toString()));
      database.execute("DELETE FROM t WHERE id > 100");
      assertEquals(0, Main.execute("dump", "--connection", url, "--output", file.toString(), "--append"));
      database.execute("INSERT INTO t VALUES (-1, 'later')");
      assertEquals(0, Main.execute("restore", "--connection", url, "--input", file.toString(), "--mode", "append", "--on-conflict", "skip"));
      assertEquals(101L, database.queryOne("SELECT count(*) FROM t", Long.class));
      assertEquals(0, Main.execute("restore", "--connection", url, "--input", file.toString()));
      assertEquals(100L, database.queryOne("SELECT count(*) FROM t", Long.class));
      assertEquals(0, Main.execute("dump", "--connection", url, "--output", directory.resolve("remote.sql").toString()));
      assertTrue(Files.readString(directory.resolve("remote.sql")).contains("CREATE TABLE public.t"));
    }
  }
}
