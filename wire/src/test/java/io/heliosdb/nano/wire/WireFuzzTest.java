package io.heliosdb.nano.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The messages of the protocol scripts, changed at random. A failure prints the bytes; `-Dfuzz.rounds=100000` runs long, `-Dfuzz.seed=N`
/// elsewhere.
@Timeout(1800)
class WireFuzzTest {
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 500);
  private static final long SEED = Long.getLong("fuzz.seed", 20260729L);
  private static final int[] EXTREMES = {0, 1, -1, -2, 3, 4, 5, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 0x3fff_ffff, 0x4000_0000, Integer.MAX_VALUE, Integer.MIN_VALUE};

  /// The scenarios of all scripts, each a list of whole messages.
  private static List<List<byte[]>> corpus() throws IOException {
    List<List<byte[]>> scenarios = new ArrayList<>();
    for (String name : WireScriptTest.SCRIPTS) {
      try (var in = WireFuzzTest.class.getResourceAsStream("/wire/" + name + ".script")) {
        scenarios.addAll(WireScript.messages(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      }
    }
    return scenarios;
  }

  @Test
  void changed_messages() throws IOException {
    List<List<byte[]>> corpus = corpus();
    Random random = new Random(SEED);
    Map<String, String> failures = new TreeMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      byte[] input = changed(corpus, random);
      try {
        WireFuzz.check(input, random.nextInt(10) > 0);
      } catch (RuntimeException | Error e) {
        failures.putIfAbsent(e + " at " + Arrays.stream(e.getStackTrace()).limit(3).toList(), "round " + round + ": " + HexFormat.of().formatHex(input));
      }
    }
    assertEquals(Map.of(), failures, "seed " + SEED);
  }

  private static byte[] changed(List<List<byte[]>> corpus, Random random) {
    List<byte[]> messages = new ArrayList<>(corpus.get(random.nextInt(corpus.size())));
    for (int i = 1 + random.nextInt(4); i > 0 && !messages.isEmpty(); i--) {
      int at = random.nextInt(messages.size());
      List<byte[]> other = corpus.get(random.nextInt(corpus.size()));
      switch (random.nextInt(6)) {
        case 0 -> messages.remove(at);
        case 1 -> messages.add(at, messages.get(random.nextInt(messages.size())));
        case 2 -> messages.add(at, other.get(random.nextInt(other.size())));
        default -> messages.set(at, changed(messages.get(at), random));
      }
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    messages.forEach(all::writeBytes);
    byte[] input = all.toByteArray();
    // Now and then cut off in the middle.
    return random.nextInt(8) == 0 ? Arrays.copyOf(input, random.nextInt(input.length + 1)) : input;
  }

  /// Another body, mostly with a length word that fits.
  private static byte[] changed(byte[] message, Random random) {
    byte[] body = Arrays.copyOfRange(message, 5, message.length);
    byte type = message[0];
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = body.length == 0 ? 0 : random.nextInt(body.length);
      switch (random.nextInt(7)) {
        case 0 -> type = (byte) "QPBEDCSHXdcfF".charAt(random.nextInt(13));
        case 1 -> body = Arrays.copyOf(body, at);
        case 2 -> body = Arrays.copyOf(body, body.length + 1 + random.nextInt(12));
        case 3 -> {
          if (body.length >= at + 4) {
            ByteBuffer.wrap(body).putInt(at, EXTREMES[random.nextInt(EXTREMES.length)]);
          }
        }
        case 4 -> {
          if (body.length >= at + 2) {
            ByteBuffer.wrap(body).putShort(at, (short) EXTREMES[random.nextInt(EXTREMES.length)]);
          }
        }
        default -> {
          if (body.length > 0) {
            body[at] = (byte) random.nextInt(256);
          }
        }
      }
    }
    int length = random.nextInt(12) == 0 ? EXTREMES[random.nextInt(EXTREMES.length)] : 4 + body.length;
    return ByteBuffer.allocate(5 + body.length).put(type).putInt(length).put(body).array();
  }

  @Test
  void any_bytes() {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      try {
        WireFuzz.fuzzerTestOneInput(bytes);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + SEED + ", round " + round + ": " + HexFormat.of().formatHex(bytes), e);
      }
    }
  }
}
