package io.heliosdb.nano.storage;

/// A finished [BulkWriter]'s work, to be named by the [CommitUnit] that makes it visible. What no unit names is removed
/// by [Store#discard] or when the store is opened next.
public record BulkLoad(long loadId) {}
