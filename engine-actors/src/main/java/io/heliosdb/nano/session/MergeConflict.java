package io.heliosdb.nano.session;

import org.jspecify.annotations.Nullable;

/// One place where both branches changed the same thing in different ways.
///
/// @param kind `row` (one side deleted it, or both made it), `column` or `schema`
/// @param key the row's primary key as text, null for a schema conflict
/// @param base the value before both changes, as text; null also where there was none
record MergeConflict(
    String kind, String table, @Nullable String key, @Nullable String column, @Nullable String base, @Nullable String branch, @Nullable String target) {}
