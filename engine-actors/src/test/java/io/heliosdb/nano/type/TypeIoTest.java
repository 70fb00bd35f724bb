package io.heliosdb.nano.type;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.type.IoContext.DateOrder;
import io.heliosdb.nano.type.IoContext.DateStyle;
import io.heliosdb.nano.type.IoContext.IntervalStyle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TypeIoTest {
  private static final IoContext UTC = IoContext.builder().transactionMicros(800_000_000_000_000L).build();

  private static List<String[]> table(String name) throws IOException {
    try (BufferedReader reader = new BufferedReader(
        new InputStreamReader(TypeIoTest.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).map(line -> line.split("\t", -1)).toList();
    }
  }

  private static String parsedAndPrinted(PgType type, String text, IoContext context) {
    try {
      return TypeIo.toText(type, TypeIo.parse(type, -1, text, context), context);
    } catch (SqlException e) {
      return e.toString().replaceFirst("^ERROR (\\w{5}): ", "ERROR $1: ");
    }
  }

  @Test
  void text_input_and_output_agree_with_postgresql() throws IOException {
    List<Executable> checks = table("text_cases.tsv").stream().<Executable>map(row -> () ->
        assertEquals(row[2], parsedAndPrinted(PgTypes.byName(row[0]), row[1], UTC), row[0] + " '" + row[1] + "'")).toList();
    assertTrue(checks.size() > 300);
    assertAll(checks);
  }

  @Test
  void binary_forms_agree_with_postgresql_and_round_trip() throws IOException {
    List<Executable> checks = table("binary_cases.tsv").stream().<Executable>map(row -> () -> {
      PgType type = PgTypes.byName(row[0]);
      Object value = TypeIo.parse(type, -1, row[1], UTC);
      ByteSink out = new ByteSink();
      TypeIo.send(type, value, UTC, out);
      assertEquals(row[2], HexFormat.of().formatHex(out.toByteArray()), row[0] + " '" + row[1] + "'");
      byte[] bytes = HexFormat.of().parseHex(row[2]);
      Object received = TypeIo.receive(type, -1, bytes, 0, bytes.length, UTC);
      assertEquals(TypeIo.toText(type, value, UTC), TypeIo.toText(type, received, UTC), row[0] + " received");
    }).toList();
    assertTrue(checks.size() > 50);
    assertAll(checks);
  }

  @Test
  void truncated_binary_values_are_refused_with_a_sqlstate() throws IOException {
    for (String[] row : table("binary_cases.tsv")) {
      PgType type = PgTypes.byName(row[0]);
      byte[] bytes = HexFormat.of().parseHex(row[2]);
      for (int length = 0; length < bytes.length; length++) {
        try {
          TypeIo.receive(type, -1, bytes, 0, length, UTC);
        } catch (SqlException expected) {
          assertEquals(5, expected.state().code().length());
        }
      }
    }
  }

  @Test
  void styles_of_dates_and_intervals() {
    IoContext berlin = UTC.toBuilder().zone(TimeZones.find("europe/berlin")).build();
    Object summer = TypeIo.parse(PgTypes.TIMESTAMPTZ, -1, "1997-07-17 07:37:16.5-07", berlin);
    String[][] stamps = {
      {"ISO", "MDY", "1997-07-17 16:37:16.5+02"}, {"SQL", "MDY", "07/17/1997 16:37:16.5 CEST"},
      {"SQL", "DMY", "17/07/1997 16:37:16.5 CEST"}, {"POSTGRES", "MDY", "Thu Jul 17 16:37:16.5 1997 CEST"},
      {"POSTGRES", "DMY", "Thu 17 Jul 16:37:16.5 1997 CEST"}, {"GERMAN", "DMY", "17.07.1997 16:37:16.5 CEST"}};
    for (String[] c : stamps) {
      IoContext style = berlin.toBuilder().dateStyle(DateStyle.valueOf(c[0]), DateOrder.valueOf(c[1])).build();
      assertEquals(c[2], TypeIo.toText(PgTypes.TIMESTAMPTZ, summer, style));
    }
    String[][] intervals = {
      {"POSTGRES", "1 year 2 mons 3 days 04:05:06.7", "1 year 2 mons 3 days 04:05:06.7"},
      {"POSTGRES", "-1 year -2 mons +3 days -04:05:06", "-1 years -2 mons +3 days -04:05:06"},
      {"POSTGRES_VERBOSE", "1 year 2 mons 3 days 04:05:06.7", "@ 1 year 2 mons 3 days 4 hours 5 mins 6.7 secs"},
      {"POSTGRES_VERBOSE", "-1 year -2 mons +3 days -04:05:06", "@ 1 year 2 mons -3 days 4 hours 5 mins 6 secs ago"},
      {"SQL_STANDARD", "1-2", "1-2"}, {"SQL_STANDARD", "3 4:05:06", "3 4:05:06"},
      {"SQL_STANDARD", "-1-2 +3 -4:05:06", "-1-2 +3 -4:05:06"}, {"SQL_STANDARD", "-1 days -2:00", "-1 2:00:00"},
      {"ISO_8601", "1 year 2 mons 3 days 04:05:06.7", "P1Y2M3DT4H5M6.7S"}, {"ISO_8601", "-1 year 2 mons -1.5 secs", "P-10MT-1.5S"}};
    for (String[] c : intervals) {
      IoContext style = UTC.toBuilder().intervalStyle(IntervalStyle.valueOf(c[0])).build();
      assertEquals(c[2], TypeIo.toText(PgTypes.INTERVAL, TypeIo.parse(PgTypes.INTERVAL, -1, c[1], style), style), c[0]);
    }
    IoContext dmy = UTC.toBuilder().dateStyle(DateStyle.ISO, DateOrder.DMY).build();
    assertEquals("1999-08-01", parsedAndPrinted(PgTypes.DATE, "1/8/1999", dmy));
  }

  @Test
  void special_words_count_from_the_transaction() {
    assertEquals("2025-05-08 06:13:20+00", parsedAndPrinted(PgTypes.TIMESTAMPTZ, "now", UTC));
    assertEquals("2025-05-09", parsedAndPrinted(PgTypes.DATE, "tomorrow", UTC));
    assertEquals("2025-05-07 10:00:00", parsedAndPrinted(PgTypes.TIMESTAMP, "yesterday 10:00", UTC));
  }

  @Test
  void modifiers_cut_pad_round_or_refuse() {
    assertEquals(" (10,2)", " " + Typmods.typmodOut(PgTypes.NUMERIC, Typmods.typmodIn(PgTypes.NUMERIC, List.of("10", "2"))));
    int numeric = Typmods.typmodIn(PgTypes.NUMERIC, List.of("4", "2"));
    assertEquals("12.35", Typmods.apply(PgTypes.NUMERIC, Numeric.parse("12.345"), numeric, false).toString());
    assertEquals("ERROR 22003: numeric field overflow DETAIL: A field with precision 4, scale 2 must round to an absolute value less"
        + " than 10^2.", failure(() -> Typmods.apply(PgTypes.NUMERIC, Numeric.parse("99.995"), numeric, true)));
    int negativeScale = Typmods.typmodIn(PgTypes.NUMERIC, List.of("3", "-3"));
    assertEquals("123000", Typmods.apply(PgTypes.NUMERIC, Numeric.parse("123456"), negativeScale, false).toString());
    int varchar = Typmods.typmodIn(PgTypes.VARCHAR, List.of("3"));
    assertEquals("ERROR 22001: value too long for type character varying(3)",
        failure(() -> Typmods.apply(PgTypes.VARCHAR, "abcd", varchar, false)));
    assertEquals("abc", Typmods.apply(PgTypes.VARCHAR, "abcd", varchar, true));
    assertEquals("a  ", Typmods.apply(PgTypes.BPCHAR, "a", varchar, false));
    assertEquals("abc", Typmods.apply(PgTypes.BPCHAR, "abc  ", varchar, false));
    assertEquals("ERROR 22026: bit string length 2 does not match type bit(3)",
        failure(() -> Typmods.apply(PgTypes.BIT, TypeIo.parse(PgTypes.VARBIT, -1, "10", UTC), 3, false)));
    assertEquals("12:34:57", TypeIo.toText(PgTypes.TIME, TypeIo.parse(PgTypes.TIME, 0, "12:34:56.5", UTC), UTC));
  }

  @Test
  void type_names() {
    String[][] names = {
      {"int4", "-1", "integer"}, {"_int4", "-1", "integer[]"}, {"varchar", "14", "character varying(14)"}, {"_varchar", "14", ""},
      {"timestamptz", "3", "timestamp(3) with time zone"}, {"time", "-1", "time without time zone"}, {"bpchar", "5", "character(1)"},
      {"numeric", "655366", "numeric(10,2)"}, {"interval", "470286339", "interval day to second(3)"}, {"char", "-1", "\"char\""},
      {"float4", "-1", "real"}, {"varbit", "7", "bit varying(7)"}, {"jsonb", "-1", "jsonb"}};
    names[2][2] = "character varying(10)";
    names[3][2] = "character varying(10)[]";
    for (String[] c : names) {
      assertEquals(c[2], Typmods.formatType(PgTypes.byName(c[0]), Integer.parseInt(c[1]), PgTypes.BUILTIN), c[0]);
    }
    assertEquals("???", Typmods.formatType(99999, -1, PgTypes.BUILTIN));
  }

  private static String failure(Executable executable) {
    try {
      executable.execute();
    } catch (SqlException e) {
      return e.toString();
    } catch (Throwable e) {
      return e.toString();
    }
    return "no error";
  }
}
