package io.heliosdb.nano.txn;

/// What transactions did since the database was opened, for `pg_stat_database`.
///
/// @param commits transactions that committed, those that wrote nothing included
/// @param rollbacks transactions that were rolled back, failed commits included
/// @param deadlocks victims of deadlocks
/// @param lockWaits requests that had to wait for a lock
/// @param groups store commits; written transactions per group tell how well group commit works
/// @param writtenCommits transactions that wrote something
/// @param changedRows rows that committed transactions inserted, updated or deleted, those of the catalog included
/// @param changedBytes their keys, rows and index entries
public record TransactionStatistics(long commits, long rollbacks, long deadlocks, long lockWaits, long groups, long writtenCommits,
    long changedRows, long changedBytes) {}
