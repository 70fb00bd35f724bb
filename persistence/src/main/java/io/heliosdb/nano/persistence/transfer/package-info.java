/// Streams of blocks with back-pressure, and the making of new data directories: what dumps, restores and imports share.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.persistence.transfer;
