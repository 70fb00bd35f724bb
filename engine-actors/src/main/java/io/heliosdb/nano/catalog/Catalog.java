package io.heliosdb.nano.catalog;

import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The catalog as one statement sees it: an immutable snapshot, plus the uncommitted DDL of its own transaction.
/// Lookups are O(1) or O(log n) and never touch the store. Safe to share between threads.
public interface Catalog extends TypeCatalog {
  int PG_CATALOG = 11;
  int INFORMATION_SCHEMA = 13207;
  int PUBLIC = 2200;

  /// Grows with each DDL commit on the branch; 0 for the empty catalog.
  long version();

  /// Version of any object: of a relation, type, function, role and so on; 0 for built-in ones, -1 when there is none.
  /// A cached plan holds (oid, version) pairs and is stale when one differs.
  long objectVersion(int oid);

  @Nullable Relation relation(int oid);

  @Nullable Relation relation(int namespaceOid, String name);

  Collection<? extends Relation> relations();

  /// Indexes of a table, in oid order.
  List<Relation.Index> indexesOf(int tableOid);

  /// Foreign keys of other tables that reference `tableOid`: (referencing table, constraint).
  List<ForeignKeyReference> referencesTo(int tableOid);

  record ForeignKeyReference(Relation.Table table, Relation.Constraint constraint) {}

  /// Direct partitions (or inheritance children) of a table.
  List<Relation.Table> childrenOf(int tableOid);

  @Nullable Namespace namespace(String name);

  @Nullable Namespace namespace(int oid);

  Collection<Namespace> namespaces();

  record Namespace(int oid, String name, int ownerOid, @Nullable List<Relation.AclItem> acl) {}

  @Nullable PgType type(int namespaceOid, String name);

  /// All types: built-in ones, user-made ones, row types, array types.
  Collection<PgType> types();

  /// Owner and privileges of a user-made type; null for built-in ones.
  @Nullable TypeDef typeDef(int typeOid);

  /// A user-made type as stored. Array types and row types have entries of their own.
  record TypeDef(PgType type, int ownerOid, @Nullable List<Relation.AclItem> acl, @Nullable TypeDetails details) {}

  /// Enum labels in order; domain constraints; range definition: see [TypeDetails].
  @Nullable TypeDetails typeDetails(int typeOid);

  sealed interface TypeDetails {}

  record EnumDetails(List<EnumLabel> labels) implements TypeDetails {}

  record EnumLabel(int oid, String label, float sortOrder) {}

  record DomainDetails(boolean notNull, @Nullable String defaultExpression, List<Relation.Constraint> checks) implements TypeDetails {}

  record RangeDetails(int subtypeOid, int multirangeOid, int collationOid, int canonicalFunction, int subtypeDiffFunction) implements TypeDetails {}

  /// All functions, procedures, aggregates of that name in a schema (built-in ones stand in PG_CATALOG).
  List<FunctionDef> functions(int namespaceOid, String name);

  @Nullable FunctionDef function(int oid);

  Collection<FunctionDef> functions();

  /// Privileges and SET options of a function; null for a built-in one whose privileges are the default.
  @Nullable FunctionDetails functionDetails(int oid);

  /// @param settings name → value of the function's SET clauses
  /// @param sqlBody deparsed SQL-standard body (BEGIN ATOMIC … or RETURN …), null for a string body
  record FunctionDetails(int oid, @Nullable List<Relation.AclItem> acl, java.util.Map<String, String> settings, @Nullable String sqlBody) {}

  List<OperatorDef> operators(int namespaceOid, String name);

  @Nullable OperatorDef operator(int oid);

  Collection<OperatorDef> operators();

  Collection<CastDef> casts();

  Collection<CollationDef> collations();

  /// A row of pg_operator; `left` 0 for prefix operators.
  record OperatorDef(int oid, int namespaceOid, String name, int left, int right, int result, int functionOid, int commutator, int negator,
      boolean canMerge, boolean canHash) {}

  /// A row of pg_cast: context `i` implicit, `a` assignment, `e` explicit; method `f` function, `b` binary coercible, `i` in/out.
  @Nullable CastDef cast(int sourceType, int targetType);

  record CastDef(int oid, int source, int target, int functionOid, char context, char method) {}

  @Nullable CollationDef collation(@Nullable String schema, String name, List<Integer> searchPath);

  @Nullable CollationDef collation(int oid);

  record CollationDef(int oid, int namespaceOid, String name, char provider, boolean deterministic, @Nullable String locale) {}

  @Nullable Role role(int oid);

  @Nullable Role role(String name);

  Collection<Role> roles();

  /// @param password verifier text (SCRAM-SHA-256$… or $argon2id$…), null for none
  /// @param connectionLimit most sessions of network clients at a time, -1 for no limit
  /// @param validUntil when the password stops working, a timestamptz as written in UTC; null for never
  record Role(int oid, String name, boolean superuser, boolean inherit, boolean createRole, boolean createDb, boolean canLogin, boolean replication,
      boolean bypassRls, int connectionLimit, @Nullable String password, @Nullable String validUntil, List<Membership> memberOf,
      java.util.Map<String, String> settings) {}

  record Membership(int roleOid, boolean adminOption, int grantorOid) {}

  /// Databases of the installation (shared by all branches).
  Collection<Database> databases();

