package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.Namespace;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.CatalogObject.CollationObject;
import io.heliosdb.nano.catalog.CatalogObject.DatabaseObject;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.CatalogObject.OperatorObject;
import io.heliosdb.nano.catalog.CatalogObject.PolicyObject;
import io.heliosdb.nano.catalog.CatalogObject.RoleObject;
import io.heliosdb.nano.catalog.CatalogObject.TriggerObject;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.PartitionScheme;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.ObjectDdl.Rename;
import io.heliosdb.nano.parse.ast.ObjectDdl.SetSchema;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.QualifiedName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// RENAME and SET SCHEMA for every kind of object.
final class RenameCommands {
  private final Ddl ddl;

  RenameCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  // RENAME

  String rename(Rename statement) {
    switch (statement.kind()) {
      case COLUMN, ATTRIBUTE -> renameColumn(statement);
      case TABLE_CONSTRAINT -> renameConstraint(statement);
      case DOMAIN_CONSTRAINT -> renameDomainConstraint(statement);
      default -> renameObject(statement);
    }
    return "ALTER " + statement.ownerKind().words();
  }

  private static QualifiedName nameOf(ObjectReference reference) {
    return switch (reference) {
      case ObjectReference.Named named -> named.name();
      case ObjectReference.Type type -> type.type().name();
      case ObjectReference.OnRelation part -> part.relation();
      default -> throw SqlException.notSupported("RENAME of this kind of object");
    };
  }

  private void renameObject(Rename statement) {
    if (statement.ownerKind() == ObjectKind.TYPE && statement.object() instanceof ObjectReference.Named named
        && ddl.findRelation(named.name()) instanceof Relation.Composite composite) {
      renameType(composite.rowTypeOid(), statement.newName());
      return;
    }
    boolean relationKind = switch (statement.kind()) {
      case TABLE, VIEW, MATERIALIZED_VIEW, INDEX, SEQUENCE, FOREIGN_TABLE -> true;
      default -> false;
    };
    if (relationKind) {
      renameRelation(statement);
      return;
    }
    ObjectLookup.Found found = new ObjectLookup(ddl).find(statement.kind(), statement.object(), statement.ifExists());
    if (found == null) {
      return;
    }
    if (found.address().classOid() != ClassOids.AUTHID) {
      ddl.checkOwner(found.ownerOid(), found.kind(), found.name());
    }
    String name = statement.newName();
    ObjectAddress address = found.address();
    switch (address.classOid()) {
      case ClassOids.TYPE -> renameType(address.objectOid(), name);
      case ClassOids.PROC -> putFunction(address, name, found.namespaceOid());
      case ClassOids.NAMESPACE -> renameSchema(address, name);
      case ClassOids.TRIGGER -> renameTrigger(address, name);
      case ClassOids.POLICY -> renamePolicy(address, name);
      case ClassOids.STATISTIC_EXT -> new StatisticsCommands(ddl).rename(address, name);
      case ClassOids.TS_CONFIG, ClassOids.TS_DICT, ClassOids.TS_PARSER, ClassOids.TS_TEMPLATE ->
          new TextSearchCommands(ddl).move(address, name, found.namespaceOid());
      case ClassOids.REWRITE -> new RuleCommands(ddl).rename(address, name);
      case ClassOids.AUTHID -> new RoleCommands(ddl).rename(address.objectOid(), name);
      case ClassOids.DATABASE -> renameDatabase(address, name);
      case ClassOids.COLLATION -> {
        var c = stored(ObjectClass.COLLATION, address, CollationObject.class);
        ddl.put(new CollationObject(new Catalog.CollationDef(c.collation().oid(), c.collation().namespaceOid(), name,
            c.collation().provider(), c.collation().deterministic(), c.collation().locale()), c.ownerOid(), 0));
      }
      case ClassOids.FOREIGN_DATA_WRAPPER, ClassOids.FOREIGN_SERVER, ClassOids.PUBLICATION, ClassOids.SUBSCRIPTION, ClassOids.EVENT_TRIGGER -> {
        var object = (io.heliosdb.nano.catalog.CatalogObject.DefinedObject) java.util.Objects.requireNonNull(
            ddl.catalog().object(DefinedObjects.classOf(statement.kind()), address));
        DefinedObjects.checkNew(ddl, object.objectClass(), name);
        ddl.put(object.withName(name));
      }
      default -> throw SqlException.notSupported("ALTER " + statement.ownerKind().words() + " … RENAME");
    }
  }

