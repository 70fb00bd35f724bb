package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ConstraintParser.ColumnQualifiers;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.*;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.TableDdl.Column;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/// CREATE of types, domains, collations, conversions, statistics.
final class TypeDdlParser {
  private TypeDdlParser() {}

  static SchemaObjectDdl parseCreate(Tokens t) {
    int kind = t.kind;
    t.advance();
    return switch (kind) {
      case TYPE -> parseType(t);
      case DOMAIN -> parseDomain(t);
      case COLLATION -> parseCollation(t);
      default -> parseStatistics(t);
    };
  }

  private static SchemaObjectDdl parseType(Tokens t) {
    QualifiedName name = NameParser.parseAnyName(t);
    if (t.is('(')) {
      return new CreateBaseType(name, OptionParser.parseDefinition(t));
    }
    if (!t.accept(AS)) {
      return new CreateBaseType(name, null);
    }
    if (t.accept(ENUM)) {
      t.expect('(');
      List<String> labels = new ArrayList<>();
      if (!t.is(')')) {
        do {
          labels.add(t.stringConstant());
        } while (t.accept(','));
      }
      t.expect(')');
      return new CreateEnumType(name, List.copyOf(labels));
    }
    if (t.accept(RANGE)) {
      return new CreateRangeType(name, OptionParser.parseDefinition(t));
    }
    t.expect('(');
    List<Column> attributes = new ArrayList<>();
    if (!t.is(')')) {
      do {
        attributes.add(parseAttribute(t));
      } while (t.accept(','));
    }
    t.expect(')');
    return new CreateCompositeType(name, List.copyOf(attributes));
  }

  /// TableFuncElement as an attribute of a composite type.
  static Column parseAttribute(Tokens t) {
    int position = t.position();
    String name = t.columnIdentifier();
    TypeName type = TypeParser.parse(t);
    QualifiedName collation = t.accept(COLLATE) ? NameParser.parseAnyName(t) : null;
    return new Column(name, type, null, List.of(), collation, List.of(), position);
  }

  private static CreateDomain parseDomain(Tokens t) {
    int position = t.position();
    QualifiedName name = NameParser.parseAnyName(t);
    t.accept(AS);
    TypeName type = TypeParser.parse(t);
    ColumnQualifiers qualifiers = ConstraintParser.parseColumnQualifiers(t);
    return new CreateDomain(name, type, qualifiers.collation(), qualifiers.constraints(), position);
  }

  private static CreateCollation parseCollation(Tokens t) {
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    QualifiedName name = NameParser.parseAnyName(t);
    if (t.accept(FROM)) {
      return new CreateCollation(name, ifNotExists, NameParser.parseAnyName(t), List.of());
    }
    return new CreateCollation(name, ifNotExists, null, OptionParser.parseDefinition(t));
  }

  /// `[DEFAULT] CONVERSION name FOR 'source' TO 'target' FROM function`, after CREATE.
  static CreateConversion parseCreateConversion(Tokens t) {
    boolean isDefault = t.accept(DEFAULT);
    t.expect(CONVERSION);
    QualifiedName name = NameParser.parseAnyName(t);
    t.expect(FOR);
    String source = t.stringConstant();
    t.expect(TO);
    String target = t.stringConstant();
    t.expect(FROM);
    return new CreateConversion(name, isDefault, source, target, NameParser.parseAnyName(t));
  }

  private static CreateStatistics parseStatistics(Tokens t) {
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    QualifiedName name = NameParser.parseAnyName(t);
    List<String> kinds = List.of();
    if (t.accept('(')) {
      kinds = NameParser.parseNames(t);
      t.expect(')');
    }
    t.expect(ON);
    List<StatisticsElement> elements = new ArrayList<>();
    do {
      elements.add(parseStatisticsElement(t));
    } while (t.accept(','));
    t.expect(FROM);
    List<FromItem> from = FromParser.parseList(t);
    return new CreateStatistics(name, ifNotExists, kinds, List.copyOf(elements), from);
  }

  private static StatisticsElement parseStatisticsElement(Tokens t) {
    if (t.is('(')) {
      return new StatisticsElement(null, ExpressionParser.parseParenthesisedSource(t));
    }
    if (IndexParser.startsCall(t)) {
      SourceExpression call = IndexParser.parseCallSource(t);
      return new StatisticsElement(null, call);
    }
    return new StatisticsElement(t.columnIdentifier(), null);
  }
}
