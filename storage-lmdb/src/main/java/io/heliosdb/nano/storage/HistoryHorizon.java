package io.heliosdb.nano.storage;

/// How far history may be trimmed, by branch and storage or index id: what died at or before the SCN may go. 0 keeps everything.
@FunctionalInterface
public interface HistoryHorizon {
  long of(int branch, long id);
}
