package io.heliosdb.nano.analyze;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The row that expressions of one plan node see: where the columns of range table entries and computed values stand in it.
///
/// `outer` is the row one boundary further out (sub-query in an expression, or right side of a lateral join).
final class RowFrame {
  final @Nullable RowFrame outer;
  final Layout layout;
  /// Grouping expressions (after aggregation): equal expressions are read from the row instead of computed.
  final List<Node> groups;
  /// Aggregates, window calls and set-returning calls that were computed below, by identity.
  final Map<Node, Integer> computed;
  int groupingIdColumn = -1;
  boolean aggregated;

  RowFrame(@Nullable RowFrame outer, Layout layout, List<Node> groups, Map<Node, Integer> computed) {
    this.outer = outer;
    this.layout = layout;
    this.groups = groups;
    this.computed = computed;
  }

  static RowFrame of(@Nullable RowFrame outer, Layout layout) {
    return new RowFrame(outer, layout, List.of(), Map.of());
  }

  /// The same row with more computed columns behind it.
  RowFrame withComputed(Map<Node, Integer> more) {
    Map<Node, Integer> all = new IdentityHashMap<>(computed);
    all.putAll(more);
    RowFrame frame = new RowFrame(outer, layout, groups, all);
    frame.groupingIdColumn = groupingIdColumn;
    frame.aggregated = aggregated;
    return frame;
  }

  /// Positions of entries' columns in a row.
  static final class Layout {
    static final Layout EMPTY = new Layout();
    private final List<RangeEntry> entries = new ArrayList<>(2);
    private final List<int[]> attnos = new ArrayList<>(2);
    private final List<Integer> bases = new ArrayList<>(2);
    private final List<RangeEntry> nulls = new ArrayList<>(0);
    int width;

    /// Appends the columns `columns` (attnos in row order) of an entry.
    void add(RangeEntry entry, int[] columns) {
      entries.add(entry);
      attnos.add(columns);
      bases.add(width);
      width += columns.length;
    }

    void addAll(Layout other) {
      for (int i = 0; i < other.entries.size(); i++) {
        entries.add(other.entries.get(i));
        attnos.add(other.attnos.get(i));
        bases.add(other.bases.get(i) + width);
      }
      width += other.width;
    }

    /// Appends an entry whose columns stand at positions of their own.
    void addAt(RangeEntry entry, int[] columns, int base) {
      entries.add(entry);
      attnos.add(columns);
      bases.add(base);
    }

    /// The attno at a position of a layout of one entry.
    int attnoAt(int position) {
      return attnos.getFirst()[position];
    }

    boolean contains(RangeEntry entry) {
      return entries.contains(entry);
    }

    /// -1 if the column is not in the row.
    int find(RangeEntry entry, int attno) {
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i) == entry) {
          int[] columns = attnos.get(i);
          for (int j = 0; j < columns.length; j++) {
            if (columns[j] == attno) {
              return bases.get(i) + j;
            }
          }
        }
      }
      return -1;
    }

    /// The layout of the same row after its columns were put elsewhere: column i now stands at `positions[i]`.
    Layout moved(int[] positions) {
      Layout result = new Layout();
      for (int i = 0; i < entries.size(); i++) {
        int[] columns = attnos.get(i);
        for (int j = 0; j < columns.length; j++) {
          result.addAt(entries.get(i), new int[] {columns[j]}, positions[bases.get(i) + j]);
        }
      }
      result.width = width;
      return result;
    }

    /// Adds the columns of another layout, `shift` positions further right. Entries already present keep precedence.
    void addShifted(Layout other, int shift) {
      for (int i = 0; i < other.entries.size(); i++) {
        addAt(other.entries.get(i), other.attnos.get(i), other.bases.get(i) + shift);
      }
    }

    /// An entry whose columns are all NULL (the new row of a DELETE).
    void addNull(RangeEntry entry) {
      nulls.add(entry);
    }

    boolean isNull(RangeEntry entry) {
      return nulls.contains(entry);
    }
  }
}
