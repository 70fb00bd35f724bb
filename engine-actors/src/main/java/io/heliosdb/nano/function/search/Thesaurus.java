package io.heliosdb.nano.function.search;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Replaces phrases. Words of samples and of the text are compared as a sub-dictionary gives them; `?` in a sample stands for a stop word.
/// The longest sample wins. Immutable. Source: PostgreSQL 15 manual, "Thesaurus Dictionary".
final class Thesaurus implements SearchDictionary {
  /// What one place of a sample accepts: variants of lexemes; null for a stop word.
  private record Place(@Nullable Set<List<String>> variants) {}

  private record Rule(List<Place> places, List<Lexeme> lexemes) {}

  private final SearchDictionary words;
  private final List<Rule> rules = new ArrayList<>();
  private int longest = 1;

  Thesaurus(List<String> lines, SearchDictionary words) {
    this.words = words;
    int number = 0;
    for (String raw : lines) {
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      number++;
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw bad("unexpected delimiter");
      }
      if (line.indexOf(':', colon + 1) >= 0) {
        throw bad("unexpected delimiter");
      }
      List<Place> places = new ArrayList<>();
      for (String word : line.substring(0, colon).strip().split("\\s+")) {
        if (!word.isEmpty()) {
          places.add(place(word, number));
        }
      }
      List<Lexeme> lexemes = new ArrayList<>();
      for (String word : line.substring(colon + 1).strip().split("\\s+")) {
        substitute(word, number, lexemes);
      }
      if (places.isEmpty() || lexemes.isEmpty()) {
        throw bad("unexpected end of line");
      }
      rules.add(new Rule(places, lexemes));
      longest = Math.max(longest, places.size());
    }
  }

  private static SqlException bad(String message) {
    return new SqlException(SqlState.CONFIG_FILE_ERROR, message);
  }

  private Place place(String word, int rule) {
    if (word.equals("?")) {
      return new Place(null);
    }
    List<Lexeme> found = words.lexize(word);
    if (found == null) {
      throw bad("thesaurus sample word \"" + word + "\" isn't recognized by subdictionary (rule " + rule + ")");
    }
    if (found.isEmpty()) {
      throw bad("thesaurus sample word \"" + word + "\" is a stop word (rule " + rule + ")")
          .withHint("Use \"?\" to represent a stop word within a sample phrase.");
    }
    return new Place(variants(found));
  }

  private static Set<List<String>> variants(List<Lexeme> lexemes) {
    java.util.TreeMap<Integer, List<String>> byVariant = new java.util.TreeMap<>();
    lexemes.forEach(lexeme -> byVariant.computeIfAbsent(lexeme.variant(), v -> new ArrayList<>()).add(lexeme.text()));
    return new HashSet<>(byVariant.values());
  }

  private void substitute(String word, int rule, List<Lexeme> out) {
    boolean first = out.isEmpty();
    if (word.startsWith("*") && word.length() > 1) {
      out.add(new Lexeme(word.substring(1).toLowerCase(java.util.Locale.ROOT), 0, false, !first));
      return;
    }
    List<Lexeme> found = words.lexize(word);
    if (found == null) {
      throw bad("thesaurus substitute word \"" + word + "\" isn't recognized by subdictionary (rule " + rule + ")");
    }
    if (found.isEmpty()) {
      throw bad("thesaurus substitute word \"" + word + "\" is a stop word (rule " + rule + ")");
    }
    for (int i = 0; i < found.size(); i++) {
      Lexeme lexeme = found.get(i);
      out.add(new Lexeme(lexeme.text(), lexeme.variant(), lexeme.prefix(), i == 0 && !first));
    }
  }

  @Override
  public int phraseTokens() {
    return longest;
  }

  @Override
  public @Nullable List<Lexeme> lexize(String token) {
    Phrase phrase = phrase(List.of(token));
    return phrase == null ? null : phrase.lexemes();
  }

  @Override
  public @Nullable Phrase phrase(List<String> tokens) {
    List<@Nullable List<Lexeme>> found = new ArrayList<>();
    Rule best = null;
    for (Rule rule : rules) {
      if (rule.places.size() <= tokens.size() && (best == null || rule.places.size() > best.places.size()) && matches(rule, tokens, found)) {
        best = rule;
      }
    }
    return best == null ? null : new Phrase(best.places.size(), best.lexemes);
  }

  private boolean matches(Rule rule, List<String> tokens, List<@Nullable List<Lexeme>> found) {
    for (int i = 0; i < rule.places.size(); i++) {
      if (found.size() == i) {
        found.add(words.lexize(tokens.get(i)));
      }
      List<Lexeme> lexemes = found.get(i);
      Set<List<String>> wanted = rule.places.get(i).variants;
      boolean same = lexemes != null && (wanted == null ? lexemes.isEmpty() : variants(lexemes).stream().anyMatch(wanted::contains));
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
