package io.heliosdb.nano.session;

import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What Describe says of a prepared statement: parameter types, and result columns (null: returns no rows).
public record StatementDescription(List<PgType> parameterTypes, @Nullable List<OutputColumn> columns) {}
