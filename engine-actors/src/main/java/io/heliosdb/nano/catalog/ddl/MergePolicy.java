package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import java.util.Set;

/// The storage parameter `merge_policy` of tables and columns: what MERGE DATABASE BRANCH does where both branches changed a value.
final class MergePolicy {
  static final String OPTION = "merge_policy";

  private static final Set<String> VALUES = Set.of("sum", "latest", "branch", "target", "fail", "union");

  private MergePolicy() {}

  static void check(Option option) {
    if (option.text() == null || !VALUES.contains(option.text())) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for enum option \"merge_policy\": " + option.text())
          .withDetail("Valid values are \"branch\", \"fail\", \"latest\", \"sum\", \"target\" and \"union\".");
    }
  }
}
