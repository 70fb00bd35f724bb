package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.lock.Host;
import scala.concurrent.ExecutionContext;

/// Starts everything that Pekko would run on threads of its own on threads of a host; also how dispatchers come to know the host.
final class HostExecutor implements ExecutionContext {
  private static final Thread.Builder VIRTUAL = Thread.ofVirtual().name("heliosdb-actor");

  private final Host host;

  HostExecutor(Host host) {
    this.host = host;
  }

  Host host() {
    return host;
  }

  @Override
  public void execute(Runnable task) {
    host.start(VIRTUAL, task);
  }

  @Override
  public void reportFailure(Throwable cause) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
  }
}
