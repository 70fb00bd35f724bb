package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.PartitionBound;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The condition that the rows of a partition meet, as SQL over the partition's columns: what `pg_get_partition_constraintdef` shows.
///
/// Source: PostgreSQL 15 manual, "CREATE TABLE", PARTITION OF, and the shape of PostgreSQL's answers.
public final class PartitionConstraint {
  private final Catalog catalog;
  private final Table parent;
  private final List<Index.Key> keys;

  private PartitionConstraint(Catalog catalog, Table parent) {
    this.catalog = catalog;
    this.parent = parent;
    this.keys = parent.partitionScheme().keys();
  }

  /// The condition with those of the levels above; null when there is none (the default partition that is alone).
  public static @Nullable String of(Table partition, Catalog catalog) {
    List<String> conditions = new ArrayList<>();
    Table current = partition;
    while (current.isPartition() && catalog.relation(current.partitionOf()) instanceof Table parent) {
      conditions.addAll(0, new PartitionConstraint(catalog, parent).conditions(current));
      current = parent;
    }
    return conditions.isEmpty() ? null : String.join(" AND ", conditions);
  }

  private List<String> conditions(Table partition) {
    PartitionBound bound = partition.partitionBound();
    if (bound.isDefault()) {
      return inDefault(partition);
    }
    return switch (parent.partitionScheme().strategy()) {
      case 'l' -> List.of(list(bound.values()));
      case 'h' -> List.of("satisfies_hash_partition('" + Integer.toUnsignedString(parent.oid()) + "'::oid, " + bound.modulus() + ", "
          + bound.remainder() + ", " + String.join(", ", keys.stream().map(this::key).toList()) + ")");
      default -> {
        List<String> all = notNull();
        all.addAll(range(bound));
        yield all;
      }
    };
  }

  private List<String> inDefault(Table partition) {
    List<Table> others = catalog.childrenOf(parent.oid()).stream().filter(child -> child.oid() != partition.oid()).toList();
    if (others.isEmpty()) {
      return List.of();
    }
    if (parent.partitionScheme().strategy() == 'l') {
      List<String> values = new ArrayList<>();
      others.forEach(other -> values.addAll(other.partitionBound().values()));
      return List.of("NOT (" + list(values) + ")");
    }
    List<String> ranges = new ArrayList<>();
    for (Table other : others) {
      List<String> range = range(other.partitionBound());
      ranges.add(range.isEmpty() ? "true" : "(" + String.join(" AND ", range) + ")");
    }
    List<String> all = notNull();
    all.add(ranges.size() == 1 ? ranges.getFirst() : "(" + String.join(" OR ", ranges) + ")");
    return List.of("NOT (" + String.join(" AND ", all) + ")");
  }

  private String list(List<String> values) {
    List<String> present = values.stream().filter(value -> !value.equals("NULL")).map(value -> literal(value, 0)).toList();
    String key = key(keys.getFirst());
    String among = present.size() == 1 ? key + " = " + present.getFirst()
        : key + " = ANY (ARRAY[" + String.join(", ", present) + "])";
    if (present.size() < values.size()) {
      return present.isEmpty() ? key + " IS NULL" : "((" + key + " IS NULL) OR (" + among + "))";
    }
    return "(" + key + " IS NOT NULL) AND (" + among + ")";
  }

  private List<String> notNull() {
    List<String> all = new ArrayList<>();
    keys.forEach(key -> all.add("(" + key(key) + " IS NOT NULL)"));
    return all;
  }

  /// Equal values at the front of both sides, then for each side a comparison of what is left, row by row.
  private List<String> range(PartitionBound bound) {
    List<String> all = new ArrayList<>();
    int first = 0;
    while (first < keys.size() && bound.lower().get(first).equals(bound.upper().get(first)) && !isInfinite(bound.lower().get(first))) {
      all.add("(" + key(keys.get(first)) + " = " + literal(bound.lower().get(first), first) + ")");
      first++;
    }
    addSide(all, bound.lower(), first, ">", "MINVALUE");
    addSide(all, bound.upper(), first, "<", "MAXVALUE");
    return all;
  }

  private void addSide(List<String> all, List<String> values, int first, String operator, String unbounded) {
    List<String> arms = new ArrayList<>();
    for (int last = first; last < keys.size() && !isInfinite(values.get(last)); last++) {
      List<String> arm = new ArrayList<>();
      for (int i = first; i < last; i++) {
        arm.add("(" + key(keys.get(i)) + " = " + literal(values.get(i), i) + ")");
      }
      boolean end = last == keys.size() - 1;
      boolean inclusive = operator.equals(">") ? end || values.get(last + 1).equals(unbounded) : !end && values.get(last + 1).equals(unbounded);
      arm.add("(" + key(keys.get(last)) + " " + operator + (inclusive ? "=" : "") + " " + literal(values.get(last), last) + ")");
      arms.add(arm.size() == 1 ? arm.getFirst() : "(" + String.join(" AND ", arm) + ")");
    }
    if (!arms.isEmpty()) {
      all.add(arms.size() == 1 ? arms.getFirst() : "(" + String.join(" OR ", arms) + ")");
    }
  }

  private static boolean isInfinite(String value) {
    return value.equals("MINVALUE") || value.equals("MAXVALUE");
  }

  private String key(Index.Key key) {
    return key.attnum() != 0 ? Identifiers.quoteIfNeeded(parent.column(key.attnum()).name()) : "(" + key.expression() + ")";
  }

  private String literal(String value, int index) {
    PgType type = catalog.byOid(keys.get(index).typeOid());
    String quoted = value.startsWith("'") ? value : "'" + value + "'";
    return "CAST(" + quoted + " AS " + Typmods.formatType(type.oid(), -1, catalog) + ")";
  }
}
