package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.TableDdl.TableConstraint;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// ALTER TABLE actions on single columns, except the change of type.
final class AlterColumns {
  private final Ddl ddl;
  private final boolean only;

  AlterColumns(Ddl ddl, boolean only) {
    this.ddl = ddl;
    this.only = only;
  }

  // ADD COLUMN

  void add(Table table, AlterTableAction.AddColumn action, boolean inherited) {
    String name = action.column().name();
    if (table.kind() == 'm') {
      throw AlterTableCommand.notFor(table, "ADD COLUMN");
    }
    if (table.isPartition() && !inherited) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot add column to a partition");
    }
    if (table.ofType() != 0) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot add column to typed table");
    }
    ColumnPlan.checkName(name);
    Column existing = table.column(name);
    if (existing != null && inherited) {
      merge(table, existing, action);
      return;
    }
    if (existing != null) {
      String message = "column \"" + name + "\" of relation \"" + table.name() + "\" already exists";
      if (action.ifNotExists()) {
        ddl.skipping(SqlState.DUPLICATE_COLUMN, message);
        return;
      }
      throw new SqlException(SqlState.DUPLICATE_COLUMN, message);
    }
    List<Table> children = ddl.catalog().childrenOf(table.oid());
    if (only && !children.isEmpty()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "column must be added to child tables too");
    }
    ColumnPlan plan = ColumnPlan.of(ddl, action.column(), table.name(), null);
    RowTypes.checkNoCycle(ddl, table, plan.type);
    if (plan.defaultValue != null || plan.serial || plan.identityOptions != null || plan.generated != null) {
      RowTypes.checkNotStored(ddl, table);
    }
    if (inherited) {
      plan.column.local = false;
      plan.column.inheritedCount = 1;
    }
    boolean rewrite = append(table, plan);
    if (rewrite && !table.isPartitioned()) {
      fillColumn(table, plan);
    }
    RowTypes.touchUsers(ddl, table.rowTypeOid());
    for (Table child : children) {
      ddl.lock(child, TableLock.ACCESS_EXCLUSIVE);
      add(ddl.table(child.oid()), withoutConstraints(action), true);
    }
    for (TableConstraint constraint : plan.constraints) {
      new ConstraintCommands(ddl).add(table.oid(), constraint, false);
    }
  }

  /// A child gets the column with its default; keys and checks reach it through the constraints' own inheritance.
  private static AlterTableAction.AddColumn withoutConstraints(AlterTableAction.AddColumn action) {
    var c = action.column();
    var kept = c.constraints().stream().filter(constraint -> switch (constraint) {
      case io.heliosdb.nano.parse.ast.TableDdl.ColumnDefault d -> true;
      case io.heliosdb.nano.parse.ast.TableDdl.ColumnNotNull d -> true;
      case io.heliosdb.nano.parse.ast.TableDdl.ColumnNull d -> true;
      case io.heliosdb.nano.parse.ast.TableDdl.ColumnGenerated d -> true;
      default -> false;
    }).toList();
    return new AlterTableAction.AddColumn(new io.heliosdb.nano.parse.ast.TableDdl.Column(c.name(), c.type(), c.compression(),
        c.foreignOptions(), c.collation(), kept, c.position()), action.ifNotExists());
  }

  private void merge(Table table, Column existing, AlterTableAction.AddColumn action) {
    ColumnPlan plan = ColumnPlan.of(ddl, action.column(), table.name(), null);
    if (existing.typeOid() != plan.column.typeOid || existing.typmod() != plan.column.typmod) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH,
          "child table \"" + table.name() + "\" has different type for column \"" + existing.name() + "\"");
    }
    ddl.notice(SqlState.SUCCESSFUL_COMPLETION,
        "merging definition of column \"" + existing.name() + "\" for child \"" + table.name() + "\"");
    ColumnBuilder column = existing.toBuilder();
    column.inheritedCount++;
    TableBuilder builder = new TableBuilder(table);
    builder.replaceColumn(column.build());
    ddl.put(builder.build());
  }

  /// Puts the column at the end; true when existing rows need values that differ from row to row.
  private boolean append(Table table, ColumnPlan plan) {
    TableBuilder builder = new TableBuilder(table);
    builder.layoutId++;
    plan.column.attnum = builder.columns.size() + 1;
    plan.column.sinceLayoutId = builder.layoutId;
    boolean notNull = plan.column.notNull;
    plan.column.notNull = false;
    builder.columns.add(plan.column.build());
    if (builder.columns.size() > 1600) {
      throw new SqlException(SqlState.TOO_MANY_COLUMNS, "tables can have at most 1600 columns");
    }
    ddl.put(builder.build());
    new ColumnDefaults(ddl).apply(table.oid(), plan);
    boolean rewrite = plan.serial || plan.identityOptions != null || plan.generated != null;
    if (plan.defaultValue != null || plan.type.isDomain() && plan.generated == null) {
      rewrite |= !setMissing(table.oid(), plan);
    }
    if (notNull) {
      boolean filled = rewrite || ddl.table(table.oid()).column(plan.column.attnum).missingValue() != null;
      if (!filled && !table.isPartitioned() && !ddl.data().isEmpty(table)) {
        throw new SqlException(SqlState.NOT_NULL_VIOLATION,
            "column \"" + plan.column.name + "\" of relation \"" + table.name() + "\" contains null values")
            .aboutColumn(ddl.namespaceName(table.namespaceOid()), table.name(), plan.column.name);
      }
      TableBuilder finished = new TableBuilder(ddl.table(table.oid()));
      finished.replaceColumn(finished.columns.get(plan.column.attnum - 1).toBuilder().notNull(true).build());
      ddl.put(finished.build());
    }
    return rewrite;
  }

  /// A default that is the same for all rows is kept in the catalog; false if it is not the same.
  private boolean setMissing(int tableOid, ColumnPlan plan) {
    Table table = ddl.table(tableOid);
    Column column = table.column(plan.column.attnum);
    String text = column.defaultExpression();
    if (text == null) {
      text = domainDefault(plan.type);
      if (text == null) {
        return true;
      }
    } else {
      DdlExpressions.Bound bound = ddl.expressions().bind(plan.defaultValue.expression(), table, DdlExpressions.Use.COLUMN_DEFAULT, plan.type,
          column.typmod());
      if (bound.volatility() == 'v') {
        return false;
      }
    }
    Object value = ddl.data().evaluate(text, plan.type, column.typmod());
    ColumnBuilder copy = column.toBuilder();
    copy.missingValue = value;
    TableBuilder builder = new TableBuilder(table);
    builder.replaceColumn(copy.build());
    ddl.put(builder.build());
    return true;
  }

  private String domainDefault(PgType type) {
    return ddl.catalog().typeDetails(type.oid()) instanceof io.heliosdb.nano.catalog.Catalog.DomainDetails domain
        ? domain.defaultExpression() : null;
  }

  private void fillColumn(Table before, ColumnPlan plan) {
    Table table = ddl.table(before.oid());
    Column column = table.column(plan.column.attnum);
    Map<Integer, String> values = new HashMap<>();
    if (plan.identityOptions != null) {
      Sequence sequence = SequenceCommands.identitySequence(ddl, table.oid(), column.attnum());
      values.put(column.attnum(), ColumnDefaults.nextValue(sequence));
    } else if (column.defaultExpression() != null) {
      values.put(column.attnum(), column.defaultExpression());
    }
    new TableRewrite(ddl).rewrite(before, new TableBuilder(table), values);
  }

  // DROP COLUMN

  void drop(Table table, AlterTableAction.DropColumn action) {
    String name = action.column();
    if (table.kind() == 'm') {
      throw AlterTableCommand.notFor(table, "DROP COLUMN");
    }
    if (table.ofType() != 0) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot drop column from typed table");
    }
    Column column = table.column(name);
    if (column == null) {
      if (ColumnPlan.SYSTEM_COLUMNS.contains(name)) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot drop system column \"" + name + "\"");
      }
      if (action.ifExists()) {
        ddl.skipping("column \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
        return;
      }
      throw Ddl.undefinedColumn(name, table);
    }
    if (column.inheritedCount() > 0) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot drop inherited column \"" + name + "\"");
    }
    checkPartitionKey(table, column, "drop");
    dropFrom(table, column, action.cascade());
  }

  private static void checkPartitionKey(Table table, Column column, String verb) {
    if (table.partitionScheme() != null) {
      for (Index.Key key : table.partitionScheme().keys()) {
        if (key.attnum() == column.attnum()) {
          throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot " + verb + " column \"" + column.name()
              + "\" because it is part of the partition key of relation \"" + table.name() + "\"");
        }
      }
    }
  }

  private void dropFrom(Table table, Column column, boolean cascade) {
    for (Table child : ddl.catalog().childrenOf(table.oid())) {
      Column own = child.column(column.name());
      if (own == null) {
        continue;
      }
      if (only) {
        if (table.isPartitioned()) {
          throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
              "cannot drop column from only the partitioned table when partitions exist").withHint("Do not specify the ONLY keyword.");
        }
        inheritLess(child, own, true);
      } else if (own.inheritedCount() == 1 && !own.local()) {
        dropFrom(child, own, cascade);
      } else {
        inheritLess(child, own, false);
      }
    }
    new Deletion(ddl).drop(List.of(Ddl.columnAddress(table, column.attnum())), cascade);
    RowTypes.touchUsers(ddl, table.rowTypeOid());
  }

  private void inheritLess(Table child, Column own, boolean local) {
    ColumnBuilder copy = own.toBuilder();
    copy.inheritedCount--;
    copy.local |= local;
    TableBuilder builder = new TableBuilder(child);
    builder.replaceColumn(copy.build());
    ddl.put(builder.build());
  }

  // Defaults, NOT NULL, expressions

  private Column editable(Table table, String name) {
    Column column = table.column(name);
    if (column == null) {
      if (ColumnPlan.SYSTEM_COLUMNS.contains(name)) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot alter system column \"" + name + "\"");
      }
      throw Ddl.undefinedColumn(name, table);
    }
    return column;
  }

  void setDefault(Table table, AlterTableAction.SetDefault action) {
    Column column = checkNoIdentity(table, editable(table, action.column()), false);
    checkNotGenerated(table, column, null);
    new ColumnDefaults(ddl).setDefault(table.oid(), column.attnum(), action.value().expression());
    children(table).forEach(child -> setDefault(child, action));
  }

  void dropDefault(Table table, AlterTableAction.DropDefault action) {
    Column column = checkNoIdentity(table, editable(table, action.column()), true);
    checkNotGenerated(table, column, "Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.");
    new ColumnDefaults(ddl).drop(table.oid(), column.attnum());
    children(table).forEach(child -> dropDefault(child, action));
  }

  private Column checkNoIdentity(Table table, Column column, boolean hintDropIdentity) {
    if (column.identity() != 0) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "column \"" + column.name() + "\" of relation \"" + table.name() + "\" is an identity column")
          .withHint(hintDropIdentity ? "Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead." : null);
    }
    return column;
  }

  private void checkNotGenerated(Table table, Column column, String hint) {
    if (column.generated() != 0) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "column \"" + column.name() + "\" of relation \"" + table.name() + "\" is a generated column")
          .withHint(hint);
    }
  }

  private List<Table> children(Table table) {
    return only ? List.of() : new ArrayList<>(ddl.catalog().childrenOf(table.oid()));
  }

  void setNotNull(Table table, AlterTableAction.SetNotNull action) {
    Column column = editable(table, action.column());
    new ConstraintCommands(ddl).setNotNull(table.oid(), List.of(column.attnum()), false);
  }

  void dropNotNull(Table table, AlterTableAction.DropNotNull action) {
    Column column = editable(table, action.column());
    if (column.identity() != 0) {
      throw new SqlException(SqlState.SYNTAX_ERROR,
          "column \"" + column.name() + "\" of relation \"" + table.name() + "\" is an identity column");
    }
    boolean inKey = table.constraints().stream()
        .anyMatch(c -> c.kind() == Constraint.Kind.PRIMARY_KEY && c.columns().contains(column.attnum()));
    if (inKey) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "column \"" + column.name() + "\" is in a primary key");
    }
    if (table.isPartition() && ddl.table(table.partitionOf()).column(column.name()).notNull()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "column \"" + column.name() + "\" is marked NOT NULL in parent table");
    }
    replace(table, column.toBuilder().notNull(false));
    children(table).forEach(child -> dropNotNull(ddl.table(child.oid()), action));
  }

  void dropExpression(Table table, AlterTableAction.DropExpression action) {
    Column column = editable(table, action.column());
    if (column.generated() == 0) {
      String message = "column \"" + column.name() + "\" of relation \"" + table.name() + "\" is not a stored generated column";
      if (action.ifExists()) {
        ddl.skipping(message);
        return;
      }
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, message);
    }
    if (column.inheritedCount() > 0 && !table.isPartition()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot drop generation expression from inherited column");
    }
    new ColumnDefaults(ddl).drop(table.oid(), column.attnum());
    ColumnBuilder copy = ddl.table(table.oid()).column(column.attnum()).toBuilder();
    copy.generated = 0;
    replace(ddl.table(table.oid()), copy);
    children(table).forEach(child -> dropExpression(ddl.table(child.oid()), action));
  }

  private void replace(Table table, ColumnBuilder column) {
    TableBuilder builder = new TableBuilder(table);
    builder.replaceColumn(column.build());
    ddl.put(builder.build());
  }

  // Identity

  void addIdentity(Table table, AlterTableAction.AddIdentity action) {
    Column column = editable(table, action.column());
    if (!column.notNull()) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "column \"" + column.name() + "\" of relation \"" + table.name()
          + "\" must be declared NOT NULL before identity can be added");
    }
    if (column.identity() != 0) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "column \"" + column.name() + "\" of relation \"" + table.name() + "\" is already an identity column");
    }
    if (column.defaultExpression() != null) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "column \"" + column.name() + "\" of relation \"" + table.name() + "\" already has a default value");
    }
    PgType type = ddl.catalog().byOid(column.typeOid());
    ColumnPlan.checkIdentityType(type);
    ColumnBuilder copy = column.toBuilder();
    copy.identity = action.always() ? 'a' : 'd';
    replace(table, copy);
    new SequenceCommands(ddl).createOwned(ddl.table(table.oid()), column.name(), column.attnum(), type, action.options(), true);
  }

  void setIdentity(Table table, AlterTableAction.SetIdentity action) {
    Column column = editable(table, action.column());
    if (column.identity() == 0) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "column \"" + column.name() + "\" of relation \"" + table.name() + "\" is not an identity column");
    }
    if (action.always() != null) {
      ColumnBuilder copy = column.toBuilder();
      copy.identity = action.always() ? 'a' : 'd';
      replace(table, copy);
    }
    if (!action.options().isEmpty()) {
      new SequenceCommands(ddl).change(SequenceCommands.identitySequence(ddl, table.oid(), column.attnum()), action.options());
    }
  }

  void dropIdentity(Table table, AlterTableAction.DropIdentity action) {
    Column column = editable(table, action.column());
    if (column.identity() == 0) {
      String message = "column \"" + column.name() + "\" of relation \"" + table.name() + "\" is not an identity column";
      if (action.ifExists()) {
        ddl.skipping(message);
        return;
      }
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, message);
    }
    Sequence sequence = SequenceCommands.identitySequence(ddl, table.oid(), column.attnum());
    if (sequence != null) {
      new ObjectRemoval(ddl).remove(Ddl.address(sequence));
    }
    ColumnBuilder copy = column.toBuilder();
    copy.identity = 0;
    replace(table, copy);
  }

  // Settings of a column

  void setStatistics(Table table, AlterTableAction.SetStatistics action) {
    if (action.column() == null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot refer to non-index column by number");
    }
    ColumnBuilder copy = editable(table, action.column()).toBuilder();
    if (action.target() < -1) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "statistics target " + action.target() + " is too low");
    }
    copy.statisticsTarget = Math.min(action.target(), 10000);
    replace(table, copy);
  }

  void setOptions(Table table, AlterTableAction.ColumnOptions action) {
    ColumnBuilder copy = editable(table, action.column()).toBuilder();
    Map<String, String> options = new HashMap<>(copy.options);
    for (Option option : action.options()) {
      if (option.name().equals(MergePolicy.OPTION)) {
        if (!action.reset()) {
          MergePolicy.check(option);
        }
      } else if (!option.name().equals("n_distinct") && !option.name().equals("n_distinct_inherited")) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + option.name() + "\"");
      }
      if (action.reset()) {
        options.remove(option.name());
      } else {
        options.put(option.name(), String.valueOf(option.text()));
      }
    }
    copy.options = Map.copyOf(options);
    replace(table, copy);
  }

  void setStorage(Table table, AlterTableAction.SetStorage action) {
    ColumnBuilder copy = editable(table, action.column()).toBuilder();
    copy.storage = switch (action.storage().toLowerCase(java.util.Locale.ROOT)) {
      case "plain" -> 'p';
      case "external" -> 'e';
      case "extended" -> 'x';
      case "main" -> 'm';
      default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid storage type \"" + action.storage() + "\"");
    };
    if (copy.storage != 'p' && ddl.catalog().byOid(copy.typeOid).length() != -1) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
          "column data type " + ddl.format(ddl.catalog().byOid(copy.typeOid)) + " can only have storage PLAIN");
    }
    replace(table, copy);
  }

  void setCompression(Table table, AlterTableAction.SetCompression action) {
    editable(table, action.column());
    if (!action.method().equals("pglz") && !action.method().equals("lz4") && !action.method().equals("default")) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid compression method \"" + action.method() + "\"");
    }
    throw SqlException.notSupported("SET COMPRESSION");
  }
}
