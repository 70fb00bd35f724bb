package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.function.Implementation;

/// Gives a lambda the form of an [Implementation]; lets a family's `switch` stay a table.
final class Forms {
  private Forms() {}

  static Implementation unary(Implementation.Unary body) {
    return body;
  }

  static Implementation binary(Implementation.Binary body) {
    return body;
  }

  static Implementation ternary(Implementation.Ternary body) {
    return body;
  }

  static Implementation nullary(Implementation.Nullary body) {
    return body;
  }

  static Implementation contextual(Implementation.Contextual body) {
    return body;
  }

  static Implementation setReturning(Implementation.SetReturning body) {
    return body;
  }

  static Implementation aggregate(Implementation.Aggregate body) {
    return body;
  }

  static Implementation window(Implementation.Window body) {
    return body;
  }

  static Implementation orderedSet(Implementation.OrderedSetAggregate body) {
    return body;
  }
}
