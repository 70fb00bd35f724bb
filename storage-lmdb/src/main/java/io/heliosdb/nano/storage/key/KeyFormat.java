package io.heliosdb.nano.storage.key;

/// The bytes of the key encoding, shared by writer and reader.
///
/// ```
/// key     := column*
/// column  := NULL_FIRST | NULL_LAST | VALUE bytes          bytes inverted when descending
/// boolean := 0 | 1
/// intN    := big endian, sign bit flipped
/// floatN  := IEEE bits big endian; positive: sign bit flipped, negative: all inverted; -0 as 0; one NaN, the greatest
/// uuid    := 16 bytes
/// text, bytea := bytes with 00 as 00 FF, then 00 00
/// numeric := class [exponent digits 00]                    exponent, digits, 00 inverted for negative numbers
/// exponent:= u24 big endian: e + 2^23 where |value| = 0.d1d2d3... * 10^e, d1 > 0
/// digits  := per two decimal digits one byte, 1 + value; no trailing zero pair
/// ```
///
/// Every column is self-delimiting, so keys of one column list are prefix-free and concatenation keeps the order.
final class KeyFormat {
  static final byte NULL_FIRST = 0x10;
  static final byte VALUE = 0x20;
  static final byte NULL_LAST = 0x30;

  static final int NUMERIC_NEGATIVE_INFINITY = 0x10;
  static final int NUMERIC_NEGATIVE = 0x20;
  static final int NUMERIC_ZERO = 0x30;
  static final int NUMERIC_POSITIVE = 0x40;
  static final int NUMERIC_INFINITY = 0x50;
  static final int NUMERIC_NAN = 0x60;
  static final int EXPONENT_BIAS = 1 << 23;

  private KeyFormat() {}
}
