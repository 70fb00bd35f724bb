package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Catalog.TableStatistics;
import io.heliosdb.nano.catalog.store.CatalogStore;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.dml.RowReplay;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.parse.ast.VersionStatement;
import io.heliosdb.nano.plan.Exprs;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.Layer;
import io.heliosdb.nano.storage.LogCursor;
import io.heliosdb.nano.storage.LogRecord;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowCursor;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.txn.StatementAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The rows that an ERASE is about: found by a look at every version that the store has of a table, in all storage ids it ever had.
///
/// Each version is judged under the definition of the table that its branch has now (or had last, for storage from before a rewrite). Where
/// the condition does not fit an older definition, its rows go by their keys only. Memory: the keys found.
final class ErasedVersions {
  /// What the rows of a storage id are on a branch.
  private record Form(Relation.Table table, CatalogSnapshot catalog) {}

  private final SessionCore session;
  private final VersionStatement.Erase statement;
  private final int oid;

  /// By storage id, then by branch; branch -1 for branches that know the storage id no more.
  private final Map<Long, Map<Integer, Form>> forms = new TreeMap<>();
  private final Set<Long> indexes = new HashSet<>();
  private final TreeMap<Long, TreeSet<byte[]>> keys = new TreeMap<>();
  private long rowCount;

  /// The session that asks sub-queries which read the table itself, since it has the table locked.
  private final SessionCore owner;

  private ErasedVersions(SessionCore session, SessionCore owner, VersionStatement.Erase statement, int oid) {
    this.session = session;
    this.owner = owner;
    this.statement = statement;
    this.oid = oid;
  }

  /// A session on the branch whose transaction has the table for itself.
  ///
  /// @throws SqlException 42501 when the role does not own the table there
  static SessionCore lockedWorker(SessionCore session, BranchState branch, int oid) {
    SessionCore worker = session.engine().openWorker(session, branch);
    try {
      worker.transactions().ensure();
      worker.transactions().current().lockTable(Integer.toUnsignedLong(oid), TableLockMode.ACCESS_EXCLUSIVE, false);
      if (worker.catalog().relation(oid) instanceof Relation.Table table) {
        EraseStatement.requireOwner(session, branch, table);
      }
      return worker;
    } catch (RuntimeException e) {
      worker.close();
      throw e;
    }
  }