  record Database(int oid, String name, int ownerOid, boolean isTemplate, boolean allowConnections, int connectionLimit,
      @Nullable List<Relation.AclItem> acl, java.util.Map<String, String> settings) {}

  Collection<Extension> extensions();

  record Extension(int oid, String name, int ownerOid, int namespaceOid, String extensionVersion, boolean relocatable) {}

  Collection<DefaultAcl> defaultAcls();

  /// ALTER DEFAULT PRIVILEGES: `namespaceOid` 0 for all schemas; `objectKind` r, S, f, T or n.
  record DefaultAcl(int oid, int roleOid, int namespaceOid, char objectKind, List<Relation.AclItem> acl) {}

  /// What an object needs: the entries of pg_depend for `address`, structural ones included.
  List<Dependency> dependenciesOf(ObjectAddress address);

  /// Who needs an object or one of its parts.
  List<ObjectAddress> dependentsOn(ObjectAddress address);

  /// An object by the system relation that lists it, its oid, and a part of it (column number), 0 for the whole.
  record ObjectAddress(int classOid, int objectOid, int subId) implements Comparable<ObjectAddress> {
    public static ObjectAddress of(int classOid, int objectOid) {
      return new ObjectAddress(classOid, objectOid, 0);
    }

    @Override
    public int compareTo(ObjectAddress other) {
      int order = Integer.compareUnsigned(objectOid, other.objectOid);
      order = order != 0 ? order : Integer.compare(classOid, other.classOid);
      return order != 0 ? order : Integer.compare(subId, other.subId);
    }
  }

  /// @param kind `n` normal, `a` automatic, `i` internal, `e` extension member, as pg_depend.deptype
  record Dependency(ObjectAddress target, char kind) {}

  Collection<Trigger> triggers();

  Collection<Policy> policies();

  @Nullable Trigger trigger(int oid);

  /// `timing` b/a/i (before, after, instead); `events` subset of "iudt"; `columns` of UPDATE OF; `when` SQL text; `parentOid` the trigger of
  /// the partitioned table that this one of a partition was made from, 0 for none.
  record Trigger(int oid, String name, int tableOid, int functionOid, char timing, String events, boolean forEachRow, List<Integer> columns,
      @Nullable String when, List<String> arguments, @Nullable String oldTable, @Nullable String newTable, boolean deferrable,
      boolean initiallyDeferred, char enabled, boolean constraintTrigger, int parentOid) {
    public Trigger withName(String newName) {
      return new Trigger(oid, newName, tableOid, functionOid, timing, events, forEachRow, columns, when, arguments, oldTable, newTable, deferrable,
          initiallyDeferred, enabled, constraintTrigger, parentOid);
    }

    public Trigger withWhen(@Nullable String condition) {
      return new Trigger(oid, name, tableOid, functionOid, timing, events, forEachRow, columns, condition, arguments, oldTable, newTable, deferrable,
          initiallyDeferred, enabled, constraintTrigger, parentOid);
    }

    public Trigger withEnabled(char state) {
      return new Trigger(oid, name, tableOid, functionOid, timing, events, forEachRow, columns, when, arguments, oldTable, newTable, deferrable,
          initiallyDeferred, state, constraintTrigger, parentOid);
    }
  }

  @Nullable Policy policy(int oid);

  Collection<Rule> rules();

  /// The rules of a relation in order of their names.
  default List<Rule> rulesOf(int relationOid) {
    Collection<Rule> all = rules();
    return all.isEmpty() ? List.of()
        : all.stream().filter(rule -> rule.relationOid() == relationOid).sorted(java.util.Comparator.comparing(Rule::name)).toList();
  }


  /// A rewrite rule other than a view's own.
  ///
  /// @param event i, u or d
  /// @param where condition over `old` and `new`, null for none
  /// @param actions statements over `old` and `new` as SQL; empty for NOTHING
  /// @param enabled O, D, R or A as in `pg_rewrite`
  record Rule(int oid, String name, int relationOid, char event, @Nullable String where, boolean instead, List<String> actions, char enabled) {
    public Rule {
      actions = List.copyOf(actions);
    }
  }

  record Policy(int oid, String name, int tableOid, boolean permissive, char command, List<Integer> roles, @Nullable String using, @Nullable String withCheck) {}

  /// COMMENT ON: by (classOid, objectOid, sub-object).
  @Nullable String comment(int classOid, int objectOid, int subId);

  /// A comment that a user made.
  record Comment(ObjectAddress target, String text) {}

  /// Comments on objects of the database, or on those shared by all databases.
  Collection<Comment> comments(boolean shared);

  /// Statistics of a table as ANALYZE or the change counters left them; never null.
  TableStatistics statistics(int tableOid);

  /// @param rows estimated live rows, -1 unknown
  record TableStatistics(double rows, double averageRowBytes, java.util.Map<Integer, ColumnStatistics> columns) {
    public static final TableStatistics UNKNOWN = new TableStatistics(-1, 64, java.util.Map.of());
  }

  /// @param distinct number of distinct values; negative: fraction of rows
  record ColumnStatistics(double nullFraction, double distinct, double averageWidth, List<Object> mostCommon, List<Double> mostCommonFrequencies, List<Object> histogram, double correlation) {}
}
