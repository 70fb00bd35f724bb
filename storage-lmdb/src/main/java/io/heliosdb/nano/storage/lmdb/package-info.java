/// LMDB through the foreign-function API: the native library, its functions, environment, transactions. Knows nothing of rows.
@NullMarked
package io.heliosdb.nano.storage.lmdb;

import org.jspecify.annotations.NullMarked;
