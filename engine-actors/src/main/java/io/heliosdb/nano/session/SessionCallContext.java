package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.MemoryAccount;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.SessionServices;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.IoContext;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What functions and running plans see of the session. Confined to its thread.
final class SessionCallContext implements CallContext {
  private static final Object[] NO_VALUES = {};

  private final SessionCore session;
  private final SessionFunctions functions;
  private final SessionExecutionServices services;
  private final MemoryAccount memory;
  private RandomGenerator random = new SplittableRandom();
  private @Nullable StatementAccess access;

  SessionCallContext(SessionCore session) {
    this.session = session;
    this.functions = new SessionFunctions(session);
    this.services = new SessionExecutionServices(session);
    this.memory = session.memory();
  }

  SessionExecutionServices executionServices() {
    return services;
  }

  MemoryAccount memory() {
    return memory;
  }

  ExecutionContext execution(@Nullable StatementAccess newAccess, @Nullable Object[] parameters) {
    return execution(newAccess, parameters, NO_VALUES);
  }

  ExecutionContext execution(@Nullable StatementAccess newAccess, @Nullable Object[] parameters, @Nullable Object[] lifted) {
    access = newAccess;
    StatementSettings settings = session.statementSettings();
    return new ExecutionContext(newAccess, this, parameters, lifted, session.cancelToken(), memory, services)
        .withWorkMem(settings.workMemBytes(), settings.hashMemMultiplier());
  }

  /// Data access of the innermost running statement.
  @Nullable StatementAccess access() {
    return access;
  }

  /// A nested statement has ended; the outer one's access counts again.
  void restoreAccess(@Nullable StatementAccess outer) {
    access = outer;
  }

  @Override
  public IoContext io() {
    return session.io();
  }

  @Override
  public Catalog catalog() {
    return session.catalog();
  }

  @Override
  public long transactionTimestampMicros() {
    return session.transactions().startMicros();
  }

  @Override
  public long statementTimestampMicros() {
    return session.statementMicros();
  }

  @Override
  public long clockTimestampMicros() {
    return session.engine().clockMicros();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public void setSeed(double seed) {
    random = new SplittableRandom(Double.doubleToLongBits(seed));
  }

  @Override
  public SessionServices session() {
    return functions;
  }

  @Override
  public void checkCancelled() {
    session.cancelToken().check();
  }

  @Override
  public void notice(String severity, SqlState state, String message, @Nullable String detail, @Nullable String hint) {
    session.notice(new Notice(severity, state, message, detail, hint, 0));
  }

  @Override
  public void accountMemory(long bytes) {
    memory.reserve(bytes);
  }
}
