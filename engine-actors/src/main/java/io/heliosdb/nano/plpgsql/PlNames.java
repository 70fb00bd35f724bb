package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables in scope as the analyzer sees them during one analysis. Notes which fields of records the meaning relies on.
final class PlNames implements AnalyzerContext.Variables {
  private final PlScope scope;
  private final PlFrame frame;
  private final Conflict conflict;

  /// The record variables that were used, by slot, with the fields they had.
  final Map<Integer, @Nullable List<CompositeField>> records = new HashMap<>(2);

  /// The variables that were looked up, for messages.
  final java.util.Set<PlVariable> used = new java.util.LinkedHashSet<>();

  PlNames(PlScope scope, PlFrame frame, Conflict conflict) {
    this.scope = scope;
    this.frame = frame;
    this.conflict = conflict;
  }

  @Override
  public Conflict conflict() {
    return conflict;
  }

  @Override
  public @Nullable Variable resolve(List<String> parts) {
    PlScope.Found found = scope.find(parts);
    return found == null ? null : variable(found, parts);
  }

  @Override
  public @Nullable Variable parameter(int number) {
    PlScope.Found found = scope.find(List.of("$" + number));
    return found == null ? null : variable(found, List.of());
  }

  private Variable variable(PlScope.Found found, List<String> parts) {
    PlVariable variable = found.variable();
    used.add(variable);
    List<CompositeField> fields = null;
    if (variable.isRecord()) {
      fields = frame.shapes[variable.slot];
      records.put(variable.slot, fields);
    } else if (variable.isComposite()) {
      fields = frame.host.catalog().compositeFields(variable.type.ultimateBase());
    }
    if (parts.size() > found.consumed()) {
      checkField(variable, fields, parts.get(found.consumed()));
    }
    return new Variable(variable.slot + 1, variable.type, variable.typmod, variable.collation, found.consumed(), variable.isRecord() ? fields : null);
  }

  private static void checkField(PlVariable variable, @Nullable List<CompositeField> fields, String name) {
    if (fields == null) {
      throw notAssigned(variable);
    }
    for (CompositeField field : fields) {
      if (!field.dropped() && field.name().equals(name)) {
        return;
      }
    }
    throw noField(variable, name);
  }

  static SqlException noField(PlVariable variable, String name) {
    return new SqlException(SqlState.UNDEFINED_COLUMN, "record \"" + variable.name + "\" has no field \"" + name + "\"");
  }

  static SqlException notAssigned(PlVariable variable) {
    return new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "record \"" + variable.name + "\" is not assigned yet")
        .withDetail("The tuple structure of a not-yet-assigned record is indeterminate.");
  }
}
