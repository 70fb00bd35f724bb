package io.heliosdb.nano.session;

import io.heliosdb.nano.parse.ParseSettings;
import io.heliosdb.nano.parse.StatementNormalizer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The statements that ran, by user and normalised text, for `pg_stat_statements`. Thread-safe.
///
/// A plan holds the counters of its statement, so a run adds without looking anything up; this table is asked when a statement is planned.
/// Bound: [#ENTRIES_MAX] statements; when full, the twentieth part with the fewest calls goes, and what goes is counted again from nothing
/// when it is next planned. Utility statements are not counted: their texts may hold passwords.
final class StatementStatistics {
  static final int ENTRIES_MAX = 5000;
  private static final int TEXT_LENGTH_MAX = 16 * 1024;
  private static final Pattern PARAMETER = Pattern.compile("\\$(\\d{1,5})");

  private final Map<StatementCounters.Key, StatementCounters> entries = new HashMap<>();

  /// The counters of a statement as it was written.
  StatementCounters counters(int userOid, String text, ParseSettings settings) {
    return counters(userOid, text, StatementNormalizer.normalize(text, settings));
  }

  StatementCounters counters(int userOid, String text, StatementNormalizer.@Nullable Normalized normalized) {
    StatementCounters.Key key = new StatementCounters.Key(userOid, normalized == null ? shortened(text) : normalized.key());
    synchronized (entries) {
      StatementCounters known = entries.get(key);
      if (known == null) {
        if (entries.size() >= ENTRIES_MAX) {
          dropRare();
        }
        known = new StatementCounters(key, shortened(normalized == null ? text : normalized.displayText(lastParameter(text))).strip());
        entries.put(key, known);
      }
      return known;
    }
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX);
  }

  private static int lastParameter(String text) {
    return PARAMETER.matcher(text).results().mapToInt(match -> Integer.parseInt(match.group(1))).max().orElse(0);
  }

  private void dropRare() {
    entries.values().stream()
        .sorted(Comparator.comparingLong(StatementCounters::calls))
        .limit(ENTRIES_MAX / 20)
        .toList()
        .forEach(counters -> entries.remove(counters.key));
  }

  Collection<StatementCounters> all() {
    synchronized (entries) {
      return List.copyOf(entries.values());
    }
  }

  /// Sets all counts to nothing.
  void reset() {
    all().forEach(StatementCounters::reset);
  }
}
