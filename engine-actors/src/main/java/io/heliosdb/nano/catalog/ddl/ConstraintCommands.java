package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.OperatorDef;
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
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.TableDdl.ExclusionElement;
import io.heliosdb.nano.parse.ast.TableDdl.CheckConstraint;
import io.heliosdb.nano.parse.ast.TableDdl.ExclusionConstraint;
import io.heliosdb.nano.parse.ast.TableDdl.ForeignKeyConstraint;
import io.heliosdb.nano.parse.ast.TableDdl.IndexConstraint;
import io.heliosdb.nano.parse.ast.TableDdl.TableConstraint;
import io.heliosdb.nano.parse.ast.TableDdl.UniqueConstraint;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Adds constraints to tables that are in the overlay: CHECK, UNIQUE, PRIMARY KEY, EXCLUDE; foreign keys through [ForeignKeys].
final class ConstraintCommands {
  private final Ddl ddl;
  private final IndexCommands indexes;

  /// ALTER TABLE ONLY: a key of a partitioned table waits for its partitions' keys to be attached.
  private final boolean only;

  ConstraintCommands(Ddl ddl) {
    this(ddl, false);
  }

  ConstraintCommands(Ddl ddl, boolean only) {
    this.ddl = ddl;
    this.only = only;
    this.indexes = new IndexCommands(ddl);
  }

  /// Adds the constraint and proves it on existing rows.
  ///
  /// @param onNewTable the table has no rows yet
  void add(int tableOid, TableConstraint constraint, boolean onNewTable) {
    switch (constraint) {
      case CheckConstraint check -> addCheck(tableOid, check, onNewTable);
      case UniqueConstraint unique -> addUnique(tableOid, unique, onNewTable);
      case ForeignKeyConstraint key -> new ForeignKeys(ddl).add(tableOid, key, onNewTable);
      case IndexConstraint using -> addUsingIndex(tableOid, using);
      case ExclusionConstraint exclusion -> addExclusion(tableOid, exclusion, onNewTable);
    }
  }

  // CHECK

