package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.TransactionStatement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts of one or more statements, run one after the other in one transaction unless they say otherwise, and the data of COPY FROM
/// STDIN, for which a text may have to wait in its middle.
///
/// Confined to the session's actor. Source: PostgreSQL 15 manual, "Message Flow", "Simple Query" and "COPY Operations".
final class SimpleProtocol {
  /// The rest of a text that waits for COPY data.
  private record PendingQuery(List<ParsedStatement> statements, int next) {}

  private final SessionCore session;
  private @Nullable PendingQuery pendingQuery;
  private @Nullable CopyInput copyIn;
  /// Where notices go while data comes in.
  private ResultSink copySink = ResultSink.NONE;

  SimpleProtocol(SessionCore session) {
    this.session = session;
  }

  void query(String text, ResultSink to) {
    session.message(
        to,
        () -> {
          session.extended().dropUnnamedPortal();
          long bytes = SessionCore.parseBytes(text);
          countLongText(bytes, text);
          try {
            if (session.queries().runCachedText(text)) {
              return;
            }
            List<ParsedStatement> parsed = parsed(text);
            if (parsed.isEmpty()) {
              to.emptyQuery();
            } else {
              runAll(parsed, 0);
            }
          } finally {
            session.accountMemory(-bytes);
          }
        });
  }

  private void countLongText(long bytes, String text) {
    try {
      session.accountMemory(bytes);
    } catch (SqlException e) {
      session.transactions().statementFailed();
      session.statementStarting(text.substring(0, 100));
      session.audit(e.state());
      throw e;
    }
  }

  private List<ParsedStatement> parsed(String text) {
    try {
      return Parser.parse(text, session.parseSettings());
    } catch (SqlException e) {
      session.transactions().statementFailed();
      session.statementStarting(text);
      session.audit(e.state());
      throw e;
    }
  }

  private void runAll(List<ParsedStatement> parsed, int from) {
    boolean several = parsed.size() > 1;
    for (int i = from; i < parsed.size(); i++) {
      if (several) {
        session.transactions().beginImplicitBlock();
      }
      if (i > 0) {
        session.armCancel();
      }
      runStatement(parsed.get(i));
      if (several) {
        session.countStatement(session.engine().clockMicros());
      }
      if (copyIn != null) {
        pendingQuery = new PendingQuery(parsed, i + 1);
        return;
      }
    }
    if (several) {
      session.guarded(session.transactions()::endImplicitBlock);
    }
  }

  private void runStatement(ParsedStatement statement) {
    session.statementStarting(statement.text());
    boolean controls = statement.statement() instanceof TransactionStatement;
    session.guarded(
        () -> {
          if (!controls) {
            session.transactions().ensure();
          }
          if (statement.statement() instanceof Preparable query) {
            session.queries().runStatement(query, statement);
          } else {
            session.runUtility(statement, List.of(), new Object[0]);
          }
          if (copyIn == null && !controls) {
            session.transactions().statementEnded();
          }
        });
  }

  // ---- COPY FROM STDIN ----

  boolean isCopying() {
    return copyIn != null;
  }

  void beginCopyIn(CopyInput copy) {
    copyIn = copy;
    copySink = session.sink();
  }

  /// Takes data. When it fails the statement is over, and what the client goes on sending is nobody's: the front end drops it.
  void copyData(byte[] bytes, int offset, int length) {
    CopyInput copy = copyIn;
    if (copy != null) {
      session.fed(copySink, () -> copy.data(bytes, offset, length), () -> {
        copyIn = null;
        pendingQuery = null;
        copy.abort();
      });
    }
  }

  void copyDone(ResultSink to) {
    session.continued(
        to,
        () -> {
          CopyInput copy = copyIn;
          copyIn = null;
          PendingQuery rest = pendingQuery;
          pendingQuery = null;
          if (copy == null) {
            return;
          }
          session.guarded(
              () -> {
                try {
                  session.cancelToken().check();
                  copy.finish();
                } finally {
                  copy.abort();
                }
                session.transactions().statementEnded();
              });
          if (rest != null) {
            if (rest.next() < rest.statements().size()) {
              runAll(rest.statements(), rest.next());
            } else if (rest.statements().size() > 1) {
              session.guarded(session.transactions()::endImplicitBlock);
            }
          }
        });
  }

  /// @throws SqlException 57014 with the reason, always
  void copyFail(String reason) {
    session.continued(
        ResultSink.NONE,
        () -> {
          CopyInput copy = copyIn;
          copyIn = null;
          pendingQuery = null;
          SqlException error = new SqlException(SqlState.QUERY_CANCELED, reason);
          if (copy != null) {
            error = error.withContext(copy.place());
            copy.abort();
          }
          session.transactions().statementFailed();
          throw error;
        });
  }

  /// The session ends.
  void close() {
    if (copyIn != null) {
      copyIn.abort();
      copyIn = null;
    }
  }
}
