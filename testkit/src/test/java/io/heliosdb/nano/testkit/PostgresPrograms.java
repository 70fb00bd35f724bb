package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// PostgreSQL 15's own client programs, run against a local server as `postgres`.
final class PostgresPrograms {
  private PostgresPrograms() {}

  /// The program's path; the test is skipped with a message where it is not installed.
  static Path require(String program) {
    Path found = find(program);
    assumeTrue(found != null, program + " is not installed; on Debian: apt-get install postgresql-15 (.ci/run does)");
    return found;
  }

  private static @Nullable Path find(String program) {
    Stream<String> directories = Stream.concat(Stream.of("/usr/lib/postgresql/15/bin"), Stream.of(System.getenv().getOrDefault("PATH", "").split(":")));
    return directories.map(directory -> Path.of(directory, program)).filter(Files::isExecutable).findFirst().orElse(null);
  }

  /// Runs a program to its end and gives both outputs together; fails the test unless it exits with 0.
  static String run(Path program, int port, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString(), "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", "postgres"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + output);
    return output;
  }
}
