package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Text of inet, cidr, macaddr and macaddr8. Source: PostgreSQL 15 manual, "Network Address Types".
final class NetworkText {
  private NetworkText() {}

  static Inet parseInet(String text, boolean cidr) {
    String typeName = cidr ? "cidr" : "inet";
    Inet value = text.indexOf(':') >= 0 ? parseV6(text, cidr) : parseV4(text, cidr);
    if (value == null) {
      throw TypeErrors.invalidSyntax(typeName, text);
    }
    if (cidr && !hostBitsZero(value)) {
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid cidr value: \"" + text + "\"")
          .withDetail("Value has bits set to right of mask.");
    }
    return value;
  }

  static boolean hostBitsZero(Inet value) {
    byte[] address = value.unsafeAddress();
    for (int bit = value.bits(); bit < value.maxBits(); bit++) {
      if ((address[bit >> 3] & 0x80 >> (bit & 7)) != 0) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Inet parseV4(String text, boolean cidr) {
    int slash = text.indexOf('/');
    String addressPart = slash < 0 ? text : text.substring(0, slash);
    String[] octets = addressPart.split("\\.", -1);
    byte[] address = new byte[4];
    if (octets.length > 4 || octets.length < 4 && !cidr && slash < 0) {
      return null;
    }
    for (int i = 0; i < octets.length; i++) {
      int octet = smallNumber(octets[i], 255);
      if (octet < 0) {
        return null;
      }
      address[i] = (byte) octet;
    }
    int bits;
    if (slash >= 0) {
      bits = smallNumber(text.substring(slash + 1), 32);
      // The octets given must reach the prefix's last whole one; the rest are zero.
      if (bits < 0 || !cidr && bits / 8 > octets.length) {
        return null;
      }
    } else if (!cidr || octets.length == 4) {
      bits = 32;
    } else {
      bits = Math.max(classBits(address[0] & 0xff), octets.length * 8);
      if (bits == 8 && (address[0] & 0xff) == 224) {
        bits = 4;
      }
    }
    return Inet.of(address, bits, cidr);
  }

  /// The prefix length of the old address classes, for a cidr without one.
  private static int classBits(int first) {
    return first >= 240 ? 32 : first >= 224 ? 8 : first >= 192 ? 24 : first >= 128 ? 16 : 8;
  }

  private static int smallNumber(String digits, int max) {
    if (digits.isEmpty() || digits.length() > 3) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value <= max ? value : -1;
  }

  private static @Nullable Inet parseV6(String text, boolean cidr) {
    int slash = text.indexOf('/');
    String part = slash < 0 ? text : text.substring(0, slash);
    int bits = 128;
    if (slash >= 0) {
      bits = smallNumber(text.substring(slash + 1), 128);
      if (bits < 0) {
        return null;
      }
    }
    int gap = part.indexOf("::");
    byte[] address = new byte[16];
    if (gap < 0) {
      byte[] all = groups(part);
      if (all == null || all.length != 16) {
        return null;
      }
      address = all;
    } else {
      byte[] head = groups(part.substring(0, gap));
      byte[] tail = groups(part.substring(gap + 2));
      if (head == null || tail == null || head.length + tail.length > 14) {
        return null;
      }
      System.arraycopy(head, 0, address, 0, head.length);
      System.arraycopy(tail, 0, address, 16 - tail.length, tail.length);
    }
    return Inet.of(address, bits, cidr);
  }

  private static byte @Nullable [] groups(String part) {
    if (part.isEmpty()) {
      return new byte[0];
    }
    byte[] out = new byte[18];
    int count = 0;
    String[] groups = part.split(":", -1);
    for (int i = 0; i < groups.length; i++) {
      String group = groups[i];
      if (count > 14) {
        return null;
      }
      if (i == groups.length - 1 && group.indexOf('.') >= 0) {
        Inet v4 = parseV4(group, false);
        if (v4 == null || count > 12) {
          return null;
        }
        System.arraycopy(v4.unsafeAddress(), 0, out, count, 4);
        count += 4;
        continue;
      }
      if (group.isEmpty() || group.length() > 4) {
        return null;
      }
      int value = 0;
      for (int j = 0; j < group.length(); j++) {
        int digit = group.charAt(j) < 0x80 ? Character.digit(group.charAt(j), 16) : -1;
        if (digit < 0) {
          return null;
        }
        value = value << 4 | digit;
      }
      out[count++] = (byte) (value >> 8);
      out[count++] = (byte) value;
    }
    return Arrays.copyOf(out, count);
  }

  static void format(Inet value, ByteSink out) {
    formatAddress(value, out);
    if (value.isCidr() || value.bits() != value.maxBits()) {
      out.put('/').putDecimal(value.bits());
    }
  }

  /// The address without its prefix length.
  static void formatAddress(Inet value, ByteSink out) {
    byte[] a = value.unsafeAddress();
    if (!value.isV6()) {
      out.putDecimal(a[0] & 0xff).put('.').putDecimal(a[1] & 0xff).put('.').putDecimal(a[2] & 0xff).put('.').putDecimal(a[3] & 0xff);
      return;
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (a[2 * i] & 0xff) << 8 | a[2 * i + 1] & 0xff;
    }
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int length = 0;
      while (i + length < 8 && groups[i + length] == 0) {
        length++;
      }
      if (length > bestLength) {
        bestStart = i;
        bestLength = length;
      }
      i += length;
    }
    // IPv4-compatible and IPv4-mapped addresses end in dotted form.
    boolean dotted = bestStart == 0 && (bestLength == 6 || bestLength == 5 && groups[5] == 0xffff);
    int end = dotted ? 6 : 8;
    for (int i = 0; i < end; i++) {
      if (i == bestStart) {
        out.put(':');
        i += bestLength - 1;
        if (i == 7) {
          out.put(':');
        }
        continue;
      }
      if (i > 0) {
        out.put(':');
      }
      out.putAscii(Integer.toHexString(groups[i]));
    }
    if (dotted) {
      out.put(':').putDecimal(a[12] & 0xff).put('.').putDecimal(a[13] & 0xff).put('.').putDecimal(a[14] & 0xff).put('.')
          .putDecimal(a[15] & 0xff);
    }
  }

  static MacAddress parseMac(String text, int bytes) {
    String typeName = bytes == 6 ? "macaddr" : "macaddr8";
    String body = text.strip();
    long bits = 0;
    int digits = 0;
    char separator = 0;
    int sinceSeparator = 0;
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit >= 0) {
        bits = bits << 4 | digit;
        digits++;
        sinceSeparator++;
      } else if ((c == ':' || c == '-' || c == '.') && (separator == 0 || separator == c) && sinceSeparator > 0
          && i + 1 < body.length()) {
        if (sinceSeparator == 1) {
          // A group of one digit stands for a byte.
          bits = (bits & ~0xfL) << 4 | bits & 0xf;
          digits++;
        } else if ((sinceSeparator & 1) != 0 || bytes == 6 && sinceSeparator == 4 && c == ':'
            || bytes == 6 && sinceSeparator != 4 && c == '.') {
          throw TypeErrors.invalidSyntax(typeName, text);
        }
        separator = c;
        sinceSeparator = 0;
      } else {
        throw TypeErrors.invalidSyntax(typeName, text);
      }
      if (digits > 16) {
        throw TypeErrors.invalidSyntax(typeName, text);
      }
    }
    if (separator != 0 && sinceSeparator == 1) {
      bits = (bits & ~0xfL) << 4 | bits & 0xf;
      digits++;
    }
    if (bytes == 8 && digits == 12) {
      // A six-byte address is widened with FF:FE in the middle (EUI-64).
      return new MacAddress((bits >>> 24) << 40 | 0xfffeL << 24 | bits & 0xffffff, 8);
    }
    if (digits != bytes * 2) {
      throw TypeErrors.invalidSyntax(typeName, text);
    }
    return new MacAddress(bits, bytes);
  }

  static void format(MacAddress value, ByteSink out) {
    for (int i = 0; i < value.bytes(); i++) {
      if (i > 0) {
        out.put(':');
      }
      int b = value.byteAt(i);
      out.putAscii(b < 16 ? "0" : "").putAscii(Integer.toHexString(b));
    }
  }
}
