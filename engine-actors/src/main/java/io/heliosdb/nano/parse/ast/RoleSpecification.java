package io.heliosdb.nano.parse.ast;

/// A role as named in a statement: by name or by one of the special words.
public record RoleSpecification(Kind kind, String name, int position) {
  /// `NAMED` uses [#name]; for the others the name is the word itself.
  public enum Kind { NAMED, CURRENT_ROLE, CURRENT_USER, SESSION_USER, PUBLIC }
}
