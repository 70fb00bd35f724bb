package io.heliosdb.nano.session;

import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement made by Parse or PREPARE. Confined to its session.
final class PreparedStatement {
  final String name;
  final String text;

  /// Null for an empty statement.
  final @Nullable ParsedStatement parsed;

  /// Parameter types by the client, completed by analysis; fixed for the life of the statement.
  final List<PgType> parameterTypes;
  final boolean fromSql;
  final long preparedMicros;

  /// The plan for SELECT and data changes; null for utility statements. Replaced when stale.
  @Nullable CachedPlan plan;
  @Nullable PlanEnvironment environment;

  PreparedStatement(String name, String text, @Nullable ParsedStatement parsed, List<PgType> parameterTypes, boolean fromSql, long preparedMicros) {
    this.name = name;
    this.text = text;
    this.parsed = parsed;
    this.parameterTypes = parameterTypes;
    this.fromSql = fromSql;
    this.preparedMicros = preparedMicros;
  }
}
