package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One running call: the values of variables, where it stands, what it will return. Confined to the session's thread.
final class PlFrame {
  final PlFunction function;
  final PlInterpreter interpreter;
  final PlHost host;
  final @Nullable PlFrame caller;

  /// Values by slot; the parameters of all expressions of the call.
  final @Nullable Object[] slots;

  /// Fields of RECORD variables, null while they have no value yet.
  final @Nullable List<CompositeField>[] shapes;
  final ExecutionContext context;
  private final Object[] bound;
  private @Nullable Map<PlCasts.Cast, PlCasts.BoundCast> casts;

  /// The statement that runs; null before the first one.
  @Nullable PlNode current;

  /// Words for the place when it is no statement ("during function entry").
  @Nullable String place;

  /// SQL that the current statement runs, for PG_CONTEXT; null for none.
  @Nullable String sql;

  /// Where the names of that SQL are looked up.
  @Nullable PlScope sqlScope;
  @Nullable String exitLabel;
  @Nullable Object returnValue;
  long rowCount;

  /// Rows given by RETURN NEXT and RETURN QUERY.
  final List<@Nullable Object> results = new ArrayList<>(0);

  /// The errors whose handlers run, innermost last.
  final List<SqlException> handling = new ArrayList<>(0);
  /// What RAISE without parameters threw: its context names this frame already.
  @Nullable SqlException rethrown;

  /// Whether COMMIT and ROLLBACK are allowed.
  boolean transactional;
  int exceptionDepth;

  @SuppressWarnings("unchecked")
  PlFrame(PlFunction function, PlInterpreter interpreter, @Nullable PlFrame caller) {
    this.function = function;
    this.interpreter = interpreter;
    this.host = interpreter.host();
    this.caller = caller;
    this.slots = new Object[function.slotCount];
    this.shapes = new List[function.slotCount];
    this.bound = new Object[2 * function.codeCount];
    this.context = host.expressionContext(slots);
  }

  /// The evaluator of a piece of code tied to this frame.
  BoundEvaluator bound(PlCode code, PlCode.Compiled compiled) {
    int at = 2 * code.index;
    if (bound[at] == compiled) {
      BoundEvaluator known = (BoundEvaluator) bound[at + 1];
      known.rescan();
      return known;
    }
    BoundEvaluator fresh = compiled.evaluator().bind(context);
    bound[at] = compiled;
    bound[at + 1] = fresh;
    return fresh;
  }

  @Nullable Object cast(PlCasts.@Nullable Cast cast, @Nullable Object value) {
    if (cast == null) {
      return value;
    }
    if (casts == null) {
      casts = new HashMap<>();
    }
    PlCasts.BoundCast known = casts.get(cast);
    if (known == null) {
      known = cast.bind(host);
      casts.put(cast, known);
    }
    return known.apply(value);
  }

  void setFound(boolean found) {
    slots[function.foundSlot] = found;
  }

  /// Stores a record in a RECORD variable, with its fields.
  void setRecord(PlVariable variable, @Nullable PgRecord record, @Nullable List<CompositeField> fields) {
    slots[variable.slot] = record;
    shapes[variable.slot] = fields;
  }

  /// The line of an error context that tells where this frame stands.
  String describe() {
    String name = "PL/pgSQL function " + function.signature;
    PlNode node = current;
    if (place != null) {
      return node == null ? name + " " + place : name + " line " + node.line + " " + place;
    }
    return node == null ? name : name + " line " + node.line + " at " + node.describe;
  }

  /// The context lines of this frame and all its callers.
  String stack() {
    StringBuilder text = new StringBuilder();
    for (PlFrame frame = this; frame != null; frame = frame.caller) {
      if (frame != this && frame.sql != null) {
        text.append(frame.sql).append('\n');
      }
      text.append(frame.describe());
      if (frame.caller != null) {
        text.append('\n');
      }
    }
    return text.toString();
  }
}
