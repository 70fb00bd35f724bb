package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to restore, and how. Immutable; `RestoreOptions.from(path)` and the methods `with…`.
///
/// @param tables names, with or without schema; empty for everything in the file
/// @param key of an encrypted dump, null for that of the database it goes into
/// @param verify whether all of the file is checked before anything is touched
public record RestoreOptions(Path inputPath, RestoreMode mode, List<String> tables, OnConflict onConflict, boolean verify, DumpProgress progress,
    @Nullable EncryptionKey key) {
  public RestoreOptions {
    tables = List.copyOf(tables);
  }

  public static RestoreOptions from(Path inputPath) {
    return new RestoreOptions(inputPath, RestoreMode.CLEAN, List.of(), OnConflict.ERROR, true, DumpProgress.NONE, null);
  }

  public RestoreOptions withMode(RestoreMode newMode) {
    return new RestoreOptions(inputPath, newMode, tables, onConflict, verify, progress, key);
  }

  public RestoreOptions withTables(List<String> newTables) {
    return new RestoreOptions(inputPath, mode, newTables, onConflict, verify, progress, key);
  }

  public RestoreOptions withOnConflict(OnConflict newOnConflict) {
    return new RestoreOptions(inputPath, mode, tables, newOnConflict, verify, progress, key);
  }

  public RestoreOptions withVerify(boolean newVerify) {
    return new RestoreOptions(inputPath, mode, tables, onConflict, newVerify, progress, key);
  }

  public RestoreOptions withProgress(DumpProgress newProgress) {
    return new RestoreOptions(inputPath, mode, tables, onConflict, verify, newProgress, key);
  }

  public RestoreOptions withKey(@Nullable EncryptionKey newKey) {
    return new RestoreOptions(inputPath, mode, tables, onConflict, verify, progress, newKey);
  }
}
