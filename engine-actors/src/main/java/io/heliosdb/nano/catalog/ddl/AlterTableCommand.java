package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Composite;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.SystemRelation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relation.View;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.TableDdl.AlterTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// ALTER TABLE and its relatives for indexes, views, sequences and composite types: finds the relation, checks its kind and runs the
/// actions in PostgreSQL's order of passes (drops, type changes, additions, constraints, the rest).
final class AlterTableCommand {
  private final Ddl ddl;
  private final AlterTable statement;

  AlterTableCommand(Ddl ddl, AlterTable statement) {
    this.ddl = ddl;
    this.statement = statement;
  }

  String execute() {
    String tag = "ALTER " + statement.kind().words();
    Relation relation = ddl.findRelation(statement.name());
    if (relation == null) {
      if (statement.ifExists()) {
        ddl.skipping("relation \"" + statement.name() + "\" does not exist");
        return tag;
      }
      throw statement.kind() == ObjectKind.TYPE
          ? new SqlException(SqlState.UNDEFINED_OBJECT, "type \"" + statement.name() + "\" does not exist")
          : ddl.undefinedRelation(statement.name());
    }
    checkKind(relation);
    ddl.checkOwner(relation);
    Relation locked = relation instanceof Index index ? ddl.catalog().relation(index.tableOid()) : relation;
    ddl.lock(locked, lockMode(locked.oid()));
    Relation now = ddl.findRelation(statement.name());
    if (now == null || now.oid() != relation.oid()) {
      // Renamed or dropped while this waited for its lock; the name decides again.
      return execute();
    }
    relation = now;
    if (relation instanceof Table table && ddl.data().isInUse(table)) {
      throw new SqlException(SqlState.OBJECT_IN_USE,
          "cannot ALTER TABLE \"" + relation.name() + "\" because it is being used by active queries in this session");
    }
    for (int pass = 0; pass <= LAST_PASS; pass++) {
      for (AlterTableAction action : statement.actions()) {
        if (passOf(action) == pass) {
          run(relation.oid(), action);
        }
      }
    }
    return tag;
  }

  /// The strongest mode that an action asks for. Source: PostgreSQL 15 manual, "ALTER TABLE".
  private TableLock lockMode(int oid) {
    TableLock strongest = TableLock.SHARE_UPDATE_EXCLUSIVE;
    for (AlterTableAction action : statement.actions()) {
      TableLock mode = switch (action) {
        case AlterTableAction.ValidateConstraint a -> TableLock.SHARE_UPDATE_EXCLUSIVE;
        case AlterTableAction.SetStatistics a -> TableLock.SHARE_UPDATE_EXCLUSIVE;
        case AlterTableAction.ColumnOptions a -> TableLock.SHARE_UPDATE_EXCLUSIVE;
        case AlterTableAction.ClusterOn a -> TableLock.SHARE_UPDATE_EXCLUSIVE;
        case AlterTableAction.SetOptions a -> TableLock.SHARE_UPDATE_EXCLUSIVE;
        // Rows that belong into the new partition may stand in the default one, and must not come into it meanwhile.
        case AlterTableAction.AttachPartition a -> new PartitionCommands(ddl).hasDefaultPartition(oid) ? TableLock.ACCESS_EXCLUSIVE : TableLock.SHARE_UPDATE_EXCLUSIVE;
        case AlterTableAction.TriggerState a -> TableLock.SHARE_ROW_EXCLUSIVE;
        case AlterTableAction.AddConstraint a when a.constraint() instanceof io.heliosdb.nano.parse.ast.TableDdl.ForeignKeyConstraint ->
            TableLock.SHARE_ROW_EXCLUSIVE;
        default -> TableLock.ACCESS_EXCLUSIVE;
      };
      if (mode.compareTo(strongest) > 0) {
        strongest = mode;
      }
    }
    return strongest;
  }

  private void checkKind(Relation relation) {
    String wanted = switch (statement.kind()) {
      case INDEX -> relation instanceof Index ? null : "an index";
      case VIEW -> relation instanceof View ? null : "a view";
      case MATERIALIZED_VIEW -> relation.kind() == 'm' ? null : "a materialized view";
      case SEQUENCE -> relation instanceof Sequence ? null : "a sequence";
      case TYPE -> relation instanceof Composite ? null : "a composite type";
      case FOREIGN_TABLE -> relation.kind() == 'f' ? null : "a foreign table";
      default -> relation instanceof Composite ? "a table" : null;
    };
    if (wanted != null) {
      throw Ddl.wrongKind(relation, wanted);
    }
  }

