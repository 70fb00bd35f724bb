package io.heliosdb.nano.analyze;

import java.util.BitSet;

/// Privileges that a statement needs on one relation; checked by the session before execution.
///
/// Columns are attnums. For each letter of `privileges` (aclitem letters: `r` SELECT, `a` INSERT, `w` UPDATE, `d` DELETE) the table-level privilege suffices.
/// For `r`, `a` and `w` it can be replaced by the column privilege on every attnum in the matching set; an empty `selected` set with `r`
/// means that any one column is enough (`SELECT count(*)`).
///
/// @param checkAs role whose privileges count (a view's owner), 0 for the current one
public record PermissionCheck(int relation, String privileges, BitSet selected, BitSet inserted, BitSet updated, int checkAs) {}
