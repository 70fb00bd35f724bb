package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The types of `$1`, `$2`, …: given ones stand, others are decided by the first use that needs a type.
///
/// Errors: 42P02 no such parameter, 42P08 inconsistent uses, 42P18 never decided.
final class ParameterTypes {
  private static final int NUMBER_MAX = 65_535;
  private final List<@Nullable PgType> types;
  private final boolean infer;

  ParameterTypes(List<@Nullable PgType> given, boolean infer) {
    this.types = new ArrayList<>(given);
    this.infer = infer;
  }

  Node.Param reference(int number, int position) {
    if (number < 1 || number > NUMBER_MAX || number > types.size() && !infer) {
      throw new SqlException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $" + number).at(position);
    }
    while (types.size() < number) {
      types.add(null);
    }
    PgType type = types.get(number - 1);
    PgType seen = type == null ? PgTypes.UNKNOWN : type;
    return new Node.Param(position, number, this, seen, -1, seen.collationOid());
  }

  /// Fixes the type of a parameter that was `unknown` when it was referenced.
  Node.Param resolve(Node.Param param, PgType target, AnalysisTypes names) {
    PgType current = types.get(param.number - 1);
    if (current == null || current.oid() == PgTypes.UNKNOWN.oid()) {
      types.set(param.number - 1, target);
    } else if (!current.equals(target)) {
      throw new SqlException(SqlState.AMBIGUOUS_PARAMETER, "inconsistent types deduced for parameter $" + param.number)
          .withDetail(names.format(current) + " versus " + names.format(target))
          .at(param.position);
    }
    param.type = target;
    param.typmod = -1;
    param.collation = target.collationOid();
    return param;
  }

  /// All types, once analysis is complete.
  List<PgType> resolved() {
    List<PgType> result = new ArrayList<>(types.size());
    for (int i = 0; i < types.size(); i++) {
      PgType type = types.get(i);
      if (type == null || type.oid() == PgTypes.UNKNOWN.oid()) {
        throw new SqlException(SqlState.INDETERMINATE_DATATYPE, "could not determine data type of parameter $" + (i + 1));
      }
      result.add(type);
    }
    return result;
  }
}
