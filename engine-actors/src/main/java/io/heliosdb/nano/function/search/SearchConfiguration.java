package io.heliosdb.nano.function.search;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogObject.TextSearchObject;
import io.heliosdb.nano.catalog.TextSearchObjects;
import io.heliosdb.nano.catalog.TextSearchObjects.Kind;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.TsVector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How tokens become lexemes: for each type of token the dictionaries that are asked in turn. Immutable; built-in ones are shared.
public final class SearchConfiguration {
  /// A dictionary by its oid.
  public record Step(int oid, SearchDictionary dictionary) {}

  private static final Map<Integer, SearchConfiguration> BUILTIN = new ConcurrentHashMap<>();
  private static final int TYPES = TextTokens.Type.values().length;

  private final Step[][] steps = new Step[TYPES + 1][];
  private final boolean phrases;

  private SearchConfiguration(@Nullable Catalog catalog, TextSearchObject definition, @Nullable Path directory, SearchDictionaries.Names names) {
    Arrays.fill(steps, new Step[0]);
    boolean several = false;
    for (Map.Entry<Integer, List<Integer>> mapping : TextSearchObjects.mappings(definition).entrySet()) {
      Step[] row = new Step[mapping.getValue().size()];
      for (int i = 0; i < row.length; i++) {
        int oid = mapping.getValue().get(i);
        TextSearchObject dictionary = TextSearchObjects.byOid(catalog, Kind.DICTIONARY, oid);
        if (dictionary == null) {
          throw new SqlException(SqlState.INTERNAL_ERROR, "cache lookup failed for text search dictionary " + Integer.toUnsignedString(oid));
        }
        row[i] = new Step(oid, SearchDictionaries.of(catalog, dictionary, directory, names));
        several |= row[i].dictionary.phraseTokens() > 1;
      }
      if (mapping.getKey() > 0 && mapping.getKey() <= TYPES) {
        steps[mapping.getKey()] = row;
      }
    }
    phrases = several;
  }

  /// The configuration with that oid.
  ///
  /// @throws SqlException 0A000 for a language without a stemmer here
  public static SearchConfiguration byOid(CallContext context, int oid) {
    SearchConfiguration known = BUILTIN.get(oid);
    if (known != null) {
      return known;
    }
    TextSearchObject builtin = TextSearchObjects.byOid(null, Kind.CONFIGURATION, oid);
    if (builtin != null) {
      return BUILTIN.computeIfAbsent(oid, key -> new SearchConfiguration(null, builtin, null, name -> null));
    }
    TextSearchObject definition = TextSearchObjects.byOid(context.catalog(), Kind.CONFIGURATION, oid);
    if (definition == null) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "cache lookup failed for text search configuration " + Integer.toUnsignedString(oid));
    }
    return new SearchConfiguration(context.catalog(), definition, directory(context), name -> dictionary(context, name));
  }

  /// The data directory, which has the user's files; null for a database in memory.
  public static @Nullable Path directory(CallContext context) {
    String text = context.session().setting("data_directory", true);
    return text == null || text.isEmpty() ? null : Path.of(text);
  }

  /// The dictionary that a name means, null when there is none.
  public static @Nullable TextSearchObject dictionary(CallContext context, String name) {
    return TextSearchObjects.find(context.catalog(), Kind.DICTIONARY, context.session().searchPath(context.catalog()).namespaces(), name);
  }

  /// The configuration that `default_text_search_config` names.
  public static SearchConfiguration current(CallContext context) {
    return byOid(context, currentOid(context));
  }

  public static int currentOid(CallContext context) {
    String name = String.valueOf(context.session().setting("default_text_search_config", false));
    if (name.equals("pg_catalog.english")) {
      return 13164;
    }
    TextSearchObject found = TextSearchObjects.find(
        context.catalog(), Kind.CONFIGURATION, context.session().searchPath(context.catalog()).namespaces(), name);
    if (found == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "text search configuration \"" + name + "\" does not exist");
    }
    return found.oid();
  }

  /// The dictionaries of a type of token, in order.
  public Step[] steps(TextTokens.Type type) {
    return steps[type.number()];
  }

  /// A lexeme with its place in the text, from 1; stop words take a place but give no lexeme.
  ///
  /// @param variant words of one place and one variant belong together
  public record Word(String lexeme, int position, int variant, boolean prefix) {
    public Word(String lexeme, int position) {
      this(lexeme, position, 0, false);
    }
  }

  /// What the dictionaries make of one token or phrase.
  ///
  /// @param tokens how many tokens it took
  /// @param lexemes null when no dictionary knows it; empty for a stop word
  public record Lexized(int tokens, @Nullable List<SearchDictionary.Lexeme> lexemes) {}

  /// Asks the dictionaries about the token at an index of a list, and about those after it.
  public Lexized lexize(List<TextTokens.Token> tokens, int index) {
    TextTokens.Token token = tokens.get(index);
    for (Step step : steps[token.type().number()]) {
      if (step.dictionary.phraseTokens() > 1) {
        Lexized phrase = phrase(step, tokens, index);
        if (phrase != null) {
          return phrase;
        }
        continue;
      }
      List<SearchDictionary.Lexeme> lexemes = step.dictionary.lexize(token.text());
      if (lexemes != null) {
        return new Lexized(1, lexemes);
      }
    }
    return new Lexized(1, null);
  }

  /// Tokens without a dictionary are passed over; one that this dictionary does not see ends the phrase.
  private @Nullable Lexized phrase(Step step, List<TextTokens.Token> tokens, int index) {
    List<String> words = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    for (int i = index; i < tokens.size() && words.size() < step.dictionary.phraseTokens(); i++) {
      Step[] row = steps[tokens.get(i).type().number()];
      if (row.length == 0) {
        continue;
      }
      if (Arrays.stream(row).noneMatch(other -> other.oid == step.oid)) {
        break;
      }
      words.add(tokens.get(i).text());
      ends.add(i + 1 - index);
    }
    SearchDictionary.Phrase found = step.dictionary.phrase(words);
    return found == null ? null : new Lexized(ends.get(found.tokens() - 1), found.lexemes());
  }

  /// The lexemes of a text in order.
  public List<Word> words(String text) {
    List<Word> words = new ArrayList<>();
    collect(text, words);
    return words;
  }

  /// Appends the words of a text and tells how many positions it takes, those of its stop words too.
  public int collect(String text, List<Word> words) {
    int position = 0;
    List<TextTokens.Token> tokens = TextTokens.of(text);
    for (int i = 0; i < tokens.size(); ) {
      Lexized lexized = lexize(tokens, i);
      i += lexized.tokens;
      if (lexized.lexemes == null) {
        continue;
      }
      position++;
      for (SearchDictionary.Lexeme lexeme : lexized.lexemes) {
        position += lexeme.advances() ? 1 : 0;
        words.add(new Word(lexeme.text(), Math.min(position, TsVector.MAX_POSITION), lexeme.variant(), lexeme.prefix()));
      }
    }
    return position;
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

  /// Whether a dictionary may take several tokens.
  public boolean hasPhrases() {
    return phrases;
  }

  /// The shown name of a dictionary or configuration: with its schema when the search path does not find it.
  public static String shownName(Catalog catalog, List<Integer> path, TextSearchObject object) {
    Catalog.Namespace namespace = catalog.namespace(object.namespaceOid());
    String name = Identifiers.quoteIfNeeded(object.name());
    return namespace == null || TextSearchObjects.isVisible(catalog, path, object) ? name
        : Identifiers.quoteIfNeeded(namespace.name()) + "." + name;
  }
}
