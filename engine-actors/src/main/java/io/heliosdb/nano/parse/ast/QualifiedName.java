package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A possibly schema- or catalog-qualified name of a relation, function, operator, type or other object; at least one part.
/// For an operator the last part is the symbol, for example `pg_catalog.+`.
public record QualifiedName(List<String> parts, int position) {
  public static QualifiedName of(String name, int position) {
    return new QualifiedName(List.of(name), position);
  }

  /// The name of something that SQL's own syntax refers to, which PostgreSQL finds in `pg_catalog` whatever the search path.
  public static QualifiedName system(String name, int position) {
    return new QualifiedName(List.of("pg_catalog", name), position);
  }

  /// The object's own name: the last part.
  public String name() {
    return parts.getLast();
  }

  /// The part before the name, or null if there is none.
  public @Nullable String schema() {
    return parts.size() < 2 ? null : parts.get(parts.size() - 2);
  }

  /// The part before the schema, or null if there is none.
  public @Nullable String catalog() {
    return parts.size() < 3 ? null : parts.get(parts.size() - 3);
  }

  public boolean isQualified() {
    return parts.size() > 1;
  }

  /// The parts joined by dots, unquoted, as PostgreSQL prints names in messages.
  @Override
  public String toString() {
    return parts.size() == 1 ? parts.get(0) : String.join(".", parts);
  }
}
