package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Relation.AclItem;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Composite;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.SystemRelation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relation.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Copies of relations with one property changed, and small questions that all kinds answer.
public final class Relations {
  private Relations() {}

  public static Relation withVersion(Relation relation, long version) {
    return rebuild(relation, relation.name(), relation.namespaceOid(), relation.ownerOid(), version, relation.acl());
  }

  public static Relation withName(Relation relation, String name) {
    return rebuild(relation, name, relation.namespaceOid(), relation.ownerOid(), relation.version(), relation.acl());
  }

  public static Relation withNamespace(Relation relation, int namespaceOid) {
    return rebuild(relation, relation.name(), namespaceOid, relation.ownerOid(), relation.version(), relation.acl());
  }

  public static Relation withOwner(Relation relation, int ownerOid) {
    return rebuild(relation, relation.name(), relation.namespaceOid(), ownerOid, relation.version(), relation.acl());
  }

  public static Relation withAcl(Relation relation, @Nullable List<AclItem> acl) {
    return rebuild(relation, relation.name(), relation.namespaceOid(), relation.ownerOid(), relation.version(), acl);
  }

  public static Relation withColumns(Relation relation, List<Column> columns) {
    return switch (relation) {
      case Table table -> {
        TableBuilder builder = new TableBuilder(table);
        builder.columns = columns;
        yield builder.build();
      }
      case View v -> new View(v.oid(), v.name(), v.namespaceOid(), v.ownerOid(), v.version(), v.persistence(), List.copyOf(columns),
          v.definition(), v.rowTypeOid(), v.ruleOid(), v.triggerOids(), v.checkOption(), v.securityBarrier(), v.securityInvoker(), v.acl(),
          v.options());
      case Composite c ->
          new Composite(c.oid(), c.name(), c.namespaceOid(), c.ownerOid(), c.version(), List.copyOf(columns), c.rowTypeOid());
      case Index index -> index;
      case Sequence sequence -> sequence;
      case SystemRelation system -> system;
    };
  }

  public static View withTriggers(View v, List<Integer> triggerOids) {
    return new View(v.oid(), v.name(), v.namespaceOid(), v.ownerOid(), v.version(), v.persistence(), v.columns(), v.definition(),
        v.rowTypeOid(), v.ruleOid(), List.copyOf(triggerOids), v.checkOption(), v.securityBarrier(), v.securityInvoker(), v.acl(),
        v.options());
  }

  public static View withDefinition(View v, String definition) {
    return new View(v.oid(), v.name(), v.namespaceOid(), v.ownerOid(), v.version(), v.persistence(), v.columns(), definition,
        v.rowTypeOid(), v.ruleOid(), v.triggerOids(), v.checkOption(), v.securityBarrier(), v.securityInvoker(), v.acl(), v.options());
  }

  /// The view with other options; `check_option`, `security_barrier` and `security_invoker` are read from them.
  public static View withOptions(View v, Map<String, String> options) {
    return new View(v.oid(), v.name(), v.namespaceOid(), v.ownerOid(), v.version(), v.persistence(), v.columns(), v.definition(),
        v.rowTypeOid(), v.ruleOid(), v.triggerOids(), options.get("check_option"), isTrue(options.get("security_barrier")),
        isTrue(options.get("security_invoker")), v.acl(), Map.copyOf(options));
  }

  public static Index withOptions(Index i, Map<String, String> options) {
    return rebuildIndex(i, i.name(), i.namespaceOid(), i.ownerOid(), i.version(), i.tableOid(), i.indexStorageId(), i.keys(),
        i.constraintOid(), i.parentIndex(), Map.copyOf(options), i.primary(), i.immediate());
  }

  public static Index withStorage(Index i, long storageId) {
    return rebuildIndex(i, i.name(), i.namespaceOid(), i.ownerOid(), i.version(), i.tableOid(), storageId, i.keys(), i.constraintOid(),
        i.parentIndex(), i.options(), i.primary(), i.immediate());
  }

  public static Index withConstraint(Index i, int constraintOid, boolean primary, boolean immediate) {
    return rebuildIndex(i, i.name(), i.namespaceOid(), i.ownerOid(), i.version(), i.tableOid(), i.indexStorageId(), i.keys(),
        constraintOid, i.parentIndex(), i.options(), primary, immediate);
  }

  public static Index withKeys(Index i, List<Index.Key> keys) {
    return rebuildIndex(i, i.name(), i.namespaceOid(), i.ownerOid(), i.version(), i.tableOid(), i.indexStorageId(), List.copyOf(keys),
        i.constraintOid(), i.parentIndex(), i.options(), i.primary(), i.immediate());
  }

  public static Index withPredicate(Index i, @Nullable String predicate) {
    return new Index(i.oid(), i.name(), i.namespaceOid(), i.ownerOid(), i.version(), i.tableOid(), i.indexStorageId(), i.method(),
        i.unique(), i.primary(), i.nullsNotDistinct(), i.immediate(), i.valid(), i.keys(), i.keyCount(), predicate, i.constraintOid(),
        i.parentIndex(), i.exclusionOperators(), i.options());
  }

  public static Index withValid(Index i, boolean valid) {
    return new Index(i.oid(), i.name(), i.namespaceOid(), i.ownerOid(), i.version(), i.tableOid(), i.indexStorageId(), i.method(),
        i.unique(), i.primary(), i.nullsNotDistinct(), i.immediate(), valid, i.keys(), i.keyCount(), i.predicate(), i.constraintOid(),
        i.parentIndex(), i.exclusionOperators(), i.options());
  }

