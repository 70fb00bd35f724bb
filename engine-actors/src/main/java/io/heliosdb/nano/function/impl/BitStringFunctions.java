package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.ternary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.BitString;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.Typmods;
import org.jspecify.annotations.Nullable;

/// Operators and functions of bit strings. Source: PostgreSQL 15 manual, section 9.6.
public final class BitStringFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "bit_and" -> binary((a, b) -> combine((BitString) a, (BitString) b, '&', "AND"));
      case "bit_or" -> binary((a, b) -> combine((BitString) a, (BitString) b, '|', "OR"));
      case "bitxor" -> binary((a, b) -> combine((BitString) a, (BitString) b, '^', "XOR"));
      case "bitnot" -> unary(a -> not((BitString) a));
      case "bitcat" -> binary((a, b) -> concat((BitString) a, (BitString) b));
      case "bitshiftleft" -> binary((a, n) -> shift((BitString) a, (Integer) n));
      case "bitshiftright" -> binary((a, n) -> shift((BitString) a, -(long) (Integer) n));
      case "bitlength" -> unary(a -> ((BitString) a).length());
      case "bitoctetlength" -> unary(a -> (((BitString) a).length() + 7) / 8);
      case "bit_bit_count" -> unary(a -> count((BitString) a));
      case "bitgetbit" -> binary((a, n) -> ((BitString) a).get(index((BitString) a, (Integer) n)) ? 1 : 0);
      case "bitsetbit" -> ternary((a, n, bit) -> set((BitString) a, (Integer) n, (Integer) bit));
      case "bitposition" -> binary((a, b) -> position((BitString) a, (BitString) b));
      case "bitsubstr" -> ternary((a, from, length) -> substring((BitString) a, (Integer) from, (Integer) length));
      case "bitsubstr_no_len" -> binary((a, from) -> substring((BitString) a, (Integer) from, null));
      case "bitoverlay" -> contextual((c, s, a) -> overlay((BitString) a[0], (BitString) a[1], (Integer) a[2], (Integer) a[3]));
      case "bitoverlay_no_len" ->
          ternary((a, b, from) -> overlay((BitString) a, (BitString) b, (Integer) from, ((BitString) b).length()));
      case "bitfromint4" -> binary((n, length) -> fromInteger((Integer) n, (Integer) length));
      case "bitfromint8" -> binary((n, length) -> fromInteger((Long) n, (Integer) length));
      case "bittoint4" -> unary(a -> (int) toInteger((BitString) a, 32, "integer"));
      case "bittoint8" -> unary(a -> toInteger((BitString) a, 64, "bigint"));
      case "bit" -> ternary((a, typmod, explicit) -> Typmods.apply(PgTypes.BIT, a, (Integer) typmod, (Boolean) explicit));
      case "varbit" -> ternary((a, typmod, explicit) -> Typmods.apply(PgTypes.VARBIT, a, (Integer) typmod, (Boolean) explicit));
      default -> null;
    };
  }

  private static BitString combine(BitString a, BitString b, char operator, String name) {
    if (a.length() != b.length()) {
      throw new SqlException(SqlState.STRING_DATA_LENGTH_MISMATCH, "cannot " + name + " bit strings of different sizes");
    }
    byte[] x = a.toByteArray();
    byte[] y = b.unsafeArray();
    for (int i = 0; i < x.length; i++) {
      x[i] = (byte) (operator == '&' ? x[i] & y[i] : operator == '|' ? x[i] | y[i] : x[i] ^ y[i]);
    }
    return BitString.of(x, a.length());
  }

  private static BitString not(BitString a) {
    byte[] bytes = a.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
    return BitString.of(bytes, a.length());
  }

  /// Bits `[from, to)` of `a` put into `target` at `at`.
  private static void copy(BitString a, int from, int to, byte[] target, int at) {
    for (int i = from; i < to; i++) {
      if (a.get(i)) {
        int bit = at + i - from;
        target[bit >> 3] |= (byte) (0x80 >> (bit & 7));
      }
    }
  }

  private static BitString concat(BitString a, BitString b) {
    long length = (long) a.length() + b.length();
    if (length > Integer.MAX_VALUE - 64) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "bit string length exceeds the maximum allowed (" + Integer.MAX_VALUE + ")");
    }
    byte[] bytes = new byte[(int) ((length + 7) / 8)];
    System.arraycopy(a.unsafeArray(), 0, bytes, 0, a.unsafeArray().length);
    copy(b, 0, b.length(), bytes, a.length());
    return BitString.of(bytes, (int) length);
  }

  private static BitString shift(BitString a, long left) {
    byte[] bytes = new byte[a.unsafeArray().length];
    if (left >= 0 && left < a.length()) {
      copy(a, (int) left, a.length(), bytes, 0);
    } else if (left < 0 && -left < a.length()) {
      copy(a, 0, (int) (a.length() + left), bytes, (int) -left);
    }
    return BitString.of(bytes, a.length());
  }

  private static long count(BitString a) {
    long count = 0;
    for (byte b : a.unsafeArray()) {
      count += Integer.bitCount(b & 0xff);
    }
    return count;
  }

  private static int index(BitString a, int n) {
    if (n < 0 || n >= a.length()) {
      throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "bit index " + n + " out of valid range (0.." + (a.length() - 1) + ")");
    }
    return n;
  }

  private static BitString set(BitString a, int n, int bit) {
    index(a, n);
    if (bit != 0 && bit != 1) {
      throw TypeErrors.invalidParameter("new bit must be 0 or 1");
    }
    byte[] bytes = a.toByteArray();
    int mask = 0x80 >> (n & 7);
    bytes[n >> 3] = (byte) (bit == 1 ? bytes[n >> 3] | mask : bytes[n >> 3] & ~mask);
    return BitString.of(bytes, a.length());
  }

  private static int position(BitString a, BitString b) {
    if (b.length() == 0) {
      return a.length() == 0 ? 0 : 1;
    }
    for (int at = 0; at + b.length() <= a.length(); at++) {
      int i = 0;
      while (i < b.length() && a.get(at + i) == b.get(i)) {
        i++;
      }
      if (i == b.length()) {
        return at + 1;
      }
    }
    return 0;
  }

  private static BitString substring(BitString a, int from, @Nullable Integer length) {
    if (length != null && length < 0) {
      throw new SqlException(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    int start = (int) Math.clamp((long) from - 1, 0, a.length());
    long end = length == null ? a.length() : Math.min((long) from - 1 + length, a.length());
    int bits = (int) Math.max(0, end - start);
    byte[] bytes = new byte[(bits + 7) / 8];
    copy(a, start, start + bits, bytes, 0);
    return BitString.of(bytes, bits);
  }

  private static BitString overlay(BitString a, BitString b, int from, int length) {
    if (from <= 0) {
      throw new SqlException(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    long behind = (long) from + length;
    if (behind > Integer.MAX_VALUE) {
      throw TypeErrors.outOfRange("integer");
    }
    return concat(concat(substring(a, 1, from - 1), b), substring(a, (int) behind, null));
  }

  /// The low bits of a number, sign-extended to the left; the cast takes a length of 1 without a modifier.
  private static BitString fromInteger(long value, int length) {
    int bits = length <= 0 ? 1 : length;
    byte[] bytes = new byte[(bits + 7) / 8];
    for (int i = 0; i < bits; i++) {
      int place = bits - 1 - i;
      if ((value >> Math.min(place, 63) & 1) != 0) {
        bytes[i >> 3] |= (byte) (0x80 >> (i & 7));
      }
    }
    return BitString.of(bytes, bits);
  }

  private static long toInteger(BitString a, int maxBits, String typeName) {
    if (a.length() > maxBits) {
      throw TypeErrors.outOfRange(typeName);
    }
    long value = 0;
    for (int i = 0; i < a.length(); i++) {
      value = value << 1 | (a.get(i) ? 1 : 0);
    }
    return value;
  }
}
