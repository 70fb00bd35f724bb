package io.heliosdb.nano.txn.internal;

import com.typesafe.config.Config;
import io.heliosdb.nano.lock.Host;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/// Names [CallerRunsExecutor] in a dispatcher's configuration; `core = on` for actors that any opted-in thread may run.
public final class CallerRunsConfigurator extends ExecutorServiceConfigurator {
  private final boolean isCore;
  private final Host host;

  public CallerRunsConfigurator(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
    isCore = config.getBoolean("core");
    host = prerequisites.defaultExecutionContext().nonEmpty() && prerequisites.defaultExecutionContext().get() instanceof HostExecutor executor
        ? executor.host()
        : Host.SYSTEM;
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threadFactory) {
    return () -> new CallerRunsExecutor(isCore, host);
  }
}
