package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Expression.*;
import io.heliosdb.nano.parse.ast.FromItem.XmlColumn;
import io.heliosdb.nano.parse.ast.FromItem.XmlNamespace;
import io.heliosdb.nano.parse.ast.FromItem.XmlTable;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SQL/XML: the functions with syntax of their own, and XMLTABLE.
final class XmlParser {
  private XmlParser() {}

  /// An XML function whose name and opening parenthesis have been read; the caller reads the closing one.
  static Expression parse(Tokens t, int kind, int position) {
    return switch (kind) {
      case XMLCONCAT -> new XmlConcat(ExpressionParser.parseList(t), position);
      case XMLELEMENT -> parseElement(t, position);
      case XMLEXISTS -> {
        Expression path = PrimaryParser.parse(t);
        yield FunctionCall.system("xmlexists", position, path, parsePassing(t));
      }
      case XMLFOREST -> new XmlForest(parseAttributes(t), position);
      case XMLPARSE -> parseParse(t, position);
      case XMLPI -> {
        t.expect(NAME);
        String name = t.label();
        yield new XmlPi(name, t.accept(',') ? ExpressionParser.parse(t) : null, position);
      }
      case XMLROOT -> parseRoot(t, position);
      case XMLSERIALIZE -> {
        boolean document = parseDocumentOrContent(t);
        Expression value = ExpressionParser.parse(t);
        t.expect(AS);
        TypeName type = TypeParser.parseSimple(t, false);
        yield new XmlSerialize(document, value, type, position);
      }
      default -> throw t.syntaxError();
    };
  }

  private static Expression parseElement(Tokens t, int position) {
    t.expect(NAME);
    String name = t.label();
    List<XmlAttribute> attributes = List.of();
    List<Expression> content = List.of();
    if (t.accept(',')) {
      if (t.is(XMLATTRIBUTES, '(')) {
        t.advance();
        t.advance();
        attributes = parseAttributes(t);
        t.expect(')');
        if (t.accept(',')) {
          content = ExpressionParser.parseList(t);
        }
      } else {
        content = ExpressionParser.parseList(t);
      }
    }
    return new XmlElement(name, attributes, content, position);
  }

  private static List<XmlAttribute> parseAttributes(Tokens t) {
    List<XmlAttribute> attributes = new ArrayList<>();
    do {
      int position = t.position();
      Expression value = ExpressionParser.parse(t);
      attributes.add(new XmlAttribute(value, t.accept(AS) ? t.label() : null, position));
    } while (t.accept(','));
    return List.copyOf(attributes);
  }

  private static boolean parseDocumentOrContent(Tokens t) {
    if (t.accept(DOCUMENT)) {
      return true;
    }
    t.expect(CONTENT);
    return false;
  }

  private static Expression parseParse(Tokens t, int position) {
    boolean document = parseDocumentOrContent(t);
    Expression value = ExpressionParser.parse(t);
    boolean preserve = false;
    if (t.accept(PRESERVE)) {
      t.expect(WHITESPACE);
      preserve = true;
    } else if (t.accept(STRIP)) {
      t.expect(WHITESPACE);
    }
    return new XmlParse(document, value, preserve, position);
  }

  private static Expression parseRoot(Tokens t, int position) {
    Expression value = ExpressionParser.parse(t);
    t.expect(',');
    t.expect(VERSION);
    Expression version = null;
    if (t.accept(NO, VALUE)) {
      version = null;
    } else {
      version = ExpressionParser.parse(t);
    }
    XmlStandalone standalone = XmlStandalone.OMITTED;
    if (t.accept(',')) {
      t.expect(STANDALONE);
      if (t.accept(YES)) {
        standalone = XmlStandalone.YES;
      } else {
        t.expect(NO);
        standalone = t.accept(VALUE) ? XmlStandalone.NO_VALUE : XmlStandalone.NO;
      }
    }
    return new XmlRoot(value, version, standalone, position);
  }

  /// `PASSING [BY REF|VALUE] value [BY REF|VALUE]`.
  private static Expression parsePassing(Tokens t) {
    t.expect(PASSING);
    parseMechanism(t);
    Expression value = PrimaryParser.parse(t);
    parseMechanism(t);
    return value;
  }

  private static void parseMechanism(Tokens t) {
    if (t.accept(BY)) {
      if (!t.accept(REF)) {
        t.expect(VALUE);
      }
    }
  }

  // ------------------------------------------------------------------------------------------ XMLTABLE

  /// `XMLTABLE (…)` without its alias.
  static XmlTable parseTable(Tokens t, boolean lateral, int position) {
    t.expect(XMLTABLE);
    t.expect('(');
    List<XmlNamespace> namespaces = List.of();
    if (t.is(XMLNAMESPACES, '(')) {
      t.advance();
      t.advance();
      namespaces = parseNamespaces(t);
      t.expect(')');
      t.expect(',');
    }
    Expression row = PrimaryParser.parse(t);
    Expression document = parsePassing(t);
    t.expect(COLUMNS);
    List<XmlColumn> columns = new ArrayList<>();
    do {
      columns.add(parseColumn(t));
    } while (t.accept(','));
    t.expect(')');
    return new XmlTable(lateral, namespaces, row, document, List.copyOf(columns), null, position);
  }

  private static List<XmlNamespace> parseNamespaces(Tokens t) {
    List<XmlNamespace> namespaces = new ArrayList<>();
    do {
      int position = t.position();
      boolean isDefault = t.accept(DEFAULT);
      Expression uri = ExpressionParser.parseRestricted(t);
      String name = null;
      if (!isDefault) {
        t.expect(AS);
        name = t.label();
      }
      namespaces.add(new XmlNamespace(name, uri, position));
    } while (t.accept(','));
    return List.copyOf(namespaces);
  }

  private static XmlColumn parseColumn(Tokens t) {
    int position = t.position();
    String name = t.columnIdentifier();
    if (t.accept(FOR)) {
      t.expect(ORDINALITY);
      return new XmlColumn(name, null, null, null, false, position);
    }
    TypeName type = TypeParser.parse(t);
    return parseColumnOptions(t, name, type, position);
  }

  private static XmlColumn parseColumnOptions(Tokens t, String name, TypeName type, int position) {
    Expression path = null;
    Expression defaultValue = null;
    @Nullable Boolean notNull = null;
    while (true) {
      int optionPosition = t.position();
      if (t.is(DEFAULT)) {
        t.advance();
        if (defaultValue != null) {
          throw t.grammarError("only one DEFAULT value is allowed", optionPosition);
        }
        defaultValue = ExpressionParser.parseRestricted(t);
      } else if (t.is(NOT) || t.is(NULL)) {
        boolean not = t.accept(NOT);
        t.expect(NULL);
        if (notNull != null) {
          throw t.grammarError("conflicting or redundant NULL / NOT NULL declarations for column \"" + name + "\"", optionPosition);
        }
        notNull = not;
      } else if (t.is(IDENT)) {
        String option = t.label();
        if (option.equals("__pg__is_not_null")) {
          throw t.grammarError("option name \"" + option + "\" cannot be used in XMLTABLE", optionPosition);
        }
        Expression value = ExpressionParser.parseRestricted(t);
        if (!option.equals("path")) {
          throw t.grammarError("unrecognized column option \"" + option + "\"", optionPosition);
        }
        if (path != null) {
          throw t.grammarError("only one PATH value per column is allowed", optionPosition);
        }
        path = value;
      } else {
        return new XmlColumn(name, type, path, defaultValue, Boolean.TRUE.equals(notNull), position);
      }
    }
  }
}
