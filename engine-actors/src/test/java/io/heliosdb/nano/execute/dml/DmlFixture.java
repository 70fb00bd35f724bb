package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.catalog.store.Bootstrap;
import io.heliosdb.nano.catalog.system.StandardObjects;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.ExecutionServices;
import io.heliosdb.nano.execute.MemoryAccount;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.SessionServices;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.txn.Counters;
import io.heliosdb.nano.txn.EngineOptions;
import io.heliosdb.nano.txn.EngineSystem;
import io.heliosdb.nano.txn.IsolationLevel;
import io.heliosdb.nano.txn.LockOutcome;
import io.heliosdb.nano.txn.SessionEnvironment;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.txn.TransactionOptions;
import io.heliosdb.nano.txn.TxnSession;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A store in memory, a catalog built by hand, and clients that write rows through the code under test.
final class DmlFixture implements AutoCloseable {
  /// A session of the superuser whose settings are all unset; anything else that it is asked for is a mistake of the test.
  private static final SessionServices SETTINGS = (SessionServices) Proxy.newProxyInstance(
      DmlFixture.class.getClassLoader(), new Class<?>[] {SessionServices.class}, (proxy, method, arguments) -> {
        if (method.getName().equals("setting")) {
          return null;
        }
        if (method.getName().equals("currentUserOid")) {
          return Bootstrap.SUPERUSER;
        }
        throw new UnsupportedOperationException(method.getName());
      });

  final EngineSystem engine = EngineSystem.open(new EngineOptions(StoreOptions.inMemory()));
  final WriteTargets targets = new WriteTargets();
  private final AtomicLong versions = new AtomicLong(1);
  final CatalogBuilder catalog = new CatalogBuilder(CatalogSnapshot.empty(StandardObjects.get()), versions::incrementAndGet);
  private final AtomicInteger oids = new AtomicInteger(20_000);
  private final AtomicInteger pids = new AtomicInteger(1);
  TriggerFunctions triggerFunctions = TriggerFunctions.NONE;

  DmlFixture() {
    Bootstrap.fill(catalog, "postgres", "test");
  }

  int oid() {
    return oids.incrementAndGet();
  }

  @Override
  public void close() {
    engine.close();
  }

  // ---- tables ----

  /// Columns as `name type [nn] [~generated] [=default]`, separated by semicolons; expressions without blanks.
  TableBuilder define(String name, String columns) {
    TableBuilder table = new TableBuilder(oid(), name, Catalog.PUBLIC);
    table.ownerOid = 10;
    table.storageId = oid();
    for (String text : columns.split(";")) {
      String[] parts = text.strip().split("\\s+");
      PgType type = catalog.current().find(null, parts[1]);
      ColumnBuilder column = new ColumnBuilder(parts[0], table.columns.size() + 1, type.oid());
      column.type(type.oid(), -1, type.collationOid());
      for (int i = 2; i < parts.length; i++) {
        if (parts[i].equals("nn")) {
          column.notNull(true);
        } else if (parts[i].startsWith("~")) {
          column.defaultValue(parts[i].substring(1), oid());
          column.generated = 's';
        } else if (parts[i].startsWith("=")) {
          column.defaultValue(parts[i].substring(1), oid());
        }
      }
      table.columns.add(column.build());
    }
    return table;
  }

  Relation.Table put(TableBuilder table) {
    catalog.put(new CatalogObject.RelationObject(table.build()));
    return (Relation.Table) catalog.current().relation(table.oid);
  }

  Relation.Table table(String name) {
    return (Relation.Table) catalog.current().relation(Catalog.PUBLIC, name);
  }

  void primaryKey(TableBuilder table, Integer... columns) {
    table.primaryKey = new ArrayList<>(List.of(columns));
    for (int attnum : columns) {
      table.replaceColumn(new ColumnBuilder(table.columns.get(attnum - 1)).notNull(true).build());
    }
    index(table, table.name + "_pkey", "unique primary", null, columns);
  }

