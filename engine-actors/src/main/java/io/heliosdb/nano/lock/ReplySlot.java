package io.heliosdb.nano.lock;

import org.jspecify.annotations.Nullable;

/// A one-shot answer carried by a message: completed once by the actor, awaited by the one thread that made it.
///
/// Cheaper than a promise with a timer: where the actor runs on the asking thread, the answer is there when `tell` returns,
/// and nobody is woken. Otherwise the asker spins for a moment, then parks; only a parked asker is unparked.
public final class ReplySlot<R> {
  /// About two microseconds: longer than the lock table is busy with others unless its thread has lost the processor.
  private static final int SPINS = 50;

  private static final long CHECK_NANOS = 200_000_000;

  private final Thread owner = Thread.currentThread();
  private volatile @Nullable R value;
  private volatile @Nullable Throwable error;

  /// Set before the owner parks, so that whoever completes the slot after that sees it.
  private volatile boolean isParking;

  public void complete(R answer) {
    value = answer;
    wake();
  }

  public void fail(Throwable cause) {
    error = cause;
    wake();
  }

  private void wake() {
    if (isParking) {
      Host.of(owner).wake(owner);
    }
  }

  public boolean isDone() {
    return value != null || error != null;
  }

  /// The answer, which must be there. Throws the error given instead.
  public R get() {
    Throwable cause = error;
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    if (cause != null) {
      throw new IllegalStateException(cause);
    }
    R answer = value;
    if (answer == null) {
      throw new IllegalStateException("no answer yet");
    }
    return answer;
  }

  /// Waits without limit. An interrupt does not end the wait; it is kept for later.
  public R await() {
    return await(() -> {});
  }

  /// The same for an actor that may be stopped before it answers.
  ///
  /// @param check runs a few times a second; throws when no answer can come any more
  public R await(Runnable check) {
    if (!spin()) {
      Host host = Host.current();
      boolean interrupted = false;
      isParking = true;
      try {
        while (!isDone()) {
          host.park(this, CHECK_NANOS);
          interrupted |= Thread.interrupted();
          if (!isDone()) {
            check.run();
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
    return get();
  }

  /// Waits a moment without giving up the processor, for an answer that another thread is about to give.
  public boolean spin() {
    for (int i = 0; i < SPINS && !isDone(); i++) {
      Thread.onSpinWait();
    }
    return isDone();
  }

  /// Waits until the answer is there, the token is cancelled, the thread is interrupted (which cancels the token) or
  /// `deadlineNanos` (of [Host#nanoTime], [Long#MAX_VALUE] for none) has passed.
  ///
  /// @return whether the answer is there
  public boolean awaitUntil(CancelToken token, long deadlineNanos) {
    Host host = Host.current();
    boolean interrupted = false;
    isParking = true;
    token.startWait(owner);
    try {
      while (!isDone() && !token.isCancelled()) {
        if (deadlineNanos == Long.MAX_VALUE) {
          host.park(this, Long.MAX_VALUE);
        } else {
          long left = deadlineNanos - host.nanoTime();
          if (left <= 0) {
            break;
          }
          host.park(this, left);
        }
        if (Thread.interrupted()) {
          interrupted = true;
          token.cancel(CancelToken.userRequest());
        }
      }
    } finally {
      token.endWait();
      if (interrupted) {
        owner.interrupt();
      }
    }
    return isDone();
  }
}
