package io.heliosdb.nano.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.storage.key.ColumnOrder;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Values;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Keys sort as values do.
class KeyCodecTest {
  private static final long SEED = 7;

  private static Object random(PgType type, Random random) {
    return switch (type.family()) {
      case INT4 -> random.nextInt();
      case INT8 -> random.nextLong();
      case FLOAT8 -> switch (random.nextInt(6)) {
        case 0 -> Double.NaN;
        case 1 -> -0.0;
        case 2 -> Double.NEGATIVE_INFINITY;
        default -> random.nextGaussian() * 1e10;
      };
      case NUMERIC -> Numeric.of(random.nextInt(2000) - 1000, random.nextInt(4));
      case TEXT -> "aé\0z\uD83D\uDE00".substring(0, random.nextInt(4)) + (char) ('a' + random.nextInt(3));
      case BYTEA -> Bytes.wrap(new byte[] {(byte) random.nextInt(3), (byte) random.nextInt(256)});
      case INTERVAL -> Interval.of(random.nextInt(3), random.nextInt(60) - 30, random.nextLong(1L << 40) - (1L << 39));
      case ARRAY -> PgArray.of(PgTypes.INT4, random.ints(random.nextInt(4), 0, 3).boxed().toArray());
      default -> throw new IllegalArgumentException();
    };
  }

  @Test
  void byte_order_is_value_order_in_both_directions() {
    Random random = new Random(SEED);
    for (PgType type : new PgType[] {PgTypes.INT4, PgTypes.INT8, PgTypes.FLOAT8, PgTypes.NUMERIC, PgTypes.TEXT, PgTypes.BYTEA, PgTypes.INTERVAL,
        PgTypes.INT4_ARRAY}) {
      for (ColumnOrder order : ColumnOrder.values()) {
        for (int i = 0; i < 500; i++) {
          Object a = random.nextInt(10) == 0 ? null : random(type, random);
          Object b = random.nextInt(10) == 0 ? null : random(type, random);
          int expected = a == null || b == null ? (a == b ? 0 : (a == null) == order.nullsFirst() ? -1 : 1)
              : Values.compare(type, a, b, 100) * (order.descending() ? -1 : 1);
          int actual = Arrays.compareUnsigned(key(type, order, a), key(type, order, b));
          assertEquals(Integer.signum(expected), Integer.signum(actual), () -> type + " " + order + " " + a + " " + b + " seed " + SEED);
        }
      }
    }
  }

  private static byte[] key(PgType type, ColumnOrder order, Object value) {
    return KeyCodec.key(new PgType[] {type}, new int[] {100}, new ColumnOrder[] {order}, new Object[] {value});
  }
}
