package io.heliosdb.nano.testkit.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Dump and restore of a table need a heap that does not depend on its size. Long version: `-Dheliosdb.test.dump.rows=20000000 -Dheliosdb.test.dump.heap=256m`.
final class DumpMemoryTest {
  @Test
  void a_small_heap_is_enough() throws IOException, InterruptedException {
    String rows = System.getProperty("heliosdb.test.dump.rows", "300000");
    String heap = System.getProperty("heliosdb.test.dump.heap", "48m");
    Process process =
        new ProcessBuilder(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap, "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                    DumpBenchmark.class.getName(), rows, "1"))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertTrue(output.contains("dump ") && output.contains("restore "), output);
  }
}