  <T> T stored(ObjectClass objectClass, ObjectAddress address, Class<T> type) {
    Object object = ddl.catalog().object(objectClass, address);
    if (object == null) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: built-in objects cannot be changed");
    }
    return type.cast(object);
  }

  private void renameRelation(Rename statement) {
    QualifiedName name = nameOf(statement.object());
    Relation relation = ddl.findRelation(name);
    if (relation == null) {
      if (statement.ifExists()) {
        ddl.skipping("relation \"" + name + "\" does not exist");
        return;
      }
      throw ddl.undefinedRelation(name);
    }
    if (statement.ownerKind() != ObjectKind.TABLE) {
      checkRenameKind(statement.ownerKind(), relation);
    }
    if (relation instanceof Relation.Composite) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is a composite type").withHint("Use ALTER TYPE instead.");
    }
    ddl.checkOwner(relation);
    Namespace namespace = ddl.catalog().namespace(relation.namespaceOid());
    if (namespace != null && relation.namespaceOid() != ddl.path().temporaryNamespace()) {
      ddl.checkCreateIn(namespace);
    }
    ddl.lock(relation instanceof Index index ? ddl.catalog().relation(index.tableOid()) : relation, TableLock.ACCESS_EXCLUSIVE);
    ddl.context.lockName(ClassOids.CLASS, relation.namespaceOid(), statement.newName());
    ddl.checkNameFree(relation.namespaceOid(), statement.newName());
    StoredTexts texts = StoredTexts.naming(ddl, Ddl.address(relation), Ddl.kindName(relation) + " \"" + relation.name() + "\"");
    moveRelation(ddl.catalog().relation(relation.oid()), statement.newName(), relation.namespaceOid());
    texts.restate();
  }

  private static void checkRenameKind(ObjectKind kind, Relation relation) {
    ObjectKind present = switch (relation.kind()) {
      case 'v' -> ObjectKind.VIEW;
      case 'm' -> ObjectKind.MATERIALIZED_VIEW;
      case 'i' -> ObjectKind.INDEX;
      case 'S' -> ObjectKind.SEQUENCE;
      case 'f' -> ObjectKind.FOREIGN_TABLE;
      default -> ObjectKind.TABLE;
    };
    if (kind != present) {
      String article = kind == ObjectKind.INDEX ? "an " : "a ";
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not " + article + kind.lowerWords());
    }
  }

  /// Renames or moves a relation with what carries its name: row type, and the constraint of a constraint's index.
  void moveRelation(Relation relation, String name, int namespaceOid) {
    ddl.put(Relations.withNamespace(Relations.withName(relation, name), namespaceOid));
    int rowType = Relations.rowTypeOid(relation);
    if (rowType != 0) {
      ddl.checkTypeNameFree(namespaceOid, name);
      RowTypes.renameWithArray(ddl, rowType, name, namespaceOid);
    }
    if (relation instanceof Index index && index.constraintOid() != 0 && !name.equals(relation.name())) {
      Table table = ddl.table(index.tableOid());
      TableBuilder builder = new TableBuilder(table);
      builder.constraints.replaceAll(c -> c.oid() == index.constraintOid() ? named(c, name) : c);
      ddl.put(builder.build());
    }
  }

  private static Constraint named(Constraint c, String name) {
    return new Constraint(c.oid(), name, c.kind(), c.columns(), c.expression(), c.indexOid(), c.referencedTable(), c.referencedColumns(),
        c.onUpdate(), c.onDelete(), c.match(), c.deleteSetColumns(), c.deferrable(), c.initiallyDeferred(), c.validated(), c.noInherit(),
        c.local(), c.inheritedCount(), c.parentConstraint());
  }

  // Columns

  private void renameColumn(Rename statement) {
    QualifiedName name = nameOf(statement.object());
    Relation relation = ddl.findRelation(name);
    if (relation == null) {
      if (statement.ifExists()) {
        ddl.skipping("relation \"" + name + "\" does not exist");
        return;
      }
      throw ddl.undefinedRelation(name);
    }
    if (relation instanceof Index || relation instanceof Sequence) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot rename columns of relation \"" + relation.name() + "\"")
          .withDetail(IndexCommands.detail(relation));
    }
    ddl.checkOwner(relation);
    if (relation instanceof Table typed && typed.ofType() != 0) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot rename column of typed table");
    }
    ddl.lock(relation, TableLock.ACCESS_EXCLUSIVE);
    relation = ddl.catalog().relation(relation.oid());
    Column column = Relations.column(relation, statement.part());
    if (column == null) {
      throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + statement.part() + "\" does not exist");
    }
    if (column.inheritedCount() > 0) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot rename inherited column \"" + statement.part() + "\"");
    }
    boolean hasChildren = relation instanceof Table && !ddl.catalog().childrenOf(relation.oid()).isEmpty();
    if (hasChildren && statement.only()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
          "inherited column \"" + statement.part() + "\" must be renamed in child tables too");
    }
    if (relation instanceof Relation.Composite composite) {
      new TypedTables(ddl).follow(composite, statement.cascade(), table -> renameColumn(table, statement.part(), statement.newName()));
    }
    renameColumn(relation, statement.part(), statement.newName());
  }

  private void renameColumn(Relation relation, String from, String to) {
    ColumnPlan.checkName(to);
    List<Table> heirs = relation instanceof Table table ? heirs(table) : List.of();
    if (relation instanceof Table table) {
      checkParents(table, heirs, from);
    }
    StoredTexts texts = new StoredTexts(ddl);
    captureColumn(texts, relation, Relations.column(relation, from));
    for (Table heir : heirs) {
      captureColumn(texts, heir, heir.column(from));
    }
    renameOne(relation, from, to);
    for (Table heir : heirs) {
      renameOne(ddl.table(heir.oid()), from, to);
    }
    texts.restate();
  }

  /// All tables under a table, each once; a column that comes from elsewhere too keeps its name.
  private List<Table> heirs(Table table) {
    Map<Integer, Table> found = new LinkedHashMap<>();
    collectHeirs(table, found);
    return List.copyOf(found.values());
  }

  private void collectHeirs(Table table, Map<Integer, Table> found) {
    for (Table child : ddl.catalog().childrenOf(table.oid())) {
      if (found.put(child.oid(), child) == null) {
        collectHeirs(child, found);
      }
    }
  }

  private void checkParents(Table root, List<Table> heirs, String name) {
    Set<Integer> family = new HashSet<>(heirs.stream().map(Table::oid).toList());
    family.add(root.oid());
    for (Table heir : heirs) {
      Column own = heir.column(name);
      long parents = heir.inherits().stream().filter(family::contains).count();
      if (own != null && own.inheritedCount() > parents) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot rename inherited column \"" + name + "\"");
      }
    }
  }

  private void captureColumn(StoredTexts texts, Relation relation, Column column) {
    texts.capture(Ddl.columnAddress(relation, column.attnum()),
        "column \"" + column.name() + "\" of relation \"" + relation.name() + "\"",
        target -> texts.ownerIs(target, Ddl.address(relation)));
    texts.captureRules(relation.oid());
  }

  private void renameOne(Relation relation, String from, String to) {
    Column column = Relations.column(relation, from);
    if (column == null) {
      return;
    }
    if (Relations.column(relation, to) != null) {
      throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + to + "\" of relation \"" + relation.name() + "\" already exists");
    }
    ColumnBuilder copy = column.toBuilder();
    copy.name = to;
    List<Column> columns = new ArrayList<>(relation.columns());
    columns.set(column.attnum() - 1, copy.build());
    if (relation instanceof Table table) {
      renameInTable(table, columns, from, to);
    } else {
      ddl.put(Relations.withColumns(relation, columns));
    }
    RowTypes.touchUsers(ddl, Relations.rowTypeOid(relation));
  }

  /// Renames the column in everything the table itself keeps as text.
  private void renameInTable(Table table, List<Column> columns, String from, String to) {
    TableBuilder builder = new TableBuilder(table);
    builder.columns = new ArrayList<>(columns);
    builder.columns.replaceAll(c -> c.generated() != 's' ? c
        : c.toBuilder().defaultValue(text(c.defaultExpression(), table, from, to), c.defaultOid()).build());
    builder.constraints.replaceAll(c -> c.kind() != Constraint.Kind.CHECK ? c : withExpression(c, text(c.expression(), table, from, to)));
    if (builder.partitionScheme != null) {
      builder.partitionScheme = new PartitionScheme(builder.partitionScheme.strategy(),
          builder.partitionScheme.keys().stream().map(key -> key(key, table, from, to)).toList());
    }
    ddl.put(builder.build());
    for (Index index : ddl.catalog().indexesOf(table.oid())) {
      boolean text = index.predicate() != null || index.keys().stream().anyMatch(key -> key.attnum() == 0);
      if (text) {
        Index changed = Relations.withKeys(index, index.keys().stream().map(key -> key(key, table, from, to)).toList());
        ddl.put(Relations.withPredicate(changed, text(index.predicate(), table, from, to)));
      }
    }
    for (int oid : table.policyOids()) {
      Catalog.Policy p = ddl.catalog().policy(oid);
      ddl.put(new PolicyObject(new Catalog.Policy(p.oid(), p.name(), p.tableOid(), p.permissive(), p.command(), p.roles(),
          text(p.using(), table, from, to), text(p.withCheck(), table, from, to)), 0));
    }
    for (int oid : table.triggerOids()) {
      Catalog.Trigger t = ddl.catalog().trigger(oid);
      if (t.when() != null) {
        throw SqlException.notSupported("renaming a column of a table that has a trigger with WHEN");
      }
    }
  }

  private String text(String text, Table table, String from, String to) {
    return text == null ? null : ddl.expressions().renameColumn(text, table, from, to);
  }

  private Index.Key key(Index.Key key, Table table, String from, String to) {
    return key.attnum() != 0 ? key : new Index.Key(0, text(key.expression(), table, from, to), key.typeOid(), key.collationOid(),
        key.operatorClass(), key.descending(), key.nullsFirst());
  }

  static Constraint withExpression(Constraint c, String expression) {
    return new Constraint(c.oid(), c.name(), c.kind(), c.columns(), expression, c.indexOid(), c.referencedTable(), c.referencedColumns(),
        c.onUpdate(), c.onDelete(), c.match(), c.deleteSetColumns(), c.deferrable(), c.initiallyDeferred(), c.validated(), c.noInherit(),
        c.local(), c.inheritedCount(), c.parentConstraint());
  }

  // Constraints

  private void renameConstraint(Rename statement) {
    QualifiedName name = nameOf(statement.object());
    Relation relation = ddl.findRelation(name);
    if (relation == null && statement.ifExists()) {
      ddl.skipping("relation \"" + name + "\" does not exist");
      return;
    }
    Table table = ddl.ordinaryTable(name);
    ddl.checkOwner(table);
    ddl.lock(table, TableLock.ACCESS_EXCLUSIVE);
    table = ddl.table(table.oid());
    Constraint constraint = table.constraint(statement.part());
    if (constraint == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT,
          "constraint \"" + statement.part() + "\" for table \"" + table.name() + "\" does not exist");
    }
    if (constraint.inheritedCount() > 0 && constraint.kind() == Constraint.Kind.CHECK) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot rename inherited constraint \"" + statement.part() + "\"");
    }
    boolean inherits = constraint.kind() == Constraint.Kind.CHECK && !constraint.noInherit();
    if (inherits && statement.only() && !ddl.catalog().childrenOf(table.oid()).isEmpty()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
          "inherited constraint \"" + statement.part() + "\" must be renamed in child tables too");
    }
    renameConstraint(table, constraint, statement.newName());
  }

  private void renameConstraint(Table table, Constraint constraint, String name) {
    if (table.constraint(name) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "constraint \"" + name + "\" for relation \"" + table.name() + "\" already exists");
    }
    boolean ownsIndex = constraint.kind() != Constraint.Kind.FOREIGN_KEY && constraint.indexOid() != 0;
    if (ownsIndex) {
      ddl.checkNameFree(table.namespaceOid(), name);
      moveRelation(ddl.catalog().relation(constraint.indexOid()), name, table.namespaceOid());
      return;
    }
    TableBuilder builder = new TableBuilder(table);
    builder.replaceConstraint(named(constraint, name));
    ddl.put(builder.build());
    if (constraint.kind() == Constraint.Kind.CHECK && !constraint.noInherit()) {
      for (Table child : ddl.catalog().childrenOf(table.oid())) {
        Constraint own = child.constraint(constraint.name());
        if (own != null && own.inheritedCount() > 0) {
          renameConstraint(child, own, name);
        }
      }
    }
  }

  private void renameDomainConstraint(Rename statement) {
    ObjectLookup.Found found = new ObjectLookup(ddl).find(ObjectKind.DOMAIN, statement.object(), false);
    TypeDef domain = ddl.catalog().typeDef(found.address().objectOid());
    ddl.checkOwner(found.ownerOid(), "type", found.name());
    Catalog.DomainDetails details = (Catalog.DomainDetails) domain.details();
    if (details.checks().stream().noneMatch(c -> c.name().equals(statement.part()))) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT,
          "constraint \"" + statement.part() + "\" for domain " + found.name() + " does not exist");
    }
    List<Constraint> checks =
        details.checks().stream().map(c -> c.name().equals(statement.part()) ? named(c, statement.newName()) : c).toList();
    ddl.put(new TypeObject(new TypeDef(domain.type(), domain.ownerOid(), domain.acl(),
        new Catalog.DomainDetails(details.notNull(), details.defaultExpression(), checks)), 0));
  }

  // Other objects

  private void renameType(int typeOid, String name) {
    TypeDef type = ddl.catalog().typeDef(typeOid);
    if (type == null || type.ownerOid() == 0) {
      throw tableTypeError(typeOid, type);
    }
    ddl.checkOwner(type.ownerOid(), "type", type.type().name());
    ObjectAddress address = ObjectAddress.of(ClassOids.TYPE, typeOid);
    StoredTexts texts = StoredTexts.naming(ddl, address, "type \"" + type.type().name() + "\"");
    new CompositeCommands(ddl).checkFree(type.type().namespaceOid(), name);
    moveType(typeOid, name, type.type().namespaceOid());
    texts.restate();
  }

  SqlException tableTypeError(int typeOid, @org.jspecify.annotations.Nullable TypeDef type) {
    String shown = ddl.format(ddl.catalog().byOid(typeOid));
    if (type != null && type.type().category() == 'A') {
      return new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot alter array type " + shown);
    }
    return new SqlException(SqlState.WRONG_OBJECT_TYPE, shown + " is a table's row type").withHint("Use ALTER TABLE instead.");
  }

  void moveType(int typeOid, String name, int namespaceOid) {
    RowTypes.renameWithArray(ddl, typeOid, name, namespaceOid);
    TypeDef type = ddl.catalog().typeDef(typeOid);
    if (type.type().relationOid() != 0) {
      Relation relation = ddl.catalog().relation(type.type().relationOid());
      ddl.put(Relations.withNamespace(Relations.withName(relation, name), namespaceOid));
    }
  }

  void putFunction(ObjectAddress address, String name, int namespaceOid) {
    FunctionObject object = stored(ObjectClass.FUNCTION, address, FunctionObject.class);
    FunctionDef f = object.function();
    StoredTexts texts = StoredTexts.naming(ddl, address, "function \"" + f.name() + "\"");
    for (FunctionDef other : ddl.catalog().functions(namespaceOid, name)) {
      if (other.oid() != f.oid() && other.argumentTypes().equals(f.argumentTypes())) {
        String shown = name + "(" + String.join(", ",
            f.argumentTypes().stream().map(type -> ddl.format(ddl.catalog().byOid(type))).toList()) + ")";
        throw new SqlException(SqlState.DUPLICATE_FUNCTION,
            "function " + shown + " already exists in schema \"" + ddl.namespaceName(namespaceOid) + "\"");
      }
    }
    ddl.put(new FunctionObject(FunctionCommands.withName(f, name, namespaceOid), object.details(), 0));
    texts.restate();
  }

  private void renameSchema(ObjectAddress address, String name) {
    Namespace old = ddl.catalog().namespace(address.objectOid());
    if (ddl.catalog().namespace(name) != null) {
      throw new SqlException(SqlState.DUPLICATE_SCHEMA, "schema \"" + name + "\" already exists");
    }
    if (name.startsWith("pg_")) {
      throw new SqlException(SqlState.RESERVED_NAME, "unacceptable schema name \"" + name + "\"")
          .withDetail("The prefix \"pg_\" is reserved for system schemas.");
    }
    StoredTexts texts = new StoredTexts(ddl);
    for (Dependency member : ddl.catalog().dependents(address)) {
      texts.captureNaming(member.target(), "schema \"" + old.name() + "\"");
    }
    ddl.put(new NamespaceObject(new Namespace(old.oid(), name, old.ownerOid(), old.acl()), 0));
    texts.restate();
  }

  private void renameTrigger(ObjectAddress address, String name) {
    Catalog.Trigger t = ddl.catalog().trigger(address.objectOid());
    for (int oid : Relations.triggerOids(ddl.catalog().relation(t.tableOid()))) {
      if (ddl.catalog().trigger(oid).name().equals(name)) {
        throw new SqlException(SqlState.DUPLICATE_OBJECT, "trigger \"" + name + "\" for relation \""
            + ddl.catalog().relation(t.tableOid()).name() + "\" already exists");
      }
    }
    if (t.parentOid() != 0 && ddl.catalog().trigger(t.parentOid()) instanceof Catalog.Trigger parent && !parent.name().equals(name)) {
      throw new SqlException(
          SqlState.INTERNAL_ERROR, "cannot rename trigger \"" + t.name() + "\" on table \"" + ddl.catalog().relation(t.tableOid()).name() + "\"")
          .withHint(
              "Rename the trigger on the partitioned table \"" + ddl.catalog().relation(parent.tableOid()).name() + "\" instead.");
    }
    ddl.put(new TriggerObject(t.withName(name), 0));
    for (Catalog.Trigger copy : ddl.catalog().triggers()) {
      if (copy.parentOid() == t.oid() && !copy.name().equals(name)) {
        renameTrigger(ObjectAddress.of(ClassOids.TRIGGER, copy.oid()), name);
      }
    }
  }

  private void renamePolicy(ObjectAddress address, String name) {
    Catalog.Policy p = ddl.catalog().policy(address.objectOid());
    for (int oid : ddl.table(p.tableOid()).policyOids()) {
      if (ddl.catalog().policy(oid).name().equals(name)) {
        throw new SqlException(SqlState.DUPLICATE_OBJECT,
            "policy \"" + name + "\" for table \"" + ddl.table(p.tableOid()).name() + "\" already exists");
      }
    }
    ddl.put(new PolicyObject(new Catalog.Policy(p.oid(), name, p.tableOid(), p.permissive(), p.command(), p.roles(), p.using(),
        p.withCheck()), 0));
  }

  private void renameDatabase(ObjectAddress address, String name) {
    Catalog.Database d = stored(ObjectClass.DATABASE, address, DatabaseObject.class).database();
    if (ddl.catalog().databases().stream().anyMatch(other -> other.name().equals(name))) {
      throw new SqlException(SqlState.DUPLICATE_DATABASE, "database \"" + name + "\" already exists");
    }
    throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "current database cannot be renamed");
  }
}
