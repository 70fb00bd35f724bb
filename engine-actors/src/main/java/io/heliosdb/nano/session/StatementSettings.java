package io.heliosdb.nano.session;

import io.heliosdb.nano.txn.IsolationLevel;

/// The settings that every statement looks at, read and parsed once per change of the session's settings ([Settings#generation]).
/// Immutable.
record StatementSettings(
    IsolationLevel isolation,
    boolean readOnly,
    boolean deferrable,
    boolean standardConformingStrings,
    boolean escapeStringWarning,
    boolean synchronousCommit,
    int lockTimeoutMillis,
    long workMemBytes,
    double hashMemMultiplier) {

  static StatementSettings of(Settings settings) {
    return new StatementSettings(
        TransactionControl.level(settings.get("default_transaction_isolation")),
        settings.isOn("default_transaction_read_only"),
        settings.isOn("default_transaction_deferrable"),
        settings.isOn("standard_conforming_strings"),
        settings.isOn("escape_string_warning"),
        !settings.get("synchronous_commit").equals("off"),
        settings.integer("lock_timeout"),
        settings.integer("work_mem") * 1024L,
        Double.parseDouble(settings.get("hash_mem_multiplier")));
  }
}
