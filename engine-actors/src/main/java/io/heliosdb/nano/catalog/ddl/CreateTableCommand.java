package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.CommentObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.OnCommit;
import io.heliosdb.nano.catalog.Relation.Persistence;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.parse.ast.TableDdl.CheckConstraint;
import io.heliosdb.nano.parse.ast.TableDdl.CreateTable;
import io.heliosdb.nano.parse.ast.TableDdl.ForeignKeyConstraint;
import io.heliosdb.nano.parse.ast.TableDdl.LikeClause;
import io.heliosdb.nano.parse.ast.TableDdl.LikeOption;
import io.heliosdb.nano.parse.ast.TableDdl.TableConstraint;
import io.heliosdb.nano.parse.ast.TableDdl.UniqueConstraint;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// CREATE TABLE: columns written, copied (LIKE) and inherited, then the table, its sequences, defaults, checks, indexes, foreign keys.
final class CreateTableCommand {
  private static final int MAX_COLUMNS = 1600;

  private final Ddl ddl;
  private final CreateTable statement;
  private final String name;
  private final Map<String, ColumnPlan> columns = new LinkedHashMap<>();
  private final List<TableConstraint> constraints = new ArrayList<>();
  private final List<LikeSource> likes = new ArrayList<>();
  private final List<Table> parents = new ArrayList<>();

  private record LikeSource(Relation relation, LikeClause clause) {}

  CreateTableCommand(Ddl ddl, CreateTable statement) {
    this.ddl = ddl;
    this.statement = statement;
    this.name = statement.name().name();
  }

  String execute() {
    checkOptions();
    int namespaceOid = ddl.creationNamespace(statement.name(), statement.persistence());
    Persistence persistence = persistence(namespaceOid);
    ddl.context.lockName(ClassOids.CLASS, namespaceOid, name);
    if (ddl.catalog().relation(namespaceOid, name) != null && statement.ifNotExists()) {
      ddl.skipping(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
      return tag();
    }
    ddl.checkNameFree(namespaceOid, name);
    ddl.checkTypeNameFree(namespaceOid, name);
    TableBuilder builder = new TableBuilder(ddl.nextOid(), name, namespaceOid);
    builder.ownerOid = ddl.user();
    builder.persistence = persistence;
    builder.kind = statement.foreign() != null ? 'f' : statement.partitionBy() == null ? 'r' : 'p';
    if (statement.partitionBy() != null && !statement.inherits().isEmpty()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "cannot create partitioned table as inheritance child");
    }
    collectColumns(builder);
    if (statement.foreign() == null) {
      build(builder);
      return tag();
    }
    constraints.forEach(ForeignCommands::checkConstraint);
    var server = new ForeignCommands(ddl).serverOf(statement.foreign());
    build(builder);
    Map<Integer, List<io.heliosdb.nano.parse.ast.Option>> options = new LinkedHashMap<>();
    for (TableDdl.TableElement element : statement.elements()) {
      if (element instanceof TableDdl.Column column && !column.foreignOptions().isEmpty()) {
        options.put(ddl.table(builder.oid).column(column.name()).attnum(), column.foreignOptions());
      }
    }
    new ForeignCommands(ddl).addTable(builder.oid, server, statement.foreign().options(), options);
    return tag();
  }

  private String tag() {
    return statement.foreign() != null ? "CREATE FOREIGN TABLE" : "CREATE TABLE";
  }

