package io.heliosdb.nano.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// `docs/functions.md` lists what there is by the same definitions that resolve and run it. With `-Dfunctions.page=update` it is written anew.
class FunctionsPageTest {
  private static final Path PAGE = Path.of("../docs/functions.md");

  /// What users call: no parts of types, indexes and languages.
  private static final String CALLABLE =
      """
      SELECT oid::int, proname::text, prokind::text, pg_get_function_arguments(oid), pg_get_function_result(oid), coalesce(obj_description(oid, 'pg_proc'), '')
      FROM pg_proc p
      WHERE pronamespace = 'pg_catalog'::regnamespace
        AND NOT EXISTS (SELECT FROM unnest(array_append(proargtypes::oid[], prorettype)) t WHERE t IN ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype,
          'language_handler'::regtype, 'index_am_handler'::regtype, 'table_am_handler'::regtype, 'fdw_handler'::regtype, 'tsm_handler'::regtype))
        AND coalesce(obj_description(oid, 'pg_proc'), '') !~ '^(implementation of|internal |I/O$|less-equal-greater|hash$|convert .* (to|from) .* encoding)'
        AND NOT EXISTS (SELECT FROM pg_operator o WHERE o.oprcode = p.oid AND coalesce(obj_description(p.oid, 'pg_proc'), '') = '')
      ORDER BY proname COLLATE "C", pronargs, oid::int
      """;

  private static final String OPERATORS =
      """
      SELECT oprcode::oid::int, oprname::text, CASE WHEN oprleft = 0 THEN '' ELSE oprleft::regtype::text || ' ' END || oprname || ' ' || oprright::regtype,
        oprresult::regtype::text, coalesce(obj_description(oid, 'pg_operator'), '')
      FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprcode <> 0
      ORDER BY oprname COLLATE "C", oid::int
      """;

  private record Entry(Set<String> signatures, Set<String> descriptions) {}

  @Test
  void the_page_lists_what_the_definitions_say() throws IOException {
    String page = page();
    if ("update".equals(System.getProperty("functions.page"))) {
      Files.writeString(PAGE, page);
    }
    assertTrue(page.lines().count() > 800, "a page of all functions");
    assertEquals(Files.readString(PAGE), page, "docs/functions.md is out of date: run this test with -Dfunctions.page=update");
  }

  private static String page() {
    Map<String, Map<String, Entry>> sections = new LinkedHashMap<>();
    for (String title : List.of("Functions", "Aggregates", "Window functions", "Procedures", "Operators")) {
      sections.put(title, new LinkedHashMap<>());
    }
    Set<String> missing = new TreeSet<>();
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      for (Row row : db.query(CALLABLE).rows()) {
        String name = row.getString(1);
        if (isImplemented(row.getInt(0))) {
          String title =
              switch (row.getString(2)) {
                case "a" -> "Aggregates";
                case "w" -> "Window functions";
                case "p" -> "Procedures";
                default -> "Functions";
              };
          add(sections.get(title), name, "(" + row.getString(3) + ") → " + row.getString(4), row.getString(5));
        } else {
          missing.add(name);
        }
      }
      for (Row row : db.query(OPERATORS).rows()) {
        if (isImplemented(row.getInt(0))) {
          add(sections.get("Operators"), row.getString(1), row.getString(2) + " → " + row.getString(3), row.getString(4));
        }
      }
    }
    StringBuilder page = new StringBuilder(
        """
        # Functions and operators

        Written from the definitions that resolve, run and describe them (`pg_proc`, `pg_operator`); descriptions are those of the catalog
        (`obj_description`). `FunctionsPageTest` keeps the page true.
        """);
    sections.forEach((title, entries) -> {
      if (!entries.isEmpty()) {
        page.append("\n## ").append(title).append("\n\n| name | arguments → result | |\n|---|---|---|\n");
        entries.forEach((name, entry) -> page.append(line(name, entry)));
      }
    });
    page.append("\n## Known, but not there yet\n\nThese are in the catalog and answer 0A000 when called: ");
    List<String> names = new ArrayList<>();
    missing.forEach(name -> names.add("`" + name + "`"));
    return page.append(String.join(", ", names)).append(".\n").toString();
  }

  private static boolean isImplemented(int oid) {
    FunctionDef function = BuiltinCatalog.function(oid);
    return !(function.body() instanceof FunctionDef.BuiltinBody) || Builtins.find(function) != null;
  }

  private static void add(Map<String, Entry> entries, String name, String signature, String description) {
    Entry entry = entries.computeIfAbsent(name, n -> new Entry(new LinkedHashSet<>(), new LinkedHashSet<>()));
    entry.signatures().add(signature);
    if (!description.isEmpty()) {
      entry.descriptions().add(description);
    }
  }

  private static String line(String name, Entry entry) {
    List<String> signatures = new ArrayList<>();
    entry.signatures().forEach(s -> signatures.add("`" + cell(s) + "`"));
    return "| `" + cell(name) + "` | " + String.join("<br>", signatures) + " | " + cell(String.join("; ", entry.descriptions())) + " |\n";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
