package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.ternary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.LargeValue;
import io.heliosdb.nano.type.BitString;
import io.heliosdb.nano.type.Inet;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Typmods;
import io.heliosdb.nano.type.Values;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Conversions among text, varchar, bpchar, name and `"char"`, their lengths, and concatenation with any type.
public final class TextConversions implements Builtins.Family {
  /// Bytes a name can hold.
  static final int NAME_BYTES = 63;

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "varchar" -> ternary((a, typmod, explicit) -> Typmods.apply(PgTypes.VARCHAR, a, (Integer) typmod, (Boolean) explicit));
      case "bpchar" -> ternary((a, typmod, explicit) -> Typmods.apply(PgTypes.BPCHAR, a, (Integer) typmod, (Boolean) explicit));
      case "text_name", "bpchar_name" -> unary(a -> toName(symbol.startsWith("b") ? Values.trimBlanks((String) a) : (String) a));
      case "name_text", "name_bpchar", "char_bpchar", "char_text" -> unary(a -> a);
      case "text_char" -> unary(a -> toChar((String) a));
      case "chartoi4" -> unary(a -> ((String) a).isEmpty() ? 0 : (int) (byte) ((String) a).charAt(0));
      case "i4tochar" -> unary(a -> intToChar((Integer) a));
      case "booltext" -> unary(a -> (Boolean) a ? "true" : "false");
      case "texttoxml", "xmltotext" -> null;
      case "textcat" -> binary((a, b) -> {
        LargeValue.check((long) ((String) a).length() + ((String) b).length());
        return ((String) a).concat((String) b);
      });
      case "sql:textanycat" -> contextual((context, site, args) ->
          args[0] + castText(site.argumentTypes().get(1), args[1], context.io()));
      case "sql:anytextcat" -> contextual((context, site, args) ->
          castText(site.argumentTypes().get(0), args[0], context.io()) + args[1]);
      case "textlen" -> unary(a -> length((String) a));
      case "bpcharlen" -> unary(a -> length(Values.trimBlanks((String) a)));
      case "textoctetlen", "bpcharoctetlen" -> unary(a -> utf8Length((String) a));
      case "sql:bit_length" -> unary(a -> a instanceof String s ? utf8Length(s) * 8
          : a instanceof BitString bits ? bits.length() : ((io.heliosdb.nano.type.Bytes) a).length() * 8);
      case "nameconcatoid" -> binary((a, b) -> nameWithSuffix((String) a, "_" + b));
      default -> null;
    };
  }

  /// What a cast to text gives, which is the output text but for types with a cast function of their own.
  private static String castText(PgType type, Object value, IoContext io) {
    return switch (value) {
      case Boolean b -> b ? "true" : "false";
      case Inet inet -> NetworkFunctions.withLength(inet);
      default -> TypeIo.toText(type, value, io);
    };
  }

  /// Characters (code points) of a text.
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  /// The longest prefix of whole characters that fits `bytes` bytes of UTF-8.
  static String clipUtf8(String text, int bytes) {
    if (text.length() * 3L <= bytes) {
      return text;
    }
    int used = 0;
    for (int i = 0; i < text.length();) {
      int c = text.codePointAt(i);
      used += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (used > bytes) {
        return text.substring(0, i);
      }
      i += Character.charCount(c);
    }
    return text;
  }

  static String toName(String text) {
    return clipUtf8(text, NAME_BYTES);
  }

  private static String nameWithSuffix(String name, String suffix) {
    return clipUtf8(name, NAME_BYTES - suffix.length()) + suffix;
  }

  /// `"char"` keeps the first byte.
  private static String toChar(String text) {
    if (text.isEmpty() || text.charAt(0) < 0x80) {
      return text.isEmpty() ? "" : text.substring(0, 1);
    }
    byte first = Character.toString(text.codePointAt(0)).getBytes(StandardCharsets.UTF_8)[0];
    return String.valueOf((char) (first & 0xff));
  }

  private static String intToChar(int value) {
    if (value < Byte.MIN_VALUE || value > Byte.MAX_VALUE) {
      throw TypeErrors.outOfRange("\"char\"");
    }
    return value == 0 ? "" : String.valueOf((char) (value & 0xff));
  }
}
