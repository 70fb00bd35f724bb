package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.PartitionBound;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks a partition's bound against the parent's key and the other partitions, and brings it into stored form: values as SQL literals,
/// evaluated once.
final class PartitionBounds {
  private final Ddl ddl;
  private final Table parent;
  private final List<Index.Key> keys;

  PartitionBounds(Ddl ddl, Table parent) {
    this.ddl = ddl;
    this.parent = parent;
    this.keys = parent.partitionScheme().keys();
  }

  PartitionBound transform(TableDdl.PartitionBound bound, String partitionName) {
    char strategy = parent.partitionScheme().strategy();
    PartitionBound result = switch (bound) {
      case TableDdl.DefaultBound d -> {
        if (strategy == 'h') {
          throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "a hash-partitioned table may not have a default partition");
        }
        yield new PartitionBound(true, List.of(), List.of(), List.of(), 0, 0);
      }
      case TableDdl.ListBound list -> {
        require(strategy == 'l', "list", list.position());
        yield list(list);
      }
      case TableDdl.RangeBound range -> {
        require(strategy == 'r', "range", range.position());
        yield range(range);
      }
      case TableDdl.HashBound hash -> {
        require(strategy == 'h', "hash", hash.position());
        yield hash(hash);
      }
    };
    if (result.modulus() > 0) {
      checkModulus(result.modulus());
    }
    try {
      checkOverlap(result, partitionName);
    } catch (SqlException e) {
      throw e.at(position(bound));
    }
    return result;
  }

  /// Where PostgreSQL points at: the first value of the bound.
  private static int position(TableDdl.PartitionBound bound) {
    return switch (bound) {
      case TableDdl.DefaultBound d -> d.position();
      case TableDdl.ListBound list -> list.values().isEmpty() ? list.position() : list.values().get(0).position();
      case TableDdl.RangeBound range -> range.from().isEmpty() ? range.position() : range.from().get(0).position();
      case TableDdl.HashBound hash -> hash.position();
    };
  }

  private void require(boolean fits, String given, int position) {
    if (!fits) {
      String wanted = switch (parent.partitionScheme().strategy()) {
        case 'l' -> "list";
        case 'r' -> "range";
        default -> "hash";
      };
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "invalid bound specification for a " + wanted + " partition").at(position);
    }
  }

  private PartitionBound list(TableDdl.ListBound bound) {
    List<String> values = new ArrayList<>();
    for (Expression expression : bound.values()) {
      String text = literal(expression, 0);
      if (!values.contains(text)) {
        values.add(text);
      }
    }
    return new PartitionBound(false, values, List.of(), List.of(), 0, 0);
  }

  private PartitionBound range(TableDdl.RangeBound bound) {
    if (bound.from().size() != keys.size()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "FROM must specify exactly one value per partitioning column");
    }
    if (bound.to().size() != keys.size()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "TO must specify exactly one value per partitioning column");
    }
    return new PartitionBound(false, List.of(), rangeSide(bound.from()), rangeSide(bound.to()), 0, 0);
  }

  private List<String> rangeSide(List<Expression> expressions) {
    List<String> result = new ArrayList<>();
    String infinite = null;
    for (int i = 0; i < expressions.size(); i++) {
      Expression expression = expressions.get(i);
      String word = expression instanceof Expression.ColumnReference column && column.parts().size() == 1 ? column.parts().get(0) : null;
      boolean isInfinite = "minvalue".equals(word) || "maxvalue".equals(word);
      if (infinite != null && !(isInfinite && infinite.equalsIgnoreCase(word))) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH,
            "every bound following " + infinite + " must also be " + infinite).at(expression.position());
      }
      if (isInfinite) {
        infinite = word.toUpperCase(java.util.Locale.ROOT);
        result.add(infinite);
        continue;
      }
      String text = literal(expression, i);
      if (text.equals("NULL")) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "cannot specify NULL in range bound");
      }
      result.add(text);
    }
    return result;
  }

  private static PartitionBound hash(TableDdl.HashBound bound) {
    if (bound.modulus() <= 0) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "modulus for hash partition must be an integer value greater than zero");
    }
    if (bound.remainder() < 0) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "remainder for hash partition must be an integer value greater than or equal to zero");
    }
    if (bound.remainder() >= bound.modulus()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "remainder for hash partition must be less than modulus");
    }
    return new PartitionBound(false, List.of(), List.of(), List.of(), bound.modulus(), bound.remainder());
  }

  private PgType keyType(int index) {
    return ddl.catalog().byOid(keys.get(index).typeOid());
  }

  private int keyTypmod(int index) {
    int attnum = keys.get(index).attnum();
    return attnum == 0 ? -1 : parent.column(attnum).typmod();
  }

  private String literal(Expression expression, int keyIndex) {
    PgType type = keyType(keyIndex);
    DdlExpressions.Bound bound =
        ddl.expressions().bind(expression, null, DdlExpressions.Use.PARTITION_BOUND, type, keyTypmod(keyIndex));
    Object value = ddl.data().evaluate(bound.text(), type, keyTypmod(keyIndex));
    if (value == null) {
      return "NULL";
    }
    String text = TypeIo.toText(type, value, io());
    boolean plainNumber = type.category() == 'N' && text.matches("-?[0-9]+(\\.[0-9]+)?") && !text.startsWith("-");
    boolean bare = type.category() == 'B' || plainNumber;
    if (type.category() == 'B') {
      return text.startsWith("t") ? "true" : "false";
    }
    return bare ? text : "'" + text.replace("'", "''") + "'";
  }

  private IoContext io() {
    return IoContext.DEFAULT.toBuilder().types(ddl.catalog()).build();
  }

  private @Nullable Object value(String literal, int keyIndex) {
    if (literal.equals("NULL")) {
      return null;
    }
    String text = literal.startsWith("'") ? literal.substring(1, literal.length() - 1).replace("''", "'") : literal;
    return TypeIo.parse(keyType(keyIndex), keyTypmod(keyIndex), text, io());
  }

  // Overlap

  private void checkOverlap(PartitionBound bound, String name) {
    if (!bound.lower().isEmpty() && compareRange(bound.lower(), bound.upper()) >= 0) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "empty range bound specified for partition \"" + name + "\"")
          .withDetail("Specified lower bound " + tuple(bound.lower()) + " is greater than or equal to upper bound " + tuple(bound.upper()) + ".");
    }
    for (Table other : ddl.catalog().childrenOf(parent.oid())) {
      PartitionBound known = other.partitionBound();
      if (known == null || other.name().equals(name) && other.namespaceOid() == 0) {
        continue;
      }
      if (bound.isDefault() && known.isDefault()) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION,
            "partition \"" + name + "\" conflicts with existing default partition \"" + other.name() + "\"");
      }
      if (!bound.isDefault() && !known.isDefault() && overlaps(bound, known)) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION,
            "partition \"" + name + "\" would overlap partition \"" + other.name() + "\"");
      }
    }
  }

  private boolean overlaps(PartitionBound a, PartitionBound b) {
    if (a.modulus() > 0) {
      return hashOverlaps(a, b);
    }
    if (!a.values().isEmpty()) {
      for (String value : a.values()) {
        for (String other : b.values()) {
          if (Values.compareNullable(keyType(0), value(value, 0), value(other, 0), keys.get(0).collationOid()) == 0) {
            return true;
          }
        }
      }
      return false;
    }
    return compareRange(a.lower(), b.upper()) < 0 && compareRange(b.lower(), a.upper()) < 0;
  }

  /// Each modulus must be a factor of the next larger one, or the next smaller one's multiple.
  private void checkModulus(int modulus) {
    Table smaller = null;
    Table larger = null;
    for (Table other : ddl.catalog().childrenOf(parent.oid())) {
      int known = other.partitionBound() == null ? 0 : other.partitionBound().modulus();
      if (known > 0 && known <= modulus && (smaller == null || known > smaller.partitionBound().modulus())) {
        smaller = other;
      }
      if (known > modulus && (larger == null || known < larger.partitionBound().modulus())) {
        larger = other;
      }
    }
    String detail = null;
    if (larger != null && larger.partitionBound().modulus() % modulus != 0) {
      detail = "The new modulus " + modulus + " is not a factor of " + larger.partitionBound().modulus()
          + ", the modulus of existing partition \"" + larger.name() + "\".";
    } else if (smaller != null && modulus % smaller.partitionBound().modulus() != 0) {
      detail = "The new modulus " + modulus + " is not divisible by " + smaller.partitionBound().modulus()
          + ", the modulus of existing partition \"" + smaller.name() + "\".";
    }
    if (detail != null) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION,
          "every hash partition modulus must be a factor of the next larger modulus").withDetail(detail);
    }
  }

  private static boolean hashOverlaps(PartitionBound a, PartitionBound b) {
    int small = Math.min(a.modulus(), b.modulus());
    int large = Math.max(a.modulus(), b.modulus());
    return large % small == 0 && a.remainder() % small == b.remainder() % small;
  }

  private int compareRange(List<String> a, List<String> b) {
    for (int i = 0; i < keys.size(); i++) {
      int infinityA = infinity(a.get(i));
      int infinityB = infinity(b.get(i));
      if (infinityA != 0 || infinityB != 0) {
        if (infinityA != infinityB) {
          return Integer.compare(infinityA, infinityB);
        }
        return 0;
      }
      int order = Values.compare(keyType(i), value(a.get(i), i), value(b.get(i), i), keys.get(i).collationOid());
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int infinity(String bound) {
    return bound.equals("MINVALUE") ? -1 : bound.equals("MAXVALUE") ? 1 : 0;
  }

  private static String tuple(List<String> bound) {
    return "(" + String.join(", ", bound) + ")";
  }
}
