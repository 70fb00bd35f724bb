package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.plpgsql.PlStatement;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OPEN, FETCH, MOVE, CLOSE and loops over cursors. A cursor variable holds the name of a cursor of the session.
final class PlCursors {
  private PlCursors() {}

  /// A value for a cursor's argument.
  record Argument(PlVariable variable, PlCode value) {}

  private static String newName(PlFrame frame, PlVariable variable) {
    Object value = frame.slots[variable.slot];
    if (value != null) {
      if (frame.host.cursorExists((String) value)) {
        throw new SqlException(SqlState.DUPLICATE_CURSOR, "cursor \"" + value + "\" already in use");
      }
      return (String) value;
    }
    return frame.interpreter.unnamedCursor();
  }

  private static void open(PlFrame frame, PlVariable variable, PlCode query, @Nullable Boolean scroll) {
    String name = newName(frame, variable);
    PlHost.Plan plan = query.plan(frame);
    if (!plan.returnsRows()) {
      throw new SqlException(SqlState.INVALID_CURSOR_DEFINITION, "cannot open " + plan.kind() + " query as cursor");
    }
    try {
      frame.host.openCursor(name, query.text, scroll, plan, frame.slots.clone());
    } catch (SqlException e) {
      throw query.inside(e, false);
    }
    frame.slots[variable.slot] = name;
  }

  private static void setArguments(PlFrame frame, List<Argument> arguments) {
    for (Argument argument : arguments) {
      PlCode value = argument.value();
      PlTargets.assign(frame, argument.variable(), value.eval(frame), value.type(frame), value.typmod(frame));
    }
  }

