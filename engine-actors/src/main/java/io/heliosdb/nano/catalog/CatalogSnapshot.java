package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.CatalogObject.CastObject;
import io.heliosdb.nano.catalog.CatalogObject.CollationObject;
import io.heliosdb.nano.catalog.CatalogObject.CommentObject;
import io.heliosdb.nano.catalog.CatalogObject.DatabaseObject;
import io.heliosdb.nano.catalog.CatalogObject.DefaultAclObject;
import io.heliosdb.nano.catalog.CatalogObject.ExtensionObject;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.CatalogObject.OperatorObject;
import io.heliosdb.nano.catalog.CatalogObject.PolicyObject;
import io.heliosdb.nano.catalog.CatalogObject.RelationObject;
import io.heliosdb.nano.catalog.CatalogObject.RoleObject;
import io.heliosdb.nano.catalog.CatalogObject.StatisticsRow;
import io.heliosdb.nano.catalog.CatalogObject.SystemAclObject;
import io.heliosdb.nano.catalog.CatalogObject.TriggerObject;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.EnumValue;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One state of the catalog: built-in objects merged with the user-made ones.
///
/// Immutable; [#with] and [#without] give new snapshots that share all untouched structure, so a change costs O(log n) whatever the
/// number of objects. Safe to share between threads.
public final class CatalogSnapshot implements Catalog {
  private final BuiltinObjects builtin;
  private final long version;
  private final SnapshotMaps maps;

  private CatalogSnapshot(BuiltinObjects builtin, long version, SnapshotMaps maps) {
    this.builtin = builtin;
    this.version = version;
    this.maps = maps;
  }

  /// A catalog without any user-made object; not even roles or schemas (see `catalog.store.Bootstrap`).
  public static CatalogSnapshot empty(BuiltinObjects builtin) {
    return new CatalogSnapshot(builtin, 0, SnapshotMaps.EMPTY);
  }

  public BuiltinObjects builtin() {
    return builtin;
  }

  /// The catalog with `object` added, or put in the place of the one with the same key.
  public CatalogSnapshot with(CatalogObject object, long newVersion) {
    return new CatalogSnapshot(builtin, newVersion, maps.put(object));
  }

  public CatalogSnapshot without(CatalogObject object, long newVersion) {
    return new CatalogSnapshot(builtin, newVersion, maps.remove(object.objectClass(), object.key()));
  }

  public CatalogSnapshot withVersion(long newVersion) {
    return new CatalogSnapshot(builtin, newVersion, maps);
  }

  /// The stored object with that class and key, or null.
  public @Nullable CatalogObject object(ObjectClass objectClass, ObjectAddress key) {
    return maps.objects(objectClass).get(key);
  }

  /// All stored objects of a class, in order of their oids.
  @SuppressWarnings("unchecked")
  public <T extends CatalogObject> Iterable<T> objects(ObjectClass objectClass) {
    return (Iterable<T>) (Iterable<?>) maps.objects(objectClass).values();
  }

  /// Direct dependents with the kind of dependency; of a whole object also those of its parts.
  public List<Dependency> dependents(ObjectAddress address) {
    return maps.graph().dependentsOn(address);
  }

