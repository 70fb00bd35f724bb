package io.heliosdb.nano.function.search;

import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.TsQuery;
import io.heliosdb.nano.type.TsVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// `ts_rank` and `ts_rank_cd` (cover density). Weights are for D, C, B, A. Results agree with PostgreSQL's to float precision.
/// Source: PostgreSQL 15 manual, "Ranking Search Results"; Clarke et al., "Relevance Ranking for One to Three Term Queries", 1999.
public final class SearchRank {
  private static final int LOG_LENGTH = 1;
  private static final int LENGTH = 2;
  private static final int EXTENT_DISTANCE = 4;
  private static final int UNIQUE = 8;
  private static final int LOG_UNIQUE = 16;
  private static final int RATIO = 32;
  private static final int NO_POSITION = TsVector.MAX_POSITION;

  private SearchRank() {}

  private static List<TsQuery.Operand> operands(TsQuery query) {
    Set<TsQuery.Operand> found = new TreeSet<>((a, b) -> {
      int order = Collations.compareUtf8(a.text(), b.text());
      order = order != 0 ? order : Boolean.compare(a.prefix(), b.prefix());
      return order;
    });
    collect(query.root(), found);
    return new ArrayList<>(found);
  }

  private static void collect(TsQuery.Node node, Set<TsQuery.Operand> found) {
    switch (node) {
      case TsQuery.Operand o -> found.add(o);
      case TsQuery.Not n -> collect(n.argument(), found);
      case TsQuery.And a -> {
        collect(a.left(), found);
        collect(a.right(), found);
      }
      case TsQuery.Or o -> {
        collect(o.left(), found);
        collect(o.right(), found);
      }
      case TsQuery.Phrase p -> {
        collect(p.left(), found);
        collect(p.right(), found);
      }
    }
  }

  private static int length(TsVector vector) {
    int length = 0;
    for (TsVector.Lexeme lexeme : vector.lexemes()) {
      length += Math.max(1, lexeme.positions().length);
    }
    return length;
  }

  // ts_rank

  public static float rank(float[] weights, TsVector vector, TsQuery query, int method) {
    if (vector.lexemes().isEmpty() || query.root() == null) {
      return 0;
    }
    List<TsQuery.Operand> operands = operands(query);
    boolean all = query.root() instanceof TsQuery.And || query.root() instanceof TsQuery.Phrase;
    float rank = all && operands.size() >= 2 ? rankAll(weights, vector, operands) : rankAny(weights, vector, operands);
    if (rank < 0) {
      rank = 1e-20f;
    }
    int size = vector.lexemes().size();
    if ((method & LOG_LENGTH) != 0) {
      rank /= Math.log(length(vector) + 1) / Math.log(2);
    }
    if ((method & LENGTH) != 0) {
      rank /= (float) length(vector);
    }
    if ((method & UNIQUE) != 0) {
      rank /= (float) size;
    }
    if ((method & LOG_UNIQUE) != 0) {
      rank /= Math.log(size + 1) / Math.log(2);
    }
    if ((method & RATIO) != 0) {
      rank /= rank + 1;
    }
    return rank;
  }

  private static float rankAny(float[] weights, TsVector vector, List<TsQuery.Operand> operands) {
    float rank = 0;
    for (TsQuery.Operand operand : operands) {
      for (TsVector.Lexeme lexeme : QueryMatcher.lexemes(vector, operand)) {
        int[] entries = lexeme.positions().length == 0 ? new int[1] : lexeme.positions();
        float sum = 0;
        float best = -1;
        int bestIndex = 0;
        for (int j = 0; j < entries.length; j++) {
          float weight = weights[TsVector.Lexeme.weight(entries[j])];
          sum += weight / ((j + 1) * (j + 1));
          if (weight > best) {
            best = weight;
            bestIndex = j;
          }
        }
        rank += (best + sum - best / ((bestIndex + 1) * (bestIndex + 1))) / 1.64493406685;
      }
    }
    return operands.isEmpty() ? rank : rank / operands.size();
  }

  private static float rankAll(float[] weights, TsVector vector, List<TsQuery.Operand> operands) {
    int[][] known = new int[operands.size()][];
    boolean[] placeless = new boolean[operands.size()];
    float rank = -1;
    for (int i = 0; i < known.length; i++) {
      for (TsVector.Lexeme lexeme : QueryMatcher.lexemes(vector, operands.get(i))) {
        placeless[i] = lexeme.positions().length == 0;
        known[i] = placeless[i] ? new int[] {NO_POSITION - 1} : lexeme.positions();
        for (int k = 0; k < i; k++) {
          for (int entry : known[k] == null ? new int[0] : known[i]) {
            for (int other : known[k]) {
              int distance = Math.abs(TsVector.Lexeme.position(entry) - TsVector.Lexeme.position(other));
              if (distance != 0 || placeless[i] || placeless[k]) {
                float weight = weights[TsVector.Lexeme.weight(entry)] * weights[TsVector.Lexeme.weight(other)];
                float current = (float) Math.sqrt(weight * closeness(distance == 0 ? NO_POSITION + 1 : distance));
                rank = rank < 0 ? current : (float) (1.0 - (1.0 - rank) * (1.0 - current));
              }
            }
          }
        }
      }
    }
    return rank;
  }