  static PlHost.Cursor cursor(PlFrame frame, PlVariable variable) {
    Object name = frame.slots[variable.slot];
    if (name == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "cursor variable \"" + variable.name + "\" is null");
    }
    return frame.host.cursor((String) name);
  }

  static final class OpenBound extends PlNode {
    private final PlVariable variable;
    private final List<Argument> arguments;

    OpenBound(PlVariable variable, List<Argument> arguments, int line) {
      super(line, "OPEN");
      this.variable = variable;
      this.arguments = arguments;
    }

    @Override
    Flow run(PlFrame frame) {
      setArguments(frame, arguments);
      open(frame, variable, java.util.Objects.requireNonNull(variable.cursorQuery), java.util.Objects.requireNonNull(variable.cursor).scroll());
      return Flow.NEXT;
    }
  }

  static final class OpenQuery extends PlNode {
    private final PlVariable variable;
    private final @Nullable Boolean scroll;
    private final PlCode query;

    OpenQuery(PlVariable variable, @Nullable Boolean scroll, PlCode query, int line) {
      super(line, "OPEN");
      this.variable = variable;
      this.scroll = scroll;
      this.query = query;
    }

    @Override
    Flow run(PlFrame frame) {
      open(frame, variable, query, scroll);
      return Flow.NEXT;
    }
  }

  static final class OpenExecute extends PlNode {
    private final PlVariable variable;
    private final @Nullable Boolean scroll;
    private final PlQueries.Command command;

    OpenExecute(PlVariable variable, @Nullable Boolean scroll, PlQueries.Command command, int line) {
      super(line, "OPEN");
      this.variable = variable;
      this.scroll = scroll;
      this.command = command;
    }

    @Override
    Flow run(PlFrame frame) {
      String name = newName(frame, variable);
      String text = command.evaluate(frame);
      @Nullable Object[] values = command.values(frame);
      PlHost.Plan plan = PlQueries.plan(frame, text, PlQueries.single(frame, text), command.types(frame), values);
      frame.host.openCursor(name, text, scroll, plan, values);
      frame.slots[variable.slot] = name;
      return Flow.NEXT;
    }
  }

  static final class Fetch extends PlNode {
    private final PlStatement.Fetch statement;
    private final PlVariable variable;
    private final @Nullable PlCode count;
    private final List<PlTargets.Target> into;

    Fetch(PlStatement.Fetch statement, PlVariable variable, @Nullable PlCode count, List<PlTargets.Target> into) {
      super(statement.line(), statement.move() ? "MOVE" : "FETCH");
      this.statement = statement;
      this.variable = variable;
      this.count = count;
      this.into = into;
    }

    @Override
    Flow run(PlFrame frame) {
      PlHost.Cursor cursor = cursor(frame, variable);
      long number = 1;
      if (count != null) {
        Object value = count.eval(frame);
        if (value == null) {
          throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "relative or absolute cursor position is null");
        }
        number = (Integer) value;
      }
      if (!statement.move()) {
        @Nullable Object[] row = one(cursor, number);
        PlTargets.assignColumns(frame, into, row, cursor.columns(), RowShape.of(cursor.columns()));
        frame.rowCount = row == null ? 0 : 1;
      } else {
        frame.rowCount = move(cursor, number);
      }
      frame.setFound(frame.rowCount > 0);
      return Flow.NEXT;
    }

    private @Nullable Object @Nullable [] one(PlHost.Cursor cursor, long number) {
      return switch (statement.direction()) {
        case NEXT, FORWARD -> count == null || number == 1 ? cursor.forward() : number == 0 ? cursor.relative(0) : cursor.relative(number);
        case PRIOR, BACKWARD -> count == null || number == 1 ? cursor.backward() : cursor.relative(-number);
        case FIRST -> cursor.absolute(1);
        case LAST -> cursor.absolute(-1);
        case ABSOLUTE -> cursor.absolute(number);
        case RELATIVE -> cursor.relative(number);
      };
    }

    private long move(PlHost.Cursor cursor, long number) {
      boolean forward = statement.direction() == PlStatement.FetchDirection.FORWARD || statement.direction() == PlStatement.FetchDirection.NEXT;
      boolean backward = statement.direction() == PlStatement.FetchDirection.BACKWARD || statement.direction() == PlStatement.FetchDirection.PRIOR;
      if (!forward && !backward) {
        return one(cursor, number) == null ? 0 : 1;
      }
      boolean ahead = forward == number >= 0;
      long wanted = statement.all() ? Long.MAX_VALUE : Math.abs(number);
      if (wanted == 0) {
        return cursor.relative(0) == null ? 0 : 1;
      }
      long moved = 0;
      while (moved < wanted && (ahead ? cursor.forward() : cursor.backward()) != null) {
        moved++;
      }
      return moved;
    }
  }

  static final class Close extends PlNode {
    private final PlVariable variable;

    Close(PlVariable variable, int line) {
      super(line, "CLOSE");
      this.variable = variable;
    }

    @Override
    Flow run(PlFrame frame) {
      cursor(frame, variable);
      frame.host.closeCursor((String) frame.slots[variable.slot]);
      return Flow.NEXT;
    }
  }

  static final class ForCursor extends PlNode.Loop {
    private final PlVariable cursorVariable;
    private final List<Argument> arguments;
    private final PlTargets.Target target;

    ForCursor(@Nullable String label, PlVariable cursorVariable, List<Argument> arguments, PlTargets.Target target, PlNode[] body, int line) {
      super(label, body, line, "FOR over cursor");
      this.cursorVariable = cursorVariable;
      this.arguments = arguments;
      this.target = target;
    }

    @Override
    Flow run(PlFrame frame) {
      boolean unnamed = frame.slots[cursorVariable.slot] == null;
      setArguments(frame, arguments);
      open(
          frame, cursorVariable, java.util.Objects.requireNonNull(cursorVariable.cursorQuery),
          java.util.Objects.requireNonNull(cursorVariable.cursor).scroll());
      String name = (String) frame.slots[cursorVariable.slot];
      try {
        PlHost.Cursor cursor = frame.host.cursor(name);
        return PlQueries.loop(this, frame, List.of(target), cursor.columns(), RowShape.of(cursor.columns()), cursor::forward);
      } finally {
        if (frame.host.cursorExists(name)) {
          frame.host.closeCursor(name);
        }
        if (unnamed) {
          frame.slots[cursorVariable.slot] = null;
        }
      }
    }
  }

  /// The type of cursor variables.
  static final io.heliosdb.nano.type.PgType TYPE = PgTypes.REFCURSOR;
}