  /// @param options of `unique`, `primary`, `nnd` (NULLS NOT DISTINCT), `deferrable`, `deferred`
  void index(TableBuilder table, String name, String options, @Nullable String predicate, Integer... columns) {
    boolean primary = options.contains("primary");
    boolean deferrable = options.contains("defer");
    int oid = oid();
    int constraint = options.contains("unique") && predicate == null ? oid() : 0;
    List<Relation.Index.Key> keys = new ArrayList<>();
    for (int attnum : columns) {
      Relation.Column column = table.columns.get(attnum - 1);
      keys.add(new Relation.Index.Key(attnum, null, column.typeOid(), column.collationOid(), null, false, false));
    }
    catalog.put(new CatalogObject.RelationObject(new Relation.Index(oid, name, Catalog.PUBLIC, 10, 0, table.oid, primary ? 0 : oid(), "btree",
        options.contains("unique"), primary, options.contains("nnd"), !deferrable, true, keys, keys.size(), predicate, constraint, 0, List.of(),
        Map.of())));
    table.indexOids.add(oid);
    if (constraint != 0) {
      table.constraints.add(constraint(constraint, name, primary ? Constraint.Kind.PRIMARY_KEY : Constraint.Kind.UNIQUE, List.of(columns), null, oid, 0,
          List.of(), 'a', 'a', 's', deferrable, options.contains("deferred")));
    }
  }

  void check(TableBuilder table, String name, String expression) {
    table.constraints.add(constraint(oid(), name, Constraint.Kind.CHECK, List.of(), expression, 0, 0, List.of(), 'a', 'a', 's', false, false));
  }

  /// @param actions ON DELETE, ON UPDATE, MATCH, as letters
  void foreignKey(TableBuilder table, String name, List<Integer> columns, int referenced, List<Integer> referencedColumns, String actions,
      boolean deferred) {
    table.constraints.add(constraint(oid(), name, Constraint.Kind.FOREIGN_KEY, columns, null, 0, referenced, referencedColumns, actions.charAt(1),
        actions.charAt(0), actions.charAt(2), deferred, deferred));
  }

  private static Constraint constraint(int oid, String name, Constraint.Kind kind, List<Integer> columns, @Nullable String expression, int index,
      int referenced, List<Integer> referencedColumns, char onUpdate, char onDelete, char match, boolean deferrable, boolean deferred) {
    return new Constraint(oid, name, kind, columns, expression, index, referenced, referencedColumns, onUpdate, onDelete, match, List.of(), deferrable,
        deferred, true, false, true, 0, 0);
  }

  Client client() {
    return new Client();
  }

  /// A session that writes rows. Confined to one thread.
  final class Client implements AutoCloseable, ExecutionServices, DmlServices, CallContext {
    final CancelToken token = new CancelToken();
    final TxnSession session = engine.openSession(pids.incrementAndGet(), 5, SessionEnvironment.DEFAULT, token);
    final PendingChecks pending = new PendingChecks();
    IsolationLevel isolation = IsolationLevel.READ_COMMITTED;
    @Nullable Transaction transaction;

    void begin() {
      transaction = session.begin(TransactionOptions.DEFAULT.withIsolation(isolation));
    }

    void commit() {
      Transaction open = transaction;
      transaction = null;
      try {
        if (!pending.isEmpty()) {
          try (StatementAccess access = open.beginCommand()) {
            pending.beforeCommit(access, this);
          }
        }
        open.commit();
      } finally {
        pending.transactionEnded();
        if (!open.isEnded()) {
          open.rollback();
        }
      }
    }

    void rollback() {
      transaction.rollback();
      transaction = null;
      pending.transactionEnded();
    }

    /// Runs one statement, in a transaction of its own unless one is open.
    void statement(Consumer<WriteRun> work) {
      boolean own = transaction == null;
      if (own) {
        begin();
      }
      boolean done = false;
      StatementAccess access = transaction.beginCommand();
      try (WriteRun run = new WriteRun(context(access), targets)) {
        work.accept(run);
        pending.statementEnd(access);
        done = true;
      } finally {
        pending.statementFailed(access);
        access.close();
        if (!done && own) {
          rollback();
        }
      }
      if (own) {
        commit();
      }
    }

    void insert(String table, Object[]... rows) {
      statement(run -> {
        RowInsertion insertion = new RowInsertion(run, table(table), CheckOptions.NONE);
        insertion.begin();
        insertion.insert(Arrays.stream(rows).map(Object[]::clone).toArray(Object[][]::new), rows.length);
        insertion.end();
      });
    }

    /// UPDATE of the rows for which `where` holds; `set` changes the columns (0-based) of the row given.
    void update(String table, Predicate<Object[]> where, Consumer<Object[]> set, int... columns) {
      statement(run -> {
        BitSet assigned = new BitSet();
        Arrays.stream(columns).forEach(assigned::set);
        RowModifier modifier = new RowModifier(run, table(table), CheckOptions.NONE);
        modifier.beginUpdate(assigned);
        each(run, table, where, (writer, key, row) -> {
          Object[] fresh = row.clone();
          set.accept(fresh);
          modifier.update(writer, key, row, fresh, (BitSet) assigned.clone());
        });
        modifier.endUpdate(assigned);
      });
    }

