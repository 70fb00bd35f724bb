package io.heliosdb.nano.testkit.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs interleaving scripts from the command line.
///
/// `IsolationTester [--host H] [--port N] [--user U] [--database D] [--record DIR | --expected DIR] FILE.spec...`
///
/// Without a directory the transcript goes to standard output; `--record` writes it to DIR/FILE.out, `--expected` compares with that
/// file (and FILE_1.out, FILE_2.out ...) and ends with status 1 when something differs.
public final class IsolationTester {
  private static final long STEP_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  private IsolationTester() {}

  public static void main(String[] args) throws IOException {
    String host = "127.0.0.1";
    int port = 5432;
    String user = "postgres";
    String database = "heliosdb";
    Path record = null;
    Path expected = null;
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--host" -> host = args[++i];
        case "--port" -> port = Integer.parseInt(args[++i]);
        case "--user" -> user = args[++i];
        case "--database" -> database = args[++i];
        case "--record" -> record = Path.of(args[++i]);
        case "--expected" -> expected = Path.of(args[++i]);
        default -> files.add(Path.of(args[i]));
      }
    }
    ServerTarget target = new ServerTarget(host, port, user, database);
    int failures = 0;
    for (Path file : files) {
      String name = file.getFileName().toString().replaceFirst("\\.spec$", "");
      String transcript = transcript(Files.readString(file), name, target, STEP_NANOS_MAX);
      if (record != null) {
        Files.writeString(record.resolve(name + ".out"), transcript);
      } else if (expected == null) {
        System.out.print(transcript);
      } else {
        boolean matches = matches(transcript, expected, name);
        failures += matches ? 0 : 1;
        System.out.println((matches ? "ok     " : "FAILED ") + name);
      }
    }
    System.exit(failures == 0 ? 0 : 1);
  }

  /// The transcript of a script; one that gets stuck ends with the reason.
  public static String transcript(String spec, String name, ServerTarget target, long stepNanosMax) throws IOException {
    try (SpecRunner runner = new SpecRunner(SpecParser.parse(spec), target, name, stepNanosMax)) {
      try {
        return runner.run();
      } catch (SpecRunner.PermutationStuckException e) {
        return runner.transcript() + e.getMessage() + "\n";
      }
    }
  }

  private static boolean matches(String transcript, Path directory, String name) throws IOException {
    for (int i = 0; ; i++) {
      Path file = directory.resolve(name + (i == 0 ? "" : "_" + i) + ".out");
      if (!Files.exists(file)) {
        return false;
      }
      if (Files.readString(file).equals(transcript)) {
        return true;
      }
    }
  }
}
