/// Transactions: snapshots, write sets, commit, serializable validation, counters and sequences; and the actor system
/// that the lock table and the committer live in.
///
/// Life of a write: [StatementAccess] takes the row lock from the lock table, compares the newest committed version with
/// the one read, and puts the new version into the transaction's write set. [Transaction#commit] hands the net changes to
/// the committer actor, which writes all that have queued in one store commit, publishes the new SCN, has the locks
/// released and answers.
@NullMarked
package io.heliosdb.nano.txn;

import org.jspecify.annotations.NullMarked;