  Constraint addCheck(int tableOid, CheckConstraint check, boolean onNewTable) {
    Table table = ddl.table(tableOid);
    DdlExpressions.Bound bound =
        ddl.expressions().bind(check.condition().expression(), table, DdlExpressions.Use.CHECK_CONSTRAINT, PgTypes.BOOL, -1);
    String name = check.name();
    if (name == null) {
      List<Integer> columns = bound.columns().stream().distinct().toList();
      String column = columns.size() == 1 && columns.get(0) > 0 ? table.column(columns.get(0)).name() : null;
      name = ObjectNames.constraint(ddl.catalog(), table.name(), column, "check", table.namespaceOid(), List.of());
    } else {
      Constraint inherited = table.constraint(name);
      if (inherited != null && inherited.kind() == Constraint.Kind.CHECK && inherited.inheritedCount() > 0 && !inherited.local()
          && bound.text().equals(inherited.expression())) {
        ddl.notice(SqlState.SUCCESSFUL_COMPLETION, "merging constraint \"" + name + "\" with inherited definition");
        TableBuilder builder = new TableBuilder(table);
        Constraint merged = checkOf(inherited, true, inherited.inheritedCount());
        builder.replaceConstraint(merged);
        ddl.put(builder.build());
        return merged;
      }
      checkNameFree(table, name, onNewTable);
    }
    Constraint constraint = new Constraint(ddl.nextOid(), name, Constraint.Kind.CHECK,
        bound.columns().stream().filter(attnum -> attnum > 0).distinct().sorted().toList(), bound.text(), 0, 0, List.of(), (char) 0, (char) 0,
        (char) 0, List.of(), false, false, !check.notValid(), check.noInherit(), true, 0, 0);
    putCheck(table, constraint, bound.dependencies());
    if (!onNewTable && !check.notValid() && !table.isPartitioned()) {
      ddl.data().checkConstraint(ddl.table(tableOid), constraint);
    }
    if (!check.noInherit()) {
      if (only && !ddl.catalog().childrenOf(tableOid).isEmpty()) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "constraint must be added to child tables too");
      }
      for (Table child : ddl.catalog().childrenOf(tableOid)) {
        inheritCheck(child, constraint, table, bound.dependencies(), onNewTable);
      }
    } else if (table.isPartitioned()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
          "cannot add NO INHERIT constraint to partitioned table \"" + table.name() + "\"");
    }
    return constraint;
  }

  private void putCheck(Table table, Constraint constraint, Set<ObjectAddress> dependencies) {
    TableBuilder builder = new TableBuilder(ddl.table(table.oid()));
    builder.constraints.add(constraint);
    ddl.put(builder.build());
    ddl.putDependencies(ObjectAddress.of(ClassOids.CONSTRAINT, constraint.oid()), dependencies);
  }

  /// Gives a child the parent's CHECK, or merges it with one of the same name.
  void inheritCheck(Table child, Constraint parent, Table parentTable, Set<ObjectAddress> dependencies, boolean onNewTable) {
    Table current = ddl.table(child.oid());
    Constraint existing = current.constraint(parent.name());
    if (existing != null) {
      if (existing.kind() != Constraint.Kind.CHECK || !existing.expression().equals(parent.expression())) {
        throw new SqlException(SqlState.DUPLICATE_OBJECT,
            "constraint \"" + parent.name() + "\" for relation \"" + current.name() + "\" already exists");
      }
      ddl.notice(SqlState.SUCCESSFUL_COMPLETION, "merging constraint \"" + parent.name() + "\" with inherited definition");
      TableBuilder builder = new TableBuilder(current);
      builder.replaceConstraint(checkOf(existing, existing.local(), existing.inheritedCount() + 1));
      ddl.put(builder.build());
      return;
    }
    List<Integer> columns = parent.columns().stream().map(attnum -> current.column(parentTable.column(attnum).name()).attnum()).toList();
    Constraint copy = new Constraint(ddl.nextOid(), parent.name(), Constraint.Kind.CHECK, columns, parent.expression(), 0, 0, List.of(),
        (char) 0, (char) 0, (char) 0, List.of(), false, false, parent.validated(), false, false, 1, 0);
    putCheck(current, copy, dependencies);
    if (!onNewTable && parent.validated() && !current.isPartitioned()) {
      ddl.data().checkConstraint(ddl.table(current.oid()), copy);
    }
    for (Table grandchild : ddl.catalog().childrenOf(current.oid())) {
      inheritCheck(grandchild, copy, current, dependencies, onNewTable);
    }
  }

  static Constraint checkOf(Constraint c, boolean local, int inheritedCount) {
    return new Constraint(c.oid(), c.name(), c.kind(), c.columns(), c.expression(), c.indexOid(), c.referencedTable(),
        c.referencedColumns(), c.onUpdate(), c.onDelete(), c.match(), c.deleteSetColumns(), c.deferrable(), c.initiallyDeferred(),
        c.validated(), c.noInherit(), local, inheritedCount, c.parentConstraint());
  }

  void checkNameFree(Table table, String name, boolean onNewTable) {
    if (table.constraint(name) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, onNewTable
          ? "check constraint \"" + name + "\" already exists"
          : "constraint \"" + name + "\" for relation \"" + table.name() + "\" already exists");
    }
  }

  // UNIQUE and PRIMARY KEY

  void addUnique(int tableOid, UniqueConstraint unique, boolean onNewTable) {
    Table table = ddl.table(tableOid);
    if (unique.tablespace() != null && !unique.tablespace().equals("pg_default")) {
      throw IndexCommands.undefinedTablespace(unique.tablespace());
    }
    String word = unique.primary() ? "primary key" : "unique";
    List<Integer> columns = keyColumns(table, unique.columns(), word, unique.position());
    if (unique.primary()) {
      checkSinglePrimaryKey(table, unique.position());
      setNotNull(tableOid, columns, onNewTable);
      table = ddl.table(tableOid);
    }
    List<Index.Key> keys = new ArrayList<>();
    for (int attnum : columns) {
      Column column = table.column(attnum);
      OperatorClasses.choose(ddl, ddl.catalog().byOid(column.typeOid()), "btree", null);
      keys.add(new Index.Key(attnum, null, column.typeOid(), column.collationOid(), null, false, false));
    }
    for (Name name : unique.include()) {
      keys.add(indexes.included(table, name.text()));
    }
    IndexCommands.Definition definition = new IndexCommands.Definition(keys, columns.size(), "btree", true, unique.nullsNotDistinct(), null,
        IndexCommands.options(unique.options()), Set.of());
    if (table.isPartitioned()) {
      IndexCommands.checkPartitionKey(table, definition, unique.primary() ? "PRIMARY KEY" : "UNIQUE", word);
    }
    List<String> names = new ArrayList<>(keys.stream().map(key -> ddl.table(tableOid).column(key.attnum()).name()).toList());
    String name = unique.name() != null ? unique.name() : indexes.chooseName(table, names, unique.primary() ? "pkey" : "key", true);
    boolean immediate = !unique.timing().deferrable();
    create(table, name, definition, columns, unique.primary(), immediate, unique.timing().initiallyDeferred(), 0, 0, onNewTable);
  }

  private void create(Table table, String name, IndexCommands.Definition definition, List<Integer> columns, boolean primary,
      boolean immediate, boolean initiallyDeferred, int parentIndex, int parentConstraint, boolean onNewTable) {
    ddl.context.lockName(ClassOids.CLASS, table.namespaceOid(), name);
    ddl.checkNameFree(table.namespaceOid(), name);
    if (table.constraint(name) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "constraint \"" + name + "\" for relation \"" + table.name() + "\" already exists");
    }
    int constraintOid = ddl.nextOid();
    Index index = indexes.put(table, name, definition, constraintOid, primary, immediate, parentIndex);
    Table before = ddl.table(table.oid());
    TableBuilder builder = new TableBuilder(before);
    builder.constraints.add(new Constraint(constraintOid, name, primary ? Constraint.Kind.PRIMARY_KEY : Constraint.Kind.UNIQUE, columns,
        null, index.oid(), 0, List.of(), (char) 0, (char) 0, (char) 0, List.of(), !immediate, initiallyDeferred, true, true,
        parentConstraint == 0, parentConstraint == 0 ? 0 : 1, parentConstraint));
    if (primary && immediate) {
      builder.primaryKey = new ArrayList<>(columns);
    }
    if (primary && immediate && !onNewTable && !table.isPartitioned()) {
      new TableRewrite(ddl).toNewKey(before, builder);
    } else {
      ddl.put(builder.build());
      if (!onNewTable) {
        indexes.build(table.oid(), index);
      }
    }
    if (!only) {
      indexes.createOnPartitions(ddl.table(table.oid()), index, constraintOid);
    }
  }

  /// The counterpart of a partitioned table's UNIQUE or PRIMARY KEY on a partition.
  void clonePartitionConstraint(Table parent, Index parentIndex, Table partition, IndexCommands.Definition definition) {
    Constraint constraint = parent.constraints().stream().filter(c -> c.oid() == parentIndex.constraintOid()).findFirst().orElseThrow();
    List<Integer> columns = constraint.columns().stream().map(attnum -> partition.column(parent.column(attnum).name()).attnum()).toList();
    for (Index existing : ddl.catalog().indexesOf(partition.oid())) {
      if (existing.parentIndex() == 0 && existing.constraintOid() != 0 && existing.primary() == parentIndex.primary()
          && existing.keys().equals(definition.keys())) {
        ddl.put(Relations.withParent(existing, parentIndex.oid()));
        TableBuilder builder = new TableBuilder(ddl.table(partition.oid()));
        builder.constraints.replaceAll(c -> c.oid() != existing.constraintOid() ? c : withParent(c, constraint.oid()));
        ddl.put(builder.build());
        return;
      }
    }
    boolean primary = constraint.kind() == Constraint.Kind.PRIMARY_KEY;
    if (primary) {
      checkSinglePrimaryKey(partition, 0);
      setNotNull(partition.oid(), columns, ddl.data().isEmpty(partition));
    }
    Table current = ddl.table(partition.oid());
    List<String> names = columns.stream().map(attnum -> current.column(attnum).name()).toList();
    String name = indexes.chooseName(current, names, primary ? "pkey" : "key", true);
    create(current, name, definition, columns, primary, !constraint.deferrable(), constraint.initiallyDeferred(), parentIndex.oid(),
        constraint.oid(), false);
  }

  static Constraint withParent(Constraint c, int parentConstraint) {
    return new Constraint(c.oid(), c.name(), c.kind(), c.columns(), c.expression(), c.indexOid(), c.referencedTable(),
        c.referencedColumns(), c.onUpdate(), c.onDelete(), c.match(), c.deleteSetColumns(), c.deferrable(), c.initiallyDeferred(),
        c.validated(), c.noInherit(), parentConstraint == 0, parentConstraint == 0 ? 0 : 1, parentConstraint);
  }

  static void checkSinglePrimaryKey(Table table, int position) {
    if (table.constraints().stream().anyMatch(c -> c.kind() == Constraint.Kind.PRIMARY_KEY)) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "multiple primary keys for table \"" + table.name() + "\" are not allowed")
          .at(position);
    }
  }

  private static List<Integer> keyColumns(Table table, List<Name> names, String word, int position) {
    List<Integer> columns = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Name name : names) {
      Column column = Relations.column(table, name.text());
      if (column == null) {
        throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name.text() + "\" named in key does not exist").at(position);
      }
      if (!seen.add(name.text())) {
        throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + name.text() + "\" appears twice in " + word + " constraint").at(position);
      }
      columns.add(column.attnum());
    }
    return columns;
  }

  /// Marks the columns NOT NULL, children included, after a look at the rows.
  void setNotNull(int tableOid, List<Integer> attnums, boolean onNewTable) {
    Table table = ddl.table(tableOid);
    List<Integer> nullable = attnums.stream().filter(attnum -> !table.column(attnum).notNull()).toList();
    if (nullable.isEmpty()) {
      return;
    }
    if (!onNewTable && !table.isPartitioned()) {
      ddl.data().checkNotNull(table, nullable);
    }
    TableBuilder builder = new TableBuilder(table);
    for (int attnum : nullable) {
      ColumnBuilder column = table.column(attnum).toBuilder();
      column.notNull = true;
      builder.replaceColumn(column.build());
    }
    ddl.put(builder.build());
    for (Table child : ddl.catalog().childrenOf(tableOid)) {
      List<Integer> columns = nullable.stream().map(attnum -> child.column(table.column(attnum).name()).attnum()).toList();
      setNotNull(child.oid(), columns, onNewTable);
    }
  }

  // USING INDEX

  private void addUsingIndex(int tableOid, IndexConstraint using) {
    Table table = ddl.table(tableOid);
    if (table.isPartitioned()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
          "ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables");
    }
    if (!(ddl.catalog().relation(table.namespaceOid(), using.index()) instanceof Index index)) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "index \"" + using.index() + "\" does not exist").at(using.position());
    }
    checkUsable(table, index, using);
    if (using.primary()) {
      checkSinglePrimaryKey(table, using.position());
    }
    List<Integer> columns = index.keys().subList(0, index.keyCount()).stream().map(Index.Key::attnum).toList();
    if (using.primary()) {
      setNotNull(tableOid, columns, false);
    }
    String name = using.name() == null ? index.name() : using.name();
    if (!name.equals(index.name())) {
      ddl.notice(SqlState.SUCCESSFUL_COMPLETION,
          "ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index \"" + index.name() + "\" to \"" + name + "\"");
      ddl.checkNameFree(table.namespaceOid(), name);
    }
    int constraintOid = ddl.nextOid();
    boolean immediate = !using.timing().deferrable();
    // The index keeps its own entries: making it the row key would rewrite the table that the statement wants to spare.
    Index changed = Relations.withConstraint((Index) Relations.withName(index, name), constraintOid, using.primary(), immediate);
    ddl.put(changed);
    TableBuilder builder = new TableBuilder(ddl.table(tableOid));
    builder.constraints.add(new Constraint(constraintOid, name, using.primary() ? Constraint.Kind.PRIMARY_KEY : Constraint.Kind.UNIQUE,
        columns, null, index.oid(), 0, List.of(), (char) 0, (char) 0, (char) 0, List.of(), !immediate, using.timing().initiallyDeferred(),
        true, true, true, 0, 0));
    ddl.put(builder.build());
  }

  private static void checkUsable(Table table, Index index, IndexConstraint using) {
    String problem = index.tableOid() != table.oid() ? "does not belong to table \"" + table.name() + "\""
        : index.constraintOid() != 0 ? "is already associated with a constraint" : null;
    if (problem != null) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "index \"" + index.name() + "\" " + problem).at(using.position());
    }
    String word = using.primary() ? "primary key" : "unique constraint";
    if (!index.unique()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + index.name() + "\" is not a unique index")
          .withDetail("Cannot create a primary key or unique constraint using such an index.").at(using.position());
    }
    if (index.predicate() != null) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + index.name() + "\" is a partial index")
          .withDetail("Cannot create a primary key or unique constraint using such an index.").at(using.position());
    }
    if (index.keys().stream().anyMatch(key -> key.attnum() == 0)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "index \"" + index.name() + "\" contains expressions")
          .withDetail("Cannot create a primary key or unique constraint using such an index.").at(using.position());
    }
    if (!index.method().equals("btree")) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "index \"" + index.name() + "\" is not a btree").at(using.position());
    }
    if (index.keys().stream().anyMatch(key -> key.descending() || key.nullsFirst())) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
          "index \"" + index.name() + "\" column number 1 does not have default sorting behavior")
          .withDetail("Cannot create a primary key or unique constraint using such an index.").at(using.position());
    }
  }

  // EXCLUDE

  private void addExclusion(int tableOid, ExclusionConstraint exclusion, boolean onNewTable) {
    Table table = ddl.table(tableOid);
    if (table.isPartitioned()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "exclusion constraints are not supported on partitioned tables").at(exclusion.position());
    }
    String method = exclusion.method() == null ? "btree" : exclusion.method();
    if (!List.of("btree", "hash", "gist", "spgist").contains(method)) {
      if (!List.of("gin", "brin").contains(method)) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "access method \"" + method + "\" does not exist");
      }
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "access method \"" + method + "\" does not support exclusion constraints");
    }
    Set<ObjectAddress> dependencies = new LinkedHashSet<>();
    List<Index.Key> keys = new ArrayList<>();
    List<Integer> operators = new ArrayList<>();
    for (ExclusionElement element : exclusion.elements()) {
      Index.Key key = indexes.key(table, element.element(), method, dependencies);
      keys.add(key);
      operators.add(exclusionOperator(ddl.catalog().byOid(key.typeOid()), element.operator(), method, dependencies));
    }
    for (Name column : exclusion.include()) {
      keys.add(indexes.included(table, column.text()));
    }
    int keyCount = operators.size();
    String predicate = indexes.predicate(table, exclusion.where(), dependencies);
    IndexCommands.Definition definition = new IndexCommands.Definition(keys, keyCount, method, false, false, predicate,
        IndexCommands.options(exclusion.options()), dependencies);
    List<String> names = new ArrayList<>(keys.stream().map(key -> key.attnum() == 0 ? "expr" : table.column(key.attnum()).name()).toList());
    String name = exclusion.name() != null ? exclusion.name() : indexes.chooseName(table, names, "excl", true);
    ddl.context.lockName(ClassOids.CLASS, table.namespaceOid(), name);
    ddl.checkNameFree(table.namespaceOid(), name);
    if (table.constraint(name) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "constraint \"" + name + "\" for relation \"" + table.name() + "\" already exists");
    }
    boolean deferrable = exclusion.timing().deferrable();
    int constraintOid = ddl.nextOid();
    Index index = indexes.put(table, name, definition, constraintOid, false, !deferrable, 0, operators);
    TableBuilder builder = new TableBuilder(ddl.table(tableOid));
    List<Integer> columns = keys.subList(0, keyCount).stream().map(Index.Key::attnum).toList();
    builder.constraints.add(new Constraint(constraintOid, name, Constraint.Kind.EXCLUSION, columns, null, index.oid(), 0, List.of(), (char) 0,
        (char) 0, (char) 0, List.of(), deferrable, exclusion.timing().initiallyDeferred(), true, true, true, 0, 0));
    ddl.put(builder.build());
    if (!onNewTable) {
      indexes.build(tableOid, index);
    }
  }

  /// The operator of an element: commutative, and one that the access method knows.
  private int exclusionOperator(PgType type, QualifiedName name, String method, Set<ObjectAddress> dependencies) {
    PgType base = type.ultimateBase();
    List<Integer> candidates = new ArrayList<>(List.of(type.oid(), base.oid()));
    switch (base.family()) {
      case RANGE -> candidates.add(3831);
      case MULTIRANGE -> candidates.add(4537);
      case ARRAY -> candidates.add(2277);
      case ENUM -> candidates.add(3500);
      case TEXT -> candidates.add(25);
      default -> { }
    }
    OperatorDef operator = null;
    for (int candidate : candidates) {
      operator = operator == null ? OperatorCommands.find(ddl, name, candidate, candidate) : operator;
    }
    if (operator == null || operator.result() != PgTypes.BOOL.oid()) {
      throw new SqlException(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + ddl.format(type) + " " + name.name() + " " + ddl.format(type))
          .withHint("No operator matches the given name and argument types. You might need to add explicit type casts.").at(name.position());
    }
    String shown = operator.name() + "(" + ddl.format(ddl.catalog().byOid(operator.left())) + "," + ddl.format(ddl.catalog().byOid(operator.right())) + ")";
    if (operator.commutator() != operator.oid()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "operator " + shown + " is not commutative")
          .withDetail("Only commutative operators can be used in exclusion constraints.").at(name.position());
    }
    boolean member = switch (operator.name()) {
      case "=" -> !method.equals("gist") || base.family() != TypeFamily.CIRCLE && base.family() != TypeFamily.BOX;
      case "&&", "~=", "-|-" -> method.equals("gist") || method.equals("spgist");
      case "<>" -> method.equals("gist");
      default -> operator.oid() >= 16384;
    };
    if (!member) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "operator " + shown + " is not a member of operator family \"" + family(base, method) + "\"")
          .withDetail("The exclusion operator must be related to the index operator class for the constraint.").at(name.position());
    }
    if (operator.oid() >= 16384) {
      dependencies.add(ObjectAddress.of(ClassOids.OPERATOR, operator.oid()));
    }
    return operator.oid();
  }

  private static String family(PgType type, String method) {
    return switch (type.family()) {
      case INT2, INT4, INT8 -> "integer_ops";
      case TEXT -> "text_ops";
      case POLYGON -> "poly_ops";
      case RANGE -> "range_ops";
      case MULTIRANGE -> "multirange_ops";
      case ARRAY -> "array_ops";
      case ENUM -> "enum_ops";
      default -> type.name() + "_ops";
    };
  }

  // Dropping

  /// Takes a constraint out of a table; its index must be gone or going.
  void remove(int tableOid, int constraintOid) {
    Table table = ddl.table(tableOid);
    TableBuilder builder = new TableBuilder(table);
    builder.constraints.removeIf(c -> c.oid() == constraintOid);
    ddl.put(builder.build());
    ddl.putDependencies(ObjectAddress.of(ClassOids.CONSTRAINT, constraintOid), new LinkedHashSet<>());
  }

  static @Nullable Constraint find(Table table, int constraintOid) {
    return table.constraints().stream().filter(c -> c.oid() == constraintOid).findFirst().orElse(null);
  }

}
