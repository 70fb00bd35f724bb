package io.heliosdb.nano.session;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// LISTEN and NOTIFY: what a transaction sends and subscribes takes effect when it commits. Thread-safe.
///
/// Bound: [#QUEUE_MAX] undelivered notifications per session; more are refused at commit with 54000, as PostgreSQL's full queue is.
final class Notifications {
  static final int QUEUE_MAX = 100_000;

  private static final class Listener {
    final Set<String> channels = ConcurrentHashMap.newKeySet();
    final ConcurrentLinkedQueue<Notification> queue = new ConcurrentLinkedQueue<>();
    final AtomicInteger queued = new AtomicInteger();
    final Set<Notification> pending = new LinkedHashSet<>();
    final List<Runnable> pendingChanges = new ArrayList<>();
    volatile Runnable wakeUp = () -> {};
  }

  private final Map<SessionCore, Listener> listeners = new ConcurrentHashMap<>();

  private Listener listener(SessionCore session) {
    return listeners.computeIfAbsent(session, key -> new Listener());
  }

  void onArrival(SessionCore session, Runnable wakeUp) {
    listener(session).wakeUp = wakeUp;
  }

  void listen(SessionCore session, String channel) {
    Listener listener = listener(session);
    listener.pendingChanges.add(() -> listener.channels.add(channel));
  }

  /// A null channel means all.
  void unlisten(SessionCore session, @org.jspecify.annotations.Nullable String channel) {
    Listener listener = listeners.get(session);
    if (listener != null) {
      listener.pendingChanges.add(() -> {
        if (channel == null) {
          listener.channels.clear();
        } else {
          listener.channels.remove(channel);
        }
      });
    }
  }

  List<String> channels(SessionCore session) {
    Listener listener = listeners.get(session);
    return listener == null ? List.of() : List.copyOf(listener.channels);
  }

  /// Equal notifications of one transaction are sent once.
  void send(SessionCore session, String channel, String payload) {
    listener(session).pending.add(new Notification(session.pid(), channel, payload));
  }

  /// How far the session's notifications and LISTENs of this transaction have come, for a savepoint.
  record Mark(int notifications, int changes) {
    static final Mark START = new Mark(0, 0);
  }

  Mark mark(SessionCore session) {
    Listener listener = listeners.get(session);
    return listener == null || listener.pending.isEmpty() && listener.pendingChanges.isEmpty()
        ? Mark.START : new Mark(listener.pending.size(), listener.pendingChanges.size());
  }

  void rollbackTo(SessionCore session, Mark mark) {
    Listener listener = listeners.get(session);
    if (listener != null && listener.pending.size() > mark.notifications) {
      List<Notification> kept = List.copyOf(listener.pending).subList(0, mark.notifications);
      listener.pending.clear();
      listener.pending.addAll(kept);
    }
    if (listener != null && listener.pendingChanges.size() > mark.changes) {
      listener.pendingChanges.subList(mark.changes, listener.pendingChanges.size()).clear();
    }
  }

  void transactionEnded(SessionCore session, boolean committed) {
    Listener sender = listeners.get(session);
    if (sender == null || sender.pending.isEmpty() && sender.pendingChanges.isEmpty()) {
      return;
    }
    if (committed) {
      sender.pendingChanges.forEach(Runnable::run);
      for (Notification notification : sender.pending) {
        deliver(notification);
      }
    }
    sender.pendingChanges.clear();
    sender.pending.clear();
  }

  private void deliver(Notification notification) {
    listeners.forEach(
        (target, listener) -> {
          if (listener.channels.contains(notification.channel()) && listener.queued.get() < QUEUE_MAX) {
            listener.queue.add(notification);
            listener.queued.incrementAndGet();
            listener.wakeUp.run();
          }
        });
  }

  List<Notification> take(SessionCore session) {
    Listener listener = listeners.get(session);
    if (listener == null || listener.queue.isEmpty()) {
      return List.of();
    }
    List<Notification> result = new ArrayList<>();
    Notification next;
    while ((next = listener.queue.poll()) != null) {
      listener.queued.decrementAndGet();
      result.add(next);
    }
    return result;
  }

  void sessionClosed(SessionCore session) {
    listeners.remove(session);
  }
}