  private static final int LAST_PASS = 6;

  /// Earlier passes first; within a pass the order of writing.
  private static int passOf(AlterTableAction action) {
    return switch (action) {
      case AlterTableAction.DropColumn a -> 0;
      case AlterTableAction.DropConstraint a -> 0;
      case AlterTableAction.DropNotNull a -> 0;
      case AlterTableAction.DropExpression a -> 0;
      case AlterTableAction.DropIdentity a -> 0;
      case AlterTableAction.AlterColumnType a -> 1;
      case AlterTableAction.AddColumn a -> 2;
      case AlterTableAction.SetNotNull a -> 3;
      case AlterTableAction.AddIdentity a -> 3;
      case AlterTableAction.SetIdentity a -> 3;
      case AlterTableAction.AddConstraint a ->
          a.constraint() instanceof io.heliosdb.nano.parse.ast.TableDdl.ForeignKeyConstraint ? 5 : 4;
      default -> 6;
    };
  }

  private void run(int oid, AlterTableAction action) {
    Relation relation = ddl.catalog().relation(oid);
    switch (relation) {
      case Table table -> onTable(table, action);
      case View view -> onView(view, action);
      case Index index -> onIndex(index, action);
      case Sequence sequence -> onSequence(sequence, action);
      case Composite composite -> new CompositeCommands(ddl).alter(composite, action);
      case SystemRelation system -> throw new IllegalStateException();
    }
  }

  private void onTable(Table table, AlterTableAction action) {
    AlterColumns columns = new AlterColumns(ddl, statement.only());
    switch (action) {
      case AlterTableAction.AddColumn a -> columns.add(table, a, false);
      case AlterTableAction.DropColumn a -> columns.drop(table, a);
      case AlterTableAction.AlterColumnType a -> new AlterColumnType(ddl).alter(table, a, statement.only());
      case AlterTableAction.SetDefault a -> columns.setDefault(table, a);
      case AlterTableAction.DropDefault a -> columns.dropDefault(table, a);
      case AlterTableAction.SetNotNull a -> columns.setNotNull(table, a);
      case AlterTableAction.DropNotNull a -> columns.dropNotNull(table, a);
      case AlterTableAction.DropExpression a -> columns.dropExpression(table, a);
      case AlterTableAction.SetStatistics a -> columns.setStatistics(table, a);
      case AlterTableAction.ColumnOptions a -> columns.setOptions(table, a);
      case AlterTableAction.SetStorage a -> columns.setStorage(table, a);
      case AlterTableAction.SetCompression a -> columns.setCompression(table, a);
      case AlterTableAction.AddIdentity a -> columns.addIdentity(table, a);
      case AlterTableAction.SetIdentity a -> columns.setIdentity(table, a);
      case AlterTableAction.DropIdentity a -> columns.dropIdentity(table, a);
      case AlterTableAction.AddConstraint a -> {
        if (table.kind() == 'm') {
          throw notFor(table, "ADD CONSTRAINT");
        }
        if (table.kind() == 'f') {
          ForeignCommands.checkConstraint(a.constraint());
        }
        new ConstraintCommands(ddl, statement.only()).add(table.oid(), a.constraint(), false);
      }
      case AlterTableAction.AlterConstraint a -> new AlterConstraints(ddl).alter(table, a);
      case AlterTableAction.ValidateConstraint a -> new AlterConstraints(ddl).validate(table, a);
      case AlterTableAction.DropConstraint a -> new AlterConstraints(ddl).drop(table, a, statement.only());
      case AlterTableAction.TriggerState a -> new TriggerCommands(ddl).setState(table, a, statement.only());
      case AlterTableAction.RowSecurity a -> rowSecurity(table, a);
      case AlterTableAction.SetOptions a -> setOptions(table, a);
      case AlterTableAction.Inherit a -> new InheritanceCommands(ddl).alter(table, a);
      case AlterTableAction.OwnerTo a -> new OwnerCommands(ddl).changeRelation(table, ddl.role(a.owner()));
      case AlterTableAction.ReplicaIdentity a -> replicaIdentity(table, a);
      case AlterTableAction.AttachPartition a -> new PartitionCommands(ddl).attach(table, a);
      case AlterTableAction.DetachPartition a -> new PartitionCommands(ddl).detach(table, a);
      case AlterTableAction.SetLogged a -> setLogged(table, a.logged());
      case AlterTableAction.SetTablespace a -> checkTablespace(a.tablespace());
      case AlterTableAction.SetAccessMethod a -> {
        if (!a.method().equals("heap")) {
          throw new SqlException(SqlState.UNDEFINED_OBJECT, "access method \"" + a.method() + "\" does not exist");
        }
      }
      case AlterTableAction.SetWithoutOids a -> { }
      case AlterTableAction.ClusterOn a -> clusterOn(table, a.index());
      case AlterTableAction.RuleState a -> new RuleCommands(ddl).setState(table, a);
      case AlterTableAction.OfType a -> new TypedTables(ddl).become(table, a);
      case AlterTableAction.NotOfType a -> notOfType(table);
      case AlterTableAction.ColumnForeignOptions a -> {
        if (table.kind() != 'f') {
          throw notFor(table, "ALTER COLUMN ... OPTIONS");
        }
        new ForeignCommands(ddl).alterColumnOptions(table, a.column(), a.options());
      }
      case AlterTableAction.ForeignOptions a -> {
        if (table.kind() != 'f') {
          throw notFor(table, "OPTIONS");
        }
        new ForeignCommands(ddl).alterOptions(table, a);
      }
      case AlterTableAction.AddAttribute a -> throw notFor(table, "ADD ATTRIBUTE");
      case AlterTableAction.DropAttribute a -> throw notFor(table, "DROP ATTRIBUTE");
      case AlterTableAction.AlterAttributeType a -> throw notFor(table, "ALTER ATTRIBUTE");
    }
  }

