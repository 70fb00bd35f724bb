package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.PartitionBound;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.KeyCodec;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.storage.key.ColumnOrder;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Values;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which direct partition of a partitioned table a row belongs to. Compiled from the bounds; immutable. Source: PostgreSQL 15,
/// `execPartition.c`, `partbounds.c`.
final class PartitionRouter {
  private enum Kind { VALUE, MINVALUE, MAXVALUE }

  /// One end of a range; `kinds[i]` says whether `values[i]` counts.
  private record End(Kind[] kinds, @Nullable Object[] values) {}

  private record Range(End lower, End upper, Relation.Table partition) {}

  private final Relation.Table parent;
  private final List<Relation.Table> children;
  private final char strategy;
  private final int[] columns;
  private final @Nullable Evaluator[] expressions;
  private final PgType[] types;
  private final int[] collations;
  private final Map<Bytes, Relation.Table> byValue = new HashMap<>();
  private final List<Range> ranges = new ArrayList<>();
  private final List<Relation.Table> hashed = new ArrayList<>();
  private Relation.@Nullable Table nullPartition;
  private Relation.@Nullable Table defaultPartition;

  PartitionRouter(Relation.Table parent, Catalog catalog) {
    this.parent = parent;
    children = List.copyOf(catalog.childrenOf(parent.oid()));
    Relation.PartitionScheme scheme = java.util.Objects.requireNonNull(parent.partitionScheme());
    strategy = scheme.strategy();
    int count = scheme.keys().size();
    columns = new int[count];
    expressions = new Evaluator[count];
    types = new PgType[count];
    collations = new int[count];
    for (int i = 0; i < count; i++) {
      Relation.Index.Key key = scheme.keys().get(i);
      columns[i] = key.attnum() - 1;
      types[i] = catalog.byOid(key.typeOid());
      collations[i] = key.collationOid();
      if (key.attnum() == 0) {
        expressions[i] = Evaluator.compile(
            ExpressionBinder.bind(key.expression(), parent, ExpressionBinder.Use.PARTITION_KEY, null, -1, WriteTarget.binderContext(catalog)).expression());
      }
    }
    IoContext io = IoContext.DEFAULT.toBuilder().types(catalog).build();
    for (Relation.Table child : children) {
      add(child, io);
    }
    ranges.sort((a, b) -> compare(a.lower(), b.lower()));
  }

  private void add(Relation.Table child, IoContext io) {
    PartitionBound bound = child.partitionBound();
    if (bound == null) {
      return;
    }
    if (bound.isDefault()) {
      defaultPartition = child;
    } else if (strategy == 'l') {
      for (String text : bound.values()) {
        Object value = value(text, 0, io);
        if (value == null) {
          nullPartition = child;
        } else {
          byValue.put(key(value), child);
        }
      }
    } else if (strategy == 'r') {
      ranges.add(new Range(end(bound.lower(), io), end(bound.upper(), io), child));
    } else {
      hashed.add(child);
    }
  }

  private Bytes key(Object value) {
    return Bytes.wrap(KeyCodec.key(types, collations, new ColumnOrder[] {ColumnOrder.ASC_NULLS_LAST}, new Object[] {value}));
  }

  private End end(List<String> texts, IoContext io) {
    Kind[] kinds = new Kind[texts.size()];
    Object[] values = new Object[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = switch (texts.get(i)) {
        case "MINVALUE" -> Kind.MINVALUE;
        case "MAXVALUE" -> Kind.MAXVALUE;
        default -> Kind.VALUE;
      };
      values[i] = kinds[i] == Kind.VALUE ? value(texts.get(i), i, io) : null;
    }
    return new End(kinds, values);
  }

  /// The value of a bound's text: NULL, a bare number or boolean, or a quoted literal.
  private @Nullable Object value(String text, int key, IoContext io) {
    if (text.equals("NULL")) {
      return null;
    }
    String literal = text.startsWith("'") ? text.substring(1, text.length() - 1).replace("''", "'") : text;
    return TypeIo.parse(types[key], -1, literal, io);
  }

