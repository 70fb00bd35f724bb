package io.heliosdb.nano.persistence.migrate.file;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a CSV file is laid out: delimiter, header, names of columns, found by its first records unless given.
///
/// There is a header if the first record has a text in every field, no two alike, and either one of the columns is of another type below,
/// or all
/// are texts and no name occurs below.
record CsvLayout(char delimiter, boolean header, List<String> names) {
  private static final int SAMPLE_BYTES = 256 * 1024;
  private static final char[] DELIMITERS = {',', ';', '\t', '|'};

  static CsvLayout of(FileOptions options, Charset charset) throws IOException {
    String sample;
    boolean whole;
    try (InputStream in = Files.newInputStream(options.file())) {
      byte[] bytes = in.readNBytes(SAMPLE_BYTES);
      whole = bytes.length < SAMPLE_BYTES;
      sample = new String(bytes, charset);
    }
    if (sample.startsWith("\uFEFF")) {
      sample = sample.substring(1);
    }
    if (sample.isBlank()) {
      throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "file \"" + options.file()
          + "\" is empty").withHint("Columns come from the first line.");
    }
    char delimiter = options.delimiter() != null ? options.delimiter() : delimiter(sample, whole);
    List<List<@Nullable String>> records = records(sample, delimiter, whole);
    List<@Nullable String> first = records.getFirst();
    boolean header = options.header() != null ? options.header() : looksLikeHeader(records);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      String name = header ? first.get(i) : null;
      names.add(name == null || name.isBlank() ? "column" + (i + 1) : name.strip());
    }
    return new CsvLayout(delimiter, header, names);
  }

  /// The one that cuts all records into the same number of fields, the more the better.
  private static char delimiter(String sample, boolean whole) {
    char best = ',';
    int most = 1;
    for (char candidate : DELIMITERS) {
      List<List<@Nullable String>> records = records(sample, candidate, whole);
      int fields = records.getFirst().size();
      if (fields > most && records.stream().allMatch(record -> record.size() == fields)) {
        best = candidate;
        most = fields;
      }
    }
    return best;
  }

  private static boolean looksLikeHeader(List<List<@Nullable String>> records) {
    List<@Nullable String> first = records.getFirst();
    if (first.stream().anyMatch(field -> field == null || field.isBlank() || isValue(field))
        || new HashSet<>(first).size() < first.size()) {
      return false;
    }
    boolean repeated = false;
    for (int c = 0; c < first.size(); c++) {
      TypeGuess guess = new TypeGuess();
      for (List<@Nullable String> record : records.subList(1, records.size())) {
        String field = c < record.size() ? record.get(c) : null;
        if (field != null) {
          guess.text(field);
          repeated |= field.equals(first.get(c));
        }
      }
      if (guess.isNarrow() && !guess.accepts(String.valueOf(first.get(c)))) {
        return true;
      }
    }
    return !repeated;
  }

  /// Whether a field is no name: a number, a date. A single `t` may be one.
  private static boolean isValue(String field) {
    TypeGuess guess = new TypeGuess();
    guess.text(field);
    return guess.isNarrow() && field.length() > 1 || Character.isDigit(field.charAt(0));
  }

  /// The records of the sample; the last one only if it is complete.
  private static List<List<@Nullable String>> records(String sample, char delimiter, boolean whole) {
    List<List<@Nullable String>> records = new ArrayList<>();
    List<@Nullable String> record = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    for (int i = 0; i < sample.length(); i++) {
      char c = sample.charAt(i);
      if (quoted) {
        if (c == '"' && i + 1 < sample.length() && sample.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else if (c == '"') {
          quoted = false;
        } else {
          field.append(c);
        }
      } else if (c == '"') {
        quoted = true;
        wasQuoted = true;
      } else if (c == delimiter || c == '\n' || c == '\r') {
        record.add(field.isEmpty() && !wasQuoted ? null : field.toString());
        field.setLength(0);
        wasQuoted = false;
        if (c != delimiter) {
          records.add(record);
          record = new ArrayList<>();
          i += c == '\r' && i + 1 < sample.length() && sample.charAt(i + 1) == '\n' ? 1 : 0;
        }
      } else {
        field.append(c);
      }
    }
    if (records.isEmpty() || whole && (!record.isEmpty() || !field.isEmpty() || wasQuoted)) {
      record.add(field.isEmpty() && !wasQuoted ? null : field.toString());
      records.add(record);
    }
    return records;
  }
}
