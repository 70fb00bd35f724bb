package io.heliosdb.nano.persistence.migrate.postgres;

import io.heliosdb.nano.function.SqlQuoting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A table as PostgreSQL's catalogs describe it; texts of types and expressions have all names with their schema.
///
/// @param partitionKey of a partitioned table, which has no rows of its own
/// @param parent and `bound`: of a partition
/// @param inherits tables whose columns it has too
/// @param primaryKey as pg_get_constraintdef shows it, with its name
record PostgresTable(
    int oid, String schema, String name, List<Column> columns, @Nullable String partitionKey, @Nullable String parent,
        @Nullable String bound, List<String> inherits,
    @Nullable String primaryKey, long rowsEstimate) {
  /// @param typeName without modifier, to ask whether the type is there
  /// @param collation null for the type's
  /// @param identity options of the identity sequence in parentheses, with ALWAYS or BY DEFAULT before; null for none
  record Column(String name, String type, String typeName, boolean notNull, @Nullable String defaultText, boolean generated,
      @Nullable String identity, @Nullable String collation) {}

  String qualifiedName() {
    return SqlQuoting.identifier(schema) + "." + SqlQuoting.identifier(name);
  }

  boolean isPartitioned() {
    return partitionKey != null;
  }

  /// @param full whether generated columns and inheritance are kept
  /// @param unknownTypes types that the target has not: such columns become text
  /// @param unknownCollations collations that the target has not
  String createSql(boolean full, Set<String> unknownTypes, Set<String> unknownCollations) {
    String head = "CREATE TABLE " + qualifiedName() + " ";
    String partitionBy = partitionKey == null ? "" : " PARTITION BY " + partitionKey;
    if (parent != null) {
      return head + "PARTITION OF " + parent + " " + bound + partitionBy;
    }
    List<String> parts = new ArrayList<>();
    for (Column column : columns) {
      StringBuilder part = new StringBuilder(SqlQuoting.identifier(column.name())).append(' ').append(unknownTypes.contains(column.typeName()) ? "text" : column.type());
      if (column.collation() != null && !unknownCollations.contains(column.collation())) {
        part.append(" COLLATE ").append(column.collation());
      }
      if (column.generated() && full) {
        part.append(" GENERATED ALWAYS AS (").append(column.defaultText()).append(") STORED");
      }
      if (column.identity() != null) {
        part.append(" GENERATED ").append(column.identity());
      }
      if (column.notNull()) {
        part.append(" NOT NULL");
      }
      parts.add(part.toString());
    }
    if (primaryKey != null) {
      parts.add(primaryKey);
    }
    return head + "(" + String.join(", ", parts) + ")" + (full && !inherits.isEmpty() ? " INHERITS (" + String.join(", ", inherits) + ")"
        : "") + partitionBy;
  }

  /// The rows of the table itself, generated columns included.
  String copySql() {
    if (columns.isEmpty()) {
      return "COPY (SELECT FROM ONLY " + qualifiedName() + ") TO STDOUT";
    }
    return "COPY (SELECT " + String.join(", ", columns.stream().map(column -> SqlQuoting.identifier(column.name())).toList())
        + " FROM ONLY " + qualifiedName() + ") TO STDOUT";
  }

  static List<PostgresTable> read(PostgresSource source) {
    String tables =
        """
        SELECT c.oid::bigint, n.nspname, c.relname, CASE c.relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
               CASE WHEN c.relispartition THEN (SELECT format('%I.%I', pn.nspname, p.relname) FROM pg_catalog.pg_inherits h JOIN
                 pg_catalog.pg_class p ON p.oid = h.inhparent
                  JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid) END,
               pg_catalog.pg_get_expr(c.relpartbound, c.oid),
               CASE WHEN c.relispartition THEN NULL ELSE (SELECT array_agg(format('%I.%I', pn.nspname, p.relname) ORDER BY h.inhseqno) FROM
                 pg_catalog.pg_inherits h
                  JOIN pg_catalog.pg_class p ON p.oid = h.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE
                    h.inhrelid = c.oid) END,
               (SELECT 'CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid) FROM
                 pg_catalog.pg_constraint k
                  WHERE k.conrelid = c.oid AND k.contype = 'p' AND k.conparentid = 0),
               greatest(c.reltuples, 0)::bigint
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND $schemas AND $own(c, pg_class) ORDER BY c.oid
        """;
    Map<Integer, List<Column>> columns = columns(source);
    return source.query(
        tables,
        row -> {
          int oid = (int) row.getLong(1);
          List<String> inherits = row.getArray(7) == null ? List.of() : List.of((String[]) row.getArray(7).getArray());
          return new PostgresTable(oid, row.getString(2), row.getString(3), columns.getOrDefault(oid, List.of()), row.getString(4),
              row.getString(5), row.getString(6), inherits, row.getString(8), row.getLong(9));
        });
  }

  private record Attribute(int table, Column column) {}

  private static Map<Integer, List<Column>> columns(PostgresSource source) {
    String sql =
        """
        SELECT a.attrelid::bigint, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.format_type(a.atttypid, NULL),
          a.attnotnull,
               pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attgenerated = 's',
               CASE a.attidentity WHEN '' THEN NULL ELSE CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END || ' AS IDENTITY'
                 || (SELECT
                  format(' (START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s%s)', s.seqstart, s.seqincrement, s.seqmin,
                    s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)
                  FROM pg_catalog.pg_depend x JOIN pg_catalog.pg_sequence s ON s.seqrelid = x.objid
                  WHERE x.classid = 'pg_catalog.pg_class'::regclass AND x.refobjid = a.attrelid AND x.refobjsubid = a.attnum AND x.deptype
                    = 'i') END,
               CASE WHEN a.attcollation <> t.typcollation THEN (SELECT format('%I.%I', cn.nspname, l.collname) FROM pg_catalog.pg_collation
                 l
                  JOIN pg_catalog.pg_namespace cn ON cn.oid = l.collnamespace WHERE l.oid = a.attcollation) END
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid =
          c.relnamespace
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND $schemas ORDER BY a.attrelid, a.attnum
        """;
    List<Attribute> attributes =
        source.query(
            sql,
            row ->
                new Attribute(
                    (int) row.getLong(1),
                    new Column(row.getString(2), row.getString(3), row.getString(4), row.getBoolean(5), row.getString(6),
                        row.getBoolean(7), row.getString(8), row.getString(9))));
    Map<Integer, List<Column>> result = new java.util.HashMap<>();
    attributes.forEach(attribute -> result.computeIfAbsent(attribute.table(), oid -> new ArrayList<>()).add(attribute.column()));
    return result;
  }
}
