package io.heliosdb.nano.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The script `heliosdb-nano`, with stand-ins for Maven and for the JDKs: which JDK it takes, when it builds, what it passes on, what it says
/// where there is no JDK. The stand-in JDKs print their arguments.
@Timeout(60)
class LauncherTest {
  @TempDir Path directory;
  private Path home;
  private Path jdks;
  private Path tools;
  private final Map<String, String> environment = new HashMap<>();

  private record Run(int code, String out, String err) {
    /// The arguments that the program got, one per line.
    String program() {
      return out.substring(out.indexOf("io.heliosdb.nano.cli.Main"));
    }
  }

  @BeforeEach
  void installation() throws IOException {
    Path script = Path.of("../heliosdb-nano");
    assumeTrue(Files.isExecutable(script) && Files.isExecutable(Path.of("/bin/bash")), "no shell to run the script with");
    home = Files.createDirectories(directory.resolve("a place with spaces"));
    jdks = Files.createDirectories(directory.resolve("jdk folder"));
    tools = Files.createDirectories(directory.resolve("tools"));
    Files.copy(script, home.resolve("heliosdb-nano"), StandardCopyOption.COPY_ATTRIBUTES);
    // Maven's stand-in makes what the build makes, and counts.
    executable(
        tools.resolve("mvn"),
        "echo built >> ../builds; mkdir -p cli/target/dist/lib; : > cli/target/dist/lib/nano.jar; : > cli/target/dist/class-path");
    environment.put("HELIOSDB_JDK_FOLDER", jdks.toString());
    environment.put("PATH", tools + ":/usr/bin:/bin");
    jdk(tools.resolve("../java-17"), "17.0.15");
    Files.createSymbolicLink(tools.resolve("java"), directory.resolve("java-17/bin/java"));
  }

  private static void executable(Path file, String commands) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/bash\n" + commands + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private static Path jdk(Path place, String version) throws IOException {
    executable(place.resolve("bin/java"), "echo \"jdk " + version + "\"; printf '%s\\n' \"$@\"");
    Files.writeString(place.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
    return place;
  }

  private Run run(Path script, Path from, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_HOME", "HELIOSDB_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
    builder.environment().putAll(environment);
    int code = builder.start().waitFor();
    return new Run(code, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
  }

  private Run run(String... arguments) throws IOException, InterruptedException {
    return run(home.resolve("heliosdb-nano"), directory, arguments);
  }

  private int builds() throws IOException {
    return Files.exists(directory.resolve("builds")) ? Files.readAllLines(directory.resolve("builds")).size() : 0;
  }

  @Test
  void jdk_is_found_beside_an_older_default_and_later_starts_do_not_build() throws Exception {
    jdk(jdks.resolve("jdk-21"), "21.0.1");
    jdk(jdks.resolve("jdk-25"), "25.0.1");
    Run first = run("--version");
    assertEquals(0, first.code(), first.err());
    assertTrue(first.out().startsWith("jdk 25.0.1\n"), first.out());
    assertTrue(first.err().contains("Building HeliosDB Nano"), first.err());
    Run second = run("--version");
    assertTrue(second.out().startsWith("jdk 25.0.1\n"));
    assertEquals("", second.err());
    assertEquals(1, builds());
  }

  @Test
  void java_home_comes_first_then_the_path() throws Exception {
    jdk(jdks.resolve("jdk-25"), "25.0.1");
    environment.put("JAVA_HOME", jdk(directory.resolve("home jdk"), "26").toString());
    assertTrue(run("--version").out().startsWith("jdk 26\n"));
    Files.delete(home.resolve("cli/target/dist/java-home"));
    // One that is too old is passed over.
    environment.put("JAVA_HOME", directory.resolve("java-17").toString());
    Files.delete(tools.resolve("java"));
    jdk(directory.resolve("java-27"), "27-ea");
    Files.createSymbolicLink(tools.resolve("java"), directory.resolve("java-27/bin/java"));
    assertTrue(run("--version").out().startsWith("jdk 27-ea\n"));
  }

  @Test
  void recorded_jdk_that_is_gone_is_replaced() throws Exception {
    Path old = jdk(jdks.resolve("jdk-25"), "25.0.1");
    assertTrue(run("--version").out().startsWith("jdk 25.0.1\n"));
    Files.move(old, directory.resolve("elsewhere"));
    jdk(jdks.resolve("jdk-25.2"), "25.0.2");
    assertTrue(run("--version").out().startsWith("jdk 25.0.2\n"));
    assertEquals(1, builds());
  }

  @Test
  void no_jdk_says_what_to_install() throws Exception {
    jdk(jdks.resolve("jdk-21"), "21.0.1");
    Run none = run("--version");
    assertEquals(69, none.code());
    assertEquals("", none.out());
    assertTrue(none.err().contains("needs a JDK 25 or newer") && none.err().contains("Install one"), none.err());
    assertEquals(0, builds());
  }

  @Test
  void no_maven_and_failed_builds_are_told() throws Exception {
    jdk(jdks.resolve("jdk-25"), "25.0.1");
    executable(tools.resolve("mvn"), "echo 'BUILD FAILURE' >&2; exit 1");
    Run failed = run("--version");
    assertEquals(70, failed.code());
    assertTrue(failed.err().contains("The build failed"), failed.err());
    assertFalse(Files.exists(home.resolve("cli/target/dist/java-home")));
    if (!Files.exists(Path.of("/usr/bin/mvn")) && !Files.exists(Path.of("/bin/mvn"))) {
      Files.delete(tools.resolve("mvn"));
      Run none = run("--version");
      assertEquals(69, none.code());
      assertTrue(none.err().contains("needs Maven"), none.err());
    }
  }

  @Test
  void arguments_pass_unchanged_through_a_link_from_elsewhere() throws Exception {
    jdk(jdks.resolve("jdk 25"), "25.0.1");
    Path elsewhere = Files.createDirectories(directory.resolve("some where else"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("nano"), home.resolve("heliosdb-nano"));
    Run run = run(link, elsewhere, "repl", "--memory", "--execute", "SELECT 'a  b', \"x\", $1 \\ *");
    assertEquals(0, run.code(), run.err());
    assertEquals("io.heliosdb.nano.cli.Main\nrepl\n--memory\n--execute\nSELECT 'a  b', \"x\", $1 \\ *\n", run.program());
    assertTrue(run.out().contains("-Dheliosdb.home=" + home.toRealPath() + "\n"), run.out());
    assertTrue(run.out().contains(home.toRealPath().resolve("cli/target/dist/lib/nano.jar") + "\n"), run.out());
    // Found on the path by its name alone.
    environment.put("PATH", elsewhere + ":" + environment.get("PATH"));
    assertEquals("io.heliosdb.nano.cli.Main\n--help\n", run(Path.of("/usr/bin/env"), elsewhere, "nano", "--help").program());
  }

  @Test
  void further_jvm_options_come_from_the_environment() throws Exception {
    jdk(jdks.resolve("jdk-25"), "25.0.1");
    environment.put("HELIOSDB_JAVA_OPTIONS", "-Xmx3g -Dx=y");
    assertTrue(run("status").out().contains("\n-Xmx3g\n-Dx=y\n"));
  }
}
