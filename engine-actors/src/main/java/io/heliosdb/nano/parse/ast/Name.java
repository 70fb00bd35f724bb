package io.heliosdb.nano.parse.ast;

/// One identifier and where it stands.
public record Name(String text, int position) {
  @Override
  public String toString() {
    return text;
  }
}
