package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.Representation;

/// Sorts row numbers of a [RowBuffer] by its columns; stable.
final class RowSorter {
  private final RowBuffer rows;
  private final SortColumn[] keys;
  private final ExecutionContext context;
  private long[] prefixes = {};
  private byte[] nullRank = {};
  private boolean prefixDecides;
  private int compared;

  RowSorter(RowBuffer rows, SortColumn[] keys, ExecutionContext context) {
    this.rows = rows;
    this.keys = keys;
    this.context = context;
  }

  int[] sort() {
    int n = rows.size();
    int[] ids = new int[n];
    for (int i = 0; i < n; i++) {
      ids[i] = i;
    }
    if (n < 2 || keys.length == 0) {
      return ids;
    }
    preparePrefixes(n);
    int[] scratch = ids.clone();
    mergeSort(scratch, ids, 0, n);
    return ids;
  }

  private void preparePrefixes(int n) {
    SortColumn key = keys[0];
    if (!key.hasPrefix()) {
      return;
    }
    prefixes = new long[n];
    nullRank = new byte[n];
    byte rank = (byte) (key.nullsFirst() ? -1 : 1);
    for (int i = 0; i < n; i++) {
      ColumnVector vector = rows.vector(key.column(), i);
      int at = RowBuffer.position(i);
      if (vector.isNull(at)) {
        nullRank[i] = rank;
      } else {
        prefixes[i] = key.prefix(vector, at);
      }
    }
    Representation representation = key.type().representation();
    prefixDecides = representation == Representation.INT32 || representation == Representation.INT64 || representation == Representation.FLOAT64;
  }

  int compare(int a, int b) {
    if ((++compared & 0xffff) == 0) {
      context.cancel().check();
    }
    int first = 0;
    if (prefixes.length > 0) {
      if (nullRank[a] != nullRank[b]) {
        return Byte.compare(nullRank[a], nullRank[b]);
      }
      if (nullRank[a] == 0) {
        if (prefixes[a] != prefixes[b]) {
          return prefixes[a] < prefixes[b] ? -1 : 1;
        }
        first = prefixDecides ? 1 : 0;
      } else {
        first = 1;
      }
    }
    for (int k = first; k < keys.length; k++) {
      SortColumn key = keys[k];
      int order = key.compare(rows.vector(key.column(), a), RowBuffer.position(a), rows.vector(key.column(), b), RowBuffer.position(b), context);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /// Sorts `to[from, end)`; `work` holds the same ids.
  private void mergeSort(int[] work, int[] to, int from, int end) {
    int length = end - from;
    if (length < 12) {
      for (int i = from + 1; i < end; i++) {
        int id = to[i];
        int j = i - 1;
        while (j >= from && compare(to[j], id) > 0) {
          to[j + 1] = to[j];
          j--;
        }
        to[j + 1] = id;
      }
      return;
    }
    int middle = from + end >>> 1;
    mergeSort(to, work, from, middle);
    mergeSort(to, work, middle, end);
    if (compare(work[middle - 1], work[middle]) <= 0) {
      System.arraycopy(work, from, to, from, length);
      return;
    }
    int p = from;
    int q = middle;
    for (int i = from; i < end; i++) {
      to[i] = q >= end || p < middle && compare(work[p], work[q]) <= 0 ? work[p++] : work[q++];
    }
  }

}
