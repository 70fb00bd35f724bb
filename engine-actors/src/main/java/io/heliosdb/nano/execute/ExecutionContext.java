package io.heliosdb.nano.execute;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything a running plan reaches: data, parameters, functions' context, limits. One per execution of a statement, plus a light
/// copy per sub-plan that carries other outer rows. Confined to the session's thread.
public final class ExecutionContext {
  /// Default of `work_mem`.
  public static final long WORK_MEM_DEFAULT = 4L << 20;

  private static final Object[] NO_VALUES = {};

  private final Statement statement;
  private final @Nullable OuterRow outer;
  private final @Nullable RowSubstitution substitution;

  /// The scan that is divided among threads of which this context's is one.
  private final @Nullable SharedScan shared;

  /// What all contexts of one execution share.
  private static final class Statement {
    @Nullable StatementAccess access;
    CallContext call;
    @Nullable Object[] parameters = NO_VALUES;
    @Nullable Object[] lifted = NO_VALUES;
    CancelToken cancel;
    MemoryAccount memory;
    ExecutionServices services;
    long workMemBytes = WORK_MEM_DEFAULT;
    double hashMemMultiplier = 2;
    @Nullable PlanStatistics statistics;
    final Map<Integer, Object> ctes = new HashMap<>();
    @Nullable SpillFiles spill;
    long wideBytes;
    @Nullable Map<PhysicalPlan, Bytes> positions;

    /// Contexts of other threads that have worked for the statement.
    final List<ExecutionContext> workers = new ArrayList<>(0);
    boolean isWorker;

    /// The same for other data access or another thread, sharing nothing that depends on data already read.
    Statement copy() {
      Statement copy = new Statement();
      copy.access = access;
      copy.call = call;
      copy.parameters = parameters;
      copy.lifted = lifted;
      copy.cancel = cancel;
      copy.memory = memory;
      copy.services = services;
      copy.workMemBytes = workMemBytes;
      copy.hashMemMultiplier = hashMemMultiplier;
      return copy;
    }
  }

  private ExecutionContext(Statement statement, @Nullable OuterRow outer, @Nullable RowSubstitution substitution, @Nullable SharedScan shared) {
    this.shared = shared;
    this.statement = statement;
    this.outer = outer;
    this.substitution = substitution;
  }

  /// @param access null for statements that touch no table
  /// @param parameters values of `$1` …, boxed
  /// @param lifted values of literals lifted out of the text, boxed
  public ExecutionContext(
      @Nullable StatementAccess access,
      CallContext call,
      @Nullable Object[] parameters,
      @Nullable Object[] lifted,
      CancelToken cancel,
      MemoryAccount memory,
      ExecutionServices services) {
    this(new Statement(), null, null, null);
    statement.access = access;
    statement.call = call;
    statement.parameters = parameters;
    statement.lifted = lifted;
    statement.cancel = cancel;
    statement.memory = memory;
    statement.services = services;
  }

  /// Bytes a sort may hold before it spills (`work_mem`); hash tables get `hashMultiplier` times as much.
  public ExecutionContext withWorkMem(long bytes, double hashMultiplier) {
    statement.workMemBytes = bytes;
    statement.hashMemMultiplier = hashMultiplier;
    return this;
  }

  /// Makes every operator count rows and time into `statistics` (EXPLAIN ANALYZE).
  public ExecutionContext withStatistics(PlanStatistics statistics) {
    statement.statistics = statistics;
    return this;
  }

  /// From here on scans note the row they have given last, for `WHERE CURRENT OF`; the plan is asked for one row at a time then.
  public void trackPositions() {
    statement.positions = new IdentityHashMap<>();
  }

  public boolean tracksPositions() {
    return statement.positions != null && substitution == null;
  }

  /// A scan has given a row; what others gave before belongs to other rows.
  public void standOnlyOn(PhysicalPlan scan, Bytes identity) {
    if (statement.positions != null) {
      statement.positions.clear();
      statement.positions.put(scan, identity);
    }
  }

  /// The current row has this part.
  public void standOn(PhysicalPlan scan, Bytes identity) {
    if (statement.positions != null) {
      statement.positions.put(scan, identity);
    }
  }

  /// The row that each scan has given last.
  public Map<PhysicalPlan, Bytes> positions() {
    return statement.positions == null ? Map.of() : statement.positions;
  }

  public StatementAccess access() {
    StatementAccess access = statement.access;
    if (access == null) {
      throw new IllegalStateException("this statement was started without data access");
    }
    return access;
  }

