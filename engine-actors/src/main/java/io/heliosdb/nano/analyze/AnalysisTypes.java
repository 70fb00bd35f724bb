package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.TypeName;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Type names and facts about types, as analysis needs them.
final class AnalysisTypes {
  private static final int INTERVAL_FULL_RANGE = 0x7FFF;
  private static final int INTERVAL_FULL_PRECISION = 0xFFFF;
  private final Analysis analysis;

  AnalysisTypes(Analysis analysis) {
    this.analysis = analysis;
  }

  /// A type with its modifier.
  record Typed(PgType type, int typmod) {}

  String format(PgType type) {
    return TypeIo.typeName(type, -1, analysis.catalog);
  }

  String format(PgType type, int typmod) {
    return TypeIo.typeName(type, typmod, analysis.catalog);
  }

  PgType byOid(int oid) {
    PgType builtin = PgTypes.byOid(oid);
    if (builtin != null) {
      return builtin;
    }
    PgType present = analysis.catalog.byOid(oid);
    for (int i = 0; present == null && i < analysis.pastCatalogs.size(); i++) {
      present = analysis.pastCatalogs.get(i).byOid(oid);
    }
    return present;
  }

  @Nullable PgType find(QualifiedName name) {
    String schema = name.schema();
    if (schema != null) {
      int namespace = schema.equals("pg_catalog") ? Catalog.PG_CATALOG : analysis.names.schemaOf(name);
      return typeIn(namespace, name.name());
    }
    for (int namespace : analysis.context.searchPath()) {
      PgType type = typeIn(namespace, name.name());
      if (type != null) {
        return type;
      }
    }
    return null;
  }

  private @Nullable PgType typeIn(int namespace, String name) {
    if (namespace == Catalog.PG_CATALOG) {
      PgType builtin = PgTypes.byName(name);
      if (builtin != null) {
        return builtin;
      }
    }
    return analysis.catalog.type(namespace, name);
  }

  /// The type that a type name denotes, with its modifier.
  ///
  /// @throws SqlException 42704 unknown type, 42601 bad modifiers
  Typed resolve(TypeName name) {
    if (name.percentType()) {
      return percentType(name);
    }
    PgType base = find(name.name());
    if (base == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "type \"" + name.name() + (name.isArray() ? "[]" : "") + "\" does not exist")
          .at(name.position());
    }
    int typmod = typmod(name, base);
    if (name.isArray()) {
      PgType array = arrayOf(base);
      if (array == null) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "type \"" + name.name() + "[]\" does not exist").at(name.position());
      }
      return new Typed(array, typmod);
    }
    return new Typed(base, typmod);
  }

  private Typed percentType(TypeName name) {
    List<String> parts = name.name().parts();
    QualifiedName relationName = new QualifiedName(parts.subList(0, parts.size() - 1), name.position());
    Relation relation = analysis.names.findRelation(relationName);
    if (relation == null) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + relationName + "\" does not exist").at(name.position());
    }
    for (Relation.Column column : relation.columns()) {
      if (!column.dropped() && column.name().equals(parts.getLast())) {
        PgType type = byOid(column.typeOid());
        return new Typed(name.isArray() && arrayOf(type) != null ? arrayOf(type) : type, column.typmod());
      }
    }
    throw new SqlException(
            SqlState.UNDEFINED_COLUMN, "column \"" + parts.getLast() + "\" of relation \"" + relation.name() + "\" does not exist")
        .at(name.position());
  }

  private int typmod(TypeName name, PgType type) {
    if (type.oid() == PgTypes.INTERVAL.oid()) {
      return intervalTypmod(name);
    }
    if (name.modifiers().isEmpty()) {
      return -1;
    }
    if (type.typmodIn().equals("-")) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "type modifier is not allowed for type \"" + name.name() + "\"").at(name.position());
    }
    List<String> texts = new ArrayList<>(name.modifiers().size());
    for (Expression modifier : name.modifiers()) {
      texts.add(modifierText(modifier, name.position()));
    }
    try {
      return Typmods.typmodIn(type, texts);
    } catch (SqlException e) {
      throw e.at(name.position());
    }
  }

  private int intervalTypmod(TypeName name) {
    if (name.intervalFields() == 0 && name.modifiers().isEmpty()) {
      return -1;
    }
    int range = name.intervalFields() == 0 ? INTERVAL_FULL_RANGE : name.intervalFields();
    int precision = INTERVAL_FULL_PRECISION;
    if (!name.modifiers().isEmpty()) {
      String text = modifierText(name.modifiers().getLast(), name.position());
      precision = Math.min(6, Integer.parseInt(text));
      if (precision < 0) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "INTERVAL(" + precision + ") precision must not be negative")
            .at(name.position());
      }
    }
    return range << 16 | precision;
  }

  private String modifierText(Expression modifier, int position) {
    return switch (modifier) {
      case Expression.IntegerLiteral literal -> Integer.toString(literal.value());
      case Expression.DecimalLiteral literal -> literal.text();
      case Expression.StringLiteral literal -> literal.value();
      case Expression.ColumnReference column when column.parts().size() == 1 && !column.star() -> column.name();
      case Expression.LiftedLiteral lifted -> {
        analysis.fixedLiterals.set(lifted.index());
        yield modifierText(lifted.literal(), position);
      }
      default ->
          throw new SqlException(SqlState.SYNTAX_ERROR, "type modifiers must be simple constants or identifiers").at(position);
    };
  }

  @Nullable PgType arrayOf(PgType element) {
    return element.arrayOid() == 0 ? null : byOid(element.arrayOid());
  }

  /// Element type of an array (domains over arrays included), null if it is none.
  @Nullable PgType elementOf(PgType array) {
    PgType base = array.ultimateBase();
    if (base.oid() == PgTypes.RECORD_ARRAY.oid()) {
      return PgTypes.RECORD;
    }
    boolean hasElements = base.isArray() || base.family() == io.heliosdb.nano.type.TypeFamily.OLD_VECTOR;
    return hasElements && base.elementOid() != 0 ? byOid(base.elementOid()) : null;
  }

  /// The base type and modifier of a domain, through all levels.
  static Typed baseOf(PgType type, int typmod) {
    PgType current = type;
    int modifier = typmod;
    while (current.base() != null) {
      modifier = current.baseTypmod();
      current = current.base();
    }
    return new Typed(current, modifier);
  }

  boolean isComposite(PgType type) {
    return type.ultimateBase().isComposite();
  }

  /// Fields of a composite type (or a domain over one), dropped ones included.
  List<CompositeField> fields(PgType composite) {
    return analysis.catalog.compositeFields(composite.ultimateBase());
  }

  boolean isPolymorphic(int oid) {
    return oid >= 2276 && PgTypes.isPolymorphic(oid);
  }

  /// Whether rows of `child` may stand for rows of `parent` because its table inherits from the parent's.
  boolean inherits(PgType child, PgType parent) {
    int childRelation = child.ultimateBase().relationOid();
    int parentRelation = parent.relationOid();
    return childRelation != 0 && parentRelation != 0 && relationInherits(childRelation, parentRelation, 0);
  }

  private boolean relationInherits(int child, int parent, int level) {
    if (level > 100 || !(analysis.catalog.relation(child) instanceof Relation.Table table)) {
      return false;
    }
    if (table.partitionOf() != 0 && (table.partitionOf() == parent || relationInherits(table.partitionOf(), parent, level + 1))) {
      return true;
    }
    for (int each : table.inherits()) {
      if (each == parent || relationInherits(each, parent, level + 1)) {
        return true;
      }
    }
    return false;
  }
}
