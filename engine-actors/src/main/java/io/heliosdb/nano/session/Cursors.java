package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The SQL cursors of a session: DECLARE, FETCH, MOVE, CLOSE. A cursor ends with its transaction unless WITH HOLD; rolling back to a
/// savepoint drops the cursors made after it. A portal of the protocol becomes a cursor when it is fetched from ([ExtendedProtocol]).
final class Cursors {
  private final SessionCore session;
  private final Map<String, SqlCursor> open = new LinkedHashMap<>();

  Cursors(SessionCore session) {
    this.session = session;
  }

  Collection<SqlCursor> all() {
    return open.values();
  }

  /// Whether an open cursor or portal still reads a table.
  boolean reads(int tableOid) {
    return open.values().stream().anyMatch(cursor -> reads(cursor.running(), tableOid))
        || session.extended().portals().stream().anyMatch(portal -> reads(portal.running(), tableOid));
  }

  private static boolean reads(QueryExecutor.@Nullable Running running, int tableOid) {
    return running != null && running.plan.analyzed.dependencies().stream().anyMatch(dependency -> dependency.relation() == tableOid);
  }

  void declare(UtilityStatement.DeclareCursor statement) {
    if (statement.query().body() instanceof io.heliosdb.nano.parse.ast.SelectStatement.SelectCore core && core.into() != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "SELECT ... INTO is not allowed here").at(core.into().table().position());
    }
    CachedPlan plan = session.queries().plan(statement.query(), List.of());
    if (plan.analyzed.hasDataModifyingCte()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "DECLARE CURSOR must not contain data-modifying statements in WITH");
    }
    checkReadOnly(statement, plan);
    if (!statement.hold() && !session.transactions().inBlock() && !session.transactions().inImplicitBlock()) {
      throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "DECLARE CURSOR can only be used in transaction blocks");
    }
    if (exists(statement.name())) {
      throw new SqlException(SqlState.DUPLICATE_CURSOR, "cursor \"" + statement.name() + "\" already exists");
    }
    Boolean scroll = statement.scroll() == null && plan.analyzed.locksRows() ? Boolean.FALSE : statement.scroll();
    QueryExecutor.Running running = session.queries().start(plan, new Object[0], () -> session.queries().plan(statement.query(), List.of()));
    running.pause();
    add(new SqlCursor(session, statement.name(), statement.text(), scroll, statement.hold(), statement.binary(), running));
    session.sink().commandComplete("DECLARE CURSOR");
  }

  /// A cursor that outlives its transaction, moves back or does not see changes cannot lock rows.
  private static void checkReadOnly(UtilityStatement.DeclareCursor statement, CachedPlan plan) {
    if (!plan.analyzed.locksRows()) {
      return;
    }
    if (statement.hold()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "DECLARE CURSOR WITH HOLD ... FOR UPDATE is not supported")
          .withDetail("Holdable cursors must be READ ONLY.");
    }
    if (Boolean.TRUE.equals(statement.scroll())) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "DECLARE SCROLL CURSOR ... FOR UPDATE is not supported")
          .withDetail("Scrollable cursors must be READ ONLY.");
    }
    if (Boolean.TRUE.equals(statement.insensitive())) {
      throw new SqlException(SqlState.INVALID_CURSOR_DEFINITION, "DECLARE INSENSITIVE CURSOR ... FOR UPDATE is not valid")
          .withDetail("Insensitive cursors must be READ ONLY.");
    }
  }

  void add(SqlCursor cursor) {
    open.put(cursor.name, cursor);
  }

  boolean isOpen(String name) {
    return open.containsKey(name);
  }

  /// Whether the name is taken, by a cursor or by a portal.
  boolean exists(String name) {
    return open.containsKey(name) || session.extended().hasPortal(name);
  }

  @Nullable SqlCursor find(String name) {
    return open.get(name);
  }

  SqlCursor get(String name) {
    SqlCursor cursor = open.get(name);
    if (cursor == null) {
      cursor = session.extended().takeAsCursor(name);
      if (cursor == null) {
        throw new SqlException(SqlState.INVALID_CURSOR_NAME, "cursor \"" + name + "\" does not exist");
      }
      add(cursor);
    }
    return cursor;
  }

  /// Execute of the protocol on a cursor: rows from where it stands.
  void execute(SqlCursor cursor, long rowsMax, ResultSink sink) {
    Results results = new Results(sink).columns(cursor.columns()).undescribed();
    long moved = run(cursor, true, rowsMax, results);
    results.flush();
    if (moved == rowsMax) {
      sink.portalSuspended();
    } else {
      sink.commandComplete("SELECT " + moved);
    }
  }

  void fetch(UtilityStatement.FetchCursor statement) {
    SqlCursor cursor = get(statement.cursor());
    Results results = statement.move() ? null : new Results(session.sink()).columns(cursor.columns());
    long moved = move(cursor, statement.direction(), statement.count(), results);
    String tag = (statement.move() ? "MOVE " : "FETCH ") + moved;
    if (results == null) {
      session.sink().commandComplete(tag);
    } else {
      results.end(tag);
    }
  }

  private static long move(SqlCursor cursor, UtilityStatement.FetchDirection direction, long count, @Nullable Results results) {
    return switch (direction) {
      case FORWARD -> count >= 0 ? run(cursor, true, count, results) : run(cursor, false, -count, results);
      case BACKWARD -> count >= 0 ? run(cursor, false, count, results) : run(cursor, true, -count, results);
      case ABSOLUTE -> emit(cursor.absolute(count), results);
      case RELATIVE -> {
        if (count == 0) {
          yield emit(cursor.currentRow(), results);
        }
        long target = cursor.position() + count;
        yield emit(cursor.absolute(Math.max(0, target)), results);
      }
    };
  }

  private static long run(SqlCursor cursor, boolean forward, long count, @Nullable Results results) {
    if (count == 0) {
      return emit(cursor.currentRow(), results);
    }
    if (!forward) {
      cursor.requireBackward();
    }
    long moved = 0;
    while (moved < count) {
      @Nullable Object[] row = forward ? cursor.forward() : cursor.backward();
      if (row == null) {
        break;
      }
      moved++;
      if (results != null) {
        results.row(row);
      }
    }
    return moved;
  }

  private static long emit(@Nullable Object @Nullable [] row, @Nullable Results results) {
    if (row == null) {
      return 0;
    }
    if (results != null) {
      results.row(row);
    }
    return 1;
  }

  void close(@Nullable String name) {
    if (name == null) {
      closeAll();
      session.extended().closePortals();
      session.sink().commandComplete("CLOSE CURSOR ALL");
      return;
    }
    get(name).close();
    open.remove(name);
    session.sink().commandComplete("CLOSE CURSOR");
  }

  void closeQuietly(String name) {
    SqlCursor cursor = open.remove(name);
    if (cursor != null) {
      cursor.close();
    }
  }

  void closeAll() {
    open.values().forEach(SqlCursor::close);
    open.clear();
  }

  void transactionEnding(boolean committing) {
    if (open.isEmpty()) {
      return;
    }
    open.values()
        .removeIf(
            cursor -> {
              if (cursor.hold && (committing || cursor.running() == null)) {
                cursor.materialize();
                return false;
              }
              cursor.close();
              return true;
            });
  }

  /// A savepoint was released: what was made after it belongs to the level below.
  void released(int depth) {
    open.values().forEach(cursor -> cursor.released(depth));
  }

  /// The transaction was rolled back to the savepoint at this depth: the cursors made since are gone.
  void rolledBackTo(int depth) {
    open.values().removeIf(
        cursor -> {
          boolean gone = cursor.depth() >= depth;
          if (gone) {
            cursor.close();
          }
          return gone;
        });
  }
}
