package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.IndexElement;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SortItem;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.TableDdl.CreateIndex;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// CREATE INDEX, and the indexes behind constraints.
final class IndexCommands {
  private static final int MAX_COLUMNS = 32;

  private final Ddl ddl;

  IndexCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  /// What an index is to be, before it has a name and an oid.
  ///
  /// @param dependencies what its expressions refer to
  record Definition(List<Index.Key> keys, int keyCount, String method, boolean unique, boolean nullsNotDistinct, @Nullable String predicate,
      Map<String, String> options, Set<ObjectAddress> dependencies) {}

  String create(CreateIndex statement) {
    if (statement.concurrently() && ddl.context.inTransactionBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "CREATE INDEX CONCURRENTLY cannot run inside a transaction block");
    }
    Relation relation = ddl.relation(statement.table());
    if (!(relation instanceof Table table)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot create index on relation \"" + relation.name() + "\"")
          .withDetail(detail(relation));
    }
    ddl.checkOwner(table);
    ddl.lock(table, TableLock.SHARE);
    table = ddl.table(table.oid());
    String name = statement.name();
    if (name != null) {
      ddl.context.lockName(ClassOids.CLASS, table.namespaceOid(), name);
      if (statement.ifNotExists() && ddl.catalog().relation(table.namespaceOid(), name) != null) {
        ddl.skipping(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
        return "CREATE INDEX";
      }
    }
    if (table.isPartitioned() && statement.concurrently()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
          "cannot create index on partitioned table \"" + table.name() + "\" concurrently");
    }
    if (table.kind() == 'f') {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot create index on relation \"" + table.name() + "\"").withDetail(detail(table));
    }
    Definition definition = define(table, statement);
    if (definition.unique() && table.isPartitioned()) {
      checkPartitionKey(table, definition, "UNIQUE", "unique constraint");
    }
    if (name == null) {
      name = chooseName(table, keyNames(table, definition, statement.elements()), "idx", false);
    }
    ddl.checkNameFree(table.namespaceOid(), name);
    Index index = put(table, name, definition, 0, false, true, 0);
    build(table.oid(), index);
    if (!statement.only()) {
      createOnPartitions(ddl.table(table.oid()), index, 0);
    } else if (table.isPartitioned() && !ddl.catalog().childrenOf(table.oid()).isEmpty()) {
      ddl.put(Relations.withValid(index, false));
    }
    return "CREATE INDEX";
  }

  static String detail(Relation relation) {
    return Relations.unsupportedDetail(relation);
  }

  private Definition define(Table table, CreateIndex statement) {
    if (statement.tablespace() != null && !statement.tablespace().equals("pg_default")) {
      throw undefinedTablespace(statement.tablespace());
    }
    String method = method(statement.method());
    boolean ordered = method.equals("btree");
    if (statement.unique() && !ordered) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "access method \"" + method + "\" does not support unique indexes");
    }
    if (!statement.include().isEmpty() && !ordered && !method.equals("gist")) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "access method \"" + method + "\" does not support included columns");
    }
    if (statement.elements().size() > 1 && method.equals("hash")) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "access method \"" + method + "\" does not support multicolumn indexes");
    }
    if (statement.elements().size() + statement.include().size() > MAX_COLUMNS) {
      throw new SqlException(SqlState.TOO_MANY_COLUMNS, "cannot use more than " + MAX_COLUMNS + " columns in an index");
    }
    Set<ObjectAddress> dependencies = new LinkedHashSet<>();
    List<Index.Key> keys = new ArrayList<>();
    for (IndexElement element : statement.elements()) {
      keys.add(key(table, element, method, dependencies));
    }
    int keyCount = keys.size();
    for (IndexElement element : statement.include()) {
      if (element.column() == null) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "expressions are not supported in included columns");
      }
      keys.add(included(table, element.column()));
    }
    String predicate = predicate(table, statement.where(), dependencies);
    return new Definition(keys, keyCount, method, statement.unique(), statement.nullsNotDistinct(), predicate,
        options(statement.options()), dependencies);
  }

  @Nullable String predicate(Table table, @Nullable SourceExpression where, Set<ObjectAddress> dependencies) {
    if (where == null) {
      return null;
    }
    DdlExpressions.Bound bound =
        ddl.expressions().bind(where.expression(), table, DdlExpressions.Use.INDEX_PREDICATE, io.heliosdb.nano.type.PgTypes.BOOL, -1);
    if (bound.volatility() != 'i') {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "functions in index predicate must be marked IMMUTABLE");
    }
    addDependencies(table, bound, dependencies);
    return bound.text();
  }

  /// An index of a partitioned table becomes valid with its last partition's index, and may make the one above valid.
  void validate(int indexOid) {
    Index index = (Index) ddl.catalog().relation(indexOid);
    if (index.valid()) {
      return;
    }
    for (Table partition : ddl.catalog().childrenOf(index.tableOid())) {
      boolean attached = ddl.catalog().indexesOf(partition.oid()).stream().anyMatch(own -> own.parentIndex() == indexOid && own.valid());
      if (!attached) {
        return;
      }
    }
    ddl.put(Relations.withValid(index, true));
    if (index.parentIndex() != 0) {
      validate(index.parentIndex());
    }
  }

  private static void addDependencies(Table table, DdlExpressions.Bound bound, Set<ObjectAddress> dependencies) {
    dependencies.addAll(bound.dependencies());
    bound.columns().forEach(attnum -> dependencies.add(Ddl.columnAddress(table, attnum)));
  }

  static SqlException undefinedTablespace(String name) {
    return new SqlException(SqlState.UNDEFINED_OBJECT, "tablespace \"" + name + "\" does not exist");
  }

  private static String method(String name) {
    return switch (name) {
      case "btree", "hash", "gin", "gist", "spgist", "brin" -> name;
      case "rtree" -> "gist";
      case "hnsw", "ivfflat" -> throw SqlException.notSupported("access method \"" + name + "\"");
      default -> throw new SqlException(SqlState.UNDEFINED_OBJECT, "access method \"" + name + "\" does not exist");
    };
  }

  static Map<String, String> options(List<Option> options) {
    Map<String, String> result = new TreeMap<>();
    for (Option option : options) {
      result.put(option.namespace() == null ? option.name() : option.namespace() + "." + option.name(),
          option.value() == null ? "true" : option.text());
    }
    return result;
  }

  Index.Key key(Table table, IndexElement element, String method, Set<ObjectAddress> dependencies) {
    boolean ordered = method.equals("btree");
    boolean descending = element.direction() == SortItem.Direction.DESCENDING;
    if (!ordered && (element.direction() == SortItem.Direction.DESCENDING || element.direction() == SortItem.Direction.ASCENDING)) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "access method \"" + method + "\" does not support ASC/DESC options");
    }
    if (!ordered && element.nulls() != SortItem.NullsOrder.DEFAULT) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "access method \"" + method + "\" does not support NULLS FIRST/LAST options");
    }
    boolean nullsFirst = element.nulls() == SortItem.NullsOrder.DEFAULT ? descending : element.nulls() == SortItem.NullsOrder.FIRST;
    int attnum = 0;
    String expression = null;
    PgType type;
    int collation;
    if (element.column() != null) {
      Column column = keyColumn(table, element.column());
      attnum = column.attnum();
      type = ddl.catalog().byOid(column.typeOid());
      collation = column.collationOid();
    } else {
      DdlExpressions.Bound bound =
          ddl.expressions().bind(element.expression().expression(), table, DdlExpressions.Use.INDEX_EXPRESSION, null, -1);
      if (bound.volatility() != 'i') {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "functions in index expression must be marked IMMUTABLE");
      }
      addDependencies(table, bound, dependencies);
      expression = bound.text();
      type = bound.type();
      collation = bound.collationOid();
      if (type.kind() == PgType.PSEUDO) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "column \"expr\" has pseudo-type " + ddl.format(type));
      }
    }
    collation = element.collation() == null ? collation : ddl.collation(element.collation(), type, element.position());
    String operatorClass = OperatorClasses.choose(ddl, type, method, element.operatorClass());
    OperatorClasses.checkOptions(operatorClass, method, element.operatorClassOptions());
    return new Index.Key(attnum, expression, type.oid(), collation, operatorClass, descending, nullsFirst);
  }

  private Column keyColumn(Table table, String name) {
    Column column = Relations.column(table, name);
    if (column == null) {
      if (ColumnPlan.SYSTEM_COLUMNS.contains(name)) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "index creation on system columns is not supported");
      }
      throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist");
    }
    return column;
  }

  Index.Key included(Table table, String name) {
    Column column = keyColumn(table, name);
    return new Index.Key(column.attnum(), null, column.typeOid(), column.collationOid(), null, false, false);
  }

  /// Names for an automatic index name: columns, and `expr` (numbered) for expressions, or the function's name as PostgreSQL does.
  private List<String> keyNames(Table table, Definition definition, List<IndexElement> elements) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < definition.keys().size(); i++) {
      Index.Key key = definition.keys().get(i);
      String base = key.attnum() != 0 ? table.column(key.attnum()).name()
          : expressionName(i < elements.size() ? elements.get(i).expression() : null);
      String name = base;
      for (int n = 1; names.contains(name); n++) {
        name = base + n;
      }
      names.add(name);
    }
    return names;
  }

  private static String expressionName(@Nullable SourceExpression expression) {
    return expression != null && expression.expression() instanceof Expression.FunctionCall call ? call.name().name() : "expr";
  }

  String chooseName(Table table, List<String> keyNames, String label, boolean constraint) {
    String middle = label.equals("pkey") ? null : ObjectNames.columns(keyNames);
    return ObjectNames.relation(ddl.catalog(), table.name(), middle, label, table.namespaceOid(), constraint);
  }

  /// Puts an index and its mention in the table into the overlay.
  Index put(Table table, String name, Definition definition, int constraintOid, boolean primary, boolean immediate, int parentIndex) {
    return put(table, name, definition, constraintOid, primary, immediate, parentIndex, List.of());
  }

  Index put(Table table, String name, Definition definition, int constraintOid, boolean primary, boolean immediate, int parentIndex,
      List<Integer> exclusionOperators) {
    boolean isRowKey = primary && immediate;
    long storageId = isRowKey || table.isPartitioned() ? 0 : ddl.context.nextStorageId();
    Index index = new Index(ddl.nextOid(), name, table.namespaceOid(), table.ownerOid(), 0, table.oid(), storageId, definition.method(),
        definition.unique(), primary, definition.nullsNotDistinct(), immediate, true, List.copyOf(definition.keys()),
        definition.keyCount(), definition.predicate(), constraintOid, parentIndex, exclusionOperators, Map.copyOf(definition.options()));
    ddl.put(index);
    ddl.putDependencies(Ddl.address(index), definition.dependencies());
    TableBuilder builder = new TableBuilder(ddl.table(table.oid()));
    builder.indexOids.add(index.oid());
    ddl.put(builder.build());
    return index;
  }

  /// Fills a new index, unless its entries are the table's own row keys or stand in partitions.
  void build(int tableOid, Index index) {
    Table table = ddl.table(tableOid);
    if (index.indexStorageId() != 0 && !table.isPartitioned() && !ddl.data().buildIndex(table, index)) {
      ddl.context.notice("WARNING", SqlState.FEATURE_NOT_SUPPORTED,
          "index \"" + index.name() + "\" is recorded in the catalog only", "Access method \"" + index.method()
              + "\" keeps no entries for such columns yet; queries on table \"" + table.name() + "\" do not use it.", null);
    }
  }

  /// Makes (or takes over) an index like `parent` on every partition of the table.
  void createOnPartitions(Table table, Index parent, int parentConstraint) {
    if (!table.isPartitioned()) {
      return;
    }
    for (Table partition : ddl.catalog().childrenOf(table.oid())) {
      createOnPartition(table, parent, partition);
    }
  }

  /// The partition's counterpart of a partitioned index.
  void createOnPartition(Table table, Index parent, Table partition) {
    ddl.lock(partition, TableLock.SHARE);
    Definition definition = translate(table, parent, partition);
    for (Index existing : ddl.catalog().indexesOf(partition.oid())) {
      if (existing.parentIndex() == 0 && matches(existing, definition) && parent.constraintOid() == 0) {
        ddl.put(Relations.withParent(existing, parent.oid()));
        createOnPartitions(ddl.table(partition.oid()), existing, 0);
        return;
      }
    }
    if (parent.constraintOid() != 0) {
      new ConstraintCommands(ddl).clonePartitionConstraint(table, parent, partition, definition);
      return;
    }
    List<String> names = new ArrayList<>();
    definition.keys().forEach(key -> names.add(key.attnum() == 0 ? "expr" : partition.column(key.attnum()).name()));
    Index index = put(partition, chooseName(partition, names, "idx", false), definition, 0, false, true, parent.oid());
    build(partition.oid(), index);
    createOnPartitions(ddl.table(partition.oid()), index, 0);
  }

  /// An index definition with the column numbers of another table that has columns of the same names.
  static Definition translate(Table from, Index index, Table to) {
    List<Index.Key> keys = new ArrayList<>();
    Set<ObjectAddress> dependencies = new LinkedHashSet<>();
    for (Index.Key key : index.keys()) {
      int attnum = key.attnum() == 0 ? 0 : to.column(from.column(key.attnum()).name()).attnum();
      keys.add(new Index.Key(attnum, key.expression(), key.typeOid(), key.collationOid(), key.operatorClass(), key.descending(),
          key.nullsFirst()));
      if (attnum == 0) {
        dependencies.add(Ddl.address(to));
      }
    }
    return new Definition(keys, index.keyCount(), index.method(), index.unique(), index.nullsNotDistinct(), index.predicate(),
        index.options(), dependencies);
  }

  static boolean matches(Index index, Definition definition) {
    return index.method().equals(definition.method()) && index.unique() == definition.unique() && index.keys().equals(definition.keys())
        && index.keyCount() == definition.keyCount() && java.util.Objects.equals(index.predicate(), definition.predicate());
  }

  /// A unique index on a partitioned table must hold all columns of the partition key.
  static void checkPartitionKey(Table table, Definition definition, String constraintWord, String what) {
    for (Index.Key partitionKey : table.partitionScheme().keys()) {
      if (partitionKey.attnum() == 0) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "unsupported " + constraintWord + " constraint with partition key definition")
            .withDetail(constraintWord + " constraints cannot be used when partition keys include expressions.");
      }
      boolean found = definition.keys().subList(0, definition.keyCount()).stream().anyMatch(key -> key.attnum() == partitionKey.attnum());
      if (!found) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "unique constraint on partitioned table must include all partitioning columns")
            .withDetail(constraintWord + " constraint on table \"" + table.name() + "\" lacks column \""
                + table.column(partitionKey.attnum()).name() + "\" which is part of the partition key.");
      }
    }
  }

  /// The index of that name in the table's schema.
  Index index(QualifiedName name) {
    Relation relation = ddl.relation(name);
    if (relation instanceof Index index) {
      return index;
    }
    throw Ddl.wrongKind(relation, "an index");
  }

  static Catalog.ObjectAddress address(Index index) {
    return Catalog.ObjectAddress.of(ClassOids.CLASS, index.oid());
  }
}
