package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.impl.SubscriptAssignment;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where values are assigned to: a variable, a field of one, an element of an array, and lists of such targets.
final class PlTargets {
  private PlTargets() {}

  /// A step below the variable.
  sealed interface Step {}

  record Field(String name) implements Step {}

  /// Subscripts that follow one another.
  record Subscripts(List<Bounds> bounds) implements Step {}

  record Bounds(boolean slice, @Nullable PlCode lower, @Nullable PlCode upper) {}

  /// A variable and the way to the part of it that is assigned.
  record Target(PlVariable variable, List<Step> steps) {
    boolean isWholeRow() {
      return steps.isEmpty() && variable.hasFields();
    }
  }

  private static final SubscriptAssignment ASSIGNMENT = new SubscriptAssignment();
  private static final Implementation.Contextual ELEMENT = implementation("assign_element");
  private static final Implementation.Contextual SLICE = implementation("assign_slice");
  private static final Implementation.Contextual JSON = implementation("assign_jsonb");

  private static Implementation.Contextual implementation(String symbol) {
    FunctionDef none =
        new FunctionDef(0, 0, symbol, 'f', List.of(), null, null, null, 0, List.of(), 0, false, false, 'i', 's', false, false, 0, 0, 1, 0,
            new FunctionDef.BuiltinBody(symbol));
    Implementation found = ASSIGNMENT.find(symbol, none);
    return (Implementation.Contextual) java.util.Objects.requireNonNull(found);
  }

  // ---- one value ----

  /// Assigns a value of a type, converting it.
  static void assign(PlFrame frame, Target target, @Nullable Object value, PgType type, int typmod) {
    if (target.steps().isEmpty()) {
      assign(frame, target.variable(), value, type, typmod);
      return;
    }
    PlVariable variable = target.variable();
    Object before = frame.slots[variable.slot];
    List<CompositeField> shape = frame.shapes[variable.slot];
    Object after = place(frame, variable, before, variable.type, shape, target.steps(), 0, value, type, typmod);
    frame.slots[variable.slot] = after;
  }

  static void assign(PlFrame frame, PlVariable variable, @Nullable Object value, PgType type, int typmod) {
    if (value == null && variable.notNull) {
      throw new SqlException(
          SqlState.NULL_VALUE_NOT_ALLOWED, "null value cannot be assigned to variable \"" + variable.name + "\" declared NOT NULL");
    }
    if (variable.hasFields()) {
      assignRow(frame, variable, value, type);
      return;
    }
    frame.slots[variable.slot] = frame.cast(frame.interpreter.casts().of(type, typmod, variable.type, variable.typmod), value);
  }

