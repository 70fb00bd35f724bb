package io.heliosdb.nano.session;

import io.heliosdb.nano.parse.ast.TransactionStatement;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a Java program in the same process asks of its session without a protocol in between. Confined to the session's actor.
final class DirectStatements {
  private final SessionCore session;

  DirectStatements(SessionCore session) {
    this.session = session;
  }

  /// Prepares (through the plan cache), binds and runs one statement to its end, in its own transaction unless a block is open.
  void execute(String text, Function<List<PgType>, @Nullable Object[]> arguments, ResultSink to) {
    session.message(
        to,
        () -> {
          session.statementStarting(text);
          session.guarded(() -> run(session.queries().prepareCached(text), arguments, to));
        });
  }

  private void run(PreparedStatement statement, Function<List<PgType>, @Nullable Object[]> arguments, ResultSink to) {
    if (statement.parsed() == null) {
      to.emptyQuery();
      return;
    }
    if (statement.parsed().statement() instanceof TransactionStatement) {
      session.runUtility(statement.parsed(), List.of(), new Object[0]);
      return;
    }
    session.transactions().ensure();
    @Nullable Object[] values = arguments.apply(statement.parameterTypes);
    if (statement.plan != null) {
      session.queries().run(statement, values, true);
    } else {
      session.runUtility(statement.parsed(), statement.parameterTypes, values);
    }
    session.transactions().statementEnded();
  }

  /// Runs work of another module as one command of the transaction.
  <R> R work(Function<SessionWork, R> work) {
    List<R> result = new ArrayList<>(1);
    session.statementArrived();
    session.execution(
        ResultSink.NONE,
        () ->
            session.guarded(
                () -> {
                  session.transactions().ensure();
                  try (StatementAccess access = session.transactions().current().beginCommand()) {
                    result.add(work.apply(new SessionWork(session, access)));
                  }
                  session.transactions().statementEnded();
                }));
    return result.getFirst();
  }
}
