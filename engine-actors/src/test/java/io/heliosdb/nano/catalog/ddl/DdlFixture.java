package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.catalog.store.Bootstrap;
import io.heliosdb.nano.catalog.system.StandardObjects;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Runs DDL on a catalog without a store. Tables are taken to be empty unless named in `filled`. Expressions are not analyzed: a bound
/// expression's text is its syntax tree, and its columns are the column references in it.
final class DdlFixture implements DdlContext, DataWork, DdlExpressions {
  private static final Pattern COLUMN = Pattern.compile("ColumnReference\\[parts=\\[([a-z_0-9, ]+)]");

  private final AtomicLong versions = new AtomicLong();
  final CatalogBuilder catalog = new CatalogBuilder(CatalogSnapshot.empty(StandardObjects.get()), versions::incrementAndGet);
  final List<String> notices = new ArrayList<>();
  final List<String> work = new ArrayList<>();
  final Set<String> filled = new HashSet<>();
  Set<Catalog.ObjectAddress> viewDependencies = Set.of();
  private final AtomicLong oids = new AtomicLong(16384);
  private final AtomicLong storageIds = new AtomicLong(1000);
  private int temporaryNamespace;
  int user = Bootstrap.SUPERUSER;

  DdlFixture() {
    Bootstrap.fill(catalog, "postgres", "heliosdb");
  }

  /// Runs one statement; gives its tag. A failing one leaves the catalog as it was.
  String run(String sql) {
    ParsedStatement parsed = Parser.parse(sql).get(0);
    notices.clear();
    int mark = catalog.mark();
    try {
      return DdlExecutor.execute(parsed.statement(), this).tag();
    } catch (SqlException e) {
      catalog.rollbackTo(mark);
      throw e;
    }
  }

  /// `SQLSTATE message|detail|hint` of the error that the statement must raise.
  String error(String sql) {
    try {
      run(sql);
    } catch (SqlException e) {
      return e.state().code() + " " + e.getMessage() + (e.detail() == null ? "" : "|" + e.detail()) + (e.hint() == null ? "" : "|" + e.hint());
    }
    throw new AssertionError("no error: " + sql);
  }

  CatalogSnapshot snapshot() {
    return catalog.current();
  }

  Table table(String name) {
    return (Table) relation(name);
  }

  @Nullable Relation relation(String name) {
    return searchPath().relation(snapshot(), name);
  }

  List<String> constraints(String table) {
    return table(table).constraints().stream().map(Constraint::name).toList();
  }

  List<String> indexes(String table) {
    return snapshot().indexesOf(table(table).oid()).stream().map(Index::name).toList();
  }

  // DdlContext

  @Override
  public CatalogBuilder catalog() {
    return catalog;
  }

  @Override
  public SearchPath searchPath() {
    return SearchPath.of(List.of("public"), snapshot(), "postgres", temporaryNamespace);
  }

  @Override
  public int currentUser() {
    return user;
  }

  @Override
  public int sessionUser() {
    return user;
  }

  @Override
  public int nextOid() {
    return (int) oids.getAndIncrement();
  }

  @Override
  public long nextStorageId() {
    return storageIds.getAndIncrement();
  }

  @Override
  public int temporaryNamespace() {
    if (temporaryNamespace == 0) {
      temporaryNamespace = nextOid();
      catalog.put(new NamespaceObject(new Catalog.Namespace(temporaryNamespace, "pg_temp_1", Bootstrap.SUPERUSER, null), 0));
    }
    return temporaryNamespace;
  }

  @Override
  public void lockTable(int tableOid, TableLock mode) {}

  @Override
  public void lockName(int classOid, int namespaceOid, String name) {}

  @Override
  public void notice(String severity, SqlState state, String message, @Nullable String detail, @Nullable String hint) {
    notices.add(severity + " " + message + (detail == null ? "" : "|" + detail));
  }

  @Override
  public @Nullable String setting(String name) {
    return null;
  }

  @Override
  public DataWork data() {
    return this;
  }

  @Override
  public DdlExpressions expressions() {
    return this;
  }

  @Override
  public String moment(String text) {
    return text;
  }

  @Override
  public String passwordVerifier(String password) {
    return "verifier of " + password;
  }

  @Override
  public boolean inTransactionBlock() {
    return false;
  }

  // DataWork

