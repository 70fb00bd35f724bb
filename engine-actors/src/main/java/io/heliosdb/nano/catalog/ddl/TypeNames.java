package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.TypeName;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the type that a type name means, with its modifier.
public final class TypeNames {
  private static final int INTERVAL_FULL_RANGE = 0x7fff;
  private static final int INTERVAL_FULL_PRECISION = 0xffff;

  /// A type with its modifier (-1 for none).
  public record Typed(PgType type, int typmod) {}

  private final Catalog catalog;
  private final SearchPath path;

  public TypeNames(Catalog catalog, SearchPath path) {
    this.catalog = catalog;
    this.path = path;
  }

  /// @throws SqlException 42704 unknown type, 42601 or 22023 bad modifiers
  public Typed resolve(TypeName name) {
    if (name.percentType()) {
      return percentType(name);
    }
    PgType type = find(name.name());
    if (type == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "type \"" + name.name() + (name.isArray() ? "[]" : "") + "\" does not exist")
          .at(name.position());
    }
    int typmod = typmod(name, type);
    return new Typed(name.isArray() ? arrayOf(type, name) : type, typmod);
  }

  /// The type of that name by the search path or schema, null when there is none.
  public @Nullable PgType find(QualifiedName name) {
    if (name.schema() == null) {
      return path.type(catalog, name.name());
    }
    int namespaceOid = namespace(name);
    return namespaceOid == 0 ? null : catalog.type(namespaceOid, name.name());
  }

  private int namespace(QualifiedName name) {
    if ("pg_temp".equals(name.schema())) {
      return path.temporaryNamespace();
    }
    Catalog.Namespace namespace = catalog.namespace(name.schema());
    if (namespace == null) {
      throw new SqlException(SqlState.UNDEFINED_SCHEMA, "schema \"" + name.schema() + "\" does not exist").at(name.position());
    }
    return namespace.oid();
  }

  private PgType arrayOf(PgType type, TypeName name) {
    // An array of arrays is the same type with more dimensions; so is the array over a domain's base, never over an array itself.
    if (type.category() == 'A' && type.elementOid() != 0 && !type.isDomain()) {
      return type;
    }
    PgType array = type.arrayOid() == 0 ? null : catalog.findByOid(type.arrayOid());
    if (array == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "could not find array type for data type " + format(type)).at(name.position());
    }
    return array;
  }

  private Typed percentType(TypeName name) {
    List<String> parts = name.name().parts();
    QualifiedName owner = new QualifiedName(parts.subList(0, parts.size() - 1), name.position());
    Relation relation = owner.schema() == null ? path.relation(catalog, owner.name()) : catalog.relation(namespace(owner), owner.name());
    if (relation == null) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + owner + "\" does not exist").at(name.position());
    }
    Relation.Column column = Relations.column(relation, parts.getLast());
    if (column == null) {
      throw new SqlException(SqlState.UNDEFINED_COLUMN,
          "column \"" + parts.getLast() + "\" of relation \"" + relation.name() + "\" does not exist").at(name.position());
    }
    PgType type = catalog.byOid(column.typeOid());
    return new Typed(name.isArray() ? arrayOf(type, name) : type, column.typmod());
  }

  private int typmod(TypeName name, PgType type) {
    if (type.oid() == PgTypes.INTERVAL.oid()) {
      return interval(name);
    }
    if (name.modifiers().isEmpty()) {
      return -1;
    }
    if (type.typmodIn().equals("-")) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "type modifier is not allowed for type \"" + name.name() + "\"").at(name.position());
    }
    try {
      return Typmods.typmodIn(type, modifiers(name));
    } catch (SqlException e) {
      throw e.at(name.position());
    }
  }

  private static int interval(TypeName name) {
    if (name.intervalFields() == 0 && name.modifiers().isEmpty()) {
      return -1;
    }
    int precision = INTERVAL_FULL_PRECISION;
    if (!name.modifiers().isEmpty()) {
      precision = Integer.parseInt(modifiers(name).getLast());
      if (precision < 0) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "INTERVAL(" + precision + ") precision must not be negative")
            .at(name.position());
      }
      precision = Math.min(precision, 6);
    }
    return (name.intervalFields() == 0 ? INTERVAL_FULL_RANGE : name.intervalFields()) << 16 | precision;
  }

  private static List<String> modifiers(TypeName name) {
    List<String> texts = new ArrayList<>();
    for (Expression modifier : name.modifiers()) {
      texts.add(switch (modifier) {
        case Expression.IntegerLiteral literal -> Integer.toString(literal.value());
        case Expression.DecimalLiteral literal -> literal.text();
        case Expression.StringLiteral literal -> literal.value();
        case Expression.OperatorCall minus when minus.left() == null && minus.right() instanceof Expression.IntegerLiteral literal ->
            Integer.toString(-literal.value());
        case Expression.ColumnReference column when column.parts().size() == 1 -> column.parts().get(0);
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "type modifiers must be simple constants or identifiers")
            .at(name.position());
      });
    }
    return texts;
  }

  /// The type as messages and `format_type` show it.
  public String format(PgType type) {
    return Typmods.formatType(type, -1, catalog);
  }
}
