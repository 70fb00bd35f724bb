/// What DDL needs done with rows: filling indexes, rewriting tables, proving constraints over what is there already.
@NullMarked
package io.heliosdb.nano.execute.datawork;

import org.jspecify.annotations.NullMarked;
