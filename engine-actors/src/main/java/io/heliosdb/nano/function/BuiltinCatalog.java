package io.heliosdb.nano.function;

import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.catalog.Catalog.CastDef;
import io.heliosdb.nano.catalog.Catalog.CollationDef;
import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The functions, operators, casts, aggregates and collations that exist without anyone creating them: PostgreSQL's and our own.
///
/// The facts stand in resources beside this class (`pg_proc.tsv` and so on from the catalog of PostgreSQL 15, `own_*.tsv` ours,
/// oids 8000 to 9999). Nothing is read before it is asked for, and then only the rows asked for: a statement that uses three
/// functions parses a handful of rows. What was parsed is kept; all of it is a few MB. Thread-safe.
///
/// System views read the plain rows with [#facts].
public final class BuiltinCatalog {
  public static final int PG_CATALOG = 11;

  private static final Map<String, FactTable> TABLES = new ConcurrentHashMap<>();
  private static final Map<String, List<FunctionDef>> FUNCTIONS = new ConcurrentHashMap<>();
  private static final Map<Integer, FunctionDef> FUNCTIONS_BY_OID = new ConcurrentHashMap<>();
  private static final Map<String, List<OperatorDef>> OPERATORS = new ConcurrentHashMap<>();

  private BuiltinCatalog() {}

  /// An aggregate's row in `pg_aggregate`; function oids 0 for none.
  ///
  /// @param kind `n` normal, `o` ordered-set, `h` hypothetical-set
  public record AggregateDef(int functionOid, char kind, int directArgumentCount, int transitionFunction, int finalFunction,
      int combineFunction, int sortOperator, int transitionType, @Nullable String initialValue) {}

  /// The rows of one fact table: `pg_proc`, `pg_operator`, `pg_cast`, `pg_aggregate`, `pg_am`, `pg_opfamily`, `pg_opclass`,
  /// `pg_amop`, `pg_amproc`, `pg_collation`, `pg_language`, `pg_conversion`, `pg_ts_config`, `pg_ts_config_map`, `pg_ts_dict`,
  /// `pg_ts_parser`, `pg_ts_template`, `pg_description`, and `own_proc`, `own_operator`, `own_cast`, `own_body`.
  public static FactTable facts(String table) {
    return TABLES.computeIfAbsent(table, FactTable::load);
  }

  // Functions

  /// All built-in functions of that name in `pg_catalog`.
  public static List<FunctionDef> functions(String name) {
    return functions(PG_CATALOG, name);
  }

  /// All built-in functions of that name in a schema (`pg_catalog` or `information_schema`).
  public static List<FunctionDef> functions(int namespaceOid, String name) {
    List<FunctionDef> all = functionsOfAnySchema(name);
    if (all.isEmpty() || all.size() == 1 && all.getFirst().namespaceOid() == namespaceOid) {
      return all;
    }
    return all.stream().filter(f -> f.namespaceOid() == namespaceOid).toList();
  }

  private static List<FunctionDef> functionsOfAnySchema(String name) {
    List<FunctionDef> known = FUNCTIONS.get(name);
    if (known != null) {
      return known;
    }
    List<FactTable.Row> rows = facts("pg_proc").rowsOf(name);
    List<FactTable.Row> own = facts("own_proc").rowsOf(name);
    if (rows.isEmpty() && own.isEmpty()) {
      // Unknown names come from users: they are not remembered, so the map stays bounded by the facts.
      return List.of();
    }
    List<FunctionDef> made = new ArrayList<>(rows.size() + own.size());
    rows.forEach(row -> made.add(function(row)));
    own.forEach(row -> made.add(function(row)));
    return remember(name, List.copyOf(made));
  }

  /// Whoever sees a name's list finds all its functions by oid too: the oids are entered first, under the lock of the name.
  private static List<FunctionDef> remember(String name, List<FunctionDef> made) {
    return FUNCTIONS.computeIfAbsent(name, absent -> {
      made.forEach(f -> FUNCTIONS_BY_OID.put(f.oid(), f));
      return made;
    });
  }

  /// The built-in function of that oid, or null.
  public static @Nullable FunctionDef function(int oid) {
    FunctionDef known = FUNCTIONS_BY_OID.get(oid);
    if (known != null || oid <= 0 || oid >= 16384) {
      return known;
    }
    FactTable.Row row = facts("pg_proc_oid").rowOf(oid);
    if (row != null) {
      functionsOfAnySchema(row.text(1));
    } else if (oid >= 8000 && oid < 10000) {
      facts("own_proc").rows().forEach(r -> functionsOfAnySchema(r.text(0)));
    }
    return FUNCTIONS_BY_OID.get(oid);
  }

  /// Every built-in function; parses the whole table.
  public static Collection<FunctionDef> functions() {
    return AllFunctions.LIST;
  }

