package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.plpgsql.PlStatement;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Blocks, assignments, conditions and loops that run no query.
final class PlControl {
  private PlControl() {}

  /// A variable to initialize when its block is entered.
  record Initial(PlVariable variable, @Nullable PlCode value) {}

  record Handler(List<PlStatement.Condition> conditions, PlNode[] body) {}

  static final class Block extends PlNode {
    private final @Nullable String label;
    private final List<Initial> initials;
    private final PlNode[] body;
    private final List<Handler> handlers;
    private final int stateSlot;
    private final int messageSlot;

    Block(@Nullable String label, List<Initial> initials, PlNode[] body, List<Handler> handlers, int stateSlot, int messageSlot, int line) {
      super(line, "statement block");
      this.label = label;
      this.initials = initials;
      this.body = body;
      this.handlers = handlers;
      this.stateSlot = stateSlot;
      this.messageSlot = messageSlot;
    }

    @Override
    Flow run(PlFrame frame) {
      if (!initials.isEmpty()) {
        initialize(frame);
      }
      Flow flow = handlers.isEmpty() ? runAll(body, frame) : runGuarded(frame);
      if (flow == Flow.EXIT && label != null && label.equals(frame.exitLabel)) {
        frame.exitLabel = null;
        return Flow.NEXT;
      }
      return flow;
    }

    private void initialize(PlFrame frame) {
      frame.place = "during statement block local variable initialization";
      for (Initial initial : initials) {
        PlVariable variable = initial.variable();
        frame.shapes[variable.slot] = null;
        PlCode code = initial.value();
        if (code != null) {
          PlTargets.assign(frame, variable, code.eval(frame), code.type(frame), code.typmod(frame));
        } else if (variable.type.isDomain()) {
          frame.slots[variable.slot] = null;
          PgType base = variable.type.ultimateBase();
          frame.cast(frame.interpreter.casts().of(base, -1, variable.type, variable.typmod), null);
        } else {
          frame.slots[variable.slot] = null;
        }
      }
      frame.place = null;
    }

    private Flow runGuarded(PlFrame frame) {
      PlNode outer = frame.current;
      int level = frame.host.pushLevel();
      frame.exceptionDepth++;
      SqlException error;
      try {
        Flow flow = runAll(body, frame);
        frame.exceptionDepth--;
        frame.host.releaseLevel(level);
        return flow;
      } catch (SqlException e) {
        error = e;
      } catch (StackOverflowError e) {
        error = PlErrors.stackDepth();
      }
      frame.exceptionDepth--;
      if (frame.host.isTransactionEnded()) {
        throw error;
      }
      frame.host.rollbackLevel(level);
      for (Handler handler : handlers) {
        if (PlErrors.matches(handler.conditions(), error)) {
          SqlException caught = PlErrors.add(error, frame.stack());
          frame.place = null;
          frame.sql = null;
          frame.current = outer;
          return handle(frame, handler, caught);
        }
      }
      throw error;
    }

    private Flow handle(PlFrame frame, Handler handler, SqlException caught) {
      Object outerState = frame.slots[stateSlot];
      Object outerMessage = frame.slots[messageSlot];
      frame.slots[stateSlot] = caught.state().code();
      frame.slots[messageSlot] = caught.getMessage();
      frame.handling.add(caught);
      try {
        return runAll(handler.body(), frame);
      } finally {
        frame.handling.removeLast();
        frame.slots[stateSlot] = outerState;
        frame.slots[messageSlot] = outerMessage;
      }
    }
  }

  static final class Assign extends PlNode {
    private final PlTargets.Target target;
    private final PlCode value;
    private final boolean direct;

    /// @param direct whether the code converts to the variable's type itself
    Assign(PlTargets.Target target, PlCode value, boolean direct, int line) {
      super(line, "assignment");
      this.target = target;
      this.value = value;
      this.direct = direct;
    }

    @Override
    Flow run(PlFrame frame) {
      Object result = value.eval(frame);
      if (direct && (result != null || !target.variable().notNull)) {
        frame.slots[target.variable().slot] = result;
      } else {
        PlTargets.assign(frame, target, result, value.type(frame), value.typmod(frame));
      }
      return Flow.NEXT;
    }
  }

  record Branch(PlCode condition, PlNode[] body) {}

