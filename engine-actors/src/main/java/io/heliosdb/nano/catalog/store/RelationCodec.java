package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.AclItem;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Composite;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.OnCommit;
import io.heliosdb.nano.catalog.Relation.PartitionBound;
import io.heliosdb.nano.catalog.Relation.PartitionScheme;
import io.heliosdb.nano.catalog.Relation.Persistence;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.SystemRelation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relation.View;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog;
import io.heliosdb.nano.type.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows of relations: tags 1 to 9 are common to all kinds, the others belong to the kind.
final class RelationCodec {
  private static final int VERSION = 1;
  private static final int OID = 2;
  private static final int NAME = 3;
  private static final int NAMESPACE = 4;
  private static final int OWNER = 5;
  private static final int KIND = 6;
  private static final int ACL = 7;
  private static final int HAS_ACL = 8;
  private static final int COLUMNS = 9;

  /// A missing value as stored, until the catalog it needs is loaded.
  record EncodedValue(byte[] bytes) {}

  private RelationCodec() {}

  static byte[] encode(Relation relation, TypeCatalog types) {
    RecordWriter out = new RecordWriter().number(VERSION, relation.version()).number(OID, relation.oid()).text(NAME, relation.name())
        .number(NAMESPACE, relation.namespaceOid()).number(OWNER, relation.ownerOid()).number(KIND, relation.kind());
    acl(out, ACL, HAS_ACL, relation.acl());
    for (Column column : relation.columns()) {
      out.nested(COLUMNS, column(column, types));
    }
    switch (relation) {
      case Table table -> table(out, table);
      case Index index -> index(out, index);
      case View view -> view(out, view);
      case Sequence sequence -> sequence(out, sequence);
      case Composite composite -> out.number(20, composite.rowTypeOid());
      case SystemRelation system -> throw new IllegalArgumentException("a system relation is not stored: " + system.name());
    }
    return out.toByteArray();
  }

  static Relation decode(byte[] row) {
    RecordReader in = new RecordReader(row);
    int oid = in.integer(OID);
    String name = in.requiredText(NAME);
    int namespaceOid = in.integer(NAMESPACE);
    int ownerOid = in.integer(OWNER);
    long version = in.number(VERSION);
    List<AclItem> acl = acl(in, ACL, HAS_ACL);
    List<Column> columns = new ArrayList<>();
    for (RecordReader column : in.allNested(COLUMNS)) {
      columns.add(column(column));
    }
    return switch (in.character(KIND)) {
      case 'r', 'p', 'm', 'f' -> {
        TableBuilder table = new TableBuilder(oid, name, namespaceOid);
        table.ownerOid = ownerOid;
        table.version = version;
        table.kind = in.character(KIND);
        table.acl = acl;
        table.columns = columns;
        yield table(in, table);
      }
      case 'i' -> index(in, oid, name, namespaceOid, ownerOid, version);
      case 'v' -> new View(oid, name, namespaceOid, ownerOid, version, Persistence.values()[in.integer(20)], List.copyOf(columns),
          in.requiredText(21), in.integer(22), in.integer(23), in.integers(24), in.text(25), in.flag(26), in.flag(27), acl, in.map(28));
      case 'S' -> new Sequence(oid, name, namespaceOid, ownerOid, version, Persistence.values()[in.integer(20)], in.integer(21),
          in.number(22), in.number(23), in.number(24), in.number(25), in.number(26), in.flag(27), in.integer(28), in.integer(29),
          in.flag(30), acl);
      case 'c' -> new Composite(oid, name, namespaceOid, ownerOid, version, List.copyOf(columns), in.integer(20));
      default -> throw RecordReader.corrupted();
    };
  }

  private static void table(RecordWriter out, Table t) {
    out.number(20, t.persistence().ordinal()).number(21, t.storageId()).number(22, t.layoutId()).numbers(23, t.primaryKey());
    t.constraints().forEach(constraint -> out.nested(24, constraint(constraint)));
    out.numbers(25, t.indexOids()).numbers(26, t.triggerOids()).numbers(27, t.policyOids()).number(28, t.rowTypeOid());
    PartitionScheme scheme = t.partitionScheme();
    if (scheme != null) {
      RecordWriter nested = new RecordWriter().number(1, scheme.strategy());
      scheme.keys().forEach(key -> nested.nested(2, key(key)));
      out.nested(29, nested);
    }
    out.number(30, t.partitionOf());
    PartitionBound bound = t.partitionBound();
    if (bound != null) {
      out.nested(31, new RecordWriter().flag(1, bound.isDefault()).texts(2, bound.values()).texts(3, bound.lower()).texts(4, bound.upper())
          .number(5, bound.modulus()).number(6, bound.remainder()));
    }
    out.numbers(32, t.inherits()).flag(33, t.rowSecurity()).flag(34, t.forceRowSecurity()).text(35, t.definition()).flag(36, t.populated())
        .number(37, t.replicaIdentity()).number(38, t.onCommit().ordinal()).number(39, t.ofType()).map(40, t.options())
        .number(41, t.clusterIndex()).number(42, t.replicaIndex()).flag(43, t.constraintTriggersOff());
  }

