package io.heliosdb.nano.lock;

/// What to do when a lock is not free: wait (bounded by `lock_timeout`), fail with 55P03, or leave the row out.
public enum WaitPolicy {
  WAIT,
  NOWAIT,
  SKIP_LOCKED
}
