package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.ColumnStatistics;
import io.heliosdb.nano.catalog.Catalog.Membership;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.TableStatistics;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogObject.CastObject;
import io.heliosdb.nano.catalog.CatalogObject.CollationObject;
import io.heliosdb.nano.catalog.CatalogObject.CommentObject;
import io.heliosdb.nano.catalog.CatalogObject.DatabaseObject;
import io.heliosdb.nano.catalog.CatalogObject.DefaultAclObject;
import io.heliosdb.nano.catalog.CatalogObject.DependenciesObject;
import io.heliosdb.nano.catalog.CatalogObject.ExtensionObject;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.CatalogObject.OperatorObject;
import io.heliosdb.nano.catalog.CatalogObject.PolicyObject;
import io.heliosdb.nano.catalog.CatalogObject.RelationObject;
import io.heliosdb.nano.catalog.CatalogObject.RoleObject;
import io.heliosdb.nano.catalog.CatalogObject.StatisticsObject;
import io.heliosdb.nano.catalog.CatalogObject.StatisticsRow;
import io.heliosdb.nano.catalog.CatalogObject.SystemAclObject;
import io.heliosdb.nano.catalog.CatalogObject.TriggerObject;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog;
import io.heliosdb.nano.type.ValueCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Catalog objects to and from rows. Values of statistics are kept encoded (`byte[]`) until [#resolve]. Types go through [TypeCodec], relations through [RelationCodec].
final class ObjectCodec {
  private ObjectCodec() {}

  static byte[] key(ObjectAddress address) {
    return ByteBuffer.allocate(12).putInt(address.classOid()).putInt(address.objectOid()).putInt(address.subId()).array();
  }

  static ObjectAddress key(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    return new ObjectAddress(in.getInt(), in.getInt(), in.getInt());
  }

  static byte[] encode(CatalogObject object, TypeCatalog types) {
    return switch (object) {
      case RelationObject relation -> RelationCodec.encode(relation.relation(), types);
      case TypeObject type -> TypeCodec.encode(type);
      case FunctionObject function -> FunctionCodec.encode(function);
      case StatisticsRow statistics -> statistics(statistics, types);
      default -> simple(object).toByteArray();
    };
  }

  private static RecordWriter simple(CatalogObject object) {
    RecordWriter out = new RecordWriter().number(1, object.version());
    switch (object) {
      case NamespaceObject o -> {
        out.number(2, o.namespace().oid()).text(3, o.namespace().name()).number(4, o.namespace().ownerOid());
        RelationCodec.acl(out, 5, 6, o.namespace().acl());
      }
      case OperatorObject o -> {
        Catalog.OperatorDef p = o.operator();
        out.number(2, p.oid()).number(3, p.namespaceOid()).text(4, p.name()).number(5, p.left()).number(6, p.right()).number(7, p.result())
            .number(8, p.functionOid()).number(9, p.commutator()).number(10, p.negator()).flag(11, p.canMerge()).flag(12, p.canHash())
            .number(13, o.ownerOid());
      }
      case CastObject o -> out.number(2, o.cast().oid()).number(3, o.cast().source()).number(4, o.cast().target())
          .number(5, o.cast().functionOid()).number(6, o.cast().context()).number(7, o.cast().method());
      case CollationObject o -> out.number(2, o.collation().oid()).number(3, o.collation().namespaceOid()).text(4, o.collation().name())
          .number(5, o.collation().provider()).flag(6, o.collation().deterministic()).text(7, o.collation().locale()).number(8, o.ownerOid());
      case TriggerObject o -> {
        Catalog.Trigger t = o.trigger();
        out.number(2, t.oid()).text(3, t.name()).number(4, t.tableOid()).number(5, t.functionOid()).number(6, t.timing())
            .text(7, t.events()).flag(8, t.forEachRow()).numbers(9, t.columns()).text(10, t.when()).texts(11, t.arguments())
            .text(12, t.oldTable()).text(13, t.newTable()).flag(14, t.deferrable()).flag(15, t.initiallyDeferred())
            .number(16, t.enabled()).flag(17, t.constraintTrigger()).number(18, t.parentOid());
      }
      case PolicyObject o -> out.number(2, o.policy().oid()).text(3, o.policy().name()).number(4, o.policy().tableOid())
          .flag(5, o.policy().permissive()).number(6, o.policy().command()).numbers(7, o.policy().roles()).text(8, o.policy().using())
          .text(9, o.policy().withCheck());
      case CatalogObject.RuleObject o -> out.number(2, o.rule().oid()).text(3, o.rule().name()).number(4, o.rule().relationOid())
          .number(5, o.rule().event()).text(6, o.rule().where()).flag(7, o.rule().instead()).texts(8, o.rule().actions())
          .number(9, o.rule().enabled());
      case RoleObject o -> role(out, o.role());
      case DatabaseObject o -> {
        Catalog.Database d = o.database();
        out.number(2, d.oid()).text(3, d.name()).number(4, d.ownerOid()).flag(5, d.isTemplate()).flag(6, d.allowConnections())
            .number(7, d.connectionLimit() + 1L).map(10, d.settings());
        RelationCodec.acl(out, 8, 9, d.acl());
      }
      case ExtensionObject o -> out.number(2, o.extension().oid()).text(3, o.extension().name()).number(4, o.extension().ownerOid())
          .number(5, o.extension().namespaceOid()).text(6, o.extension().extensionVersion()).flag(7, o.extension().relocatable());
      case DefaultAclObject o -> {
        out.number(2, o.defaultAcl().oid()).number(3, o.defaultAcl().roleOid()).number(4, o.defaultAcl().namespaceOid())
            .number(5, o.defaultAcl().objectKind());
        RelationCodec.acl(out, 6, 7, o.defaultAcl().acl());
      }
      case CommentObject o -> out.text(2, o.text());
      case DependenciesObject o -> {
        for (ObjectAddress target : o.targets()) {
          out.bytes(2, key(target));
        }
      }
      case StatisticsObject o -> out.number(2, o.oid()).text(3, o.name()).number(4, o.namespaceOid()).number(5, o.ownerOid())
          .number(6, o.tableOid()).numbers(7, o.columns()).texts(8, o.expressions()).text(9, o.kinds()).number(10, o.target() + 1L);
      case SystemAclObject o -> RelationCodec.acl(out, 2, 3, o.acl());
      case CatalogObject.TextSearchObject o -> out.number(2, o.oid()).text(3, o.name()).number(4, o.namespaceOid()).number(5, o.ownerOid())
          .map(6, o.attributes());
      case CatalogObject.DefinedObject o -> {
        out.number(2, o.oid()).text(3, o.name()).number(4, o.ownerOid()).map(7, o.attributes()).texts(8, o.options());
        RelationCodec.acl(out, 5, 6, o.acl());
        for (ObjectAddress target : o.references()) {
          out.bytes(9, key(target));
        }
      }
      case RelationObject o -> throw new IllegalArgumentException();
      case TypeObject o -> throw new IllegalArgumentException();
      case FunctionObject o -> throw new IllegalArgumentException();
      case StatisticsRow o -> throw new IllegalArgumentException();
    }
    return out;
  }

  /// Decodes a row of any class but TYPE, whose rows need each other ([TypeCodec.Decoder]).
  static CatalogObject decode(ObjectClass objectClass, byte[] key, byte[] row) {
    ObjectAddress address = key(key);
    RecordReader in = new RecordReader(row);
    long version = in.number(1);
    return switch (objectClass) {
      case RELATION -> new RelationObject(RelationCodec.decode(row));
      case TYPE -> throw new IllegalArgumentException("types are decoded together");
      case FUNCTION -> FunctionCodec.decode(in);
      case NAMESPACE -> new NamespaceObject(
          new Catalog.Namespace(in.integer(2), in.requiredText(3), in.integer(4), RelationCodec.acl(in, 5, 6)), version);
      case OPERATOR -> new OperatorObject(new Catalog.OperatorDef(in.integer(2), in.integer(3), in.requiredText(4), in.integer(5),
          in.integer(6), in.integer(7), in.integer(8), in.integer(9), in.integer(10), in.flag(11), in.flag(12)), in.integer(13), version);
      case CAST -> new CastObject(
          new Catalog.CastDef(in.integer(2), in.integer(3), in.integer(4), in.integer(5), in.character(6), in.character(7)), version);
      case COLLATION -> new CollationObject(new Catalog.CollationDef(in.integer(2), in.integer(3), in.requiredText(4), in.character(5),
          in.flag(6), in.text(7)), in.integer(8), version);
      case TRIGGER -> new TriggerObject(new Catalog.Trigger(in.integer(2), in.requiredText(3), in.integer(4), in.integer(5),
          in.character(6), in.requiredText(7), in.flag(8), in.integers(9), in.text(10), in.texts(11), in.text(12), in.text(13), in.flag(14),
          in.flag(15), in.character(16), in.flag(17), in.integer(18)), version);
      case POLICY -> new PolicyObject(new Catalog.Policy(in.integer(2), in.requiredText(3), in.integer(4), in.flag(5), in.character(6),
          in.integers(7), in.text(8), in.text(9)), version);
      case ROLE -> new RoleObject(role(in), version);
      case DATABASE -> new DatabaseObject(new Catalog.Database(in.integer(2), in.requiredText(3), in.integer(4), in.flag(5), in.flag(6),
          (int) (in.number(7) - 1), RelationCodec.acl(in, 8, 9), in.map(10)), version);
      case EXTENSION -> new ExtensionObject(new Catalog.Extension(in.integer(2), in.requiredText(3), in.integer(4), in.integer(5),
          in.requiredText(6), in.flag(7)), version);
      case DEFAULT_ACL -> {
        List<Relation.AclItem> acl = RelationCodec.acl(in, 6, 7);
        yield new DefaultAclObject(new Catalog.DefaultAcl(in.integer(2), in.integer(3), in.integer(4), in.character(5),
            acl == null ? List.of() : acl), version);
      }
      case COMMENT, SHARED_COMMENT -> new CommentObject(address, in.requiredText(2), version);
      case EXPRESSION_DEPENDENCIES -> new DependenciesObject(address, targets(in), version);
      case STATISTICS_OBJECT -> new StatisticsObject(in.integer(2), in.requiredText(3), in.integer(4), in.integer(5), in.integer(6),
          in.integers(7), in.texts(8), in.requiredText(9), (int) (in.number(10) - 1), version);
      case TABLE_STATISTICS -> new StatisticsRow(address.objectOid(), statistics(in), version);
      case RULE -> new CatalogObject.RuleObject(new Catalog.Rule(in.integer(2), in.requiredText(3), in.integer(4), in.character(5), in.text(6),
          in.flag(7), in.texts(8), in.character(9)), version);
      case TEXT_SEARCH_PARSER, TEXT_SEARCH_TEMPLATE, TEXT_SEARCH_DICTIONARY, TEXT_SEARCH_CONFIGURATION -> new CatalogObject.TextSearchObject(
          io.heliosdb.nano.catalog.TextSearchObjects.Kind.of(objectClass), in.integer(2), in.requiredText(3), in.integer(4), in.integer(5),
          in.map(6), version);
      case FOREIGN_DATA_WRAPPER, FOREIGN_SERVER, USER_MAPPING, FOREIGN_TABLE, PUBLICATION, PUBLICATION_RELATION, PUBLICATION_NAMESPACE,
          SUBSCRIPTION, EVENT_TRIGGER -> new CatalogObject.DefinedObject(objectClass, in.integer(2), in.requiredText(3), in.integer(4),
          RelationCodec.acl(in, 5, 6), in.map(7), in.texts(8), in.allBytes(9).stream().map(ObjectCodec::key).toList(), version);
      case SYSTEM_ACL -> new SystemAclObject(address, RelationCodec.acl(in, 2, 3), version);
    };
  }

  private static List<ObjectAddress> targets(RecordReader in) {
    return in.allBytes(2).stream().map(ObjectCodec::key).toList();
  }

  private static void role(RecordWriter out, Catalog.Role r) {
    out.number(2, r.oid()).text(3, r.name()).flag(4, r.superuser()).flag(5, r.inherit()).flag(6, r.createRole()).flag(7, r.createDb())
        .flag(8, r.canLogin()).flag(9, r.replication()).flag(10, r.bypassRls()).number(11, r.connectionLimit() + 1L)
        .text(12, r.password()).text(13, r.validUntil()).map(15, r.settings());
    for (Membership membership : r.memberOf()) {
      out.nested(14, new RecordWriter().number(1, membership.roleOid()).flag(2, membership.adminOption()).number(3, membership.grantorOid()));
    }
  }

  private static Catalog.Role role(RecordReader in) {
    return new Catalog.Role(in.integer(2), in.requiredText(3), in.flag(4), in.flag(5), in.flag(6), in.flag(7), in.flag(8), in.flag(9),
        in.flag(10), (int) (in.number(11) - 1), in.text(12), in.text(13),
        in.allNested(14).stream().map(m -> new Membership(m.integer(1), m.flag(2), m.integer(3))).toList(), in.map(15));
  }

  private static byte[] statistics(StatisticsRow object, TypeCatalog types) {
    TableStatistics statistics = object.statistics();
    RecordWriter out = new RecordWriter().number(1, object.version()).real(2, statistics.rows()).real(3, statistics.averageRowBytes());
    statistics.columns().forEach((attnum, column) -> {
      RecordWriter nested = new RecordWriter().number(1, attnum).real(2, column.nullFraction()).real(3, column.distinct())
          .real(4, column.averageWidth()).real(8, column.correlation());
      PgType type = types instanceof Catalog catalog && catalog.relation(object.tableOid()) instanceof Table table
          && attnum <= table.columns().size() ? types.findByOid(table.column(attnum).typeOid()) : null;
      if (type != null) {
        column.mostCommon().forEach(value -> nested.bytes(5, value(type, value)));
        column.mostCommonFrequencies().forEach(frequency -> nested.nested(6, new RecordWriter().real(1, frequency)));
        column.histogram().forEach(value -> nested.bytes(7, value(type, value)));
      }
      out.nested(4, nested);
    });
    return out.toByteArray();
  }

  private static byte[] value(PgType type, Object value) {
    ByteSink sink = new ByteSink();
    ValueCodec.encode(type, value, sink);
    return sink.toByteArray();
  }

  private static TableStatistics statistics(RecordReader in) {
    Map<Integer, ColumnStatistics> columns = new HashMap<>();
    for (RecordReader c : in.allNested(4)) {
      columns.put(c.integer(1), new ColumnStatistics(c.real(2), c.real(3), c.real(4), List.copyOf(c.allBytes(5)),
          c.allNested(6).stream().map(frequency -> frequency.real(1)).toList(), List.copyOf(c.allBytes(7)), c.real(8)));
    }
    return new TableStatistics(in.real(2), in.real(3), Map.copyOf(columns));
  }

  /// The object with values decoded that need the catalog's types; others come back as they are.
  static CatalogObject resolve(CatalogObject object, Catalog catalog) {
    return switch (object) {
      case RelationObject relation -> {
        Relation resolved = RelationCodec.resolveMissing(relation.relation(), catalog);
        yield resolved == relation.relation() ? object : new RelationObject(resolved);
      }
      case StatisticsRow row -> resolve(row, catalog);
      default -> object;
    };
  }

  private static StatisticsRow resolve(StatisticsRow row, Catalog catalog) {
    Map<Integer, ColumnStatistics> columns = new HashMap<>();
    row.statistics().columns().forEach((attnum, c) -> {
      PgType type = catalog.relation(row.tableOid()) instanceof Table table && attnum <= table.columns().size()
          && !table.column(attnum).dropped() ? catalog.findByOid(table.column(attnum).typeOid()) : null;
      if (type != null) {
        columns.put(attnum, new ColumnStatistics(c.nullFraction(), c.distinct(), c.averageWidth(), values(type, c.mostCommon(), catalog),
            c.mostCommonFrequencies(), values(type, c.histogram(), catalog), c.correlation()));
      }
    });
    TableStatistics statistics = new TableStatistics(row.statistics().rows(), row.statistics().averageRowBytes(), Map.copyOf(columns));
    return new StatisticsRow(row.tableOid(), statistics, row.version());
  }

  private static List<Object> values(PgType type, List<Object> encoded, Catalog catalog) {
    List<Object> result = new ArrayList<>(encoded.size());
    for (Object value : encoded) {
      result.add(value instanceof byte[] bytes ? ValueCodec.decode(type, bytes, 0, bytes.length, catalog) : value);
    }
    return List.copyOf(result);
  }
}
