package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// The error texts that many types share.
public final class TypeErrors {
  private TypeErrors() {}

  /// 22P02 for text that a type cannot read.
  public static SqlException invalidSyntax(String typeName, String text) {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type " + typeName + ": \"" + text + "\"");
  }

  /// 22003 for a number in text that does not fit.
  public static SqlException valueOutOfRange(String text, String typeName) {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value \"" + text + "\" is out of range for type " + typeName);
  }

  /// 22003, "integer out of range" and the like.
  public static SqlException outOfRange(String what) {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, what + " out of range");
  }

  public static SqlException divisionByZero() {
    return new SqlException(SqlState.DIVISION_BY_ZERO, "division by zero");
  }

  public static SqlException invalidParameter(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  /// A binary value that ends too early; PostgreSQL reads values and messages with the same functions.
  static SqlException insufficientData() {
    return new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
  }

  static SqlException noData() {
    return new SqlException(SqlState.PROTOCOL_VIOLATION, "no data left in message");
  }

  /// 22P03 for a malformed binary value.
  public static SqlException invalidBinary(String message) {
    return new SqlException(SqlState.INVALID_BINARY_REPRESENTATION, message);
  }
}
