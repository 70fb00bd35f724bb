package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.search.Headline;
import io.heliosdb.nano.function.search.SearchConfiguration;
import io.heliosdb.nano.function.search.SearchConfiguration.Word;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.TsQuery;
import io.heliosdb.nano.type.TsVector;
import io.heliosdb.nano.type.TypeErrors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Full text search in JSON documents: to_tsvector, json[b]_to_tsvector and ts_headline of json and jsonb.
/// Between two values of a document one place is left free, so that no phrase spans them.
public final class JsonSearchFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "json_string_to_tsvector", "jsonb_string_to_tsvector" -> contextual((context, site, args) ->
          vector(configuration(context, null), document(args[0]), Set.of("string")));
      case "json_string_to_tsvector_byid", "jsonb_string_to_tsvector_byid" -> contextual((context, site, args) ->
          vector(configuration(context, args[0]), document(args[1]), Set.of("string")));
      case "json_to_tsvector", "jsonb_to_tsvector" -> contextual((context, site, args) ->
          vector(configuration(context, null), document(args[0]), filter((Jsonb) args[1])));
      case "json_to_tsvector_byid", "jsonb_to_tsvector_byid" -> contextual((context, site, args) ->
          vector(configuration(context, args[0]), document(args[1]), filter((Jsonb) args[2])));
      case "ts_headline_json", "ts_headline_json_opt", "ts_headline_json_byid", "ts_headline_json_byid_opt", "ts_headline_jsonb",
          "ts_headline_jsonb_opt", "ts_headline_jsonb_byid", "ts_headline_jsonb_byid_opt" -> headline(symbol);
      default -> null;
    };
  }

  private static Jsonb document(@Nullable Object value) {
    return value instanceof Jsonb jsonb ? jsonb : Jsonb.parse((String) value);
  }

  private static SearchConfiguration configuration(CallContext context, @Nullable Object oid) {
    return oid != null ? SearchConfiguration.byOid(context, (int) (long) (Long) oid) : SearchConfiguration.current(context);
  }

  /// The words of a document in order, and the position that the next text starts behind.
  private static final class Words {
    final List<Word> words = new ArrayList<>();
    int position;
  }

  private static Set<String> filter(Jsonb flags) {
    List<Jsonb> wanted = new ArrayList<>();
    if (flags.kind() == Jsonb.Kind.ARRAY) {
      for (int i = 0; i < flags.size(); i++) {
        wanted.add(flags.valueAt(i));
      }
    } else if (flags.kind() != Jsonb.Kind.OBJECT) {
      wanted.add(flags);
    } else {
      throw TypeErrors.invalidParameter("wrong flag type, only arrays and scalars are allowed");
    }
    Set<String> kinds = new HashSet<>();
    for (Jsonb flag : wanted) {
      if (flag.kind() == Jsonb.Kind.ARRAY || flag.kind() == Jsonb.Kind.OBJECT) {
        throw new SqlException(SqlState.INTERNAL_ERROR, "unexpected end of flag array");
      }
      if (flag.kind() != Jsonb.Kind.STRING) {
        throw TypeErrors.invalidParameter("flag array element is not a string")
            .withHint("Possible values are: \"string\", \"numeric\", \"boolean\", \"key\", and \"all\".");
      }
      String name = flag.stringValue().toLowerCase(java.util.Locale.ROOT);
      switch (name) {
        case "all" -> kinds.addAll(List.of("string", "numeric", "boolean", "key"));
        case "string", "numeric", "boolean", "key" -> kinds.add(name);
        default -> throw TypeErrors.invalidParameter("wrong flag in flag array: \"" + flag.stringValue() + "\"")
            .withHint("Possible values are: \"string\", \"numeric\", \"boolean\", \"key\", and \"all\".");
      }
    }
    return kinds;
  }

  private static TsVector vector(SearchConfiguration configuration, Jsonb document, Set<String> kinds) {
    Words words = new Words();
    collect(configuration, document, kinds, words);
    return SearchConfiguration.vectorOf(words.words);
  }

  private static void collect(SearchConfiguration configuration, Jsonb value, Set<String> kinds, Words words) {
    switch (value.kind()) {
      case STRING -> append(configuration, value.stringValue(), kinds.contains("string"), words);
      case NUMBER -> append(configuration, value.numberValue().toString(), kinds.contains("numeric"), words);
      case BOOLEAN -> append(configuration, String.valueOf(value.booleanValue()), kinds.contains("boolean"), words);
      case NULL -> { }
      case ARRAY -> {
        for (int i = 0; i < value.size(); i++) {
          collect(configuration, value.valueAt(i), kinds, words);
        }
      }
      case OBJECT -> {
        for (int i = 0; i < value.size(); i++) {
          append(configuration, value.keyAt(i), kinds.contains("key"), words);
          collect(configuration, value.valueAt(i), kinds, words);
        }
      }
    }
  }

  private static void append(SearchConfiguration configuration, String text, boolean wanted, Words words) {
    if (!wanted) {
      return;
    }
    int offset = words.position;
    int before = words.words.size();
    List<Word> own = new ArrayList<>();
    words.position += configuration.collect(text, own);
    for (Word word : own) {
      words.words.add(new Word(word.lexeme(), Math.min(word.position() + offset, TsVector.MAX_POSITION), word.variant(), word.prefix()));
    }
    if (words.words.size() > before) {
      // Words of two texts are not neighbours.
      words.position++;
    }
  }

  private static Implementation headline(String symbol) {
    boolean binary = symbol.startsWith("ts_headline_jsonb");
    int from = symbol.contains("byid") ? 1 : 0;
    return contextual((context, site, args) -> {
      Headline.Options options = symbol.endsWith("_opt") ? Headline.Options.parse((String) args[from + 2]) : Headline.Options.DEFAULT;
      SearchConfiguration configuration = configuration(context, from == 1 ? args[0] : null);
      Jsonb marked = marked(configuration, document(args[from]), (TsQuery) args[from + 1], options);
      return binary ? marked : marked.toString();
    });
  }

  private static Jsonb marked(SearchConfiguration configuration, Jsonb value, TsQuery query, Headline.Options options) {
    return switch (value.kind()) {
      case STRING -> Jsonb.of(Headline.of(configuration, value.stringValue(), query, options));
      case ARRAY -> {
        List<Jsonb> elements = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
          elements.add(marked(configuration, value.valueAt(i), query, options));
        }
        yield Jsonb.array(elements);
      }
      case OBJECT -> {
        List<String> keys = new ArrayList<>();
        List<Jsonb> values = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
          keys.add(value.keyAt(i));
          values.add(marked(configuration, value.valueAt(i), query, options));
        }
        yield Jsonb.object(keys, values);
      }
      default -> value;
    };
  }
}
