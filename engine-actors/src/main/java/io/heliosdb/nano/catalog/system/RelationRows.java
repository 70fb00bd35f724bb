package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `pg_class`, `pg_attribute` and what hangs on relations.
final class RelationRows {
  private static final int PLPGSQL_LANGUAGE = 13563;

  /// The columns that every stored relation has; fixed in number and place.
  private static final List<Relation.Column> SYSTEM_COLUMNS =
      List.of(
          required("ctid", -1, PgTypes.byOid(27)), required("xmin", -2, PgTypes.byOid(28)), required("cmin", -3, PgTypes.byOid(29)),
          required("xmax", -4, PgTypes.byOid(28)), required("cmax", -5, PgTypes.byOid(29)), required("tableoid", -6, PgTypes.byOid(26)));

  private static final int HEAP = 2;
  private static final Map<String, Integer> METHODS = Map.of("btree", 403, "hash", 405, "gist", 783, "gin", 2742, "spgist", 4000, "brin", 3580);

  private RelationRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_class", (rows, c) -> c.catalog().relations().forEach(relation -> pgClass(rows, relation, c)));
    sources.put("pg_attribute", (rows, c) -> c.catalog().relations().forEach(relation -> attributes(rows, relation, c)));
    sources.put("pg_attrdef", RelationRows::defaults);
    sources.put("pg_index", (rows, c) -> c.catalog().relations().forEach(relation -> {
      if (relation instanceof Relation.Index index) {
        index(rows, index, c);
      }
    }));
    sources.put("pg_constraint", RelationRows::constraints);
    sources.put("pg_inherits", RelationRows::inherits);
    sources.put("pg_sequence", RelationRows::sequences);
    sources.put("pg_partitioned_table", RelationRows::partitioned);
    sources.put("pg_rewrite", RelationRows::rewrite);
    sources.put("pg_trigger", RelationRows::triggers);
    sources.put("pg_policy", RelationRows::policies);
    sources.put("pg_statistic_ext", RelationRows::extendedStatistics);
    sources.put("pg_depend", RelationRows::depend);
    sources.put("pg_description", RelationRows::descriptions);
  }

  private static void pgClass(RowSet rows, Relation relation, SystemContext c) {
    int rowType = 0;
    double tuples = -1;
    boolean hasIndex = false;
    int checks = 0;
    boolean triggers = false;
    boolean rowSecurity = false;
    boolean forced = false;
    boolean populated = true;
    char persistence = 'p';
    boolean partition = false;
    String bound = null;
    Map<String, String> options = Map.of();
    int accessMethod = 0;
    int columns = relation.columns().size();
    boolean subclass = false;
    char replica = 'n';
    switch (relation) {
      case Relation.Table t -> {
        rowType = t.rowTypeOid();
        tuples = c.rowCount(t);
        hasIndex = !t.indexOids().isEmpty();
        checks = (int) t.constraints().stream().filter(k -> k.kind() == Relation.Constraint.Kind.CHECK).count();
        triggers = !t.triggerOids().isEmpty() || t.constraints().stream().anyMatch(k -> k.kind() == Relation.Constraint.Kind.FOREIGN_KEY)
            || !c.catalog().referencesTo(t.oid()).isEmpty();
        rowSecurity = t.rowSecurity();
        forced = t.forceRowSecurity();
        populated = t.populated();
        persistence = persistence(t.persistence());
        partition = t.isPartition();
        bound = t.partitionBound() == null ? null : PartitionText.bound(t.partitionBound());
        options = t.options();
        accessMethod = t.kind() == 'p' || t.kind() == 'f' ? 0 : HEAP;
        subclass = !c.catalog().childrenOf(t.oid()).isEmpty();
        replica = t.replicaIdentity() == 0 ? 'd' : t.replicaIdentity();
      }
      case Relation.Index i -> {
        accessMethod = METHODS.getOrDefault(i.method(), 403);
        options = i.options();
        columns = i.keys().size();
        persistence = c.catalog().relation(i.tableOid()) instanceof Relation.Table t ? persistence(t.persistence()) : 'p';
        partition = i.parentIndex() != 0;
      }
      case Relation.View v -> {
        rowType = v.rowTypeOid();
        persistence = persistence(v.persistence());
        options = v.options();
        triggers = !v.triggerOids().isEmpty();
      }
      case Relation.Sequence s -> {
        persistence = persistence(s.persistence());
        columns = 3;
      }
      case Relation.Composite k -> rowType = k.rowTypeOid();
      case Relation.SystemRelation s -> {
        rowType = s.rowTypeOid();
        accessMethod = s.kind() == 'r' ? HEAP : 0;
      }
    }
    char kind = relation instanceof Relation.Index i && c.catalog().relation(i.tableOid()) instanceof Relation.Table t && t.isPartitioned() ? 'I' : relation.kind();
    rows.row()
        .oid("oid", relation.oid()).set("relname", relation.name()).oid("relnamespace", relation.namespaceOid()).oid("reltype", rowType).oid("reloftype", relation instanceof Relation.Table typed ? typed.ofType() : 0)
        .oid("relowner", relation.ownerOid()).oid("relam", accessMethod).oid("relfilenode", relation.kind() == 'v' || relation.kind() == 'c' ? 0 : relation.oid())
        .oid("reltablespace", 0).set("relpages", 0).set("reltuples", (float) tuples).set("relallvisible", 0).oid("reltoastrelid", 0)
        .set("relhasindex", hasIndex).set("relisshared", false).letter("relpersistence", persistence).letter("relkind", kind).set("relnatts", columns)
        .set("relchecks", checks).set("relhasrules", relation instanceof Relation.View || !c.catalog().rulesOf(relation.oid()).isEmpty()).set("relhastriggers", triggers).set("relhassubclass", subclass)
        .set("relrowsecurity", rowSecurity).set("relforcerowsecurity", forced).set("relispopulated", populated).letter("relreplident", replica)
        .set("relispartition", partition).oid("relrewrite", 0).set("relfrozenxid", 0L).set("relminmxid", 0L)
        .set("relacl", AclText.array(relation.acl(), c.catalog())).set("reloptions", RowSet.options(options)).set("relpartbound", bound);
  }

  private static char persistence(Relation.Persistence persistence) {
    return switch (persistence) {
      case PERMANENT -> 'p';
      case UNLOGGED -> 'u';
      case TEMPORARY -> 't';
    };
  }

  private static void attributes(RowSet rows, Relation relation, SystemContext c) {
    switch (relation) {
      case Relation.Index index -> {
        List<String> names = IndexColumns.names(index, c.catalog());
        for (int i = 0; i < names.size(); i++) {
          Relation.Index.Key key = index.keys().get(i);
          ColumnBuilder column = new ColumnBuilder(names.get(i), i + 1, key.typeOid());
          column.collationOid = key.collationOid();
          if (key.attnum() > 0 && c.catalog().relation(index.tableOid()) instanceof Relation.Table t) {
            column.typmod = t.column(key.attnum()).typmod();
          }
          attribute(rows, index.oid(), column.build(), c);
        }
      }
      case Relation.Sequence sequence -> {
        attribute(rows, sequence.oid(), required("last_value", 1, PgTypes.INT8), c);
        attribute(rows, sequence.oid(), required("log_cnt", 2, PgTypes.INT8), c);
        attribute(rows, sequence.oid(), required("is_called", 3, PgTypes.BOOL), c);
      }
      default -> relation.columns().forEach(column -> attribute(rows, relation.oid(), column, c));
    }
    if ("rtmpSf".indexOf(relation.kind()) >= 0) {
      SYSTEM_COLUMNS.forEach(column -> attribute(rows, relation.oid(), column, c));
    }
  }

  private static Relation.Column required(String name, int attnum, PgType type) {
    ColumnBuilder column = new ColumnBuilder(name, attnum, type.oid());
    column.notNull = true;
    return column.build();
  }

  private static void attribute(RowSet rows, int relationOid, Relation.Column column, SystemContext c) {
    PgType type = column.dropped() ? null : c.catalog().findByOid(column.typeOid());
    rows.row()
        .oid("attrelid", relationOid).set("attname", column.dropped() ? "........pg.dropped." + column.attnum() + "........" : column.name())
        .oid("atttypid", column.dropped() ? 0 : column.typeOid()).set("attstattarget", column.statisticsTarget()).set("attlen", type == null ? -1 : type.length())
        .set("attnum", column.attnum()).set("attndims", type != null && type.isArray() ? 1 : 0).set("attcacheoff", -1).set("atttypmod", column.typmod())
        .set("attbyval", type != null && type.byValue()).letter("attalign", type == null ? 'i' : type.align())
        .letter("attstorage", column.storage() != 0 ? column.storage() : type == null ? 'p' : type.storage()).set("attcompression", "")
        .set("attnotnull", column.notNull()).set("atthasdef", column.defaultExpression() != null).set("atthasmissing", column.missingValue() != null)
        .letter("attidentity", column.identity()).letter("attgenerated", column.generated()).set("attisdropped", column.dropped())
        .set("attislocal", column.local()).set("attinhcount", column.inheritedCount()).oid("attcollation", column.collationOid())
        .set("attacl", AclText.array(column.acl(), c.catalog())).set("attoptions", RowSet.options(column.options()))
        .set("attfdwoptions", column.attnum() > 0 ? DefinitionRows.columnOptions(c, relationOid, column.attnum()) : null);
  }

  private static void defaults(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      for (Relation.Column column : relation.columns()) {
        if (column.defaultExpression() != null && !column.dropped()) {
          rows.row().oid("oid", column.defaultOid()).oid("adrelid", relation.oid()).set("adnum", column.attnum()).set("adbin", column.defaultExpression());
        }
      }
    }
  }

  private static void index(RowSet rows, Relation.Index index, SystemContext c) {
    List<Integer> attnums = new ArrayList<>();
    List<Integer> collations = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    List<Integer> options = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    for (int i = 0; i < index.keys().size(); i++) {
      Relation.Index.Key key = index.keys().get(i);
      attnums.add(key.attnum());
      if (key.attnum() == 0) {
        expressions.add(key.expression());
      }
      if (i < index.keyCount()) {
        collations.add(key.collationOid());
        classes.add(OperatorClassFacts.of(key, index.method(), c.catalog()));
        options.add((key.descending() ? 1 : 0) | (key.nullsFirst() ? 2 : 0));
      }
    }
    rows.row()
        .oid("indexrelid", index.oid()).oid("indrelid", index.tableOid()).set("indnatts", index.keys().size()).set("indnkeyatts", index.keyCount())
        .set("indisunique", index.unique()).set("indnullsnotdistinct", index.nullsNotDistinct()).set("indisprimary", index.primary())
        .set("indisexclusion", !index.exclusionOperators().isEmpty()).set("indimmediate", index.immediate()).set("indisclustered", marked(c, index, true))
        .set("indisvalid", index.valid()).set("indcheckxmin", false).set("indisready", true).set("indislive", true).set("indisreplident", marked(c, index, false))
        .set("indkey", RowSet.int2Vector(attnums)).set("indcollation", RowSet.oidVector(collations)).set("indclass", RowSet.oidVector(classes))
        .set("indoption", RowSet.int2Vector(options)).set("indexprs", expressions.isEmpty() ? null : String.join(", ", expressions))
        .set("indpred", index.predicate());
  }

  /// Whether the table names the index in CLUSTER ON or REPLICA IDENTITY USING INDEX.
  private static boolean marked(SystemContext c, Relation.Index index, boolean cluster) {
    return c.catalog().relation(index.tableOid()) instanceof Relation.Table table
        && (cluster ? table.clusterIndex() : table.replicaIdentity() == 'i' ? table.replicaIndex() : 0) == index.oid();
  }

  private static void constraints(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Table table) {
        table.constraints().forEach(constraint -> constraint(rows, c, table.namespaceOid(), table.oid(), 0, constraint));
      }
    }
    for (Catalog.Trigger t : c.catalog().triggers()) {
      Relation table = c.catalog().relation(t.tableOid());
      if (t.constraintTrigger() && table != null) {
        rows.row()
            .oid("oid", t.oid()).set("conname", t.name()).oid("connamespace", table.namespaceOid()).letter("contype", 't').set("condeferrable", t.deferrable())
            .set("condeferred", t.initiallyDeferred()).set("convalidated", true).oid("conrelid", t.tableOid()).oid("contypid", 0).oid("conindid", 0)
            .oid("conparentid", 0).oid("confrelid", 0).letter("confupdtype", ' ').letter("confdeltype", ' ').letter("confmatchtype", ' ')
            .set("conislocal", true).set("coninhcount", 0).set("connoinherit", true);
      }
    }
    for (PgType type : c.catalog().types()) {
      if (type.isDomain() && c.catalog().typeDetails(type.oid()) instanceof Catalog.DomainDetails details) {
        details.checks().forEach(constraint -> constraint(rows, c, type.namespaceOid(), 0, type.oid(), constraint));
      }
    }
  }

  private static void constraint(RowSet rows, SystemContext c, int namespaceOid, int tableOid, int typeOid, Relation.Constraint k) {
    char type =
        switch (k.kind()) {
          case PRIMARY_KEY -> 'p';
          case UNIQUE -> 'u';
          case CHECK -> 'c';
          case FOREIGN_KEY -> 'f';
          case EXCLUSION -> 'x';
        };
    boolean foreign = type == 'f';
    rows.row()
        .oid("oid", k.oid()).set("conname", k.name()).oid("connamespace", namespaceOid).letter("contype", type).set("condeferrable", k.deferrable())
        .set("condeferred", k.initiallyDeferred()).set("convalidated", k.validated()).oid("conrelid", tableOid).oid("contypid", typeOid)
        .oid("conindid", k.indexOid()).oid("conparentid", k.parentConstraint()).oid("confrelid", k.referencedTable())
        .letter("confupdtype", foreign ? k.onUpdate() : ' ').letter("confdeltype", foreign ? k.onDelete() : ' ').letter("confmatchtype", foreign ? k.match() : ' ')
        .set("conislocal", k.local()).set("coninhcount", 0).set("connoinherit", k.noInherit() || type != 'c')
        .set("conkey", k.columns().isEmpty() ? null : RowSet.array(PgTypes.INT2, k.columns()))
        .set("confkey", k.referencedColumns().isEmpty() ? null : RowSet.array(PgTypes.INT2, k.referencedColumns()))
        .set("conexclop", type == 'x' && c.catalog().relation(k.indexOid()) instanceof Relation.Index index
            ? RowSet.oids(index.exclusionOperators()) : null)
        .set("conbin", k.expression());
  }

  private static void inherits(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Table table) {
        int number = 0;
        List<Integer> parents = new ArrayList<>(table.inherits());
        if (table.isPartition() && !parents.contains(table.partitionOf())) {
          parents.add(table.partitionOf());
        }
        for (int parent : parents) {
          rows.row().oid("inhrelid", table.oid()).oid("inhparent", parent).set("inhseqno", ++number).set("inhdetachpending", false);
        }
      } else if (relation instanceof Relation.Index index && index.parentIndex() != 0) {
        rows.row().oid("inhrelid", index.oid()).oid("inhparent", index.parentIndex()).set("inhseqno", 1).set("inhdetachpending", false);
      }
    }
  }

  private static void sequences(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Sequence s) {
        rows.row().oid("seqrelid", s.oid()).oid("seqtypid", s.typeOid()).set("seqstart", s.start()).set("seqincrement", s.increment()).set("seqmax", s.maximum())
            .set("seqmin", s.minimum()).set("seqcache", s.cache()).set("seqcycle", s.cycle());
      }
    }
  }

  private static int defaultPartition(Relation.Table table, SystemContext c) {
    for (Relation.Table child : c.catalog().childrenOf(table.oid())) {
      if (child.partitionBound() != null && child.partitionBound().isDefault()) {
        return child.oid();
      }
    }
    return 0;
  }

  private static void partitioned(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Table table && table.partitionScheme() != null) {
        List<Relation.Index.Key> keys = table.partitionScheme().keys();
        rows.row().oid("partrelid", table.oid()).letter("partstrat", table.partitionScheme().strategy()).set("partnatts", keys.size()).oid("partdefid", defaultPartition(table, c))
            .set("partattrs", RowSet.int2Vector(keys.stream().map(Relation.Index.Key::attnum).toList()))
            .set("partclass", RowSet.oidVector(keys.stream().map(key -> OperatorClassFacts.of(key, "btree", c.catalog())).toList()))
            .set("partcollation", RowSet.oidVector(keys.stream().map(Relation.Index.Key::collationOid).toList()));
      }
    }
  }

  private static void rewrite(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      String definition = relation instanceof Relation.View v ? v.definition() : relation instanceof Relation.Table t && t.kind() == 'm' ? t.definition() : null;
      if (definition != null) {
        rows.row().oid("oid", relation instanceof Relation.View v ? v.ruleOid() : relation.oid()).set("rulename", "_RETURN").oid("ev_class", relation.oid())
            .letter("ev_type", '1').letter("ev_enabled", 'O').set("is_instead", true).set("ev_qual", "<>").set("ev_action", definition);
      }
    }
    for (Catalog.Rule rule : c.catalog().rules()) {
      rows.row().oid("oid", rule.oid()).set("rulename", rule.name()).oid("ev_class", rule.relationOid()).letter("ev_type", eventNumber(rule))
          .letter("ev_enabled", rule.enabled()).set("is_instead", rule.instead()).set("ev_qual", rule.where() == null ? "<>" : rule.where())
          .set("ev_action", rule.actions().isEmpty() ? "<>" : String.join("; ", rule.actions()));
    }
  }

  private static char eventNumber(Catalog.Rule rule) {
    return rule.event() == 'u' ? '2' : rule.event() == 'i' ? '3' : '4';
  }

  private static void triggers(RowSet rows, SystemContext c) {
    for (Catalog.Trigger t : c.catalog().triggers()) {
      int type = (t.forEachRow() ? 1 : 0) | (t.timing() == 'b' ? 2 : t.timing() == 'i' ? 64 : 0) | (t.events().indexOf('i') >= 0 ? 4 : 0)
          | (t.events().indexOf('d') >= 0 ? 8 : 0) | (t.events().indexOf('u') >= 0 ? 16 : 0) | (t.events().indexOf('t') >= 0 ? 32 : 0);
      rows.row()
          .oid("oid", t.oid()).oid("tgrelid", t.tableOid()).oid("tgparentid", t.parentOid()).set("tgname", t.name()).oid("tgfoid", t.functionOid()).set("tgtype", type)
          .letter("tgenabled", t.enabled()).set("tgisinternal", false).oid("tgconstrrelid", 0).oid("tgconstrindid", 0).oid("tgconstraint", t.constraintTrigger() ? t.oid() : 0)
          .set("tgdeferrable", t.deferrable()).set("tginitdeferred", t.initiallyDeferred()).set("tgnargs", t.arguments().size())
          .set("tgattr", RowSet.int2Vector(t.columns())).set("tgargs", triggerArguments(t)).set("tgqual", t.when()).set("tgoldtable", t.oldTable())
          .set("tgnewtable", t.newTable());
    }
  }

  private static io.heliosdb.nano.type.Bytes triggerArguments(Catalog.Trigger trigger) {
    StringBuilder text = new StringBuilder();
    trigger.arguments().forEach(argument -> text.append(argument).append('\0'));
    return io.heliosdb.nano.type.Bytes.wrap(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static void extendedStatistics(RowSet rows, SystemContext c) {
    if (!(c.catalog() instanceof io.heliosdb.nano.catalog.CatalogSnapshot snapshot)) {
      return;
    }
    for (io.heliosdb.nano.catalog.CatalogObject.StatisticsObject s :
        snapshot.<io.heliosdb.nano.catalog.CatalogObject.StatisticsObject>objects(io.heliosdb.nano.catalog.ObjectClass.STATISTICS_OBJECT)) {
      Object[] kinds = s.kinds().chars().mapToObj(kind -> String.valueOf((char) kind)).toArray();
      rows.row().oid("oid", s.oid()).oid("stxrelid", s.tableOid()).set("stxname", s.name()).oid("stxnamespace", s.namespaceOid())
          .oid("stxowner", s.ownerOid()).set("stxstattarget", s.target()).set("stxkeys", RowSet.int2Vector(s.columns()))
          .set("stxkind", io.heliosdb.nano.type.PgArray.of(io.heliosdb.nano.type.PgTypes.CHAR, kinds))
          .set("stxexprs", s.expressions().isEmpty() ? null : String.join(", ", s.expressions()));
    }
  }

  private static void policies(RowSet rows, SystemContext c) {
    for (Catalog.Policy p : c.catalog().policies()) {
      rows.row().oid("oid", p.oid()).set("polname", p.name()).oid("polrelid", p.tableOid()).letter("polcmd", p.command()).set("polpermissive", p.permissive())
          .set("polroles", p.roles().isEmpty() ? RowSet.oids(List.of(0)) : RowSet.oids(p.roles())).set("polqual", p.using()).set("polwithcheck", p.withCheck());
    }
  }

  private static void depend(RowSet rows, SystemContext c) {
    if (c.catalog() instanceof io.heliosdb.nano.catalog.CatalogSnapshot snapshot) {
      snapshot.forEachDependency((dependent, target, kind) -> {
        if (kind == 'i' && target.subId() > 0 && dependent.subId() == 0 && dependent.equals(Catalog.ObjectAddress.of(target.classOid(), target.objectOid()))) {
          // A partition key's column: PostgreSQL says of the column that it belongs to the table.
          dependency(rows, target, dependent, kind);
        } else {
          dependency(rows, dependent, target, kind);
        }
      });
    }
    // What came with the extension plpgsql, which is there from the beginning.
    for (Catalog.Extension extension : c.catalog().extensions()) {
      if (extension.name().equals("plpgsql")) {
        c.catalog().functions().stream().filter(f -> f.namespaceOid() == Catalog.PG_CATALOG && f.name().startsWith("plpgsql_"))
            .forEach(f -> member(rows, ClassOids.PROC, f.oid(), extension.oid()));
        member(rows, ClassOids.LANGUAGE, PLPGSQL_LANGUAGE, extension.oid());
      }
    }
  }

  private static void dependency(RowSet rows, Catalog.ObjectAddress dependent, Catalog.ObjectAddress target, char kind) {
    rows.row().oid("classid", dependent.classOid()).oid("objid", dependent.objectOid()).set("objsubid", dependent.subId())
        .oid("refclassid", target.classOid()).oid("refobjid", target.objectOid()).set("refobjsubid", target.subId()).letter("deptype", kind);
  }

  private static void member(RowSet rows, int classOid, int objectOid, int extensionOid) {
    rows.row().oid("classid", classOid).oid("objid", objectOid).set("objsubid", 0).oid("refclassid", ClassOids.EXTENSION).oid("refobjid", extensionOid)
        .set("refobjsubid", 0).letter("deptype", 'e');
  }

  /// Comments of built-in objects and of users; a user's comment takes the place of a built-in one.
  private static void descriptions(RowSet rows, SystemContext c) {
    java.util.Set<Catalog.ObjectAddress> commented = new java.util.HashSet<>();
    for (Catalog.Comment comment : c.catalog().comments(false)) {
      commented.add(comment.target());
      Catalog.ObjectAddress target = comment.target();
      rows.row().oid("objoid", target.objectOid()).oid("classoid", target.classOid()).set("objsubid", target.subId()).set("description", comment.text());
    }
    for (io.heliosdb.nano.function.FactTable.Row fact : io.heliosdb.nano.function.BuiltinCatalog.facts("pg_description").rows()) {
      if (!commented.contains(Catalog.ObjectAddress.of(fact.oid(1), fact.oid(0)))) {
        rows.row().oid("objoid", fact.oid(0)).oid("classoid", fact.oid(1)).set("objsubid", 0).set("description", fact.get(3));
      }
    }
  }
}
