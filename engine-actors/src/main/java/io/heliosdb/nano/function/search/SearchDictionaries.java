package io.heliosdb.nano.function.search;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogObject.TextSearchObject;
import io.heliosdb.nano.catalog.TextSearchObjects;
import io.heliosdb.nano.catalog.TextSearchObjects.Kind;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes dictionaries out of their definitions and keeps those used last (64 of them, shared by all sessions); files are read once for each.
/// Safe to share.
public final class SearchDictionaries {
  private static final int KEPT_MAX = 64;

  private record Key(int template, String options, @Nullable Path directory, @Nullable Key words) {}

  private static final Map<Key, SearchDictionary> KEPT = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, SearchDictionary> eldest) {
      return size() > KEPT_MAX;
    }
  });

  private SearchDictionaries() {}

  /// Finds the dictionary that a thesaurus names.
  public interface Names {
    @Nullable TextSearchObject find(String name);
  }

  public static SearchDictionary of(@Nullable Catalog catalog, TextSearchObject definition, @Nullable Path directory, Names names) {
    Key key = key(definition, directory, names, 0);
    SearchDictionary known = KEPT.get(key);
    if (known == null) {
      known = make(catalog, TextSearchObjects.oid(definition, "template"), options(definition.attributes().getOrDefault("options", "")), directory, names);
      KEPT.put(key, known);
    }
    return known;
  }

  private static Key key(TextSearchObject definition, @Nullable Path directory, Names names, int depth) {
    String options = definition.attributes().getOrDefault("options", "");
    int template = TextSearchObjects.oid(definition, "template");
    TextSearchObject words = template == TextSearchObjects.THESAURUS_TEMPLATE && depth < 8
        ? names.find(options(options).getOrDefault("dictionary", "")) : null;
    return new Key(template, options, directory, words == null ? null : key(words, directory, names, depth + 1));
  }

  /// Makes a dictionary, and so checks its options.
  ///
  /// @param catalog null for built-in definitions
  /// @throws SqlException 22023 for a wrong or missing option, F0000 for a file that cannot be read or understood
  public static SearchDictionary make(
      @Nullable Catalog catalog, int template, Map<String, String> options, @Nullable Path directory, Names names) {
    DictionaryFiles files = new DictionaryFiles(directory);
    return switch (template) {
      case TextSearchObjects.SIMPLE_TEMPLATE -> {
        check(options, "unrecognized simple dictionary parameter", "stopwords", "accept");
        yield new WordDictionaries.Simple(stopWords(options, files), bool(options, "accept", true));
      }
      case TextSearchObjects.SNOWBALL_TEMPLATE -> {
        check(options, "unrecognized Snowball parameter", "stopwords", "language");
        String language = required(options, "language", "missing Language parameter").toLowerCase(Locale.ROOT);
        if (!language.equals("english")) {
          if (TextSearchObjects.in(catalog, Kind.CONFIGURATION, Catalog.PG_CATALOG, language) == null && !language.equals("porter")) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT,
                "no Snowball stemmer available for language \"" + options.get("language") + "\" and encoding \"UTF8\"");
          }
          throw SqlException.notSupported("the Snowball stemmer for language \"" + language + "\"");
        }
        yield new WordDictionaries.EnglishStem(stopWords(options, files));
      }
      case TextSearchObjects.SYNONYM_TEMPLATE -> {
        check(options, "unrecognized synonym parameter", "synonyms", "casesensitive");
        String file = required(options, "synonyms", "missing Synonyms parameter");
        yield WordDictionaries.Synonym.read(files.lines(file, "syn", "synonym file"), bool(options, "casesensitive", false));
      }
      case TextSearchObjects.THESAURUS_TEMPLATE -> {
        check(options, "unrecognized Thesaurus parameter", "dictfile", "dictionary");
        String file = required(options, "dictfile", "missing DictFile parameter");
        String name = required(options, "dictionary", "missing Dictionary parameter");
        TextSearchObject words = names.find(name);
        if (words == null) {
          throw new SqlException(SqlState.UNDEFINED_OBJECT, "text search dictionary \"" + name + "\" does not exist");
        }
        yield new Thesaurus(files.lines(file, "ths", "thesaurus file"), of(catalog, words, directory, names));
      }
      case TextSearchObjects.ISPELL_TEMPLATE -> {
        check(options, "unrecognized Ispell parameter", "dictfile", "afffile", "stopwords");
        if (!options.containsKey("afffile")) {
          throw invalid("missing AffFile parameter");
        }
        required(options, "dictfile", "missing DictFile parameter");
        List<String> words = files.lines(options.get("dictfile"), "dict", "dictionary file");
        yield new Ispell(words, new IspellAffixes(files.lines(options.get("afffile"), "affix", "affix file")), stopWords(options, files));
      }
      default -> {
        TextSearchObject object = TextSearchObjects.byOid(catalog, Kind.TEMPLATE, template);
        int lexize = object == null ? 0 : TextSearchObjects.oid(object, "lexize");
        for (TextSearchObject builtin : TextSearchObjects.all(catalog, Kind.TEMPLATE)) {
          if (builtin.namespaceOid() == Catalog.PG_CATALOG && TextSearchObjects.oid(builtin, "lexize") == lexize) {
            yield make(catalog, builtin.oid(), options, directory, names);
          }
        }
        throw new SqlException(SqlState.INTERNAL_ERROR, "cache lookup failed for text search template " + Integer.toUnsignedString(template));
      }
    };
  }

  private static Set<String> stopWords(Map<String, String> options, DictionaryFiles files) {
    return options.containsKey("stopwords") ? files.stopWords(options.get("stopwords")) : Set.of();
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  private static void check(Map<String, String> options, String message, String... known) {
    for (String name : options.keySet()) {
      if (!List.of(known).contains(name)) {
        throw invalid(message + ": \"" + name + "\"");
      }
    }
  }

  private static String required(Map<String, String> options, String name, String message) {
    if (!options.containsKey(name)) {
      throw invalid(message);
    }
    return options.get(name);
  }

  private static boolean bool(Map<String, String> options, String name, boolean otherwise) {
    String text = options.get(name);
    if (text == null) {
      return otherwise;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default -> throw new SqlException(SqlState.SYNTAX_ERROR, name + " requires a Boolean value");
    };
  }

  /// Reads `name = 'value', name = 1` as `pg_ts_dict.dictinitoption` has it.
  public static Map<String, String> options(String text) {
    Map<String, String> options = new LinkedHashMap<>();
    int at = 0;
    while (at < text.length()) {
      StringBuilder name = new StringBuilder();
      at = skip(text, at);
      if (at < text.length() && text.charAt(at) == '"') {
        at = quoted(text, at, '"', name);
      } else {
        while (at < text.length() && "= \t".indexOf(text.charAt(at)) < 0) {
          name.append(text.charAt(at++));
        }
      }
      at = text.indexOf('=', at);
      if (at < 0) {
        break;
      }
      at = skip(text, at + 1);
      StringBuilder value = new StringBuilder();
      if (at < text.length() && (text.charAt(at) == 'E' || text.charAt(at) == 'e') && at + 1 < text.length() && text.charAt(at + 1) == '\'') {
        at++;
      }
      if (at < text.length() && text.charAt(at) == '\'') {
        at = quoted(text, at, '\'', value);
      } else {
        while (at < text.length() && text.charAt(at) != ',') {
          value.append(text.charAt(at++));
        }
      }
      options.put(name.toString(), value.toString().replace("\\\\", "\\"));
      at = skip(text, at);
      at += at < text.length() && text.charAt(at) == ',' ? 1 : 0;
    }
    return options;
  }

  private static int skip(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int quoted(String text, int from, char quote, StringBuilder out) {
    int at = from + 1;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        if (at < text.length() && text.charAt(at) == quote) {
          at++;
        } else {
          break;
        }
      }
      out.append(c);
    }
    return at;
  }
}
