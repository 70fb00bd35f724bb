package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches how full the heap is after collections. When what lives long nearly fills its part of it, the running statement that has taken most since
/// the last look is refused (53200): what a statement holds uncounted is caught here, before an allocation fails on a thread that works for all.
///
/// A collection is noticed by an object that nobody holds. Most collections leave the garbage of the old generation where it is, so how much lives
/// is taken from the last one that did not. The beans of the JVM, slow to load, are asked only when the heap looks full.
final class HeapGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HeapGuard.class);
  private static final double NEARLY_FULL = 0.85;
  private static final double WATCHED = 0.6;
  private static final int LOOK_MILLIS = 50;
  private static final int GLANCE_MILLIS = 500;

  /// A statement that takes less is not what fills the heap.
  private static final long TAKEN_BYTES_MIN = 16L << 20;

  private final DatabaseEngine engine;
  private final Thread thread;
  private final Map<Long, Long> allocated = new HashMap<>();
  private WeakReference<Object> sinceCollection = new WeakReference<>(new Object());
  private volatile boolean closed;

  HeapGuard(DatabaseEngine engine) {
    this.engine = engine;
    thread = Thread.ofPlatform().daemon().name("heliosdb-heap-guard").start(this::watch);
  }

  private void watch() {
    while (!closed) {
      try {
        Thread.sleep(used() > WATCHED ? LOOK_MILLIS : GLANCE_MILLIS);
        if (used() > WATCHED) {
          look();
        }
      } catch (InterruptedException e) {
        return;
      } catch (OutOfMemoryError e) {
        // There is nothing to say it with; the next look may find room.
        sinceCollection = new WeakReference<>(null);
      }
    }
  }

  private static double used() {
    Runtime runtime = Runtime.getRuntime();
    return (double) (runtime.totalMemory() - runtime.freeMemory()) / runtime.maxMemory();
  }

  /// How full the fullest of the old generation's pools was when it was last collected.
  private static double living() {
    double most = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      boolean isYoung = pool.getName().contains("Eden") || pool.getName().contains("Survivor") || pool.getName().contains("Young");
      MemoryUsage collected = pool.getType() == MemoryType.HEAP && !isYoung ? pool.getCollectionUsage() : null;
      if (collected != null && collected.getMax() > 0) {
        most = Math.max(most, (double) collected.getUsed() / collected.getMax());
      }
    }
    return most;
  }

  private void look() {
    boolean isCollected = sinceCollection.get() == null;
    Session greediest = greediest();
    if (isCollected) {
      sinceCollection = new WeakReference<>(new Object());
      if (greediest != null && used() > NEARLY_FULL && living() > NEARLY_FULL) {
        LOG.warn("the heap is nearly full: the statement of process {} has to end", greediest.pid());
        greediest.core().cancelToken().cancel(new SqlException(SqlState.OUT_OF_MEMORY, "out of memory")
            .withDetail("The heap is nearly full, and this statement was taking more of it than others."));
      }
    }
  }

  /// The session whose statement has allocated most since the last call, its counted memory included.
  private @Nullable Session greediest() {
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Session greediest = null;
    long most = TAKEN_BYTES_MIN;
    Map<Long, Long> former = Map.copyOf(allocated);
    allocated.clear();
    for (Session session : engine.sessions()) {
      Thread runner = session.core().runner();
      if (runner == null || !session.isRunning() || session.core().cancelToken().isCancelled()) {
        continue;
      }
      long taken = session.core().memory().usedBytes();
      if (!runner.isVirtual()) {
        long id = runner.threadId();
        long bytes = threads.getThreadAllocatedBytes(id);
        allocated.put(id, bytes);
        taken += bytes - former.getOrDefault(id, bytes);
      }
      if (taken > most) {
        most = taken;
        greediest = session;
      }
    }
    return greediest;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
