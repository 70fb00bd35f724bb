package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.Identifiers;
import java.util.stream.Collectors;

/// Partition bounds and keys as SQL text.
public final class PartitionText {
  private PartitionText() {}

  /// `FOR VALUES …` or `DEFAULT`.
  public static String bound(Relation.PartitionBound bound) {
    if (bound.isDefault()) {
      return "DEFAULT";
    }
    if (!bound.values().isEmpty()) {
      return "FOR VALUES IN (" + String.join(", ", bound.values()) + ")";
    }
    if (bound.modulus() > 0) {
      return "FOR VALUES WITH (modulus " + bound.modulus() + ", remainder " + bound.remainder() + ")";
    }
    return "FOR VALUES FROM (" + String.join(", ", bound.lower()) + ") TO (" + String.join(", ", bound.upper()) + ")";
  }

  /// `RANGE (a, b)`, as `pg_get_partkeydef`.
  public static String key(Relation.Table table, Catalog catalog) {
    Relation.PartitionScheme scheme = table.partitionScheme();
    String strategy =
        switch (scheme.strategy()) {
          case 'r' -> "RANGE";
          case 'l' -> "LIST";
          default -> "HASH";
        };
    String keys =
        scheme.keys().stream()
            .map(key -> key.attnum() > 0 ? Identifiers.quoteIfNeeded(table.column(key.attnum()).name()) : key.expression())
            .collect(Collectors.joining(", "));
    return strategy + " (" + keys + ")";
  }
}
