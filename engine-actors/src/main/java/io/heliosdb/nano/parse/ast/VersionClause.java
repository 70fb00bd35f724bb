package io.heliosdb.nano.parse.ast;

/// Which versions of a relation to read: one moment or a span of history.
public sealed interface VersionClause {
  int position();

  /// `AS OF moment`.
  record AsOf(Moment moment, int position) implements VersionClause {}

  /// `VERSIONS BETWEEN TIMESTAMP|SCN low AND high`; both moments are of the same kind.
  record VersionsBetween(Moment low, Moment high, int position) implements VersionClause {}

  /// A point on the database's version axis.
  sealed interface Moment {
    int position();
  }

  /// `NOW`: the present, whatever the session's `heliosdb.as_of` says.
  record Now(int position) implements Moment {}

  /// `TIMESTAMP value`: a string, parameter, scalar sub-query or other expression.
  record AtTimestamp(Expression value, int position) implements Moment {}

  /// `TRANSACTION n`.
  record AtTransaction(Expression value, int position) implements Moment {}

  /// `SCN n`.
  record AtScn(Expression value, int position) implements Moment {}
}
