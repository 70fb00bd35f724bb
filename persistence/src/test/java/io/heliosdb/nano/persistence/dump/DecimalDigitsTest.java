package io.heliosdb.nano.persistence.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Typmods;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The short way reads what the type's input function reads, or leaves it to it.
final class DecimalDigitsTest {
  private static String general(String text, int typmod) {
    try {
      return TypeIo.toText(PgTypes.NUMERIC, TypeIo.parse(PgTypes.NUMERIC, typmod, text, IoContext.DEFAULT), IoContext.DEFAULT);
    } catch (SqlException e) {
      return e.state().code();
    }
  }

  @Test
  void agrees_with_the_input_function() {
    long seed = Long.getLong("heliosdb.test.seed", 7L);
    Random random = new Random(seed);
    List<Integer> typmods = List.of(-1, typmod(10, 2), typmod(3, 0), typmod(5, 5), typmod(2, 4), typmod(4, -2), typmod(38, 10), typmod(18, 0));
    int taken = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "-" : "");
      for (int i = random.nextInt(22); i > 0; i--) {
        text.append(random.nextInt(9) == 0 ? "." : random.nextInt(5) == 0 ? "0" : String.valueOf(random.nextInt(10)));
      }
      text.append(random.nextInt(30) == 0 ? "e1" : "");
      int typmod = typmods.get(random.nextInt(typmods.size()));
      byte[] bytes = ("x" + text + "9").getBytes(StandardCharsets.US_ASCII);
      Numeric value = new DecimalDigits(typmod).parse(bytes, 1, bytes.length - 2);
      if (value != null) {
        taken++;
        assertEquals(general(text.toString(), typmod), TypeIo.toText(PgTypes.NUMERIC, value, IoContext.DEFAULT), "seed " + seed + ": " + text + " as " + Typmods.formatType(PgTypes.NUMERIC.oid(), typmod, IoContext.DEFAULT.types()));
      }
    }
    assertTrue(taken > 2000, taken + " numbers were read the short way");
  }

  private static int typmod(int precision, int scale) {
    return (precision << 16 | scale & 0x7ff) + 4;
  }
}
