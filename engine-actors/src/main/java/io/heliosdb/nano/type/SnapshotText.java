package io.heliosdb.nano.type;

/// Text of a `pg_snapshot`: `xmin:xmax:xip,xip`. Source: PostgreSQL 15 manual, "Transaction ID and Snapshot Information Functions".
final class SnapshotText {
  private final String text;
  private int at;

  private SnapshotText(String text) {
    this.text = text;
  }

  /// The text with each transaction once.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 22P02 unless 0 < xmin <= xmax and the transactions ascend between them
  static String canonical(String text) {
    return new SnapshotText(text).read();
  }

  private String read() {
    long minimum = number();
    expectColon();
    long maximum = number();
    expectColon();
    if (minimum == 0 || maximum == 0 || Long.compareUnsigned(maximum, minimum) < 0) {
      throw bad();
    }
    StringBuilder out = new StringBuilder(text.length());
    out.append(Long.toUnsignedString(minimum)).append(':').append(Long.toUnsignedString(maximum)).append(':');
    long last = 0;
    while (at < text.length()) {
      long transaction = number();
      if (Long.compareUnsigned(transaction, minimum) < 0 || Long.compareUnsigned(transaction, maximum) >= 0
          || Long.compareUnsigned(transaction, last) < 0) {
        throw bad();
      }
      if (transaction != last) {
        out.append(last == 0 ? "" : ",").append(Long.toUnsignedString(transaction));
      }
      last = transaction;
      if (at < text.length() && text.charAt(at++) != ',') {
        throw bad();
      }
    }
    return out.toString();
  }

  private long number() {
    int start = at;
    at = DateTimeFields.digits(text, at);
    try {
      return start == at ? 0 : Long.parseUnsignedLong(text, start, at, 10);
    } catch (NumberFormatException e) {
      throw bad();
    }
  }

  private void expectColon() {
    if (at >= text.length() || text.charAt(at++) != ':') {
      throw bad();
    }
  }

  private RuntimeException bad() {
    return TypeErrors.invalidSyntax("pg_snapshot", text);
  }
}