  public @Nullable StatementAccess accessOrNull() {
    return statement.access;
  }

  public CallContext call() {
    return statement.call;
  }

  public Catalog catalog() {
    return statement.call.catalog();
  }

  /// @param index 1-based
  public @Nullable Object parameter(int index) {
    return index <= statement.parameters.length ? statement.parameters[index - 1] : null;
  }

  public @Nullable Object lifted(int slot) {
    return statement.lifted[slot];
  }

  public @Nullable Object[] parameters() {
    return statement.parameters;
  }

  public @Nullable Object[] liftedValues() {
    return statement.lifted;
  }

  public CancelToken cancel() {
    return statement.cancel;
  }

  public MemoryAccount memory() {
    return statement.memory;
  }

  public ExecutionServices services() {
    return statement.services;
  }

  /// What a sort or buffer may hold before it spills: `work_mem`, less when memory is short.
  public long workMemBytes() {
    return statement.memory.spillBytes(statement.workMemBytes);
  }

  /// The same for a hash table.
  public long hashMemBytes() {
    return statement.memory.spillBytes((long) (statement.workMemBytes * statement.hashMemMultiplier));
  }

  public @Nullable PlanStatistics statistics() {
    return statement.statistics;
  }

  /// The innermost outer row; null in the outermost query.
  public @Nullable OuterRow outer() {
    return outer;
  }

  public @Nullable RowSubstitution substitution() {
    return substitution;
  }

  /// State of the CTEs of the statement by id; operators of one CTE share an entry.
  Map<Integer, Object> ctes() {
    return statement.ctes;
  }

  /// Counts the largest value, or batch of them, that a function has given as held until the end of the statement: nobody knows how long it
  /// lives.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 53200 when it does not fit beside what is held
  void holdWide(long bytes) {
    if (bytes > statement.wideBytes) {
      memory().reserve(bytes - statement.wideBytes);
      statement.wideBytes = bytes;
    }
  }

  /// Temporary files of this statement; closed by [#close].
  SpillFiles spill() {
    if (statement.spill == null) {
      statement.spill = new SpillFiles();
    }
    return statement.spill;
  }

  /// The same for a sub-plan whose directly enclosing row is `newOuter.row`.
  public ExecutionContext withOuter(OuterRow newOuter) {
    return new ExecutionContext(statement, newOuter, substitution, shared);
  }

  /// The same with other data access (a re-check on newer data), sharing nothing that depends on data already read.
  public ExecutionContext withSubstitution(RowSubstitution newSubstitution) {
    Statement copy = statement.copy();
    copy.ctes.putAll(statement.ctes);
    copy.spill = spill();
    return new ExecutionContext(copy, outer, newSubstitution, null);
  }

  /// Whether parts of the plan may run in other threads: nothing of this run depends on a row of another one.
  boolean isDivisible() {
    return outer == null && substitution == null && shared == null && statement.positions == null && !statement.isWorker;
  }

  /// The same, dividing a scan with other threads.
  ExecutionContext sharing(SharedScan newShared) {
    return new ExecutionContext(statement, outer, substitution, newShared);
  }

  /// A context for another thread; ended with this one when that has been told by [#closeWith].
  ExecutionContext forWorker(StatementAccess access, SharedScan newShared) {
    Statement copy = statement.copy();
    copy.access = access;
    copy.isWorker = true;
    copy.statistics = statement.statistics == null ? null : new PlanStatistics();
    return new ExecutionContext(copy, null, null, newShared);
  }

  void closeWith(ExecutionContext worker) {
    statement.workers.add(worker);
  }

  @Nullable SharedScan sharedScan(TableScanNode scan) {
    return shared != null && shared.node() == scan ? shared : null;
  }

  /// Where scans are counted: what other threads read is counted by the session's.
  TableUsage usage() {
    return statement.isWorker ? TableUsage.NONE : statement.services.usage();
  }

  /// Deletes temporary files and ends CTEs; called by whoever made the context, after closing the root operator.
  public void close() {
    for (Object cte : statement.ctes.values()) {
      if (cte instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
    statement.ctes.clear();
    memory().release(statement.wideBytes);
    statement.wideBytes = 0;
    if (statement.spill != null) {
      statement.spill.close();
      statement.spill = null;
    }
    statement.workers.forEach(ExecutionContext::close);
    statement.workers.clear();
  }
}
