package io.heliosdb.nano.parse.ast;

/// A statement and its place in the text it was parsed from.
///
/// `start` and `end` are UTF-16 offsets into `source` (the whole text, which positions in the tree and in errors refer to);
/// they exclude blanks, comments in front and the terminating semicolon. `parameterCount` is the highest `$n`, 0 if there is none.
public record ParsedStatement(Statement statement, String source, int start, int end, int parameterCount) {
  /// The statement's own text.
  public String text() {
    return source.substring(start, end);
  }

  public int length() {
    return end - start;
  }
}