  private void checkOptions() {
    if (statement.onCommit() != TableDdl.OnCommit.UNSPECIFIED
        && statement.persistence() != io.heliosdb.nano.parse.ast.Persistence.TEMPORARY) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "ON COMMIT can only be used on temporary tables");
    }
    if (statement.accessMethod() != null && !statement.accessMethod().equals("heap")) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "access method \"" + statement.accessMethod() + "\" does not exist");
    }
    if (statement.tablespace() != null && !statement.tablespace().equals("pg_default")) {
      throw IndexCommands.undefinedTablespace(statement.tablespace());
    }
    StorageOptions.check(statement.options(), statement.partitionBy() != null);
  }

  private Persistence persistence(int namespaceOid) {
    if (namespaceOid == ddl.path().temporaryNamespace() && namespaceOid != 0) {
      return Persistence.TEMPORARY;
    }
    return Persistence.values()[statement.persistence().ordinal()];
  }

  // Columns

  private void collectColumns(TableBuilder builder) {
    if (statement.ofType() != null) {
      fromType(builder);
    }
    for (QualifiedName parentName : statement.inherits()) {
      inherit(builder, parentName);
    }
    if (statement.partitionOf() != null) {
      partitionOf(builder);
    }
    Set<String> written = new LinkedHashSet<>();
    for (TableDdl.TableElement element : statement.elements()) {
      switch (element) {
        case TableDdl.Column column -> addWritten(column, written);
        case LikeClause like -> copyFrom(like, written);
        case TableConstraint constraint -> constraints.add(constraint);
      }
    }
    checkDefaultConflicts();
    if (columns.size() > MAX_COLUMNS) {
      throw new SqlException(SqlState.TOO_MANY_COLUMNS, "tables can have at most " + MAX_COLUMNS + " columns");
    }
  }

  private void addWritten(TableDdl.Column ast, Set<String> written) {
    if (!written.add(ast.name())) {
      throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + ast.name() + "\" specified more than once");
    }
    if (!ast.foreignOptions().isEmpty() && statement.foreign() == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "syntax error at or near \"OPTIONS\"");
    }
    ColumnPlan inherited = columns.get(ast.name());
    if (ast.type() == null) {
      if (inherited == null) {
        throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + ast.name() + "\" does not exist");
      }
      ColumnPlan plan = ColumnPlan.of(ddl, ast, name, inherited);
      constraints.addAll(plan.constraints);
      return;
    }
    ColumnPlan plan = ColumnPlan.of(ddl, ast, name, null);
    constraints.addAll(plan.constraints);
    if (inherited == null) {
      columns.put(ast.name(), plan);
      return;
    }
    merge(inherited, plan, written.size());
  }

  /// A column that the statement defines and that a parent has too.
  private void merge(ColumnPlan inherited, ColumnPlan plan, int place) {
    String column = plan.column.name;
    if (new ArrayList<>(columns.keySet()).indexOf(column) + 1 == place) {
      ddl.notice(SqlState.SUCCESSFUL_COMPLETION, "merging column \"" + column + "\" with inherited definition");
    } else {
      ddl.context.notice("NOTICE", SqlState.SUCCESSFUL_COMPLETION, "moving and merging column \"" + column + "\" with inherited definition",
          "User-specified column moved to the position of the inherited column.", null);
    }
    checkSameType(inherited, plan, "column \"" + column + "\" has a type conflict", "column \"" + column + "\" has a collation conflict");
    if (inherited.column.generated != 0) {
      checkPlain(plan);
    }
    plan.column.inheritedCount = inherited.column.inheritedCount;
    plan.column.notNull |= inherited.column.notNull;
    if (plan.storedDefault == null && plan.defaultValue == null && plan.generated == null && plan.identityOptions == null && !plan.serial) {
      plan.storedDefault = inherited.storedDefault;
      plan.column.generated = inherited.column.generated;
      plan.conflictingDefaults = inherited.conflictingDefaults;
    }
    columns.put(column, plan);
  }

  /// The child of a generated column takes over its expression and may not say anything else.
  private static void checkPlain(ColumnPlan plan) {
    String column = "column \"" + plan.column.name + "\"";
    if (plan.generated != null || plan.column.generated != 0) {
      throw new SqlException(SqlState.INVALID_COLUMN_DEFINITION, "child " + column + " specifies generation expression").withHint(
          "Omit the generation expression in the definition of the child table column to inherit the generation expression from the parent table.");
    }
    if (plan.defaultValue != null || plan.storedDefault != null || plan.serial) {
      throw new SqlException(SqlState.INVALID_COLUMN_DEFINITION, column + " inherits from generated column but specifies default");
    }
    if (plan.identityOptions != null) {
      throw new SqlException(SqlState.INVALID_COLUMN_DEFINITION, column + " inherits from generated column but specifies identity");
    }
  }

  private void checkDefaultConflicts() {
    for (ColumnPlan plan : columns.values()) {
      if (plan.conflictingDefaults) {
        boolean generated = plan.column.generated != 0;
        throw new SqlException(SqlState.INVALID_COLUMN_DEFINITION,
            "column \"" + plan.column.name + "\" inherits conflicting " + (generated ? "generation expressions" : "default values"))
            .withHint("To resolve the conflict, specify a " + (generated ? "generation expression" : "default") + " explicitly.");
      }
    }
  }

  private void checkSameType(ColumnPlan a, ColumnPlan b, String typeConflict, String collationConflict) {
    if (a.column.typeOid != b.column.typeOid || a.column.typmod != b.column.typmod) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, typeConflict).withDetail(formatted(a) + " versus " + formatted(b));
    }
    if (a.column.collationOid != b.column.collationOid) {
      throw new SqlException(SqlState.COLLATION_MISMATCH, collationConflict)
          .withDetail("\"" + collationName(a) + "\" versus \"" + collationName(b) + "\"");
    }
  }

  private String formatted(ColumnPlan plan) {
    return io.heliosdb.nano.type.Typmods.formatType(plan.type, plan.column.typmod, ddl.catalog());
  }

  private String collationName(ColumnPlan plan) {
    var collation = ddl.catalog().collation(plan.column.collationOid);
    return collation == null ? "" : collation.name();
  }

  private void fromType(TableBuilder builder) {
    PgType type = ddl.type(statement.ofType()).type();
    Relation composite = type.relationOid() == 0 ? null : ddl.catalog().relation(type.relationOid());
    if (!(composite instanceof Relation.Composite)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "type " + ddl.format(type) + " is not a composite type");
    }
    builder.ofType = type.oid();
    for (Column column : composite.columns()) {
      if (!column.dropped()) {
        ColumnBuilder copy = new ColumnBuilder(column.name(), 0, column.typeOid());
        copy.typmod = column.typmod();
        copy.collationOid = column.collationOid();
        columns.put(column.name(), new ColumnPlan(copy, ddl.catalog().byOid(column.typeOid())));
      }
    }
  }

  private void inherit(TableBuilder builder, QualifiedName parentName) {
    Relation relation = ddl.relation(parentName);
    if (!(relation instanceof Table parent) || parent.kind() == 'm') {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "inherited relation \"" + relation.name() + "\" is not a table or foreign table");
    }
    ddl.lock(parent, TableLock.SHARE_UPDATE_EXCLUSIVE);
    ddl.checkOwner(parent);
    if (parent.isPartitioned()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot inherit from partitioned table \"" + parent.name() + "\"");
    }
    if (parent.isPartition()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot inherit from partition \"" + parent.name() + "\"");
    }
    if (builder.persistence != Persistence.TEMPORARY && parent.isTemporary()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot inherit from temporary relation \"" + parent.name() + "\"");
    }
    if (parents.stream().anyMatch(p -> p.oid() == parent.oid())) {
      throw new SqlException(SqlState.DUPLICATE_TABLE, "relation \"" + parent.name() + "\" would be inherited from more than once");
    }
    takeParent(builder, parent);
  }

  private void takeParent(TableBuilder builder, Table parent) {
    parents.add(parent);
    builder.inherits.add(parent.oid());
    for (Column column : parent.columns()) {
      if (column.dropped()) {
        continue;
      }
      ColumnBuilder copy = new ColumnBuilder(column.name(), 0, column.typeOid());
      copy.typmod = column.typmod();
      copy.collationOid = column.collationOid();
      copy.notNull = column.notNull();
      copy.generated = column.generated();
      copy.storage = column.storage();
      copy.local = false;
      copy.inheritedCount = 1;
      ColumnPlan plan = new ColumnPlan(copy, ddl.catalog().byOid(column.typeOid()));
      plan.storedDefault = column.defaultExpression();
      ColumnPlan known = columns.get(column.name());
      if (known != null) {
        ddl.notice(SqlState.SUCCESSFUL_COMPLETION, "merging multiple inherited definitions of column \"" + column.name() + "\"");
        checkSameType(known, plan, "inherited column \"" + column.name() + "\" has a type conflict",
            "inherited column \"" + column.name() + "\" has a collation conflict");
        if (known.column.generated != column.generated()) {
          throw new SqlException(SqlState.DATATYPE_MISMATCH, "inherited column \"" + column.name() + "\" has a generation conflict");
        }
        if (known.storedDefault == null) {
          known.storedDefault = plan.storedDefault;
        } else if (plan.storedDefault != null && !known.storedDefault.equals(plan.storedDefault)) {
          known.conflictingDefaults = true;
        }
        known.column.inheritedCount++;
        known.column.notNull |= column.notNull();
      } else {
        columns.put(column.name(), plan);
      }
    }
  }

  private void partitionOf(TableBuilder builder) {
    Relation relation = ddl.relation(statement.partitionOf());
    if (!(relation instanceof Table parent) || !parent.isPartitioned()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "\"" + relation.name() + "\" is not partitioned");
    }
    ddl.lock(parent, TableLock.ACCESS_EXCLUSIVE);
    ddl.checkOwner(parent);
    Table current = ddl.table(parent.oid());
    if (current.isTemporary() != (builder.persistence == Persistence.TEMPORARY)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, current.isTemporary()
          ? "cannot create a permanent relation as partition of temporary relation \"" + current.name() + "\""
          : "cannot create a temporary relation as partition of permanent relation \"" + current.name() + "\"");
    }
    takeParent(builder, current);
    builder.partitionOf = current.oid();
    builder.partitionBound = new PartitionBounds(ddl, current).transform(statement.bound(), name);
  }

  private void copyFrom(LikeClause like, Set<String> written) {
    Relation source = ddl.relation(like.table());
    if (source instanceof Index || source instanceof Sequence) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "relation \"" + source.name() + "\" is invalid in LIKE clause")
          .withDetail(IndexCommands.detail(source)).at(like.position());
    }
    likes.add(new LikeSource(source, like));
    for (Column column : source.columns()) {
      if (column.dropped()) {
        continue;
      }
      if (!written.add(column.name())) {
        throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + column.name() + "\" specified more than once");
      }
      ColumnBuilder copy = new ColumnBuilder(column.name(), 0, column.typeOid());
      copy.typmod = column.typmod();
      copy.collationOid = column.collationOid();
      copy.notNull = column.notNull();
      ColumnPlan plan = new ColumnPlan(copy, ddl.catalog().byOid(column.typeOid()));
      boolean takesDefault = column.generated() == 's'
          ? like.including().contains(LikeOption.GENERATED) : like.including().contains(LikeOption.DEFAULTS);
      if (takesDefault && column.defaultExpression() != null) {
        plan.storedDefault = column.defaultExpression();
        copy.generated = column.generated();
      }
      if (column.identity() != 0 && like.including().contains(LikeOption.IDENTITY)) {
        copy.identity = column.identity();
        plan.identityOptions = identityOptions(source.oid(), column.attnum());
      }
      if (like.including().contains(LikeOption.STORAGE)) {
        copy.storage = column.storage();
      }
      if (like.including().contains(LikeOption.COMMENTS)) {
        plan.comment = ddl.catalog().comment(ClassOids.CLASS, source.oid(), column.attnum());
      }
      ColumnPlan inherited = columns.get(column.name());
      if (inherited == null) {
        columns.put(column.name(), plan);
      } else {
        merge(inherited, plan, written.size());
      }
    }
  }

  private List<io.heliosdb.nano.parse.ast.Option> identityOptions(int tableOid, int attnum) {
    Sequence sequence = SequenceCommands.identitySequence(ddl, tableOid, attnum);
    if (sequence == null) {
      return List.of();
    }
    List<io.heliosdb.nano.parse.ast.Option> options = new ArrayList<>();
    options.add(number("increment", sequence.increment()));
    options.add(number("minvalue", sequence.minimum()));
    options.add(number("maxvalue", sequence.maximum()));
    options.add(number("start", sequence.start()));
    options.add(number("cache", sequence.cache()));
    if (sequence.cycle()) {
      options.add(io.heliosdb.nano.parse.ast.Option.of("cycle", null, 0));
    }
    return options;
  }

  private static io.heliosdb.nano.parse.ast.Option number(String name, long value) {
    return io.heliosdb.nano.parse.ast.Option.of(name, new io.heliosdb.nano.parse.ast.Option.NumberValue(Long.toString(value)), 0);
  }

  // Building

  private void build(TableBuilder builder) {
    int attnum = 0;
    for (ColumnPlan plan : columns.values()) {
      plan.column.attnum = ++attnum;
      builder.columns.add(plan.column.build());
    }
    builder.options = new java.util.TreeMap<>(IndexCommands.options(statement.options()));
    builder.options.remove("oids");
    builder.acl = DefaultPrivileges.of(ddl, 'r', builder.ownerOid, builder.namespaceOid);
    builder.onCommit = switch (statement.onCommit()) {
      case UNSPECIFIED, PRESERVE_ROWS -> OnCommit.PRESERVE_ROWS;
      case DELETE_ROWS -> OnCommit.DELETE_ROWS;
      case DROP -> OnCommit.DROP;
    };
    builder.rowTypeOid = RowTypes.create(ddl, builder.oid, name, builder.namespaceOid);
    if (builder.kind == 'r') {
      builder.storageId = ddl.context.nextStorageId();
    }
    ddl.put(builder.build());
    if (statement.partitionBy() != null) {
      partitionKey(builder.oid);
    }
    for (ColumnPlan plan : columns.values()) {
      finishColumn(builder.oid, plan);
    }
    inheritChecks(builder.oid);
    addConstraints(builder.oid);
    copyLikeParts(builder.oid);
    if (statement.partitionOf() != null) {
      new PartitionCommands(ddl).completePartition(parents.get(0).oid(), builder.oid, true);
    }
  }

  private void partitionKey(int tableOid) {
    TableBuilder builder = new TableBuilder(ddl.table(tableOid));
    Set<ObjectAddress> dependencies = new LinkedHashSet<>();
    builder.partitionScheme = new PartitionCommands(ddl).scheme(ddl.table(tableOid), statement.partitionBy(), dependencies);
    ddl.put(builder.build());
    ddl.putDependencies(ObjectAddress.of(ClassOids.CLASS, tableOid), dependencies);
  }

  private void finishColumn(int tableOid, ColumnPlan plan) {
    new ColumnDefaults(ddl).apply(tableOid, plan);
    if (plan.comment != null) {
      ddl.put(new CommentObject(new ObjectAddress(ClassOids.CLASS, tableOid, plan.column.attnum), plan.comment, 0));
    }
  }

  private void inheritChecks(int tableOid) {
    ConstraintCommands commands = new ConstraintCommands(ddl);
    for (Table parent : parents) {
      for (Constraint constraint : ddl.table(parent.oid()).constraints()) {
        if (constraint.kind() == Constraint.Kind.CHECK && !constraint.noInherit()) {
          commands.inheritCheck(ddl.table(tableOid), constraint, parent, Set.of(), true);
        }
      }
    }
  }

  /// PostgreSQL's order: checks with the table, then indexes with the primary key first, then foreign keys.
  private void addConstraints(int tableOid) {
    ConstraintCommands commands = new ConstraintCommands(ddl);
    checkSinglePrimaryKey();
    for (TableConstraint constraint : constraints) {
      if (constraint instanceof CheckConstraint check) {
        commands.add(tableOid, check, true);
      }
    }
    for (TableConstraint constraint : constraints) {
      if (constraint instanceof UniqueConstraint unique && unique.primary()) {
        commands.add(tableOid, unique, true);
      }
    }
    for (TableConstraint constraint : constraints) {
      boolean later = constraint instanceof CheckConstraint || constraint instanceof ForeignKeyConstraint
          || constraint instanceof UniqueConstraint unique && unique.primary();
      if (!later && !(constraint instanceof UniqueConstraint unique && isCovered(unique))) {
        commands.add(tableOid, constraint, true);
      }
    }
    for (TableConstraint constraint : constraints) {
      if (constraint instanceof ForeignKeyConstraint key) {
        commands.add(tableOid, key, true);
      }
    }
  }

  private void checkSinglePrimaryKey() {
    boolean seen = false;
    for (TableConstraint constraint : constraints) {
      if (constraint instanceof UniqueConstraint unique && unique.primary()) {
        if (seen) {
          throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "multiple primary keys for table \"" + name + "\" are not allowed")
              .at(unique.position());
        }
        seen = true;
      }
    }
  }

  /// An unnamed UNIQUE that repeats the primary key or an earlier UNIQUE makes no index of its own.
  private boolean isCovered(UniqueConstraint unique) {
    List<String> wanted = unique.columns().stream().map(n -> n.text()).toList();
    for (TableConstraint constraint : constraints) {
      if (constraint == unique) {
        continue;
      }
      boolean earlier = constraint instanceof UniqueConstraint other
          && (other.primary() || constraints.indexOf(other) < constraints.indexOf(unique));
      if (earlier && constraint instanceof UniqueConstraint other && unique.name() == null
          && other.columns().stream().map(n -> n.text()).toList().equals(wanted) && other.include().equals(unique.include())
          && other.timing().equals(unique.timing()) && other.nullsNotDistinct() == unique.nullsNotDistinct()) {
        return true;
      }
    }
    return false;
  }

  private void copyLikeParts(int tableOid) {
    for (LikeSource like : likes) {
      if (like.relation() instanceof Table source) {
        new LikeCopy(ddl, source, like.clause().including()).copyTo(tableOid);
      }
    }
  }
}