  private static Table table(RecordReader in, TableBuilder t) {
    t.persistence = Persistence.values()[in.integer(20)];
    t.storageId = in.number(21);
    t.layoutId = in.integer(22);
    t.primaryKey.addAll(in.integers(23));
    in.allNested(24).forEach(constraint -> t.constraints.add(constraint(constraint)));
    t.indexOids.addAll(in.integers(25));
    t.triggerOids.addAll(in.integers(26));
    t.policyOids.addAll(in.integers(27));
    t.rowTypeOid = in.integer(28);
    RecordReader scheme = in.nested(29);
    if (scheme != null) {
      t.partitionScheme = new PartitionScheme(scheme.character(1), scheme.allNested(2).stream().map(RelationCodec::key).toList());
    }
    t.partitionOf = in.integer(30);
    RecordReader bound = in.nested(31);
    if (bound != null) {
      t.partitionBound = new PartitionBound(bound.flag(1), bound.texts(2), bound.texts(3), bound.texts(4), bound.integer(5), bound.integer(6));
    }
    t.inherits.addAll(in.integers(32));
    t.rowSecurity = in.flag(33);
    t.forceRowSecurity = in.flag(34);
    t.definition = in.text(35);
    t.populated = in.flag(36);
    t.replicaIdentity = in.character(37);
    t.onCommit = OnCommit.values()[in.integer(38)];
    t.ofType = in.integer(39);
    t.options.putAll(in.map(40));
    t.clusterIndex = in.integer(41);
    t.replicaIndex = in.integer(42);
    t.constraintTriggersOff = in.flag(43);
    return t.build();
  }

  private static void index(RecordWriter out, Index i) {
    out.number(20, i.tableOid()).number(21, i.indexStorageId()).text(22, i.method()).flag(23, i.unique()).flag(24, i.primary())
        .flag(25, i.nullsNotDistinct()).flag(26, i.immediate()).flag(27, i.valid());
    i.keys().forEach(key -> out.nested(28, key(key)));
    out.number(29, i.keyCount()).text(30, i.predicate()).number(31, i.constraintOid()).number(32, i.parentIndex())
        .numbers(33, i.exclusionOperators()).map(34, i.options());
  }

  private static Index index(RecordReader in, int oid, String name, int namespaceOid, int ownerOid, long version) {
    return new Index(oid, name, namespaceOid, ownerOid, version, in.integer(20), in.number(21), in.requiredText(22), in.flag(23),
        in.flag(24), in.flag(25), in.flag(26), in.flag(27), in.allNested(28).stream().map(RelationCodec::key).toList(), in.integer(29),
        in.text(30), in.integer(31), in.integer(32), in.integers(33), in.map(34));
  }

  private static void view(RecordWriter out, View v) {
    out.number(20, v.persistence().ordinal()).text(21, v.definition()).number(22, v.rowTypeOid()).number(23, v.ruleOid())
        .numbers(24, v.triggerOids()).text(25, v.checkOption()).flag(26, v.securityBarrier()).flag(27, v.securityInvoker())
        .map(28, v.options());
  }

  private static void sequence(RecordWriter out, Sequence s) {
    out.number(20, s.persistence().ordinal()).number(21, s.typeOid()).number(22, s.start()).number(23, s.increment())
        .number(24, s.minimum()).number(25, s.maximum()).number(26, s.cache()).flag(27, s.cycle()).number(28, s.ownerTable())
        .number(29, s.ownerColumn()).flag(30, s.identity());
  }

  private static RecordWriter key(Index.Key k) {
    return new RecordWriter().number(1, k.attnum()).text(2, k.expression()).number(3, k.typeOid()).number(4, k.collationOid())
        .text(5, k.operatorClass()).flag(6, k.descending()).flag(7, k.nullsFirst());
  }

  private static Index.Key key(RecordReader in) {
    return new Index.Key(in.integer(1), in.text(2), in.integer(3), in.integer(4), in.text(5), in.flag(6), in.flag(7));
  }