  static SqlException notFor(Relation relation, String action) {
    String kinds = switch (relation.kind()) {
      case 'v' -> "views";
      case 'm' -> "materialized views";
      case 'i' -> "indexes";
      case 'S' -> "sequences";
      case 'c' -> "composite types";
      case 'f' -> "foreign tables";
      default -> "tables";
    };
    return new SqlException(SqlState.WRONG_OBJECT_TYPE,
        "ALTER action " + action + " cannot be performed on relation \"" + relation.name() + "\"")
        .withDetail("This operation is not supported for " + kinds + ".");
  }

  private void onView(View view, AlterTableAction action) {
    switch (action) {
      case AlterTableAction.SetDefault a -> {
        DdlExpressions.Bound bound = ddl.expressions().bind(a.value().expression(), null, DdlExpressions.Use.COLUMN_DEFAULT,
            ddl.catalog().byOid(Ddl.column(view, a.column()).typeOid()), Ddl.column(view, a.column()).typmod());
        new ViewCommands(ddl).setDefault(view, a.column(), bound);
      }
      case AlterTableAction.DropDefault a -> new ViewCommands(ddl).setDefault(view, a.column(), null);
      case AlterTableAction.SetOptions a -> {
        Map<String, String> options = changed(view.options(), a);
        ViewCommands.checkOptions(options);
        if (!a.reset() && options.containsKey("check_option")) {
          new ViewCommands(ddl).checkUpdatable(view);
        }
        ddl.put(Relations.withOptions(view, options));
      }
      case AlterTableAction.OwnerTo a -> new OwnerCommands(ddl).changeRelation(view, ddl.role(a.owner()));
      case AlterTableAction.TriggerState a -> new TriggerCommands(ddl).setState(view, a, true);
      default -> throw notFor(view, nameOf(action));
    }
  }