  static final class If extends PlNode {
    private final List<Branch> branches;
    private final PlNode[] otherwise;

    If(List<Branch> branches, PlNode[] otherwise, int line) {
      super(line, "IF");
      this.branches = branches;
      this.otherwise = otherwise;
    }

    @Override
    Flow run(PlFrame frame) {
      for (Branch branch : branches) {
        if (branch.condition().test(frame)) {
          return runAll(branch.body(), frame);
        }
      }
      return runAll(otherwise, frame);
    }
  }

  /// CASE; with an operand, its value stands in a hidden variable that the conditions compare with.
  static final class Case extends PlNode {
    private final @Nullable PlCode operand;
    private final @Nullable PlVariable hidden;
    private final List<Branch> branches;
    private final PlNode @Nullable [] otherwise;

    Case(@Nullable PlCode operand, @Nullable PlVariable hidden, List<Branch> branches, PlNode @Nullable [] otherwise, int line) {
      super(line, "CASE");
      this.operand = operand;
      this.hidden = hidden;
      this.branches = branches;
      this.otherwise = otherwise;
    }

    @Override
    Flow run(PlFrame frame) {
      if (operand != null && hidden != null) {
        // The hidden variable is a record of one field, so that its type may differ from run to run.
        Object value = operand.eval(frame);
        PgType type = operand.type(frame);
        RowShape shape = RowShape.ofFields(
            List.of(new io.heliosdb.nano.type.TypeCatalog.CompositeField("value", type, operand.typmod(frame), type.collationOid(), false)));
        frame.setRecord(hidden, shape.record(PgTypes.RECORD, new Object[] {value}), shape.fields());
      }
      for (Branch branch : branches) {
        if (branch.condition().test(frame)) {
          return runAll(branch.body(), frame);
        }
      }
      if (otherwise == null) {
        throw new SqlException(SqlState.CASE_NOT_FOUND, "case not found").withHint("CASE statement is missing ELSE part.");
      }
      return runAll(otherwise, frame);
    }
  }

  static final class Endless extends PlNode.Loop {
    Endless(@Nullable String label, PlNode[] body, int line) {
      super(label, body, line, "LOOP");
    }

    @Override
    Flow run(PlFrame frame) {
      while (true) {
        Step step = step(frame);
        if (step != Step.GO_ON) {
          return step.flow;
        }
      }
    }
  }

  static final class While extends PlNode.Loop {
    private final PlCode condition;

    While(@Nullable String label, PlCode condition, PlNode[] body, int line) {
      super(label, body, line, "WHILE");
      this.condition = condition;
    }

    @Override
    Flow run(PlFrame frame) {
      while (condition.test(frame)) {
        Step step = step(frame);
        if (step != Step.GO_ON) {
          return step.flow;
        }
      }
      return Flow.NEXT;
    }
  }

  static final class ForInteger extends PlNode.Loop {
    private final PlVariable variable;
    private final boolean reverse;
    private final PlCode low;
    private final PlCode high;
    private final @Nullable PlCode stepBy;

    ForInteger(@Nullable String label, PlVariable variable, boolean reverse, PlCode low, PlCode high, @Nullable PlCode stepBy, PlNode[] body, int line) {
      super(label, body, line, "FOR with integer loop variable");
      this.variable = variable;
      this.reverse = reverse;
      this.low = low;
      this.high = high;
      this.stepBy = stepBy;
    }

