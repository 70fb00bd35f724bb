package io.heliosdb.nano.type;

import java.math.BigDecimal;
import java.math.BigInteger;

/// The binary form of numeric on the wire: groups of four decimal digits with a weight, a sign and the display scale.
final class NumericBinary {
  private static final int POSITIVE = 0;
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xc000;
  private static final int POSITIVE_INFINITY = 0xd000;
  private static final int NEGATIVE_INFINITY = 0xf000;

  private NumericBinary() {}

  static Numeric read(ByteSource in) {
    int count = in.getUnsignedShort();
    int weight = in.getShort();
    int sign = in.getUnsignedShort();
    int scale = in.getUnsignedShort();
    switch (sign) {
      case NAN -> {
        return Numeric.NAN;
      }
      case POSITIVE_INFINITY -> {
        return Numeric.POSITIVE_INFINITY;
      }
      case NEGATIVE_INFINITY -> {
        return Numeric.NEGATIVE_INFINITY;
      }
      case POSITIVE, NEGATIVE -> { }
      default -> throw TypeErrors.invalidBinary("invalid sign in external \"numeric\" value");
    }
    if (scale > Numeric.MAX_SCALE) {
      throw TypeErrors.invalidBinary("invalid scale in external \"numeric\" value");
    }
    if (count > in.remaining() / 2) {
      throw TypeErrors.insufficientData();
    }
    if (count <= 4) {
      long value = 0;
      for (int i = 0; i < count; i++) {
        value = value * 10000 + group(in);
      }
      return of(BigDecimal.valueOf(value), count, weight, sign, scale);
    }
    StringBuilder digits = new StringBuilder(count * 4);
    for (int i = 0; i < count; i++) {
      int group = group(in);
      digits.append((char) ('0' + group / 1000)).append((char) ('0' + group / 100 % 10)).append((char) ('0' + group / 10 % 10))
          .append((char) ('0' + group % 10));
    }
    return of(new BigDecimal(new BigInteger(digits.toString())), count, weight, sign, scale);
  }

  private static int group(ByteSource in) {
    int group = in.getShort();
    if (group < 0 || group >= 10000) {
      throw TypeErrors.invalidBinary("invalid digit in external \"numeric\" value");
    }
    return group;
  }

  private static Numeric of(BigDecimal groups, int count, int weight, int sign, int scale) {
    BigDecimal value = groups.scaleByPowerOfTen(4 * (weight - count + 1));
    // Digits beyond the display scale are cut, as PostgreSQL does.
    value = value.setScale(scale, java.math.RoundingMode.DOWN);
    return Numeric.of(sign == NEGATIVE ? value.negate() : value);
  }

  static void write(Numeric value, ByteSink out) {
    if (!value.isFinite()) {
      int sign = value.isNaN() ? NAN : value.signum() < 0 ? NEGATIVE_INFINITY : POSITIVE_INFINITY;
      // The scale of an infinity means nothing; PostgreSQL sends 32.
      out.putShort(0).putShort(0).putShort(sign).putShort(value.isNaN() ? 0 : 32);
      return;
    }
    int scale = value.scale();
    int pad = (4 - scale % 4) % 4;
    int fractionGroups = (scale + 3) / 4;
    int start = out.size();
    out.putLong(0);
    int groups;
    if (value.isCompact() && Math.abs(value.unscaledLong()) < Long.MAX_VALUE / 1000 && value.unscaledLong() != Long.MIN_VALUE) {
      long rest = Math.abs(value.unscaledLong());
      for (int i = 0; i < pad; i++) {
        rest *= 10;
      }
      long divisor = 1;
      groups = rest == 0 ? 0 : 1;
      while (rest / divisor >= 10000) {
        divisor *= 10000;
        groups++;
      }
      for (int i = 0; i < groups; i++) {
        out.putShort((int) (rest / divisor));
        rest %= divisor;
        divisor /= 10000;
      }
    } else {
      BigInteger magnitude = value.unscaledBig().abs().multiply(Numeric.pow10(pad));
      String digits = magnitude.toString();
      int first = digits.length() % 4;
      groups = (digits.length() + 3) / 4;
      int at = 0;
      for (int i = 0; i < groups; i++) {
        int end = i == 0 && first != 0 ? first : at + 4;
        out.putShort(Integer.parseInt(digits, at, end, 10));
        at = end;
      }
    }
    int weight = groups - fractionGroups - 1;
    byte[] bytes = out.array();
    // Trailing zero groups are not sent.
    while (groups > 0 && bytes[out.size() - 1] == 0 && bytes[out.size() - 2] == 0) {
      out.truncate(out.size() - 2);
      groups--;
    }
    out.setInt(start, groups << 16 | (groups == 0 ? 0 : weight) & 0xffff);
    out.setInt(start + 4, (value.signum() < 0 ? NEGATIVE : POSITIVE) << 16 | scale);
  }
}
