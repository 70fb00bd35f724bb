package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.Representation;

/// Sorts row numbers of a [RowBuffer] by its columns; stable.
final class RowSorter {
  /// Up to so many rows, those with equal keys come in PostgreSQL's order. Beyond, where nobody follows it, the merge sort compares less.
  private static final int POSTGRES_ORDER_MAX = 16_384;

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
    if (n <= POSTGRES_ORDER_MAX) {
      quickSort(ids, 0, n, 2 * (32 - Integer.numberOfLeadingZeros(n)));
    } else {
      mergeSort(ids.clone(), ids, 0, n);
    }
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

  /// Sorts `ids[from, from + length)` the way PostgreSQL does (Bentley and McIlroy's quicksort after a check for order), so that rows with equal
  /// keys come out in the order users see there. Past `depth` levels of bad pivots a merge sort ends it.
  private void quickSort(int[] ids, int from, int length, int depth) {
    int a = from;
    int n = length;
    int levels = depth;
    while (true) {
      if (n < 7) {
        for (int m = a + 1; m < a + n; m++) {
          for (int l = m; l > a && compare(ids[l - 1], ids[l]) > 0; l--) {
            swap(ids, l, l - 1);
          }
        }
        return;
      }
      if (isSorted(ids, a, n)) {
        return;
      }
      if (levels-- == 0) {
        int[] work = ids.clone();
        mergeSort(work, ids, a, a + n);
        return;
      }
      swap(ids, a, pivot(ids, a, n));
      int pa = a + 1;
      int pb = a + 1;
      int pc = a + n - 1;
      int pd = pc;
      while (true) {
        int order;
        while (pb <= pc && (order = compare(ids[pb], ids[a])) <= 0) {
          if (order == 0) {
            swap(ids, pa++, pb);
          }
          pb++;
        }
        while (pb <= pc && (order = compare(ids[pc], ids[a])) >= 0) {
          if (order == 0) {
            swap(ids, pc, pd--);
          }
          pc--;
        }
        if (pb > pc) {
          break;
        }
        swap(ids, pb++, pc--);
      }
      int end = a + n;
      int equalLeft = Math.min(pa - a, pb - pa);
      swapRange(ids, a, pb - equalLeft, equalLeft);
      int equalRight = Math.min(pd - pc, end - pd - 1);
      swapRange(ids, pb, end - equalRight, equalRight);
      int less = pb - pa;
      int greater = pd - pc;
      if (less <= greater) {
        if (less > 1) {
          quickSort(ids, a, less, levels);
        }
        if (greater <= 1) {
          return;
        }
        a = end - greater;
        n = greater;
      } else {
        if (greater > 1) {
          quickSort(ids, end - greater, greater, levels);
        }
        if (less <= 1) {
          return;
        }
        n = less;
      }
    }
  }

  private boolean isSorted(int[] ids, int from, int length) {
    for (int i = from + 1; i < from + length; i++) {
      if (compare(ids[i - 1], ids[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  private int pivot(int[] ids, int a, int n) {
    int middle = a + n / 2;
    if (n == 7) {
      return middle;
    }
    int low = a;
    int high = a + n - 1;
    if (n > 40) {
      int d = n / 8;
      low = median(ids, low, low + d, low + 2 * d);
      middle = median(ids, middle - d, middle, middle + d);
      high = median(ids, high - 2 * d, high - d, high);
    }
    return median(ids, low, middle, high);
  }

  private int median(int[] ids, int a, int b, int c) {
    return compare(ids[a], ids[b]) < 0
        ? compare(ids[b], ids[c]) < 0 ? b : compare(ids[a], ids[c]) < 0 ? c : a
        : compare(ids[b], ids[c]) > 0 ? b : compare(ids[a], ids[c]) < 0 ? a : c;
  }

  private static void swap(int[] ids, int i, int j) {
    int id = ids[i];
    ids[i] = ids[j];
    ids[j] = id;
  }

  private static void swapRange(int[] ids, int i, int j, int count) {
    for (int k = 0; k < count; k++) {
      swap(ids, i + k, j + k);
    }
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
