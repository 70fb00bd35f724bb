package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// The time limits of one session: `statement_timeout`, `transaction_timeout`, `idle_in_transaction_session_timeout`, `idle_session_timeout`.
///
/// Where none is set a statement costs one comparison: the four settings are read again only when the session's settings have changed.
/// Confined to the session's thread. Source: PostgreSQL 15 manual, "Statement Behavior"; `transaction_timeout` as in PostgreSQL 17: it ends
/// the session, and it hides the other two that would come later.
final class SessionTimeouts {
  private final SessionCore session;
  private final Timeouts.Deadline statement;
  private final Timeouts.Deadline transaction;
  private final Timeouts.Deadline idleInTransaction;
  private final Timeouts.Deadline idle;
  private long generation = -1;
  private int statementMillis;
  private int transactionMillis;
  private int idleInTransactionMillis;
  private int idleMillis;
  private boolean statementArmed;
  private boolean transactionArmed;
  private boolean idleArmed;

  SessionTimeouts(SessionCore session, Timeouts timeouts) {
    this.session = session;
    this.statement =
        timeouts.deadline(
            () -> session.cancelToken().cancel(new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to statement timeout")));
    this.transaction = timeouts.deadline(() -> end(SqlState.TRANSACTION_TIMEOUT, "terminating connection due to transaction timeout"));
    this.idleInTransaction =
        timeouts.deadline(() -> end(SqlState.IDLE_IN_TRANSACTION_SESSION_TIMEOUT, "terminating connection due to idle-in-transaction timeout"));
    this.idle = timeouts.deadline(() -> end(SqlState.IDLE_SESSION_TIMEOUT, "terminating connection due to idle-session timeout"));
  }

  private void end(SqlState state, String message) {
    session.engine().terminate(session.pid(), new SqlException(state, message));
  }

  private void refresh() {
    Settings settings = session.settings();
    if (generation != settings.generation()) {
      generation = settings.generation();
      transactionMillis = settings.integer("transaction_timeout");
      statementMillis = unlessTransactionEndsFirst(settings.integer("statement_timeout"));
      idleInTransactionMillis = unlessTransactionEndsFirst(settings.integer("idle_in_transaction_session_timeout"));
      idleMillis = settings.integer("idle_session_timeout");
      if (session.transactions().hasTransaction() && transactionMillis > 0 != transactionArmed) {
        transactionEnded();
        transactionStarted();
      }
    }
  }

  private int unlessTransactionEndsFirst(int millis) {
    return transactionMillis == 0 || millis < transactionMillis ? millis : 0;
  }

  /// A message of the client has arrived.
  void active() {
    if (idleArmed) {
      idleArmed = false;
      idle.disarm();
      idleInTransaction.disarm();
    }
  }

  void statementStarted() {
    refresh();
    if (statementArmed) {
      statementEnded();
    }
    if (statementMillis > 0) {
      statementArmed = true;
      statement.arm(statementMillis);
    }
  }

  void statementEnded() {
    if (statementArmed) {
      statementArmed = false;
      statement.disarm();
    }
  }

  void transactionStarted() {
    refresh();
    if (transactionMillis > 0 && !transactionArmed) {
      transactionArmed = true;
      transaction.arm(transactionMillis);
    }
  }

  void transactionEnded() {
    if (transactionArmed) {
      transactionArmed = false;
      transaction.disarm();
    }
  }

  /// The session waits for its client's next statement.
  void idle() {
    refresh();
    if (idleMillis == 0 && idleInTransactionMillis == 0 || !session.endsWhenIdle()) {
      return;
    }
    boolean inTransaction = session.transactions().status() != TransactionStatus.IDLE;
    int millis = inTransaction ? idleInTransactionMillis : idleMillis;
    if (millis > 0) {
      active();
      idleArmed = true;
      (inTransaction ? idleInTransaction : idle).arm(millis);
    }
  }

  void close() {
    statement.discard();
    transaction.discard();
    idle.discard();
    idleInTransaction.discard();
  }
}
