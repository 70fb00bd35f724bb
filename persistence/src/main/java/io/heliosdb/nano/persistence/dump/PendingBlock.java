package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.persistence.dump.format.Frame;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import org.jspecify.annotations.Nullable;

/// A payload on its way from the store to the file.
///
/// @param table set on a TABLE block, and on the blocks of its rows
record PendingBlock(Frame.Kind kind, TableEntry table, byte[] payload, int rows) {}