  private static final class AllFunctions {
    static final List<FunctionDef> LIST = load();

    private static List<FunctionDef> load() {
      Map<String, List<FunctionDef>> byName = new LinkedHashMap<>();
      for (String table : List.of("pg_proc", "own_proc")) {
        for (FactTable.Row row : facts(table).rows()) {
          List<FunctionDef> known = FUNCTIONS.get(row.text(0));
          if (known != null) {
            byName.putIfAbsent(row.text(0), known);
          } else {
            byName.computeIfAbsent(row.text(0), n -> new ArrayList<>()).add(function(row));
          }
        }
      }
      List<FunctionDef> all = new ArrayList<>(3400);
      byName.forEach((name, list) -> all.addAll(remember(name, List.copyOf(list))));
      return List.copyOf(all);
    }
  }

  private static FunctionDef function(FactTable.Row row) {
    String name = row.text(0);
    char kind = row.letter(3);
    String flags = row.text(6);
    String allTypes = row.get(12);
    String names = row.get(14);
    String defaults = row.get(15);
    int language = row.oid(16);
    return new FunctionDef(row.oid(1), row.oid(2), name, kind, oids(row.text(11)), allTypes == null ? null : oids(allTypes),
        row.get(13), names == null ? null : List.of(names.split(",", -1)), row.oid(9),
        defaults == null ? List.of() : Arrays.asList(defaults.split("\\|")), row.oid(10), flags.indexOf('r') >= 0,
        flags.indexOf('s') >= 0, row.letter(4), row.letter(5), flags.indexOf('l') >= 0, flags.indexOf('d') >= 0, language, 10,
        Float.parseFloat(row.text(7)), Float.parseFloat(row.text(8)), body(row, name, kind, language));
  }

  /// The symbol is `prosrc`, except that aggregates share one there and are told apart by `agg:name`; and functions that
  /// PostgreSQL writes in SQL run natively as `sql:name`, save those of `information_schema`.
  private static FunctionDef.Body body(FactTable.Row row, String name, char kind, int language) {
    if (kind == 'a') {
      return new FunctionDef.BuiltinBody("agg:" + name);
    }
    if (language != SQL_LANGUAGE) {
      String symbol = row.text(17);
      List<FactTable.Row> query = symbol.startsWith("pg_") || symbol.startsWith("show_") ? facts("own_body").rowsOf(symbol) : List.of();
      return query.isEmpty() ? new FunctionDef.BuiltinBody(symbol) : new FunctionDef.SqlBody(query.getFirst().text(1));
    }
    if (row.oid(2) == PG_CATALOG) {
      return new FunctionDef.BuiltinBody("sql:" + name);
    }
    String body = row.get(18);
    return new FunctionDef.SqlBody(body != null ? body : row.text(17));
  }

  private static final int SQL_LANGUAGE = 14;

  private static List<Integer> oids(String list) {
    if (list.isEmpty()) {
      return List.of();
    }
    String[] parts = list.split(" ");
    Integer[] oids = new Integer[parts.length];
    for (int i = 0; i < parts.length; i++) {
      oids[i] = Integer.valueOf(parts[i]);
    }
    return List.of(oids);
  }

  // Aggregates

  /// The `pg_aggregate` row of a built-in aggregate, or null.
  public static @Nullable AggregateDef aggregate(int functionOid) {
    return Aggregates.BY_OID.get(functionOid);
  }

  private static final class Aggregates {
    static final Map<Integer, AggregateDef> BY_OID = load();

    private static Map<Integer, AggregateDef> load() {
      Map<Integer, AggregateDef> map = new HashMap<>();
      FactTable table = facts("pg_aggregate");
      int sort = table.column("aggsortop");
      int type = table.column("aggtranstype");
      int initial = table.column("agginitval");
      for (FactTable.Row row : table.rows()) {
        map.put(row.oid(0), new AggregateDef(row.oid(0), row.letter(1), row.oid(2), row.oid(3), row.oid(4), row.oid(5), row.oid(sort),
            row.oid(type), row.get(initial)));
      }
      for (FactTable.Row row : facts("own_proc").rows()) {
        if (row.letter(3) == 'a') {
          map.put(row.oid(1), new AggregateDef(row.oid(1), 'n', 0, 0, 0, 0, 0, 2281, null));
        }
      }
      return map;
    }
  }

  // Operators

  /// All built-in operators of that name; all stand in `pg_catalog`.
  public static List<OperatorDef> operators(String name) {
    List<OperatorDef> known = OPERATORS.get(name);
    if (known != null) {
      return known;
    }
    List<OperatorDef> made = new ArrayList<>();
    for (String table : List.of("pg_operator", "own_operator")) {
      facts(table).rowsOf(name).forEach(row -> made.add(operator(row)));
    }
    if (made.isEmpty()) {
      return List.of();
    }
    List<OperatorDef> copy = List.copyOf(made);
    List<OperatorDef> earlier = OPERATORS.putIfAbsent(name, copy);
    return earlier == null ? copy : earlier;
  }

