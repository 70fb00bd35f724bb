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
import io.heliosdb.nano.storage.crypto.ApprovedAlgorithms;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.TypeErrors;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Functions on bytea, message digests, and conversion between character sets.
/// Source: PostgreSQL 15 manual, "Binary String Functions and Operators".
public final class ByteFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "byteacat" -> binary((a, b) -> ((Bytes) a).concat((Bytes) b));
      case "byteaoctetlen" -> unary(a -> ((Bytes) a).length());
      case "bytea_substr" -> ternary((a, start, length) -> substring((Bytes) a, (Integer) start, (Integer) length));
      case "bytea_substr_no_len" -> binary((a, start) -> ((Bytes) a).slice(
          Math.min(Math.max((Integer) start - 1, 0), ((Bytes) a).length()), ((Bytes) a).length()));
      case "byteapos" -> binary((a, part) -> indexOf(((Bytes) a).unsafeArray(), ((Bytes) part).unsafeArray()) + 1);
      case "byteaoverlay" -> contextual((context, site, args) ->
          overlay((Bytes) args[0], (Bytes) args[1], (Integer) args[2], (Integer) args[3]));
      case "byteaoverlay_no_len" -> ternary((a, with, start) -> overlay((Bytes) a, (Bytes) with, (Integer) start, ((Bytes) with).length()));
      case "byteatrim" -> binary((a, set) -> trim((Bytes) a, (Bytes) set, true, true));
      case "bytealtrim" -> binary((a, set) -> trim((Bytes) a, (Bytes) set, true, false));
      case "byteartrim" -> binary((a, set) -> trim((Bytes) a, (Bytes) set, false, true));
      case "byteaGetByte" -> binary((a, n) -> ((Bytes) a).get(checkIndex((Integer) n, ((Bytes) a).length())) & 0xff);
      case "byteaSetByte" -> ternary((a, n, value) -> {
        byte[] bytes = ((Bytes) a).toByteArray();
        bytes[checkIndex((Integer) n, bytes.length)] = (byte) (int) (Integer) value;
        return Bytes.wrap(bytes);
      });
      case "byteaGetBit" -> binary((a, n) -> {
        checkBit((Long) n, ((Bytes) a).length());
        return ((Bytes) a).get((int) ((Long) n / 8)) >> ((Long) n % 8) & 1;
      });
      case "byteaSetBit" -> ternary((a, n, value) -> setBit((Bytes) a, (Long) n, (Integer) value));
      case "bytea_bit_count" -> unary(a -> bitCount((Bytes) a));
      case "md5_text" -> unary(a -> md5(utf8((String) a)));
      case "md5_bytea" -> unary(a -> md5(((Bytes) a).unsafeArray()));
      case "sha224_bytea" -> unary(a -> Bytes.wrap(digest("SHA-224", ((Bytes) a).unsafeArray())));
      case "sha256_bytea" -> unary(a -> Bytes.wrap(digest("SHA-256", ((Bytes) a).unsafeArray())));
      case "sha384_bytea" -> unary(a -> Bytes.wrap(digest("SHA-384", ((Bytes) a).unsafeArray())));
      case "sha512_bytea" -> unary(a -> Bytes.wrap(digest("SHA-512", ((Bytes) a).unsafeArray())));
      case "binary_encode" -> binary((a, format) -> BinaryText.encode(((Bytes) a).unsafeArray(), (String) format));
      case "binary_decode" -> binary((a, format) -> Bytes.wrap(BinaryText.decode((String) a, (String) format)));
      case "pg_convert_from" -> binary((a, encoding) -> convertFrom((Bytes) a, source((String) encoding)));
      case "pg_convert_to" -> binary((a, encoding) -> convertTo((String) a, destination((String) encoding)));
      case "pg_convert" -> ternary((a, from, to) -> {
        int source = source((String) from);
        int destination = destination((String) to);
        return source == destination ? a : convertTo(convertFrom((Bytes) a, source), destination);
      });
      case "length_in_encoding" -> binary((a, encoding) -> {
        int number = Encodings.number((String) encoding);
        if (number < 0) {
          throw TypeErrors.invalidParameter("invalid encoding name \"" + encoding + "\"");
        }
        return TextConversions.length(convertFrom((Bytes) a, number));
      });
      case "PG_char_to_encoding" -> unary(a -> Encodings.number((String) a));
      case "PG_encoding_to_char" -> unary(a -> Encodings.name((Integer) a));
      case "pg_encoding_max_length_sql" -> unary(a -> Encodings.maxBytes((Integer) a) < 0 ? null : Encodings.maxBytes((Integer) a));
      default -> null;
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String md5(byte[] bytes) {
    ApprovedAlgorithms.refuse("MD5");
    return hex(digest("MD5", bytes));
  }

  static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SqlException negativeSubstring() {
    return new SqlException(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
  }

  private static Bytes substring(Bytes bytes, int start, int length) {
    if (length < 0) {
      throw negativeSubstring();
    }
    long end = Math.min((long) start + length - 1, bytes.length());
    int from = Math.max(start - 1, 0);
    return start > bytes.length() || end <= from ? Bytes.EMPTY : bytes.slice(from, (int) end);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    search:
    for (int i = 0; i + part.length <= bytes.length; i++) {
      for (int j = 0; j < part.length; j++) {
        if (bytes[i + j] != part[j]) {
          continue search;
        }
      }
      return i;
    }
    return -1;
  }

  private static Bytes overlay(Bytes bytes, Bytes with, int start, int length) {
    if (start <= 0) {
      throw negativeSubstring();
    }
    long after = (long) start + length;
    if (after > Integer.MAX_VALUE) {
      throw TypeErrors.outOfRange("integer");
    }
    Bytes head = substring(bytes, 1, start - 1);
    int tail = (int) Math.min(Math.max(after - 1, 0), bytes.length());
    return head.concat(with).concat(bytes.slice(tail, bytes.length()));
  }

  private static Bytes trim(Bytes bytes, Bytes set, boolean atStart, boolean atEnd) {
    int from = 0;
    int to = bytes.length();
    while (atStart && from < to && contains(set, bytes.get(from))) {
      from++;
    }
    while (atEnd && to > from && contains(set, bytes.get(to - 1))) {
      to--;
    }
    return bytes.slice(from, to);
  }

  private static boolean contains(Bytes set, byte b) {
    for (int i = 0; i < set.length(); i++) {
      if (set.get(i) == b) {
        return true;
      }
    }
    return false;
  }

  private static int checkIndex(int index, int length) {
    if (index < 0 || index >= length) {
      throw outOfBounds(index, length - 1L);
    }
    return index;
  }

  private static SqlException outOfBounds(long index, long last) {
    return new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "index " + index + " out of valid range, 0.." + last);
  }

  private static void checkBit(long index, int length) {
    if (index < 0 || index >= length * 8L) {
      throw outOfBounds(index, length * 8L - 1);
    }
  }

  private static Bytes setBit(Bytes bytes, long index, int value) {
    checkBit(index, bytes.length());
    if (value != 0 && value != 1) {
      throw TypeErrors.invalidParameter("new bit must be 0 or 1");
    }
    byte[] copy = bytes.toByteArray();
    int at = (int) (index / 8);
    int mask = 1 << (index % 8);
    copy[at] = (byte) (value == 1 ? copy[at] | mask : copy[at] & ~mask);
    return Bytes.wrap(copy);
  }

  private static long bitCount(Bytes bytes) {
    long count = 0;
    for (byte b : bytes.unsafeArray()) {
      count += Integer.bitCount(b & 0xff);
    }
    return count;
  }

  private static int source(String name) {
    int number = Encodings.number(name);
    if (number < 0) {
      throw TypeErrors.invalidParameter("invalid source encoding name \"" + name + "\"");
    }
    return number;
  }

  private static int destination(String name) {
    int number = Encodings.number(name);
    if (number < 0) {
      throw TypeErrors.invalidParameter("invalid destination encoding name \"" + name + "\"");
    }
    return number;
  }

  private static Charset charset(int encoding) {
    Charset charset = Encodings.charset(encoding);
    if (charset == null) {
      throw SqlException.notSupported("encoding " + Encodings.name(encoding));
    }
    return charset;
  }

  /// Bytes in `encoding` as text. Bytes that the encoding does not have give 22021.
  static String convertFrom(Bytes bytes, int encoding) {
    byte[] in = bytes.unsafeArray();
    ByteBuffer buffer = ByteBuffer.wrap(in);
    int zero = indexOf(in, new byte[1]);
    if (zero >= 0) {
      throw invalidSequence(in, zero, 1, encoding);
    }
    // SQL_ASCII says nothing of the bytes above 127: the server's own encoding is meant.
    Charset charset = encoding == Encodings.SQL_ASCII ? StandardCharsets.UTF_8 : charset(encoding);
    var decoder = charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer out = CharBuffer.allocate((int) Math.ceil(in.length * (double) decoder.maxCharsPerByte()) + 1);
    var result = decoder.decode(buffer, out, true);
    if (result.isError()) {
      int at = buffer.position();
      throw invalidSequence(in, at, sequenceLength(in, at, encoding), encoding == Encodings.SQL_ASCII ? Encodings.UTF8 : encoding);
    }
    return out.flip().toString();
  }

  /// Bytes shown for a bad UTF-8 sequence: as many as its first byte announces and are there.
  private static int sequenceLength(byte[] bytes, int at, int encoding) {
    if (encoding != Encodings.UTF8 && encoding != Encodings.SQL_ASCII) {
      return Math.min(Encodings.maxBytes(encoding), bytes.length - at);
    }
    int first = bytes[at] & 0xff;
    int announced = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
    return Math.min(announced, bytes.length - at);
  }

  private static SqlException invalidSequence(byte[] bytes, int at, int length, int encoding) {
    return new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE,
        "invalid byte sequence for encoding \"" + Encodings.name(encoding) + "\":" + sequence(bytes, at, length));
  }

  private static String sequence(byte[] bytes, int at, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = at; i < at + length; i++) {
      out.append(" 0x").append(HexFormat.of().toHexDigits(bytes[i]));
    }
    return out.toString();
  }

  /// Text as bytes in `encoding`. Characters that it lacks give 22P05.
  static Bytes convertTo(String text, int encoding) {
    if (encoding == Encodings.UTF8 || encoding == Encodings.SQL_ASCII) {
      return Bytes.wrap(utf8(text));
    }
    var encoder = charset(encoding).newEncoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer in = CharBuffer.wrap(text);
    ByteBuffer out = ByteBuffer.allocate((int) Math.ceil(text.length() * (double) encoder.maxBytesPerChar()) + 8);
    var result = encoder.encode(in, out, true);
    if (result.isError()) {
      byte[] bad = utf8(Character.toString(text.codePointAt(in.position())));
      throw new SqlException(SqlState.UNTRANSLATABLE_CHARACTER, "character with byte sequence" + sequence(bad, 0, bad.length)
          + " in encoding \"UTF8\" has no equivalent in encoding \"" + Encodings.name(encoding) + "\"");
    }
    encoder.flush(out);
    return Bytes.copyOf(out.array(), 0, out.position());
  }
}
