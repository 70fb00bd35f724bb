package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.BuiltinObjects;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.CastDef;
import io.heliosdb.nano.catalog.Catalog.CollationDef;
import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.SystemRelation;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The built-in objects of a PostgreSQL 15 database with PostgreSQL's oids. Immutable after construction.
public final class StandardObjects implements BuiltinObjects {
  /// Built-in functions, operators and casts, which the function package defines.
  public interface Routines {
    List<FunctionDef> functions(int namespaceOid, String name);

    @Nullable FunctionDef function(int oid);

    Collection<FunctionDef> functions();

    List<OperatorDef> operators(String name);

    @Nullable OperatorDef operator(int oid);

    Collection<OperatorDef> operators();

    @Nullable CastDef cast(int sourceType, int targetType);

    Collection<CastDef> casts();
  }

  private static final class Standard {
    static final StandardObjects INSTANCE = new StandardObjects(new BuiltinRoutines());
  }

  private final Routines routines;
  private final Map<Integer, SystemRelation> relations = new TreeMap<>(Integer::compareUnsigned);
  private final Map<Integer, Map<String, SystemRelation>> relationsByName = new HashMap<>();
  private final Map<Integer, PgType> rowTypes = new HashMap<>();
  private final Map<Integer, Map<String, PgType>> typesByName = new HashMap<>();
  private final List<PgType> types;

  /// The standard objects, loaded on first use.
  public static StandardObjects get() {
    return Standard.INSTANCE;
  }

  public StandardObjects(Routines routines) {
    this.routines = routines;
    loadRelations();
    List<PgType> all = new ArrayList<>(PgTypes.all());
    rowTypes.values().stream().sorted((a, b) -> Integer.compareUnsigned(a.oid(), b.oid())).forEach(all::add);
    types = Collections.unmodifiableList(all);
    for (PgType type : types) {
      typesByName.computeIfAbsent(type.namespaceOid(), oid -> new HashMap<>()).put(type.name(), type);
    }
  }

  private void loadRelations() {
    Map<Integer, List<Relation.Column>> columns = new HashMap<>();
    for (String[] f : FactTable.read("columns.tsv")) {
      List<Relation.Column> list = columns.computeIfAbsent(Integer.parseInt(f[0]), oid -> new ArrayList<>());
      ColumnBuilder column = new ColumnBuilder(f[1], list.size() + 1, Integer.parseInt(f[2]));
      column.typmod = Integer.parseInt(f[3]);
      column.notNull = f[4].equals("1");
      column.collationOid = Integer.parseInt(f[5]);
      list.add(column.build());
    }
    for (String[] f : FactTable.read("relations.tsv")) {
      int oid = Integer.parseInt(f[0]);
      int namespaceOid = Integer.parseInt(f[2]);
      int rowType = Integer.parseInt(f[4]);
      int arrayType = Integer.parseInt(f[5]);
      SystemRelation relation =
          new SystemRelation(oid, f[1], namespaceOid, f[3].charAt(0), List.copyOf(columns.getOrDefault(oid, List.of())), rowType);
      relations.put(oid, relation);
      relationsByName.computeIfAbsent(namespaceOid, ns -> new HashMap<>()).put(f[1], relation);
      if (PgTypes.byOid(rowType) == null) {
        addRowType(rowType, f[1], namespaceOid, oid, arrayType);
      } else if (arrayType != 0 && PgTypes.byOid(arrayType) == null) {
        rowTypes.put(arrayType, PgType.ofArray(arrayType, "_" + f[1], PgTypes.byOid(rowType)));
      }
    }
  }

  private void addRowType(int oid, String name, int namespaceOid, int relationOid, int arrayOid) {
    PgType rowType = PgType.ofComposite(oid, name, namespaceOid, relationOid, arrayOid);
    rowTypes.put(oid, rowType);
    if (arrayOid != 0 && PgTypes.byOid(arrayOid) == null) {
      rowTypes.put(arrayOid, PgType.ofArray(arrayOid, "_" + name, rowType));
    }
  }

  @Override
  public @Nullable SystemRelation relation(int oid) {
    return relations.get(oid);
  }

  @Override
  public @Nullable SystemRelation relation(int namespaceOid, String name) {
    Map<String, SystemRelation> names = relationsByName.get(namespaceOid);
    return names == null ? null : names.get(name);
  }

  @Override
  public Collection<SystemRelation> relations() {
    return Collections.unmodifiableCollection(relations.values());
  }

  @Override
  public @Nullable PgType type(int oid) {
    PgType type = PgTypes.byOid(oid);
    return type != null ? type : rowTypes.get(oid);
  }

  @Override
  public @Nullable PgType type(int namespaceOid, String name) {
    Map<String, PgType> names = typesByName.get(namespaceOid);
    return names == null ? null : names.get(name);
  }

  @Override
  public Collection<PgType> types() {
    return types;
  }

  @Override
  public List<FunctionDef> functions(int namespaceOid, String name) {
    return namespaceOid == Catalog.PG_CATALOG || namespaceOid == Catalog.INFORMATION_SCHEMA
        ? routines.functions(namespaceOid, name) : List.of();
  }

  @Override
  public @Nullable FunctionDef function(int oid) {
    return routines.function(oid);
  }

  @Override
  public Collection<FunctionDef> functions() {
    return routines.functions();
  }

  @Override
  public List<OperatorDef> operators(String name) {
    return routines.operators(name);
  }

  @Override
  public @Nullable OperatorDef operator(int oid) {
    return routines.operator(oid);
  }

  @Override
  public Collection<OperatorDef> operators() {
    return routines.operators();
  }

  @Override
  public @Nullable CastDef cast(int sourceType, int targetType) {
    return routines.cast(sourceType, targetType);
  }

  @Override
  public Collection<CastDef> casts() {
    return routines.casts();
  }

  @Override
  public @Nullable CollationDef collation(String name) {
    return BuiltinCatalog.collation(name);
  }

  @Override
  public @Nullable CollationDef collation(int oid) {
    return BuiltinCatalog.collation(oid);
  }

  @Override
  public Collection<CollationDef> collations() {
    return BuiltinCatalog.collations();
  }
}
