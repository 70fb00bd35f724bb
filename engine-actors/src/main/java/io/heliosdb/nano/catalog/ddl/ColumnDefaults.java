package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import java.util.ArrayList;
import java.util.List;

/// Puts defaults, generation expressions and owned sequences on columns of a table that is in the overlay.
final class ColumnDefaults {
  private final Ddl ddl;

  ColumnDefaults(Ddl ddl) {
    this.ddl = ddl;
  }

  void apply(int tableOid, ColumnPlan plan) {
    int attnum = plan.column.attnum;
    Table table = ddl.table(tableOid);
    SequenceCommands sequences = new SequenceCommands(ddl);
    if (plan.serial) {
      Sequence sequence = sequences.createOwned(table, plan.column.name, attnum, plan.type, List.of(), false);
      set(tableOid, attnum, nextValue(sequence), List.of(Ddl.address(sequence)));
    } else if (plan.identityOptions != null) {
      sequences.createOwned(table, plan.column.name, attnum, plan.type, plan.identityOptions, true);
    } else if (plan.generated != null) {
      setGenerated(tableOid, attnum, plan.generated.expression());
    } else if (plan.defaultValue != null) {
      setDefault(tableOid, attnum, plan.defaultValue.expression());
    } else if (plan.storedDefault != null) {
      set(tableOid, attnum, plan.storedDefault, List.of());
    }
  }

  /// The stored form of the default that SERIAL gives: the sequence by number, so that it can be renamed.
  static String nextValue(Sequence sequence) {
    return "nextval('" + Integer.toUnsignedString(sequence.oid()) + "'::regclass)";
  }

  void setDefault(int tableOid, int attnum, Expression expression) {
    Table table = ddl.table(tableOid);
    Column column = table.column(attnum);
    DdlExpressions.Bound bound = ddl.expressions().bind(expression, table, DdlExpressions.Use.COLUMN_DEFAULT,
        ddl.catalog().byOid(column.typeOid()), column.typmod());
    set(tableOid, attnum, bound.text(), new ArrayList<>(bound.dependencies()));
  }

  void setGenerated(int tableOid, int attnum, Expression expression) {
    Table table = ddl.table(tableOid);
    Column column = table.column(attnum);
    DdlExpressions.Bound bound = ddl.expressions().bind(expression, table, DdlExpressions.Use.GENERATED_COLUMN,
        ddl.catalog().byOid(column.typeOid()), column.typmod());
    if (bound.volatility() != 'i') {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "generation expression is not immutable");
    }
    List<ObjectAddress> targets = new ArrayList<>(bound.dependencies());
    for (int referenced : bound.columns()) {
      if (referenced > 0 && table.column(referenced).generated() == 's') {
        throw new SqlException(SqlState.SYNTAX_ERROR, "cannot use generated column \"" + table.column(referenced).name()
            + "\" in column generation expression").withDetail("A generated column cannot reference another generated column.");
      }
      if (referenced == 0) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "cannot use whole-row variable in column generation expression")
            .withDetail("This would cause the generated column to depend on its own value.");
      }
      targets.add(Ddl.columnAddress(table, referenced));
    }
    set(tableOid, attnum, bound.text(), targets);
  }

  /// Stores a default (in stored form) with what it refers to.
  void set(int tableOid, int attnum, String text, List<ObjectAddress> targets) {
    drop(tableOid, attnum);
    TableBuilder builder = new TableBuilder(ddl.table(tableOid));
    ColumnBuilder column = builder.columns.get(attnum - 1).toBuilder();
    column.defaultValue(text, ddl.nextOid());
    builder.replaceColumn(column.build());
    ddl.put(builder.build());
    ddl.putDependencies(ObjectAddress.of(ClassOids.ATTRDEF, column.defaultOid), targets);
  }

  void drop(int tableOid, int attnum) {
    Table table = ddl.table(tableOid);
    Column old = table.column(attnum);
    if (old.defaultOid() == 0) {
      return;
    }
    ddl.putDependencies(ObjectAddress.of(ClassOids.ATTRDEF, old.defaultOid()), List.of());
    TableBuilder builder = new TableBuilder(table);
    builder.replaceColumn(old.toBuilder().defaultValue(null, 0).build());
    ddl.put(builder.build());
  }
}
