package io.heliosdb.nano.persistence.dump;

import java.nio.file.Path;
import java.util.List;

/// What to restore, and how. Immutable; `RestoreOptions.from(path)` and the methods `with…`.
///
/// @param tables names, with or without schema; empty for everything in the file
/// @param verify whether all of the file is checked before anything is touched
public record RestoreOptions(Path inputPath, RestoreMode mode, List<String> tables, OnConflict onConflict, boolean verify, DumpProgress progress) {
  public RestoreOptions {
    tables = List.copyOf(tables);
  }

  public static RestoreOptions from(Path inputPath) {
    return new RestoreOptions(inputPath, RestoreMode.CLEAN, List.of(), OnConflict.ERROR, true, DumpProgress.NONE);
  }

  public RestoreOptions withMode(RestoreMode newMode) {
    return new RestoreOptions(inputPath, newMode, tables, onConflict, verify, progress);
  }

  public RestoreOptions withTables(List<String> newTables) {
    return new RestoreOptions(inputPath, mode, newTables, onConflict, verify, progress);
  }

  public RestoreOptions withOnConflict(OnConflict newOnConflict) {
    return new RestoreOptions(inputPath, mode, tables, newOnConflict, verify, progress);
  }

  public RestoreOptions withVerify(boolean newVerify) {
    return new RestoreOptions(inputPath, mode, tables, onConflict, newVerify, progress);
  }

  public RestoreOptions withProgress(DumpProgress newProgress) {
    return new RestoreOptions(inputPath, mode, tables, onConflict, verify, newProgress);
  }
}
