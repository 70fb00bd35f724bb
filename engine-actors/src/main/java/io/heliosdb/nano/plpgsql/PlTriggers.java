package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.dml.TriggerFunctions;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls of trigger functions: NEW, OLD and the `tg_…` variables, and the row that comes back.
final class PlTriggers {
  private PlTriggers() {}

  /// The row type of a relation that may have triggers.
  static PgType rowType(Relation relation, Catalog catalog) {
    int oid =
        switch (relation) {
          case Relation.Table table -> table.rowTypeOid();
          case Relation.View view -> view.rowTypeOid();
          default -> throw new IllegalStateException("relation \"" + relation.name() + "\" cannot have triggers");
        };
    return catalog.byOid(oid);
  }

  static @Nullable Object @Nullable [] call(PlInterpreter interpreter, PlFunction function, Catalog.Trigger trigger, TriggerFunctions.Event event) {
    PlHost host = interpreter.host();
    PgType rowType = rowType(event.relation(), host.catalog());
    RowShape shape = RowShape.ofFields(host.catalog().compositeFields(rowType));
    PlFrame frame =
        function.run(
            interpreter,
            false,
            f -> {
              set(f, "new", record(event.relation(), shape, rowType, event.newRow()));
              set(f, "old", record(event.relation(), shape, rowType, event.oldRow()));
              set(f, "tg_name", trigger.name());
              set(f, "tg_when", event.timing() == 'b' ? "BEFORE" : event.timing() == 'a' ? "AFTER" : "INSTEAD OF");
              set(f, "tg_level", event.forEachRow() ? "ROW" : "STATEMENT");
              set(f, "tg_op", operation(event.event()));
              set(f, "tg_relid", Integer.toUnsignedLong(event.relation().oid()));
              set(f, "tg_relname", event.relation().name());
              set(f, "tg_table_name", event.relation().name());
              Catalog.Namespace namespace = host.catalog().namespace(event.relation().namespaceOid());
              set(f, "tg_table_schema", namespace == null ? null : namespace.name());
              set(f, "tg_nargs", trigger.arguments().size());
              set(f, "tg_argv", arguments(trigger.arguments()));
              transition(f, function.transitionTables, trigger.oldTable(), event.oldTable(), event.relation(), shape, rowType);
              transition(f, function.transitionTables, trigger.newTable(), event.newTable(), event.relation(), shape, rowType);
            });
    if (!event.forEachRow() || event.timing() == 'a') {
      return null;
    }
    if (!(frame.returnValue instanceof PgRecord record)) {
      return null;
    }
    return row(event, record, frame, shape, rowType);
  }

  private static void set(PlFrame frame, String name, @Nullable Object value) {
    frame.slots[java.util.Objects.requireNonNull(frame.function.special.get(name)).slot] = value;
  }

  private static String operation(char event) {
    return switch (event) {
      case 'i' -> "INSERT";
      case 'u' -> "UPDATE";
      case 'd' -> "DELETE";
      default -> "TRUNCATE";
    };
  }

  private static PgArray arguments(List<String> arguments) {
    return arguments.isEmpty()
        ? PgArray.empty(PgTypes.TEXT)
        : PgArray.of(PgTypes.TEXT, new int[] {arguments.size()}, new int[] {0}, arguments.toArray());
  }

  /// A row by attnum as a value of the row type, which has no dropped attributes.
  private static @Nullable PgRecord record(Relation relation, RowShape shape, PgType rowType, @Nullable Object @Nullable [] row) {
    if (row == null) {
      return null;
    }
    @Nullable Object[] fields = new Object[shape.size()];
    int next = 0;
    for (Relation.Column column : relation.columns()) {
      if (!column.dropped()) {
        fields[next++] = row[column.attnum() - 1];
      }
    }
    return shape.record(rowType, fields);
  }

  private static void transition(
      PlFrame frame, Map<String, PlVariable> tables, @Nullable String name, @Nullable List<@Nullable Object[]> rows, Relation relation, RowShape shape,
      PgType rowType) {
    PlVariable variable = name == null ? null : tables.get(name);
    if (variable == null) {
      return;
    }
    Object[] elements = rows == null ? new Object[0] : new Object[rows.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = record(relation, shape, rowType, rows.get(i));
    }
    frame.slots[variable.slot] = PgArray.of(rowType, elements);
  }

  private static @Nullable Object[] row(TriggerFunctions.Event event, PgRecord record, PlFrame frame, RowShape shape, PgType rowType) {
    if (!record.type().equals(rowType)) {
      try {
        PlReturns.check(
            frame, RowShape.ofRecord(record, frame.host).types(), shape, "returned row structure does not match the structure of the triggering table");
      } catch (SqlException e) {
        throw PlErrors.add(e, "PL/pgSQL function " + frame.function.signature + " during function exit");
      }
    }
    if (event.event() == 'd') {
      return event.oldRow();
    }
    @Nullable Object[] result = new Object[event.relation().columns().size()];
    @Nullable Object[] before = event.newRow() == null ? event.oldRow() : event.newRow();
    int next = 0;
    for (Relation.Column column : event.relation().columns()) {
      int at = column.attnum() - 1;
      result[at] = column.dropped() ? (before == null || at >= before.length ? null : before[at]) : record.field(next++);
    }
    return result;
  }
}
