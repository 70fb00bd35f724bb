/// The implementations of built-in functions, one class per family; see [io.heliosdb.nano.function.Builtins] for how a symbol
/// finds its family. Families hold no state and are thread-safe.
@NullMarked
package io.heliosdb.nano.function.impl;

import org.jspecify.annotations.NullMarked;