    @Override
    Flow run(PlFrame frame) {
      int at = bound(frame, low, "lower bound");
      int end = bound(frame, high, "upper bound");
      int by = stepBy == null ? 1 : bound(frame, stepBy, "BY value");
      if (by <= 0) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "BY value of FOR loop must be greater than zero");
      }
      boolean found = false;
      Flow result = Flow.NEXT;
      while (reverse ? at >= end : at <= end) {
        found = true;
        frame.slots[variable.slot] = at;
        Step step = step(frame);
        if (step != Step.GO_ON) {
          result = step.flow;
          break;
        }
        long next = reverse ? (long) at - by : (long) at + by;
        if (next != (int) next) {
          break;
        }
        at = (int) next;
      }
      frame.setFound(found);
      return result;
    }

    private static int bound(PlFrame frame, PlCode code, String what) {
      Object value = code.eval(frame);
      if (value == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, what + " of FOR loop cannot be null");
      }
      return (Integer) value;
    }
  }

  static final class ForEach extends PlNode.Loop {
    private final List<PlTargets.Target> targets;
    private final int slice;
    private final PlCode array;

    ForEach(@Nullable String label, List<PlTargets.Target> targets, int slice, PlCode array, PlNode[] body, int line) {
      super(label, body, line, "FOREACH over array");
      this.targets = targets;
      this.slice = slice;
      this.array = array;
    }

    @Override
    Flow run(PlFrame frame) {
      Object value = array.eval(frame);
      if (value == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "FOREACH expression must not be null");
      }
      PgType type = array.type(frame).ultimateBase();
      if (!(value instanceof PgArray elements) || !type.isArray()) {
        throw new SqlException(
            SqlState.DATATYPE_MISMATCH,
            "FOREACH expression must yield an array, not type " + io.heliosdb.nano.type.TypeIo.typeName(type, -1, frame.host.catalog()));
      }
      if (slice < 0 || slice > elements.dimensions()) {
        throw new SqlException(
            SqlState.ARRAY_SUBSCRIPT_ERROR, "slice dimension (" + slice + ") is out of the valid range 0.." + elements.dimensions());
      }
      boolean targetIsArray = targets.size() == 1 && targets.getFirst().steps().isEmpty() && targets.getFirst().variable().type.ultimateBase().isArray();
      if (slice > 0 && !targetIsArray) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "FOREACH ... SLICE loop variable must be of an array type");
      }
      if (slice == 0 && targetIsArray) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "FOREACH loop variable must not be of an array type");
      }
      PgType element = frame.host.catalog().byOid(type.elementOid());
      int width = 1;
      for (int d = elements.dimensions() - slice; d < elements.dimensions(); d++) {
        width *= elements.length(d);
      }
      boolean found = false;
      Flow result = Flow.NEXT;
      for (int at = 0; at < elements.size(); at += width) {
        found = true;
        if (slice == 0) {
          assignElement(frame, elements.element(at), element);
        } else {
          PlTargets.assign(frame, targets.getFirst(), part(elements, at, width), type, -1);
        }
        Step step = step(frame);
        if (step != Step.GO_ON) {
          result = step.flow;
          break;
        }
      }
      frame.setFound(found);
      return result;
    }

    private void assignElement(PlFrame frame, @Nullable Object value, PgType type) {
      if (targets.size() == 1) {
        PlTargets.assign(frame, targets.getFirst(), value, type, -1);
        return;
      }
      io.heliosdb.nano.type.PgRecord record = (io.heliosdb.nano.type.PgRecord) value;
      RowShape shape = record == null ? new RowShape(List.of(), List.of(), List.of()) : RowShape.ofRecord(record, frame.host);
      PlTargets.assignColumns(frame, targets, record == null ? null : record.fields(), List.of(), shape);
    }

    private PgArray part(PgArray all, int from, int width) {
      Object[] elements = java.util.Arrays.copyOfRange(all.elements(), from, from + width);
      int[] lengths = new int[slice];
      int[] bounds = new int[slice];
      for (int d = 0; d < slice; d++) {
        lengths[d] = all.length(all.dimensions() - slice + d);
        bounds[d] = all.lowerBound(all.dimensions() - slice + d);
      }
      return PgArray.of(all.elementType(), lengths, bounds, elements);
    }
  }

  static final class Exit extends PlNode {
    private final boolean again;
    private final @Nullable String label;
    private final @Nullable PlCode when;

    Exit(boolean again, @Nullable String label, @Nullable PlCode when, int line) {
      super(line, again ? "CONTINUE" : "EXIT");
      this.again = again;
      this.label = label;
      this.when = when;
    }

    @Override
    Flow run(PlFrame frame) {
      if (when != null && !when.test(frame)) {
        return Flow.NEXT;
      }
      frame.exitLabel = label;
      return again ? Flow.CONTINUE : Flow.EXIT;
    }
  }

  static final class Nothing extends PlNode {
    Nothing(int line) {
      super(line, "NULL");
    }

    @Override
    Flow run(PlFrame frame) {
      return Flow.NEXT;
    }
  }
}
