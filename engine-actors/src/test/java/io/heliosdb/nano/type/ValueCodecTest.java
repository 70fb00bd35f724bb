package io.heliosdb.nano.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.storage.key.KeyWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueCodecTest {
  private static final long SEED = 20_261_121L;

  private static Object stored(PgType type, Object value) {
    ByteSink out = new ByteSink();
    out.put(7);
    ValueCodec.encode(type, value, PgTypes.BUILTIN, out);
    return ValueCodec.decode(type, out.toByteArray(), 1, out.size() - 1, PgTypes.BUILTIN);
  }

  private static byte[] key(PgType type, Object value) {
    KeyWriter key = new KeyWriter();
    KeyCodec.put(type, value, 0, key);
    return key.toKey();
  }

  private static Map<PgType, List<Object>> samples() throws IOException {
    Map<PgType, List<Object>> samples = new HashMap<>();
    try (BufferedReader reader = new BufferedReader(
        new InputStreamReader(ValueCodecTest.class.getResourceAsStream("text_cases.tsv"), StandardCharsets.UTF_8))) {
      reader.lines().filter(line -> !line.startsWith("#")).map(line -> line.split("\t", -1)).filter(row -> !row[2].startsWith("ERROR"))
          .forEach(row -> {
            PgType type = PgTypes.byName(row[0]);
            samples.computeIfAbsent(type, t -> new ArrayList<>()).add(TypeIo.parse(type, -1, row[1], IoContext.DEFAULT));
          });
    }
    Random random = new Random(SEED);
    for (int i = 0; i < 60; i++) {
      Numeric n = Numeric.of(new BigInteger(1 + random.nextInt(140), random).multiply(BigInteger.valueOf(random.nextInt(3) - 1)), random.nextInt(30));
      samples.computeIfAbsent(PgTypes.NUMERIC, t -> new ArrayList<>()).add(n);
      samples.computeIfAbsent(PgTypes.INTERVAL, t -> new ArrayList<>())
          .add(Interval.of(random.nextInt(5) - 2, random.nextInt(100) - 50, random.nextLong(200_000_000_000L) - 100_000_000_000L));
      samples.computeIfAbsent(PgTypes.TEXT, t -> new ArrayList<>()).add(text(random));
      samples.computeIfAbsent(PgTypes.JSONB, t -> new ArrayList<>()).add(json(random, 3));
      samples.computeIfAbsent(PgTypes.FLOAT8, t -> new ArrayList<>()).add(Double.longBitsToDouble(random.nextLong()));
      samples.computeIfAbsent(PgTypes.TEXT_ARRAY, t -> new ArrayList<>())
          .add(PgArray.of(PgTypes.TEXT, random.nextBoolean() ? text(random) : null, text(random)));
      Numeric bound = Numeric.of(random.nextInt(5));
      samples.computeIfAbsent(PgTypes.NUMRANGE, t -> new ArrayList<>()).add(Ranges.make(PgTypes.rangeInfo(3906),
          random.nextInt(4) == 0 ? null : bound, random.nextBoolean(), random.nextInt(4) == 0 ? null : bound.add(Numeric.of(random.nextInt(3))),
          random.nextBoolean()));
    }
    return samples;
  }

  private static String text(Random random) {
    int[] alphabet = {'a', 'b', 0, 1, 0xff, 0xe9, 0xffff, 0x1f600, 0xe000};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
    }
    return text.toString();
  }

  private static Jsonb json(Random random, int depth) {
    switch (random.nextInt(depth > 0 ? 7 : 4)) {
      case 0:
        return Jsonb.NULL;
      case 1:
        return Jsonb.of(random.nextBoolean());
      case 2:
        return Jsonb.of(Numeric.of(random.nextInt(40) - 20, random.nextInt(3)));
      case 3:
        return Jsonb.of(text(random));
      default:
        List<Jsonb> values = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          values.add(json(random, depth - 1));
          keys.add(text(random));
        }
        return random.nextBoolean() ? Jsonb.array(values) : Jsonb.object(keys, values);
    }
  }

  @Test
  void stored_values_come_back_exactly() throws IOException {
    samples().forEach((type, values) -> values.forEach(value -> {
      Object back = stored(type, value);
      assertEquals(TypeIo.toText(type, value, IoContext.DEFAULT), TypeIo.toText(type, back, IoContext.DEFAULT), type.name());
      assertEquals(value.getClass(), back.getClass());
      if (value instanceof Numeric n) {
        assertEquals(n.scale(), ((Numeric) back).scale());
      }
      if (value instanceof Interval i) {
        assertTrue(i.identical((Interval) back));
      }
    }));
  }

  @Test
  void keys_are_ordered_as_values_and_equal_values_hash_alike() throws IOException {
    for (Map.Entry<PgType, List<Object>> entry : samples().entrySet()) {
      PgType type = entry.getKey();
      if (!Values.isOrdered(type, PgTypes.BUILTIN)) {
        continue;
      }
      for (Object a : entry.getValue()) {
        byte[] keyA = key(type, a);
        for (Object b : entry.getValue()) {
          int order = Values.compare(type, a, b, 0);
          String pair = type.name() + " " + a + " <> " + b;
          assertEquals(Integer.signum(order), Integer.signum(Arrays.compareUnsigned(keyA, key(type, b))), pair);
          assertEquals(Integer.signum(order), -Integer.signum(Values.compare(type, b, a, 0)), pair);
          if (order == 0) {
            assertEquals(Values.hash(type, a, 0), Values.hash(type, b, 0), pair);
          }
        }
      }
    }
  }

  @Test
  void text_of_random_doubles_reads_back() {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      double d = Double.longBitsToDouble(random.nextLong());
      float f = Float.intBitsToFloat(random.nextInt());
      if (!Double.isNaN(d)) {
        assertEquals(d, (Double) TypeIo.parse(PgTypes.FLOAT8, -1, TypeIo.toText(PgTypes.FLOAT8, d, IoContext.DEFAULT), IoContext.DEFAULT));
      }
      if (!Float.isNaN(f)) {
        assertEquals(f, (Float) TypeIo.parse(PgTypes.FLOAT4, -1, TypeIo.toText(PgTypes.FLOAT4, f, IoContext.DEFAULT), IoContext.DEFAULT));
      }
    }
  }

  @Test
  void icu_collations_order_text_and_keys_alike() {
    Collations.register(90_001, "de-u-co-phonebk", true);
    Collations.register(90_002, "und-u-ks-level2", false);
    assertTrue(Collations.compare("Äpfel", "Zebra", 90_001) < 0);
    assertEquals(0, Collations.compare("abc", "ABC", 90_002));
    assertEquals(Collations.hash("abc", 90_002), Collations.hash("ABC", 90_002));
    String[] words = {"a", "A", "ä", "b", "Zebra", "zebra", "", "ab"};
    for (int collation : new int[] {90_001, 90_002}) {
      for (String x : words) {
        for (String y : words) {
          KeyWriter kx = new KeyWriter();
          KeyWriter ky = new KeyWriter();
          KeyCodec.put(PgTypes.TEXT, x, collation, kx);
          KeyCodec.put(PgTypes.TEXT, y, collation, ky);
          assertEquals(Integer.signum(Collations.compare(x, y, collation)),
              Integer.signum(Arrays.compareUnsigned(kx.toKey(), ky.toKey())), x + " " + y);
        }
      }
    }
  }

  /// An enum, and a composite type whose middle attribute may be dropped.
  private static final class UserTypes implements TypeCatalog {
    static final PgType MOOD = PgType.ofEnum(90_100, "mood", 2200, 90_101);
    static final PgType MOODS = PgType.ofArray(90_101, "_mood", MOOD);
    static final PgType PAIR = PgType.ofComposite(90_200, "pair", 2200, 90_201, 0);
    private final boolean dropped;

    UserTypes(boolean dropped) {
      this.dropped = dropped;
    }

    @Override
    public PgType findByOid(int oid) {
      return switch (oid) {
        case 90_100 -> MOOD;
        case 90_101 -> MOODS;
        case 90_200 -> PAIR;
        default -> PgTypes.byOid(oid);
      };
    }

    @Override
    public PgType find(String schema, String name) {
      return null;
    }

    @Override
    public List<EnumValue> enumValues(PgType enumType) {
      return List.of(new EnumValue(90_100, 1, 1, "sad"), new EnumValue(90_100, 3, 1.5f, "ok"), new EnumValue(90_100, 2, 2, "happy"));
    }

    @Override
    public List<CompositeField> compositeFields(PgType composite) {
      return List.of(new CompositeField("a", PgTypes.INT4, -1, 0, false), new CompositeField("b", PgTypes.TEXT, -1, 100, dropped),
          new CompositeField("m", MOODS, -1, 0, false));
    }

    @Override
    public RangeInfo range(PgType range) {
      return PgTypes.BUILTIN.range(range);
    }

    @Override
    public RangeInfo rangeOfMultirange(PgType multirange) {
      return PgTypes.BUILTIN.rangeOfMultirange(multirange);
    }
  }

  @Test
  void composites_survive_a_dropped_attribute_and_enums_keep_their_order() {
    UserTypes before = new UserTypes(false);
    UserTypes after = new UserTypes(true);
    IoContext context = IoContext.builder().types(before).build();
    PgRecord row = (PgRecord) TypeIo.parse(UserTypes.PAIR, -1, "(1,\"x, y\",\"{sad,NULL,happy}\")", context);
    assertEquals("(1,\"x, y\",\"{sad,NULL,happy}\")", TypeIo.toText(UserTypes.PAIR, row, context));
    ByteSink out = new ByteSink();
    ValueCodec.encode(UserTypes.PAIR, PgRecord.of(PgTypes.RECORD, row.fieldTypes(), row.fields()), before, out);
    Object back = ValueCodec.decode(UserTypes.PAIR, out.toByteArray(), 0, out.size(), after);
    assertEquals("(1,\"{sad,NULL,happy}\")", TypeIo.toText(UserTypes.PAIR, back, context));
    out.clear();
    ValueCodec.encode(UserTypes.PAIR, back, after, out);
    assertEquals(back, ValueCodec.decode(UserTypes.PAIR, out.toByteArray(), 0, out.size(), after));
    EnumValue ok = (EnumValue) TypeIo.parse(UserTypes.MOOD, -1, "ok", context);
    EnumValue happy = (EnumValue) TypeIo.parse(UserTypes.MOOD, -1, "happy", context);
    assertTrue(Values.compare(UserTypes.MOOD, ok, happy, 0) < 0);
    assertTrue(Arrays.compareUnsigned(key(UserTypes.MOOD, ok), key(UserTypes.MOOD, happy)) < 0);
    assertEquals("invalid input value for enum mood: \"bad\"", assertThrows(
        SqlException.class, () -> TypeIo.parse(UserTypes.MOOD, -1, "bad", context))
        .getMessage());
  }
}
