/// Files for what does not fit into memory: blocks by address ([SpillStore]) and records in key order ([SortedRun]).
@NullMarked
package io.heliosdb.nano.spill;

import org.jspecify.annotations.NullMarked;
