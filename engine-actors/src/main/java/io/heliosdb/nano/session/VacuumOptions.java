package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.UtilityStatement;

/// The options of VACUUM and ANALYZE. Those about pages and workers have no meaning for this store; their values are checked.
///
/// @param parallel workers asked for, -1 when not said
record VacuumOptions(boolean analyze, boolean full, boolean skipLocked, boolean disablePageSkipping, boolean processToast, int parallel) {
  private static final int WORKERS_MAX = 1024;

  static VacuumOptions of(UtilityStatement.Vacuum statement) {
    boolean analyze = statement.analyzeOnly();
    boolean full = false;
    boolean skipLocked = false;
    boolean disablePageSkipping = false;
    boolean processToast = true;
    int parallel = -1;
    for (Option option : statement.options()) {
      boolean known = true;
      switch (option.name()) {
        case "verbose" -> OptionValues.bool(option);
        case "skip_locked" -> skipLocked = OptionValues.bool(option);
        default -> known = false;
      }
      if (!known && !statement.analyzeOnly()) {
        known = true;
        switch (option.name()) {
          case "analyze" -> analyze = OptionValues.bool(option);
          case "full" -> full = OptionValues.bool(option);
          case "freeze", "truncate" -> OptionValues.bool(option);
          case "disable_page_skipping" -> disablePageSkipping = OptionValues.bool(option);
          case "process_toast" -> processToast = OptionValues.bool(option);
          case "index_cleanup" -> {
            if (!"auto".equalsIgnoreCase(option.text())) {
              OptionValues.bool(option);
            }
          }
          case "parallel" -> parallel = workers(option);
          default -> known = false;
        }
      }
      if (!known) {
        throw new SqlException(SqlState.SYNTAX_ERROR,
            "unrecognized " + (statement.analyzeOnly() ? "ANALYZE" : "VACUUM") + " option \"" + option.name() + "\"").at(option.position());
      }
    }
    if (full && parallel > 0) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "VACUUM FULL cannot be performed in parallel");
    }
    return new VacuumOptions(analyze, full, skipLocked, disablePageSkipping, processToast, parallel);
  }

  private static int workers(Option option) {
    if (option.value() == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "parallel option requires a value between 0 and " + WORKERS_MAX).at(option.position());
    }
    int workers;
    try {
      workers = Integer.parseInt(String.valueOf(option.text()));
    } catch (NumberFormatException e) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "parallel requires an integer value");
    }
    if (workers < 0 || workers > WORKERS_MAX) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "parallel workers for vacuum must be between 0 and " + WORKERS_MAX).at(option.position());
    }
    return workers;
  }

  void checkCombination() {
    if (full && disablePageSkipping) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "VACUUM option DISABLE_PAGE_SKIPPING cannot be used with FULL");
    }
    if (full && !processToast) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "PROCESS_TOAST required with VACUUM FULL");
    }
  }
}
