package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.Representation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A hash table from key rows to dense numbers 0, 1, 2 …: the groups of an aggregation, the distinct keys of a join's build side.
/// NULLs are equal to each other. Open addressing; a single integer key has a path of its own.
final class GroupTable {
  private final HashKey[] keys;
  private final RowBuffer stored;
  private final boolean single;
  private final MemoryAccount memory;
  private int[] buckets = new int[256];
  private int[] hashes = new int[128];
  private long[] longs = new long[0];
  private int nullGroup = -1;
  private int size;
  private long accounted;

  private int[] batchHashes = {};
  private int[] identity = {};

  GroupTable(HashKey[] keys, MemoryAccount memory) {
    this.keys = keys;
    this.memory = memory;
    Representation[] representations = new Representation[keys.length];
    for (int i = 0; i < keys.length; i++) {
      representations[i] = keys[i].stored();
    }
    stored = new RowBuffer(representations, memory);
    single = keys.length == 1 && keys[0].kind() == HashKey.Kind.LONG;
    if (single) {
      longs = new long[128];
    }
  }

  int size() {
    return size;
  }

  long bytes() {
    return stored.bytes() + 12L * buckets.length;
  }

  /// Copies key column `column` of group `group` to a vector of the key's own type.
  void copyKey(int column, int group, ColumnVector out, int at) {
    if (single) {
      if (group == nullGroup) {
        out.setNull(at);
      } else {
        out.setNotNull(at);
        putLong(longs[group], out, at);
      }
      return;
    }
    ColumnVector from = stored.vector(column, group);
    int row = RowBuffer.position(group);
    if (from.isNull(row)) {
      out.setNull(at);
    } else if (from instanceof ColumnVector.Longs v && out instanceof ColumnVector.Ints) {
      out.setNotNull(at);
      putLong(v.values[row], out, at);
    } else if (from instanceof ColumnVector.Doubles v && out instanceof ColumnVector.Floats floats) {
      out.setNotNull(at);
      floats.values[at] = (float) v.values[row];
    } else {
      out.copyFrom(from, row, at);
    }
  }

  private static void putLong(long value, ColumnVector out, int at) {
    if (out instanceof ColumnVector.Ints ints) {
      ints.values[at] = (int) value;
    } else {
      ((ColumnVector.Longs) out).values[at] = value;
    }
  }

  private int[] identity(int count) {
    if (identity.length < count) {
      identity = new int[Math.max(count, Batch.ROWS_MAX)];
      for (int i = 0; i < identity.length; i++) {
        identity[i] = i;
      }
    }
    return identity;
  }

  /// The hashes of key rows, by position in `rows`; valid until the next call.
  int[] hashes(ColumnVector[] columns, int @Nullable [] rows, int count) {
    if (batchHashes.length < count) {
      batchHashes = new int[Math.max(count, Batch.ROWS_MAX)];
    }
    Arrays.fill(batchHashes, 0, count, 1);
    int[] physical = rows == null ? identity(count) : rows;
    for (int k = 0; k < keys.length; k++) {
      keys[k].hash(columns[k], physical, count, batchHashes);
    }
    return batchHashes;
  }

  /// Group numbers of key rows, by position in `rows`; new keys are added if `add`, else they get -1.
  void find(ColumnVector[] columns, int @Nullable [] rows, int count, int[] groups, boolean add) {
    if (single) {
      findLongs(columns[0], rows, count, groups, add);
      return;
    }
    int[] h = hashes(columns, rows, count);
    for (int i = 0; i < count; i++) {
      groups[i] = find(columns, rows == null ? i : rows[i], h[i], add);
    }
  }

  private static int spread(int hash) {
    return hash ^ hash >>> 15;
  }

  /// Leaves in a batch the rows that were the first of their groups; how many they are.
  ///
  /// @param groups what [#find] found for the batch
  /// @param before how many groups there were before that
  static int keepFirsts(Batch batch, int[] groups, int before) {
    int[] selected = new int[batch.rowCount()];
    int kept = 0;
    for (int i = 0; i < batch.rowCount(); i++) {
      if (groups[i] == before + kept) {
        selected[kept++] = batch.rowIndex(i);
      }
    }
    batch.select(selected, kept);
    return kept;
  }

