package io.heliosdb.nano.txn;

import static io.heliosdb.nano.txn.TestSession.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.storage.KeyRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A random history of a few sessions over a few keys, one step at a time, checked against a model.
///
/// For every level: a read shows its own transaction's writes over exactly the versions committed at its snapshot, and an
/// update starts from the version before it in commit order (no lost update). At REPEATABLE READ nothing is overwritten that was
/// committed after the snapshot; at SERIALIZABLE the graph of dependencies between committed transactions has no cycle. With a slow device
/// commits wait for their flush while others go on.
final class RandomHistory {
  private static final int SESSIONS = 4;
  private static final int KEYS = 6;
  private static final int STEPS = 60;

  /// One read of one key: what was seen of others' versions, as of which snapshot.
  private record Read(int key, @Nullable Integer value, long snapshotScn) {}

  private static final class Txn {
    final List<Read> reads = new ArrayList<>();
    final Map<Integer, Integer> writes = new HashMap<>();
    final Map<Integer, Integer> parents = new HashMap<>();
    final Set<Integer> updatedFromSnapshot = new HashSet<>();
    long scn = -1;
    long firstSnapshot = -1;
    Transaction.@Nullable Savepoint savepoint;
    @Nullable Map<Integer, Integer> writesAtSavepoint;

    @Override
    public String toString() {
      return "[commit " + scn + " snapshot " + firstSnapshot + " writes " + writes + " reads " + reads + "]";
    }
  }

  private final Random random;
  private final IsolationLevel level;
  private final EngineSystem engine;
  private final @Nullable SlowDevice device;
  private final List<TestSession> sessions = new ArrayList<>();
  private final Txn[] open = new Txn[SESSIONS];
  private final CompletableFuture<?>[] running = new CompletableFuture<?>[SESSIONS];
  private final Runnable[] afterwards = new Runnable[SESSIONS];
  private final List<Txn> committed = new ArrayList<>();
  private int nextValue = 1;
  private int failures;

  RandomHistory(long seed, IsolationLevel level, EngineSystem engine, @Nullable SlowDevice device) {
    random = new Random(seed);
    this.device = device;
    this.level = level;
    this.engine = engine;
  }

  int failures() {
    return failures;
  }

