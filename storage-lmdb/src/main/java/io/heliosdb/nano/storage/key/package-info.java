/// The memcomparable key encoding: byte order of the keys is the order of the values.
@NullMarked
package io.heliosdb.nano.storage.key;

import org.jspecify.annotations.NullMarked;