  private int compare(End a, End b) {
    for (int i = 0; i < types.length; i++) {
      if (a.kinds()[i] != b.kinds()[i] || a.kinds()[i] != Kind.VALUE) {
        int order = rank(a.kinds()[i]) - rank(b.kinds()[i]);
        return order;
      }
      int order = Values.compare(types[i], a.values()[i], b.values()[i], collations[i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int rank(Kind kind) {
    return switch (kind) {
      case MINVALUE -> -1;
      case VALUE -> 0;
      case MAXVALUE -> 1;
    };
  }

  private int compare(@Nullable Object[] row, End end) {
    for (int i = 0; i < types.length; i++) {
      if (end.kinds()[i] != Kind.VALUE) {
        return end.kinds()[i] == Kind.MINVALUE ? 1 : -1;
      }
      int order = Values.compare(types[i], row[i], end.values()[i], collations[i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  boolean isCurrent(Relation.Table now, Catalog catalog) {
    if (now != parent) {
      return false;
    }
    List<Relation.Table> present = catalog.childrenOf(parent.oid());
    if (present.size() != children.size()) {
      return false;
    }
    for (int i = 0; i < children.size(); i++) {
      if (present.get(i) != children.get(i)) {
        return false;
      }
    }
    return true;
  }

  Relation.@Nullable Table defaultPartition() {
    return defaultPartition;
  }

  /// Whether a change of these columns (0-based) can move a row; an expression may read any.
  boolean isAffectedBy(BitSet changed) {
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] < 0 || changed.get(columns[i])) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Object[] key(@Nullable Object[] row, ExecutionContext context) {
    Object[] values = new Object[columns.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns[i] >= 0 ? row[columns[i]] : expressions[i].bind(context).eval(RowAccess.of(row));
    }
    return values;
  }

  /// The partition for a row of the parent, the default one included; null when there is none.
  Relation.@Nullable Table find(@Nullable Object[] row, ExecutionContext context) {
    Object[] values = key(row, context);
    Relation.Table found = switch (strategy) {
      case 'l' -> values[0] == null ? nullPartition : byValue.get(key(values[0]));
      case 'r' -> findRange(values);
      default -> findHash(values);
    };
    return found == null ? defaultPartition : found;
  }

  private Relation.@Nullable Table findRange(@Nullable Object[] values) {
    for (Object value : values) {
      if (value == null) {
        return null;
      }
    }
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Range range = ranges.get(middle);
      if (compare(values, range.lower()) < 0) {
        high = middle - 1;
      } else if (compare(values, range.upper()) >= 0) {
        low = middle + 1;
      } else {
        return range.partition();
      }
    }
    return null;
  }

  private Relation.@Nullable Table findHash(@Nullable Object[] values) {
    long hash = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        hash = PartitionHash.combine(hash, PartitionHash.hash(types[i], values[i], collations[i]));
      }
    }
    for (Relation.Table partition : hashed) {
      PartitionBound bound = java.util.Objects.requireNonNull(partition.partitionBound());
      if (Long.remainderUnsigned(hash, bound.modulus()) == bound.remainder()) {
        return partition;
      }
    }
    return null;
  }

  SqlException noPartition(@Nullable Object[] row, ExecutionContext context) {
    Object[] values = key(row, context);
    java.util.BitSet shown = Disclosure.columns(parent, context.call());
    StringBuilder names = new StringBuilder();
    for (Relation.Index.Key key : parent.partitionScheme().keys()) {
      names.append(names.isEmpty() ? "" : ", ").append(ConstraintErrors.keyText(parent, key));
    }
    return new SqlException(SqlState.CHECK_VIOLATION, "no partition of relation \"" + parent.name() + "\" found for row")
        .withDetail(!parent.partitionScheme().keys().stream().allMatch(key -> shown == null || shown.get(key.attnum())) ? null
            : "Partition key of the failing row contains (" + names + ") = (" + ConstraintErrors.values(types, values, values.length, context.call().io())
                + ").")
        .about(new SqlException.ErrorObject(ConstraintErrors.schemaOf(parent, context.catalog()), parent.name(), null, null, null));
  }
}
