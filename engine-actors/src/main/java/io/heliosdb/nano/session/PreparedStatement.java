package io.heliosdb.nano.session;

import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A statement made by Parse or PREPARE. Confined to its session.
final class PreparedStatement {
  private static final Object[] NO_VALUES = {};

  final String name;
  final String text;

  private @Nullable ParsedStatement parsed;
  private @Nullable Supplier<ParsedStatement> source;

  /// What a plan of the normalised text runs with in place of the literals of this one.
  @Nullable Object[] literals = NO_VALUES;

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

  /// A statement whose plan was found by its normalised text: it is parsed only if somebody asks for that.
  ///
  /// @param literals of this text
  static PreparedStatement lifted(String name, String text, Supplier<ParsedStatement> source, CachedPlan plan, @Nullable Object[] literals, long preparedMicros) {
    PreparedStatement statement = new PreparedStatement(name, text, null, List.of(), false, preparedMicros);
    statement.source = source;
    statement.plan = plan;
    statement.literals = literals;
    return statement;
  }

  /// Null for an empty statement.
  @Nullable ParsedStatement parsed() {
    if (source != null) {
      parsed = source.get();
      source = null;
    }
    return parsed;
  }

  /// Whether it is a SELECT or changes data.
  boolean isPlanned() {
    return plan != null;
  }

  /// The values to run a plan of this statement with in place of lifted literals.
  @Nullable Object[] literalsFor(CachedPlan used) {
    return used.lifted == null ? NO_VALUES : literals;
  }
}
