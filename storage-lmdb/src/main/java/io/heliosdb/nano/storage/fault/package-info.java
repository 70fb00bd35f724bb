/// Stores that misbehave on purpose, for tests of durability and error handling in this and other modules.
@NullMarked
package io.heliosdb.nano.storage.fault;

import org.jspecify.annotations.NullMarked;
