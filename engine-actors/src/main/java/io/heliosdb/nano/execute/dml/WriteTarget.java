package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.IndexCodec;
import io.heliosdb.nano.execute.KeyCodec;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a table's definition means for writing its rows: codecs, generated columns, constraints, indexes, foreign keys. Compiled once per
/// definition (see [WriteTargets]), immutable and shared between threads. Columns are 0-based (`attnum - 1`) throughout.
public final class WriteTarget {
  /// @param columns the columns it reads, null for all
  record Generated(int column, Evaluator expression, @Nullable BitSet columns) {}

  /// @param columns the columns it reads, null for all
  record Check(String name, Evaluator condition, @Nullable BitSet columns, boolean validated) {}

  /// An index with entries of its own.
  ///
  /// @param columns the columns that decide about the entry, null when an expression or a predicate may read any
  record IndexTarget(Relation.Index index, IndexCodec codec, PgType[] types, @Nullable BitSet columns, @Nullable Exclusion exclusion) {
    long storageId() {
      return index.indexStorageId();
    }

    boolean isAffectedBy(@Nullable BitSet changed) {
      return columns == null || changed == null || columns.intersects(changed);
    }
  }

  private final Relation.Table table;
  private final String schema;
  private final RowCodec codec;
  private final int[] notNull;
  private final Generated[] generated;
  private final Check[] checks;
  private final IndexTarget[] indexes;
  private final Relation.@Nullable Index rowKeyIndex;
  private final BitSet rowKeyColumns = new BitSet();
  private final BitSet lockedKeyColumns = new BitSet();
  private final ForeignKey[] foreignKeys;
  private final List<Relation.Index> catalogIndexes;
  private final boolean ownDomains;

  WriteTarget(Relation.Table table, Catalog catalog) {
    this.table = table;
    schema = ConstraintErrors.schemaOf(table, catalog);
    codec = new RowCodec(table, catalog);
    catalogIndexes = catalog.indexesOf(table.oid());
    notNull = notNullColumns(table);
    generated = generatedColumns(table, catalog);
    checks = checkConstraints(table, catalog);
    ownDomains = table.columns().stream().anyMatch(c -> !c.dropped() && catalog.byOid(c.typeOid()).isDomain());
    for (int attnum : table.primaryKey()) {
      rowKeyColumns.set(attnum - 1);
    }
    lockedKeyColumns.or(rowKeyColumns);
    Relation.Index primary = null;
    List<IndexTarget> kept = new ArrayList<>();
    for (Relation.Index index : catalogIndexes) {
      if (index.indexStorageId() == 0) {
        primary = index.primary() ? index : primary;
        continue;
      }
      IndexTarget target = isKept(index, table, catalog) ? compile(index, table, catalog) : null;
      if (target != null) {
        kept.add(target);
        if (index.unique() && index.predicate() == null && target.columns() != null) {
          lockedKeyColumns.or(target.columns());
        }
      }
    }
    indexes = kept.toArray(IndexTarget[]::new);
    rowKeyIndex = primary;
    foreignKeys = table.constraints().stream().filter(c -> c.kind() == Constraint.Kind.FOREIGN_KEY && !table.constraintTriggersOff()).sorted(Comparator.comparingInt(Constraint::oid))
        .map(c -> new ForeignKey(table, c, catalog)).toArray(ForeignKey[]::new);
  }

  /// A context for text of the catalog, which names everything independently of a search path.
  static AnalyzerContext binderContext(Catalog catalog) {
    return AnalyzerContext.of(catalog, List.of(Catalog.PG_CATALOG), 10, IoContext.DEFAULT.toBuilder().types(catalog).build());
  }

  /// Whether the index has ordered entries in the store. Inverted and graph indexes, and search trees over types without a linear order,
  /// are only names: queries never read them.
  public static boolean isKept(Relation.Index index, Relation.Table table, Catalog catalog) {
    if (!index.exclusionOperators().isEmpty()) {
      return true;
    }
    return switch (index.method()) {
      case "btree", "hash" -> true;
      case "gin", "hnsw", "brin" -> false;
      default -> {
        for (int i = 0; i < index.keyCount(); i++) {
          PgType type = catalog.findByOid(index.keys().get(i).typeOid());
          if (type == null || !KeyCodec.supports(type)) {
            yield false;
          }
        }
        yield true;
      }
    };
  }

