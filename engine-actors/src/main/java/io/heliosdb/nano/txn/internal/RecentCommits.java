package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.IndexWrite;
import io.heliosdb.nano.storage.RowWrite;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The keys that recent commits wrote, for the validation of serializable transactions; one per database.
///
/// A linked list that grows at the tail. A serializable transaction keeps the node that was the tail when it began; what
/// nobody keeps is garbage, and while no serializable transaction is open nothing is recorded at all. The committer
/// appends (after publishing the SCN), anybody may walk.
///
/// Ordering argument: [#register] counts the transaction *before* it reads its snapshot SCN, the committer looks at the
/// count *after* it has published an SCN. So a commit that the snapshot lacks sees the count and is recorded.
/// Bound: a transaction that would keep more than [#BYTES_KEPT_MAX] alive is doomed (40001 when it commits).
final class RecentCommits {
  static final long BYTES_KEPT_MAX = 64L << 20;
  private static final long SWEEP_STEP_BYTES = 4L << 20;
  private static final int KEY_OVERHEAD_BYTES = 48;

  /// A commit with more keys counts as having written everything in its relations and indexes.
  private static final int KEYS_MAX = 1 << 17;

  /// Commits that a statement looks at; the rest is left to the commit.
  private static final int EARLY_CHECKS_MAX = 256;

  /// One commit; `next` is set once.
  static final class Node {
    final long scn;
    final long @Nullable [] ids;
    final byte[] @Nullable [] keys;
    final int branch;
    final long bytesBefore;
    volatile @Nullable Node next;

    Node(long scn, int branch, long @Nullable [] ids, byte[] @Nullable [] keys, long bytesBefore) {
      this.scn = scn;
      this.branch = branch;
      this.ids = ids;
      this.keys = keys;
      this.bytesBefore = bytesBefore;
    }
  }

  /// A serializable transaction's hold on the list.
  static final class Registration {
    private volatile @Nullable Node start;

    private Registration(Node start) {
      this.start = start;
    }

    boolean isDoomed() {
      return start == null;
    }
  }

  private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();
  private volatile Node tail = new Node(0, 0, null, null, 0);
  private long sweptBytes;

  /// To be called before the transaction's snapshot is taken.
  Registration register() {
    Registration registration = new Registration(tail);
    registrations.add(registration);
    // A node appended between reading the tail and adding is still reachable from the one read.
    return registration;
  }

  void unregister(Registration registration) {
    registrations.remove(registration);
    registration.start = null;
  }

  boolean isRecording() {
    return !registrations.isEmpty();
  }

  /// Whether none of the commits behind the snapshot, as far as known, wrote into the reads. What was checked once is not
  /// checked again, so a session may do most of the work before the committer does the rest.
  boolean validate(Registration registration, long snapshotScn, int branch, SerializableReads reads) {
    Node node = registration.start;
    while (node != null) {
      if (node.scn > snapshotScn && conflicts(node, branch, reads)) {
        return false;
      }
      Node next = node.next;
      if (next == null) {
        registration.start = node;
        return true;
      }
      node = next;
    }
    return false;
  }

  /// Whether one of the first commits behind the snapshot wrote into what has been read so far. Nothing counts as checked afterwards,
  /// since more may be read.
  boolean isOverwritten(Registration registration, long snapshotScn, int branch, SerializableReads reads) {
    Node node = registration.start;
    for (int count = 0; node != null && count < EARLY_CHECKS_MAX; count++) {
      if (node.scn > snapshotScn && conflicts(node, branch, reads)) {
        return true;
      }
      node = node.next;
    }
    return false;
  }

  private static boolean conflicts(Node node, int branch, SerializableReads reads) {
    long[] ids = node.ids;
    byte[][] keys = node.keys;
    if (ids == null || keys == null) {
      return false;
    }
    for (int i = 0; i < ids.length; i++) {
      if (Branches.homeOf(node.branch, ids[i]) == Branches.homeOf(branch, ids[i]) && (keys[i] == null ? reads.containsSome(ids[i]) : reads.contains(ids[i], keys[i]))) {
        return true;
      }
    }
    return false;
  }

  /// Whether a transaction may commit behind a unit that is about to be committed in the same group.
  static boolean isIndependent(CommitUnit earlier, int branch, SerializableReads reads) {
    return !conflicts(nodeOf(earlier, 0, 0), branch, reads);
  }

  /// Records a commit; by the committer only.
  void append(CommitUnit unit, long scn) {
    Node last = tail;
    Node node = nodeOf(unit, scn, last.bytesBefore + bytesOf(last));
    last.next = node;
    tail = node;
    if (node.bytesBefore - sweptBytes > SWEEP_STEP_BYTES) {
      sweptBytes = node.bytesBefore;
      sweep(node.bytesBefore - BYTES_KEPT_MAX);
    }
  }

  private void sweep(long bytesBeforeMin) {
    for (Registration registration : registrations) {
      Node start = registration.start;
      if (start != null && start.bytesBefore < bytesBeforeMin) {
        registration.start = null;
      }
    }
  }

  private static long bytesOf(Node node) {
    long bytes = 64;
    if (node.keys != null) {
      for (byte[] key : node.keys) {
        bytes += KEY_OVERHEAD_BYTES + (key == null ? 0 : key.length);
      }
    }
    return bytes;
  }

  private static Node wholeRelations(CommitUnit unit, long scn, long bytesBefore) {
    Set<Long> written = new LinkedHashSet<>();
    unit.rows().forEach(row -> written.add(row.storageId()));
    unit.indexes().forEach(entry -> written.add(entry.indexId()));
    long[] ids = written.stream().mapToLong(Long::longValue).toArray();
    return new Node(scn, unit.branch(), ids, new byte[ids.length][], bytesBefore);
  }

  private static Node nodeOf(CommitUnit unit, long scn, long bytesBefore) {
    Collection<RowWrite> rows = unit.rows();
    Collection<IndexWrite> entries = unit.indexes();
    int count = rows.size() + entries.size();
    if (count > KEYS_MAX) {
      return wholeRelations(unit, scn, bytesBefore);
    }
    long[] ids = new long[count];
    byte[][] keys = new byte[count][];
    int i = 0;
    for (RowWrite row : rows) {
      ids[i] = row.storageId();
      keys[i++] = row.key();
    }
    for (IndexWrite entry : entries) {
      ids[i] = entry.indexId();
      keys[i++] = entry.indexKey();
    }
    return new Node(scn, unit.branch(), ids, keys, bytesBefore);
  }
}
