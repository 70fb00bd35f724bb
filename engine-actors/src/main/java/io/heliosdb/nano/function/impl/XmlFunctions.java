package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.aggregate;
import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.setReturning;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.Implementation.Accumulator;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.XmlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathEvaluationResult;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathNodes;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;

/// Functions on XML: comments, concatenation, checks, XPath 1.0. Documents are parsed without external entities or DTDs.
/// Source: PostgreSQL 15 manual, "XML Functions".
public final class XmlFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "xmlcomment" -> unary(a -> comment((String) a));
      case "xmlconcat2" -> binary((a, b) -> a == null ? b : b == null ? a : concat((String) a, (String) b));
      case "xmltotext" -> unary(a -> a);
      case "texttoxml" -> contextual((context, site, args) -> TypeIo.parse(PgTypes.XML, -1, (String) args[0], context.io()));
      case "xml_is_well_formed" -> contextual((context, site, args) -> context.io().xmlDocument() ? isDocument((String) args[0]) : isContent((String) args[0]));
      case "xml_is_well_formed_content" -> unary(a -> isContent((String) a));
      case "xml_is_well_formed_document" -> unary(a -> isDocument((String) a));
      case "xpath", "sql:xpath" -> contextual((context, site, args) ->
          xpath((String) args[0], (String) args[1], args.length > 2 ? (PgArray) args[2] : null));
      case "xpath_exists", "sql:xpath_exists" -> contextual((context, site, args) ->
          !xpath((String) args[0], (String) args[1], args.length > 2 ? (PgArray) args[2] : null).isEmpty());
      case "xmlexists" -> binary((path, xml) -> !xpath((String) path, (String) xml, null).isEmpty());
      case "xml_element" -> contextual((context, site, args) -> XmlBuilding.element(context, site.argumentTypes(), args));
      case "xml_forest" -> contextual((context, site, args) -> XmlBuilding.forest(context, site.argumentTypes(), args));
      case "xml_parse" -> binary((text, document) -> parsed((String) text, (Boolean) document));
      case "xml_instruction" -> contextual((context, site, args) ->
          XmlBuilding.instruction((String) args[0], args.length > 1, args.length > 1 ? (String) args[1] : null));
      case "xml_root" -> contextual((context, site, args) ->
          args[0] == null ? null : XmlBuilding.root((String) args[0], (String) args[1], (Integer) args[2]));
      case "xml_serialize" -> binary((xml, document) -> {
        if ((Boolean) document && !isDocument((String) xml)) {
          throw new SqlException(SqlState.NOT_AN_XML_DOCUMENT, "not an XML document");
        }
        return xml;
      });
      case "xml_is_document" -> unary(xml -> isDocument((String) xml));
      case "xml_table" -> setReturning((context, site, args) -> XmlTables.rows(args));
      case "xml_table_null" -> unary(name -> {
        throw XmlTables.nullColumn((String) name);
      });
      case "agg:xmlagg" -> aggregate((context, site) -> new XmlJoin());
      default -> XmlMapping.find(symbol);
    };
  }

  private static String parsed(String text, boolean document) {
    if (document ? !isDocument(text) : !isContent(text)) {
      throw new SqlException(document ? SqlState.INVALID_XML_DOCUMENT : SqlState.INVALID_XML_CONTENT,
          document ? "invalid XML document" : "invalid XML content");
    }
    return text;
  }

  private static String comment(String text) {
    if (text.contains("--") || text.endsWith("-")) {
      throw new SqlException(SqlState.INVALID_XML_COMMENT, "invalid XML comment");
    }
    return "<!--" + text + "-->";
  }

  /// The contents one after the other. The version is kept when both say the same one; `standalone` when both say it.
  static String concat(String a, String b) {
    XmlBuilding.Declaration left = XmlBuilding.Declaration.of(a);
    XmlBuilding.Declaration right = XmlBuilding.Declaration.of(b);
    String version = left.version() != null && left.version().equals(right.version()) ? left.version() : null;
    String standalone = left.standalone() == null || right.standalone() == null ? null
        : left.standalone().equals("no") ? "no" : right.standalone();
    return new XmlBuilding.Declaration(version, standalone).text() + withoutDeclaration(a) + withoutDeclaration(b);
  }

  static String withoutDeclaration(String xml) {
    if (xml.startsWith("<?xml ") || xml.startsWith("<?xml\t") || xml.startsWith("<?xml\n")) {
      int end = xml.indexOf("?>");
      return end < 0 ? xml : xml.substring(end + 2);
    }
    return xml;
  }

  private static boolean isDocument(String xml) {
    return XmlText.isDocument(xml);
  }

  private static boolean isContent(String xml) {
    return XmlText.isContent(xml);
  }

  private static Map<String, String> namespaces(@Nullable PgArray array) {
    Map<String, String> names = new LinkedHashMap<>();
    if (array == null || array.isEmpty()) {
      return names;
    }
    if (array.dimensions() != 2 || array.length(1) != 2) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "invalid array for XML namespace mapping")
          .withDetail("The array must be two-dimensional with length of the second axis equal to 2.");
    }
    for (int i = 0; i < array.size(); i += 2) {
      if (array.element(i) == null || array.element(i + 1) == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "neither namespace name nor URI may be null");
      }
      names.put((String) array.element(i), (String) array.element(i + 1));
    }
    return names;
  }

  /// The nodes an expression finds, as an array of xml; a number, string or boolean as its text.
  private static PgArray xpath(String expression, String xml, @Nullable PgArray namespaces) {
    if (expression.isEmpty()) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "empty XPath expression");
    }
    Document document = XmlDocuments.parsed(withoutDeclaration(xml));
    try {
      XPath path = XmlDocuments.xpath(namespaces(namespaces));
      XPathEvaluationResult<?> result = path.evaluateExpression(expression, document);
      List<Object> found = new ArrayList<>();
      switch (result.value()) {
        case XPathNodes nodes -> nodes.forEach(node -> found.add(XmlDocuments.text(node)));
        case Number number -> found.add(number(number.doubleValue()));
        case null -> { }
        default -> found.add(escaped(String.valueOf(result.value())));
      }
      return PgArray.of(PgTypes.XML, found.toArray());
    } catch (XPathExpressionException e) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "invalid XPath expression", e);
    }
  }

  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#x0d;");
  }

  private static final class XmlJoin implements Accumulator {
    @Override
    public boolean collects() {
      return true;
    }

    private @Nullable StringBuilder joined;

    @Override
    public void add(@Nullable Object[] arguments) {
      String next = withoutDeclaration((String) arguments[0]);
      joined = joined == null ? new StringBuilder(next) : joined.append(next);
    }

    @Override
    public @Nullable Object result() {
      return joined == null ? null : joined.toString();
    }
  }
}
