package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// ALTER COLUMN … TYPE: rewrites the table unless the stored values stay as they are, then proves the checks and foreign keys again.
final class AlterColumnType {
  private final Ddl ddl;

  AlterColumnType(Ddl ddl) {
    this.ddl = ddl;
  }

  void alter(Table table, AlterTableAction.AlterColumnType action, boolean only) {
    String name = action.column();
    Column column = table.column(name);
    if (column == null) {
      if (ColumnPlan.SYSTEM_COLUMNS.contains(name)) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot alter system column \"" + name + "\"");
      }
      throw Ddl.undefinedColumn(name, table);
    }
    checkAllowed(table, column);
    List<Table> children = ddl.catalog().childrenOf(table.oid());
    if (only && !children.isEmpty()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "type of inherited column \"" + name + "\" must be changed in child tables too");
    }
    change(table, column, action);
    for (Table child : children) {
      ddl.lock(child, TableLock.ACCESS_EXCLUSIVE);
      Table current = ddl.table(child.oid());
      change(current, current.column(name), action);
    }
  }

  private void checkAllowed(Table table, Column column) {
    if (table.kind() == 'm') {
      throw AlterTableCommand.notFor(table, "ALTER COLUMN ... SET DATA TYPE");
    }
    if (table.ofType() != 0) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot alter column type of typed table");
    }
    if (column.inheritedCount() > 0) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot alter inherited column \"" + column.name() + "\"");
    }
    if (table.partitionScheme() != null && table.partitionScheme().keys().stream().anyMatch(key -> key.attnum() == column.attnum())) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot alter column \"" + column.name()
          + "\" because it is part of the partition key of relation \"" + table.name() + "\"");
    }
  }

  private void change(Table table, Column column, AlterTableAction.AlterColumnType action) {
    TypeNames.Typed typed = ddl.type(action.type());
    PgType type = typed.type();
    PgType oldType = ddl.catalog().byOid(column.typeOid());
    ColumnPlan.checkStorable(ddl, column.name(), type, new ArrayList<>());
    RowTypes.checkNoCycle(ddl, table, type);
    RowTypes.checkNotStored(ddl, table);
    int collation = ddl.collation(action.collation(), type, action.position());
    checkDependents(table, column);
    checkCastable(column, oldType, type, action.using());
    String using = usingText(table, column, type, typed.typmod(), action.using());
    boolean sameForm = action.using() == null && isSameForm(oldType, column.typmod(), type, typed.typmod())
        && collation == column.collationOid();
    ColumnBuilder copy = column.toBuilder();
    copy.type(type.oid(), typed.typmod(), collation);
    copy.missingValue = sameForm ? column.missingValue() : null;
    if (column.identity() != 0) {
      ColumnPlan.checkIdentityType(type);
    }
    String oldDefault = column.generated() == 0 ? column.defaultExpression() : null;
    TableBuilder builder = new TableBuilder(table);
    builder.replaceColumn(copy.build());
    ddl.put(builder.build());
    retypeIndexes(table, column.attnum(), type, collation);
    if (oldDefault != null) {
      recastDefault(ddl.table(table.oid()), column, type, typed.typmod());
    }
    recheckForeignKeys(ddl.table(table.oid()), column.attnum());
    if (!sameForm && !table.isPartitioned()) {
      new TableRewrite(ddl).rewrite(table, new TableBuilder(ddl.table(table.oid())), Map.of(column.attnum(), using));
      revalidate(ddl.table(table.oid()), column.attnum());
    }
    ddl.remove(io.heliosdb.nano.catalog.ObjectClass.TABLE_STATISTICS, Ddl.address(table));
  }

  private void checkDependents(Table table, Column column) {
    ObjectDescriptions descriptions = new ObjectDescriptions(ddl.catalog(), ddl.path());
    for (Dependency dependent : ddl.catalog().dependents(Ddl.columnAddress(table, column.attnum()))) {
      ObjectAddress target = dependent.target();
      String what = switch (target.classOid()) {
        case ClassOids.REWRITE -> "cannot alter type of a column used by a view or rule";
        case ClassOids.TRIGGER -> "cannot alter type of a column used in a trigger definition";
        case ClassOids.POLICY -> "cannot alter type of a column used in a policy definition";
        case ClassOids.PROC -> "cannot alter type of a column used by a function or procedure";
        default -> null;
      };
      if (what != null) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, what)
            .withDetail(descriptions.describe(target) + " depends on column \"" + column.name() + "\"");
      }
      ObjectAddress owner = target.classOid() == ClassOids.ATTRDEF ? descriptions.owner(target) : null;
      if (owner != null && owner.subId() != column.attnum()) {
        String other = table.column(owner.subId()).name();
        throw new SqlException(SqlState.SYNTAX_ERROR, "cannot alter type of a column used by a generated column")
            .withDetail("Column \"" + column.name() + "\" is used by generated column \"" + other + "\".");
      }
    }
  }

  private void checkCastable(Column column, PgType from, PgType to, @Nullable SourceExpression using) {
    if (using != null || from.oid() == to.oid()) {
      return;
    }
    if (!isAssignable(from, to)) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH,
          "column \"" + column.name() + "\" cannot be cast automatically to type " + ddl.format(to))
          .withHint(column.generated() != 0 ? null : "You might need to specify \"USING " + quoted(column.name()) + "::"
              + ddl.format(to) + "\".");
    }
  }

  private static String quoted(String name) {
    return io.heliosdb.nano.type.Identifiers.quoteIfNeeded(name);
  }

  /// Whether a value of one type can be assigned to a column of the other.
  private boolean isAssignable(PgType from, PgType to) {
    PgType source = from.ultimateBase();
    PgType target = to.ultimateBase();
    if (source.oid() == target.oid() || target.category() == 'S' && target.kind() == PgType.BASE) {
      return true;
    }
    if (source.category() == 'A' && target.category() == 'A' && source.elementOid() != 0 && target.elementOid() != 0) {
      return isAssignable(ddl.catalog().byOid(source.elementOid()), ddl.catalog().byOid(target.elementOid()));
    }
    var cast = ddl.catalog().cast(source.oid(), target.oid());
    return cast != null && cast.context() != 'e';
  }

  private String usingText(Table table, Column column, PgType type, int typmod, @Nullable SourceExpression using) {
    Expression expression = using != null ? using.expression()
        : new Expression.ColumnReference(List.of(column.name()), false, 0);
    return ddl.expressions().bind(expression, table, DdlExpressions.Use.ALTER_USING, type, typmod).text();
  }

  /// Whether values keep their stored bytes: more room for text, or the same type without a tighter modifier.
  private static boolean isSameForm(PgType from, int fromTypmod, PgType to, int toTypmod) {
    boolean bothText = isVarying(from) && isVarying(to);
    if (!bothText && from.oid() != to.oid()) {
      return false;
    }
    boolean widens = toTypmod < 0 || fromTypmod == toTypmod || bothText && fromTypmod >= 0 && fromTypmod <= toTypmod;
    return widens && (from.oid() != PgTypes.BPCHAR.oid() || fromTypmod == toTypmod);
  }

  private static boolean isVarying(PgType type) {
    return type.family() == TypeFamily.TEXT && (type.oid() == PgTypes.TEXT.oid() || type.oid() == PgTypes.VARCHAR.oid());
  }

  private void retypeIndexes(Table table, int attnum, PgType type, int collation) {
    for (Index index : ddl.catalog().indexesOf(table.oid())) {
      if (index.keys().stream().anyMatch(key -> key.attnum() == attnum)) {
        List<Index.Key> keys = new ArrayList<>();
        for (Index.Key key : index.keys()) {
          keys.add(key.attnum() != attnum ? key : new Index.Key(attnum, null, type.oid(), collation,
              OperatorClasses.choose(ddl, type, index.method(), null), key.descending(), key.nullsFirst()));
        }
        ddl.put(Relations.withKeys(index, keys));
      }
    }
  }

  private void recastDefault(Table table, Column old, PgType type, int typmod) {
    PgType oldType = ddl.catalog().byOid(old.typeOid());
    if (!isAssignable(oldType, type)) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH,
          "default for column \"" + old.name() + "\" cannot be cast automatically to type " + ddl.format(type));
    }
    Expression expression = io.heliosdb.nano.parse.Parser.parseExpression(old.defaultExpression());
    DdlExpressions.Bound bound = ddl.expressions().bind(expression, table, DdlExpressions.Use.COLUMN_DEFAULT, type, typmod);
    List<ObjectAddress> targets = new ArrayList<>(bound.dependencies());
    for (Dependency dependency : ddl.catalog().dependenciesOf(ObjectAddress.of(ClassOids.ATTRDEF, old.defaultOid()))) {
      if (dependency.kind() == 'n' && !targets.contains(dependency.target())) {
        targets.add(dependency.target());
      }
    }
    new ColumnDefaults(ddl).set(table.oid(), old.attnum(), bound.text(), targets);
  }

  private void recheckForeignKeys(Table table, int attnum) {
    ForeignKeys keys = new ForeignKeys(ddl);
    for (Constraint constraint : table.constraints()) {
      if (constraint.kind() == Constraint.Kind.FOREIGN_KEY && constraint.columns().contains(attnum)) {
        recheck(keys, table, constraint);
      }
    }
    for (var reference : ddl.catalog().referencesTo(table.oid())) {
      if (reference.constraint().referencedColumns().contains(attnum)) {
        recheck(keys, reference.table(), reference.constraint());
      }
    }
  }

  private void recheck(ForeignKeys keys, Table table, Constraint constraint) {
    Table referenced = ddl.table(constraint.referencedTable());
    for (int i = 0; i < constraint.columns().size(); i++) {
      keys.checkTypes(constraint.name(), table.column(constraint.columns().get(i)), referenced.column(constraint.referencedColumns().get(i)));
    }
  }

  private void revalidate(Table table, int attnum) {
    for (Constraint constraint : table.constraints()) {
      if (!constraint.columns().contains(attnum) || !constraint.validated()) {
        continue;
      }
      if (constraint.kind() == Constraint.Kind.CHECK) {
        ddl.data().checkConstraint(table, constraint);
      } else if (constraint.kind() == Constraint.Kind.FOREIGN_KEY) {
        ddl.data().validateForeignKey(table, constraint);
      }
    }
    for (var reference : ddl.catalog().referencesTo(table.oid())) {
      if (reference.constraint().referencedColumns().contains(attnum) && reference.table().oid() != table.oid()) {
        ddl.data().validateForeignKey(reference.table(), reference.constraint());
      }
    }
  }
}