  private static IndexTarget compile(Relation.Index index, Relation.Table table, Catalog catalog) {
    IndexCodec codec = new IndexCodec(index, table, catalog);
    PgType[] types = new PgType[codec.keyCount()];
    BitSet columns = new BitSet();
    boolean known = index.predicate() == null;
    for (int i = 0; i < types.length; i++) {
      types[i] = codec.type(i);
      if (codec.attnum(i) == 0) {
        known = false;
      } else {
        columns.set(codec.attnum(i) - 1);
      }
    }
    return new IndexTarget(index, codec, types, known ? columns : null, index.exclusionOperators().isEmpty() ? null : Exclusion.of(index, types, catalog));
  }

  private static int[] notNullColumns(Relation.Table table) {
    return table.columns().stream().filter(c -> c.notNull() && !c.dropped()).mapToInt(c -> c.attnum() - 1).toArray();
  }

  private static Generated[] generatedColumns(Relation.Table table, Catalog catalog) {
    List<Generated> result = new ArrayList<>(0);
    for (Relation.Column column : table.columns()) {
      if (column.generated() == 's' && !column.dropped()) {
        var bound = ExpressionBinder.bind(column.defaultExpression(), table, ExpressionBinder.Use.GENERATED_COLUMN,
            catalog.byOid(column.typeOid()), column.typmod(), binderContext(catalog));
        result.add(new Generated(column.attnum() - 1, Evaluator.compile(bound.expression()), columnSet(bound.columns())));
      }
    }
    return result.toArray(Generated[]::new);
  }

  /// In the order of their names, as PostgreSQL checks them.
  private static Check[] checkConstraints(Relation.Table table, Catalog catalog) {
    List<Check> result = new ArrayList<>(0);
    for (Constraint constraint : table.constraints()) {
      if (constraint.kind() == Constraint.Kind.CHECK) {
        var bound = ExpressionBinder.bind(constraint.expression(), table, ExpressionBinder.Use.CHECK_CONSTRAINT, PgTypes.BOOL, -1, binderContext(catalog));
        result.add(new Check(constraint.name(), Evaluator.compile(bound.expression()), columnSet(bound.columns()), constraint.validated()));
      }
    }
    result.sort(Comparator.comparing(Check::name));
    return result.toArray(Check[]::new);
  }

  private static @Nullable BitSet columnSet(List<Integer> attnums) {
    BitSet set = new BitSet();
    for (int attnum : attnums) {
      if (attnum <= 0) {
        return null;
      }
      set.set(attnum - 1);
    }
    return set;
  }

  /// Whether it still says what the catalog says.
  boolean isCurrent(Relation.Table now, Catalog catalog) {
    if (now != table) {
      return false;
    }
    for (int i = 0; i < catalogIndexes.size(); i++) {
      Relation.Index index = catalogIndexes.get(i);
      if (catalog.relation(index.oid()) != index) {
        return false;
      }
    }
    for (ForeignKey foreignKey : foreignKeys) {
      if (!foreignKey.isCurrent(catalog)) {
        return false;
      }
    }
    return true;
  }

  public Relation.Table table() {
    return table;
  }

  public String schema() {
    return schema;
  }

  public RowCodec codec() {
    return codec;
  }

  public int columnCount() {
    return codec.columnCount();
  }

  int[] notNull() {
    return notNull;
  }

  Generated[] generated() {
    return generated;
  }

  Check[] checks() {
    return checks;
  }

  IndexTarget[] indexes() {
    return indexes;
  }

  /// The index of the primary key when the row key is it, and so has no entries.
  Relation.@Nullable Index rowKeyIndex() {
    return rowKeyIndex;
  }

  BitSet rowKeyColumns() {
    return rowKeyColumns;
  }

  /// Columns that a foreign key could refer to: an UPDATE that changes them locks the row FOR UPDATE.
  BitSet lockedKeyColumns() {
    return lockedKeyColumns;
  }

  ForeignKey[] foreignKeys() {
    return foreignKeys;
  }

  /// Whether a column has a domain type.
  boolean hasDomains() {
    return ownDomains;
  }

  /// The constraint behind an index, null for a plain index.
  @Nullable Constraint constraintOf(Relation.Index index) {
    for (Constraint constraint : table.constraints()) {
      if (constraint.indexOid() == index.oid() && (constraint.kind() == Constraint.Kind.PRIMARY_KEY || constraint.kind() == Constraint.Kind.UNIQUE
          || constraint.kind() == Constraint.Kind.EXCLUSION)) {
        return constraint;
      }
    }
    return null;
  }
}
