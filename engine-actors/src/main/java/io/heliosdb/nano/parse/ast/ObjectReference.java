package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Names one object of a given kind in a generic statement.
public sealed interface ObjectReference {
  /// An object with a (qualified) name of its own. For COLUMN the last part is the column.
  record Named(QualifiedName name) implements ObjectReference {}

  /// A function, procedure or routine; no signature (null) means the name alone must be unique.
  record Routine(QualifiedName name, @Nullable List<FunctionParameter> parameters) implements ObjectReference {}

  /// An aggregate. `star` is `(*)`; `orderBy` not null is the part after ORDER BY of an ordered-set aggregate.
  record Aggregate(
      QualifiedName name, boolean star, List<FunctionParameter> parameters, @Nullable List<FunctionParameter> orderBy)
      implements ObjectReference {}

  /// An operator; a null operand type is NONE.
  record Operator(QualifiedName name, @Nullable TypeName left, @Nullable TypeName right) implements ObjectReference {}

  /// A type or domain.
  record Type(TypeName type) implements ObjectReference {}

  /// A trigger, rule, policy or table constraint: its name and the relation.
  record OnRelation(String name, QualifiedName relation) implements ObjectReference {}

  /// A constraint of a domain.
  record OnDomain(String name, TypeName domain) implements ObjectReference {}

  record Cast(TypeName source, TypeName target) implements ObjectReference {}

  record Transform(TypeName type, String language) implements ObjectReference {}

  /// An operator class or family of an index access method.
  record OfMethod(QualifiedName name, String method) implements ObjectReference {}

  record LargeObject(long oid) implements ObjectReference {}
}
