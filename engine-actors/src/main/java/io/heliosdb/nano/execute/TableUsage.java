package io.heliosdb.nano.execute;

import java.util.Map;

/// How often one session has scanned each relation, for `pg_stat_user_tables` and its kin.
///
/// A small open-addressing table by relation oid, written by the session's thread with plain stores, so a scan costs a probe and two
/// additions. Other threads read it as it is; a count may be a moment old, it is never lost.
/// Bound: [#RELATIONS_MAX] relations; scans of further ones are not counted.
public final class TableUsage {
  /// Counters of a relation, as indexes into its counts. For an index only the first two are used.
  public static final int SCANS = 0;
  public static final int ROWS_READ = 1;
  /// Scans of a table by its own primary key.
  public static final int KEY_SCANS = 2;
  public static final int KEY_ROWS_READ = 3;
  public static final int COUNTERS = 4;

  public static final int RELATIONS_MAX = 1 << 14;

  /// Counts nothing.
  public static final TableUsage NONE = new TableUsage(false);

  /// @param oids 0 for a free place
  private record Slots(int[] oids, long[] counts) {}

  private final boolean counting;
  private volatile Slots slots = new Slots(new int[16], new long[16 * COUNTERS]);
  private int size;

  public TableUsage() {
    this(true);
  }

  private TableUsage(boolean counting) {
    this.counting = counting;
  }

  /// A scan has ended.
  ///
  /// @param counter [#SCANS] or [#KEY_SCANS]; the rows go into the counter after it
  public void scanned(int oid, int counter, long rows) {
    int place = counting ? place(oid) : -1;
    if (place >= 0) {
      long[] counts = slots.counts;
      counts[place + counter]++;
      counts[place + counter + 1] += rows;
    }
  }

  private static int firstProbe(int oid, int mask) {
    return oid * 0x9E3779B9 >>> 16 & mask;
  }

  private int place(int oid) {
    int[] oids = slots.oids;
    int mask = oids.length - 1;
    for (int i = firstProbe(oid, mask); ; i = i + 1 & mask) {
      if (oids[i] == oid) {
        return i * COUNTERS;
      }
      if (oids[i] == 0) {
        return insert(oid, i);
      }
    }
  }

  private int insert(int oid, int at) {
    if (size >= RELATIONS_MAX || oid == 0) {
      return -1;
    }
    size++;
    if (size * 2 <= slots.oids.length) {
      slots.oids[at] = oid;
      return at * COUNTERS;
    }
    Slots old = slots;
    int[] oids = new int[old.oids.length * 2];
    long[] counts = new long[oids.length * COUNTERS];
    for (int i = 0; i < old.oids.length; i++) {
      if (old.oids[i] != 0) {
        System.arraycopy(old.counts, i * COUNTERS, counts, free(oids, old.oids[i]) * COUNTERS, COUNTERS);
      }
    }
    int place = free(oids, oid);
    slots = new Slots(oids, counts);
    return place * COUNTERS;
  }

  /// Takes the place of a new oid.
  private static int free(int[] oids, int oid) {
    int mask = oids.length - 1;
    int i = firstProbe(oid, mask);
    while (oids[i] != 0) {
      i = i + 1 & mask;
    }
    oids[i] = oid;
    return i;
  }

  /// Adds all counts to `sums` by oid; from any thread.
  public void addTo(Map<Integer, long[]> sums) {
    Slots now = slots;
    for (int i = 0; i < now.oids.length; i++) {
      if (now.oids[i] != 0) {
        long[] sum = sums.computeIfAbsent(now.oids[i], oid -> new long[COUNTERS]);
        for (int c = 0; c < COUNTERS; c++) {
          sum[c] += now.counts[i * COUNTERS + c];
        }
      }
    }
  }
}
