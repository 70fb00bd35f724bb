package io.heliosdb.nano.function.search;

import io.heliosdb.nano.type.TsQuery;
import io.heliosdb.nano.type.TsQuery.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes queries out of text by a configuration: to_tsquery, plainto_tsquery, phraseto_tsquery, websearch_to_tsquery.
/// What consists of stop words only disappears, and phrases keep the distance it took.
public final class QueryBuilder {
  private final SearchConfiguration configuration;

  public QueryBuilder(SearchConfiguration configuration) {
    this.configuration = configuration;
  }

  /// All words of a text, in any order.
  public TsQuery plain(String text) {
    return new TsQuery(words(text, 0, false, false).node);
  }

  /// All words of a text, in this order and distance.
  public TsQuery phrase(String text) {
    return new TsQuery(words(text, 0, false, true).node);
  }

  private static final Cleaned STOP = new Cleaned(null, 0, 0);

  /// The words of a text: variants of one place stand for each other, the lexemes of a variant are needed together, places are joined by AND or
  /// by the phrase operator. Stop words between others keep their place.
  private Cleaned words(String text, int weights, boolean prefix, boolean phrase) {
    List<SearchConfiguration.Word> words = configuration.words(text);
    Cleaned root = null;
    int position = 0;
    for (int i = 0; i < words.size(); ) {
      for (; position > 0 && position + 1 < words.get(i).position(); position++) {
        root = joined(root, STOP, phrase);
      }
      position = words.get(i).position();
      Node place = null;
      while (i < words.size() && words.get(i).position() == position) {
        int variant = words.get(i).variant();
        Node together = null;
        for (; i < words.size() && words.get(i).position() == position && words.get(i).variant() == variant; i++) {
          Node operand = new TsQuery.Operand(words.get(i).lexeme(), weights, prefix || words.get(i).prefix());
          together = together == null ? operand : new TsQuery.And(together, operand);
        }
        place = place == null ? together : new TsQuery.Or(place, together);
      }
      root = joined(root, new Cleaned(place, 0, 0), phrase);
    }
    return root == null ? STOP : root;
  }

  private static Cleaned joined(@Nullable Cleaned left, Cleaned right, boolean phrase) {
    return left == null ? right : combined(left, right, phrase ? PHRASE : AND);
  }

  private static final Node PLACEHOLDER = new TsQuery.Operand("", 0, false);
  private static final Node PHRASE = new TsQuery.Phrase(PLACEHOLDER, PLACEHOLDER, 1);
  private static final Node AND = new TsQuery.And(PLACEHOLDER, PLACEHOLDER);

  /// A query in tsquery syntax whose operands are still plain words.
  public TsQuery normalized(TsQuery query) {
    return query.root() == null ? query : new TsQuery(cleaned(query.root()).node());
  }

  /// A subtree without stop words, and how much wider it was on either side.
  private record Cleaned(@Nullable Node node, int left, int right) {}

  private Cleaned cleaned(Node node) {
    return switch (node) {
      case TsQuery.Operand o -> words(o.text(), o.weights(), o.prefix(), true);
      case TsQuery.Not n -> {
        Cleaned inner = cleaned(n.argument());
        yield new Cleaned(inner.node == null ? null : new TsQuery.Not(inner.node), inner.left, inner.right);
      }
      case TsQuery.And a -> combined(cleaned(a.left()), cleaned(a.right()), node);
      case TsQuery.Or o -> combined(cleaned(o.left()), cleaned(o.right()), node);
      case TsQuery.Phrase p -> combined(cleaned(p.left()), cleaned(p.right()), node);
    };
  }

  private static Cleaned combined(Cleaned l, Cleaned r, Node node) {
    int distance = node instanceof TsQuery.Phrase p ? p.distance() : 0;
    boolean phrase = node instanceof TsQuery.Phrase;
    if (l.node == null && r.node == null) {
      int width = phrase ? l.left + distance + r.left : Math.max(l.left, r.left);
      return new Cleaned(null, width, width);
    }
    if (l.node == null) {
      return phrase ? new Cleaned(r.node, l.left + distance + r.left, r.right) : r;
    }
    if (r.node == null) {
      return phrase ? new Cleaned(l.node, l.left, l.right + distance + r.right) : l;
    }
    return switch (node) {
      case TsQuery.Phrase p -> new Cleaned(new TsQuery.Phrase(l.node, r.node, distance + l.right + r.left), l.left, r.right);
      case TsQuery.Or o -> new Cleaned(new TsQuery.Or(l.node, r.node), 0, 0);
      default -> new Cleaned(new TsQuery.And(l.node, r.node), 0, 0);
    };
  }

  /// Web search syntax: words, "phrases", `or`, and `-` for not. Never fails.
  public TsQuery web(String text) {
    return new TsQuery(new WebSyntax(text).alternatives().node);
  }

  /// Reads web search syntax. What other syntaxes use as operators separates words.
  private final class WebSyntax {
    private static final String SEPARATORS = "!&|():";
    private final String text;
    private int at;

    WebSyntax(String text) {
      this.text = text;
    }

    Cleaned alternatives() {
      Cleaned any = null;
      Cleaned all = null;
      boolean operandBefore = false;
      while (true) {
        if (operandBefore && or()) {
          any = any == null ? all : combined(any, all, OR);
          all = null;
          operandBefore = false;
          continue;
        }
        Cleaned operand = operand();
        if (operand == null) {
          break;
        }
        all = joined(all, operand, false);
        operandBefore = true;
      }
      if (any == null) {
        return all == null ? STOP : all;
      }
      return all == null ? any : combined(any, all, OR);
    }

    private void skip() {
      while (at < text.length() && (Character.isWhitespace(text.charAt(at)) || SEPARATORS.indexOf(text.charAt(at)) >= 0)) {
        at++;
      }
    }

    /// `or` as an operator: not part of a word, and something comes after it.
    private boolean or() {
      skip();
      if (!text.regionMatches(true, at, "or", 0, 2)) {
        return false;
      }
      int end = at + 2;
      if (end >= text.length() || text.charAt(end) == '-' || text.charAt(end) == '_' || Character.isLetterOrDigit(text.charAt(end))
          || text.substring(end).isBlank()) {
        return false;
      }
      at = end;
      return true;
    }

    private @Nullable Cleaned operand() {
      skip();
      if (at >= text.length()) {
        return null;
      }
      char c = text.charAt(at);
      if (c == '-') {
        at++;
        Cleaned inner = operand();
        return inner == null || inner.node == null ? inner : new Cleaned(new TsQuery.Not(inner.node), inner.left, inner.right);
      }
      int start = at;
      if (c == '"') {
        int close = text.indexOf('"', at + 1);
        at = close < 0 ? text.length() : close + 1;
        return words(text.substring(start + 1, close < 0 ? text.length() : close), 0, false, true);
      }
      while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && text.charAt(at) != '"' && SEPARATORS.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return words(text.substring(start, at), 0, false, true);
    }
  }

  private static final Node OR = new TsQuery.Or(PLACEHOLDER, PLACEHOLDER);
}
