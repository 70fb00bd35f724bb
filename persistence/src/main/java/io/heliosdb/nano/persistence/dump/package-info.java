/// Dump and restore.
///
/// ```
///  DumpSession (snapshot, locks, schema) --> RowSource (tables or log, one block at a time)
///      --> compression on several threads --> SegmentWriter --> temporary file --> rename, or append
///  DumpFile --> DumpVerifier --> schema before rows --> TableLoad (several tables at a time) --> schema after rows
/// ```
///
/// Streams carry the rows with back-pressure: a block is read when there is room for it, so memory does not depend on the size of a table.
/// The format is in `docs/heliodump-format.md`, what users do with it in `docs/backup.md`.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.persistence.dump;
