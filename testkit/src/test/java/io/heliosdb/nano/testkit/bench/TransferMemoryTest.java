package io.heliosdb.nano.testkit.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Dump, restore and COPY of a table need a heap that does not depend on its size. Long version: `-Dheliosdb.test.dump.rows=20000000 -Dheliosdb.test.dump.heap=256m`.
final class TransferMemoryTest {
  @Test
  void a_small_heap_is_enough_for_dump_and_restore() throws IOException, InterruptedException {
    String output = run(DumpBenchmark.class, "48m", "300000", "1");
    assertTrue(output.contains("dump ") && output.contains("restore "), output);
  }

  @Test
  void a_small_heap_is_enough_for_copy() throws IOException, InterruptedException {
    // The row groups of Parquet files and the locks of a load into a table in use take more than a dump's blocks.
    String output = run(LargeCopy.class, "96m", "150000");
    assertTrue(output.contains("all copies are equal"), output);
  }

  private static String run(Class<?> program, String defaultHeap, String defaultRows, String... more) throws IOException, InterruptedException {
    String rows = System.getProperty("heliosdb.test.dump.rows", defaultRows);
    String heap = System.getProperty("heliosdb.test.dump.heap", defaultHeap);
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap, "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), program.getName(), rows));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
