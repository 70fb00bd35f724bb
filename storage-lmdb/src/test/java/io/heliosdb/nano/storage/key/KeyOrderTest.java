package io.heliosdb.nano.storage.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Byte order of keys against the order of the values, for every kind of column, direction and place of nulls.
class KeyOrderTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  private interface Kind {
    Object value(Random random);

    void put(KeyWriter writer, Object value);

    int compare(Object left, Object right);

    Object read(KeyReader reader);
  }

  private static <T> Kind kind(
      java.util.function.Function<Random, T> values,
      java.util.function.BiConsumer<KeyWriter, T> put,
      Comparator<T> order,
      java.util.function.Function<KeyReader, ?> read) {
    return new Kind() {
      @Override
      public Object value(Random random) {
        return values.apply(random);
      }

      @Override
      @SuppressWarnings("unchecked")
      public void put(KeyWriter writer, Object value) {
        put.accept(writer, (T) value);
      }

      @Override
      @SuppressWarnings("unchecked")
      public int compare(Object left, Object right) {
        return order.compare((T) left, (T) right);
      }

      @Override
      public Object read(KeyReader reader) {
        return read.apply(reader);
      }
    };
  }

  /// PostgreSQL's order: NaN greatest, zeros equal.
  private static int compareFloats(double l, double r) {
    return Double.compare(l == 0 ? 0.0 : l, r == 0 ? 0.0 : r);
  }

  private static final double[] DOUBLES = {
    0.0, -0.0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MAX_VALUE
  };

  private static double randomDouble(Random random) {
    return random.nextBoolean() ? DOUBLES[random.nextInt(DOUBLES.length)] : Double.longBitsToDouble(random.nextLong());
  }

  private static float randomFloat(Random random) {
    return random.nextBoolean() ? (float) DOUBLES[random.nextInt(DOUBLES.length)] : Float.intBitsToFloat(random.nextInt());
  }

  private static BigDecimal randomDecimal(Random random) {
    int digits = random.nextInt(4) == 0 ? 200 : random.nextInt(4) == 0 ? 62 : 8;
    BigInteger unscaled = new BigInteger(1 + random.nextInt(digits), random);
    if (random.nextInt(10) == 0) {
      unscaled = BigInteger.valueOf(Long.MIN_VALUE).abs();
    }
    BigDecimal value = new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), random.nextInt(12) - 4);
    return random.nextBoolean() ? value.setScale(value.scale() + random.nextInt(3)) : value;
  }

  private static final Comparator<Object> NUMBERS =
      (l, r) ->
          l instanceof BigDecimal a && r instanceof BigDecimal b
              ? a.compareTo(b)
              : Double.compare(l instanceof BigDecimal ? 0 : (Double) l, r instanceof BigDecimal ? 0 : (Double) r);

  private static void putNumber(KeyWriter writer, Object value) {
    switch (value) {
      case BigDecimal decimal -> writer.putNumeric(decimal.unscaledValue(), decimal.scale());
      case Double d when d.isNaN() -> writer.putNumericNaN();
      case Double d -> writer.putNumericInfinity(d < 0);
      default -> throw new AssertionError();
    }
  }

  private static String randomText(Random random) {
    String alphabet = "ab\u0001\u007fé€\uD83D\uDE00\uFFFF";
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      int at = alphabet.offsetByCodePoints(0, random.nextInt(alphabet.codePointCount(0, alphabet.length())));
      text.appendCodePoint(alphabet.codePointAt(at));
    }
    return text.toString();
  }

  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(5)];
    byte[] choice = {0, 1, -1, 127, 0};
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = choice[random.nextInt(choice.length)];
    }
    return bytes;
  }

  private static final List<Kind> KINDS =
      List.of(
          kind(Random::nextBoolean, KeyWriter::putBool, Boolean::compare, KeyReader::getBool),
          kind(r -> (short) (r.nextInt() >> r.nextInt(30)), KeyWriter::putInt16, Short::compare, KeyReader::getInt16),
          kind(r -> r.nextInt() >> r.nextInt(32), KeyWriter::putInt32, Integer::compare, KeyReader::getInt32),
          kind(r -> r.nextLong() >> r.nextInt(64), KeyWriter::putInt64, Long::compare, KeyReader::getInt64),
          kind(KeyOrderTest::randomFloat, KeyWriter::putFloat32, (l, r) -> compareFloats(l, r), KeyReader::getFloat32),
          kind(KeyOrderTest::randomDouble, KeyWriter::putFloat64, (l, r) -> compareFloats(l, r), KeyReader::getFloat64),
          kind(
              r -> r.nextInt(12) == 0 ? (Object) DOUBLES[4 + r.nextInt(3)] : randomDecimal(r),
              KeyOrderTest::putNumber,
              NUMBERS,
              KeyReader::getNumeric),
          kind(
              KeyOrderTest::randomText,
              KeyWriter::putText,
              Comparator.comparing((String s) -> s.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned),
              KeyReader::getText),
          kind(KeyOrderTest::randomBytes, KeyWriter::putBytes, Arrays::compareUnsigned, KeyReader::getBytes),
          kind(
              r -> new UUID(r.nextLong(), r.nextLong()),
              (w, u) -> w.putUuid(u.getMostSignificantBits(), u.getLeastSignificantBits()),
              Comparator.comparing(UUID::toString),
              KeyReader::getUuid));

  private record Column(Kind kind, ColumnOrder order) {
    int compare(Object left, Object right) {
      if (left == null || right == null) {
        int nulls = left == right ? 0 : left == null ? -1 : 1;
        return order.nullsFirst() ? nulls : -nulls;
      }
      int values = kind.compare(left, right);
      return order.descending() ? -values : values;
    }
  }

  private List<Object> randomValues(List<Column> columns) {
    List<Object> values = new ArrayList<>();
    for (Column column : columns) {
      values.add(random.nextInt(8) == 0 ? null : column.kind().value(random));
    }
    return values;
  }

  private static byte[] encode(List<Column> columns, List<Object> values) {
    KeyWriter writer = new KeyWriter();
    for (int i = 0; i < columns.size(); i++) {
      writer.order(columns.get(i).order());
      if (values.get(i) == null) {
        writer.putNull();
      } else {
        columns.get(i).kind().put(writer, values.get(i));
      }
    }
    return writer.toKey();
  }

  private List<Column> randomColumns() {
    List<Column> columns = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      columns.add(new Column(KINDS.get(random.nextInt(KINDS.size())), ColumnOrder.values()[random.nextInt(4)]));
    }
    return columns;
  }

  @Test
  void keys_compare_as_their_values_do_and_none_is_a_prefix_of_another() {
    for (int round = 0; round < 3_000; round++) {
      List<Column> columns = randomColumns();
      List<Object> left = randomValues(columns);
      List<Object> right = randomValues(columns);
      for (int i = 0; i < columns.size() - 1; i++) {
        if (random.nextInt(3) > 0) {
          right.set(i, left.get(i));
        }
      }
      int expected = 0;
      for (int i = 0; i < columns.size() && expected == 0; i++) {
        expected = Integer.signum(columns.get(i).compare(left.get(i), right.get(i)));
      }
      byte[] leftKey = encode(columns, left);
      byte[] rightKey = encode(columns, right);
      String message = "seed " + seed + ": " + left + " and " + right;
      assertEquals(expected, Integer.signum(Arrays.compareUnsigned(leftKey, rightKey)), message);
      if (expected != 0) {
        int mismatch = Arrays.mismatch(leftKey, rightKey);
        assertTrue(mismatch < Math.min(leftKey.length, rightKey.length), message);
      }
    }
  }

  @Test
  void keys_give_their_values_back() {
    for (int round = 0; round < 2_000; round++) {
      List<Column> columns = randomColumns();
      List<Object> values = randomValues(columns);
      KeyReader reader = new KeyReader(encode(columns, values));
      for (int i = 0; i < columns.size(); i++) {
        Object value = values.get(i);
        assertEquals(value == null, reader.isNull(columns.get(i).order()), "seed " + seed);
        if (value != null) {
          assertEquals(0, columns.get(i).kind().compare(value, columns.get(i).kind().read(reader)), "seed " + seed + ": " + value);
        }
      }
      assertTrue(reader.atEnd());
    }
  }
}
