package io.heliosdb.nano.error;

import org.jspecify.annotations.Nullable;

/// The one exception that carries an error to a client. It cannot be built without a [SqlState].
///
/// `position` is the 1-based character position in the statement text, 0 when there is none (PostgreSQL manual,
/// "Error and Notice Message Fields"). Instances are immutable; the `with…` methods return copies.
/// Stack traces are only recorded for internal errors (class XX), because user errors are ordinary results.
public final class SqlException extends RuntimeException {
  private final SqlState state;
  private final @Nullable String detail;
  private final @Nullable String hint;
  private final @Nullable String context;
  private final int position;
  private final @Nullable ErrorObject object;
  private final @Nullable String internalQuery;

  /// Names of the objects an error is about, for the fields `s t c d n` of an ErrorResponse; any may be null.
  public record ErrorObject(
      @Nullable String schema,
      @Nullable String table,
      @Nullable String column,
      @Nullable String dataType,
      @Nullable String constraint) {}

  public SqlException(SqlState state, String message) {
    this(state, message, null, null, null, 0, null, null, null);
  }

  public SqlException(SqlState state, String message, Throwable cause) {
    this(state, message, null, null, null, 0, null, null, cause);
  }

  private SqlException(
      SqlState state,
      String message,
      @Nullable String detail,
      @Nullable String hint,
      @Nullable String context,
      int position,
      @Nullable ErrorObject object,
      @Nullable String internalQuery,
      @Nullable Throwable cause) {
    super(message, cause, false, state.isInternal());
    this.state = state;
    this.detail = detail;
    this.hint = hint;
    this.context = context;
    this.position = position;
    this.object = object;
    this.internalQuery = internalQuery;
  }

  /// SQLSTATE 0A000 for a feature that is named in the message; the only way to say "not supported".
  public static SqlException notSupported(String feature) {
    return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, feature + " is not supported");
  }

  public SqlException withDetail(@Nullable String newDetail) {
    return new SqlException(state, getMessage(), newDetail, hint, context, position, object, internalQuery, getCause());
  }

  public SqlException withHint(@Nullable String newHint) {
    return new SqlException(state, getMessage(), detail, newHint, context, position, object, internalQuery, getCause());
  }

  public SqlException withContext(@Nullable String newContext) {
    return new SqlException(state, getMessage(), detail, hint, newContext, position, object, internalQuery, getCause());
  }

  /// Sets the 1-based character position, unless one is known already.
  public SqlException at(int newPosition) {
    return position > 0 || newPosition <= 0 || internalQuery != null
        ? this
        : new SqlException(state, getMessage(), detail, hint, context, newPosition, object, internalQuery, getCause());
  }

  public SqlException about(ErrorObject newObject) {
    return new SqlException(state, getMessage(), detail, hint, context, position, newObject, internalQuery, getCause());
  }

  public SqlException aboutConstraint(String schema, String table, String constraint) {
    return about(new ErrorObject(schema, table, null, null, constraint));
  }

  public SqlException aboutColumn(String schema, String table, String column) {
    return about(new ErrorObject(schema, table, column, null, null));
  }

  /// Says that the position is in a query the engine itself ran (inside a function), which starts `shift` characters before the text
  /// that the position was counted in. Without a position nothing changes.
  public SqlException insideQuery(String query, int shift) {
    return position <= 0 || internalQuery != null
        ? this
        : new SqlException(state, getMessage(), detail, hint, context, position + shift, object, query, getCause());
  }

  /// The query inside a function that [#position] refers to; null when it refers to the client's statement.
  public @Nullable String internalQuery() {
    return internalQuery;
  }

  public SqlState state() {
    return state;
  }

  public @Nullable String detail() {
    return detail;
  }

  public @Nullable String hint() {
    return hint;
  }

  public @Nullable String context() {
    return context;
  }

  public int position() {
    return position;
  }

  public @Nullable ErrorObject object() {
    return object;
  }

  @Override
  public String toString() {
    return "ERROR " + state.code() + ": " + getMessage() + (detail == null ? "" : " DETAIL: " + detail);
  }
}
