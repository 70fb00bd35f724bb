package io.heliosdb.nano.function.search;

import io.heliosdb.nano.type.TsQuery;
import io.heliosdb.nano.type.TsQuery.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    Node root = null;
    for (SearchConfiguration.Word word : configuration.words(text)) {
      Node operand = new TsQuery.Operand(word.lexeme(), 0, false);
      root = root == null ? operand : new TsQuery.And(root, operand);
    }
    return new TsQuery(root);
  }

  /// All words of a text, in this order and distance.
  public TsQuery phrase(String text) {
    return new TsQuery(phraseNode(text, 0, false));
  }

  private @Nullable Node phraseNode(String text, int weights, boolean prefix) {
    Node root = null;
    int last = 0;
    for (SearchConfiguration.Word word : configuration.words(text)) {
      Node operand = new TsQuery.Operand(word.lexeme(), weights, prefix);
      root = root == null ? operand : new TsQuery.Phrase(root, operand, word.position() - last);
      last = word.position();
    }
    return root;
  }

  /// A query in tsquery syntax whose operands are still plain words.
  public TsQuery normalized(TsQuery query) {
    return query.root() == null ? query : new TsQuery(cleaned(query.root()).node());
  }

  /// A subtree without stop words, and how much wider it was on either side.
  private record Cleaned(@Nullable Node node, int left, int right) {}

  private Cleaned cleaned(Node node) {
    return switch (node) {
      case TsQuery.Operand o -> new Cleaned(phraseNode(o.text(), o.weights(), o.prefix()), 0, 0);
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
    List<Node> alternatives = new ArrayList<>();
    Node current = null;
    boolean orPending = false;
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      boolean negated = false;
      if (c == '-' && at + 1 < text.length() && !Character.isWhitespace(text.charAt(at + 1))) {
        negated = true;
        c = text.charAt(++at);
      }
      Node node;
      if (c == '"') {
        int close = text.indexOf('"', at + 1);
        int end = close < 0 ? text.length() : close;
        node = phraseNode(text.substring(at + 1, end), 0, false);
        at = close < 0 ? end : end + 1;
      } else {
        int end = at;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end)) && text.charAt(end) != '"') {
          end++;
        }
        String word = text.substring(at, Math.max(end, at + 1));
        at = Math.max(end, at + 1);
        if (!negated && word.toLowerCase(Locale.ROOT).equals("or") && current != null && !text.substring(at).isBlank()) {
          orPending = true;
          continue;
        }
        node = phraseNode(word, 0, false);
      }
      if (node == null) {
        orPending = false;
        continue;
      }
      node = negated ? new TsQuery.Not(node) : node;
      if (orPending) {
        alternatives.add(current);
        current = node;
        orPending = false;
      } else {
        current = current == null ? node : new TsQuery.And(current, node);
      }
    }
    Node root = null;
    if (current != null) {
      alternatives.add(current);
    }
    for (Node alternative : alternatives) {
      root = root == null ? alternative : new TsQuery.Or(root, alternative);
    }
    return new TsQuery(root);
  }
}
