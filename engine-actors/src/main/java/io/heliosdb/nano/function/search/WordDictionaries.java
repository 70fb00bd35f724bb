package io.heliosdb.nano.function.search;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The dictionaries that look at one word without affixes: simple, snowball, synonym. Source: PostgreSQL 15 manual, "Dictionaries".
final class WordDictionaries {
  private WordDictionaries() {}

  /// Folds case and drops stop words; without `accept` other words go on to the next dictionary.
  record Simple(Set<String> stopWords, boolean accept) implements SearchDictionary {
    @Override
    public @Nullable List<Lexeme> lexize(String token) {
      String lower = token.toLowerCase(Locale.ROOT);
      return stopWords.contains(lower) ? List.of() : accept ? List.of(Lexeme.of(lower)) : null;
    }
  }

  /// Drops stop words and stems the rest.
  record EnglishStem(Set<String> stopWords) implements SearchDictionary {
    @Override
    public List<Lexeme> lexize(String token) {
      String lower = token.toLowerCase(Locale.ROOT);
      return lower.isEmpty() || stopWords.contains(lower) ? List.of() : List.of(Lexeme.of(EnglishStemmer.stem(lower)));
    }
  }

  /// Replaces single words.
  record Synonym(Map<String, Lexeme> words, boolean caseSensitive) implements SearchDictionary {
    static Synonym read(List<String> lines, boolean caseSensitive) {
      Map<String, Lexeme> words = new java.util.HashMap<>();
      for (String line : lines) {
        String[] parts = line.strip().split("\\s+");
        if (parts.length < 2) {
          continue;
        }
        boolean prefix = parts[1].length() > 1 && parts[1].endsWith("*");
        String out = prefix ? parts[1].substring(0, parts[1].length() - 1) : parts[1];
        words.put(caseSensitive ? parts[0] : parts[0].toLowerCase(Locale.ROOT),
            new Lexeme(caseSensitive ? out : out.toLowerCase(Locale.ROOT), 0, prefix, false));
      }
      return new Synonym(Map.copyOf(words), caseSensitive);
    }

    @Override
    public @Nullable List<Lexeme> lexize(String token) {
      Lexeme found = words.get(caseSensitive ? token : token.toLowerCase(Locale.ROOT));
      return found == null ? null : List.of(found);
    }
  }
}