  @Override
  public boolean buildIndex(Table table, Index index) {
    work.add("build " + index.name());
    return true;
  }

  @Override
  public void rewriteTable(Table before, Table after, Map<Integer, String> values) {
    work.add("rewrite " + after.name() + " " + values.keySet());
  }

  @Override
  public void checkConstraint(Table table, Constraint constraint) {
    work.add("check " + constraint.name());
  }

  @Override
  public void checkNotNull(Table table, List<Integer> attnums) {
    work.add("not null " + table.name() + attnums);
  }

  @Override
  public void validateForeignKey(Table table, Constraint constraint) {
    work.add("validate " + constraint.name());
  }

  @Override
  public void checkPartition(Table parent, Table partition) {
    work.add("partition " + partition.name());
  }

  @Override
  public void checkDomain(PgType domain, Table table, int attnum, @Nullable String checkExpression, boolean notNull) {
    work.add("domain " + table.name() + "." + attnum);
  }

  @Override
  public @Nullable Object evaluate(String expression, PgType type, int typmod) {
    Matcher literal = Pattern.compile("Literal\\[(?:value|text)=([^,\\]]*)").matcher(expression);
    return literal.find() ? TypeIo.parse(type, typmod, literal.group(1), IoContext.DEFAULT) : null;
  }

  @Override
  public long fill(Table target, Statement query) {
    return 3;
  }

  @Override
  public long fill(Table target, String definition) {
    return 3;
  }

  @Override
  public boolean isEmpty(Table table) {
    return !filled.contains(table.name());
  }

  @Override
  public void startSequence(Sequence sequence, long value, boolean called) {
    work.add("start " + sequence.name() + " " + value);
  }

  @Override
  public long[] sequenceState(Sequence sequence) {
    return new long[] {sequence.start(), 0};
  }

  @Override
  public void fireTruncateTriggers(Table table, boolean before) {}

  @Override
  public void release(long storageId, boolean index) {
    work.add("release " + storageId);
  }

  // DdlExpressions

  @Override
  public Bound bind(Expression expression, @Nullable Relation table, Use use, @Nullable PgType target, int typmod) {
    String text = expression.toString();
    List<Integer> columns = new ArrayList<>();
    Matcher matcher = COLUMN.matcher(text);
    while (matcher.find()) {
      String name = matcher.group(1);
      Relation.Column column = table == null ? null : Relations.column(table, name.substring(name.lastIndexOf(' ') + 1));
      if (column == null) {
        throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist");
      }
      columns.add(column.attnum());
    }
    boolean isVolatile = text.contains("random");
    return new Bound(text, target == null ? PgTypes.INT4 : target, typmod, 0, columns, isVolatile ? 'v' : 'i', Set.of());
  }

  @Override
  public Bound bindDomainCheck(Expression expression, PgType base, int typmod) {
    return new Bound(expression.toString(), PgTypes.BOOL, -1, 0, List.of(), 'i', Set.of());
  }

  @Override
  public BoundQuery bindQuery(Statement query, String text) {
    return new BoundQuery(List.of(new QueryColumn("a", PgTypes.INT4, -1, 0), new QueryColumn("b", PgTypes.TEXT, -1, 100)), text,
        viewDependencies, null);
  }

  @Override
  public java.util.function.Supplier<String> restateQuery(String text) {
    return () -> text;
  }

  @Override
  public java.util.function.Supplier<String> restate(String text, Relation table, Use use) {
    return () -> text;
  }

  @Override
  public java.util.function.Supplier<String> restateRule(String text, Relation relation, char event, boolean action) {
    return () -> text;
  }

  @Override
  public BoundRule bindRule(io.heliosdb.nano.parse.ast.RoutineDdl.CreateRule statement, Relation relation, char event) {
    return new BoundRule(null, statement.actionTexts(), Set.of());
  }

  @Override
  public void checkSqlFunction(FunctionDef function) {}

  @Override
  public void checkPlPgSqlFunction(FunctionDef function) {}

  @Override
  public String renameColumn(String text, Relation table, String from, String to) {
    return text.replace("[" + from + "]", "[" + to + "]");
  }

  @Override
  public LargeObject largeObject(int oid) {
    return null;
  }

  @Override
  public void putLargeObject(LargeObject object) {
    throw new UnsupportedOperationException();
  }
}
