package io.heliosdb.nano.txn;

import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.Host;
import io.heliosdb.nano.lock.LockView;
import io.heliosdb.nano.storage.Store;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;

/// One open database below SQL: the store, the actor system with lock table, wait-for graph, committer and sequences.
///
/// The actor system starts beside the store and is waited for only when it is first needed. Thread-safe. When the lock
/// table or the committer fails, the database closes itself: every later call gives 58030.
public interface EngineSystem extends AutoCloseable {
  static EngineSystem open(EngineOptions options) {
    return io.heliosdb.nano.txn.internal.Engine.open(options);
  }

  Store store();

  /// Clock and threads.
  Host host();

  /// The newest committed SCN.
  default long visibleScn() {
    return store().visibleScn();
  }

  Counters counters();

  /// Transaction ids in use.
  TransactionIds transactionIds();

  Sequences sequences();

  /// Registers a session; `pid` unique among open sessions. Close it when the client has gone.
  TxnSession openSession(int pid, long databaseOid, SessionEnvironment environment, CancelToken cancelToken);

  /// The lock table's state now. Neither waits for the lock table nor keeps it.
  LockView locks();

  /// The actor system, for actors of other packages on ordinary dispatchers. Waits for its start.
  ActorSystem<Void> actorSystem();

  /// Spawns an actor that runs on the thread that asks it (see [InlineActor]); for sessions.
  <C> InlineActor<C> spawnInline(Behavior<C> behavior, String name);

  /// The same with a message handler, which must not throw. Before the actor system has started, the handler runs on the
  /// asking thread without an actor, one message at a time all the same: a first statement need not wait.
  <C> InlineActor<C> spawnInline(java.util.function.Consumer<C> handler, String name);

  /// What transactions did since the database was opened.
  TransactionStatistics statistics();

  /// No open transaction reads as of an earlier SCN than this; a transaction that is about to take its snapshot counts as reading everything.
  long oldestSnapshotScn();

  /// The error that closed the database, null while it works.
  @org.jspecify.annotations.Nullable Throwable failure();

  /// Ends everything: open sessions are cancelled with 57P01, the store is synced and closed.
  @Override
  void close();
}
