package io.heliosdb.nano.parse.ast;

import org.jspecify.annotations.Nullable;

/// LIMIT/FETCH FIRST and OFFSET. A null count means no limit (also `LIMIT ALL`). `withTies` is FETCH FIRST … WITH TIES.
public record LimitClause(@Nullable Expression count, @Nullable Expression offset, boolean withTies) {}
