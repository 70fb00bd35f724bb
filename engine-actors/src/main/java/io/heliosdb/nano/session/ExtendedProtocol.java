package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.TransactionStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Prepared statements and portals of one session: Parse, Bind, Describe, Execute, Close, Sync, and what PREPARE makes.
///
/// Invariants: portals and SQL cursors share one set of names; a portal that FETCH moves becomes a cursor ([Cursors]) and Execute goes on
/// with it there. A portal ends with its transaction, with a rollback to a savepoint set before it, and outside a block with Sync.
/// Confined to the session's actor. Source: PostgreSQL 15 manual, "Message Flow", "Extended Query".
final class ExtendedProtocol {
  private final SessionCore session;
  private final PreparedStatements statements;
  private final Map<String, Portal> portals = new HashMap<>();

  /// The portals that the failure of the present block has ended; they are still known by name.
  private Set<String> failedPortals = Set.of();

  ExtendedProtocol(SessionCore session) {
    this.session = session;
    statements = new PreparedStatements(session.memory());
  }

  // ---- statements ----

  Map<String, PreparedStatement> statements() {
    return statements;
  }

  void parse(String name, String text, int[] typeOids) {
    session.guarded(
        () -> {
          if (name.isEmpty()) {
            statements.remove("");
          } else if (statements.containsKey(name)) {
            throw new SqlException(SqlState.DUPLICATE_PSTATEMENT, "prepared statement \"" + name + "\" already exists");
          }
          statements.put(name, prepare(name, text, typeOids));
        });
  }

  private PreparedStatement prepare(String name, String text, int[] typeOids) {
    long bytes = SessionCore.parseBytes(text);
    session.accountMemory(bytes);
    try {
      return prepareParsed(name, text, typeOids);
    } finally {
      session.accountMemory(-bytes);
    }
  }

  private PreparedStatement prepareParsed(String name, String text, int[] typeOids) {
    PreparedStatement known = typeOids.length == 0 ? session.queries().prepareLifted(name, text) : null;
    if (known != null) {
      return known;
    }
    ParsedStatement statement = session.queries().parseOne(text);
    if (statement == null) {
      return new PreparedStatement(name, text, null, List.of(), false, session.engine().clockMicros());
    }
    if (session.transactions().status() == TransactionStatus.FAILED && !isExit(statement)) {
      session.transactions().ensure();
    }
    List<@Nullable PgType> given = new ArrayList<>();
    for (int oid : typeOids) {
      given.add(oid == 0 || oid == 705 ? null : session.catalog().byOid(oid));
    }
    return session.queries().prepare(name, text, statement, given, false);
  }

  private static boolean isExit(ParsedStatement statement) {
    return statement.statement() instanceof TransactionStatement.Rollback
        || statement.statement() instanceof TransactionStatement.Commit
        || statement.statement() instanceof TransactionStatement.RollbackToSavepoint;
  }

  PreparedStatement statement(String name) {
    PreparedStatement statement = statements.get(name);
    if (statement == null) {
      throw new SqlException(
          SqlState.INVALID_SQL_STATEMENT_NAME, name.isEmpty() ? "unnamed prepared statement does not exist" : "prepared statement \"" + name + "\" does not exist");
    }
    return statement;
  }

  StatementDescription describeStatement(String name) {
    PreparedStatement statement = statement(name);
    return new StatementDescription(statement.parameterTypes, session.queries().describe(statement));
  }

  void closeStatement(String name) {
    statements.remove(name);
  }

  // ---- portals ----

  void checkUsableForBind(String name) {
    PreparedStatement statement = statement(name);
    if (session.transactions().status() == TransactionStatus.FAILED && (statement.parsed() == null || !isExit(statement.parsed()))) {
      session.transactions().ensure();
    }
  }

  void bind(String portalName, String statementName, @Nullable Object[] values) {
    bind(portalName, statement(statementName), values);
  }

  private void bind(String portalName, PreparedStatement statement, @Nullable Object[] values) {
    if (portalName.isEmpty()) {
      dropUnnamedPortal();
    } else if (portals.containsKey(portalName) || session.cursors().isOpen(portalName)) {
      throw new SqlException(SqlState.DUPLICATE_CURSOR, "cursor \"" + portalName + "\" already exists");
    }
    session.statementArrived();
    portals.put(portalName, new Portal(session, portalName, statement, values, session.transactions().depth()));
  }

