package io.heliosdb.nano.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Scripts of protocol messages (`wire/*.script`, language in [WireScript]) with the replies of PostgreSQL 15.
/// `-Dwire.port=5432 -Dwire.record=src/test/resources/wire` records another server's replies (user `postgres`, database `heliosdb`).
@Timeout(60)
class WireScriptTest {
  static final List<String> SCRIPTS = List.of("statements", "portals", "flush", "copy", "formats");

  private static List<String> scripts() {
    return SCRIPTS;
  }

  private static EmbeddedDatabase db;
  private static PgServer server;
  private static int port;

  @BeforeAll
  static void start() {
    db = EmbeddedDatabase.newInMemory();
    server = PgServer.start(db.engine(), ServerOptions.localTrust(0));
    port = Integer.getInteger("wire.port", server.port());
  }

  @AfterAll
  static void stop() {
    server.close();
    db.close();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void replies_are_those_of_postgresql(String name) throws IOException {
    String script;
    try (var in = WireScriptTest.class.getResourceAsStream("/wire/" + name + ".script")) {
      script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String replayed = WireScript.play(script, port);
    String record = System.getProperty("wire.record");
    if (record != null) {
      Files.writeString(Path.of(record, name + ".script"), replayed);
    } else {
      assertEquals(script, replayed);
    }
  }
}