  private int find(ColumnVector[] columns, int row, int hash, boolean add) {
    int mask = buckets.length - 1;
    int slot = spread(hash) & mask;
    while (true) {
      int entry = buckets[slot];
      if (entry == 0) {
        return add ? addGeneral(columns, row, hash, slot) : -1;
      }
      int group = entry - 1;
      if (hashes[group] == hash && sameKey(columns, row, group)) {
        return group;
      }
      slot = slot + 1 & mask;
    }
  }

  private boolean sameKey(ColumnVector[] columns, int row, int group) {
    int at = RowBuffer.position(group);
    ColumnVector[] chunk = keys.length == 0 ? null : stored.chunk(group);
    for (int k = 0; k < keys.length; k++) {
      if (!keys[k].equal(columns[k], row, chunk[k], at)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable ColumnVector @Nullable [] one;

  private int addGeneral(ColumnVector[] columns, int row, int hash, int slot) {
    if (one == null) {
      one = new ColumnVector[keys.length];
      for (int k = 0; k < keys.length; k++) {
        one[k] = ColumnVector.of(keys[k].stored(), 1);
      }
    }
    for (int k = 0; k < keys.length; k++) {
      one[k].reset();
      keys[k].store(columns[k], row, one[k], 0);
    }
    stored.append(one, null, 1);
    return register(hash, slot);
  }

  private int register(int hash, int slot) {
    int group = size++;
    if (group == hashes.length) {
      hashes = Arrays.copyOf(hashes, hashes.length * 2);
    }
    hashes[group] = hash;
    buckets[slot] = group + 1;
    if (size * 2 > buckets.length) {
      grow();
    }
    return group;
  }

  private void grow() {
    long bytes = buckets.length * 24L;
    memory.reserve(bytes - accounted);
    accounted = bytes;
    int[] wider = new int[buckets.length * 2];
    int mask = wider.length - 1;
    for (int entry : buckets) {
      if (entry != 0) {
        int slot = spread(hashes[entry - 1]) & mask;
        while (wider[slot] != 0) {
          slot = slot + 1 & mask;
        }
        wider[slot] = entry;
      }
    }
    buckets = wider;
  }

  private void findLongs(ColumnVector vector, int @Nullable [] rows, int count, int[] groups, boolean add) {
    boolean[] nulls = vector.nulls;
    int[] ints = vector instanceof ColumnVector.Ints v ? v.values : null;
    long[] values = ints == null ? ((ColumnVector.Longs) vector).values : null;
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      if (nulls != null && nulls[r]) {
        if (nullGroup < 0 && add) {
          nullGroup = newLong(0, 0);
        }
        groups[i] = nullGroup;
        continue;
      }
      long value = ints != null ? ints[r] : values[r];
      long mixed = value * 0x9E3779B97F4A7C15L;
      int hash = (int) (mixed ^ mixed >>> 32);
      int mask = buckets.length - 1;
      int slot = spread(hash) & mask;
      while (true) {
        int entry = buckets[slot];
        if (entry == 0) {
          if (add) {
            int group = newLong(value, hash);
            buckets[slot] = group + 1;
            groups[i] = group;
            if (size * 2 > buckets.length) {
              grow();
            }
          } else {
            groups[i] = -1;
          }
          break;
        }
        if (longs[entry - 1] == value) {
          groups[i] = entry - 1;
          break;
        }
        slot = slot + 1 & mask;
      }
    }
  }

  private int newLong(long value, int hash) {
    int group = size++;
    if (group == hashes.length) {
      hashes = Arrays.copyOf(hashes, hashes.length * 2);
    }
    if (group >= longs.length) {
      longs = Arrays.copyOf(longs, longs.length * 2);
    }
    hashes[group] = hash;
    longs[group] = value;
    return group;
  }

  void clear() {
    stored.clear();
    memory.release(accounted);
    accounted = 0;
    size = 0;
    nullGroup = -1;
    buckets = new int[256];
  }
}