  /// Prepares (through the plan cache) and binds in one.
  void bindDirect(String portalName, String text, java.util.function.Function<List<PgType>, @Nullable Object[]> arguments) {
    session.guarded(
        () -> {
          PreparedStatement statement = session.queries().prepareCached(text);
          closePortal(portalName);
          bind(portalName, statement, arguments.apply(statement.parameterTypes));
        });
  }

  private @Nullable SqlCursor cursorOrNull(String name) {
    if (portals.containsKey(name)) {
      return null;
    }
    SqlCursor cursor = session.cursors().find(name);
    if (cursor == null) {
      if (session.transactions().status() == TransactionStatus.FAILED && failedPortals.contains(name)) {
        session.transactions().ensure();
      }
      throw new SqlException(SqlState.INVALID_CURSOR_NAME, "portal \"" + name + "\" does not exist");
    }
    return cursor;
  }

  @Nullable List<OutputColumn> describePortal(String name) {
    SqlCursor cursor = cursorOrNull(name);
    return cursor != null ? cursor.columns() : portals.get(name).columns();
  }

  void execute(String name, long rowsMax, ResultSink to) {
    session.execution(
        to,
        () -> {
          SqlCursor cursor = cursorOrNull(name);
          if (cursor != null) {
            session.countFrom(session.engine().clockMicros());
            session.statementStarting(cursor.text);
            session.guarded(
                () -> {
                  session.transactions().ensure();
                  session.cursors().execute(cursor, rowsMax, to);
                });
            return;
          }
          Portal portal = portals.get(name);
          session.countFrom(portal.isStarted() ? session.engine().clockMicros() : session.statementMicros());
          session.statementStarting(portal.statement().text);
          session.guarded(() -> run(portal, rowsMax, to));
        });
  }

  private void run(Portal portal, long rowsMax, ResultSink to) {
    if (portal.statement().isPlanned()) {
      session.transactions().ensure();
      portal.run(rowsMax, to);
      return;
    }
    ParsedStatement parsed = portal.statement().parsed();
    if (parsed == null) {
      to.emptyQuery();
    } else if (parsed.statement() instanceof TransactionStatement) {
      session.runUtility(parsed, List.of(), new Object[0]);
    } else {
      session.transactions().ensure();
      portal.run(rowsMax, to);
    }
  }

  void closePortal(String name) {
    Portal portal = portals.remove(name);
    if (portal != null) {
      portal.close();
    } else {
      session.cursors().closeQuietly(name);
    }
  }

  void dropUnnamedPortal() {
    if (!portals.isEmpty()) {
      Portal unnamed = portals.remove("");
      if (unnamed != null) {
        unnamed.close();
      }
    }
  }

  void closePortals() {
    dropPortals(portal -> true);
  }

  private void dropPortals(Predicate<Portal> which) {
    if (!portals.isEmpty()) {
      portals.values().removeIf(
          portal -> {
            boolean drop = which.test(portal);
            if (drop) {
              portal.close();
            }
            return drop;
          });
    }
  }

  boolean hasPortal(String name) {
    return portals.containsKey(name);
  }

  Collection<Portal> portals() {
    return portals.values();
  }

  /// Hands a portal over to the cursors, where FETCH and MOVE find it; null when there is none that can be fetched from.
  @Nullable SqlCursor takeAsCursor(String name) {
    Portal portal = name.isEmpty() ? null : portals.get(name);
    if (portal == null || !portal.isQuery()) {
      return null;
    }
    portals.remove(name);
    return portal.toCursor();
  }

  // ---- transactions ----

  /// Sync: ends an implicit transaction, and its portals.
  void sync(ResultSink to) {
    session.answered(
        to,
        () -> {
          if (!session.transactions().inBlock()) {
            closePortals();
            session.guarded(session.transactions()::commitImplicit);
          }
        });
  }

  /// Before commit or rollback.
  void transactionEnding() {
    rememberFailed(0);
    closePortals();
  }

  /// The transaction was rolled back to a savepoint at this depth: portals made since are gone.
  void rolledBackTo(int depth) {
    rememberFailed(depth);
    dropPortals(portal -> portal.depth() >= depth);
  }

  private void rememberFailed(int depth) {
    failedPortals = Set.of();
    if (!portals.isEmpty() && session.transactions().status() == TransactionStatus.FAILED) {
      failedPortals = new HashSet<>();
      portals.values().stream().filter(portal -> portal.depth() >= depth).forEach(portal -> failedPortals.add(portal.name()));
    }
  }

  /// A savepoint was released: what was made after it belongs to the level below.
  void released(int depth) {
    portals.values().forEach(portal -> portal.released(depth));
  }
}
