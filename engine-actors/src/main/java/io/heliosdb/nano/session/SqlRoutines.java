package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LANGUAGE SQL functions: the body's statements run with the arguments as parameters, the last one gives the result, converted to what
/// the function declares.
final class SqlRoutines {
  private static final int DEPTH_MAX = 200;

  private SqlRoutines() {}

  static Implementation implementation(SessionCore session, CallSite site, FunctionDef.SqlBody body) {
    FunctionDef function = site.function();
    if (function.returnsSet()) {
      return (Implementation.SetReturning)
          (context, call, arguments) -> {
            SqlFunctionBodies.Result result = session.inFunction(function, () -> run(session, site, body, arguments));
            checkColumns(result, site, session);
            Iterator<@Nullable Object[]> rows = result.rows().iterator();
            return () -> rows.hasNext() ? value(rows.next(), result.columns(), site, session) : Implementation.RowSource.END;
          };
    }
    boolean isVoid = function.returnType() == PgTypes.VOID.oid();
    return (Implementation.Contextual)
        (context, call, arguments) -> {
          SqlFunctionBodies.Result result = session.inFunction(function, () -> run(session, site, body, arguments));
          if (isVoid) {
            return null;
          }
          checkColumns(result, site, session);
          return result.rows().isEmpty() ? null : value(result.rows().getFirst(), result.columns(), site, session);
        };
  }

  private static SqlFunctionBodies.Result run(SessionCore session, CallSite site, FunctionDef.SqlBody body, @Nullable Object[] arguments) {
    PlpgsqlHost host = session.plpgsql();
    if (host.sqlDepth >= DEPTH_MAX) {
      throw tooDeep();
    }
    host.sqlDepth++;
    try {
      return Routines.inEnvironment(
          session, site.function(), () -> host.sqlBodies().run(site.function(), body.source(), arguments.clone(), site.argumentTypes()));
    } catch (StackOverflowError e) {
      throw tooDeep();
    } finally {
      host.sqlDepth--;
    }
  }

  private static SqlException tooDeep() {
    return new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded").withHint("The functions call one another too deeply.");
  }

  /// CALL of a procedure: the last statement's row gives the OUT parameters.
  static @Nullable Object[] callProcedure(SessionCore session, FunctionDef procedure, List<PgType> types, @Nullable Object[] arguments) {
    PgType declared = session.catalog().byOid(procedure.returnType());
    CallSite site = new CallSite(procedure, types, declared, -1, 0, false);
    SqlFunctionBodies.Result result = run(session, site, (FunctionDef.SqlBody) procedure.body(), arguments);
    List<CompositeField> outputs = outputs(site, session);
    if (outputs.isEmpty()) {
      return new Object[0];
    }
    if (result.columns().size() != outputs.size()) {
      throw mismatch(procedure, declared, session);
    }
    return result.rows().isEmpty() ? new Object[outputs.size()] : convert(result.rows().getFirst(), result.columns(), outputs, session);
  }

  private static SqlException mismatch(FunctionDef function, PgType declared, SessionCore session) {
    return new SqlException(
            SqlState.INVALID_FUNCTION_DEFINITION,
            "return type mismatch in function declared to return " + TypeIo.typeName(declared, -1, session.catalog()))
        .withDetail("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.")
        .withContext("SQL function \"" + function.name() + "\" during startup");
  }

  private static void checkColumns(SqlFunctionBodies.Result result, CallSite site, SessionCore session) {
    if (result.columns().isEmpty() && site.resultType().oid() != PgTypes.VOID.oid()) {
      throw mismatch(site.function(), site.resultType(), session);
    }
  }

  private static @Nullable Object value(@Nullable Object[] row, List<OutputColumn> columns, CallSite site, SessionCore session) {
    PgType type = site.resultType();
    PgType base = type.ultimateBase();
    if (type.oid() == PgTypes.VOID.oid()) {
      return "";
    }
    if (!base.isComposite() && type.oid() != PgTypes.RECORD.oid()) {
      OutputColumn column = columns.getFirst();
      return session.plpgsql().interpreter().convert(row[0], column.type(), column.typmod(), type, -1);
    }
    if (row.length == 1) {
      PgType only = columns.getFirst().type();
      if (only.ultimateBase().equals(base) && base.isComposite() || only.oid() == PgTypes.RECORD.oid() && outputs(site, session).size() != 1) {
        if (row[0] == null || !(row[0] instanceof PgRecord record) || record.type().equals(base) || !base.isComposite()) {
          return row[0];
        }
        return PgRecord.of(base, record.fieldTypes(), record.fields());
      }
    }
    List<CompositeField> fields = fields(site, session);
    if (fields.isEmpty()) {
      return PgRecord.named(type, columns.stream().map(OutputColumn::type).toList(), columns.stream().map(OutputColumn::name).toList(), row);
    }
    if (fields.size() != row.length) {
      throw new SqlException(
              SqlState.INVALID_FUNCTION_DEFINITION, "return type mismatch in function declared to return " + TypeIo.typeName(type, -1, session.catalog()))
          .withDetail(row.length < fields.size() ? "Final statement returns too few columns." : "Final statement returns too many columns.")
          .withContext("SQL function \"" + site.function().name() + "\" during startup");
    }
    return PgRecord.named(
        base, fields.stream().map(CompositeField::type).toList(), fields.stream().map(CompositeField::name).toList(),
        convert(row, columns, fields, session));
  }

  private static @Nullable Object[] convert(
      @Nullable Object[] row, List<OutputColumn> columns, List<CompositeField> fields, SessionCore session) {
    @Nullable Object[] values = new Object[row.length];
    for (int i = 0; i < values.length; i++) {
      CompositeField field = fields.get(i);
      values[i] = session.plpgsql().interpreter().convert(row[i], columns.get(i).type(), columns.get(i).typmod(), field.type(), field.typmod());
    }
    return values;
  }

  /// The fields of a row result; empty when the function does not say.
  private static List<CompositeField> fields(CallSite site, SessionCore session) {
    PgType base = site.resultType().ultimateBase();
    if (base.isComposite()) {
      return session.catalog().compositeFields(base).stream().filter(field -> !field.dropped()).toList();
    }
    return site.columns().isEmpty() ? outputs(site, session) : site.columns();
  }

  /// The OUT, INOUT and TABLE parameters, polymorphic ones with the type of an input declared alike.
  private static List<CompositeField> outputs(CallSite site, SessionCore session) {
    FunctionDef function = site.function();
    List<CompositeField> fields = new ArrayList<>();
    if (function.allArgumentTypes() == null || function.argumentModes() == null) {
      return fields;
    }
    for (int i = 0; i < function.argumentModes().length(); i++) {
      char mode = function.argumentModes().charAt(i);
      if (mode != 'o' && mode != 'b' && mode != 't') {
        continue;
      }
      int oid = function.allArgumentTypes().get(i);
      PgType type = session.catalog().byOid(oid);
      int input = function.argumentTypes().indexOf(oid);
      if (type.isPseudo() && input >= 0 && input < site.argumentTypes().size()) {
        type = site.argumentTypes().get(input);
      }
      String name = function.argumentNames() == null ? null : function.argumentNames().get(i);
      fields.add(
          new CompositeField(name == null || name.isEmpty() ? "column" + (fields.size() + 1) : name, type, -1, type.collationOid(), false));
    }
    return fields;
  }
}