  private static OperatorDef operator(FactTable.Row row) {
    return new OperatorDef(row.oid(1), row.oid(2), row.text(0), row.oid(6), row.oid(7), row.oid(8), row.oid(11), row.oid(9), row.oid(10),
        row.flag(4), row.flag(5));
  }

  /// The built-in operator of that oid, or null.
  public static @Nullable OperatorDef operator(int oid) {
    return AllOperators.BY_OID.get(oid);
  }

  public static Collection<OperatorDef> operators() {
    return AllOperators.BY_OID.values();
  }

  private static final class AllOperators {
    static final Map<Integer, OperatorDef> BY_OID = load();

    private static Map<Integer, OperatorDef> load() {
      Map<Integer, OperatorDef> map = new LinkedHashMap<>();
      for (String table : List.of("pg_operator", "own_operator")) {
        for (FactTable.Row row : facts(table).rows()) {
          for (OperatorDef def : operators(row.text(0))) {
            map.put(def.oid(), def);
          }
        }
      }
      return java.util.Collections.unmodifiableMap(map);
    }
  }

  // Casts

  /// The built-in cast between exactly these types, or null. A cast of a type to itself applies its length.
  public static @Nullable CastDef cast(int sourceType, int targetType) {
    return Casts.BY_TYPES.get(Casts.key(sourceType, targetType));
  }

  public static Collection<CastDef> casts() {
    return Casts.BY_TYPES.values();
  }

  private static final class Casts {
    static final Map<Long, CastDef> BY_TYPES = load();

    static long key(int source, int target) {
      return (long) source << 32 | Integer.toUnsignedLong(target);
    }

    private static Map<Long, CastDef> load() {
      Map<Long, CastDef> map = new LinkedHashMap<>();
      for (String table : List.of("pg_cast", "own_cast")) {
        for (FactTable.Row row : facts(table).rows()) {
          map.put(key(row.oid(0), row.oid(1)),
              new CastDef(row.oid(2), row.oid(0), row.oid(1), row.oid(3), row.letter(4), row.letter(5)));
        }
      }
      return java.util.Collections.unmodifiableMap(map);
    }
  }

  // Collations

  /// The built-in collations: default, C, POSIX, ucs_basic and ICU's.
  public static Collection<CollationDef> collations() {
    return CollationsHolder.BY_OID.values();
  }

  public static @Nullable CollationDef collation(int oid) {
    return CollationsHolder.BY_OID.get(oid);
  }

  public static @Nullable CollationDef collation(String name) {
    return CollationsHolder.BY_NAME.get(name);
  }

  static {
    // Collations are compared by oid, far from any catalog.
    Collations.builtins(oid -> {
      CollationDef found = collation(oid);
      return found == null || found.provider() != 'i' ? null : new Collations.IcuCollation(found.locale(), found.deterministic(), null);
    });
  }

  private static final class CollationsHolder {
    static final Map<Integer, CollationDef> BY_OID = new LinkedHashMap<>();
    static final Map<String, CollationDef> BY_NAME = new HashMap<>();

    static {
      FactTable table = facts("pg_collation");
      for (FactTable.Row row : table.rows()) {
        String locale = row.get(9) != null ? row.get(9) : row.get(7);
        CollationDef def = new CollationDef(row.oid(0), row.oid(2), row.text(1), row.letter(4), row.flag(5), locale);
        BY_OID.put(def.oid(), def);
        BY_NAME.putIfAbsent(def.name(), def);
      }
    }
  }

  // Descriptions

  /// The comment on a built-in object, or null: `classOid` is the oid of the system relation that lists it.
  public static @Nullable String description(int classOid, int objectOid) {
    FactTable table = facts("pg_description");
    FactTable.Row row = table.rowOf(objectOid);
    if (row != null && row.oid(1) == classOid) {
      return row.get(3);
    }
    if (row == null) {
      return classOid == 1255 && objectOid >= 8000 && objectOid < 10000 ? ownDescription(objectOid) : null;
    }
    // Several system relations use the same oid: rare enough to look at all rows.
    for (FactTable.Row other : table.rows()) {
      if (other.oid(0) == objectOid && other.oid(1) == classOid) {
        return other.get(3);
      }
    }
    return null;
  }

  private static @Nullable String ownDescription(int oid) {
    for (FactTable.Row row : facts("own_proc").rows()) {
      if (row.oid(1) == oid) {
        return row.get("description");
      }
    }
    return null;
  }
}