  private static void assignRow(PlFrame frame, PlVariable variable, @Nullable Object value, PgType type) {
    if (value == null) {
      if (variable.isRecord()) {
        if (type.ultimateBase().isComposite()) {
          frame.setRecord(variable, null, RowShape.ofFields(frame.host.catalog().compositeFields(type.ultimateBase())).fields());
        } else {
          frame.setRecord(variable, null, null);
        }
      } else {
        frame.slots[variable.slot] = checkDomain(frame, variable, null);
      }
      return;
    }
    if (!(value instanceof PgRecord record)) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "cannot assign non-composite value to a record variable");
    }
    if (variable.isRecord()) {
      RowShape shape = RowShape.ofRecord(record, frame.host);
      List<CompositeField> before = frame.shapes[variable.slot];
      List<CompositeField> fields = before != null && before.equals(shape.fields()) ? before : shape.fields();
      PgRecord stored = record.type().isComposite() || record.fieldNames().isEmpty() ? shape.record(PgTypes.RECORD, record.fields()) : record;
      frame.setRecord(variable, stored, fields);
      return;
    }
    if (record.type().equals(variable.type)) {
      frame.slots[variable.slot] = record;
      return;
    }
    RowShape source = RowShape.ofRecord(record, frame.host);
    frame.slots[variable.slot] = checkDomain(frame, variable, composite(frame, variable.type.ultimateBase(), record.fields(), source.fields()));
  }

  private static @Nullable Object checkDomain(PlFrame frame, PlVariable variable, @Nullable Object value) {
    if (variable.type.isDomain()) {
      PgType base = variable.type.ultimateBase();
      return frame.cast(frame.interpreter.casts().of(base, -1, variable.type, -1), value);
    }
    return value;
  }

  /// A composite value from fields by position: converted, missing ones NULL, surplus ones left out.
  static PgRecord composite(PlFrame frame, PgType type, @Nullable Object[] values, List<CompositeField> sources) {
    RowShape shape = RowShape.ofFields(frame.host.catalog().compositeFields(type));
    @Nullable Object[] fields = new Object[shape.size()];
    for (int i = 0; i < fields.length; i++) {
      CompositeField wanted = shape.fields().get(i);
      Object value = i < values.length ? values[i] : null;
      PgType from = i < sources.size() ? sources.get(i).type() : wanted.type();
      int fromTypmod = i < sources.size() ? sources.get(i).typmod() : wanted.typmod();
      fields[i] = frame.cast(frame.interpreter.casts().of(from, fromTypmod, wanted.type(), wanted.typmod()), value);
    }
    return shape.record(type, fields);
  }

  // ---- parts ----

  private static @Nullable Object place(
      PlFrame frame, PlVariable variable, @Nullable Object container, PgType type, @Nullable List<CompositeField> shape, List<Step> steps, int at,
      @Nullable Object value, PgType valueType, int valueTypmod) {
    return switch (steps.get(at)) {
      case Field field -> placeField(frame, variable, (PgRecord) container, type, shape, field.name(), steps, at, value, valueType, valueTypmod);
      case Subscripts subscripts -> placeElement(frame, variable, container, type, subscripts, steps, at, value, valueType, valueTypmod);
    };
  }

  private static Object placeField(
      PlFrame frame, PlVariable variable, @Nullable PgRecord record, PgType type, @Nullable List<CompositeField> known, String name, List<Step> steps,
      int at, @Nullable Object value, PgType valueType, int valueTypmod) {
    PgType base = type.ultimateBase();
    if (!base.isComposite() && known == null) {
      if (type.oid() == PgTypes.RECORD.oid()) {
        throw PlNames.notAssigned(variable);
      }
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "cannot assign to field \"" + name + "\" of a value that is not composite");
    }
    RowShape shape = RowShape.ofFields(base.isComposite() ? frame.host.catalog().compositeFields(base) : known);
    int index = shape.indexOf(name);
    if (index < 0) {
      throw PlNames.noField(variable, name);
    }
    @Nullable Object[] fields = record == null ? new Object[shape.size()] : record.fields().clone();
    CompositeField field = shape.fields().get(index);
    fields[index] =
        at + 1 < steps.size()
            ? place(frame, variable, fields[index], field.type(), null, steps, at + 1, value, valueType, valueTypmod)
            : frame.cast(frame.interpreter.casts().of(valueType, valueTypmod, field.type(), field.typmod()), value);
    PgRecord result = shape.record(base.isComposite() ? base : PgTypes.RECORD, fields);
    return type.isDomain() ? java.util.Objects.requireNonNull(frame.cast(frame.interpreter.casts().of(base, -1, type, -1), result)) : result;
  }

  private static @Nullable Object placeElement(
      PlFrame frame, PlVariable variable, @Nullable Object container, PgType type, Subscripts subscripts, List<Step> steps, int at,
      @Nullable Object value, PgType valueType, int valueTypmod) {
    PgType base = type.ultimateBase();
    if (base.oid() == PgTypes.JSONB.oid() && at + 1 == steps.size()) {
      return placeJson(frame, container, type, subscripts, value, valueType, valueTypmod);
    }
    if (!base.isArray()) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH, "cannot subscript type " + io.heliosdb.nano.type.TypeIo.typeName(type, -1, frame.host.catalog())
              + " because it does not support subscripting");
    }
    PgType element = frame.host.catalog().byOid(base.elementOid());
    boolean slice = subscripts.bounds().stream().anyMatch(Bounds::slice);
    @Nullable Object[] arguments = new Object[2 + 4 * subscripts.bounds().size()];
    int[] plain = new int[subscripts.bounds().size()];
    for (int i = 0; i < plain.length; i++) {
      Bounds bounds = subscripts.bounds().get(i);
      Object lower = bounds.lower() == null ? null : bounds.lower().eval(frame);
      Object upper = bounds.upper() == null ? null : bounds.upper().eval(frame);
      if (bounds.lower() != null && lower == null || bounds.upper() != null && upper == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "array subscript in assignment must not be null");
      }
      boolean implied = slice && !bounds.slice();
      arguments[2 + 4 * i] = implied ? (Integer) 1 : lower;
      arguments[3 + 4 * i] = upper;
      arguments[4 + 4 * i] = implied || bounds.lower() != null;
      arguments[5 + 4 * i] = bounds.upper() != null;
      plain[i] = upper == null ? 0 : (Integer) upper;
    }
    Object stored;
    if (slice) {
      stored = frame.cast(frame.interpreter.casts().of(valueType, valueTypmod, base, -1), value);
      if (stored == null) {
        return container;
      }
    } else if (at + 1 < steps.size()) {
      Object inner = container == null ? null : ((PgArray) container).get(plain);
      stored = place(frame, variable, inner, element, null, steps, at + 1, value, valueType, valueTypmod);
    } else {
      stored = frame.cast(frame.interpreter.casts().of(valueType, valueTypmod, element, variable.typmod), value);
    }
    arguments[0] = container == null ? PgArray.empty(element) : container;
    arguments[1] = stored;
    CallSite site = new CallSite(null, List.of(base, slice ? base : element), base, -1, 0, false);
    Object result = (slice ? SLICE : ELEMENT).call(frame.context.call(), site, arguments);
    return type.isDomain() ? frame.cast(frame.interpreter.casts().of(base, -1, type, -1), result) : result;
  }

  private static @Nullable Object placeJson(
      PlFrame frame, @Nullable Object container, PgType type, Subscripts subscripts, @Nullable Object value, PgType valueType, int valueTypmod) {
    @Nullable Object[] arguments = new Object[2 + 4 * subscripts.bounds().size()];
    arguments[0] = container;
    arguments[1] = frame.cast(frame.interpreter.casts().of(valueType, valueTypmod, PgTypes.JSONB, -1), value);
    for (int i = 0; i < subscripts.bounds().size(); i++) {
      Bounds bounds = subscripts.bounds().get(i);
      if (bounds.slice() || bounds.upper() == null) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "jsonb subscript does not support slices");
      }
      arguments[3 + 4 * i] = bounds.upper().eval(frame);
      arguments[4 + 4 * i] = false;
      arguments[5 + 4 * i] = true;
    }
    CallSite site = new CallSite(null, List.of(PgTypes.JSONB, PgTypes.JSONB), PgTypes.JSONB, -1, 0, false);
    Object result = JSON.call(frame.context.call(), site, arguments);
    return type.isDomain() ? frame.cast(frame.interpreter.casts().of(PgTypes.JSONB, -1, type, -1), result) : result;
  }

  // ---- rows ----

  /// Assigns the columns of a row, or NULLs when there is none, to one row variable or to a list of targets by position.
  static void assignColumns(PlFrame frame, List<Target> targets, @Nullable Object @Nullable [] row, List<OutputColumn> columns, RowShape shape) {
    if (targets.size() == 1 && targets.getFirst().isWholeRow()) {
      PlVariable variable = targets.getFirst().variable();
      if (variable.isRecord()) {
        frame.setRecord(variable, row == null ? null : shape.record(PgTypes.RECORD, row), shape.fields());
      } else if (row == null) {
        frame.slots[variable.slot] = checkDomain(frame, variable, null);
      } else if (row.length == 1 && row[0] instanceof PgRecord record && record.type().equals(variable.type)) {
        frame.slots[variable.slot] = record;
      } else {
        frame.slots[variable.slot] = checkDomain(frame, variable, composite(frame, variable.type.ultimateBase(), row, shape.fields()));
      }
      return;
    }
    if (row != null) {
      PlExtraChecks.checkAssignment(frame, row.length, targets.size());
    }
    for (int i = 0; i < targets.size(); i++) {
      if (row != null && i < row.length) {
        CompositeField field = shape.fields().get(i);
        assign(frame, targets.get(i), row[i], field.type(), field.typmod());
      } else {
        assign(frame, targets.get(i), null, PgTypes.TEXT, -1);
      }
    }
  }
}
