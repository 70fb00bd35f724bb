/// The bytes of a `.heliodump` file (`docs/heliodump-format.md`): frames, the payloads inside them, writing and reading.
///
/// Nothing here knows the engine's catalog or types beyond [ColumnEncoding]. Lengths found in a file never decide an allocation before they
/// have been held against the bytes that are there and against the bounds in [Frame].
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.persistence.dump.format;
