/// The row format: null bitmap, fixed-width section, offsets of the variable-width columns, so that any column is read in O(1).
@NullMarked
package io.heliosdb.nano.storage.row;

import org.jspecify.annotations.NullMarked;
