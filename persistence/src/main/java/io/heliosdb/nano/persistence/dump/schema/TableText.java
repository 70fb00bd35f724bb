package io.heliosdb.nano.persistence.dump.schema;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.system.PartitionText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// CREATE TABLE of tables, partitions, views and sequences. Constraints that need other tables' rows, or are cheaper to prove over a full
/// table, are left to [SchemaScript]; the primary key is not, because it decides where rows stand.
final class TableText {
  private final Catalog catalog;
  private final Names names;
  private final Definitions definitions;

  TableText(Catalog catalog, Names names, Definitions definitions) {
    this.catalog = catalog;
    this.names = names;
    this.definitions = definitions;
  }

  String create(Table table) {
    StringBuilder out = new StringBuilder("CREATE ");
    out.append(table.persistence() == Relation.Persistence.UNLOGGED ? "UNLOGGED " : "").append("TABLE ").append(names.of(table));
    if (table.isPartition()) {
      out.append(" PARTITION OF ").append(names.relation(table.partitionOf()));
      // What a partition has beyond its parent is added afterwards.
      out.append(' ').append(PartitionText.bound(table.partitionBound()));
    } else if (table.ofType() != 0) {
      out.append(" OF ").append(names.type(table.ofType(), -1));
      appendElements(out, constraints(table));
    } else {
      List<String> elements = new ArrayList<>();
      for (Column column : table.columns()) {
        if (!column.dropped() && (column.local() || table.inherits().isEmpty())) {
          elements.add("    " + column(table, column));
        }
      }
      elements.addAll(constraints(table));
      out.append(" (");
      if (!elements.isEmpty()) {
        out.append('\n').append(String.join(",\n", elements)).append('\n');
      }
      out.append(')');
      if (!table.inherits().isEmpty()) {
        out.append("\nINHERITS (").append(String.join(", ", table.inherits().stream().map(names::relation).toList())).append(')');
      }
    }
    if (table.isPartitioned()) {
      out.append("\nPARTITION BY ").append(definitions.call("pg_get_partkeydef", table.oid()));
    }
    if (!table.options().isEmpty()) {
      out.append('\n').append(Names.options(table.options()).strip());
    }
    return out.toString();
  }

  private static void appendElements(StringBuilder out, List<String> elements) {
    if (!elements.isEmpty()) {
      out.append(" (\n").append(String.join(",\n", elements)).append("\n)");
    }
  }

  private List<String> constraints(Table table) {
    List<String> result = new ArrayList<>();
    for (Constraint constraint : table.constraints()) {
      if (isInline(constraint)) {
        result.add("    CONSTRAINT " + Names.quote(constraint.name()) + " " + definitions.call("pg_get_constraintdef", constraint.oid()));
      }
    }
    return result;
  }

  /// Whether CREATE TABLE itself declares the constraint.
  static boolean isInline(Constraint constraint) {
    return constraint.local() && constraint.parentConstraint() == 0
        && (constraint.kind() == Constraint.Kind.PRIMARY_KEY || constraint.kind() == Constraint.Kind.CHECK && constraint.validated());
  }

  private String column(Table table, Column column) {
    StringBuilder out = new StringBuilder(Names.quote(column.name())).append(' ').append(names.type(column.typeOid(), column.typmod()));
    if (column.collationOid() != 0 && column.collationOid() != catalog.byOid(column.typeOid()).collationOid()) {
      out.append(" COLLATE ").append(names.collation(column.collationOid()));
    }
    if (column.identity() != 0) {
      out.append(" GENERATED ").append(column.identity() == 'a' ? "ALWAYS" : "BY DEFAULT").append(" AS IDENTITY");
      Sequence sequence = identitySequence(table, column);
      if (sequence != null) {
        out.append(" (SEQUENCE NAME ").append(names.of(sequence)).append(sequenceOptions(sequence)).append(')');
      }
    } else if (column.generated() != 0) {
      out.append(" GENERATED ALWAYS AS (").append(definitions.expression(column.defaultExpression(), table.oid())).append(") STORED");
    } else if (column.defaultExpression() != null) {
      out.append(" DEFAULT ").append(definitions.expression(column.defaultExpression(), table.oid()));
    }
    if (column.notNull() && column.identity() == 0) {
      out.append(" NOT NULL");
    }
    return out.toString();
  }

