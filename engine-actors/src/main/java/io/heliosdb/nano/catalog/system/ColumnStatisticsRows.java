package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// pg_statistic and pg_stats: what ANALYZE found out about columns.
final class ColumnStatisticsRows {
  private static final int MOST_COMMON = 1;
  private static final int HISTOGRAM = 2;
  private static final int CORRELATION = 3;
  private static final int PG_CATALOG = 11;

  private ColumnStatisticsRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_statistic", ColumnStatisticsRows::statistic);
    sources.put("pg_stats", ColumnStatisticsRows::stats);
  }

  /// Visits the columns that have statistics, by table and number.
  private interface Visitor {
    void visit(Relation.Table table, Relation.Column column, PgType type, Catalog.ColumnStatistics statistics);
  }

  private static void forEach(SystemContext c, Visitor visitor) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Table table) {
        new TreeMap<>(c.catalog().statistics(table.oid()).columns()).forEach((attnum, statistics) -> {
          Relation.Column column = table.columns().get(attnum - 1);
          if (!column.dropped()) {
            visitor.visit(table, column, c.types().byOid(column.typeOid()), statistics);
          }
        });
      }
    }
  }

  private static void statistic(RowSet rows, SystemContext c) {
    forEach(c, (table, column, type, s) -> {
      rows.row().oid("starelid", table.oid()).set("staattnum", column.attnum()).set("stainherit", false).set("stanullfrac", (float) s.nullFraction())
          .set("stawidth", (int) s.averageWidth()).set("stadistinct", (float) s.distinct());
      int slot = 1;
      if (!s.mostCommon().isEmpty()) {
        slot(rows, slot++, MOST_COMMON, operator(c, "=", type), column.collationOid(), floats(s.mostCommonFrequencies()), array(type, s.mostCommon()));
      }
      if (!s.histogram().isEmpty()) {
        slot(rows, slot++, HISTOGRAM, operator(c, "<", type), column.collationOid(), null, array(type, s.histogram()));
      }
      if (s.correlation() != 0) {
        slot(rows, slot++, CORRELATION, operator(c, "<", type), column.collationOid(), floats(List.of(s.correlation())), null);
      }
      while (slot <= 5) {
        slot(rows, slot++, 0, 0, 0, null, null);
      }
    });
  }

  private static void slot(RowSet rows, int slot, int kind, int operator, int collation, @Nullable PgArray numbers, @Nullable PgArray values) {
    rows.set("stakind" + slot, kind).oid("staop" + slot, operator).oid("stacoll" + slot, kind == 0 ? 0 : collation).set("stanumbers" + slot, numbers)
        .set("stavalues" + slot, values);
  }

  private static int operator(SystemContext c, String name, PgType type) {
    PgType compared = type.family() == io.heliosdb.nano.type.TypeFamily.TEXT ? PgTypes.TEXT : type.ultimateBase();
    for (Catalog.OperatorDef operator : c.catalog().operators(PG_CATALOG, name)) {
      if (operator.left() == compared.oid() && operator.right() == compared.oid()) {
        return operator.oid();
      }
    }
    return 0;
  }

  private static void stats(RowSet rows, SystemContext c) {
    forEach(c, (table, column, type, s) -> {
      if (!Privileges.hasOnColumn(c.catalog(), c.currentRole(), table, column, 'r')) {
        return;
      }
      rows.row().set("schemaname", c.catalog().namespace(table.namespaceOid()).name()).set("tablename", table.name()).set("attname", column.name())
            .set("inherited", false).set("null_frac", (float) s.nullFraction()).set("avg_width", (int) s.averageWidth())
            .set("n_distinct", (float) s.distinct()).set("most_common_vals", s.mostCommon().isEmpty() ? null : array(type, s.mostCommon()))
            .set("most_common_freqs", s.mostCommon().isEmpty() ? null : floats(s.mostCommonFrequencies()))
            .set("histogram_bounds", s.histogram().isEmpty() ? null : array(type, s.histogram()))
            .set("correlation", s.correlation() == 0 ? null : (float) s.correlation());
    });
  }

  private static PgArray array(PgType type, List<Object> values) {
    return PgArray.of(type, values.toArray());
  }

  private static PgArray floats(List<Double> values) {
    return PgArray.of(PgTypes.FLOAT4, values.stream().map(Double::floatValue).toArray());
  }
}
