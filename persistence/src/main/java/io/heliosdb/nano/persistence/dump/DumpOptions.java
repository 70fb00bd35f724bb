package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.compress.Compression;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What to dump, and how. Immutable; `DumpOptions.to(path)` and the methods `with…`.
///
/// @param outputPath a name that ends in `.sql` makes a script of statements instead of a `.heliodump` file
/// @param compressionLevel null for the algorithm's default
/// @param tables names, with or without schema, of the tables to dump; empty for the whole database
/// @param asOf a moment as `AS OF` takes it (`TIMESTAMP '…'`, `SCN 42`), null for now
/// @param digest whether the file gets a SHA-256 besides the checksums
public record DumpOptions(
    Path outputPath, DumpMode mode, Compression compression, @Nullable Integer compressionLevel, List<String> tables, String branch, @Nullable String asOf,
    boolean digest, DumpProgress progress) {
  public DumpOptions {
    tables = List.copyOf(tables);
    if (compressionLevel != null) {
      compression.checkLevel(compressionLevel);
    }
    if (mode == DumpMode.INCREMENTAL && asOf != null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "an incremental dump cannot be made as of another time");
    }
  }

  public static DumpOptions to(Path outputPath) {
    return new DumpOptions(outputPath, DumpMode.FULL, Compression.ZSTD, null, List.of(), "main", null, false, DumpProgress.NONE);
  }

  public DumpOptions withMode(DumpMode newMode) {
    return new DumpOptions(outputPath, newMode, compression, compressionLevel, tables, branch, asOf, digest, progress);
  }

  public DumpOptions withAppend(boolean append) {
    return withMode(append ? DumpMode.INCREMENTAL : DumpMode.FULL);
  }

  public DumpOptions withCompression(Compression newCompression, @Nullable Integer level) {
    return new DumpOptions(outputPath, mode, newCompression, level, tables, branch, asOf, digest, progress);
  }

  /// `false` is the same as the compression NONE.
  public DumpOptions withCompress(boolean compress) {
    return withCompression(compress ? Compression.ZSTD : Compression.NONE, null);
  }

  public DumpOptions withTables(List<String> newTables) {
    return new DumpOptions(outputPath, mode, compression, compressionLevel, newTables, branch, asOf, digest, progress);
  }

  public DumpOptions withBranch(String newBranch) {
    return new DumpOptions(outputPath, mode, compression, compressionLevel, tables, newBranch, asOf, digest, progress);
  }

  public DumpOptions withAsOf(@Nullable String moment) {
    return new DumpOptions(outputPath, mode, compression, compressionLevel, tables, branch, moment, digest, progress);
  }

  public DumpOptions withDigest(boolean newDigest) {
    return new DumpOptions(outputPath, mode, compression, compressionLevel, tables, branch, asOf, newDigest, progress);
  }

  public DumpOptions withProgress(DumpProgress newProgress) {
    return new DumpOptions(outputPath, mode, compression, compressionLevel, tables, branch, asOf, digest, newProgress);
  }

  public int level() {
    return compressionLevel != null ? compressionLevel : compression.levelDefault();
  }

  public boolean isSql() {
    return outputPath.toString().toLowerCase(Locale.ROOT).endsWith(".sql");
  }
}
