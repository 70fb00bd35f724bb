package io.heliosdb.nano.copy;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Passes items from one thread to another, a few at a time: who is faster waits.
///
/// One producer ([#put], then [#end] or [#fail]) and one consumer ([#take], [#poll], [#close]). Bound: `countMax` items. Either side learns that
/// the other has given up: the producer by `false` of [#put], the consumer by the failure thrown once all items before it are taken.
public final class Handoff<T> {
  private final ArrayDeque<T> items = new ArrayDeque<>();
  private final int countMax;
  private boolean ended;
  private boolean closed;
  private @Nullable Throwable failure;

  public Handoff(int countMax) {
    this.countMax = countMax;
  }

  /// Waits for room; false when the consumer wants no more.
  public synchronized boolean put(T item) {
    boolean interrupted = false;
    while (items.size() >= countMax && !closed) {
      interrupted |= sleep();
    }
    restore(interrupted);
    if (!closed) {
      items.add(item);
      notifyAll();
    }
    return !closed;
  }

  /// Whether [#put] would have to wait.
  public synchronized boolean isFull() {
    return items.size() >= countMax && !closed;
  }

  /// There will be no more items.
  public synchronized void end() {
    ended = true;
    notifyAll();
  }

  /// The same, because of a failure, which the consumer gets behind the last item.
  public synchronized void fail(Throwable cause) {
    failure = cause;
    end();
  }

  /// The next item; null at the end.
  public synchronized @Nullable T take() {
    boolean interrupted = false;
    while (items.isEmpty() && !ended && !closed) {
      interrupted |= sleep();
    }
    restore(interrupted);
    return next();
  }

  /// The next item if there is one already.
  public synchronized @Nullable T poll() {
    return items.isEmpty() && failure == null ? null : next();
  }

  private @Nullable T next() {
    T item = items.poll();
    if (item == null && failure != null) {
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      throw new IllegalStateException(failure);
    }
    notifyAll();
    return item;
  }

  /// The consumer wants no more; what is there is forgotten.
  public synchronized void close() {
    closed = true;
    items.clear();
    notifyAll();
  }

  /// An interruption is for the owner of the thread to see later: leaving early would leave the other side alone.
  private boolean sleep() {
    try {
      wait();
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
