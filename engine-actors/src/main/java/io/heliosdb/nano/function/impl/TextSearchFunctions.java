package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.nullary;
import static io.heliosdb.nano.function.impl.Forms.setReturning;
import static io.heliosdb.nano.function.impl.Forms.ternary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.catalog.CatalogObject.TextSearchObject;
import io.heliosdb.nano.catalog.TextSearchObjects;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.search.Headline;
import io.heliosdb.nano.function.search.QueryBuilder;
import io.heliosdb.nano.function.search.QueryMatcher;
import io.heliosdb.nano.function.search.QueryRewrite;
import io.heliosdb.nano.function.search.SearchConfiguration;
import io.heliosdb.nano.function.search.SearchDictionaries;
import io.heliosdb.nano.function.search.SearchDictionary;
import io.heliosdb.nano.function.search.SearchRank;
import io.heliosdb.nano.function.search.TextTokens;
import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TsQuery;
import io.heliosdb.nano.type.TsVector;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Functions and operators of full text search. Source: PostgreSQL 15 manual, "Text Search Functions and Operators".
public final class TextSearchFunctions implements Builtins.Family {
  private static final float[] WEIGHTS = {0.1f, 0.2f, 0.4f, 1.0f};

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    boolean byId = symbol.endsWith("_byid");
    return switch (symbol) {
      case "to_tsvector", "to_tsvector_byid" -> contextual((context, site, args) ->
          configuration(context, byId ? args[0] : null).vector((String) args[args.length - 1]));
      case "to_tsquery", "to_tsquery_byid" -> contextual((context, site, args) -> noticeIfEmpty(context,
          new QueryBuilder(configuration(context, byId ? args[0] : null)).normalized(parsed(context, (String) args[args.length - 1]))));
      case "plainto_tsquery", "plainto_tsquery_byid" -> contextual((context, site, args) -> noticeIfEmpty(context,
          new QueryBuilder(configuration(context, byId ? args[0] : null)).plain((String) args[args.length - 1])));
      case "phraseto_tsquery", "phraseto_tsquery_byid" -> contextual((context, site, args) -> noticeIfEmpty(context,
          new QueryBuilder(configuration(context, byId ? args[0] : null)).phrase((String) args[args.length - 1])));
      case "websearch_to_tsquery", "websearch_to_tsquery_byid" -> contextual((context, site, args) -> noticeIfEmpty(context,
          new QueryBuilder(configuration(context, byId ? args[0] : null)).web((String) args[args.length - 1])));
      case "get_current_ts_config" -> nullary(context ->
          Integer.toUnsignedLong(SearchConfiguration.currentOid(context)));
      case "ts_match_vq" -> binary((vector, query) -> QueryMatcher.matches((TsVector) vector, (TsQuery) query));
      case "ts_match_qv" -> binary((query, vector) -> QueryMatcher.matches((TsVector) vector, (TsQuery) query));
      case "ts_match_tq" -> contextual((context, site, args) ->
          QueryMatcher.matches(configuration(context, null).vector((String) args[0]), (TsQuery) args[1]));
      case "ts_match_tt" -> contextual((context, site, args) -> QueryMatcher.matches(configuration(context, null).vector((String) args[0]),
          new QueryBuilder(configuration(context, null)).plain((String) args[1])));
      case "ts_rank_tt", "ts_rank_ttf", "ts_rank_wtt", "ts_rank_wttf" -> rank(symbol, false);
      case "ts_rankcd_tt", "ts_rankcd_ttf", "ts_rankcd_wtt", "ts_rankcd_wttf" -> rank(symbol, true);
      case "ts_headline", "ts_headline_opt", "ts_headline_byid", "ts_headline_byid_opt" -> contextual((context, site, args) -> {
        int from = symbol.contains("byid") ? 1 : 0;
        Headline.Options options = symbol.endsWith("_opt") ? Headline.Options.parse((String) args[from + 2]) : Headline.Options.DEFAULT;
        return Headline.of(configuration(context, from == 1 ? args[0] : null), (String) args[from], (TsQuery) args[from + 1], options);
      });
      case "tsvector_length" -> unary(a -> ((TsVector) a).lexemes().size());
      case "tsvector_strip" -> unary(a -> new TsVector(
          ((TsVector) a).lexemes().stream().map(l -> new TsVector.Lexeme(l.text(), new int[0])).toList()));
      case "tsvector_setweight" -> binary((a, weight) -> withWeight((TsVector) a, weight((String) weight), null));
      case "tsvector_setweight_by_filter" -> ternary((a, weight, only) -> withWeight((TsVector) a, weight((String) weight), texts((PgArray) only)));
      case "tsvector_concat" -> binary((a, b) -> concat((TsVector) a, (TsVector) b));
      case "tsvector_delete_str" -> binary((a, lexeme) -> without((TsVector) a, Set.of((String) lexeme)));
      case "tsvector_delete_arr" -> binary((a, lexemes) -> without((TsVector) a, texts((PgArray) lexemes)));
      case "tsvector_filter" -> binary((a, weights) -> filtered((TsVector) a, (PgArray) weights));
      case "tsvector_to_array" -> unary(a -> PgArray.of(PgTypes.TEXT, ((TsVector) a).lexemes().stream().map(TsVector.Lexeme::text).toArray()));
      case "array_to_tsvector" -> unary(a -> ofArray((PgArray) a));
      case "tsvector_unnest" -> setReturning((context, site, args) -> unnest((TsVector) args[0]));
      case "tsquery_and" -> binary((a, b) -> join((TsQuery) a, (TsQuery) b, TsQuery.And::new));
      case "tsquery_or" -> binary((a, b) -> join((TsQuery) a, (TsQuery) b, TsQuery.Or::new));
      case "tsquery_not" -> unary(a -> ((TsQuery) a).root() == null ? a : new TsQuery(new TsQuery.Not(((TsQuery) a).root())));
      case "tsquery_phrase" -> binary((a, b) -> join((TsQuery) a, (TsQuery) b, (l, r) -> new TsQuery.Phrase(l, r, 1)));
      case "tsquery_phrase_distance" -> ternary((a, b, distance) -> {
        int places = (Integer) distance;
        if (places < 0 || places > 16384) {
          throw TypeErrors.invalidParameter("distance in phrase operator must be an integer value between zero and 16384 inclusive");
        }
        return join((TsQuery) a, (TsQuery) b, (l, r) -> new TsQuery.Phrase(l, r, places));
      });
      case "tsquery_numnode" -> unary(a -> ((TsQuery) a).root() == null ? 0 : nodes(((TsQuery) a).root()));
      case "tsquerytree" -> contextual((context, site, args) -> tree((TsQuery) args[0], context));
      case "tsq_mcontains" -> binary((a, b) -> operands((TsQuery) a).containsAll(operands((TsQuery) b)));
      case "tsq_mcontained" -> binary((a, b) -> operands((TsQuery) b).containsAll(operands((TsQuery) a)));
      case "tsquery_rewrite" -> ternary((query, target, substitute) ->
          QueryRewrite.rewrite((TsQuery) query, List.of(new QueryRewrite.Rule((TsQuery) target, (TsQuery) substitute)), false));
      case "tsquery_rewrite_query" -> contextual((context, site, args) -> rewrittenByQuery(context, (TsQuery) args[0], (String) args[1]));
      case "ts_lexize" -> contextual((context, site, args) -> lexize(context, (Long) args[0], (String) args[1]));
      case "ts_parse_byname", "ts_parse_byid" -> setReturning((context, site, args) -> {
        checkParser(context, args[0]);
        return parse((String) args[1]);
      });
      case "ts_token_type_byname", "ts_token_type_byid" -> setReturning((context, site, args) -> {
        checkParser(context, args[0]);
        return tokenTypes();
      });
      case "ts_stat1", "ts_stat2" -> setReturning((context, site, args) ->
          statistics(context, (String) args[0], args.length > 1 ? (String) args[1] : ""));
      case "sql:ts_debug" -> setReturning((context, site, args) ->
          debug(context, configuration(context, args.length > 1 ? args[0] : null), (String) args[args.length - 1]));
      default -> null;
    };
  }

  /// How many vectors of a query's single column have each lexeme, and how often.
  private static Implementation.RowSource statistics(CallContext context, String sql, String weights) {
    var result = context.session().runNested(sql, List.of(), List.of());
    if (result.typeOids().size() != 1 || result.typeOids().getFirst() != PgTypes.TSVECTOR.oid()) {
      throw TypeErrors.invalidParameter("ts_stat query must return one tsvector column");
    }
    int mask = 0;
    for (char letter : weights.toCharArray()) {
      mask |= "ABCDabcd".indexOf(letter) >= 0 ? 1 << weight(String.valueOf(letter)) : 0;
    }
    java.util.TreeMap<String, int[]> counts = new java.util.TreeMap<>(Collations::compareUtf8);
    for (Object[] row : result.rows()) {
      for (TsVector.Lexeme lexeme : row[0] == null ? List.<TsVector.Lexeme>of() : ((TsVector) row[0]).lexemes()) {
        int wanted = mask;
        int entries = mask == 0 ? Math.max(1, lexeme.positions().length)
            : (int) Arrays.stream(lexeme.positions()).filter(entry -> (wanted >> TsVector.Lexeme.weight(entry) & 1) != 0).count();
        if (entries > 0) {
          int[] count = counts.computeIfAbsent(lexeme.text(), text -> new int[2]);
          count[0]++;
          count[1] += entries;
        }
      }
    }
    List<Object> rows = new ArrayList<>();
    counts.forEach((text, count) ->
        rows.add(PgRecord.of(PgTypes.RECORD, List.of(PgTypes.TEXT, PgTypes.INT4, PgTypes.INT4), text, count[0], count[1])));
    return SeriesFunctions.elements(rows.toArray());
  }

  /// Each token with the dictionary that took it and the lexemes it gave.
  private static Implementation.RowSource debug(CallContext context, SearchConfiguration configuration, String text) {
    List<Object> rows = new ArrayList<>();
    List<PgType> types = List.of(PgTypes.TEXT, PgTypes.TEXT, PgTypes.TEXT, PgTypes.REGDICTIONARY_ARRAY, PgTypes.REGDICTIONARY, PgTypes.TEXT_ARRAY);
    for (TextTokens.Token token : TextTokens.of(text)) {
      TextTokens.Type type = token.type();
      SearchConfiguration.Step[] steps = configuration.steps(type);
      Object taker = null;
      Object lexemes = null;
      for (SearchConfiguration.Step step : steps) {
        List<SearchDictionary.Lexeme> found = step.dictionary().lexize(token.text());
        if (found != null) {
          taker = Integer.toUnsignedLong(step.oid());
          lexemes = texts(found);
          break;
        }
      }
      Object[] oids = Arrays.stream(steps).map(step -> Integer.toUnsignedLong(step.oid())).toArray();
      rows.add(PgRecord.of(PgTypes.RECORD, types, type.alias(), DESCRIPTIONS[type.number() - 1], token.text(),
          oids.length == 0 ? PgArray.empty(PgTypes.REGDICTIONARY) : PgArray.of(PgTypes.REGDICTIONARY, oids), taker, lexemes));
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  private static PgArray texts(List<SearchDictionary.Lexeme> lexemes) {
    return lexemes.isEmpty() ? PgArray.empty(PgTypes.TEXT) : PgArray.of(PgTypes.TEXT, lexemes.stream().map(SearchDictionary.Lexeme::text).toArray());
  }

  private static SearchConfiguration configuration(CallContext context, @Nullable Object oid) {
    return oid != null ? SearchConfiguration.byOid(context, (int) (long) (Long) oid) : SearchConfiguration.current(context);
  }

  private static TsQuery parsed(CallContext context, String text) {
    return (TsQuery) TypeIo.parse(PgTypes.TSQUERY, -1, text, context.io());
  }

  private static TsQuery noticeIfEmpty(CallContext context, TsQuery query) {
    if (query.root() == null) {
      context.notice("NOTICE", SqlState.SUCCESSFUL_COMPLETION,
          "text-search query contains only stop words or doesn't contain lexemes, ignored", null, null);
    }
    return query;
  }

  /// `…_wttf`: w weights, tt vector and query, f normalization.
  private static Implementation rank(String symbol, boolean coverDensity) {
    boolean weighted = symbol.contains("_w");
    boolean normalized = symbol.endsWith("f");
    return contextual((context, site, args) -> {
      int from = weighted ? 1 : 0;
      float[] weights = weighted ? weights((PgArray) args[0]) : WEIGHTS;
      int method = normalized ? (Integer) args[args.length - 1] : 0;
      TsVector vector = (TsVector) args[from];
      TsQuery query = (TsQuery) args[from + 1];
      return coverDensity ? SearchRank.coverDensity(weights, vector, query, method) : SearchRank.rank(weights, vector, query, method);
    });
  }

  private static float[] weights(PgArray array) {
    if (array.dimensions() != 1) {
      throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "array of weight must be one-dimensional");
    }
    if (array.size() < 4) {
      throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "array of weight is too short");
    }
    if (array.containsNull()) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "array of weight must not contain nulls");
    }
    float[] weights = new float[4];
    for (int i = 0; i < 4; i++) {
      float given = (Float) array.element(i);
      weights[i] = given >= 0 ? given : WEIGHTS[i];
      if (weights[i] > 1) {
        throw TypeErrors.invalidParameter("weight out of range");
      }
    }
    return weights;
  }

  private static int weight(String letter) {
    return switch (letter) {
      case "A", "a" -> 3;
      case "B", "b" -> 2;
      case "C", "c" -> 1;
      case "D", "d" -> 0;
      default -> throw new SqlException(SqlState.INTERNAL_ERROR, "unrecognized weight: " + (letter.isEmpty() ? 0 : (int) letter.charAt(0)));
    };
  }

  private static Set<String> texts(PgArray array) {
    Set<String> texts = new TreeSet<>();
    for (Object element : array.elements()) {
      if (element == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "lexeme array may not contain nulls");
      }
      texts.add((String) element);
    }
    return texts;
  }

  private static TsVector withWeight(TsVector vector, int weight, @Nullable Set<String> only) {
    List<TsVector.Lexeme> lexemes = new ArrayList<>();
    for (TsVector.Lexeme lexeme : vector.lexemes()) {
      lexemes.add(only != null && !only.contains(lexeme.text()) ? lexeme : new TsVector.Lexeme(lexeme.text(),
          Arrays.stream(lexeme.positions()).map(entry -> TsVector.Lexeme.position(entry) | weight << 14).toArray()));
    }
    return new TsVector(lexemes);
  }

  /// Positions of the second follow the last of the first.
  private static TsVector concat(TsVector a, TsVector b) {
    int last = a.lexemes().stream().flatMapToInt(l -> Arrays.stream(l.positions())).map(TsVector.Lexeme::position).max().orElse(0);
    List<TsVector.Lexeme> lexemes = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.lexemes().size() || j < b.lexemes().size()) {
      TsVector.Lexeme left = i < a.lexemes().size() ? a.lexemes().get(i) : null;
      TsVector.Lexeme right = j < b.lexemes().size() ? shifted(b.lexemes().get(j), last) : null;
      int order = left == null ? 1 : right == null ? -1 : Collations.compareUtf8(left.text(), right.text());
      if (order < 0) {
        lexemes.add(left);
      } else if (order > 0) {
        lexemes.add(right);
      } else {
        int[] both = Arrays.copyOf(left.positions(), left.positions().length + right.positions().length);
        System.arraycopy(right.positions(), 0, both, left.positions().length, right.positions().length);
        lexemes.add(new TsVector.Lexeme(left.text(), Arrays.copyOf(both, Math.min(both.length, TsVector.MAX_POSITIONS_PER_LEXEME - 1))));
      }
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return new TsVector(lexemes);
  }

  private static TsVector.Lexeme shifted(TsVector.Lexeme lexeme, int by) {
    return new TsVector.Lexeme(lexeme.text(), Arrays.stream(lexeme.positions()).map(entry ->
        Math.min(TsVector.Lexeme.position(entry) + by, TsVector.MAX_POSITION) | TsVector.Lexeme.weight(entry) << 14).distinct().toArray());
  }

  private static TsVector without(TsVector vector, Set<String> lexemes) {
    return new TsVector(vector.lexemes().stream().filter(l -> !lexemes.contains(l.text())).toList());
  }

  private static TsVector filtered(TsVector vector, PgArray weights) {
    int mask = 0;
    for (Object letter : weights.elements()) {
      if (letter == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "weight array may not contain nulls");
      }
      if ("ABCDabcd".indexOf((String) letter) < 0) {
        throw TypeErrors.invalidParameter("unrecognized weight: \"" + letter + "\"");
      }
      mask |= 1 << weight((String) letter);
    }
    int kept = mask;
    List<TsVector.Lexeme> lexemes = new ArrayList<>();
    for (TsVector.Lexeme lexeme : vector.lexemes()) {
      int[] positions = Arrays.stream(lexeme.positions()).filter(entry -> (kept >> TsVector.Lexeme.weight(entry) & 1) != 0).toArray();
      if (positions.length > 0) {
        lexemes.add(new TsVector.Lexeme(lexeme.text(), positions));
      }
    }
    return new TsVector(lexemes);
  }

  private static TsVector ofArray(PgArray array) {
    Set<String> lexemes = new TreeSet<>(Collations::compareUtf8);
    for (Object element : array.elements()) {
      if (element == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "lexeme array may not contain nulls");
      }
      if (((String) element).isEmpty()) {
        throw new SqlException(SqlState.ZERO_LENGTH_CHARACTER_STRING, "lexeme array may not contain empty strings");
      }
      lexemes.add((String) element);
    }
    return new TsVector(lexemes.stream().map(text -> new TsVector.Lexeme(text, new int[0])).toList());
  }

  private static Implementation.RowSource unnest(TsVector vector) {
    List<Object> rows = new ArrayList<>();
    List<PgType> types = List.of(PgTypes.TEXT, PgTypes.INT2_ARRAY, PgTypes.TEXT_ARRAY);
    for (TsVector.Lexeme lexeme : vector.lexemes()) {
      Object[] positions = Arrays.stream(lexeme.positions()).mapToObj(TsVector.Lexeme::position).toArray();
      Object[] weights = Arrays.stream(lexeme.positions()).mapToObj(entry -> "DCBA".substring(TsVector.Lexeme.weight(entry),
          TsVector.Lexeme.weight(entry) + 1)).toArray();
      boolean bare = positions.length == 0;
      rows.add(PgRecord.of(PgTypes.RECORD, types, lexeme.text(), bare ? null : PgArray.of(PgTypes.INT2, positions),
          bare ? null : PgArray.of(PgTypes.TEXT, weights)));
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  // Queries

  private interface Operator {
    TsQuery.Node of(TsQuery.Node left, TsQuery.Node right);
  }

  private static TsQuery join(TsQuery a, TsQuery b, Operator operator) {
    return a.root() == null ? b : b.root() == null ? a : new TsQuery(operator.of(a.root(), b.root()));
  }

  private static int nodes(TsQuery.Node node) {
    return 1 + switch (node) {
      case TsQuery.Operand o -> 0;
      case TsQuery.Not n -> nodes(n.argument());
      case TsQuery.And a -> nodes(a.left()) + nodes(a.right());
      case TsQuery.Or o -> nodes(o.left()) + nodes(o.right());
      case TsQuery.Phrase p -> nodes(p.left()) + nodes(p.right());
    };
  }

  /// The part of a query that an index can answer: without negations, `T` when nothing is left.
  private static String tree(TsQuery query, CallContext context) {
    if (query.root() == null) {
      return "";
    }
    TsQuery.Node positive = positive(query.root());
    return positive == null ? "T" : TypeIo.toText(PgTypes.TSQUERY, new TsQuery(positive), context.io());
  }

  private static TsQuery.@Nullable Node positive(TsQuery.Node node) {
    return switch (node) {
      case TsQuery.Operand o -> o;
      case TsQuery.Not n -> null;
      case TsQuery.Or o -> {
        TsQuery.Node l = positive(o.left());
        TsQuery.Node r = positive(o.right());
        yield l == null || r == null ? null : new TsQuery.Or(l, r);
      }
      case TsQuery.And a -> {
        TsQuery.Node l = positive(a.left());
        TsQuery.Node r = positive(a.right());
        yield l == null ? r : r == null ? l : new TsQuery.And(l, r);
      }
      case TsQuery.Phrase p -> {
        TsQuery.Node l = positive(p.left());
        TsQuery.Node r = positive(p.right());
        yield l == null ? r : r == null ? l : new TsQuery.Phrase(l, r, p.distance());
      }
    };
  }

  private static Set<String> operands(TsQuery query) {
    Set<String> texts = new TreeSet<>();
    if (query.root() != null) {
      operands(query.root(), texts);
    }
    return texts;
  }

  private static void operands(TsQuery.Node node, Set<String> texts) {
    switch (node) {
      case TsQuery.Operand o -> texts.add(o.text());
      case TsQuery.Not n -> operands(n.argument(), texts);
      case TsQuery.And a -> {
        operands(a.left(), texts);
        operands(a.right(), texts);
      }
      case TsQuery.Or o -> {
        operands(o.left(), texts);
        operands(o.right(), texts);
      }
      case TsQuery.Phrase p -> {
        operands(p.left(), texts);
        operands(p.right(), texts);
      }
    }
  }

  /// `ts_rewrite` by the pairs that a query gives.
  private static TsQuery rewrittenByQuery(CallContext context, TsQuery query, String sql) {
    var result = context.session().runNested(sql, List.of(), List.of());
    if (result.typeOids().size() != 2 || result.typeOids().get(0) != PgTypes.TSQUERY.oid() || result.typeOids().get(1) != PgTypes.TSQUERY.oid()) {
      throw TypeErrors.invalidParameter("ts_rewrite query must return two tsquery columns");
    }
    List<QueryRewrite.Rule> rules = new ArrayList<>();
    for (Object[] row : result.rows()) {
      if (row[0] != null && row[1] != null) {
        rules.add(new QueryRewrite.Rule((TsQuery) row[0], (TsQuery) row[1]));
      }
    }
    return QueryRewrite.rewrite(query, rules, true);
  }

  // Dictionaries and parser

  private static @Nullable PgArray lexize(CallContext context, long oid, String token) {
    TextSearchObject builtin = TextSearchObjects.byOid(null, TextSearchObjects.Kind.DICTIONARY, (int) oid);
    if (builtin != null) {
      List<SearchDictionary.Lexeme> found = SearchDictionaries.of(null, builtin, null, name -> null).lexize(token);
      return found == null ? null : texts(found);
    }
    TextSearchObject definition = TextSearchObjects.byOid(context.catalog(), TextSearchObjects.Kind.DICTIONARY, (int) oid);
    if (definition == null) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "cache lookup failed for text search dictionary " + oid);
    }
    List<SearchDictionary.Lexeme> found = SearchDictionaries.of(context.catalog(), definition, SearchConfiguration.directory(context),
        name -> SearchConfiguration.dictionary(context, name)).lexize(token);
    return found == null ? null : texts(found);
  }

  /// There is one parser to speak of: others are it under another name.
  private static void checkParser(CallContext context, Object parser) {
    if ("default".equals(parser)) {
      return;
    }
    if (parser instanceof Long oid) {
      if (TextSearchObjects.byOid(context.catalog(), TextSearchObjects.Kind.PARSER, (int) (long) oid) == null) {
        throw new SqlException(SqlState.INTERNAL_ERROR, "cache lookup failed for text search parser " + oid);
      }
      return;
    }
    if (TextSearchObjects.find(context.catalog(), TextSearchObjects.Kind.PARSER, context.session().searchPath(context.catalog()).namespaces(),
        (String) parser) == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "text search parser \"" + parser + "\" does not exist");
    }
  }

  private static Implementation.RowSource parse(String text) {
    List<Object> rows = new ArrayList<>();
    for (TextTokens.Token token : TextTokens.of(text)) {
      rows.add(PgRecord.of(PgTypes.RECORD, List.of(PgTypes.INT4, PgTypes.TEXT), token.type().number(), token.text()));
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  private static final String[] DESCRIPTIONS = {"Word, all ASCII", "Word, all letters", "Word, letters and digits", "Email address", "URL",
    "Host", "Scientific notation", "Version number", "Hyphenated word part, letters and digits", "Hyphenated word part, all letters",
    "Hyphenated word part, all ASCII", "Space symbols", "XML tag", "Protocol head", "Hyphenated word, letters and digits",
    "Hyphenated word, all ASCII", "Hyphenated word, all letters", "URL path", "File or path name", "Decimal notation", "Signed integer",
    "Unsigned integer", "XML entity"};

  private static Implementation.RowSource tokenTypes() {
    List<Object> rows = new ArrayList<>();
    for (TextTokens.Type type : TextTokens.Type.values()) {
      rows.add(PgRecord.of(PgTypes.RECORD, List.of(PgTypes.INT4, PgTypes.TEXT, PgTypes.TEXT), type.number(), type.alias(),
          DESCRIPTIONS[type.number() - 1]));
    }
    return SeriesFunctions.elements(rows.toArray());
  }
}
