package io.heliosdb.nano.session;

import java.util.List;

/// Everything beside the text that the meaning of a statement depends on and that a session can change. Interned by the engine, so
/// that equal environments are the same object.
///
/// @param settings values of the settings that analysis and constant folding consult, in a fixed order
record PlanEnvironment(List<String> searchPath, int temporaryNamespace, int currentRole, int branch, String asOf, List<String> settings) {
  /// Settings that reading literals, folding, row security and the planner look at.
  static final List<String> CONSULTED =
      List.of("datestyle", "intervalstyle", "timezone", "standard_conforming_strings", "extra_float_digits", "bytea_output", "transform_null_equals",
          "row_security", "default_text_search_config", "xmlbinary", "lc_monetary", "array_nulls", "xmloption",
          "enable_hashjoin", "enable_nestloop", "enable_mergejoin", "enable_indexscan", "enable_seqscan", "enable_sort", "heliosdb.enable_rewrites",
          "max_parallel_workers_per_gather", "max_parallel_workers", "parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size");
}