  private static float closeness(int distance) {
    return distance > 100 ? 1e-30f : (float) (1.0 / (1.005 + 0.05 * Math.exp((float) distance / 1.5 - 2)));
  }

  // ts_rank_cd

  private record Entry(int position, int weight, Set<TsQuery.Operand> operands) {}

  public static float coverDensity(float[] weights, TsVector vector, TsQuery query, int method) {
    if (query.root() == null) {
      return 0;
    }
    List<Entry> document = document(vector, operands(query));
    double density = 0;
    double distances = 0;
    double previous = 0;
    int extents = 0;
    int from = 0;
    while (from < document.size()) {
      int last = upperBound(document, query, from);
      if (last < 0) {
        break;
      }
      int first = lowerBound(document, query, from, last);
      double inverse = 0;
      for (int i = first; i <= last; i++) {
        inverse += 1.0 / weights[document.get(i).weight()];
      }
      int p = document.get(first).position();
      int q = document.get(last).position();
      int noise = q - p - (last - first);
      if (noise < 0) {
        noise = (last - first) / 2;
      }
      density += (last - first + 1) / inverse / (1 + noise);
      double middle = (q + p) / 2.0;
      if (extents > 0 && middle > previous) {
        distances += 1.0 / (middle - previous);
      }
      previous = middle;
      extents++;
      from = first + 1;
    }
    return (float) normalized(density, vector, method, extents, distances);
  }

  private static double normalized(double density, TsVector vector, int method, int extents, double distances) {
    double result = density;
    int size = vector.lexemes().size();
    int length = length(vector);
    if ((method & LOG_LENGTH) != 0 && size > 0) {
      result /= Math.log(length + 1);
    }
    if ((method & LENGTH) != 0 && length > 0) {
      result /= length;
    }
    if ((method & EXTENT_DISTANCE) != 0 && extents > 0 && distances > 0) {
      result /= extents / distances;
    }
    if ((method & UNIQUE) != 0 && size > 0) {
      result /= size;
    }
    if ((method & LOG_UNIQUE) != 0 && size > 0) {
      result /= Math.log(size + 1) / Math.log(2);
    }
    if ((method & RATIO) != 0) {
      result /= result + 1;
    }
    return result;
  }

  private static List<Entry> document(TsVector vector, List<TsQuery.Operand> operands) {
    List<Entry> entries = new ArrayList<>();
    for (TsQuery.Operand operand : operands) {
      for (TsVector.Lexeme lexeme : QueryMatcher.lexemes(vector, operand)) {
        for (int entry : lexeme.positions()) {
          if (operand.weights() == 0 || (operand.weights() >> TsVector.Lexeme.weight(entry) & 1) != 0) {
            entries.add(new Entry(TsVector.Lexeme.position(entry), TsVector.Lexeme.weight(entry), Set.of(operand)));
          }
        }
      }
    }
    entries.sort(java.util.Comparator.comparingInt(Entry::position).thenComparingInt(Entry::weight));
    List<Entry> merged = new ArrayList<>();
    for (Entry entry : entries) {
      Entry last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && last.position == entry.position && last.weight == entry.weight) {
        Set<TsQuery.Operand> both = new java.util.HashSet<>(last.operands);
        both.addAll(entry.operands);
        merged.set(merged.size() - 1, new Entry(last.position, last.weight, both));
      } else {
        merged.add(entry);
      }
    }
    return merged;
  }

  private static boolean satisfied(List<Entry> document, TsQuery query, int from, int to) {
    return new QueryMatcher(operand -> {
      int[] found = null;
      for (int i = from; i <= to; i++) {
        if (document.get(i).operands.stream().anyMatch(o -> o.text().equals(operand.text()) && o.prefix() == operand.prefix())) {
          found = found == null ? new int[] {document.get(i).position} : append(found, document.get(i).position);
        }
      }
      return found;
    }).matches(query.root());
  }

  private static int[] append(int[] array, int value) {
    int[] more = java.util.Arrays.copyOf(array, array.length + 1);
    more[array.length] = value;
    return more;
  }

  private static int upperBound(List<Entry> document, TsQuery query, int from) {
    for (int i = from; i < document.size(); i++) {
      if (satisfied(document, query, from, i)) {
        return i;
      }
    }
    return -1;
  }

  private static int lowerBound(List<Entry> document, TsQuery query, int from, int last) {
    for (int i = last; i >= from; i--) {
      if (satisfied(document, query, i, last)) {
        return i;
      }
    }
    return from;
  }
}
