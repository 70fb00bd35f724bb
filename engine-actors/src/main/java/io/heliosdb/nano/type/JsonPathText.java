package io.heliosdb.nano.type;

/// Text of jsonpath values.
final class JsonPathText {
  private JsonPathText() {}

  static String canonical(String text) {
    return text;
  }
}
