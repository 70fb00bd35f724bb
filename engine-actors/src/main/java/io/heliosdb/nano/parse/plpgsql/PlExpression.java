package io.heliosdb.nano.parse.plpgsql;

import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SelectStatement.SelectCore;
import org.jspecify.annotations.Nullable;

/// An expression of PL/pgSQL, which is whatever may follow the word SELECT.
///
/// `position` is its 1-based character position in the body; positions inside `query` are relative to `text`.
public record PlExpression(String text, SelectStatement query, int position) {
  /// The expression itself if the query is nothing but one value (no FROM, WHERE, LIMIT …), else null.
  public @Nullable Expression simple() {
    if (query.limit() != null || !query.orderBy().isEmpty() || !query.locking().isEmpty()) {
      return null;
    }
    if (!(query.body() instanceof SelectCore core) || core.targets().size() != 1) {
      return null;
    }
    boolean bare =
        core.distinct() == null
            && core.into() == null
            && core.from().isEmpty()
            && core.where() == null
            && core.groupBy().isEmpty()
            && core.having() == null
            && core.windows().isEmpty();
    return bare ? core.targets().getFirst().expression() : null;
  }
}
