package io.heliosdb.nano.persistence.dump;

/// Told how far a dump or restore is. Called from the thread that writes, a few times per megabyte; must return quickly. What it throws ends
/// the work, which leaves nothing behind.
@FunctionalInterface
public interface DumpProgress {
  /// @param phase `schema`, `rows`, `changes`, `verify`, `indexes`
  /// @param table the table at work, empty for none
  /// @param rows so far
  /// @param bytes of row data so far, uncompressed
  /// @param rowsTotal estimate, 0 unknown
  record State(String phase, String table, int tablesDone, int tablesTotal, long rows, long bytes, long rowsTotal) {}

  void report(State state);

  DumpProgress NONE = state -> {};
}
