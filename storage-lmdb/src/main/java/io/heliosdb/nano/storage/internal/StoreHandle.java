package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.BulkWriter;
import io.heliosdb.nano.storage.CommitOutcome;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.storage.ErasedCounts;
import io.heliosdb.nano.storage.HistoryHorizon;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.StoreCheck;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One user's handle on an engine. Engines of directories are shared within the JVM and counted here.
public final class StoreHandle implements Store {
  private static final class Shared {
    final StoreEngine engine;
    int handleCount;

    Shared(StoreEngine engine) {
      this.engine = engine;
    }
  }

  /// By real path; guarded by itself.
  private static final Map<Path, Shared> OPEN = new HashMap<>();

  private final StoreEngine engine;

  /// Key in [#OPEN], null for a store that is not shared.
  private final @Nullable Path realDirectory;

  private final AtomicBoolean closed = new AtomicBoolean();

  private StoreHandle(StoreEngine engine, @Nullable Path realDirectory) {
    this.engine = engine;
    this.realDirectory = realDirectory;
  }

  public static Store open(StoreOptions options) {
    return open(options, options.sync() ? Durability.DISK : Durability.NONE);
  }

  /// Opens with a durability of the caller's; options and durability of a store that is open already stay as they are.
  public static StoreHandle open(StoreOptions options, Durability durability) {
    Path directory = options.directory();
    if (directory == null) {
      return new StoreHandle(StoreEngine.openInMemory(options), null);
    }
    Path real = DirectoryLock.prepare(directory);
    synchronized (OPEN) {
      Shared shared = OPEN.get(real);
      if (shared == null) {
        shared = new Shared(StoreEngine.openDirectory(options, real, durability));
        OPEN.put(real, shared);
      } else {
        shared.engine.checkKey(options.encryption() == null ? null : options.encryption().key());
      }
      shared.handleCount++;
      return new StoreHandle(shared.engine, real);
    }
  }

  @Override
  public StoreReader acquireReader() {
    return engine.acquireReader();
  }

  @Override
  public long visibleScn() {
    return engine.visibleScn();
  }

  @Override
  public long appliedScn() {
    return engine.appliedScn();
  }

  @Override
  public List<CommitOutcome> apply(List<CommitUnit> group, boolean sync) {
    return engine.writer().apply(group, sync);
  }

  @Override
  public void force() {
    engine.writer().force();
  }

  @Override
  public List<CommitOutcome> commit(List<CommitUnit> group, boolean sync) {
    return engine.writer().commit(group, sync);
  }

  @Override
  public long allocate(CounterKey key, int count) {
    return engine.writer().counters().allocate(key, count);
  }

  @Override
  public void raiseCounter(CounterKey key, long floor) {
    engine.writer().counters().raise(key, floor);
  }

  @Override
  public OptionalLong readCounter(CounterKey key) {
    return engine.readCounter(key);
  }

  @Override
  public void writeCounter(CounterWrite write, boolean sync) {
    engine.writer().writeCounter(write, sync);
  }

  @Override
  public BulkWriter bulkWriter(int branch) {
    return new LmdbBulkWriter(engine, branch);
  }

  @Override
  public void discard(BulkLoad load) {
    new BulkLoadRemoval(engine).remove(load);
  }

  @Override
  public void freeBranch(int branch) {
    new BranchRemoval(engine, branch).run();
  }

  @Override
  public long trimHistory(HistoryHorizon horizon) {
    return new HistoryTrim(engine, horizon).run();
  }

  @Override
  public void removeStorage(int branch, long id) {
    BranchRemoval.removeStorage(engine, branch, id);
  }

  @Override
  public void sweepLargeValues() {
    new LargeSweep(engine).run();
  }

  @Override
  public ErasedCounts erase(Map<Long, TreeSet<byte[]>> rows, Set<Long> indexes) {
    ErasedCounts counts = new Erasure(engine, rows, indexes).run();
    engine.checkpoint();
    return counts;
  }

  @Override
  public boolean compact() {
    return engine.compact();
  }

  @Override
  public long usedBytes() {
    return engine.usedBytes();
  }

  @Override
  public StoreCheck check(Consumer<String> onProblem) {
    try (LmdbReader reader = engine.acquireReader()) {
      return new StoreWalk(reader, onProblem).run();
    }
  }

  @Override
  public void sync() {
    engine.sync();
  }

  @Override
  public void checkpoint() {
    engine.checkpoint();
  }

  @Override
  public @Nullable EncryptionKey encryptionKey() {
    return engine.encryptionKey();
  }

  @Override
  public void rotateDataKey() {
    engine.keyChange().rotateDataKey();
  }

  @Override
  public void changeEncryptionKey(EncryptionKey newKey) {
    engine.keyChange().changeMasterKey(newKey);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (realDirectory == null) {
      engine.close();
      return;
    }
    synchronized (OPEN) {
      Shared shared = OPEN.get(realDirectory);
      if (shared != null && shared.engine == engine && --shared.handleCount == 0) {
        OPEN.remove(realDirectory);
        engine.close();
      }
    }
  }

  /// Closes at once, for all handles, without the writes of an orderly close: what a dying process does.
  public void abandon() {
    closed.set(true);
    if (realDirectory == null) {
      engine.abandon();
      return;
    }
    synchronized (OPEN) {
      OPEN.remove(realDirectory);
      engine.abandon();
    }
  }
}
