package io.heliosdb.nano.persistence.migrate.file;

import io.heliosdb.nano.persistence.dump.DumpProgress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What file to import, and how. Immutable; `FileOptions.of(path, format)` and the methods `with…`.
///
/// @param format a name of COPY's formats: csv, json, jsonl, parquet …
/// @param table name of the new table; null for the file's name without its extension
/// @param header whether a CSV file begins with names; null to find out
/// @param delimiter of a CSV file, null to find out
/// @param nullText what stands for NULL in a CSV file, outside quotes
/// @param encoding PostgreSQL's name of the encoding
/// @param keepCase whether names keep their capitals
public record FileOptions(
    Path file, String format, @Nullable String table, @Nullable Boolean header, @Nullable Character delimiter, String nullText,
        String encoding, boolean keepCase, DumpProgress progress) {
  public static FileOptions of(Path file, String format) {
    return new FileOptions(file, format, null, null, null, "", "UTF8", false, DumpProgress.NONE);
  }

  public FileOptions withTable(@Nullable String newTable) {
    return new FileOptions(file, format, newTable, header, delimiter, nullText, encoding, keepCase, progress);
  }

  public FileOptions withHeader(@Nullable Boolean newHeader) {
    return new FileOptions(file, format, table, newHeader, delimiter, nullText, encoding, keepCase, progress);
  }

  public FileOptions withDelimiter(@Nullable Character newDelimiter) {
    return new FileOptions(file, format, table, header, newDelimiter, nullText, encoding, keepCase, progress);
  }

  public FileOptions withNullText(String text) {
    return new FileOptions(file, format, table, header, delimiter, text, encoding, keepCase, progress);
  }

  public FileOptions withEncoding(String name) {
    return new FileOptions(file, format, table, header, delimiter, nullText, name, keepCase, progress);
  }

  public FileOptions withKeepCase(boolean keep) {
    return new FileOptions(file, format, table, header, delimiter, nullText, encoding, keep, progress);
  }

  public FileOptions withProgress(DumpProgress newProgress) {
    return new FileOptions(file, format, table, header, delimiter, nullText, encoding, keepCase, newProgress);
  }
}
