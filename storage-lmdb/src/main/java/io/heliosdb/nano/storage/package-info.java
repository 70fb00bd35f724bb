/// The versioned, ordered row store.
///
/// ```
///  committer --CommitUnit--> Store.commit --one LMDB write transaction--> current, past_rows, index, past_index, log, commits
///  operators <--RowCursor/IndexCursor-- StoreReader (pooled LMDB read transaction) over a ReadView (layers, newest first)
/// ```
///
/// Every row version carries the SCN (commit order) that made it. What is live at the newest SCN stands in `current` and
/// `index`; what was replaced stands in `log`, reached by pointers; what was deleted is named by `past_rows` and
/// `past_index`. A reader of the newest state therefore touches no history at all. The byte layouts are described in
/// `docs/data-file.md`.
///
/// Threading: readers belong to one thread at a time and may be as many as the reader slots; [Store#commit] is called
/// by one thread at a time. No LMDB or foreign-memory type other than `MemorySegment` leaves this package tree.
@NullMarked
package io.heliosdb.nano.storage;

import org.jspecify.annotations.NullMarked;
