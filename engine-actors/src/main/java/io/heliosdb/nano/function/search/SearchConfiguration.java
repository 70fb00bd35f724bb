package io.heliosdb.nano.function.search;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.FactTable;
import io.heliosdb.nano.type.TsVector;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How tokens become lexemes: `simple` folds case; `english` also drops stop words and stems. Stateless.
public enum SearchConfiguration {
  SIMPLE, ENGLISH;

  private static final class StopWords {
    static final Set<String> ENGLISH = load();

    private static Set<String> load() {
      try (InputStream in = BuiltinCatalog.class.getResourceAsStream("english.stop")) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip).collect(Collectors.toSet());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// The configuration with that oid in pg_ts_config.
  ///
  /// @throws SqlException 0A000 for a language without a stemmer here
  public static SearchConfiguration byOid(int oid) {
    for (FactTable.Row row : BuiltinCatalog.facts("pg_ts_config").rows()) {
      if (row.oid("oid") == oid) {
        return byName(row.text("cfgname"));
      }
    }
    throw new SqlException(io.heliosdb.nano.error.SqlState.INTERNAL_ERROR,
        "cache lookup failed for text search configuration " + Integer.toUnsignedString(oid));
  }

  /// The configuration of that name, with or without `pg_catalog.` before it.
  public static SearchConfiguration byName(String name) {
    String plain = name.startsWith("pg_catalog.") ? name.substring(11) : name;
    return switch (plain) {
      case "simple" -> SIMPLE;
      case "english" -> ENGLISH;
      default -> {
        if (oidOf(plain) == 0) {
          throw new SqlException(io.heliosdb.nano.error.SqlState.UNDEFINED_OBJECT, "text search configuration \"" + name + "\" does not exist");
        }
        throw SqlException.notSupported("text search configuration \"" + name + "\"");
      }
    };
  }

  /// The oid of a configuration's row, 0 for none.
  public static int oidOf(String name) {
    String plain = name.startsWith("pg_catalog.") ? name.substring(11) : name;
    for (FactTable.Row row : BuiltinCatalog.facts("pg_ts_config").rows()) {
      if (row.text("cfgname").equals(plain)) {
        return row.oid("oid");
      }
    }
    return 0;
  }

  /// A lexeme with its place in the text, from 1; stop words take a place but give no lexeme.
  public record Word(String lexeme, int position) {}

  /// The lexeme of a word, or null for a stop word.
  public @Nullable String lexeme(TextTokens.Type type, String token) {
    String lower = token.toLowerCase(Locale.ROOT);
    return this == SIMPLE || !type.stemmed() ? lower : english(lower);
  }

  static @Nullable String english(String lower) {
    return StopWords.ENGLISH.contains(lower) ? null : EnglishStemmer.stem(lower);
  }

  /// The lexemes of a text in order.
  public List<Word> words(String text) {
    List<Word> words = new ArrayList<>();
    int position = 0;
    for (TextTokens.Token token : TextTokens.of(text)) {
      if (token.type().indexed()) {
        position++;
        String lexeme = lexeme(token.type(), token.text());
        if (lexeme != null && !lexeme.isEmpty()) {
          words.add(new Word(lexeme, Math.min(position, TsVector.MAX_POSITION)));
        }
      }
    }
    return words;
  }

  /// `to_tsvector`.
  public TsVector vector(String text) {
    return vectorOf(words(text));
  }

  /// The vector of words in order of their positions.
  public static TsVector vectorOf(List<Word> words) {
    TreeMap<String, int[]> byLexeme = new TreeMap<>(io.heliosdb.nano.type.Collations::compareUtf8);
    for (Word word : words) {
      int[] known = byLexeme.get(word.lexeme());
      if (known == null) {
        byLexeme.put(word.lexeme(), new int[] {word.position()});
      } else if (known.length < TsVector.MAX_POSITIONS_PER_LEXEME - 1 && known[known.length - 1] != word.position()) {
        int[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = word.position();
        byLexeme.put(word.lexeme(), more);
      }
    }
    List<TsVector.Lexeme> lexemes = new ArrayList<>(byLexeme.size());
    byLexeme.forEach((lexeme, positions) -> lexemes.add(new TsVector.Lexeme(lexeme, positions)));
    return new TsVector(lexemes);
  }
}