  private void onIndex(Index index, AlterTableAction action) {
    switch (action) {
      case AlterTableAction.SetOptions a -> ddl.put(Relations.withOptions(index, changed(index.options(), a)));
      case AlterTableAction.OwnerTo a -> throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change owner of index \"" + index.name() + "\"")
          .withHint("Change the ownership of the index's table, instead.");
      case AlterTableAction.SetTablespace a -> checkTablespace(a.tablespace());
      case AlterTableAction.AttachPartition a -> attachIndex(index, a);
      case AlterTableAction.SetStatistics a -> throw SqlException.notSupported("ALTER INDEX … SET STATISTICS");
      default -> throw notFor(index, nameOf(action));
    }
  }

  private void attachIndex(Index parent, AlterTableAction.AttachPartition action) {
    Index child = new IndexCommands(ddl).index(action.partition());
    Table childTable = ddl.table(child.tableOid());
    if (childTable.partitionOf() != parent.tableOid()) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot attach index \"" + child.name() + "\" as a partition of index \""
          + parent.name() + "\"").withDetail("Index \"" + child.name() + "\" is not an index on any partition of table \""
          + ddl.table(parent.tableOid()).name() + "\".");
    }
    for (Index other : ddl.catalog().indexesOf(childTable.oid())) {
      if (other.parentIndex() == parent.oid() && other.oid() != child.oid()) {
        throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "cannot attach index \"" + child.name() + "\" as a partition of index \"" + parent.name() + "\"")
            .withDetail("Another index is already attached for partition \"" + childTable.name() + "\".");
      }
    }
    if (!IndexCommands.matches(child, IndexCommands.translate(ddl.table(parent.tableOid()), parent, childTable))) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION,
          "cannot attach index \"" + child.name() + "\" as a partition of index \"" + parent.name() + "\"")
          .withDetail("The index definitions do not match.");
    }
    if (child.parentIndex() == parent.oid()) {
      return;
    }
    ddl.put(Relations.withParent(child, parent.oid()));
    new IndexCommands(ddl).validate(parent.oid());
    if (parent.constraintOid() != 0) {
      io.heliosdb.nano.catalog.TableBuilder builder = new io.heliosdb.nano.catalog.TableBuilder(childTable);
      builder.constraints.replaceAll(c -> c.oid() != child.constraintOid() ? c : ConstraintCommands.withParent(c, parent.constraintOid()));
      ddl.put(builder.build());
    }
  }

  private void onSequence(Sequence sequence, AlterTableAction action) {
    switch (action) {
      case AlterTableAction.OwnerTo a -> new OwnerCommands(ddl).changeRelation(sequence, ddl.role(a.owner()));
      case AlterTableAction.SetLogged a -> ddl.put(withPersistence(sequence, a.logged()));
      default -> throw notFor(sequence, nameOf(action));
    }
  }

  private static Sequence withPersistence(Sequence s, boolean logged) {
    return new Sequence(s.oid(), s.name(), s.namespaceOid(), s.ownerOid(), s.version(),
        logged ? Relation.Persistence.PERMANENT : Relation.Persistence.UNLOGGED, s.typeOid(), s.start(), s.increment(), s.minimum(),
        s.maximum(), s.cache(), s.cycle(), s.ownerTable(), s.ownerColumn(), s.identity(), s.acl());
  }

  private static String nameOf(AlterTableAction action) {
    return switch (action) {
      case AlterTableAction.AddColumn a -> "ADD COLUMN";
      case AlterTableAction.DropColumn a -> "DROP COLUMN";
      case AlterTableAction.AddConstraint a -> "ADD CONSTRAINT";
      case AlterTableAction.DropConstraint a -> "DROP CONSTRAINT";
      case AlterTableAction.AlterColumnType a -> "ALTER COLUMN ... SET DATA TYPE";
      case AlterTableAction.SetNotNull a -> "ALTER COLUMN ... SET NOT NULL";
      case AlterTableAction.DropNotNull a -> "ALTER COLUMN ... DROP NOT NULL";
      case AlterTableAction.SetDefault a -> "ALTER COLUMN ... SET DEFAULT";
      case AlterTableAction.DropDefault a -> "ALTER COLUMN ... DROP DEFAULT";
      default -> action.getClass().getSimpleName();
    };
  }

  private void rowSecurity(Table table, AlterTableAction.RowSecurity action) {
    TableBuilder builder = new TableBuilder(table);
    switch (action.state()) {
      case ENABLE -> builder.rowSecurity = true;
      case DISABLE -> builder.rowSecurity = false;
      case FORCE -> builder.forceRowSecurity = true;
      case NO_FORCE -> builder.forceRowSecurity = false;
    }
    ddl.put(builder.build());
  }

  private void setOptions(Table table, AlterTableAction.SetOptions action) {
    if (!action.reset()) {
      StorageOptions.check(action.options(), table.isPartitioned());
    }
    TableBuilder builder = new TableBuilder(table);
    builder.options = new TreeMap<>(changed(table.options(), action));
    ddl.put(builder.build());
  }

  private static Map<String, String> changed(Map<String, String> old, AlterTableAction.SetOptions action) {
    Map<String, String> options = new HashMap<>(old);
    if (action.reset()) {
      action.options().forEach(option -> options.remove(option.name()));
    } else {
      options.putAll(IndexCommands.options(action.options()));
    }
    return options;
  }

  private void replicaIdentity(Table table, AlterTableAction.ReplicaIdentity action) {
    TableBuilder builder = new TableBuilder(table);
    builder.replicaIdentity = switch (action.kind()) {
      case DEFAULT -> 'd';
      case FULL -> 'f';
      case NOTHING -> 'n';
      case INDEX -> 'i';
    };
    builder.replicaIndex = action.index() == null ? 0 : replicaIndex(table, action.index());
    ddl.put(builder.build());
  }

  private int replicaIndex(Table table, String name) {
    Index index = ownIndex(table, name);
    if (!index.unique()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot use non-unique index \"" + name + "\" as replica identity");
    }
    if (!index.immediate()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot use non-immediate index \"" + name + "\" as replica identity");
    }
    if (index.keys().stream().anyMatch(key -> key.attnum() == 0)) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot use expression index \"" + name + "\" as replica identity");
    }
    if (index.predicate() != null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot use partial index \"" + name + "\" as replica identity");
    }
    for (Index.Key key : index.keys().subList(0, index.keyCount())) {
      if (!table.column(key.attnum()).notNull()) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "index \"" + name + "\" cannot be used as replica identity because column \""
            + table.column(key.attnum()).name() + "\" is nullable");
      }
    }
    return index.oid();
  }

  /// An index of the table by its name.
  private Index ownIndex(Table table, String name) {
    Relation relation = ddl.catalog().relation(table.namespaceOid(), name);
    if (relation == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "index \"" + name + "\" for table \"" + table.name() + "\" does not exist");
    }
    if (!(relation instanceof Index index) || index.tableOid() != table.oid()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name + "\" is not an index for table \"" + table.name() + "\"");
    }
    return index;
  }

  /// CLUSTER ON and SET WITHOUT CLUSTER.
  private void clusterOn(Table table, @Nullable String name) {
    TableBuilder builder = new TableBuilder(table);
    if (name == null) {
      checkNotPartitioned(table, "cannot mark index clustered in partitioned table");
      builder.clusterIndex = 0;
    } else {
      Index index = ownIndex(table, name);
      if (index.method().equals("hash") || index.method().equals("gin") || index.method().equals("brin")) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
            "cannot cluster on index \"" + name + "\" because access method does not support clustering");
      }
      if (index.predicate() != null) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot cluster on partial index \"" + name + "\"");
      }
      checkNotPartitioned(table, "cannot mark index clustered in partitioned table");
      builder.clusterIndex = index.oid();
    }
    ddl.put(builder.build());
  }

  private static void checkNotPartitioned(Table table, String message) {
    if (table.isPartitioned()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, message);
    }
  }

  private void setLogged(Table table, boolean logged) {
    if (table.isTemporary()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
          "cannot change logged status of table \"" + table.name() + "\" because it is temporary");
    }
    TableBuilder builder = new TableBuilder(table);
    builder.persistence = logged ? Relation.Persistence.PERMANENT : Relation.Persistence.UNLOGGED;
    for (Constraint constraint : table.constraints()) {
      boolean broken = logged && constraint.kind() == Constraint.Kind.FOREIGN_KEY && constraint.referencedTable() != table.oid()
          && ddl.table(constraint.referencedTable()).persistence() != Relation.Persistence.PERMANENT;
      if (broken) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "could not change table \"" + table.name()
            + "\" to logged because it references unlogged table \"" + ddl.table(constraint.referencedTable()).name() + "\"");
      }
    }
    for (var reference : logged ? List.<io.heliosdb.nano.catalog.Catalog.ForeignKeyReference>of() : ddl.catalog().referencesTo(table.oid())) {
      if (reference.table().oid() != table.oid() && reference.table().persistence() == Relation.Persistence.PERMANENT) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "could not change table \"" + table.name()
            + "\" to unlogged because it references logged table \"" + reference.table().name() + "\"");
      }
    }
    ddl.put(builder.build());
  }

  private static void checkTablespace(String name) {
    if (!name.equals("pg_default")) {
      throw IndexCommands.undefinedTablespace(name);
    }
  }

  private void notOfType(Table table) {
    if (table.ofType() == 0) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + table.name() + "\" is not a typed table");
    }
    TableBuilder builder = new TableBuilder(table);
    builder.ofType = 0;
    ddl.put(builder.build());
  }
}
