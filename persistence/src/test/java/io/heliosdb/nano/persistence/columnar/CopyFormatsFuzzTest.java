package io.heliosdb.nano.persistence.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Damaged texts of the readable formats through [CopyFormatsFuzz]; those of the binary formats are in [HostileFilesTest].
/// `-Dcopy.seed=n` repeats a run, `-Dcopy.mutations=n` makes it longer.
class CopyFormatsFuzzTest {
  private static final long SEED = Long.getLong("copy.seed", new Random().nextLong());
  private static final int MUTATIONS = Integer.getInteger("copy.mutations", 1500);

  private static final List<String> GOOD = List.of(
      "1\tone\\ttab\t0.5\t1.25\tt\t2024-02-29 12:30:00\t{a,NULL,\"b c\"}\t{\"k\": [1, null]}\n2\t\\N\t-Infinity\t-7\tf\tinfinity\t{}\t\"x\"\n\\.\n",
      "1,\"one \"\"1\"\"\nline\",0.5,1.25,t,2024-02-29 12:30:00,\"{a,NULL}\",\"{\"\"k\"\": 1}\"\r\n2,,NaN,7,f,-infinity,{},null\r\n",
      "",
      "[{\"id\": 1, \"name\": \"o\\u006ee\", \"x\": 5e-1, \"price\": 1.25, \"flag\": true, \"at\": \"2024-02-29T12:30:00\", \"tags\": [\"a\", null], \"doc\": {\"k\": [1, {}]}}, {\"id\": 2}]",
      "{\"id\": 1, \"name\": \"one\", \"x\": 0.5, \"price\": \"1.25\", \"flag\": false, \"at\": \"infinity\", \"tags\": [], \"doc\": null}\n{\"doc\": \"\\ud83d\\ude00\"}\n",
      "", "", "",
      "INSERT INTO t (id, name) VALUES (1, 'it''s'), (2, E'\\n'); -- end\n/* more */ INSERT INTO t VALUES (3, 'x', 0.5, 1.25, true, '2024-01-01', '{}', 'null');");

  private static final byte[] HURTS = "\\\"'\n\r\t,{}[]:;.-+e0\0\u00ff/*".getBytes(StandardCharsets.ISO_8859_1);

  @Test
  void damaged_texts_are_read_or_refused() {
    Random random = new Random(SEED);
    for (int format = 0; format < GOOD.size(); format++) {
      if (GOOD.get(format).isEmpty()) {
        continue;
      }
      byte[] good = ("?" + GOOD.get(format)).getBytes(StandardCharsets.UTF_8);
      good[0] = (byte) format;
      assertEquals(format == 8 ? 3 : 2, CopyFormatsFuzz.rows(good), CopyFormatsFuzz.FORMATS.get(format));
      int refused = 0;
      for (int i = 0; i < MUTATIONS; i++) {
        byte[] bad = mutated(good, random);
        bad[0] = (byte) (format + CopyFormatsFuzz.FORMATS.size() * random.nextInt(28));
        try {
          refused += CopyFormatsFuzz.rows(bad) < 0 ? 1 : 0;
        } catch (RuntimeException | Error e) {
          throw new AssertionError(CopyFormatsFuzz.FORMATS.get(format) + ", seed " + SEED + ": " + new String(bad, StandardCharsets.ISO_8859_1), e);
        }
      }
      assertTrue(refused > MUTATIONS / 10, CopyFormatsFuzz.FORMATS.get(format) + ": only " + refused + " of " + MUTATIONS + " were refused");
    }
  }

  private static byte[] mutated(byte[] good, Random random) {
    byte[] bad = good.clone();
    for (int n = random.nextInt(1, 5); n > 0; n--) {
      int at = random.nextInt(1, Math.max(2, bad.length));
      switch (random.nextInt(4)) {
        case 0 -> bad[Math.min(at, bad.length - 1)] = HURTS[random.nextInt(HURTS.length)];
        case 1 -> bad[Math.min(at, bad.length - 1)] = (byte) random.nextInt();
        case 2 -> bad = java.util.Arrays.copyOf(bad, Math.max(2, at));
        default -> {
          int from = random.nextInt(1, Math.max(2, bad.length));
          System.arraycopy(bad.clone(), Math.min(at, from), bad, Math.max(at, from), Math.min(bad.length - Math.max(at, from), 20));
        }
      }
    }
    return bad;
  }
}
