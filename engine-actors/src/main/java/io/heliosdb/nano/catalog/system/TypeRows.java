package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.type.PgType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `pg_type` and what describes single kinds of types.
final class TypeRows {
  /// Collations of the database's encoding only; the others fit any.
  private static final Set<String> UTF8_ONLY = Set.of("ucs_basic", "C.utf8");

  private static final int TIME_STAMP = 13232;

  private TypeRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_type", (rows, c) -> c.catalog().types().forEach(type -> type(rows, type, c)));
    sources.put("pg_enum", TypeRows::enums);
    sources.put("pg_range", TypeRows::ranges);
    sources.put("pg_collation", (rows, c) -> {
      for (Catalog.CollationDef k : c.catalog().collations()) {
        rows.row().oid("oid", k.oid()).set("collname", k.name()).oid("collnamespace", k.namespaceOid()).oid("collowner", 10).letter("collprovider", k.provider())
            .set("collisdeterministic", k.deterministic()).set("collencoding", UTF8_ONLY.contains(k.name()) ? 6 : -1).set("collcollate", k.provider() == 'c' ? k.locale() : null)
            .set("collctype", k.provider() == 'c' ? k.locale() : null).set("colliculocale", k.provider() == 'i' ? k.locale() : null);
      }
    });
  }

  /// Owner of a type; a row type or array type that came with something else has the owner of that.
  private static int owner(PgType type, Catalog catalog) {
    Catalog.TypeDef definition = catalog.typeDef(type.oid());
    if (definition == null) {
      return 10;
    }
    if (definition.ownerOid() != 0) {
      return definition.ownerOid();
    }
    io.heliosdb.nano.catalog.Relation relation = type.relationOid() == 0 ? null : catalog.relation(type.relationOid());
    PgType element = type.elementOid() == 0 ? null : catalog.findByOid(type.elementOid());
    return relation != null ? relation.ownerOid() : element != null ? owner(element, catalog) : 10;
  }

  /// The default of a domain; of PostgreSQL's own only `information_schema.time_stamp` has one.
  static @Nullable String domainDefault(PgType type, SystemContext c) {
    if (type.oid() == TIME_STAMP) {
      return "CURRENT_TIMESTAMP(2)";
    }
    return c.catalog().typeDetails(type.oid()) instanceof Catalog.DomainDetails d ? d.defaultExpression() : null;
  }

  private static void type(RowSet rows, PgType t, SystemContext c) {
    Catalog.TypeDef definition = c.catalog().typeDef(t.oid());
    boolean notNull = c.catalog().typeDetails(t.oid()) instanceof Catalog.DomainDetails d && d.notNull();
    String defaultText = domainDefault(t, c);
    rows.row()
        .oid("oid", t.oid()).set("typname", t.name()).oid("typnamespace", t.namespaceOid()).oid("typowner", owner(t, c.catalog()))
        .set("typlen", t.length()).set("typbyval", t.byValue()).letter("typtype", t.kind()).letter("typcategory", t.category()).set("typispreferred", t.preferred())
        .set("typisdefined", true).letter("typdelim", t.delimiter()).oid("typrelid", t.relationOid()).set("typsubscript", procedure(t.subscript(), c))
        .oid("typelem", t.elementOid()).oid("typarray", t.arrayOid()).set("typinput", procedure(t.input(), c)).set("typoutput", procedure(t.output(), c))
        .set("typreceive", procedure(t.receive(), c)).set("typsend", procedure(t.send(), c)).set("typmodin", procedure(t.typmodIn(), c))
        .set("typmodout", procedure(t.typmodOut(), c)).set("typanalyze", procedure(t.analyze(), c)).letter("typalign", t.align()).letter("typstorage", t.storage())
        .set("typnotnull", notNull).oid("typbasetype", t.baseOid()).set("typtypmod", t.baseTypmod()).set("typndims", 0).oid("typcollation", t.collationOid())
        .set("typdefaultbin", defaultText).set("typdefault", defaultText).set("typacl", definition == null ? null : AclText.array(definition.acl(), c.catalog()));
  }

  private static long procedure(String name, SystemContext c) {
    if (name.equals("-")) {
      return 0;
    }
    var found = c.catalog().functions(Catalog.PG_CATALOG, name);
    return found.isEmpty() ? 0 : Integer.toUnsignedLong(found.getFirst().oid());
  }

  private static void enums(RowSet rows, SystemContext c) {
    for (PgType type : c.catalog().types()) {
      if (type.kind() == PgType.ENUM && c.catalog().typeDetails(type.oid()) instanceof Catalog.EnumDetails details) {
        details.labels().forEach(label -> rows.row().oid("oid", label.oid()).oid("enumtypid", type.oid()).set("enumsortorder", label.sortOrder()).set("enumlabel", label.label()));
      }
    }
  }

  private static void ranges(RowSet rows, SystemContext c) {
    for (PgType type : c.catalog().types()) {
      if (type.kind() != PgType.RANGE) {
        continue;
      }
      var info = c.types().range(type);
      rows.row().oid("rngtypid", type.oid()).oid("rngsubtype", info.subtype().oid()).oid("rngmultitypid", info.multirange().oid()).oid("rngcollation", info.collationOid())
          .oid("rngsubopc", OperatorClassFacts.btreeDefault(info.subtype().oid(), c.catalog())).oid("rngcanonical", rangeFunction(type, c, true))
          .oid("rngsubdiff", rangeFunction(type, c, false));
    }
  }

  /// The built-in ranges' functions are named after them; where a subtype is continuous there is no canonical form.
  private static int rangeFunction(PgType range, SystemContext c, boolean canonical) {
    if (c.catalog().typeDetails(range.oid()) instanceof Catalog.RangeDetails details) {
      return canonical ? details.canonicalFunction() : details.subtypeDiffFunction();
    }
    var named = c.catalog().functions(Catalog.PG_CATALOG, range.name() + (canonical ? "_canonical" : "_subdiff"));
    return named.isEmpty() ? 0 : named.getFirst().oid();
  }
}