  /// Whether a table or domain of the schema has a constraint of that name.
  public boolean hasConstraint(int namespaceOid, String name) {
    return maps.hasConstraint(namespaceOid, name);
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public long objectVersion(int oid) {
    for (ObjectClass objectClass : SnapshotMaps.VERSIONED) {
      CatalogObject object = maps.objects(objectClass).get(ObjectAddress.of(objectClass.classOid(), oid));
      if (object != null) {
        return object.version();
      }
    }
    return Integer.compareUnsigned(oid, 16384) < 0 ? 0 : -1;
  }

  @Override
  public @Nullable Relation relation(int oid) {
    CatalogObject object = maps.objects(ObjectClass.RELATION).get(ObjectAddress.of(ClassOids.CLASS, oid));
    return object instanceof RelationObject relation ? relation.relation() : builtin.relation(oid);
  }

  @Override
  public @Nullable Relation relation(int namespaceOid, String name) {
    Integer oid = maps.relationNames().get(new NameKey(namespaceOid, name));
    return oid != null ? relation(oid) : builtin.relation(namespaceOid, name);
  }

  @Override
  public Collection<? extends Relation> relations() {
    List<Relation> result = new ArrayList<>(builtin.relations());
    userRelations().forEach(result::add);
    return result;
  }

  /// Relations that are not part of the system, in order of their oids.
  public Iterable<Relation> userRelations() {
    List<Relation> result = new ArrayList<>(maps.objects(ObjectClass.RELATION).size());
    for (CatalogObject object : maps.objects(ObjectClass.RELATION).values()) {
      result.add(((RelationObject) object).relation());
    }
    return result;
  }

  @Override
  public List<Index> indexesOf(int tableOid) {
    if (!(relation(tableOid) instanceof Table table)) {
      return List.of();
    }
    List<Index> result = new ArrayList<>(table.indexOids().size());
    for (int oid : table.indexOids()) {
      if (relation(oid) instanceof Index index) {
        result.add(index);
      }
    }
    return result;
  }

  @Override
  public List<ForeignKeyReference> referencesTo(int tableOid) {
    List<ForeignKeyReference> result = new ArrayList<>();
    for (int referencing : maps.referencing(tableOid)) {
      if (relation(referencing) instanceof Table table) {
        for (Constraint constraint : table.constraints()) {
          if (constraint.kind() == Constraint.Kind.FOREIGN_KEY && constraint.referencedTable() == tableOid) {
            result.add(new ForeignKeyReference(table, constraint));
          }
        }
      }
    }
    return result;
  }

  @Override
  public List<Table> childrenOf(int tableOid) {
    List<Table> result = new ArrayList<>();
    for (int child : maps.children(tableOid)) {
      if (relation(child) instanceof Table table) {
        result.add(table);
      }
    }
    return result;
  }

  @Override
  public @Nullable Namespace namespace(String name) {
    Integer oid = maps.namespaceNames().get(name);
    return oid == null ? null : namespace(oid);
  }

  @Override
  public @Nullable Namespace namespace(int oid) {
    return maps.objects(ObjectClass.NAMESPACE).get(ObjectAddress.of(ClassOids.NAMESPACE, oid)) instanceof NamespaceObject object
        ? object.namespace() : null;
  }

  @Override
  public Collection<Namespace> namespaces() {
    return collect(ObjectClass.NAMESPACE, object -> ((NamespaceObject) object).namespace());
  }

  @Override
  public @Nullable PgType findByOid(int oid) {
    PgType known = builtin.type(oid);
    return known != null ? known
        : maps.objects(ObjectClass.TYPE).get(ObjectAddress.of(ClassOids.TYPE, oid)) instanceof TypeObject object
            ? object.definition().type() : null;
  }

  /// With a null schema: in `pg_catalog`, then in `public`. Statements use [SearchPath] instead.
  @Override
  public @Nullable PgType find(@Nullable String schema, String name) {
    if (schema == null) {
      PgType type = type(PG_CATALOG, name);
      return type != null ? type : type(PUBLIC, name);
    }
    Namespace namespace = namespace(schema);
    return namespace == null ? null : type(namespace.oid(), name);
  }

  @Override
  public @Nullable PgType type(int namespaceOid, String name) {
    PgType known = builtin.type(namespaceOid, name);
    if (known != null) {
      return known;
    }
    Integer oid = maps.typeNames().get(new NameKey(namespaceOid, name));
    return oid == null ? null : findByOid(oid);
  }

  @Override
  public Collection<PgType> types() {
    List<PgType> result = new ArrayList<>(builtin.types());
    result.addAll(collect(ObjectClass.TYPE, object -> ((TypeObject) object).definition().type()));
    return result;
  }

  @Override
  public @Nullable TypeDef typeDef(int typeOid) {
    return maps.objects(ObjectClass.TYPE).get(ObjectAddress.of(ClassOids.TYPE, typeOid)) instanceof TypeObject object
        ? object.definition() : null;
  }

  @Override
  public @Nullable TypeDetails typeDetails(int typeOid) {
    TypeDef definition = typeDef(typeOid);
    return definition == null ? null : definition.details();
  }

  @Override
  public List<EnumValue> enumValues(PgType enumType) {
    if (!(typeDetails(enumType.ultimateBase().oid()) instanceof EnumDetails details)) {
      return List.of();
    }
    int typeOid = enumType.ultimateBase().oid();
    return details.labels().stream().map(l -> new EnumValue(typeOid, l.oid(), l.sortOrder(), l.label())).toList();
  }

  @Override
  public List<CompositeField> compositeFields(PgType composite) {
    PgType type = composite.ultimateBase();
    Relation relation = type.relationOid() == 0 ? null : relation(type.relationOid());
    if (relation == null) {
      throw new IllegalArgumentException("not a known composite type: " + composite);
    }
    List<CompositeField> fields = new ArrayList<>();
    for (Column column : relation.columns()) {
      PgType columnType = column.dropped() ? PgTypes.TEXT : byOid(column.typeOid());
      fields.add(new CompositeField(column.name(), columnType, column.typmod(), column.collationOid(), column.dropped()));
    }
    return fields;
  }

  @Override
  public RangeInfo range(PgType range) {
    PgType type = range.ultimateBase();
    RangeInfo known = PgTypes.rangeInfo(type.oid());
    return known != null ? known : rangeInfo(type, type);
  }

  @Override
  public RangeInfo rangeOfMultirange(PgType multirange) {
    PgType type = multirange.ultimateBase();
    RangeInfo known = PgTypes.rangeInfo(type.oid());
    if (known != null) {
      return known;
    }
    // The multirange's entry holds the same details as the range's; the range is the type that owns the dependency.
    for (Dependency dependency : maps.graph().dependenciesOf(ObjectAddress.of(ClassOids.TYPE, type.oid()))) {
      if (dependency.target().classOid() == ClassOids.TYPE && dependency.kind() == 'i') {
        return rangeInfo(byOid(dependency.target().objectOid()), type);
      }
    }
    throw new IllegalArgumentException("not a range type: " + multirange);
  }

  private RangeInfo rangeInfo(PgType range, PgType asked) {
    if (!(typeDetails(range.oid()) instanceof RangeDetails details)) {
      throw new IllegalArgumentException("not a range type: " + asked);
    }
    FunctionDef difference = details.subtypeDiffFunction() == 0 ? null : function(details.subtypeDiffFunction());
    return new RangeInfo(range, byOid(details.subtypeOid()), byOid(details.multirangeOid()), details.collationOid(),
        details.canonicalFunction() != 0, difference == null ? "-" : difference.name());
  }

  @Override
  public List<FunctionDef> functions(int namespaceOid, String name) {
    List<Integer> own = maps.functionNames().get(new NameKey(namespaceOid, name));
    List<FunctionDef> known = builtin.functions(namespaceOid, name);
    if (own == null) {
      return known;
    }
    List<FunctionDef> result = new ArrayList<>(known);
    own.forEach(oid -> result.add(function(oid)));
    return result;
  }

  @Override
  public @Nullable FunctionDef function(int oid) {
    return maps.objects(ObjectClass.FUNCTION).get(ObjectAddress.of(ClassOids.PROC, oid)) instanceof FunctionObject object
        ? object.function() : builtin.function(oid);
  }

  @Override
  public Collection<FunctionDef> functions() {
    List<FunctionDef> result = new ArrayList<>(builtin.functions());
    result.addAll(collect(ObjectClass.FUNCTION, object -> ((FunctionObject) object).function()));
    return result;
  }

  @Override
  public @Nullable FunctionDetails functionDetails(int oid) {
    if (maps.objects(ObjectClass.FUNCTION).get(ObjectAddress.of(ClassOids.PROC, oid)) instanceof FunctionObject object) {
      return object.details();
    }
    return systemAcl(ObjectAddress.of(ClassOids.PROC, oid)) instanceof SystemAclObject changed
        ? new FunctionDetails(oid, changed.acl(), java.util.Map.of(), null) : null;
  }

  /// Privileges of a built-in object that were changed from the default, or null.
  public @Nullable SystemAclObject systemAcl(ObjectAddress address) {
    return (SystemAclObject) maps.objects(ObjectClass.SYSTEM_ACL).get(address);
  }

  @Override
  public List<OperatorDef> operators(int namespaceOid, String name) {
    List<OperatorDef> known = namespaceOid == PG_CATALOG ? builtin.operators(name) : List.of();
    List<Integer> own = maps.operatorNames().get(new NameKey(namespaceOid, name));
    if (own == null) {
      return known;
    }
    List<OperatorDef> result = new ArrayList<>(known);
    own.forEach(oid -> result.add(operator(oid)));
    return result;
  }

  @Override
  public @Nullable OperatorDef operator(int oid) {
    return maps.objects(ObjectClass.OPERATOR).get(ObjectAddress.of(ClassOids.OPERATOR, oid)) instanceof OperatorObject object
        ? object.operator() : builtin.operator(oid);
  }

  @Override
  public Collection<OperatorDef> operators() {
    List<OperatorDef> result = new ArrayList<>(builtin.operators());
    result.addAll(collect(ObjectClass.OPERATOR, object -> ((OperatorObject) object).operator()));
    return result;
  }

  @Override
  public @Nullable CastDef cast(int sourceType, int targetType) {
    CastDef known = builtin.cast(sourceType, targetType);
    if (known != null) {
      return known;
    }
    if (typeDetails(sourceType) instanceof RangeDetails range && range.multirangeOid() == targetType) {
      return multirangeCast(sourceType, targetType);
    }
    if (maps.objects(ObjectClass.CAST).isEmpty()) {
      return null;
    }
    for (CatalogObject object : maps.objects(ObjectClass.CAST).values()) {
      CastDef cast = ((CastObject) object).cast();
      if (cast.source() == sourceType && cast.target() == targetType) {
        return cast;
      }
    }
    return null;
  }

  @Override
  public Collection<CastDef> casts() {
    List<CastDef> result = new ArrayList<>(builtin.casts());
    result.addAll(collect(ObjectClass.CAST, object -> ((CastObject) object).cast()));
    return result;
  }

  /// A range type comes with a cast to its multirange type, which is the constructor of one argument.
  private @Nullable CastDef multirangeCast(int rangeType, int multirangeType) {
    PgType multirange = findByOid(multirangeType);
    for (FunctionDef function : multirange == null ? List.<FunctionDef>of() : functions(multirange.namespaceOid(), multirange.name())) {
      if (function.argumentTypes().equals(List.of(rangeType)) && function.variadicType() == 0) {
        return new CastDef(0, rangeType, multirangeType, function.oid(), 'e', 'f');
      }
    }
    return null;
  }

  @Override
  public @Nullable CollationDef collation(@Nullable String schema, String name, List<Integer> searchPath) {
    if (schema == null) {
      for (int namespaceOid : searchPath) {
        CollationDef found = collation(namespaceOid, name);
        if (found != null) {
          return found;
        }
      }
      return searchPath.contains(PG_CATALOG) ? null : builtin.collation(name);
    }
    Namespace namespace = namespace(schema);
    return namespace == null ? null : collation(namespace.oid(), name);
  }

  private @Nullable CollationDef collation(int namespaceOid, String name) {
    if (namespaceOid == PG_CATALOG) {
      return builtin.collation(name);
    }
    for (CatalogObject object : maps.objects(ObjectClass.COLLATION).values()) {
      CollationDef collation = ((CollationObject) object).collation();
      if (collation.namespaceOid() == namespaceOid && collation.name().equals(name)) {
        return collation;
      }
    }
    return null;
  }

  @Override
  public @Nullable CollationDef collation(int oid) {
    return maps.objects(ObjectClass.COLLATION).get(ObjectAddress.of(ClassOids.COLLATION, oid)) instanceof CollationObject object
        ? object.collation() : builtin.collation(oid);
  }

  @Override
  public Collection<CollationDef> collations() {
    List<CollationDef> result = new ArrayList<>(builtin.collations());
    result.addAll(collect(ObjectClass.COLLATION, object -> ((CollationObject) object).collation()));
    return result;
  }

  @Override
  public @Nullable Role role(int oid) {
    return maps.objects(ObjectClass.ROLE).get(ObjectAddress.of(ClassOids.AUTHID, oid)) instanceof RoleObject object ? object.role() : null;
  }

  @Override
  public @Nullable Role role(String name) {
    Integer oid = maps.roleNames().get(name);
    return oid == null ? null : role(oid);
  }

  @Override
  public Collection<Role> roles() {
    return collect(ObjectClass.ROLE, object -> ((RoleObject) object).role());
  }

  @Override
  public Collection<Database> databases() {
    return collect(ObjectClass.DATABASE, object -> ((DatabaseObject) object).database());
  }

  @Override
  public Collection<Extension> extensions() {
    return collect(ObjectClass.EXTENSION, object -> ((ExtensionObject) object).extension());
  }

  @Override
  public Collection<DefaultAcl> defaultAcls() {
    return collect(ObjectClass.DEFAULT_ACL, object -> ((DefaultAclObject) object).defaultAcl());
  }

  @Override
  public List<Dependency> dependenciesOf(ObjectAddress address) {
    return maps.graph().dependenciesOf(address);
  }

  /// A row of `pg_depend`.
  @FunctionalInterface
  public interface DependencyVisitor {
    void visit(ObjectAddress dependent, ObjectAddress target, char kind);
  }

  public void forEachDependency(DependencyVisitor visitor) {
    maps.graph().forEach(visitor::visit);
  }

  @Override
  public List<ObjectAddress> dependentsOn(ObjectAddress address) {
    return dependents(address).stream().map(Dependency::target).toList();
  }

  @Override
  public Collection<Trigger> triggers() {
    return collect(ObjectClass.TRIGGER, object -> ((TriggerObject) object).trigger());
  }

  @Override
  public Collection<Policy> policies() {
    return collect(ObjectClass.POLICY, object -> ((PolicyObject) object).policy());
  }

  @Override
  public Collection<Rule> rules() {
    return maps.objects(ObjectClass.RULE).isEmpty() ? List.of()
        : collect(ObjectClass.RULE, object -> ((CatalogObject.RuleObject) object).rule());
  }

  @Override
  public @Nullable Trigger trigger(int oid) {
    return maps.objects(ObjectClass.TRIGGER).get(ObjectAddress.of(ClassOids.TRIGGER, oid)) instanceof TriggerObject object
        ? object.trigger() : null;
  }

  @Override
  public @Nullable Policy policy(int oid) {
    return maps.objects(ObjectClass.POLICY).get(ObjectAddress.of(ClassOids.POLICY, oid)) instanceof PolicyObject object
        ? object.policy() : null;
  }

  @Override
  public @Nullable String comment(int classOid, int objectOid, int subId) {
    ObjectAddress address = new ObjectAddress(classOid, objectOid, subId);
    ObjectClass home = classOid == ClassOids.AUTHID || classOid == ClassOids.DATABASE ? ObjectClass.SHARED_COMMENT : ObjectClass.COMMENT;
    return maps.objects(home).get(address) instanceof CommentObject comment ? comment.text() : null;
  }

  @Override
  public Collection<Comment> comments(boolean shared) {
    return collect(shared ? ObjectClass.SHARED_COMMENT : ObjectClass.COMMENT, object -> {
      CommentObject comment = (CommentObject) object;
      return new Comment(comment.target(), comment.text());
    });
  }

  @Override
  public TableStatistics statistics(int tableOid) {
    return maps.objects(ObjectClass.TABLE_STATISTICS).get(ObjectAddress.of(ClassOids.CLASS, tableOid)) instanceof StatisticsRow row
        ? row.statistics() : TableStatistics.UNKNOWN;
  }

  private <T> List<T> collect(ObjectClass objectClass, java.util.function.Function<CatalogObject, T> part) {
    PersistentMap<ObjectAddress, CatalogObject> objects = maps.objects(objectClass);
    List<T> result = new ArrayList<>(objects.size());
    objects.values().forEach(object -> result.add(part.apply(object)));
    return result;
  }
}
