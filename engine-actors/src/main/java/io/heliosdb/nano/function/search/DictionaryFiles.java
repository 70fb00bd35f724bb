package io.heliosdb.nano.function.search;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Files of dictionaries: those in the folder `tsearch_data` of the data directory, else those that come with the program.
/// UTF-8; at most 64 MB each.
///
/// @param directory the data directory, null for a database in memory
record DictionaryFiles(@Nullable Path directory) {
  private static final int BYTES_MAX = 64 << 20;

  /// The lines of a file.
  ///
  /// @param what the file's kind as PostgreSQL's message names it
  /// @throws SqlException 22023 for a name with other characters than letters, digits and `_`; F0000 when it cannot be read
  List<String> lines(String name, String extension, String what) {
    if (!name.matches("[a-z0-9_]+")) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid text search configuration file name \"" + name + "\"");
    }
    String file = name + "." + extension;
    Path own = directory == null ? null : directory.resolve("tsearch_data").resolve(file);
    try {
      if (own != null && Files.isRegularFile(own)) {
        if (Files.size(own) > BYTES_MAX) {
          throw new SqlException(SqlState.CONFIG_FILE_ERROR, what + " \"" + file + "\" is larger than " + BYTES_MAX + " bytes");
        }
        return Files.readAllLines(own);
      }
      try (InputStream in = DictionaryFiles.class.getResourceAsStream("tsearch_data/" + file)) {
        if (in != null) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
      }
    } catch (IOException e) {
      throw new SqlException(SqlState.CONFIG_FILE_ERROR, "could not open " + what + " \"" + file + "\": " + e.getMessage());
    }
    throw new SqlException(SqlState.CONFIG_FILE_ERROR, "could not open " + what + " \"" + file + "\": No such file or directory");
  }

  Set<String> stopWords(String name) {
    Set<String> words = new HashSet<>();
    for (String line : lines(name, "stop", "stop-word file")) {
      String word = line.strip();
      int space = 0;
      while (space < word.length() && !Character.isWhitespace(word.charAt(space))) {
        space++;
      }
      if (space > 0) {
        words.add(word.substring(0, space).toLowerCase(java.util.Locale.ROOT));
      }
    }
    return Set.copyOf(words);
  }
}
