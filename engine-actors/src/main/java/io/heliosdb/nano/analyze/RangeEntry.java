package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An entry of a query's range table: something that has columns. Column `attno` has index `attno - 1` in the lists; a dropped column of
/// a relation has a null name.
final class RangeEntry {
  enum Kind { RELATION, SUBQUERY, JOIN, FUNCTION, VALUES, CTE, RESULT_ROW }

  /// Offset of attnos in `used`, so that system columns fit.
  static final int SYSTEM_OFFSET = 8;

  final Kind kind;
  /// Nesting depth of the query that owns the entry.
  final int depth;
  String name;
  /// Alias as written, null if there was none.
  @Nullable String alias;
  List<String> columnAliases = List.of();
  final List<@Nullable String> columnNames;
  final List<PgType> types;
  final List<Integer> typmods;
  final List<Integer> collations;
  boolean inFrom = true;
  boolean lateral;
  /// Whether a lateral item really refers to its left siblings.
  boolean lateralUsed;

  @Nullable Relation relation;
  boolean only;
  Analysis.@Nullable Moment asOf;
  /// VERSIONS BETWEEN: the bounds, both of one kind; null for a plain read.
  @Nullable Versions versions;

  record Versions(Analysis.Moment low, Analysis.Moment high) {}

  /// The catalog of another time that [#relation] is from; null for the present one.
  io.heliosdb.nano.catalog.@Nullable Catalog past;
  @Nullable Sample sample;
  @Nullable Query subquery;
  /// The view this sub-query came from, for origins, permissions and deparsing.
  Relation.@Nullable View view;
  List<Function> functions = List.of();
  boolean ordinality;
  List<List<Node>> rows = List.of();
  Query.@Nullable Cte cte;
  boolean selfReference;
  List<Node> joinColumns = List.of();
  int mergedColumns;
  /// Row security and security barrier conditions, evaluated before anything else on the entry.
  final List<Node> securityConditions = new ArrayList<>();

  /// attno + SYSTEM_OFFSET of every column that is referenced.
  final BitSet used = new BitSet();
  boolean wholeRowUsed;
  boolean rowIdentity;

  // permissions
  String privileges = "";
  final BitSet selected = new BitSet();
  final BitSet inserted = new BitSet();
  final BitSet updated = new BitSet();
  int checkAs;

  record Sample(String method, List<Node> arguments, @Nullable Node repeatable) {}

  /// A function of a table function entry, with the columns it contributes.
  ///
  /// @param definitions column definition list, empty if none
  record Function(Node call, int columnCount, boolean spread, List<ColumnDefinition> definitions) {}

  record ColumnDefinition(String name, PgType type, int typmod, int collation) {}

  RangeEntry(Kind kind, int depth, String name, int columnCount) {
    this.kind = kind;
    this.depth = depth;
    this.name = name;
    this.columnNames = new ArrayList<>(columnCount);
    this.types = new ArrayList<>(columnCount);
    this.typmods = new ArrayList<>(columnCount);
    this.collations = new ArrayList<>(columnCount);
  }

  void addColumn(@Nullable String columnName, PgType type, int typmod, int collation) {
    columnNames.add(columnName);
    types.add(type);
    typmods.add(typmod);
    collations.add(collation);
  }

  int columnCount() {
    return columnNames.size();
  }

  void markUsed(int attno) {
    if (attno == 0) {
      wholeRowUsed = true;
      for (int i = 1; i <= columnNames.size(); i++) {
        if (columnNames.get(i - 1) != null) {
          used.set(i + SYSTEM_OFFSET);
        }
      }
    } else {
      used.set(attno + SYSTEM_OFFSET);
    }
  }

  void requirePrivilege(char privilege) {
    if (privileges.indexOf(privilege) < 0) {
      privileges += privilege;
    }
  }

  /// Whether the entry's rows are of a stored or system relation (also seen through a view entry).
  boolean isRelation() {
    return kind == Kind.RELATION;
  }

  @Override
  public String toString() {
    return kind + " " + name;
  }
}
