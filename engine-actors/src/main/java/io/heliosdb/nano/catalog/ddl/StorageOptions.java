package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import java.util.List;
import java.util.Set;

/// Which storage parameters a table takes. They are kept and shown; a store that never vacuums has no use for most of them.
final class StorageOptions {
  private static final Set<String> KNOWN = Set.of("fillfactor", "toast_tuple_target", "parallel_workers", "autovacuum_enabled",
      "vacuum_index_cleanup", "vacuum_truncate", "autovacuum_vacuum_threshold", "autovacuum_vacuum_scale_factor",
      "autovacuum_vacuum_insert_threshold", "autovacuum_vacuum_insert_scale_factor", "autovacuum_analyze_threshold",
      "autovacuum_analyze_scale_factor", "autovacuum_vacuum_cost_delay", "autovacuum_vacuum_cost_limit", "autovacuum_freeze_min_age",
      "autovacuum_freeze_max_age", "autovacuum_freeze_table_age", "autovacuum_multixact_freeze_min_age",
      "autovacuum_multixact_freeze_max_age", "autovacuum_multixact_freeze_table_age", "log_autovacuum_min_duration", "user_catalog_table",
      MergePolicy.OPTION, "retention_days");

  private StorageOptions() {}

  static void check(List<Option> options, boolean partitioned) {
    for (Option option : options) {
      if (option.name().equals("oids") && !"true".equals(option.text()) && option.value() != null) {
        continue;
      }
      if (option.name().equals("oids")) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "tables declared WITH OIDS are not supported");
      }
      if (option.namespace() != null && !option.namespace().equals("toast")) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter namespace \"" + option.namespace() + "\"");
      }
      if (!KNOWN.contains(option.name())) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + option.name() + "\"");
      }
      if (option.name().equals(MergePolicy.OPTION)) {
        MergePolicy.check(option);
        continue;
      }
      if (option.name().equals("retention_days")) {
        checkRetention(option);
        continue;
      }
      if (partitioned) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + option.name() + "\"");
      }
      if (option.name().equals("fillfactor")) {
        checkFillFactor(option);
      }
    }
  }

  private static void checkRetention(Option option) {
    if (option.text() == null || !option.text().matches("[0-9]{1,6}")) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for integer option \"retention_days\": " + option.text());
    }
  }

  private static void checkFillFactor(Option option) {
    int value;
    try {
      value = Integer.parseInt(String.valueOf(option.text()));
    } catch (NumberFormatException e) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for integer option \"fillfactor\": " + option.text());
    }
    if (value < 10 || value > 100) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "value " + value + " out of bounds for option \"fillfactor\"")
          .withDetail("Valid values are between \"10\" and \"100\".");
    }
  }
}
