package io.heliosdb.nano.catalog;

import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.function.FunctionDef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A user-made catalog object as one row of a catalog relation. Immutable; a change makes a new one with a new version.
public sealed interface CatalogObject {
  ObjectClass objectClass();

  /// Identifies the row within its class.
  ObjectAddress key();

  long version();

  CatalogObject withVersion(long version);

  record RelationObject(Relation relation, long version) implements CatalogObject {
    public RelationObject(Relation relation) {
      this(relation, relation.version());
    }

    @Override
    public ObjectClass objectClass() {
      return ObjectClass.RELATION;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.CLASS, relation.oid());
    }

    @Override
    public RelationObject withVersion(long newVersion) {
      return new RelationObject(Relations.withVersion(relation, newVersion), newVersion);
    }
  }

  record NamespaceObject(Catalog.Namespace namespace, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.NAMESPACE;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.NAMESPACE, namespace.oid());
    }

    @Override
    public NamespaceObject withVersion(long newVersion) {
      return new NamespaceObject(namespace, newVersion);
    }
  }

  record TypeObject(Catalog.TypeDef definition, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.TYPE;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.TYPE, definition.type().oid());
    }

    @Override
    public TypeObject withVersion(long newVersion) {
      return new TypeObject(definition, newVersion);
    }
  }

  record FunctionObject(FunctionDef function, Catalog.FunctionDetails details, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.FUNCTION;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.PROC, function.oid());
    }

    @Override
    public FunctionObject withVersion(long newVersion) {
      return new FunctionObject(function, details, newVersion);
    }
  }

  record OperatorObject(Catalog.OperatorDef operator, int ownerOid, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.OPERATOR;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.OPERATOR, operator.oid());
    }

    @Override
    public OperatorObject withVersion(long newVersion) {
      return new OperatorObject(operator, ownerOid, newVersion);
    }
  }

  record CastObject(Catalog.CastDef cast, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.CAST;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.CAST, cast.oid());
    }

    @Override
    public CastObject withVersion(long newVersion) {
      return new CastObject(cast, newVersion);
    }
  }

  record CollationObject(Catalog.CollationDef collation, int ownerOid, long version) implements CatalogObject {
    /// Comparisons know a collation by its oid alone, so that an object of a catalog that is loaded or written is made known here.
    public CollationObject {
      if (collation.provider() == 'i') {
        Collations.register(collation.oid(), collation.locale(), collation.deterministic());
      }
    }

    @Override
    public ObjectClass objectClass() {
      return ObjectClass.COLLATION;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.COLLATION, collation.oid());
    }

    @Override
    public CollationObject withVersion(long newVersion) {
      return new CollationObject(collation, ownerOid, newVersion);
    }
  }

  record TriggerObject(Catalog.Trigger trigger, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.TRIGGER;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.TRIGGER, trigger.oid());
    }

    @Override
    public TriggerObject withVersion(long newVersion) {
      return new TriggerObject(trigger, newVersion);
    }
  }

  record PolicyObject(Catalog.Policy policy, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.POLICY;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.POLICY, policy.oid());
    }

    @Override
    public PolicyObject withVersion(long newVersion) {
      return new PolicyObject(policy, newVersion);
    }
  }

  record RuleObject(Catalog.Rule rule, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.RULE;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.REWRITE, rule.oid());
    }

    @Override
    public RuleObject withVersion(long newVersion) {
      return new RuleObject(rule, newVersion);
    }
  }

  record RoleObject(Catalog.Role role, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.ROLE;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.AUTHID, role.oid());
    }

    @Override
    public RoleObject withVersion(long newVersion) {
      return new RoleObject(role, newVersion);
    }
  }

  record DatabaseObject(Catalog.Database database, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.DATABASE;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.DATABASE, database.oid());
    }

    @Override
    public DatabaseObject withVersion(long newVersion) {
      return new DatabaseObject(database, newVersion);
    }
  }

  record ExtensionObject(Catalog.Extension extension, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.EXTENSION;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.EXTENSION, extension.oid());
    }

    @Override
    public ExtensionObject withVersion(long newVersion) {
      return new ExtensionObject(extension, newVersion);
    }
  }

  record DefaultAclObject(Catalog.DefaultAcl defaultAcl, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.DEFAULT_ACL;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.DEFAULT_ACL, defaultAcl.oid());
    }

    @Override
    public DefaultAclObject withVersion(long newVersion) {
      return new DefaultAclObject(defaultAcl, newVersion);
    }
  }

  /// COMMENT ON; roles and databases have theirs in the shared relation.
  record CommentObject(ObjectAddress target, String text, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return target.classOid() == ClassOids.AUTHID || target.classOid() == ClassOids.DATABASE
          ? ObjectClass.SHARED_COMMENT : ObjectClass.COMMENT;
    }

    @Override
    public ObjectAddress key() {
      return target;
    }

    @Override
    public CommentObject withVersion(long newVersion) {
      return new CommentObject(target, text, newVersion);
    }
  }

  /// What the expressions or the query of an object refer to: of a default, check, index expression, view, policy, function body.
  record DependenciesObject(ObjectAddress dependent, List<ObjectAddress> targets, long version) implements CatalogObject {
    public DependenciesObject {
      targets = List.copyOf(targets);
    }

    @Override
    public ObjectClass objectClass() {
      return ObjectClass.EXPRESSION_DEPENDENCIES;
    }

    @Override
    public ObjectAddress key() {
      return dependent;
    }

    @Override
    public DependenciesObject withVersion(long newVersion) {
      return new DependenciesObject(dependent, targets, newVersion);
    }
  }

  /// What ANALYZE or the change counters found out about a table. Its version has no meaning to plans.
  record StatisticsRow(int tableOid, Catalog.TableStatistics statistics, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.TABLE_STATISTICS;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.CLASS, tableOid);
    }

    @Override
    public StatisticsRow withVersion(long newVersion) {
      return new StatisticsRow(tableOid, statistics, newVersion);
    }
  }

  /// CREATE STATISTICS.
  record StatisticsObject(int oid, String name, int namespaceOid, int ownerOid, int tableOid, List<Integer> columns,
      List<String> expressions, String kinds, int target, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.STATISTICS_OBJECT;
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(ClassOids.STATISTIC_EXT, oid);
    }

    @Override
    public StatisticsObject withVersion(long newVersion) {
      return new StatisticsObject(oid, name, namespaceOid, ownerOid, tableOid, columns, expressions, kinds, target, newVersion);
    }
  }

  /// A text search parser, template, dictionary or configuration.
  ///
  /// @param kind tells which of the four it is
  /// @param attributes see [TextSearchObjects]
  record TextSearchObject(TextSearchObjects.Kind kind, int oid, String name, int namespaceOid, int ownerOid,
      java.util.Map<String, String> attributes, long version) implements CatalogObject {
    public TextSearchObject {
      attributes = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(attributes));
    }

    @Override
    public ObjectClass objectClass() {
      return kind.objectClass();
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(kind.objectClass().classOid(), oid);
    }

    @Override
    public TextSearchObject withVersion(long newVersion) {
      return new TextSearchObject(kind, oid, name, namespaceOid, ownerOid, attributes, newVersion);
    }

    public TextSearchObject with(String newName, int newNamespaceOid, int newOwnerOid, java.util.Map<String, String> newAttributes) {
      return new TextSearchObject(kind, oid, newName, newNamespaceOid, newOwnerOid, newAttributes, 0);
    }
  }

  /// An object that is kept, shown and dropped as defined, of a kind that needs no structure of its own: foreign-data wrappers and
  /// servers, user mappings, the foreign side of tables, publications and what belongs to them, subscriptions, event triggers.
  ///
  /// @param ownerOid of a user mapping the user, 0 for PUBLIC
  /// @param attributes by the names of the columns of the system relation
  /// @param options `name=value` in order, as the system relation shows them
  /// @param references what must be dropped with CASCADE or goes along
  record DefinedObject(ObjectClass objectClass, int oid, String name, int ownerOid, @Nullable List<Relation.AclItem> acl,
      java.util.Map<String, String> attributes, List<String> options, List<ObjectAddress> references, long version)
      implements CatalogObject {
    public DefinedObject {
      attributes = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(attributes));
      options = List.copyOf(options);
      references = List.copyOf(references);
    }

    @Override
    public ObjectAddress key() {
      return ObjectAddress.of(objectClass.classOid(), oid);
    }

    @Override
    public DefinedObject withVersion(long newVersion) {
      return new DefinedObject(objectClass, oid, name, ownerOid, acl, attributes, options, references, newVersion);
    }

    public @Nullable String attribute(String column) {
      return attributes.get(column);
    }

    public boolean isTrue(String column) {
      return "t".equals(attributes.get(column));
    }

    public DefinedObject withName(String newName) {
      return new DefinedObject(objectClass, oid, newName, ownerOid, acl, attributes, options, references, 0);
    }

    public DefinedObject withOwner(int newOwner, @Nullable List<Relation.AclItem> newAcl) {
      return new DefinedObject(objectClass, oid, name, newOwner, newAcl, attributes, options, references, 0);
    }

    public DefinedObject withAcl(@Nullable List<Relation.AclItem> newAcl) {
      return withOwner(ownerOid, newAcl);
    }

    public DefinedObject with(java.util.Map<String, String> newAttributes, List<String> newOptions, List<ObjectAddress> newReferences) {
      return new DefinedObject(objectClass, oid, name, ownerOid, acl, newAttributes, newOptions, newReferences, 0);
    }
  }

  /// Privileges that were changed on a built-in object (system relation, built-in function, type or language).
  record SystemAclObject(ObjectAddress target, @Nullable List<Relation.AclItem> acl, long version) implements CatalogObject {
    @Override
    public ObjectClass objectClass() {
      return ObjectClass.SYSTEM_ACL;
    }

    @Override
    public ObjectAddress key() {
      return target;
    }

    @Override
    public SystemAclObject withVersion(long newVersion) {
      return new SystemAclObject(target, acl, newVersion);
    }
  }
}