    void delete(String table, Predicate<Object[]> where) {
      statement(run -> {
        RowModifier modifier = new RowModifier(run, table(table), CheckOptions.NONE);
        modifier.beginDelete();
        each(run, table, where, (writer, key, row) -> modifier.delete(writer, key, row));
        modifier.endDelete();
      });
    }

    private interface RowWork {
      void accept(TableWriter writer, byte[] key, Object[] row);
    }

    private void each(WriteRun run, String table, Predicate<Object[]> where, RowWork work) {
      for (Relation.Table leaf : Partitions.leaves(table(table), catalog.current())) {
        TableWriter writer = run.writer(leaf);
        List<byte[]> keys = new ArrayList<>();
        List<Long> scns = new ArrayList<>();
        List<Object[]> rows = new ArrayList<>();
        try (TableCursor cursor = run.access().scan(leaf.storageId(), KeyRange.ALL, false)) {
          while (cursor.next()) {
            Object[] row = writer.target().codec().decode(cursor.row(), run.access()::readLarge);
            if (where.test(row)) {
              keys.add(cursor.key());
              scns.add(cursor.row().scn());
              rows.add(row);
            }
          }
        }
        for (int i = 0; i < keys.size(); i++) {
          LockOutcome outcome = writer.lock(new byte[][] {keys.get(i)}, new long[] {scns.get(i)}, RowLockMode.UPDATE);
          if (outcome.state(0) == LockOutcome.State.UNCHANGED) {
            work.accept(writer, keys.get(i), rows.get(i));
          }
        }
      }
    }

    /// The rows of a table as text, in key order.
    List<String> rows(String table) {
      List<String> result = new ArrayList<>();
      statement(run -> {
        for (Relation.Table leaf : Partitions.leaves(table(table), catalog.current())) {
          WriteTarget target = targets.of(leaf, catalog.current());
          try (TableCursor cursor = run.access().scan(leaf.storageId(), KeyRange.ALL, false)) {
            while (cursor.next()) {
              result.add((leaf.isPartition() ? leaf.name() + " " : "") + Arrays.toString(target.codec().decode(cursor.row(), run.access()::readLarge)));
            }
          }
        }
      });
      return result;
    }

    /// Entries of all indexes of a table, counted.
    int entries(String table) {
      int[] count = new int[1];
      statement(run -> {
        for (WriteTarget.IndexTarget index : targets.of(table(table), catalog.current()).indexes()) {
          try (var cursor = run.access().scanIndex(index.storageId(), KeyRange.ALL, false)) {
            while (cursor.next()) {
              count[0]++;
            }
          }
        }
      });
      return count[0];
    }

    @Override
    public void close() {
      session.close();
    }

    // ---- services ----

    @Override
    public DmlServices dml() {
      return this;
    }

    @Override
    public ExecutionContext context(StatementAccess access) {
      return new ExecutionContext(access, this, new Object[0], new Object[0], token, new MemoryAccount(null, 0, "test"), this);
    }

    @Override
    public Counters counters() {
      return engine.counters();
    }

    @Override
    public PendingChecks pendingChecks() {
      return pending;
    }

    @Override
    public TriggerFunctions triggerFunctions() {
      return triggerFunctions;
    }

    @Override
    public Catalog catalog() {
      return catalog.current();
    }

    @Override
    public @Nullable Implementation routine(CallSite site) {
      return null;
    }

    @Override
    public Iterator<@Nullable Object[]> systemRows(Relation.SystemRelation relation, ExecutionContext context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StatementAccess asOf(LogicalPlan.AsOf.Kind kind, @Nullable Object value, StatementAccess access) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Bytes cursorPosition(String cursor, Relation.Table table) {
      throw new UnsupportedOperationException();
    }

    @Override
    public IoContext io() {
      return IoContext.DEFAULT;
    }

    @Override
    public long transactionTimestampMicros() {
      return 0;
    }

    @Override
    public long statementTimestampMicros() {
      return 0;
    }

    @Override
    public long clockTimestampMicros() {
      return 0;
    }

    @Override
    public RandomGenerator random() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setSeed(double seed) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SessionServices session() {
      return SETTINGS;
    }

    @Override
    public void checkCancelled() {}

    @Override
    public void notice(String severity, SqlState state, String message, @Nullable String detail, @Nullable String hint) {}

    @Override
    public void accountMemory(long bytes) {}
  }

  static Object[] row(@Nullable Object... values) {
    return values;
  }

}
