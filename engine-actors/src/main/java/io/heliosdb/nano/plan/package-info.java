/// From logical to physical plans: rewriting, choice of access paths, join order and join methods by cost; EXPLAIN.
@NullMarked
package io.heliosdb.nano.plan;

import org.jspecify.annotations.NullMarked;
