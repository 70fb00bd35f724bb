package io.heliosdb.nano.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What [FieldInput] reads straight from bytes is what the types' input functions read from text, errors included. `-Dcopy.seed=n` repeats a run.
class PlainNumbersTest {
  private static final long SEED = Long.getLong("copy.seed", new Random().nextLong());
  private static final int RUNS = Integer.getInteger("copy.numbers", 20_000);

  private static String result(java.util.function.Supplier<Object> parse) {
    try {
      Object value = parse.get();
      return value instanceof Double d ? Long.toHexString(Double.doubleToRawLongBits(d)) : value.getClass().getSimpleName() + " " + value;
    } catch (SqlException e) {
      return e.state() + " " + e.getMessage();
    }
  }

  private static void check(PgType type, int typmod, String text) {
    byte[] bytes = ("x" + text + "y").getBytes(StandardCharsets.UTF_8);
    FieldInput input = FieldInput.of(type, typmod, IoContext.DEFAULT);
    assertEquals(
        result(() -> TypeIo.parse(type, typmod, text, IoContext.DEFAULT)), result(() -> input.parse(bytes, 1, bytes.length - 1)),
        type + " of \"" + text + "\", seed " + SEED);
  }

  private static final int NUMERIC_9_2 = (9 << 16 | 2) + 4;
  private static final int VARCHAR_5 = 5 + 4;

  @Test
  void random_numbers_in_plain_form() {
    Random random = new Random(SEED);
    for (int i = 0; i < RUNS; i++) {
      String digits = new BigInteger(random.nextInt(1, 66), random).toString();
      String decimal = new BigDecimal(new BigInteger(random.nextInt(1, 66), random), random.nextInt(25)).toPlainString();
      String sign = random.nextInt(4) == 0 ? "-" : "";
      for (PgType type : List.of(PgTypes.INT2, PgTypes.INT4, PgTypes.INT8, PgTypes.NUMERIC, PgTypes.FLOAT8)) {
        check(type, -1, sign + digits);
        check(type, -1, sign + decimal);
      }
      check(PgTypes.NUMERIC, NUMERIC_9_2, sign + decimal);
      check(PgTypes.NUMERIC, NUMERIC_9_2, sign + random.nextInt(20_000_000) / 10 + "." + random.nextInt(100));
      double real = Double.longBitsToDouble(random.nextLong(0x3e00_0000_0000_0000L, 0x4300_0000_0000_0000L));
      check(PgTypes.FLOAT8, -1, sign + new BigDecimal(Double.toString(real)).toPlainString());
      // Halfway between two doubles, where rounding is decided.
      check(PgTypes.FLOAT8, -1, sign + (9007199254740993L + 2L * random.nextInt(1 << 20)));
    }
  }

  @Test
  void dates_of_all_months_and_times() {
    Random random = new Random(SEED);
    for (int i = 0; i < RUNS; i++) {
      String date = String.format("%04d-%02d-%02d", random.nextInt(10_000), random.nextInt(14), random.nextInt(33));
      check(PgTypes.DATE, -1, date);
      String time = String.format("%02d:%02d:%02d", random.nextInt(26), random.nextInt(62), random.nextInt(62));
      String fraction = random.nextBoolean() ? "" : "." + String.valueOf(random.nextInt(10_000_000));
      check(PgTypes.TIMESTAMP, -1, date + (random.nextBoolean() ? " " : "T") + time + fraction);
    }
  }

  @Test
  void odd_forms() {
    for (String text : List.of("", " 1", "1 ", "+1", "-", ".", "-.", ".5", "5.", "--1", "1e3", "0x10", "NaN", "Infinity", "1_000", "00012", "-0", "-0.0", "1.2.3", "ä",
        "99999999999999999999", "0.000000000000000000001", "123456789012345678", "2000-01-01", "2000-1-1", "20000101", "2000-01-01 24:00:00", "2000-01-01 00:00:00.",
        "2000-01-01 00:00:00.1234567", "infinity", "t", "f", "true", "T", "no")) {
      for (PgType type : List.of(PgTypes.BOOL, PgTypes.INT2, PgTypes.INT4, PgTypes.INT8, PgTypes.NUMERIC, PgTypes.FLOAT8, PgTypes.DATE, PgTypes.TIMESTAMP, PgTypes.TEXT)) {
        check(type, -1, text);
      }
      check(PgTypes.NUMERIC, NUMERIC_9_2, text);
      check(PgTypes.VARCHAR, VARCHAR_5, text);
    }
  }
}
