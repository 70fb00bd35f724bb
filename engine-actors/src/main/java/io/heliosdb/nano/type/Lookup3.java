package io.heliosdb.nano.type;

/// Bob Jenkins's lookup3 hash in the two forms PostgreSQL uses. The result's low half is the 32-bit hash when the seed is 0, else the
/// whole is the 64-bit one. Source: Jenkins, "lookup3.c", 2006 (public domain).
public final class Lookup3 {
  private int a;
  private int b;
  private int c;

  private Lookup3(int length, long seed) {
    a = b = c = 0x9e3779b9 + length + 3923095;
    if (seed != 0) {
      a += (int) (seed >>> 32);
      b += (int) seed;
      mix();
    }
  }

  public static long hashInt(int value, long seed) {
    Lookup3 h = new Lookup3(4, seed);
    h.a += value;
    h.finish();
    return h.result();
  }

  public static long hash(byte[] key, long seed) {
    Lookup3 h = new Lookup3(key.length, seed);
    int at = 0;
    int left = key.length;
    while (left >= 12) {
      h.a += word(key, at, 4);
      h.b += word(key, at + 4, 4);
      h.c += word(key, at + 8, 4);
      h.mix();
      at += 12;
      left -= 12;
    }
    // The lowest byte of c is reserved for the length.
    h.a += word(key, at, Math.min(left, 4));
    h.b += word(key, at + 4, Math.clamp(left - 4, 0, 4));
    h.c += word(key, at + 8, Math.clamp(left - 8, 0, 3)) << 8;
    h.finish();
    return h.result();
  }

  private static int word(byte[] key, int at, int count) {
    int word = 0;
    for (int i = 0; i < count; i++) {
      word |= (key[at + i] & 0xff) << (8 * i);
    }
    return word;
  }

  private long result() {
    return (long) b << 32 | Integer.toUnsignedLong(c);
  }

  private static int rotate(int value, int bits) {
    return Integer.rotateLeft(value, bits);
  }

  private void mix() {
    a -= c;
    a ^= rotate(c, 4);
    c += b;
    b -= a;
    b ^= rotate(a, 6);
    a += c;
    c -= b;
    c ^= rotate(b, 8);
    b += a;
    a -= c;
    a ^= rotate(c, 16);
    c += b;
    b -= a;
    b ^= rotate(a, 19);
    a += c;
    c -= b;
    c ^= rotate(b, 4);
    b += a;
  }

  private void finish() {
    c ^= b;
    c -= rotate(b, 14);
    a ^= c;
    a -= rotate(c, 11);
    b ^= a;
    b -= rotate(a, 25);
    c ^= b;
    c -= rotate(b, 16);
    a ^= c;
    a -= rotate(c, 4);
    b ^= a;
    b -= rotate(a, 14);
    c ^= b;
    c -= rotate(b, 24);
  }
}
