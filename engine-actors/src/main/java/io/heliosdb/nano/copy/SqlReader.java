package io.heliosdb.nano.copy;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.SelectStatement;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the rows of INSERT statements with plain literals: numbers, strings, booleans, NULL, and literals with their type in front. Nothing of
/// the text is run, and the table that a statement names does not matter: rows go where the COPY says. Everything else is refused with 0A000.
///
/// Keeps one statement; bound: 64 MB each (54000). Errors carry the line where the statement begins.
final class SqlReader implements RowReader {
  private static final int STATEMENT_BYTES_MAX = 64 << 20;

  private enum State { PLAIN, STRING, ESCAPE_STRING, IDENTIFIER, LINE_COMMENT, BLOCK_COMMENT }

  private final RowBuilder rows;
  private byte[] statement = new byte[1024];
  private int length;
  private State state = State.PLAIN;
  private int commentDepth;
  private byte previous;
  private boolean escaped;
  private long line = 1;
  private long statementLine = 1;
  private boolean cutOff;

  SqlReader(RowBuilder rows) {
    this.rows = rows;
  }

  @Override
  public void feed(byte[] bytes, int offset, int count) {
    for (int i = offset; i < offset + count && !cutOff; i++) {
      take(bytes[i]);
    }
  }

  private void take(byte b) {
    if (b == '\n') {
      line++;
    }
    if (length == 0) {
      if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
        return;
      }
      statementLine = line;
    }
    append(b);
    switch (state) {
      case PLAIN -> plain(b);
      case STRING -> {
        if (b == '\'') {
          state = State.PLAIN;
        }
      }
      case ESCAPE_STRING -> {
        if (escaped) {
          escaped = false;
        } else if (b == '\\') {
          escaped = true;
        } else if (b == '\'') {
          state = State.PLAIN;
        }
      }
      case IDENTIFIER -> {
        if (b == '"') {
          state = State.PLAIN;
        }
      }
      case LINE_COMMENT -> {
        if (b == '\n') {
          state = State.PLAIN;
          b = ' ';
        }
      }
      case BLOCK_COMMENT -> {
        if (previous == '/' && b == '*') {
          commentDepth++;
          b = 0;
        } else if (previous == '*' && b == '/') {
          b = 0;
          if (--commentDepth == 0) {
            state = State.PLAIN;
          }
        }
      }
    }
    previous = b;
  }

  private void plain(byte b) {
    switch (b) {
      case '\'' -> state = previous == 'e' || previous == 'E' ? State.ESCAPE_STRING : State.STRING;
      case '"' -> state = State.IDENTIFIER;
      case '-' -> {
        if (previous == '-') {
          state = State.LINE_COMMENT;
        }
      }
      case '*' -> {
        if (previous == '/') {
          state = State.BLOCK_COMMENT;
          commentDepth = 1;
        }
      }
      case ';' -> statement();
      case '$' -> throw refused();
      case '.' -> {
        // psql ends data that stands in a script with a line of its own, `\.`, and sends it too.
        if (length == 2 && statement[0] == '\\') {
          cutOff = true;
          length = 0;
        }
      }
      default -> { }
    }
  }

  private void append(byte b) {
    if (length == statement.length) {
      if (length >= STATEMENT_BYTES_MAX) {
        rows.atLine(statementLine);
        throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "an SQL statement is longer than " + STATEMENT_BYTES_MAX + " bytes");
      }
      statement = Arrays.copyOf(statement, Math.min(STATEMENT_BYTES_MAX, length * 2));
    }
    statement[length++] = b;
  }

  private void statement() {
    rows.atLine(statementLine);
    String text = Encodings.utf8(statement, 0, length);
    length = 0;
    List<ParsedStatement> parsed;
    try {
      parsed = Parser.parse(text);
    } catch (SqlException e) {
      // A position would be taken for one in the COPY statement.
      throw new SqlException(e.state(), e.getMessage());
    }
    for (ParsedStatement one : parsed) {
      if (!(one.statement() instanceof DmlStatement.Insert insert)) {
        throw refused();
      }
      insert(insert);
    }
  }

  private void insert(DmlStatement.Insert insert) {
    SelectStatement query = insert.query();
    boolean plain = insert.with() == null && insert.onConflict() == null && insert.returning().isEmpty() && insert.overriding() == DmlStatement.Overriding.NONE
        && query != null && query.with() == null && query.orderBy().isEmpty() && query.limit() == null && query.locking().isEmpty();
    if (!plain || !(query.body() instanceof SelectStatement.ValuesRows values)) {
      throw refused();
    }
    int[] columns = columns(insert);
    for (List<Expression> row : values.rows()) {
      row(columns, row);
    }
  }

  private int[] columns(DmlStatement.Insert insert) {
    int count = insert.targets().isEmpty() ? rows.columnCount() : insert.targets().size();
    int[] columns = new int[count];
    for (int i = 0; i < count; i++) {
      columns[i] = i;
      if (!insert.targets().isEmpty()) {
        DmlStatement.AssignmentTarget target = insert.targets().get(i);
        if (!target.steps().isEmpty()) {
          throw refused();
        }
        columns[i] = rows.shape().indexOf(target.column());
        if (columns[i] < 0) {
          throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "extra data after last expected column")
              .withDetail("Column \"" + target.column() + "\" is no column of the COPY.");
        }
      }
    }
    return columns;
  }

  private void row(int[] columns, List<Expression> values) {
    rows.begin(statementLine, null);
    if (values.size() > columns.length) {
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "extra data after last expected column");
    }
    if (values.size() < columns.length) {
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "missing data for column \"" + rows.column(columns[values.size()]).name() + "\"");
    }
    boolean[] given = new boolean[rows.columnCount()];
    for (int i = 0; i < columns.length; i++) {
      given[columns[i]] = true;
      rows.text(columns[i], literal(values.get(i)));
    }
    for (int i = 0; i < given.length; i++) {
      if (!given[i]) {
        rows.text(i, null);
      }
    }
    rows.end();
  }

  private static @Nullable String literal(Expression value) {
    return switch (value) {
      case Expression.NullLiteral n -> null;
      case Expression.IntegerLiteral n -> Integer.toString(n.value());
      case Expression.DecimalLiteral n -> n.text();
      case Expression.StringLiteral s -> s.value();
      case Expression.BooleanLiteral b -> b.value() ? "true" : "false";
      case Expression.TypedLiteral t -> t.value();
      case Expression.OperatorCall minus when minus.left() == null && minus.operator().toString().equals("-") && isNumber(minus.right()) -> "-" + literal(minus.right());
      default -> throw refused();
    };
  }

  private static boolean isNumber(Expression value) {
    return value instanceof Expression.IntegerLiteral || value instanceof Expression.DecimalLiteral;
  }

  private static SqlException refused() {
    return SqlException.notSupported("COPY FROM in SQL format of anything but INSERT statements with plain literals");
  }

  @Override
  public void finish() {
    if (state == State.LINE_COMMENT) {
      state = State.PLAIN;
    }
    if (length > 0) {
      if (state != State.PLAIN) {
        rows.atLine(statementLine);
        throw new SqlException(SqlState.SYNTAX_ERROR, "syntax error at end of input");
      }
      // The last statement may go without its semicolon; what is a comment alone parses to nothing.
      statement();
    }
  }
}