  static RecordWriter constraint(Constraint c) {
    return new RecordWriter().number(1, c.oid()).text(2, c.name()).number(3, c.kind().ordinal()).numbers(4, c.columns())
        .text(5, c.expression()).number(6, c.indexOid()).number(7, c.referencedTable()).numbers(8, c.referencedColumns())
        .number(9, c.onUpdate()).number(10, c.onDelete()).number(11, c.match()).numbers(12, c.deleteSetColumns())
        .flag(13, c.deferrable()).flag(14, c.initiallyDeferred()).flag(15, c.validated()).flag(16, c.noInherit()).flag(17, c.local())
        .number(18, c.inheritedCount()).number(19, c.parentConstraint());
  }

  static Constraint constraint(RecordReader in) {
    return new Constraint(in.integer(1), in.requiredText(2), Constraint.Kind.values()[in.integer(3)], in.integers(4), in.text(5),
        in.integer(6), in.integer(7), in.integers(8), in.character(9), in.character(10), in.character(11), in.integers(12), in.flag(13),
        in.flag(14), in.flag(15), in.flag(16), in.flag(17), in.integer(18), in.integer(19));
  }

  private static RecordWriter column(Column c, TypeCatalog types) {
    RecordWriter out = new RecordWriter().text(1, c.name()).number(2, c.attnum()).number(3, c.typeOid()).number(4, c.typmod() + 1L)
        .number(5, c.collationOid()).flag(6, c.notNull()).text(7, c.defaultExpression()).number(8, c.defaultOid())
        .number(9, c.generated()).number(10, c.identity()).flag(11, c.dropped());
    Object missing = c.missingValue();
    if (missing instanceof EncodedValue encoded) {
      out.bytes(12, encoded.bytes());
    } else if (missing != null) {
      ByteSink sink = new ByteSink();
      PgType type = types.byOid(c.typeOid());
      ValueCodec.encode(type, missing, types, sink);
      out.bytes(12, sink.toByteArray());
    }
    out.number(13, c.sinceLayoutId()).number(14, c.statisticsTarget() + 1L).flag(15, !c.local()).number(16, c.inheritedCount())
        .number(17, c.storage()).map(20, c.options());
    acl(out, 18, 19, c.acl());
    return out;
  }

  private static Column column(RecordReader in) {
    ColumnBuilder c = new ColumnBuilder(in.requiredText(1), in.integer(2), in.integer(3));
    c.typmod = (int) (in.number(4) - 1);
    c.collationOid = in.integer(5);
    c.notNull = in.flag(6);
    c.defaultExpression = in.text(7);
    c.defaultOid = in.integer(8);
    c.generated = in.character(9);
    c.identity = in.character(10);
    c.dropped = in.flag(11);
    byte[] missing = in.bytes(12);
    c.missingValue = missing == null ? null : new EncodedValue(missing);
    c.sinceLayoutId = in.integer(13);
    c.statisticsTarget = (int) (in.number(14) - 1);
    c.local = !in.flag(15);
    c.inheritedCount = in.integer(16);
    c.storage = in.character(17);
    c.acl = acl(in, 18, 19);
    c.options = in.map(20);
    return c.build();
  }

  /// The relation with its missing values decoded; needs a catalog that knows their types.
  static Relation resolveMissing(Relation relation, TypeCatalog types) {
    if (!(relation instanceof Table table) || table.columns().stream().noneMatch(c -> c.missingValue() instanceof EncodedValue)) {
      return relation;
    }
    TableBuilder builder = new TableBuilder(table);
    builder.columns.replaceAll(column -> {
      if (!(column.missingValue() instanceof EncodedValue encoded)) {
        return column;
      }
      ColumnBuilder copy = column.toBuilder();
      copy.missingValue = column.dropped() ? null
          : ValueCodec.decode(types.byOid(column.typeOid()), encoded.bytes(), 0, encoded.bytes().length, types);
      return copy.build();
    });
    return builder.build();
  }

  static void acl(RecordWriter out, int tag, int presenceTag, @Nullable List<AclItem> acl) {
    out.flag(presenceTag, acl != null);
    if (acl != null) {
      for (AclItem item : acl) {
        out.nested(tag, new RecordWriter().number(1, item.grantee()).text(2, item.privileges()).text(3, item.grantOptions())
            .number(4, item.grantor()));
      }
    }
  }

  static @Nullable List<AclItem> acl(RecordReader in, int tag, int presenceTag) {
    return !in.flag(presenceTag) ? null : in.allNested(tag).stream()
        .map(item -> new AclItem(item.integer(1), item.requiredText(2), item.requiredText(3), item.integer(4))).toList();
  }
}
