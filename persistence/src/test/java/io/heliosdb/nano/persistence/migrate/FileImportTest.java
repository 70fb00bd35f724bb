package io.heliosdb.nano.persistence.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.migrate.file.FileImport;
import io.heliosdb.nano.persistence.migrate.file.FileOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileImportTest {
  @TempDir Path directory;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  /// Imports into a fresh database and gives the table's columns with types, then its rows.
  private String imported(Path file, String format, UnaryOperator<FileOptions> options) {
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      FileOptions all = options.apply(FileOptions.of(file, format));
      try (SessionTarget target = new SessionTarget(database.engine(), "main")) {
        FileImport.into(target, all);
      }
      String table = all.table() == null ? file.getFileName().toString().replaceFirst("\\..*", "").toLowerCase() : all.table();
      return database.queryOne(
              "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0", String.class, "\"" + table + "\"")
          + " : " + database.queryOne("SELECT string_agg(whole::text, ';') FROM \"" + table + "\" whole", String.class);
    }
  }

  private String csv(String content) throws IOException {
    return imported(file("data.csv", content), "csv", options -> options);
  }

  @Test
  void types_are_those_that_all_values_have() throws IOException {
    assertEquals(
        "i integer, b bigint, n numeric, f double precision, x boolean, d date, ts timestamp without time zone, tz timestamp with time zone, u uuid, j jsonb, zip text, t text : "
            + "(1,3000000000,1.50,1e+100,t,2024-02-29,\"2024-02-29 00:00:00\",\"2024-02-29 10:00:00+00\",a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,\"{\"\"a\"\": 1}\",01234,x);"
            + "(-2,1,100000000000000000000,2.5,f,0001-01-01,\"2024-02-29 23:59:59.5\",\"2024-02-29 08:00:00+00\",a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12,[2],9,\"\");(,,,,,,,,,,,)",
        csv("""
            i,b,n,f,x,d,ts,tz,u,j,zip,t
            1,3000000000,1.50,1e100,true,2024-02-29,2024-02-29,2024-02-29T10:00:00Z,a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,"{""a"": 1}",01234,x
            -2,1,100000000000000000000,2.5,false,0001-01-01,2024-02-29 23:59:59.5,2024-02-29 10:00:00+02,A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A12,[2],9,""
            ,,,,,,,,,,,
            """));
  }

  @Test
  void a_value_far_behind_the_sample_widens_its_column() throws IOException {
    StringBuilder content = new StringBuilder("n,d\n");
    for (int i = 0; i < 60_000; i++) {
      content.append(i).append(",2024-01-01\n");
    }
    String result = csv(content.append("many,2024-02-30\n").toString());
    assertTrue(result.startsWith("n text, d text : (0,2024-01-01);"), result.substring(0, 60));
    assertTrue(result.endsWith(";(many,2024-02-30)"), result.substring(result.length() - 60));
  }

  @Test
  void headers_and_delimiters_are_found_out() throws IOException {
    assertEquals("id integer, name text : (1,a);(2,b)", csv("Id;Name\n1;a\n2;b\n"));
    assertEquals("column1 integer, column2 text : (1,a);(2,b)", csv("1\ta\n2\tb\n"));
    assertEquals("name text, city text : (ann,rome);(bob,oslo)", csv("name|city\r\nann|rome\r\nbob|oslo"));
    assertEquals("column1 text, column2 text : (ann,rome);(ann,oslo)", csv("ann,rome\nann,oslo\n"));
    assertEquals("a text, a_2 text, column3 text : (\"x,\r\ny\",\"q\"\"\",z)", imported(file("mark.csv", "\uFEFFa,A,\n\"x,\r\ny\",\"q\"\"\",z\n"), "csv", options -> options.withHeader(true)));
    assertEquals("only text : (x);(y)", csv("only\nx\ny\n"));
    Path forced = file("forced.csv", "1,2\n3,-\n");
    assertEquals("1 integer, 2 text : (3,)", imported(forced, "csv", options -> options.withHeader(true).withNullText("-")));
    assertEquals("column1 integer, column2 integer : (1,2);(3,)", imported(forced, "csv", options -> options.withHeader(false).withNullText("-")));
    Path latin = Files.write(directory.resolve("latin.csv"), "Größe\nüber\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("Größe text : (über)", imported(latin, "csv", options -> options.withEncoding("LATIN1").withKeepCase(true)));
  }

  @Test
  void members_of_json_objects_become_columns() throws IOException {
    assertEquals(
        "id integer, Mixed text, tags jsonb, at timestamp with time zone, code text, price numeric, ok boolean, late jsonb : "
            + "(1,1,\"[1, \"\"a\"\"]\",\"2024-01-01 00:00:00+00\",12,1.10,t,);(2,x,,,\"0 \"\"\",2,,\"\"\"text\"\"\");(,true,\"{\"\"k\"\": null}\",,,1000,f,\"{\"\"a\"\": 1}\")",
        imported(
            file("data.json", """
                [{"id": 1, "Mixed": 1, "tags": [1, "a"], "at": "2024-01-01T00:00:00Z", "code": "12", "price": 1.10, "ok": true},
                 {"id": 2, "Mixed": "x", "price": 2, "code": "0 \\"", "late": "text"},
                 {"late": {"a": 1}, "tags": {"k": null}, "Mixed": true, "ok": false, "price": 1000}]
                """),
            "json", options -> options.withKeepCase(true)));
    assertEquals("a integer, b text : (1,);(2,x)", imported(file("lines.jsonl", "{\"a\": 1}\n\n{\"a\": 2, \"B\": \"x\"}\n"), "jsonl", options -> options));
  }

  @Test
  void a_parquet_file_keeps_the_types_that_it_declares() {
    Path file = directory.resolve("kept.parquet");
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE source (i smallint, t text, n numeric(12,3), ts timestamp, f real, a integer[], b bytea)");
      database.execute("INSERT INTO source SELECT i, 'text ' || i, i / 7.0, '2024-01-01'::timestamp + i * interval '1 hour', i / 3.0, ARRAY[i, NULL], '\\x00ff' FROM generate_series(1, 3000) i");
      database.execute("INSERT INTO source DEFAULT VALUES");
      database.execute("COPY source TO '" + file + "' WITH (FORMAT parquet)");
      try (SessionTarget target = new SessionTarget(database.engine(), "main")) {
        assertEquals(3001, FileImport.into(target, FileOptions.of(file, "parquet")).rows());
      }
      assertEquals(0L, database.queryOne("SELECT count(*) FROM (SELECT * FROM source EXCEPT ALL SELECT * FROM kept) d", Long.class));
      assertEquals("integer[]", database.queryOne("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'kept'::regclass AND attname = 'a'", String.class));
    }
  }

  @Test
  void errors_name_the_place_and_leave_nothing() throws IOException {
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      String[][] cases = {
        {"csv", "a,b\n1,2\n3\n", "22P04", "line 3"}, {"csv", "a,b\n1,2\n3,4,5\n", "22P04", "line 3"}, {"csv", "a,b\n1,\"open\n", "22P04", "line"}, {"csv", "", "22P04", ""},
        {"json", "[{\"a\": 1}, {\"a\": }]", "22P02", "line 1"}, {"json", "[1]", "22P02", "line 1"}, {"jsonl", "{\"a\": 1}\n{\"a\"", "22P02", "line 2"}, {"json", "[{}]", "22P04", ""},
      };
      for (String[] test : cases) {
        Path file = file("bad." + test[0], test[1]);
        try (SessionTarget target = new SessionTarget(database.engine(), "main")) {
          SqlException error = assertThrows(SqlException.class, () -> FileImport.into(target, FileOptions.of(file, test[0])), test[1]);
          assertEquals(test[2], error.state().code(), test[1]);
          assertTrue(String.valueOf(error.context()).contains(test[3]) || test[3].isEmpty(), test[1] + error.context());
        }
      }
      Path bytes = Files.write(directory.resolve("bytes.csv"), new byte[] {'a', '\n', (byte) 0xff, '\n'});
      try (SessionTarget target = new SessionTarget(database.engine(), "main")) {
        assertEquals("22021", assertThrows(SqlException.class, () -> FileImport.into(target, FileOptions.of(bytes, "csv"))).state().code());
      }
      assertEquals(0L, database.queryOne("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", Long.class));
    }
  }
}
