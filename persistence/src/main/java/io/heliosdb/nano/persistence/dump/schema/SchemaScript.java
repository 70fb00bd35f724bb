package io.heliosdb.nano.persistence.dump.schema;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.store.Bootstrap;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All objects of a database as statements, in an order in which they can be run: what rows need first, the rest (indexes, foreign keys,
/// triggers, policies, sequence values, privileges, comments) after the rows.
///
/// Reads the catalog model, not `pg_catalog`: the model is complete, while each system relation shows what PostgreSQL's clients ask of it.
/// Order comes from the catalog's dependencies (see [EntryList]).
public final class SchemaScript {
  private final CatalogSnapshot catalog;
  private final Names names;
  private final Definitions definitions;
  private final TableText tables;
  private final ObjectText objects;
  private final AccessText access;
  private final Function<Sequence, long[]> sequenceState;
  private final EntryList entries = new EntryList();

  private SchemaScript(CatalogSnapshot catalog, TypeCatalog types, Definitions definitions, Function<Sequence, long[]> sequenceState) {
    this.catalog = catalog;
    this.definitions = definitions;
    this.sequenceState = sequenceState;
    names = new Names(catalog, types);
    tables = new TableText(catalog, names, definitions);
    objects = new ObjectText(catalog, names, definitions);
    access = new AccessText(names);
  }

  /// @param types names types for an empty search path
  /// @param sequenceState last value of a sequence and 1 if it was handed out
  public static List<SchemaEntry> of(CatalogSnapshot catalog, TypeCatalog types, Definitions definitions, Function<Sequence, long[]> sequenceState) {
    SchemaScript script = new SchemaScript(catalog, types, definitions, sequenceState);
    script.addAll();
    return script.entries.ordered(catalog);
  }

  private void addAll() {
    roles();
    sorted(catalog.namespaces(), Catalog.Namespace::oid).forEach(this::namespace);
    catalog.extensions().stream().filter(e -> isUser(e.oid())).forEach(e -> entries.before(ObjectAddress.of(ClassOids.EXTENSION, e.oid()), "EXTENSION", "", e.name(), 0,
        "CREATE EXTENSION IF NOT EXISTS " + Names.quote(e.name()) + " WITH SCHEMA " + Names.quote(names.schema(e.namespaceOid()))));
    sorted(catalog.collations(), Catalog.CollationDef::oid).forEach(this::collation);
    sorted(catalog.types(), PgType::oid).forEach(this::type);
    sorted(catalog.functions(), FunctionDef::oid).forEach(this::routine);
    sorted(catalog.operators(), Catalog.OperatorDef::oid).forEach(this::operator);
    sorted(catalog.casts(), Catalog.CastDef::oid).forEach(this::cast);
    List<Relation> relations = SchemaScript.<Relation>sorted(catalog.relations(), Relation::oid).stream().filter(this::isDumped).toList();
    relations.forEach(this::relation);
    relations.forEach(this::relationDetails);
    sorted(catalog.triggers(), Catalog.Trigger::oid).forEach(this::trigger);
    sorted(catalog.policies(), Catalog.Policy::oid).forEach(this::policy);
    relations.forEach(this::afterRows);
    sorted(catalog.defaultAcls(), Catalog.DefaultAcl::oid).forEach(acl -> access.defaults(acl).forEach(sql -> entries.after("DEFAULT ACL", "", "", 0, List.of(), sql)));
  }

  private static <T> List<T> sorted(Collection<? extends T> objects, Function<T, Integer> oid) {
    List<T> list = new ArrayList<>(objects);
    list.sort(Comparator.comparing(oid, Integer::compareUnsigned));
    return list;
  }

  static boolean isUser(int oid) {
    return Integer.compareUnsigned(oid, Bootstrap.FIRST_USER_OID) >= 0;
  }

  private boolean isTemporary(int namespaceOid) {
    return names.schema(namespaceOid).startsWith("pg_temp") || names.schema(namespaceOid).startsWith("pg_toast");
  }

  /// Whether a relation is part of a dump.
  private boolean isDumped(Relation relation) {
    return isUser(relation.oid()) && !isTemporary(relation.namespaceOid());
  }

  // ---- roles and schemas ----

  private void roles() {
    List<Catalog.Role> roles = sorted(catalog.roles(), Catalog.Role::oid);
    for (Catalog.Role role : roles) {
      ObjectAddress address = ObjectAddress.of(ClassOids.AUTHID, role.oid());
      if (isUser(role.oid())) {
        entries.before(address, "ROLE", "", role.name(), 0, objects.role(role));
        entries.beforeWith(address, "ROLE ATTRIBUTES", "", role.name(), 0, objects.roleAttributes(role));
        comment(ClassOids.AUTHID, role.oid(), 0, "ROLE " + Names.quote(role.name()), 0);
      } else if (role.password() != null) {
        entries.before(address, "ROLE ATTRIBUTES", "", role.name(), 0, "ALTER ROLE " + Names.quote(role.name()) + " PASSWORD " + Names.literal(role.password()));
      }
      objects.roleSettings(role).forEach(sql -> entries.after("ROLE SETTING", "", role.name(), 0, List.of(), sql));
    }
    for (Catalog.Role role : roles) {
      for (Catalog.Membership membership : isUser(role.oid()) ? role.memberOf() : List.<Catalog.Membership>of()) {
        entries.after("MEMBERSHIP", "", role.name(), 0, List.of(),
            "GRANT " + names.role(membership.roleOid()) + " TO " + Names.quote(role.name()) + (membership.adminOption() ? " WITH ADMIN OPTION" : ""));
      }
    }
  }

  private void namespace(Catalog.Namespace namespace) {
    boolean isPublic = namespace.oid() == Catalog.PUBLIC;
    if (!isPublic && (!isUser(namespace.oid()) || isTemporary(namespace.oid()))) {
      return;
    }
    ObjectAddress address = ObjectAddress.of(ClassOids.NAMESPACE, namespace.oid());
    String object = "SCHEMA " + Names.quote(namespace.name());
    if (!isPublic) {
      entries.before(address, "SCHEMA", "", namespace.name(), 0, "CREATE " + object);
      owner(address, object, namespace.ownerOid(), 0);
      comment(ClassOids.NAMESPACE, namespace.oid(), 0, object, 0);
    }
    if (!isPublic || !isDefaultOfPublic(namespace)) {
      grants(namespace.acl(), object, "", namespace.ownerOid(), 0);
    }
  }

  /// Whether the schema `public` has the privileges that every database starts with.
  private static boolean isDefaultOfPublic(Catalog.Namespace namespace) {
    List<Relation.AclItem> acl = namespace.acl();
    int owner = namespace.ownerOid();
    return acl != null && acl.size() == 2 && acl.contains(new Relation.AclItem(owner, "UC", "", owner)) && acl.contains(new Relation.AclItem(0, "U", "", owner));
  }

  private void owner(ObjectAddress address, String object, int ownerOid, int table) {
    if (ownerOid == Bootstrap.HELIOSDB_ROLE) {
      return;
    }
    entries.beforeWith(address, "OWNER", "", "", table, "ALTER " + object + " OWNER TO " + names.role(ownerOid));
    entries.dependsOn(ObjectAddress.of(ClassOids.AUTHID, ownerOid));
  }

  private void comment(int classOid, int oid, int subId, String object, int table) {
    String text = catalog.comment(classOid, oid, subId);
    if (text != null) {
      entries.after("COMMENT", "", "", table, List.of(ObjectAddress.of(classOid, oid)), "COMMENT ON " + object + " IS " + Names.literal(text));
    }
  }

  private void grants(@Nullable List<Relation.AclItem> acl, String object, String columns, int ownerOid, int table) {
    if (acl != null) {
      List<ObjectAddress> needs = new ArrayList<>(List.of(ObjectAddress.of(ClassOids.AUTHID, ownerOid)));
      acl.forEach(item -> needs.add(ObjectAddress.of(ClassOids.AUTHID, item.grantee())));
      access.grants(acl, object, columns, ownerOid).forEach(sql -> entries.after("ACL", "", "", table, needs, sql));
    }
  }

  // ---- types, routines, operators ----

  private void collation(Catalog.CollationDef collation) {
    if (isUser(collation.oid())) {
      entries.before(ObjectAddress.of(ClassOids.COLLATION, collation.oid()), "COLLATION", names.schema(collation.namespaceOid()), collation.name(), 0, objects.collation(collation));
    }
  }

  private void type(PgType type) {
    Catalog.TypeDef definition = isUser(type.oid()) ? catalog.typeDef(type.oid()) : null;
    Catalog.TypeDetails details = isUser(type.oid()) ? catalog.typeDetails(type.oid()) : null;
    if (definition == null || type.kind() == PgType.MULTIRANGE || isTemporary(type.namespaceOid())) {
      return;
    }
    String sql =
        switch (type.kind()) {
          case PgType.ENUM -> objects.enumType(type, (Catalog.EnumDetails) details);
          case PgType.DOMAIN -> objects.domain(type, (Catalog.DomainDetails) details);
          case PgType.RANGE -> objects.range(type, (Catalog.RangeDetails) details);
          case PgType.COMPOSITE -> catalog.relation(type.relationOid()) instanceof Relation.Composite composite ? objects.composite(composite) : null;
          default -> null;
        };
    if (sql == null) {
      return;
    }
    ObjectAddress address = ObjectAddress.of(ClassOids.TYPE, type.oid());
    boolean isDomain = type.kind() == PgType.DOMAIN;
    entries.before(address, isDomain ? "DOMAIN" : "TYPE", names.schema(type.namespaceOid()), type.name(), 0, sql);
    if (type.kind() == PgType.COMPOSITE) {
      entries.alias(ObjectAddress.of(ClassOids.CLASS, type.relationOid()), address);
    }
    if (details instanceof Catalog.DomainDetails domain) {
      domain.checks().forEach(check -> entries.alias(ObjectAddress.of(ClassOids.CONSTRAINT, check.oid()), address));
      domain.checks().forEach(check -> comment(ClassOids.CONSTRAINT, check.oid(), 0, "CONSTRAINT " + Names.quote(check.name()) + " ON DOMAIN " + names.of(type), 0));
    }
    if (details instanceof Catalog.RangeDetails range) {
      entries.alias(ObjectAddress.of(ClassOids.TYPE, range.multirangeOid()), address);
    }
    String object = (isDomain ? "DOMAIN " : "TYPE ") + names.of(type);
    owner(address, object, definition.ownerOid(), 0);
    comment(ClassOids.TYPE, type.oid(), 0, object, 0);
    grants(definition.acl(), object, "", definition.ownerOid(), 0);
  }

  private void routine(FunctionDef function) {
    if (!isUser(function.oid()) || isTemporary(function.namespaceOid()) || function.body() instanceof FunctionDef.BuiltinBody) {
      return;
    }
    ObjectAddress address = ObjectAddress.of(ClassOids.PROC, function.oid());
    String object = ObjectText.kindOf(function) + " " + objects.signature(function);
    entries.before(address, ObjectText.kindOf(function), names.schema(function.namespaceOid()), function.name(), 0, objects.routine(function));
    owner(address, object, function.ownerOid(), 0);
    comment(ClassOids.PROC, function.oid(), 0, object, 0);
    Catalog.FunctionDetails details = catalog.functionDetails(function.oid());
    if (details != null) {
      grants(details.acl(), object.replace("AGGREGATE ", "FUNCTION ").replace("(*)", "()"), "", function.ownerOid(), 0);
    }
  }

  private void operator(Catalog.OperatorDef operator) {
    // One without a function was only named as the commutator or negator of another.
    if (isUser(operator.oid()) && operator.functionOid() != 0) {
      entries.before(ObjectAddress.of(ClassOids.OPERATOR, operator.oid()), "OPERATOR", names.schema(operator.namespaceOid()), operator.name(), 0, objects.operator(operator));
    }
  }

  private void cast(Catalog.CastDef cast) {
    if (isUser(cast.oid())) {
      entries.before(ObjectAddress.of(ClassOids.CAST, cast.oid()), "CAST", "", "", 0, objects.cast(cast));
    }
  }

  // ---- relations ----

  private void relation(Relation relation) {
    ObjectAddress address = ObjectAddress.of(ClassOids.CLASS, relation.oid());
    String schema = names.schema(relation.namespaceOid());
    switch (relation) {
      case Table table when table.kind() == 'm' -> {
        entries.before(address, "MATERIALIZED VIEW", schema, table.name(), 0, tables.createMaterialized(table));
        entries.alias(ObjectAddress.of(ClassOids.REWRITE, table.rowTypeOid()), address);
        rowType(table.rowTypeOid(), address);
      }
      case Table table -> {
        entries.before(address, "TABLE", schema, table.name(), table.oid(), tables.create(table));
        rowType(table.rowTypeOid(), address);
        table.columns().forEach(column -> entries.alias(ObjectAddress.of(ATTRDEF, column.defaultOid()), address));
        table.constraints().stream().filter(TableText::isInline).forEach(c -> entries.alias(ObjectAddress.of(ClassOids.CONSTRAINT, c.oid()), address));
        tables.differencesFromParents(table).forEach(sql -> entries.beforeWith(address, "ALTER TABLE", schema, table.name(), table.oid(), sql));
      }
      case Relation.View view -> {
        entries.before(address, "VIEW", schema, view.name(), 0, tables.create(view));
        entries.alias(ObjectAddress.of(ClassOids.REWRITE, view.ruleOid()), address);
        rowType(view.rowTypeOid(), address);
      }
      case Sequence sequence -> {
        if (sequence.identity()) {
          entries.alias(address, ObjectAddress.of(ClassOids.CLASS, sequence.ownerTable()));
        } else {
          entries.before(address, "SEQUENCE", schema, sequence.name(), sequence.ownerTable(), tables.create(sequence));
        }
      }
      case Index index -> {}
      case Relation.Composite composite -> {}
      case Relation.SystemRelation system -> {}
    }
  }

  private static final int ATTRDEF = 2604;

  private void rowType(int typeOid, ObjectAddress relation) {
    entries.alias(ObjectAddress.of(ClassOids.TYPE, typeOid), relation);
    PgType type = catalog.findByOid(typeOid);
    if (type != null && type.arrayOid() != 0) {
      entries.alias(ObjectAddress.of(ClassOids.TYPE, type.arrayOid()), relation);
    }
  }

  private static @Nullable String objectKind(Relation relation) {
    return switch (relation) {
      case Table table -> table.kind() == 'm' ? "MATERIALIZED VIEW" : "TABLE";
      case Relation.View view -> "VIEW";
      case Sequence sequence -> sequence.identity() ? null : "SEQUENCE";
      default -> null;
    };
  }

  private static int tableOf(Relation relation) {
    return switch (relation) {
      case Table table -> table.kind() == 'm' ? 0 : table.oid();
      case Sequence sequence -> sequence.ownerTable();
      default -> 0;
    };
  }

  /// Owner, comments, privileges.
  private void relationDetails(Relation relation) {
    String kind = objectKind(relation);
    if (kind == null) {
      return;
    }
    ObjectAddress address = ObjectAddress.of(ClassOids.CLASS, relation.oid());
    String object = kind + " " + names.of(relation);
    int table = tableOf(relation);
    // A sequence that belongs to a column goes with its table's owner.
    if (!(relation instanceof Sequence owned && owned.ownerTable() != 0)) {
      owner(address, object, relation.ownerOid(), table);
    } else {
      entries.after("SEQUENCE OWNED BY", names.schema(relation.namespaceOid()), relation.name(), table,
          List.of(address, ObjectAddress.of(ClassOids.CLASS, owned.ownerTable())), "ALTER SEQUENCE " + names.of(relation) + " OWNED BY " + names.relation(owned.ownerTable())
              + "." + names.column(catalog.relation(owned.ownerTable()), owned.ownerColumn()));
    }
    comment(ClassOids.CLASS, relation.oid(), 0, object, table);
    for (Relation.Column column : relation.columns()) {
      if (!column.dropped()) {
        comment(ClassOids.CLASS, relation.oid(), column.attnum(), "COLUMN " + names.of(relation) + "." + Names.quote(column.name()), table);
      }
    }
    String granted = (relation instanceof Sequence ? "SEQUENCE " : "TABLE ") + names.of(relation);
    grants(relation.acl(), granted, "", relation.ownerOid(), table);
    for (Relation.Column column : relation.columns()) {
      if (!column.dropped()) {
        grants(column.acl(), granted, " (" + Names.quote(column.name()) + ")", relation.ownerOid(), table);
      }
    }
  }

  /// Constraints, indexes, row security, sequence values, contents of materialized views.
  private void afterRows(Relation relation) {
    ObjectAddress address = ObjectAddress.of(ClassOids.CLASS, relation.oid());
    switch (relation) {
      case Table table -> {
        String alter = "ALTER TABLE " + (table.isPartitioned() ? "" : "ONLY ") + names.of(table) + " ";
        for (Constraint constraint : table.constraints()) {
          constraint(table, constraint, alter);
        }
        for (Index index : catalog.indexesOf(table.oid())) {
          index(table, index);
        }
        if (table.rowSecurity()) {
          entries.after("ROW SECURITY", "", table.name(), table.oid(), List.of(address), "ALTER TABLE " + names.of(table) + " ENABLE ROW LEVEL SECURITY");
        }
        if (table.forceRowSecurity()) {
          entries.after("ROW SECURITY", "", table.name(), table.oid(), List.of(address), "ALTER TABLE " + names.of(table) + " FORCE ROW LEVEL SECURITY");
        }
        if (table.kind() == 'm' && table.populated()) {
          entries.last("REFRESH", names.schema(table.namespaceOid()), table.name(), 0, address, "REFRESH MATERIALIZED VIEW " + names.of(table));
        }
        if (table.replicaIdentity() == 'f' || table.replicaIdentity() == 'n') {
          entries.after("REPLICA IDENTITY", "", table.name(), table.oid(), List.of(address),
              "ALTER TABLE ONLY " + names.of(table) + " REPLICA IDENTITY " + (table.replicaIdentity() == 'f' ? "FULL" : "NOTHING"));
        }
      }
      case Sequence sequence -> {
        long[] state = sequenceState.apply(sequence);
        entries.after("SEQUENCE VALUE", names.schema(sequence.namespaceOid()), sequence.name(), sequence.ownerTable(), List.of(address),
            "SELECT pg_catalog.setval(" + Names.literal(names.of(sequence)) + ", " + state[0] + ", " + (state[1] != 0) + ")");
      }
      default -> {}
    }
  }

  private void constraint(Table table, Constraint constraint, String alter) {
    boolean own = constraint.local() && constraint.parentConstraint() == 0;
    if (own && !TableText.isInline(constraint)) {
      ObjectAddress address = ObjectAddress.of(ClassOids.CLASS, table.oid());
      String sql = alter + "ADD CONSTRAINT " + Names.quote(constraint.name()) + " " + definitions.call("pg_get_constraintdef", constraint.oid());
      if (constraint.kind() == Constraint.Kind.FOREIGN_KEY) {
        entries.late("FK CONSTRAINT", names.schema(table.namespaceOid()), constraint.name(), table.oid(),
            List.of(address, ObjectAddress.of(ClassOids.CLASS, constraint.referencedTable())), sql);
      } else {
        entries.after("CONSTRAINT", names.schema(table.namespaceOid()), constraint.name(), table.oid(), List.of(address), sql);
      }
    }
    if (own) {
      String text = catalog.comment(ClassOids.CONSTRAINT, constraint.oid(), 0);
      if (text != null) {
        entries.late("COMMENT", "", "", table.oid(), List.of(ObjectAddress.of(ClassOids.CLASS, table.oid())),
            "COMMENT ON CONSTRAINT " + Names.quote(constraint.name()) + " ON " + names.of(table) + " IS " + Names.literal(text));
      }
    }
  }

  private void index(Table table, Index index) {
    if (index.constraintOid() != 0 || index.primary() || index.parentIndex() != 0) {
      return;
    }
    int owner = table.kind() == 'm' ? 0 : table.oid();
    // Partitions get theirs along with the partitioned table's.
    String sql = definitions.call("pg_get_indexdef", index.oid()).replaceFirst(" ON ONLY ", " ON ");
    entries.after("INDEX", names.schema(index.namespaceOid()), index.name(), owner, List.of(ObjectAddress.of(ClassOids.CLASS, table.oid())), sql);
    String text = catalog.comment(ClassOids.CLASS, index.oid(), 0);
    if (text != null) {
      entries.late("COMMENT", "", "", owner, List.of(ObjectAddress.of(ClassOids.CLASS, table.oid())), "COMMENT ON INDEX " + names.of(index) + " IS " + Names.literal(text));
    }
  }

  private void trigger(Catalog.Trigger trigger) {
    Relation relation = catalog.relation(trigger.tableOid());
    if (relation == null || !isDumped(relation)) {
      return;
    }
    ObjectAddress table = ObjectAddress.of(ClassOids.CLASS, relation.oid());
    entries.late("TRIGGER", names.schema(relation.namespaceOid()), trigger.name(), tableOf(relation), List.of(table, ObjectAddress.of(ClassOids.PROC, trigger.functionOid())),
        definitions.call("pg_get_triggerdef", trigger.oid()));
    if (trigger.enabled() != 'O') {
      String state = trigger.enabled() == 'D' ? "DISABLE" : trigger.enabled() == 'R' ? "ENABLE REPLICA" : "ENABLE ALWAYS";
      entries.late("TRIGGER", "", trigger.name(), tableOf(relation), List.of(table), "ALTER TABLE " + names.of(relation) + " " + state + " TRIGGER " + Names.quote(trigger.name()));
    }
    String text = catalog.comment(ClassOids.TRIGGER, trigger.oid(), 0);
    if (text != null) {
      entries.late("COMMENT", "", "", tableOf(relation), List.of(table),
          "COMMENT ON TRIGGER " + Names.quote(trigger.name()) + " ON " + names.of(relation) + " IS " + Names.literal(text));
    }
  }

  private void policy(Catalog.Policy policy) {
    Relation relation = catalog.relation(policy.tableOid());
    if (relation == null || !isDumped(relation)) {
      return;
    }
    StringBuilder sql = new StringBuilder("CREATE POLICY ").append(Names.quote(policy.name())).append(" ON ").append(names.of(relation));
    sql.append(policy.permissive() ? "" : " AS RESTRICTIVE").append(" FOR ").append(command(policy.command()));
    sql.append(" TO ").append(policy.roles().isEmpty() ? "PUBLIC" : String.join(", ", policy.roles().stream().map(names::role).toList()));
    if (policy.using() != null) {
      sql.append(" USING (").append(definitions.expression(policy.using(), relation.oid())).append(')');
    }
    if (policy.withCheck() != null) {
      sql.append(" WITH CHECK (").append(definitions.expression(policy.withCheck(), relation.oid())).append(')');
    }
    List<ObjectAddress> needs = new ArrayList<>(List.of(ObjectAddress.of(ClassOids.CLASS, relation.oid())));
    policy.roles().forEach(role -> needs.add(ObjectAddress.of(ClassOids.AUTHID, role)));
    entries.late("POLICY", names.schema(relation.namespaceOid()), policy.name(), tableOf(relation), needs, sql.toString());
    String text = catalog.comment(ClassOids.POLICY, policy.oid(), 0);
    if (text != null) {
      entries.late("COMMENT", "", "", tableOf(relation), needs, "COMMENT ON POLICY " + Names.quote(policy.name()) + " ON " + names.of(relation) + " IS " + Names.literal(text));
    }
  }

  private static String command(char letter) {
    return Map.of('r', "SELECT", 'a', "INSERT", 'w', "UPDATE", 'd', "DELETE").getOrDefault(letter, "ALL");
  }
}
