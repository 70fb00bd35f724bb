package io.heliosdb.nano.storage;

import java.util.Set;

/// What an erasure removed.
///
/// @param versions row versions, live or superseded
/// @param entries index entries, live or former, tombstones included
/// @param bytes keys and values of all that was removed
/// @param branches those that something was removed from
public record ErasedCounts(long versions, long entries, long bytes, Set<Integer> branches) {}
