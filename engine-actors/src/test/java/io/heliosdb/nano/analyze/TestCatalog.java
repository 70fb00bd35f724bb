package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.BuiltinObjects;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A catalog in memory with the built-in objects and a few tables, for tests of the analyzer.
final class TestCatalog {
  static final int OWNER = 10;
  private final AtomicLong versions = new AtomicLong(1);
  final CatalogBuilder builder = new CatalogBuilder(CatalogSnapshot.empty(new Builtins()), versions::incrementAndGet);
  private int nextOid = 16384;

  TestCatalog() {
    builder.put(new CatalogObject.NamespaceObject(new Catalog.Namespace(Catalog.PG_CATALOG, "pg_catalog", OWNER, null), 0));
    builder.put(new CatalogObject.NamespaceObject(new Catalog.Namespace(Catalog.PUBLIC, "public", OWNER, null), 0));
    builder.put(
        new CatalogObject.RoleObject(
            new Catalog.Role(OWNER, "postgres", true, true, true, true, true, true, true, -1, null, null, List.of(), java.util.Map.of()), 0));
    builder.put(
        new CatalogObject.RoleObject(
            new Catalog.Role(20, "alice", false, true, false, false, true, false, false, -1, null, null, List.of(), java.util.Map.of()), 0));
  }

  Catalog catalog() {
    return builder.current();
  }

  AnalyzerContext context() {
    IoContext io = IoContext.DEFAULT;
    return AnalyzerContext.of(catalog(), List.of(Catalog.PG_CATALOG, Catalog.PUBLIC), OWNER, io);
  }

  int oid() {
    return nextOid++;
  }

  /// Columns as `name type [pk] [nn] [=default] [~generated] [always|bydefault]`, separated by semicolons.
  Relation.Table table(String name, String columns) {
    int oid = oid();
    int rowType = oid();
    TableBuilder table = new TableBuilder(oid, name, Catalog.PUBLIC);
    table.ownerOid = OWNER;
    table.rowTypeOid = rowType;
    table.storageId = oid;
    Analysis analysis = new Analysis(context());
    List<Integer> key = new ArrayList<>();
    for (String column : columns.split(";")) {
      String[] parts = column.strip().split("\\s+", 3);
      int attnum = table.columns.size() + 1;
      ColumnBuilder builder = new ColumnBuilder(parts[0], attnum, 0);
      AnalysisTypes.Typed type = analysis.types.resolve(Parser.parseTypeName(parts[1]));
      builder.type(type.type().oid(), type.typmod(), type.type().collationOid());
      for (String option : parts.length > 2 ? parts[2].split("\\s+") : new String[0]) {
        if (option.equals("pk")) {
          key.add(attnum);
          builder.notNull(true);
        } else if (option.equals("nn")) {
          builder.notNull(true);
        } else if (option.startsWith("=")) {
          builder.defaultValue(option.substring(1), oid());
        } else if (option.startsWith("~")) {
          builder.defaultValue(option.substring(1), oid());
          builder.generated = 's';
        } else if (option.equals("always")) {
          builder.identity = 'a';
          builder.notNull(true);
        } else if (option.equals("bydefault")) {
          builder.identity = 'd';
          builder.notNull(true);
        } else if (option.equals("dropped")) {
          builder.dropped = true;
        }
      }
      table.columns.add(builder.build());
    }
    table.primaryKey = key;
    if (!key.isEmpty()) {
      unique(table, name + "_pkey", true, key);
    }
    Relation.Table built = table.build();
    builder.put(new CatalogObject.TypeObject(typeDef(PgType.ofComposite(rowType, name, Catalog.PUBLIC, oid, 0)), 0));
    builder.put(new CatalogObject.RelationObject(built));
    return built;
  }

  private static Catalog.TypeDef typeDef(PgType type) {
    return new Catalog.TypeDef(type, OWNER, null, null);
  }

