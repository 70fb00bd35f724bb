package io.heliosdb.nano.type;

/// Order of tsvector and tsquery values.
final class TextSearchOrder {
  private TextSearchOrder() {}

  static int compare(TsVector a, TsVector b) {
    throw new UnsupportedOperationException();
  }

  static int compare(TsQuery a, TsQuery b) {
    throw new UnsupportedOperationException();
  }
}
