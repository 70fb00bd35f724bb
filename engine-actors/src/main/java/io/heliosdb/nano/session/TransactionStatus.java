package io.heliosdb.nano.session;

/// What ReadyForQuery reports.
public enum TransactionStatus {
  IDLE('I'),
  IN_BLOCK('T'),
  FAILED('E');

  private final char code;

  TransactionStatus(char code) {
    this.code = code;
  }

  public char code() {
    return code;
  }
}
