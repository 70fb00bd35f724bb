package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathEvaluationResult;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathNodes;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Node;

/// The rows of XMLTABLE as arrays of text, one element per column; the query around it makes values of the columns' types of them.
/// Source: PostgreSQL 15 manual, "xmltable".
final class XmlTables {
  private XmlTables() {}

  /// How a column's values are made: `x` xml, `n` a number type (where true is 1), `t` other; `!`: not null; then the name.
  private record Column(char kind, boolean notNull, String name, XPathExpression path) {}

  /// Arguments: row path, document, prefixes and URIs of namespaces in turn, paths, kinds.
  static Implementation.RowSource rows(@Nullable Object[] args) {
    if (args[1] == null) {
      return SeriesFunctions.elements(new Object[0]);
    }
    Map<String, String> namespaces = new LinkedHashMap<>();
    PgArray names = (PgArray) args[2];
    for (int i = 0; names != null && i < names.size(); i += 2) {
      namespaces.put((String) names.element(i), required((String) names.element(i + 1), "namespace URI must not be null"));
    }
    String rowPath = required((String) args[0], "row filter expression must not be null");
    if (rowPath.isEmpty()) {
      throw new SqlException(SqlState.DATA_EXCEPTION, "row path filter must not be empty string");
    }
    XPath xpath = XmlDocuments.xpath(namespaces);
    XPathExpression row = compiled(xpath, rowPath);
    List<Column> columns = new ArrayList<>();
    PgArray paths = (PgArray) args[3];
    PgArray kinds = (PgArray) args[4];
    for (int i = 0; i < kinds.size(); i++) {
      String kind = (String) kinds.element(i);
      String path = required((String) paths.element(i), "column filter expression must not be null");
      if (path.isEmpty()) {
        throw new SqlException(SqlState.DATA_EXCEPTION, "column path filter must not be empty string");
      }
      columns.add(new Column(kind.charAt(0), kind.charAt(1) == '!', kind.substring(2), compiled(xpath, path)));
    }
    Document document = XmlDocuments.parsed(XmlFunctions.withoutDeclaration((String) args[1]));
    List<Object> rows = new ArrayList<>();
    try {
      if (row.evaluateExpression(document).value() instanceof XPathNodes nodes) {
        for (Node node : nodes) {
          rows.add(row(node, columns));
        }
      }
    } catch (XPathExpressionException e) {
      throw invalid(e);
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  private static String required(@Nullable String text, String message) {
    if (text == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, message);
    }
    return text;
  }

  private static XPathExpression compiled(XPath xpath, String path) {
    try {
      return xpath.compile(path);
    } catch (XPathExpressionException e) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "invalid XPath expression", e);
    }
  }

  private static SqlException invalid(XPathExpressionException e) {
    return new SqlException(SqlState.INTERNAL_ERROR, "could not create XPath object", e);
  }

  static SqlException nullColumn(String name) {
    return new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "null is not allowed in column \"" + name + "\"");
  }

  private static PgArray row(Node node, List<Column> columns) throws XPathExpressionException {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      values[i] = value(column, column.path.evaluateExpression(node));
      if (values[i] == null && column.notNull) {
        throw nullColumn(column.name);
      }
    }
    return PgArray.of(PgTypes.TEXT, values);
  }

  private static @Nullable String value(Column column, XPathEvaluationResult<?> result) {
    return switch (result.value()) {
      case XPathNodes nodes -> nodes(column, nodes);
      case Boolean truth when column.kind == 'n' -> truth ? "1" : "0";
      case Number number -> XmlFunctions.number(number.doubleValue());
      case null -> null;
      default -> column.kind == 'x' ? XmlFunctions.escaped(String.valueOf(result.value())) : String.valueOf(result.value());
    };
  }

  private static @Nullable String nodes(Column column, XPathNodes nodes) {
    if (nodes.size() == 0) {
      return null;
    }
    if (column.kind == 'x') {
      StringBuilder out = new StringBuilder();
      nodes.forEach(node -> out.append(XmlDocuments.text(node)));
      return out.toString();
    }
    if (nodes.size() > 1) {
      throw new SqlException(SqlState.CARDINALITY_VIOLATION, "more than one value returned by column XPath expression");
    }
    Node node = nodes.iterator().next();
    return node.getTextContent();
  }
}
