/// Changing rows: INSERT, UPDATE, DELETE, MERGE, DML on views, and what constraints demand of every changed row.
///
/// ```
///   input plan --batches--> InsertOperator | UpdateOperator | DeleteOperator | MergeOperator
///                               |  evaluates new values, locks rows, re-checks changed ones (RowRecheck)
///                               v
///                           TableWriter   one per table and running statement
///                               |  BEFORE triggers, generated columns, NOT NULL, CHECK, unique keys, index entries
///                               v
///                         StatementAccess (write set)            AfterStatement (per command)
///                                                                   foreign keys, deferrable unique keys, AFTER triggers
///                                                                     |  not due yet
///                                                                     v
///                                                                PendingChecks (per session, until commit)
/// ```
/// A [WriteTarget] is what a table's definition says about writing, compiled once and shared; everything else belongs to one statement.
@NullMarked
package io.heliosdb.nano.execute.dml;

import org.jspecify.annotations.NullMarked;
