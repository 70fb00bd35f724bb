package io.heliosdb.nano.session;

import java.util.List;

/// What [io.heliosdb.nano.EmbeddedDatabase#verify] has found. Immutable.
///
/// @param problems violations in words, at most [#PROBLEMS_MAX]; empty for a sound database
/// @param problemCount all violations, those not listed too
/// @param tables tables checked, over all branches
/// @param rows rows read
/// @param indexEntries index entries read
/// @param versions superseded versions reached through the log
/// @param commits commits on record
/// @param retained relations and indexes that were dropped or rewritten and are kept for reads of earlier times
public record VerificationReport(
    List<String> problems, long problemCount, long tables, long rows, long indexEntries, long versions, long commits, long retained) {
  public static final int PROBLEMS_MAX = 1000;

  public VerificationReport {
    problems = List.copyOf(problems);
  }

  public boolean isSound() {
    return problemCount == 0;
  }
}
