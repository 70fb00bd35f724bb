/// Locks on rows, unique keys, tables, objects and advisory numbers: one lock table per database, and the wait-for graph
/// that finds deadlocks as they form.
///
/// Rows and keys that nobody else wants are locked without the lock table, in [ThinLocks]; tables in weak modes through a [TableLease].
///
/// ```
///  session thread --AcquireLocks--> LockTable (caller-runs actor) --WaitChanged--> WaitForGraph
///        ^   |                          |    ^                                        |
///        |   +--GiveUpWait (timeout,    |    +-------------AbortVictim----------------+
///        |       cancel)                |
///        +--------- ReplySlot <---------+
/// ```
///
/// The session's thread waits on a one-shot slot; time-out and cancel wake that thread, which then asks the lock table to
/// give the wait up and takes whatever answer was first. So every wait ends by exactly one answer of the lock table.
@NullMarked
package io.heliosdb.nano.lock;

import org.jspecify.annotations.NullMarked;