  void run() {
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(new TestSession(engine, i + 1, level));
    }
    if (device != null) {
      device.slowDown();
    }
    for (int step = 0; step < STEPS; step++) {
      int session = random.nextInt(SESSIONS);
      if (running[session] == null) {
        startStep(session);
        settle();
      }
      if (device != null && device.isWaitedFor() && random.nextInt(4) == 0) {
        device.endFlush();
        settle();
      }
    }
    if (device != null) {
      device.free();
    }
    while (java.util.Arrays.stream(open).anyMatch(Objects::nonNull)) {
      settle();
      for (int session = 0; session < SESSIONS; session++) {
        if (running[session] == null && open[session] != null) {
          startCommit(session);
          settle();
        }
      }
    }
    sessions.forEach(TestSession::close);
  }

  private void startStep(int session) {
    TestSession s = sessions.get(session);
    if (open[session] == null) {
      open[session] = new Txn();
      s.run(s::begin);
    }
    Txn txn = open[session];
    int key = random.nextInt(KEYS);
    int value = nextValue++;
    switch (random.nextInt(10)) {
      case 0, 1 -> start(session, () -> s.get(key), seen -> read(s, txn, key, seen));
      case 2 -> {
        int high = key + random.nextInt(KEYS - key);
        boolean reverse = random.nextBoolean();
        start(
            session,
            () -> s.scan(KeyRange.of(key(key), true, key(high), true), reverse),
            seen -> {
              for (int k = key; k <= high; k++) {
                read(s, txn, k, seen.get((long) k));
              }
            });
      }
      case 3, 4, 5 -> {
        Integer[] old = new Integer[1];
        start(
            session,
            () ->
                s.update(
                    key,
                    v -> {
                      old[0] = v;
                      return value;
                    }),
            done -> {
              if (done != null) {
                wrote(txn, key, old[0], value);
                txn.updatedFromSnapshot.add(key);
              }
            });
      }
      case 6 -> start(session, () -> s.insert(key, value), done -> wrote(txn, key, null, value));
      case 7 -> {
        Integer[] old = new Integer[1];
        start(
            session,
            () -> {
              Integer before = s.get(key);
              boolean deleted = s.delete(key);
              old[0] = before;
              return deleted;
            },
            done -> {
              if (done) {
                txn.parents.remove(key);
                txn.writes.put(key, null);
              }
            });
      }
      case 8 -> {
        if (txn.savepoint == null) {
          start(
              session, s.transaction::savepoint,
              mark -> {
                txn.savepoint = mark;
                txn.writesAtSavepoint = new HashMap<>(txn.writes);
              });
        } else {
          start(
              session,
              () -> {
                s.transaction.rollbackTo(txn.savepoint);
                return true;
              },
              done -> {
                txn.writes.clear();
                txn.writes.putAll(txn.writesAtSavepoint);
                txn.parents.keySet().retainAll(txn.writes.keySet());
              });
        }
      }
      default -> startCommit(session);
    }
  }

  private void startCommit(int session) {
    Txn txn = open[session];
    start(
        session,
        sessions.get(session)::commit,
        scn -> {
          txn.scn = scn;
          committed.add(txn);
          open[session] = null;
        });
  }

  private <T> void start(int session, java.util.concurrent.Callable<T> step, java.util.function.Consumer<T> then) {
    CompletableFuture<T> future = sessions.get(session).start(step);
    running[session] = future;
    afterwards[session] = () -> then.accept(TestSession.get(future));
  }

  /// Waits until every running step has ended or stands in a lock queue, and takes in the results.
  private void settle() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 0; i < SESSIONS; i++) {
        if (running[i] != null && (running[i].isDone() || !isWaiting(i))) {
          changed = true;
          finish(i);
        }
      }
    }
  }

  private boolean isWaiting(int session) {
    while (!running[session].isDone()) {
      boolean waitsForDevice = device != null && device.isWaitedFor() && sessions.get(session).isParked();
      if (waitsForDevice || engine.locks().waits().stream().anyMatch(wait -> wait.waiterPid() == session + 1)) {
        return !running[session].isDone();
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private void finish(int session) {
    Runnable then = afterwards[session];
    running[session] = null;
    afterwards[session] = null;
    try {
      then.run();
    } catch (SqlException e) {
      assertTrue(Set.of("40001", "40P01", "23505").contains(e.state().code()), e.toString());
      failures++;
      TestSession s = sessions.get(session);
      start(session, s::rollback, done -> open[session] = null);
    }
  }

  private void read(TestSession s, Txn txn, int key, @Nullable Integer seen) {
    if (txn.firstSnapshot < 0) {
      txn.firstSnapshot = s.snapshotScn;
    }
    if (txn.writes.containsKey(key)) {
      assertEquals(txn.writes.get(key), seen, "own write of key " + key);
    } else {
      txn.reads.add(new Read(key, seen, s.snapshotScn));
    }
  }

  private static void wrote(Txn txn, int key, @Nullable Integer old, int value) {
    if (txn.writes.containsKey(key)) {
      assertEquals(txn.writes.get(key), old, "update of an own write");
    } else if (old != null) {
      txn.parents.put(key, old);
    }
    txn.writes.put(key, value);
  }

  void check() {
    List<Txn> writers = committed.stream().filter(txn -> txn.scn > 0).sorted((l, r) -> Long.compare(l.scn, r.scn)).toList();
    Map<Integer, TreeMap<Long, Txn>> versions = new HashMap<>();
    for (Txn txn : writers) {
      // What was inserted and deleted again is no version: nobody could tell.
      txn.writes.entrySet().removeIf(write -> write.getValue() == null && valueAt(versions, write.getKey(), txn.scn) == null);
      txn.writes.keySet().forEach(key -> versions.computeIfAbsent(key, k -> new TreeMap<>()).put(txn.scn, txn));
    }
    for (Txn txn : committed) {
      for (Read read : txn.reads) {
        assertEquals(valueAt(versions, read.key, read.snapshotScn), read.value, "read of key " + read.key + " at " + read.snapshotScn);
        if (level.keepsSnapshot()) {
          assertEquals(txn.firstSnapshot, read.snapshotScn);
        }
      }
      txn.parents.forEach(
          (key, parent) -> {
            assertEquals(valueAt(versions, key, txn.scn - 1), parent, "lost update of key " + key);
            if (level.keepsSnapshot() && txn.firstSnapshot >= 0 && txn.updatedFromSnapshot.contains(key)) {
              assertEquals(valueAt(versions, key, txn.firstSnapshot), parent, "update of a version newer than the snapshot");
            }
          });
    }
    if (level == IsolationLevel.SERIALIZABLE) {
      checkAcyclic(versions);
    }
  }

  private static @Nullable Integer valueAt(Map<Integer, TreeMap<Long, Txn>> versions, int key, long scn) {
    Map.Entry<Long, Txn> version = versions.getOrDefault(key, new TreeMap<>()).floorEntry(scn);
    return version == null ? null : version.getValue().writes.get(key);
  }

  /// Adya's direct serialization graph: write-read, write-write and read-write dependencies.
  private void checkAcyclic(Map<Integer, TreeMap<Long, Txn>> versions) {
    Map<Txn, Set<Txn>> edges = new HashMap<>();
    for (Txn txn : committed) {
      for (Read read : txn.reads) {
        TreeMap<Long, Txn> ofKey = versions.getOrDefault(read.key, new TreeMap<>());
        Map.Entry<Long, Txn> seen = ofKey.floorEntry(read.snapshotScn);
        Map.Entry<Long, Txn> next = ofKey.higherEntry(read.snapshotScn);
        addEdge(edges, seen == null ? null : seen.getValue(), txn);
        addEdge(edges, txn, next == null ? null : next.getValue());
      }
    }
    for (TreeMap<Long, Txn> ofKey : versions.values()) {
      Txn previous = null;
      for (Txn txn : ofKey.values()) {
        addEdge(edges, previous, txn);
        previous = txn;
      }
    }
    Map<Txn, Integer> colours = new HashMap<>();
    committed.forEach(txn -> visit(txn, edges, colours));
  }

  private static void addEdge(Map<Txn, Set<Txn>> edges, @Nullable Txn from, @Nullable Txn to) {
    if (from != null && to != null && !Objects.equals(from, to)) {
      edges.computeIfAbsent(from, txn -> new HashSet<>()).add(to);
    }
  }

  private static void visit(Txn txn, Map<Txn, Set<Txn>> edges, Map<Txn, Integer> colours) {
    Integer colour = colours.get(txn);
    if (colour != null) {
      assertTrue(colour == 2, () -> "the dependency graph has a cycle through " + txn + " " + edges);
      return;
    }
    colours.put(txn, 1);
    edges.getOrDefault(txn, Set.of()).forEach(next -> visit(next, edges, colours));
    colours.put(txn, 2);
  }
}
