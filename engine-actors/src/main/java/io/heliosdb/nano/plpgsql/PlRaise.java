package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.plpgsql.PlStatement;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// RAISE and ASSERT.
final class PlRaise {
  private PlRaise() {}

  record Option(PlStatement.RaiseOptionKind kind, PlCode value) {}

  static final class Raise extends PlNode {
    private final PlStatement.Raise statement;
    private final List<PlCode> parameters;
    private final List<Option> options;

    Raise(PlStatement.Raise statement, List<PlCode> parameters, List<Option> options) {
      super(statement.line(), "RAISE");
      this.statement = statement;
      this.parameters = parameters;
      this.options = options;
    }

    @Override
    Flow run(PlFrame frame) {
      if (statement.rethrow()) {
        if (frame.handling.isEmpty()) {
          throw new SqlException(
              SqlState.STACKED_DIAGNOSTICS_ACCESSED_WITHOUT_ACTIVE_HANDLER, "RAISE without parameters cannot be used outside an exception handler");
        }
        frame.rethrown = frame.handling.getLast();
        throw frame.rethrown;
      }
      String message = statement.format() == null ? null : format(frame, statement.format());
      SqlState state = null;
      if (statement.condition() != null) {
        state = PlErrors.state(statement.condition());
        message = statement.condition();
      } else if (statement.sqlState() != null) {
        state = SqlState.of(statement.sqlState());
        message = statement.sqlState();
      }
      return finish(frame, message, state);
    }

    private Flow finish(PlFrame frame, @Nullable String given, @Nullable SqlState givenState) {
      String message = given;
      SqlState state = givenState;
      String detail = null;
      String hint = null;
      String column = null;
      String constraint = null;
      String dataType = null;
      String table = null;
      String schema = null;
      boolean messageGiven = statement.format() != null;
      for (Option option : options) {
        Object value = option.value().eval(frame);
        if (value == null) {
          throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "RAISE statement option cannot be null");
        }
        String text = TypeIo.toText(option.value().type(frame), value, frame.host.io());
        switch (option.kind()) {
          case ERRCODE -> {
            if (state != null) {
              throw twice("ERRCODE");
            }
            state = code(text);
          }
          case MESSAGE -> {
            if (messageGiven) {
              throw twice("MESSAGE");
            }
            messageGiven = true;
            message = text;
          }
          case DETAIL -> {
            if (detail != null) {
              throw twice("DETAIL");
            }
            detail = text;
          }
          case HINT -> {
            if (hint != null) {
              throw twice("HINT");
            }
            hint = text;
          }
          case COLUMN -> column = text;
          case CONSTRAINT -> constraint = text;
          case DATATYPE -> dataType = text;
          case TABLE -> table = text;
          case SCHEMA -> schema = text;
        }
      }
      if (message == null) {
        message = state == null ? "unlabeled error" : state.code();
      }
      PlStatement.Level level = statement.level();
      if (level != PlStatement.Level.EXCEPTION) {
        SqlState shown =
            state != null ? state : level == PlStatement.Level.WARNING ? SqlState.WARNING : SqlState.SUCCESSFUL_COMPLETION;
        frame.host.notice(level.name(), shown, message, detail, hint);
        return Flow.NEXT;
      }
      SqlException error =
          new SqlException(state == null ? SqlState.RAISE_EXCEPTION : state, message).withDetail(detail).withHint(hint);
      if (column != null || constraint != null || dataType != null || table != null || schema != null) {
        error = error.about(new SqlException.ErrorObject(schema, table, column, dataType, constraint));
      }
      throw error;
    }

    private static SqlState code(String text) {
      if (text.matches("[0-9A-Z]{5}")) {
        return SqlState.of(text);
      }
      SqlState state = SqlState.ofCondition(text);
      if (state == null) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "unrecognized exception condition \"" + text + "\"");
      }
      return state;
    }

    private static SqlException twice(String option) {
      return new SqlException(SqlState.SYNTAX_ERROR, "RAISE option already specified: " + option);
    }

    private String format(PlFrame frame, String format) {
      StringBuilder out = new StringBuilder(format.length() + 16);
      int next = 0;
      for (int i = 0; i < format.length(); i++) {
        char c = format.charAt(i);
        if (c != '%') {
          out.append(c);
        } else if (i + 1 < format.length() && format.charAt(i + 1) == '%') {
          out.append('%');
          i++;
        } else {
          PlCode code = parameters.get(next++);
          Object value = code.eval(frame);
          out.append(value == null ? "<NULL>" : TypeIo.toText(code.type(frame), value, frame.host.io()));
        }
      }
      return out.toString();
    }
  }

  static final class Assert extends PlNode {
    private final PlCode condition;
    private final @Nullable PlCode message;

    Assert(PlCode condition, @Nullable PlCode message, int line) {
      super(line, "ASSERT");
      this.condition = condition;
      this.message = message;
    }

    @Override
    Flow run(PlFrame frame) {
      if ("off".equals(frame.host.setting("plpgsql.check_asserts")) || condition.test(frame)) {
        return Flow.NEXT;
      }
      String text = null;
      if (message != null) {
        Object value = message.eval(frame);
        text = value == null ? null : TypeIo.toText(message.type(frame), value, frame.host.io());
      }
      throw new SqlException(SqlState.ASSERT_FAILURE, text == null ? "assertion failed" : text);
    }
  }
}
