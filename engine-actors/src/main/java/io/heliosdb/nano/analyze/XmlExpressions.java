package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.XmlNames;
import java.util.ArrayList;
import java.util.List;

/// The SQL/XML expressions as calls of functions in `pg_catalog`, which do the work. Pure rewriting of syntax trees.
final class XmlExpressions {
  private XmlExpressions() {}

  /// `heliosdb_xmlelement(name, number of attributes, name and value of each, content…)`.
  static Expression element(Expression.XmlElement xml) {
    List<Expression> arguments = new ArrayList<>();
    arguments.add(text(XmlNames.name(xml.name(), false, false), xml.position()));
    arguments.add(new Expression.IntegerLiteral(xml.attributes().size(), xml.position()));
    List<String> seen = new ArrayList<>();
    for (Expression.XmlAttribute attribute : xml.attributes()) {
      String name = nameOf(attribute, "unnamed XML attribute value must be a column reference");
      if (seen.contains(name)) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "XML attribute name \"" + name + "\" appears more than once").at(attribute.position());
      }
      seen.add(name);
      arguments.add(text(name, attribute.position()));
      arguments.add(attribute.value());
    }
    arguments.addAll(xml.content());
    return call("heliosdb_xmlelement", arguments, xml.position());
  }

  /// `heliosdb_xmlforest(name, value, name, value…)`.
  static Expression forest(Expression.XmlForest xml) {
    List<Expression> arguments = new ArrayList<>();
    for (Expression.XmlAttribute element : xml.elements()) {
      arguments.add(text(nameOf(element, "unnamed XML element value must be a column reference"), element.position()));
      arguments.add(element.value());
    }
    return call("heliosdb_xmlforest", arguments, xml.position());
  }

  static Expression concat(Expression.XmlConcat xml) {
    Expression result = null;
    for (Expression argument : xml.arguments()) {
      result = call("xmlconcat2", List.of(result == null ? new Expression.NullLiteral(xml.position()) : result, argument), xml.position());
    }
    return result;
  }

  static Expression parse(Expression.XmlParse xml) {
    return call("heliosdb_xmlparse", List.of(xml.value(), new Expression.BooleanLiteral(xml.document(), xml.position())), xml.position());
  }

  static Expression instruction(Expression.XmlPi xml) {
    Expression name = text(XmlNames.name(xml.name(), false, false), xml.position());
    return call("heliosdb_xmlpi", xml.content() == null ? List.of(name) : List.of(name, xml.content()), xml.position());
  }

  static Expression root(Expression.XmlRoot xml) {
    Expression version = xml.version() == null ? new Expression.NullLiteral(xml.position()) : xml.version();
    return call("heliosdb_xmlroot",
        List.of(xml.value(), version, new Expression.IntegerLiteral(xml.standalone().ordinal(), xml.position())), xml.position());
  }

  static Expression serialize(Expression.XmlSerialize xml) {
    Expression text = call("heliosdb_xmlserialize",
        List.of(xml.value(), new Expression.BooleanLiteral(xml.document(), xml.position())), xml.position());
    return new Expression.Cast(text, xml.type(), xml.position());
  }

  static Expression isDocument(Expression operand, int position) {
    return call("heliosdb_xml_is_document", List.of(operand), position);
  }

  private static Expression call(String function, List<Expression> arguments, int position) {
    List<Expression.Argument> list = new ArrayList<>();
    arguments.forEach(argument -> list.add(Expression.Argument.of(argument)));
    return new Expression.FunctionCall(
        QualifiedName.system(function, position), list, false, false, false, List.of(), false, null, null, true, position);
  }

  private static Expression text(String value, int position) {
    return new Expression.StringLiteral(value, position);
  }

  private static String nameOf(Expression.XmlAttribute attribute, String error) {
    if (attribute.name() != null) {
      return XmlNames.name(attribute.name(), false, false);
    }
    if (attribute.value() instanceof Expression.ColumnReference column && !column.star()) {
      return XmlNames.name(column.name(), true, false);
    }
    throw new SqlException(SqlState.SYNTAX_ERROR, error).at(attribute.position());
  }
}
