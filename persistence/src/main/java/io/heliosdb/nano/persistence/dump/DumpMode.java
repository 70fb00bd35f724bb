package io.heliosdb.nano.persistence.dump;

/// What a dump holds.
public enum DumpMode {
  /// Everything, in a file of its own; a file that is there is replaced once the new one is complete.
  FULL,
  /// What changed since the file's last segment, appended to it; without a file the same as [#FULL].
  INCREMENTAL
}
