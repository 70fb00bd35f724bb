package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.execute.dml.BulkInsertion;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// COPY FROM into a table: fills defaults of the columns that the data leaves out, applies WHERE, inserts.
final class TableCopyTarget implements AutoCloseable {
  /// How a column that is not in the data gets its value.
  private record Default(int column, @Nullable BoundEvaluator evaluator, int sequenceOid) {}

  private final SessionCore session;
  private final StatementAccess access;
  private final ExecutionContext context;
  private final BulkInsertion insertion;
  private final List<Default> defaults;
  private final @Nullable BoundEvaluator condition;
  private final RowAccess.OfValues rowAccess = new RowAccess.OfValues(new Object[0]);
  private final PgType[] types;
  private final CopyProgress progress;
  private final boolean checksDomains;
  private long taken;
  private long excluded;
  private boolean closed;

  private TableCopyTarget(
      SessionCore session, StatementAccess access, ExecutionContext context, BulkInsertion insertion, List<Default> defaults, @Nullable BoundEvaluator condition,
      PgType[] types, CopyProgress progress) {
    this.session = session;
    this.access = access;
    this.context = context;
    this.insertion = insertion;
    this.defaults = defaults;
    this.condition = condition;
    this.types = types;
    this.progress = progress;
    checksDomains = defaults.stream().anyMatch(column -> types[column.column()].isDomain());
  }

  static TableCopyTarget open(SessionCore session, Relation.Table table, int[] columns, @Nullable Expression where, CopyProgress progress) {
    StatementAccess access = session.transactions().current().beginCommand();
    try {
      access.lockTable(Integer.toUnsignedLong(table.oid()), TableLockMode.ROW_EXCLUSIVE, false);
      session.engine().privileges().checkInsert(session, table, columns);
      SessionCallContext calls = session.queries().callContext();
      ExecutionContext context = calls.execution(access, new Object[0]);
      BulkInsertion insertion = new BulkInsertion(context, table, session.engine().dmlPlans().targets());
      BoundEvaluator condition = null;
      if (where != null) {
        ExpressionBinder.BoundExpression bound =
            ExpressionBinder.bind(where, table, ExpressionBinder.Use.COPY_WHERE, PgTypes.BOOL, -1, session.queries().analyzerContext(List.of()));
        for (int attnum : bound.columns()) {
          if (attnum > 0 && table.columns().get(attnum - 1).generated() != 0) {
            throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "generated columns are not supported in COPY FROM WHERE conditions")
                .withDetail("Column \"" + table.columns().get(attnum - 1).name() + "\" is a generated column.");
          }
        }
        condition = Evaluator.compile(bound.expression()).bind(context);
      }
      PgType[] types = new PgType[table.columns().size()];
      for (int i = 0; i < types.length; i++) {
        types[i] = table.columns().get(i).dropped() ? PgTypes.TEXT : session.catalog().byOid(table.columns().get(i).typeOid());
      }
      return new TableCopyTarget(session, access, context, insertion, defaults(session, table, columns, context), condition, types, progress);
    } catch (RuntimeException | Error e) {
      access.close();
      throw e;
    }
  }

  private static List<Default> defaults(SessionCore session, Relation.Table table, int[] columns, ExecutionContext context) {
    Set<Integer> given = new HashSet<>();
    for (int attnum : columns) {
      given.add(attnum);
    }
    List<Default> defaults = new ArrayList<>();
    for (Relation.Column column : table.columns()) {
      if (column.dropped() || column.generated() != 0 || given.contains(column.attnum())) {
        continue;
      }
      if (column.identity() != 0) {
        defaults.add(new Default(column.attnum() - 1, null, identitySequence(session, table, column.attnum())));
      } else if (column.defaultExpression() != null) {
        ExpressionBinder.BoundExpression bound =
            ExpressionBinder.bind(column.defaultExpression(), null, ExpressionBinder.Use.COLUMN_DEFAULT, session.catalog().byOid(column.typeOid()),
                column.typmod(), session.queries().analyzerContext(List.of()));
        defaults.add(new Default(column.attnum() - 1, Evaluator.compile(bound.expression()).bind(context), 0));
      }
    }
    return defaults;
  }

  private static int identitySequence(SessionCore session, Relation.Table table, int attnum) {
    for (Relation relation : session.catalog().relations()) {
      if (relation instanceof Relation.Sequence sequence && sequence.identity() && sequence.ownerTable() == table.oid() && sequence.ownerColumn() == attnum) {
        return sequence.oid();
      }
    }
    throw new SqlException(SqlState.INTERNAL_ERROR, "no sequence found for identity column " + attnum + " of \"" + table.name() + "\"");
  }

  /// Takes a row by `attnum - 1`; columns that COPY does not give are filled with their defaults.
  ///
  /// @param line where it stands in the data, for errors that come when its batch is written
  /// @param place the same with the row's text
  void row(@Nullable Object[] values, long line, Supplier<@Nullable String> place) {
    for (Default column : defaults) {
      values[column.column()] =
          column.evaluator() != null
              ? column.evaluator().eval(RowAccess.EMPTY)
              : narrowed(session.sequences().next(column.sequenceOid()), types[column.column()]);
    }
    if (checksDomains) {
      checkDefaultDomains(values);
    }
    if (condition != null) {
      rowAccess.values = values;
      if (!condition.test(rowAccess)) {
        progress.tuples(taken, ++excluded);
        return;
      }
    }
    progress.tuples(++taken, excluded);
    insertion.row(values, line, place);
  }

  /// Columns that the data gives were checked when they were read.
  private void checkDefaultDomains(@Nullable Object[] values) {
    for (Default column : defaults) {
      if (types[column.column()].isDomain()) {
        session.queries().checkDomain(types[column.column()], values[column.column()]);
      }
    }
  }

  private static Object narrowed(long value, PgType type) {
    return switch (type.family()) {
      case INT2, INT4 -> (Object) (int) value;
      default -> (Object) value;
    };
  }

  /// The line of the row that [#row] or [#finish] failed at, 0 when it is not known.
  long failedLine() {
    return insertion.failedLine();
  }

  /// The place of that row with its text, null when its error comes without.
  @Nullable String failedPlace() {
    return insertion.failedPlace();
  }

  /// Writes what is buffered, runs statement-level work and returns the number of rows.
  long finish() {
    long rows = insertion.finish();
    session.queries().callContext().executionServices().pendingChecks().statementEnd(access);
    close();
    return rows;
  }

  /// Gives up; also after [#finish].
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      session.queries().callContext().executionServices().pendingChecks().statementFailed(access);
      insertion.close();
      context.close();
      access.close();
    }
  }
}
