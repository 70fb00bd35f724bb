package io.heliosdb.nano.plpgsql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names declared by one block, inside those of the blocks around it. Filled while compiling, then only read.
final class PlScope {
  /// A variable and how many parts of a name denote it.
  record Found(PlVariable variable, int consumed) {}

  final @Nullable PlScope parent;
  final @Nullable String label;
  private final Map<String, PlVariable> names = new HashMap<>();

  PlScope(@Nullable PlScope parent, @Nullable String label) {
    this.parent = parent;
    this.label = label;
  }

  void add(String name, PlVariable variable) {
    names.put(name, variable);
  }

  boolean declares(String name) {
    return names.containsKey(name);
  }

  /// The variable meant by `x`, `label.x`, `x.field` or `label.x.field`, or null.
  @Nullable Found find(List<String> parts) {
    String first = parts.getFirst();
    for (PlScope scope = this; scope != null; scope = scope.parent) {
      PlVariable variable = scope.names.get(first);
      if (variable != null && (parts.size() == 1 || variable.hasFields())) {
        return new Found(variable, 1);
      }
      if (parts.size() > 1 && first.equals(scope.label)) {
        variable = scope.names.get(parts.get(1));
        if (variable != null && (parts.size() == 2 || variable.hasFields())) {
          return new Found(variable, 2);
        }
      }
    }
    return null;
  }

  boolean hasLabel(String name) {
    for (PlScope scope = this; scope != null; scope = scope.parent) {
      if (name.equals(scope.label)) {
        return true;
      }
    }
    return false;
  }
}
