package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes XML out of SQL values: elements, forests, processing instructions, declarations.
/// Source: PostgreSQL 15 manual, "Producing XML Content"; SQL/XML mapping of values.
final class XmlBuilding {
  private static final Pattern DECLARATION = Pattern.compile(
      "^<\\?xml(?:\\s+version\\s*=\\s*[\"']([^\"']*)[\"'])?(?:\\s+encoding\\s*=\\s*[\"']([^\"']*)[\"'])?"
          + "(?:\\s+standalone\\s*=\\s*[\"'](yes|no)[\"'])?\\s*\\?>");

  private XmlBuilding() {}

  /// The XML declaration of a text, as far as it says something.
  record Declaration(@Nullable String version, @Nullable String standalone) {
    static Declaration of(String xml) {
      Matcher declaration = DECLARATION.matcher(xml);
      return declaration.find() ? new Declaration(declaration.group(1), declaration.group(3)) : new Declaration(null, null);
    }

    /// Empty when it says nothing but the usual.
    String text() {
      if ((version == null || version.equals("1.0")) && standalone == null) {
        return "";
      }
      return "<?xml version=\"" + (version == null ? "1.0" : version) + "\"" + (standalone == null ? "" : " standalone=\"" + standalone + "\"") + "?>";
    }
  }

  /// Arguments: name, number of attributes, name and value of each, content.
  static String element(CallContext context, List<PgType> types, @Nullable Object[] args) {
    String name = (String) args[0];
    int attributes = (Integer) args[1];
    StringBuilder out = new StringBuilder("<").append(name);
    int at = 2;
    for (int i = 0; i < attributes; i++, at += 2) {
      if (args[at + 1] != null) {
        out.append(' ').append(args[at]).append("=\"").append(attribute(plain(context, types.get(at + 1), args[at + 1]))).append('"');
      }
    }
    StringBuilder content = new StringBuilder();
    for (; at < args.length; at++) {
      if (args[at] != null) {
        content.append(value(context, types.get(at), args[at]));
      }
    }
    if (content.isEmpty()) {
      return out.append("/>").toString();
    }
    return out.append('>').append(content).append("</").append(name).append('>').toString();
  }

  static @Nullable String forest(CallContext context, List<PgType> types, @Nullable Object[] args) {
    StringBuilder out = new StringBuilder();
    boolean any = false;
    for (int i = 0; i < args.length; i += 2) {
      if (args[i + 1] != null) {
        out.append('<').append(args[i]).append('>').append(value(context, types.get(i + 1), args[i + 1])).append("</").append(args[i])
            .append('>');
        any = true;
      }
    }
    return any ? out.toString() : null;
  }

  static @Nullable String instruction(String target, boolean hasContent, @Nullable String content) {
    if (target.equalsIgnoreCase("xml")) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "invalid XML processing instruction")
          .withDetail("XML processing instruction target name cannot be \"" + target + "\".");
    }
    if (content == null) {
      return hasContent ? null : "<?" + target + "?>";
    }
    if (content.contains("?>")) {
      throw invalidInstruction("XML processing instruction cannot contain \"?>\".");
    }
    return "<?" + target + " " + content.stripLeading() + "?>";
  }

  private static SqlException invalidInstruction(String detail) {
    return new SqlException(SqlState.INVALID_XML_PROCESSING_INSTRUCTION, "invalid XML processing instruction").withDetail(detail);
  }

  /// `standalone`: 0 yes, 1 no, 2 no value, 3 as it was.
  static String root(String xml, @Nullable String version, int standalone) {
    Matcher declaration = DECLARATION.matcher(xml);
    boolean declared = declaration.find();
    String was = declared ? declaration.group(3) : null;
    String shown = standalone == 0 ? "yes" : standalone == 1 ? "no" : standalone == 3 ? was : null;
    StringBuilder out = new StringBuilder();
    if (version != null && !version.equals("1.0") || shown != null) {
      out.append("<?xml version=\"").append(version == null ? "1.0" : version).append('"');
      out.append(shown == null ? "" : " standalone=\"" + shown + "\"").append("?>");
    }
    return out.append(declared ? xml.substring(declaration.end()) : xml).toString();
  }

  private static String attribute(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("\n", "&#10;")
        .replace("\r", "&#13;").replace("\t", "&#9;");
  }

  /// A value as element content: XML as it is, arrays as elements, other text escaped.
  static String value(CallContext context, PgType type, Object value) {
    if (value instanceof PgArray array) {
      StringBuilder out = new StringBuilder();
      for (Object element : array.elements()) {
        if (element != null) {
          out.append("<element>").append(value(context, array.elementType(), element)).append("</element>");
        }
      }
      return out.toString();
    }
    String text = plain(context, type, value);
    return type.oid() == 142 ? XmlFunctions.withoutDeclaration(text) : XmlFunctions.escaped(text);
  }

  /// A value in the form of its XML Schema type.
  private static String plain(CallContext context, PgType type, Object value) {
    return switch (type.family()) {
      case BOOL -> value.toString();
      case BYTEA -> {
        byte[] bytes = ((Bytes) value).unsafeArray();
        yield context.io().xmlBinary() == IoContext.XmlBinary.BASE64 ? Base64.getEncoder().encodeToString(bytes)
            : HexFormat.of().withUpperCase().formatHex(bytes);
      }
      case DATE -> {
        if (!DateTimes.isFiniteDate((Integer) value)) {
          throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "date out of range").withDetail("XML does not support infinite date values.");
        }
        yield TypeIo.toText(type, value, iso(context));
      }
      case TIMESTAMP, TIMESTAMPTZ -> {
        if (!DateTimes.isFinite((Long) value)) {
          throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range")
              .withDetail("XML does not support infinite timestamp values.");
        }
        String text = TypeIo.toText(type, value, iso(context)).replaceFirst(" ", "T");
        yield type.oid() == 1184 ? text.replaceFirst("([+-]\\d\\d)$", "$1:00") : text;
      }
      default -> TypeIo.toText(type, value, context.io());
    };
  }

  private static IoContext iso(CallContext context) {
    return context.io().toBuilder().dateStyle(IoContext.DateStyle.ISO, IoContext.DateOrder.YMD).build();
  }
}
