package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TransactionStatement.PrepareTransaction;
import io.heliosdb.nano.parse.ast.TypeName;
import io.heliosdb.nano.parse.ast.UtilityStatement.*;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Prepared statements and cursors.
final class CursorParser {
  private CursorParser() {}

  static Statement parse(Tokens t) {
    return switch (t.kind) {
      case PREPARE -> parsePrepare(t);
      case EXECUTE -> parseExecute(t);
      case DEALLOCATE -> {
        t.advance();
        if (t.is(PREPARE) && (t.peek(1) == ALL || isColumnIdentifier(t.peek(1)))) {
          t.advance();
        }
        yield new Deallocate(t.accept(ALL) ? null : t.columnIdentifier());
      }
      case DECLARE -> parseDeclare(t);
      case FETCH -> parseFetch(t, false);
      case MOVE -> parseFetch(t, true);
      case CLOSE -> {
        t.advance();
        yield new CloseCursor(t.accept(ALL) ? null : t.columnIdentifier());
      }
      default -> throw t.syntaxError();
    };
  }

  static Statement parsePrepareTransaction(Tokens t) {
    t.expect(PREPARE);
    t.expect(TRANSACTION);
    return new PrepareTransaction(t.stringConstant());
  }

  private static Prepare parsePrepare(Tokens t) {
    t.expect(PREPARE);
    String name = t.columnIdentifier();
    List<TypeName> types = List.of();
    if (t.accept('(')) {
      List<TypeName> list = new ArrayList<>();
      do {
        list.add(TypeParser.parse(t));
      } while (t.accept(','));
      t.expect(')');
      types = List.copyOf(list);
    }
    t.expect(AS);
    int start = t.start();
    Preparable statement = StatementParser.parsePreparable(t);
    return new Prepare(name, types, statement, t.text.substring(start, t.previousEnd()));
  }

  static Execute parseExecute(Tokens t) {
    int position = t.position();
    t.expect(EXECUTE);
    String name = t.columnIdentifier();
    List<Expression> parameters = List.of();
    if (t.accept('(')) {
      parameters = ExpressionParser.parseList(t);
      t.expect(')');
    }
    return new Execute(name, parameters, position);
  }

  private static DeclareCursor parseDeclare(Tokens t) {
    t.expect(DECLARE);
    String name = t.columnIdentifier();
    boolean binary = false;
    Boolean insensitive = null;
    Boolean scroll = null;
    while (!t.is(CURSOR)) {
      if (t.accept(NO)) {
        t.expect(SCROLL);
        scroll = checkSame(scroll, false, "SCROLL and NO SCROLL");
      } else if (t.accept(SCROLL)) {
        scroll = checkSame(scroll, true, "SCROLL and NO SCROLL");
      } else if (t.accept(BINARY)) {
        binary = true;
      } else if (t.accept(INSENSITIVE)) {
        insensitive = checkSame(insensitive, true, "ASENSITIVE and INSENSITIVE");
      } else if (t.accept(ASENSITIVE)) {
        insensitive = checkSame(insensitive, false, "ASENSITIVE and INSENSITIVE");
      } else {
        throw t.syntaxError();
      }
    }
    t.expect(CURSOR);
    boolean hold = false;
    if (t.accept(WITH)) {
      t.expect(HOLD);
      hold = true;
    } else if (t.accept(WITHOUT)) {
      t.expect(HOLD);
    }
    t.expect(FOR);
    int start = t.start();
    SelectStatement query = SelectParser.parse(t);
    return new DeclareCursor(name, binary, insensitive, scroll, hold, query, t.text);
  }

  private static boolean checkSame(@Nullable Boolean before, boolean now, String words) {
    if (before != null && before != now) {
      throw new SqlException(SqlState.INVALID_CURSOR_DEFINITION, "cannot specify both " + words);
    }
    return now;
  }

  /// FETCH or MOVE with fetch_args.
  private static FetchCursor parseFetch(Tokens t, boolean move) {
    t.advance();
    FetchDirection direction = FetchDirection.FORWARD;
    long count = 1;
    // A direction word that is followed by the end is the cursor's name.
    boolean named = isColumnIdentifier(t.kind) && (t.peek(1) == EOF || t.peek(1) == ';');
    switch (named ? EOF : t.kind) {
      case NEXT -> t.advance();
      case PRIOR -> {
        t.advance();
        direction = FetchDirection.BACKWARD;
      }
      case FIRST -> {
        t.advance();
        direction = FetchDirection.ABSOLUTE;
      }
      case LAST -> {
        t.advance();
        direction = FetchDirection.ABSOLUTE;
        count = -1;
      }
      case ABSOLUTE, RELATIVE -> {
        direction = t.is(ABSOLUTE) ? FetchDirection.ABSOLUTE : FetchDirection.RELATIVE;
        t.advance();
        count = NameParser.parseSignedInteger(t);
      }
      case FORWARD, BACKWARD -> {
        direction = t.is(FORWARD) ? FetchDirection.FORWARD : FetchDirection.BACKWARD;
        t.advance();
        if (t.accept(ALL)) {
          count = FetchCursor.ALL;
        } else if (t.is(ICONST) || t.is('+') || t.is('-')) {
          count = NameParser.parseSignedInteger(t);
        }
      }
      case ALL -> {
        t.advance();
        count = FetchCursor.ALL;
      }
      case ICONST, '+', '-' -> count = NameParser.parseSignedInteger(t);
      default -> {}
    }
    if (!named && (t.is(FROM) || t.is(IN))) {
      t.advance();
    }
    return new FetchCursor(t.columnIdentifier(), move, direction, count);
  }
}
