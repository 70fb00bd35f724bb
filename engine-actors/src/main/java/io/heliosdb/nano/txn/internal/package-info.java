/// The workings behind [io.heliosdb.nano.txn]: caller-runs dispatcher, write sets, merged cursors, committer, sequences.
@NullMarked
package io.heliosdb.nano.txn.internal;

import org.jspecify.annotations.NullMarked;
