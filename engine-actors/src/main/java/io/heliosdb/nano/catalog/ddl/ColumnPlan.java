package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.parse.ast.TableDdl.ColumnConstraint;
import io.heliosdb.nano.parse.ast.TableDdl.TableConstraint;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.TypeName;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A column as a statement defines it: what the column itself keeps, and what has to be made along with it.
final class ColumnPlan {
  static final Set<String> SYSTEM_COLUMNS = Set.of("ctid", "xmin", "cmin", "xmax", "cmax", "tableoid");

  final ColumnBuilder column;
  PgType type;
  boolean serial;
  @Nullable SourceExpression defaultValue;
  /// Default of an inherited or copied column, already in stored form.
  @Nullable String storedDefault;
  @Nullable SourceExpression generated;
  @Nullable List<Option> identityOptions;
  final List<TableConstraint> constraints = new ArrayList<>();
  @Nullable String comment;
  /// Parents have different defaults and the statement gives none.
  boolean conflictingDefaults;
  private boolean sawNull;

  ColumnPlan(ColumnBuilder column, PgType type) {
    this.column = column;
    this.type = type;
  }

  /// @param inherited the parent's column for `PARTITION OF` and typed tables, where the definition gives no type
  static ColumnPlan of(Ddl ddl, TableDdl.Column ast, String tableName, @Nullable ColumnPlan inherited) {
    checkName(ast.name());
    ColumnPlan plan = inherited != null ? inherited : typed(ddl, ast);
    for (ColumnConstraint constraint : ast.constraints()) {
      plan.take(ddl, constraint, tableName);
    }
    plan.check(ddl, tableName);
    return plan;
  }

  static void checkName(String name) {
    if (SYSTEM_COLUMNS.contains(name)) {
      throw new SqlException(SqlState.DUPLICATE_COLUMN, "column name \"" + name + "\" conflicts with a system column name");
    }
  }

  private static ColumnPlan typed(Ddl ddl, TableDdl.Column ast) {
    TypeName typeName = ast.type();
    ColumnBuilder column = new ColumnBuilder(ast.name(), 0, 0);
    PgType serialType = serialType(typeName);
    PgType type;
    if (serialType != null) {
      if (typeName.isArray()) {
        throw SqlException.notSupported("array of serial").at(typeName.position());
      }
      type = serialType;
      column.notNull = true;
    } else {
      TypeNames.Typed typed = ddl.type(typeName);
      if (typeName.setOf()) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "column \"" + ast.name() + "\" cannot be declared SETOF")
            .at(typeName.position());
      }
      type = typed.type();
      column.typmod = typed.typmod();
      checkStorable(ddl, ast.name(), type, new ArrayList<>());
    }
    column.typeOid = type.oid();
    column.collationOid = ddl.collation(ast.collation(), type, ast.position());
    ColumnPlan plan = new ColumnPlan(column, type);
    plan.serial = serialType != null;
    return plan;
  }

  private static @Nullable PgType serialType(TypeName name) {
    if (name.percentType() || name.setOf() || name.name().isQualified() && !"pg_catalog".equals(name.name().schema())) {
      return null;
    }
    return switch (name.name().name()) {
      case "serial", "serial4" -> name.name().isQualified() ? null : PgTypes.INT4;
      case "bigserial", "serial8" -> name.name().isQualified() ? null : PgTypes.INT8;
      case "smallserial", "serial2" -> name.name().isQualified() ? null : PgTypes.INT2;
      default -> null;
    };
  }

  /// Refuses types that no stored column can have.
  static void checkStorable(Ddl ddl, String columnName, PgType type, List<Integer> path) {
    if (type.kind() == PgType.PSEUDO) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "column \"" + columnName + "\" has pseudo-type " + ddl.format(type));
    }
    if (type.kind() == PgType.COMPOSITE && !path.contains(type.oid())) {
      path.add(type.oid());
      for (var field : ddl.catalog().compositeFields(type)) {
        if (!field.dropped()) {
          checkStorable(ddl, field.name(), field.type(), path);
        }
      }
    }
  }

  private void take(Ddl ddl, ColumnConstraint constraint, String tableName) {
    String name = column.name;
    switch (constraint) {
      case TableDdl.ColumnNotNull c -> {
        if (sawNull) {
          throw conflict("NULL/NOT NULL declarations", tableName, c.position());
        }
        column.notNull = true;
      }
      case TableDdl.ColumnNull c -> {
        if (column.notNull) {
          throw conflict("NULL/NOT NULL declarations", tableName, c.position());
        }
        sawNull = true;
      }
      case TableDdl.ColumnDefault c -> {
        if (defaultValue != null || serial) {
          throw new SqlException(SqlState.SYNTAX_ERROR,
              "multiple default values specified for column \"" + name + "\" of table \"" + tableName + "\"").at(c.position());
        }
        defaultValue = c.value();
      }
      case TableDdl.ColumnIdentity c -> takeIdentity(ddl, c, tableName);
      case TableDdl.ColumnGenerated c -> {
        if (generated != null) {
          throw new SqlException(SqlState.SYNTAX_ERROR,
              "multiple generation clauses specified for column \"" + name + "\" of table \"" + tableName + "\"").at(c.position());
        }
        generated = c.expression();
        column.generated = 's';
      }
      case TableDdl.ColumnCheck c ->
          constraints.add(new TableDdl.CheckConstraint(c.name(), c.condition(), c.noInherit(), false, c.position()));
      case TableDdl.ColumnUnique c -> constraints.add(new TableDdl.UniqueConstraint(c.name(), c.primary(), c.nullsNotDistinct(),
          List.of(new Name(name, c.position())), List.of(), c.options(), c.tablespace(), c.timing(), c.position()));
      case TableDdl.ColumnReferences c -> constraints.add(new TableDdl.ForeignKeyConstraint(c.name(), List.of(new Name(name, c.position())),
          c.key(), false, c.timing(), c.position()));
    }
  }

  private void takeIdentity(Ddl ddl, TableDdl.ColumnIdentity c, String tableName) {
    if (identityOptions != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR,
          "multiple identity specifications for column \"" + column.name + "\" of table \"" + tableName + "\"").at(c.position());
    }
    checkIdentityType(type);
    if (sawNull) {
      throw conflict("NULL/NOT NULL declarations", tableName, c.position());
    }
    column.identity = c.always() ? 'a' : 'd';
    column.notNull = true;
    identityOptions = c.options();
  }

  static void checkIdentityType(PgType type) {
    if (type.oid() != PgTypes.INT2.oid() && type.oid() != PgTypes.INT4.oid() && type.oid() != PgTypes.INT8.oid()) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "identity column type must be smallint, integer, or bigint");
    }
  }

  private SqlException conflict(String what, String tableName, int position) {
    return new SqlException(SqlState.SYNTAX_ERROR,
        "conflicting " + what + " for column \"" + column.name + "\" of table \"" + tableName + "\"").at(position);
  }

  private void check(Ddl ddl, String tableName) {
    boolean hasDefault = defaultValue != null || serial;
    String of = " specified for column \"" + column.name + "\" of table \"" + tableName + "\"";
    if (hasDefault && identityOptions != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "both default and identity" + of);
    }
    if (hasDefault && generated != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "both default and generation expression" + of);
    }
    if (identityOptions != null && generated != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "both identity and generation expression" + of);
    }
  }
}
