package io.heliosdb.nano.session;

/// How far a COPY is, for `pg_stat_progress_copy`. Written by the session's thread; readers may see each number a little late.
///
/// @see CopyActivity
public final class CopyProgress {
  private final CopyActivity activity;
  private final SessionCore session;
  private final int relation;
  private final String command;
  private final String type;
  private final long bytesTotal;
  private volatile long bytes;
  private volatile long tuples;
  private volatile long excluded;
  private volatile long skipped;

  CopyProgress(CopyActivity activity, SessionCore session, int relation, String command, String type, long bytesTotal) {
    this.activity = activity;
    this.session = session;
    this.relation = relation;
    this.command = command;
    this.type = type;
    this.bytesTotal = bytesTotal;
  }

  void add(long count) {
    bytes += count;
  }

  void bytes(long total) {
    bytes = total;
  }

  void tuples(long processed, long excludedByWhere) {
    tuples = processed;
    excluded = excludedByWhere;
  }

  void skipped(long count) {
    skipped = count;
  }

  void end() {
    activity.end(this);
  }

  public int pid() {
    return session.pid();
  }

  String database() {
    return session.activity().database();
  }

  int userOid() {
    return session.activity().userOid();
  }

  public int relation() {
    return relation;
  }

  /// `COPY FROM` or `COPY TO`.
  public String command() {
    return command;
  }

  /// `FILE`, `PROGRAM` or `PIPE` (the client).
  public String type() {
    return type;
  }

  public long bytesProcessed() {
    return bytes;
  }

  /// Size of the file, 0 when it is not known.
  public long bytesTotal() {
    return bytesTotal;
  }

  public long tuplesProcessed() {
    return tuples;
  }

  public long tuplesExcluded() {
    return excluded;
  }

  public long tuplesSkipped() {
    return skipped;
  }
}
