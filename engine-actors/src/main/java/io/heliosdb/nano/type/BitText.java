package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// Text of bit strings.
final class BitText {
  private BitText() {}

  static BitString parse(String text, int typmod, boolean fixed) {
    boolean hex = text.startsWith("x") || text.startsWith("X");
    int from = hex || text.startsWith("b") || text.startsWith("B") ? 1 : 0;
    int length = (text.length() - from) * (hex ? 4 : 1);
    byte[] bytes = new byte[(length + 7) >>> 3];
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      int at = i - from;
      if (hex) {
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
          throw badDigit(text, i, "hexadecimal");
        }
        bytes[at >>> 1] |= (byte) ((at & 1) == 0 ? digit << 4 : digit);
      } else if (c == '1') {
        bytes[at >>> 3] |= (byte) (0x80 >>> (at & 7));
      } else if (c != '0') {
        throw badDigit(text, i, "binary");
      }
    }
    BitString value = BitString.of(bytes, length);
    if (typmod > 0) {
      return (BitString) TypmodFitting.bits(value, typmod, fixed, false);
    }
    return value;
  }

  private static SqlException badDigit(String text, int i, String kind) {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION,
        "\"" + new String(Character.toChars(text.codePointAt(i))) + "\" is not a valid " + kind + " digit");
  }

  static void format(BitString value, ByteSink out) {
    out.reserve(value.length());
    for (int i = 0; i < value.length(); i++) {
      out.put(value.get(i) ? '1' : '0');
    }
  }
}