  /// What an inherited column has that its parent's has not.
  List<String> differencesFromParents(Table table) {
    List<String> statements = new ArrayList<>();
    if (table.inherits().isEmpty() && !table.isPartition()) {
      return statements;
    }
    for (Column column : table.columns()) {
      Column parent = column.dropped() || column.local() && !table.isPartition() ? null : parentColumn(table, column.name());
      if (parent == null) {
        continue;
      }
      String alter = "ALTER TABLE ONLY " + names.of(table) + " ALTER COLUMN " + Names.quote(column.name());
      if (!Objects.equals(parent.defaultExpression(), column.defaultExpression()) && column.generated() == 0) {
        statements.add(
            column.defaultExpression() == null
                ? alter + " DROP DEFAULT"
                : alter + " SET DEFAULT " + definitions.expression(column.defaultExpression(), table.oid()));
      }
      if (column.notNull() && !parent.notNull()) {
        statements.add(alter + " SET NOT NULL");
      }
    }
    return statements;
  }

  private @Nullable Column parentColumn(Table table, String name) {
    List<Integer> parents = table.isPartition() ? List.of(table.partitionOf()) : table.inherits();
    for (int parent : parents) {
      if (catalog.relation(parent) instanceof Table parentTable && parentTable.column(name) != null) {
        return parentTable.column(name);
      }
    }
    return null;
  }

  private @Nullable Sequence identitySequence(Table table, Column column) {
    for (Relation relation : catalog.relations()) {
      if (relation instanceof Sequence s && s.identity() && s.ownerTable() == table.oid() && s.ownerColumn() == column.attnum()) {
        return s;
      }
    }
    return null;
  }

  String create(Sequence sequence) {
    return "CREATE SEQUENCE " + names.of(sequence) + " AS " + names.type(sequence.typeOid(), -1) + sequenceOptions(sequence);
  }

  private static String sequenceOptions(Sequence s) {
    return " START WITH " + s.start() + " INCREMENT BY " + s.increment() + " MINVALUE " + s.minimum() + " MAXVALUE " + s.maximum() + " CACHE " + s.cache()
        + (s.cycle() ? " CYCLE" : "");
  }

  String create(Relation.View view) {
    StringBuilder out = new StringBuilder("CREATE VIEW ").append(names.of(view)).append(" (");
    out.append(String.join(", ", view.columns().stream().filter(c -> !c.dropped()).map(c -> Names.quote(c.name())).toList())).append(')');
    List<String> options = new ArrayList<>();
    if (view.securityBarrier()) {
      options.add("security_barrier=true");
    }
    if (view.securityInvoker()) {
      options.add("security_invoker=true");
    }
    if (!options.isEmpty()) {
      out.append(" WITH (").append(String.join(", ", options)).append(')');
    }
    out.append(" AS\n").append(body(definitions.call("pg_get_viewdef", view.oid())));
    if (view.checkOption() != null) {
      out.append("\n WITH ").append(view.checkOption().toUpperCase(java.util.Locale.ROOT)).append(" CHECK OPTION");
    }
    return out.toString();
  }

  /// A materialized view without its rows: they are computed again once the tables are full.
  String createMaterialized(Table view) {
    String columns = String.join(", ", view.columns().stream().filter(c -> !c.dropped()).map(c -> Names.quote(c.name())).toList());
    return "CREATE MATERIALIZED VIEW " + names.of(view) + " (" + columns + ") AS\n" + body(definitions.call("pg_get_viewdef", view.oid())) + "\n WITH NO DATA";
  }

  private static String body(String query) {
    String stripped = query.stripTrailing();
    return stripped.endsWith(";") ? stripped.substring(0, stripped.length() - 1) : stripped;
  }
}