  private void unique(TableBuilder table, String name, boolean primary, List<Integer> columns) {
    int oid = oid();
    int constraint = oid();
    List<Relation.Index.Key> keys = new ArrayList<>();
    for (int attnum : columns) {
      keys.add(new Relation.Index.Key(attnum, null, table.columns.get(attnum - 1).typeOid(), 0, null, false, false));
    }
    table.indexOids.add(oid);
    table.constraints.add(
        new Relation.Constraint(
            constraint, name, primary ? Relation.Constraint.Kind.PRIMARY_KEY : Relation.Constraint.Kind.UNIQUE, columns, null, oid, 0, List.of(), 'a',
            'a', 's', List.of(), false, false, true, false, true, 0, 0));
    builder.put(
        new CatalogObject.RelationObject(
            new Relation.Index(
                oid, name, Catalog.PUBLIC, OWNER, 0, table.oid, oid, "btree", true, primary, false, true, true, keys, keys.size(), null, constraint, 0,
                List.of(), java.util.Map.of())));
  }

  Relation.View view(String name, String definition, String @Nullable ... columns) {
    int oid = oid();
    AnalyzedStatement analyzed = Analyzer.analyze((io.heliosdb.nano.parse.ast.SelectStatement) Parser.parse(definition).getFirst().statement(), context());
    List<Relation.Column> list = new ArrayList<>();
    for (var column : analyzed.columns()) {
      ColumnBuilder b = new ColumnBuilder(columns.length > list.size() ? columns[list.size()] : column.name(), list.size() + 1, column.type().oid());
      b.type(column.type().oid(), column.typmod(), column.collation());
      list.add(b.build());
    }
    Relation.View view =
        new Relation.View(
            oid, name, Catalog.PUBLIC, OWNER, 0, Relation.Persistence.PERMANENT, list, definition, oid(), 0, List.of(), null, false, false, null,
            java.util.Map.of());
    builder.put(new CatalogObject.TypeObject(typeDef(PgType.ofComposite(view.rowTypeOid(), name, Catalog.PUBLIC, oid, 0)), 0));
    builder.put(new CatalogObject.RelationObject(view));
    return view;
  }

  /// The built-in functions, operators, casts and types; no system relations.
  private static final class Builtins implements BuiltinObjects {
    @Override
    public Relation.@Nullable SystemRelation relation(int oid) {
      return null;
    }

    @Override
    public Relation.@Nullable SystemRelation relation(int namespaceOid, String name) {
      return null;
    }

    @Override
    public Collection<Relation.SystemRelation> relations() {
      return List.of();
    }

    @Override
    public @Nullable PgType type(int oid) {
      return PgTypes.byOid(oid);
    }

    @Override
    public @Nullable PgType type(int namespaceOid, String name) {
      return namespaceOid == Catalog.PG_CATALOG ? PgTypes.byName(name) : null;
    }

    @Override
    public Collection<PgType> types() {
      return PgTypes.all();
    }

    @Override
    public List<FunctionDef> functions(int namespaceOid, String name) {
      return BuiltinCatalog.functions(namespaceOid, name);
    }

    @Override
    public @Nullable FunctionDef function(int oid) {
      return BuiltinCatalog.function(oid);
    }

    @Override
    public Collection<FunctionDef> functions() {
      return BuiltinCatalog.functions();
    }

    @Override
    public List<Catalog.OperatorDef> operators(String name) {
      return BuiltinCatalog.operators(name);
    }

    @Override
    public Catalog.@Nullable OperatorDef operator(int oid) {
      return BuiltinCatalog.operator(oid);
    }

    @Override
    public Collection<Catalog.OperatorDef> operators() {
      return BuiltinCatalog.operators();
    }

    @Override
    public Catalog.@Nullable CastDef cast(int sourceType, int targetType) {
      return BuiltinCatalog.cast(sourceType, targetType);
    }

    @Override
    public Collection<Catalog.CastDef> casts() {
      return BuiltinCatalog.casts();
    }

    @Override
    public Catalog.@Nullable CollationDef collation(String name) {
      return BuiltinCatalog.collation(name);
    }

    @Override
    public Catalog.@Nullable CollationDef collation(int oid) {
      return BuiltinCatalog.collation(oid);
    }

    @Override
    public Collection<Catalog.CollationDef> collations() {
      return BuiltinCatalog.collations();
    }
  }
}
