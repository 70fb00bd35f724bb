package io.heliosdb.nano.session;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The COPY statements that run in a database: rows of `pg_stat_progress_copy`. Thread-safe.
public final class CopyActivity {
  private final Set<CopyProgress> running = ConcurrentHashMap.newKeySet();

  CopyProgress begin(SessionCore session, int relation, boolean from, String type, long bytesTotal) {
    CopyProgress progress = new CopyProgress(this, session, relation, from ? "COPY FROM" : "COPY TO", type, bytesTotal);
    running.add(progress);
    return progress;
  }

  void end(CopyProgress progress) {
    running.remove(progress);
  }

  /// Whether a session is in a COPY that its client feeds.
  boolean awaitsClient(int pid) {
    return running.stream().anyMatch(copy -> copy.pid() == pid && copy.type().equals("PIPE") && copy.command().equals("COPY FROM"));
  }

  public List<CopyProgress> running() {
    return List.copyOf(running);
  }
}