  /// @param owner the worker that has the table locked on the session's branch
  /// @param before what was found before rows were deleted: a sub-query may not show it any more
  static ErasedVersions find(
      SessionCore session, SessionCore owner, VersionStatement.Erase statement, int oid, @Nullable ErasedVersions before) {
    ErasedVersions found = new ErasedVersions(session, owner, statement, oid);
    if (before != null) {
      before.keys.forEach((storageId, rows) -> rows.forEach(key -> found.add(storageId, key)));
    }
    try (StoreReader reader = session.engine().system().store().acquireReader()) {
      found.collectForms(reader);
      found.judge(reader);
    }
    found.spread();
    return found;
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  long rowCount() {
    return rowCount;
  }

  Set<Long> indexes() {
    return indexes;
  }

  /// What is to be removed from the store: the rows, and the statistics of the table, which name values of it.
  Map<Long, TreeSet<byte[]>> keys() {
    TreeMap<Long, TreeSet<byte[]>> all = new TreeMap<>(keys);
    TreeSet<byte[]> statistics = new TreeSet<>(Arrays::compareUnsigned);
    statistics.add(CatalogStore.key(statisticsAddress()));
    all.put(ObjectClass.TABLE_STATISTICS.storageId(), statistics);
    return all;
  }

  private ObjectAddress statisticsAddress() {
    return ObjectAddress.of(ClassOids.CLASS, oid);
  }

  // ---- forms of the table ----

  private void collectForms(StoreReader reader) {
    session.engine().branchCatalogs().forEach((branch, catalog) -> {
      if (catalog.relation(oid) instanceof Relation.Table table) {
        formsOf(table.storageId()).put(branch.id(), new Form(table, catalog));
        catalog.indexesOf(oid).forEach(this::addIndex);
      }
    });
    Map<Long, BranchScn> former = new HashMap<>();
    CatalogStore.replacedRelations(reader, (branch, scn, relation) -> {
      if (relation instanceof Relation.Table table && table.oid() == oid && !forms.containsKey(table.storageId())) {
        former.put(table.storageId(), new BranchScn(branch, scn));
      } else if (relation instanceof Relation.Index index && index.tableOid() == oid) {
        addIndex(index);
      }
    });
    former.forEach((storageId, replaced) -> {
      BranchState branch = session.engine().branchRegistry().byId(replaced.branch);
      if (branch != null) {
        CatalogSnapshot catalog = session.engine().historicCatalogs().at(branch, replaced.scn - 1);
        if (catalog.relation(oid) instanceof Relation.Table table && table.storageId() == storageId) {
          formsOf(storageId).put(-1, new Form(table, catalog));
        }
      }
    });
  }

  /// The last commit that replaced a definition, and where.
  private record BranchScn(int branch, long scn) {}

  private Map<Integer, Form> formsOf(long storageId) {
    return forms.computeIfAbsent(storageId, id -> new TreeMap<>());
  }

  private void addIndex(Relation.Index index) {
    if (index.indexStorageId() != 0) {
      indexes.add(index.indexStorageId());
    }
  }

  private @Nullable Form form(long storageId, int branch) {
    Map<Integer, Form> byBranch = forms.get(storageId);
    if (byBranch == null) {
      return null;
    }
    Form own = byBranch.get(branch);
    return own != null ? own : byBranch.values().iterator().next();
  }

  // ---- the condition ----

  private void judge(StoreReader reader) {
    SessionCallContext calls = session.queries().callContext();
    StatementAccess outer = calls.access();
    try (StatementAccess access = session.transactions().current().beginCommand()) {
      ExecutionContext context = calls.execution(access, new Object[0]);
      try {
        Judges judges = new Judges(context);
        judgeCurrent(reader, judges);
        judgeLog(reader, judges);
        judges.end();
      } finally {
        context.close();
      }
    } finally {
      calls.restoreAccess(outer);
    }
  }

  private void judgeCurrent(StoreReader reader, Judges judges) {
    for (int branch : reader.branches()) {
      for (long storageId : forms.keySet()) {
        Judge judge = judges.of(form(storageId, branch));
        if (judge == null) {
          continue;
        }
        try (RowCursor rows = reader.scan(new ReadView(new Layer(branch, Layer.NEWEST)), storageId, KeyRange.ALL, false)) {
          int count = 0;
          while (rows.next()) {
            if ((++count & 0x3ff) == 0) {
              session.cancelToken().check();
            }
            judge.look(storageId, rows.key(), judge.codec.decode(rows.row(), reader::readLarge));
          }
        }
      }
    }
  }

  private void judgeLog(StoreReader reader, Judges judges) {
    try (LogCursor log = reader.readLog(0)) {
      LogRecord record;
      int count = 0;
      while ((record = log.next()) != null) {
        if ((++count & 0x3ff) == 0) {
          session.cancelToken().check();
        }
        if (record instanceof LogRecord.RowChanged row && row.replaced() != null && forms.containsKey(row.storageId())) {
          Judge judge = judges.of(form(row.storageId(), row.branch()));
          if (judge != null) {
            judge.look(row.storageId(), row.key(), judge.codec.decode(row.replaced(), reader::readLarge));
          }
        }
      }
    }
  }

  private void add(long storageId, byte[] key) {
    keys.computeIfAbsent(storageId, id -> new TreeSet<>(Arrays::compareUnsigned)).add(key);
  }

  /// The condition bound to one form; either kind may be absent.
  private final class Judge {
    private static final int VERSIONS_AT_ONCE = 2_000;

    private record Version(long storageId, byte[] key, @Nullable Object[] row) {}

    final RowCodec codec;
    private final @Nullable BoundEvaluator condition;
    private final @Nullable QueriedCondition queried;
    private final SessionCore asker;
    private final RowAccess.OfValues values = new RowAccess.OfValues(new Object[0]);
    private final List<Version> waiting = new ArrayList<>();

    Judge(RowCodec codec, @Nullable BoundEvaluator condition, @Nullable QueriedCondition queried) {
      this.codec = codec;
      this.condition = condition;
      this.queried = queried;
      asker = queried != null && queried.relations(session).contains(oid) ? owner : session;
    }

    void look(long storageId, byte[] key, @Nullable Object[] row) {
      if (queried != null) {
        waiting.add(new Version(storageId, key, row));
        if (waiting.size() == VERSIONS_AT_ONCE) {
          ask();
        }
        return;
      }
      values.values = row;
      if (condition == null || Boolean.TRUE.equals(condition.eval(values))) {
        add(storageId, key);
      }
    }

    void ask() {
      if (!waiting.isEmpty()) {
        queried.ask(asker, waiting.stream().map(Version::row).toList()).stream()
            .forEach(i -> add(waiting.get(i).storageId, waiting.get(i).key));
        waiting.clear();
      }
    }
  }

  private final class Judges {
    private final ExecutionContext context;
    private final Map<Form, Optional<Judge>> made = new HashMap<>();

    Judges(ExecutionContext context) {
      this.context = context;
      // The statement's own form comes first: what is wrong with the condition there is an error.
      Relation.Table present = (Relation.Table) session.catalog().relation(oid);
      if (statement.where() != null) {
        bind(new Form(present, session.catalog()));
      }
    }

    void end() {
      made.values().forEach(judge -> judge.ifPresent(Judge::ask));
    }

    @Nullable Judge of(@Nullable Form form) {
      return form == null ? null : made.computeIfAbsent(form, missing -> Optional.ofNullable(make(missing))).orElse(null);
    }

    private @Nullable Judge make(Form form) {
      if (statement.where() == null) {
        return new Judge(new RowCodec(form.table, form.catalog), null, null);
      }
      try {
        return bind(form);
      } catch (SqlException e) {
        if (e.state() == SqlState.QUERY_CANCELED) {
          throw e;
        }
        session.notice(Notice.warning(
            SqlState.WARNING, "the condition does not fit an earlier definition of table \"" + form.table.name() + "\" (" + e.getMessage()
                + "): rows from then are erased by their keys only"));
        return null;
      }
    }

    private Judge bind(Form form) {
      String alias = statement.alias() == null ? form.table.name() : statement.alias();
      Expr condition = ExpressionBinder.bindCondition(
          statement.where(), form.table, alias, ExpressionBinder.Use.ERASE_WHERE, session.queries().analyzerContext(List.of())).expression();
      RowCodec codec = new RowCodec(form.table, form.catalog);
      return Exprs.hasSubquery(condition)
          ? new Judge(codec, null, new QueriedCondition(session, statement, form.table, form.catalog))
          : new Judge(codec, Evaluator.compile(condition).bind(context), null);
    }
  }

  // ---- keys ----

  /// A row keeps its key when the table is rewritten under the same primary key: it is the same row in all storage ids.
  private void spread() {
    TreeSet<byte[]> distinct = new TreeSet<>(Arrays::compareUnsigned);
    keys.values().forEach(distinct::addAll);
    rowCount = distinct.size();
    for (long from : List.copyOf(keys.keySet())) {
      for (long to : forms.keySet()) {
        if (from != to && hasSameKeys(form(from, -1).table, form(to, -1).table)) {
          keys.computeIfAbsent(to, id -> new TreeSet<>(Arrays::compareUnsigned)).addAll(keys.get(from));
        }
      }
    }
  }

  private static boolean hasSameKeys(Relation.Table left, Relation.Table right) {
    if (!left.primaryKey().equals(right.primaryKey())) {
      return false;
    }
    for (int attnum : left.primaryKey()) {
      Relation.Column l = left.column(attnum);
      Relation.Column r = right.column(attnum);
      if (l.typeOid() != r.typeOid() || l.collationOid() != r.collationOid()) {
        return false;
      }
    }
    return true;
  }

  // ---- deleting ----

  /// Deletes the rows where they are live, each branch in a transaction of its own; false when none was.
  boolean deleteLive(List<SessionCore> workers) {
    boolean any = false;
    for (SessionCore worker : workers) {
      if (worker.catalog().relation(oid) instanceof Relation.Table table) {
        try {
          if (delete(worker, table)) {
            worker.transactions().commitImplicit();
            any = true;
          }
        } catch (RuntimeException e) {
          worker.transactions().statementFailed();
          throw e;
        }
      }
    }
    return any;
  }

  private boolean delete(SessionCore worker, Relation.Table table) {
    SessionCallContext calls = worker.queries().callContext();
    StatementAccess outer = calls.access();
    boolean any = false;
    try (StatementAccess access = worker.transactions().current().beginCommand();
        RowReplay replay = new RowReplay(calls.execution(access, new Object[0]), worker.engine().dmlPlans().targets())) {
      RowCodec codec = new RowCodec(table, worker.catalog());
      RowSlot slot = new RowSlot();
      for (byte[] key : keys.getOrDefault(table.storageId(), new TreeSet<>(Arrays::compareUnsigned))) {
        if (access.getNewest(table.storageId(), key, slot)) {
          any = true;
          replay.delete(table, key, codec.decode(slot, access::readLarge));
        }
      }
      replay.finish();
      any |= forgetStatistics(worker, access);
    } finally {
      calls.restoreAccess(outer);
    }
    return any;
  }

  /// Histograms and most common values show values of rows that are gone; the next ANALYZE makes new ones.
  private boolean forgetStatistics(SessionCore worker, StatementAccess access) {
    CatalogBuilder overlay = worker.transactions().catalogChanges();
    int mark = overlay.mark();
    if (overlay.current().statistics(oid) == TableStatistics.UNKNOWN) {
      return false;
    }
    overlay.remove(ObjectClass.TABLE_STATISTICS, statisticsAddress());
    AccessRowWriter writer = new AccessRowWriter(access);
    List<CatalogBuilder.Change> changes = new ArrayList<>(overlay.netChanges(mark));
    changes.forEach(change -> CatalogStore.write(change, writer, overlay.current()));
    return true;
  }
}
