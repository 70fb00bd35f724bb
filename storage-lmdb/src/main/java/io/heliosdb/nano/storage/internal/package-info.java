/// The implementation of the store on LMDB. Nothing here is used from outside the module.
@NullMarked
package io.heliosdb.nano.storage.internal;

import org.jspecify.annotations.NullMarked;
