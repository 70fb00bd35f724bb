package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One key of an index, or of an ON CONFLICT target: a column or an expression (exactly one is given).
public record IndexElement(
    @Nullable String column,
    @Nullable SourceExpression expression,
    @Nullable QualifiedName collation,
    @Nullable QualifiedName operatorClass,
    List<Option> operatorClassOptions,
    SortItem.Direction direction,
    SortItem.NullsOrder nulls,
    int position) {}