  public static Index withParent(Index i, int parentIndex) {
    return rebuildIndex(i, i.name(), i.namespaceOid(), i.ownerOid(), i.version(), i.tableOid(), i.indexStorageId(), i.keys(),
        i.constraintOid(), parentIndex, i.options(), i.primary(), i.immediate());
  }

  public static Sequence withOwningColumn(Sequence s, int tableOid, int attnum, boolean identity) {
    return new Sequence(s.oid(), s.name(), s.namespaceOid(), s.ownerOid(), s.version(), s.persistence(), s.typeOid(), s.start(),
        s.increment(), s.minimum(), s.maximum(), s.cache(), s.cycle(), tableOid, attnum, identity, s.acl());
  }

  /// PostgreSQL's detail for operations that a kind of relation does not take.
  public static String unsupportedDetail(Relation relation) {
    String kind = switch (relation.kind()) {
      case 'r', 'p' -> "tables";
      case 'v' -> "views";
      case 'm' -> "materialized views";
      case 'i', 'I' -> "indexes";
      case 'S' -> "sequences";
      case 'c' -> "composite types";
      case 'f' -> "foreign tables";
      default -> "this kind of relation";
    };
    return "This operation is not supported for " + kind + ".";
  }

  /// Row type of relations that have one, 0 for others.
  public static int rowTypeOid(Relation relation) {
    return switch (relation) {
      case Table table -> table.rowTypeOid();
      case View view -> view.rowTypeOid();
      case Composite composite -> composite.rowTypeOid();
      case SystemRelation system -> system.rowTypeOid();
      case Index index -> 0;
      case Sequence sequence -> 0;
    };
  }

  public static List<Integer> triggerOids(Relation relation) {
    return switch (relation) {
      case Table table -> table.triggerOids();
      case View view -> view.triggerOids();
      case Composite composite -> List.of();
      case SystemRelation system -> List.of();
      case Index index -> List.of();
      case Sequence sequence -> List.of();
    };
  }

  public static @Nullable Column column(Relation relation, String name) {
    for (Column column : relation.columns()) {
      if (!column.dropped() && column.name().equals(name)) {
        return column;
      }
    }
    return null;
  }

  public static boolean isTemporary(Relation relation, Catalog catalog) {
    return persistence(relation, catalog) == Relation.Persistence.TEMPORARY;
  }

  public static Relation.Persistence persistence(Relation relation, Catalog catalog) {
    return switch (relation) {
      case Table table -> table.persistence();
      case View view -> view.persistence();
      case Sequence sequence -> sequence.persistence();
      case Index index -> catalog.relation(index.tableOid()) instanceof Table table ? table.persistence() : Relation.Persistence.PERMANENT;
      case Composite composite -> Relation.Persistence.PERMANENT;
      case SystemRelation system -> Relation.Persistence.PERMANENT;
    };
  }

  static boolean isTrue(@Nullable String option) {
    return option != null && (option.equals("true") || option.equals("on") || option.equals("1") || option.equals("yes") || option.equals("t"));
  }

  private static Relation rebuild(Relation relation, String name, int namespaceOid, int ownerOid, long version, @Nullable List<AclItem> acl) {
    return switch (relation) {
      case Table table -> {
        TableBuilder builder = new TableBuilder(table);
        builder.name = name;
        builder.namespaceOid = namespaceOid;
        builder.ownerOid = ownerOid;
        builder.version = version;
        builder.acl = acl;
        yield builder.build();
      }
      case View v -> new View(v.oid(), name, namespaceOid, ownerOid, version, v.persistence(), v.columns(), v.definition(), v.rowTypeOid(),
          v.ruleOid(), v.triggerOids(), v.checkOption(), v.securityBarrier(), v.securityInvoker(), acl, v.options());
      case Index i -> rebuildIndex(i, name, namespaceOid, ownerOid, version, i.tableOid(), i.indexStorageId(), i.keys(), i.constraintOid(),
          i.parentIndex(), i.options(), i.primary(), i.immediate());
      case Sequence s -> new Sequence(s.oid(), name, namespaceOid, ownerOid, version, s.persistence(), s.typeOid(), s.start(), s.increment(),
          s.minimum(), s.maximum(), s.cache(), s.cycle(), s.ownerTable(), s.ownerColumn(), s.identity(), acl);
      case Composite c -> new Composite(c.oid(), name, namespaceOid, ownerOid, version, c.columns(), c.rowTypeOid());
      case SystemRelation system -> throw new IllegalArgumentException("a system relation does not change: " + system.name());
    };
  }

  private static Index rebuildIndex(Index i, String name, int namespaceOid, int ownerOid, long version, int tableOid, long storageId,
      List<Index.Key> keys, int constraintOid, int parentIndex, Map<String, String> options, boolean primary, boolean immediate) {
    return new Index(i.oid(), name, namespaceOid, ownerOid, version, tableOid, storageId, i.method(), i.unique(), primary,
        i.nullsNotDistinct(), immediate, i.valid(), keys, i.keyCount(), i.predicate(), constraintOid, parentIndex, i.exclusionOperators(),
        options);
  }
}
