package io.heliosdb.nano.execute;

import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.storage.key.ColumnOrder;
import io.heliosdb.nano.storage.key.KeyWriter;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys of one index from rows of its table: columns, expressions, direction, place of NULLs, partial predicate. Immutable and shared;
/// depends on the definitions of index and table. INCLUDE columns are not part of the key.
public final class IndexCodec {
  private final Relation.Index index;
  private final int[] attnums;
  private final Expr[] expressions;
  private final Evaluator[] evaluators;
  private final PgType[] types;
  private final int[] collations;
  private final ColumnOrder[] orders;
  private final boolean[] kept;
  private final boolean exclusion;
  private final @Nullable Expr predicate;
  private final @Nullable Evaluator predicateEvaluator;

  public IndexCodec(Relation.Index index, Relation.Table table, Catalog catalog) {
    this.index = index;
    int count = index.keyCount();
    attnums = new int[count];
    expressions = new Expr[count];
    evaluators = new Evaluator[count];
    types = new PgType[count];
    collations = new int[count];
    orders = new ColumnOrder[count];
    AnalyzerContext context = null;
    exclusion = !index.exclusionOperators().isEmpty();
    kept = new boolean[count];
    for (int i = 0; i < count; i++) {
      kept[i] = !exclusion || isEquality(catalog, index.exclusionOperators().get(i));
      Relation.Index.Key key = index.keys().get(i);
      attnums[i] = key.attnum();
      orders[i] = ColumnOrder.of(key.descending(), key.nullsFirst());
      collations[i] = key.collationOid();
      if (key.attnum() == 0) {
        context = context == null ? binderContext(catalog) : context;
        expressions[i] =
            ExpressionBinder.bind(key.expression(), table, ExpressionBinder.Use.INDEX_EXPRESSION, null, -1, context).expression();
        evaluators[i] = Evaluator.compile(expressions[i]);
        types[i] = expressions[i].type();
      } else {
        Relation.Column column = table.column(key.attnum());
        types[i] = catalog.byOid(column.typeOid());
        expressions[i] = new Expr.InputColumn(key.attnum() - 1, types[i], column.typmod(), column.collationOid());
      }
    }
    if (index.predicate() == null) {
      predicate = null;
      predicateEvaluator = null;
    } else {
      predicate = ExpressionBinder.bind(index.predicate(), table, ExpressionBinder.Use.INDEX_PREDICATE, PgTypes.BOOL, -1,
          context == null ? binderContext(catalog) : context).expression();
      predicateEvaluator = Evaluator.compile(predicate);
    }
  }

  /// The key of an exclusion constraint's entry has only the columns that are compared by `=`: rows that may conflict have equal keys.
  private static boolean isEquality(Catalog catalog, int operatorOid) {
    Catalog.OperatorDef operator = catalog.operator(operatorOid);
    return operator != null && operator.name().equals("=") && operator.namespaceOid() == Catalog.PG_CATALOG;
  }

  /// A context for text of the catalog, which names everything independently of a search path.
  static AnalyzerContext binderContext(Catalog catalog) {
    return AnalyzerContext.of(catalog, List.of(Catalog.PG_CATALOG), 10, IoContext.DEFAULT.toBuilder().types(catalog).build());
  }

  public Relation.Index index() {
    return index;
  }

  public int keyCount() {
    return attnums.length;
  }

  public PgType type(int i) {
    return types[i];
  }

  public int collation(int i) {
    return collations[i];
  }

  public ColumnOrder order(int i) {
    return orders[i];
  }

  /// attnum of the `i`-th key column, 0 for an expression.
  public int attnum(int i) {
    return attnums[i];
  }

  /// The `i`-th key column as an expression over the table's row (input column `attnum - 1`).
  public Expr expression(int i) {
    return expressions[i];
  }

  /// The condition of a partial index over the table's row, null for none.
  public @Nullable Expr predicate() {
    return predicate;
  }

  /// A builder of keys for one statement.
  public Writer writer(ExecutionContext context) {
    return new Writer(context);
  }

  /// Builds keys; confined to the statement's thread.
  public final class Writer {
    private final KeyWriter key = new KeyWriter();
    private final RowAccess.OfValues row = new RowAccess.OfValues(new Object[0]);
    private final @Nullable BoundEvaluator[] bound = new BoundEvaluator[attnums.length];
    private final @Nullable BoundEvaluator boundPredicate;
    private boolean hasNull;

    private Writer(ExecutionContext context) {
      for (int i = 0; i < bound.length; i++) {
        bound[i] = evaluators[i] == null ? null : evaluators[i].bind(context);
      }
      boundPredicate = predicateEvaluator == null ? null : predicateEvaluator.bind(context);
    }

    /// Whether the index has an entry for the row (its predicate is true).
    public boolean covers(@Nullable Object[] values) {
      if (boundPredicate == null) {
        return true;
      }
      row.values = values;
      return Boolean.TRUE.equals(boundPredicate.eval(row));
    }

    /// The index key of a row given by `attnum - 1`.
    public byte[] key(@Nullable Object[] values) {
      key.reset();
      hasNull = false;
      for (int i = 0; i < attnums.length; i++) {
        Object value = value(i, values);
        hasNull |= value == null;
        if (kept[i]) {
          key.order(orders[i]);
          KeyCodec.put(key, types[i], value, collations[i]);
        }
      }
      if (exclusion) {
        key.order(ColumnOrder.ASC_NULLS_LAST);
        KeyCodec.put(key, PgTypes.BOOL, true, 0);
      }
      return key.toKey();
    }

    /// The value of the `i`-th key column.
    public @Nullable Object value(int i, @Nullable Object[] values) {
      BoundEvaluator expression = bound[i];
      if (expression == null) {
        return values[attnums[i] - 1];
      }
      row.values = values;
      return expression.eval(row);
    }

    /// Whether the key made last has a NULL column (and so conflicts with no other, unless NULLS NOT DISTINCT).
    public boolean hasNull() {
      return hasNull;
    }
  }
}
