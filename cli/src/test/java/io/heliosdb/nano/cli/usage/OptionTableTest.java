package io.heliosdb.nano.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class OptionTableTest {
  private final List<String> seen = new ArrayList<>();

  private OptionTable.Wanted read(String... words) {
    seen.clear();
    OptionTable options = new OptionTable();
    options.text("SQL", "A text.", value -> seen.add("text " + value), "--text", "-x");
    options.texts("SQL", "Texts.", values -> seen.add("texts " + values), "--texts", "-e");
    options.list("NAME", "Names.", values -> seen.add("names " + values), "--names");
    options.flag("A flag.", () -> seen.add("flag"), "--flag", "-f");
    options.flag("Another flag.", () -> seen.add("other"), "--other", "-o");
    options.flagOrNot("Either.", value -> seen.add("either " + value), "--either");
    options.choice(OptionTable.Wanted.class, "WANTED", "One of some.", value -> seen.add(value.name().toLowerCase(Locale.ROOT)), "--choice");
    options.argument("FILE", "The file.", value -> seen.add("file " + value));
    return options.read(List.of(words));
  }

  private void assertRead(List<String> expected, String... words) {
    assertEquals(OptionTable.Wanted.RUN, read(words));
    assertEquals(expected, seen);
  }

  private String refusal(String... words) {
    return assertThrows(UsageException.class, () -> read(words)).getMessage();
  }

  @Test
  void forms_of_options() {
    assertRead(List.of("text a", "file f"), "--text", "a", "f");
    assertRead(List.of("file f", "text a=b"), "f", "--text=a=b");
    assertRead(List.of("text a", "file f"), "-x", "a", "f");
    assertRead(List.of("text a", "flag", "other", "file f"), "-xa", "-fo", "f");
    assertRead(List.of("flag", "text a", "file f"), "-fx=a", "f");
    assertRead(List.of("text -- a comment", "file -f"), "--text", "-- a comment", "--", "-f");
    assertRead(List.of("texts [1]", "texts [1, -2]", "file -"), "-e", "1", "--texts=-2", "-");
    assertRead(List.of("names [a, b]", "names [a, b, c]", "file f"), "--names", "a,b", "--names", "c", "f");
    assertRead(List.of("either true", "either false", "file f"), "--either", "--no-either", "f");
    assertRead(List.of("either false", "run", "file f"), "--either=false", "--choice", "Run", "f");
  }

  @Test
  void help_and_version_need_nothing_else() {
    assertEquals(OptionTable.Wanted.HELP, read("-h"));
    assertEquals(OptionTable.Wanted.VERSION, read("--version"));
    assertEquals(OptionTable.Wanted.HELP, read("--text", "a", "--help"));
  }

  @Test
  void refusals() {
    assertEquals("Unknown option: '--texd'", refusal("--texd", "f"));
    assertEquals("Unknown option: '-z'", refusal("-fz", "f"));
    assertEquals("Missing required parameter for option '--text' (SQL)", refusal("f", "--text"));
    assertEquals("Missing required parameter for option '--text' (SQL)", refusal("f", "-x", "--flag"));
    assertEquals("option '--text' (SQL) should be specified only once", refusal("f", "-x", "1", "--text=2"));
    assertEquals("Missing required parameter: 'FILE'", refusal("--flag"));
    assertEquals("Unmatched argument: 'g'", refusal("f", "g"));
    assertEquals("Invalid value for option '--choice': expected one of [run, help, version] but was 'x'", refusal("f", "--choice", "x"));
    assertEquals("Invalid value for option '--flag': 'maybe' is not a boolean", refusal("f", "--flag=maybe"));
  }

  @Test
  void required_options_and_help() {
    OptionTable options = new OptionTable();
    String description = "A file to read, which has to be given and whose description is long enough for a second line.";
    options.path("FILE", description, value -> {}, "--input", "-i").required();
    options.flagOrNot("Either.", value -> {}, "--either");
    options.flag("Nobody is told.", () -> {}, "--secret").hidden();
    assertEquals(
        """
        Usage: program run [OPTIONS] --input=FILE
        Runs.
              --[no-]either        Either.
          -h, --help               Show this help message and exit.
          -i, --input=FILE         A file to read, which has to be given and whose
                                     description is long enough for a second line.
          -V, --version            Print version information and exit.
        """,
        HelpText.of("program run", "Runs.", options));
    assertEquals("Missing required option: '--input=FILE'", assertThrows(UsageException.class, () -> options.read(List.of())).getMessage());
  }
}
