package io.heliosdb.nano.parse.ast;

/// A statement that PREPARE, DECLARE, EXPLAIN, COPY and WITH may hold: a query or a data change.
public sealed interface Preparable extends Statement permits SelectStatement, DmlStatement {
  /// The WITH clause in front, if any.
  @org.jspecify.annotations.Nullable WithClause with();
}
