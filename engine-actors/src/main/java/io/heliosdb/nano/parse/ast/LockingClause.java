package io.heliosdb.nano.parse.ast;

import java.util.List;

/// `FOR UPDATE|NO KEY UPDATE|SHARE|KEY SHARE [OF t, …] [NOWAIT|SKIP LOCKED]`; no tables means all of FROM.
public record LockingClause(Strength strength, List<QualifiedName> tables, WaitPolicy waitPolicy, int position) {
  /// From weakest to strongest.
  public enum Strength { KEY_SHARE, SHARE, NO_KEY_UPDATE, UPDATE }

  public enum WaitPolicy { BLOCK, SKIP_LOCKED, NOWAIT }
}
