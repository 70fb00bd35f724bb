/// Running of plans: columnar batches, evaluation of expressions, physical operators, the codec between rows and stored bytes.
///
/// Operators form a tree and are pulled from the root: `next(maxRows)` asks for at most so many rows, so no operator runs ahead of
/// demand. Everything here is confined to the thread that runs the session. No class of this package holds a reader of the store
/// across a wait: scans copy a batch out and the transaction's cursors re-seek by themselves.
@NullMarked
package io.heliosdb.nano.execute;

import org.jspecify.annotations.NullMarked;
