package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.QualifiedName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to say when a column or table is not found: looks for what the user may have meant.
final class NameErrors {
  private static final int DISTANCE_MAX = 3;

  private NameErrors() {}

  /// 42P01 for a table name in front of a column.
  static SqlException missingTable(Scope scope, @Nullable String schema, String name, int position) {
    RangeEntry entry = findEntry(scope, schema, name, position);
    if (entry == null) {
      return new SqlException(SqlState.UNDEFINED_TABLE, "missing FROM-clause entry for table \"" + name + "\"").at(position);
    }
    String hint = null;
    if (!entry.name.equals(name)) {
      Scope.Found visible = null;
      try {
        visible = scope.item(null, entry.name, position);
      } catch (SqlException ambiguous) {
        hint = null;
      }
      if (visible != null && visible.item().entry == entry) {
        hint = "Perhaps you meant to reference the table alias \"" + entry.name + "\".";
      }
    }
    if (hint == null) {
      hint = "There is an entry for table \"" + entry.name + "\", but it cannot be referenced from this part of the query.";
    }
    return new SqlException(SqlState.UNDEFINED_TABLE, "invalid reference to FROM-clause entry for table \"" + name + "\"")
        .withHint(hint)
        .at(position);
  }

  private static @Nullable RangeEntry findEntry(Scope scope, @Nullable String schema, String name, int position) {
    Query.Cte cte = schema == null ? scope.cte(name) : null;
    Relation relation = null;
    if (cte == null) {
      relation =
          analysisRelation(scope, schema == null ? QualifiedName.of(name, position) : new QualifiedName(List.of(schema, name), position));
    }
    for (Scope s = scope; s != null; s = s.parent) {
      for (RangeEntry entry : s.query.entries) {
        Relation own = entry.view != null ? entry.view : entry.relation;
        boolean same =
            relation != null && own != null && own.oid() == relation.oid() || cte != null && entry.cte == cte || entry.name.equals(name);
        if (same && entry.kind != RangeEntry.Kind.JOIN) {
          return entry;
        }
      }
    }
    return null;
  }

  private static @Nullable Relation analysisRelation(Scope scope, QualifiedName name) {
    return scope.analysis.names.findRelation(name);
  }

  /// 42703 with a suggestion if another name is near, or the column exists where it cannot be seen.
  static SqlException missingColumn(Scope scope, @Nullable String table, String column, int position) {
    SqlException error =
        new SqlException(
                SqlState.UNDEFINED_COLUMN, table == null ? "column \"" + column + "\" does not exist" : "column " + table + "." + column
                    + " does not exist")
            .at(position);
    Search search = new Search(table, column);
    for (Scope s = scope; s != null; s = s.parent) {
      for (RangeEntry entry : s.query.entries) {
        if (entry.kind != RangeEntry.Kind.JOIN) {
          search.visit(entry);
        }
      }
    }
    return search.hint == null && search.first == null ? error : error.withHint(search.hintText(column));
  }

  /// The nearest column names by edit distance.
  private static final class Search {
    private final @Nullable String table;
    private final String column;
    private int distance = DISTANCE_MAX + 1;
    private @Nullable RangeEntry first;
    private @Nullable String firstColumn;
    private @Nullable RangeEntry second;
    private @Nullable String secondColumn;
    private @Nullable RangeEntry hint;

    Search(@Nullable String table, String column) {
      this.table = table;
      this.column = column;
    }

    void visit(RangeEntry entry) {
      int penalty = table == null ? 0 : Math.min(levenshtein(table, entry.name), DISTANCE_MAX + 1);
      for (String name : entry.columnNames) {
        if (name == null) {
          continue;
        }
        if (name.equals(column) && penalty == 0) {
          if (hint == null) {
            hint = entry;
          }
          continue;
        }
        consider(entry, name, penalty);
      }
    }

    private void consider(RangeEntry entry, String name, int penalty) {
      if (penalty > distance) {
        return;
      }
      int own = levenshtein(column, name);
      if (own > column.length() / 2) {
        return;
      }
      int total = own + penalty;
      if (total < distance) {
        distance = total;
        first = entry;
        firstColumn = name;
        second = null;
      } else if (total == distance && distance <= DISTANCE_MAX) {
        if (second != null) {
          first = null;
          second = null;
        } else if (first != null) {
          second = entry;
          secondColumn = name;
        } else {
          first = entry;
          firstColumn = name;
        }
      }
    }

    @Nullable String hintText(String name) {
      if (hint != null) {
        return "There is a column named \"" + name + "\" in table \"" + hint.name
            + "\", but it cannot be referenced from this part of the query.";
      }
      if (first == null) {
        return null;
      }
      String one = "Perhaps you meant to reference the column \"" + first.name + "." + firstColumn + "\"";
      return second == null ? one + "." : one + " or the column \"" + second.name + "." + secondColumn + "\".";
    }
  }

  private static int levenshtein(String a, String b) {
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[b.length()];
  }
}
