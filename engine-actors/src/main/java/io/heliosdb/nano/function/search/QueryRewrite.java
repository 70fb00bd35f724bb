package io.heliosdb.nano.function.search;

import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.TsQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `ts_rewrite`: replaces parts of a query. AND and OR are taken with all their operands at once, in an order of their own, so that a part is
/// found wherever its operands stand. Source: PostgreSQL 15 manual, "Query Rewriting", and its answers.
public final class QueryRewrite {
  public record Rule(TsQuery target, TsQuery substitute) {}

  private static final int NOT = 1;
  private static final int AND = 2;
  private static final int OR = 3;
  private static final int PHRASE = 4;

  /// An operator over any number of children, the last one first, or an operand (operator 0).
  private static final class Tree {
    int operator;
    int distance;
    TsQuery.@Nullable Operand operand;
    int hash;
    List<Tree> children = new ArrayList<>();
    boolean fixed;

    Tree copy() {
      Tree copy = new Tree();
      copy.operator = operator;
      copy.distance = distance;
      copy.operand = operand;
      copy.hash = hash;
      children.forEach(child -> copy.children.add(child.copy()));
      return copy;
    }
  }

  private QueryRewrite() {}

  /// @param repeated whether the rules come from a query: then each sees what those before it made
  public static TsQuery rewrite(TsQuery query, List<Rule> rules, boolean repeated) {
    if (query.root() == null) {
      return query;
    }
    Tree tree = prepared(query.root());
    for (Rule rule : rules) {
      if (rule.target.root() == null || tree == null) {
        continue;
      }
      Tree substitute = rule.substitute.root() == null ? null : tree(rule.substitute.root());
      tree = new QueryRewrite().replaced(tree, prepared(rule.target.root()), substitute);
      if (repeated && tree != null) {
        free(tree);
        flatten(tree);
        sort(tree);
      }
    }
    return new TsQuery(tree == null ? null : node(tree));
  }

  private static Tree prepared(TsQuery.Node node) {
    Tree tree = tree(node);
    flatten(tree);
    sort(tree);
    return tree;
  }

  private static Tree tree(TsQuery.Node node) {
    Tree tree = new Tree();
    switch (node) {
      case TsQuery.Operand o -> {
        tree.operand = o;
        tree.hash = crc(o.text());
      }
      case TsQuery.Not n -> {
        tree.operator = NOT;
        tree.children.add(tree(n.argument()));
      }
      case TsQuery.And a -> add(tree, AND, 0, a.left(), a.right());
      case TsQuery.Or o -> add(tree, OR, 0, o.left(), o.right());
      case TsQuery.Phrase p -> add(tree, PHRASE, p.distance(), p.left(), p.right());
    }
    return tree;
  }

  private static void add(Tree tree, int operator, int distance, TsQuery.Node left, TsQuery.Node right) {
    tree.operator = operator;
    tree.distance = distance;
    tree.children.add(tree(right));
    tree.children.add(tree(left));
  }

  private static TsQuery.Node node(Tree tree) {
    if (tree.operator == 0) {
      return tree.operand;
    }
    TsQuery.Node node = node(tree.children.getFirst());
    if (tree.operator == NOT) {
      return new TsQuery.Not(node);
    }
    node = joined(tree, tree.children.get(1), node);
    for (int i = tree.children.size() - 1; i > 1; i--) {
      node = joined(tree, tree.children.get(i), node);
    }
    return node;
  }

  private static TsQuery.Node joined(Tree tree, Tree leftTree, TsQuery.Node right) {
    TsQuery.Node left = node(leftTree);
    return tree.operator == AND ? new TsQuery.And(left, right) : tree.operator == OR ? new TsQuery.Or(left, right)
        : new TsQuery.Phrase(left, right, tree.distance);
  }

  private static void flatten(Tree tree) {
    tree.children.forEach(QueryRewrite::flatten);
    if (tree.operator == AND || tree.operator == OR) {
      List<Tree> flat = new ArrayList<>();
      for (Tree child : tree.children) {
        if (child.operator == tree.operator) {
          flat.addAll(child.children);
        } else {
          flat.add(child);
        }
      }
      tree.children = flat;
    }
  }

  private static void sort(Tree tree) {
    tree.children.forEach(QueryRewrite::sort);
    if (tree.operator == AND || tree.operator == OR) {
      tree.children.sort(QueryRewrite::compare);
    }
  }

  private static void free(Tree tree) {
    tree.fixed = false;
    tree.children.forEach(QueryRewrite::free);
  }

  private static int compare(Tree a, Tree b) {
    if (a.operator == 0 != (b.operator == 0)) {
      return a.operator == 0 ? 1 : -1;
    }
    if (a.operator == 0) {
      return a.hash != b.hash ? Integer.compare(b.hash, a.hash) : Collations.compareUtf8(a.operand.text(), b.operand.text());
    }
    if (a.operator != b.operator) {
      return a.operator > b.operator ? -1 : 1;
    }
    if (a.children.size() != b.children.size()) {
      return a.children.size() > b.children.size() ? -1 : 1;
    }
    for (int i = 0; i < a.children.size(); i++) {
      int order = compare(a.children.get(i), b.children.get(i));
      if (order != 0) {
        return order;
      }
    }
    return a.operator == PHRASE ? Integer.compare(b.distance, a.distance) : 0;
  }

  /// The checksum by which PostgreSQL orders operands.
  private static int crc(String text) {
    int crc = -1;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int entry = (crc >>> 24 ^ b) & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        entry = (entry & 1) != 0 ? entry >>> 1 ^ 0xEDB88320 : entry >>> 1;
      }
      crc = entry ^ crc << 8;
    }
    return ~crc;
  }

  /// The tree with every occurrence of `target` replaced; null when nothing is left.
  private @Nullable Tree replaced(Tree tree, Tree target, @Nullable Tree substitute) {
    Tree here = replacedHere(tree, target, substitute);
    if (here == null || here.fixed || here.operator == 0) {
      return here;
    }
    List<Tree> children = new ArrayList<>();
    for (Tree child : here.children) {
      Tree kept = replaced(child, target, substitute);
      if (kept != null) {
        children.add(kept);
      }
    }
    here.children = children;
    if (children.isEmpty()) {
      return null;
    }
    return children.size() == 1 && here.operator != NOT ? children.getFirst() : here;
  }

  private @Nullable Tree replacedHere(Tree tree, Tree target, @Nullable Tree substitute) {
    if (tree.fixed || tree.operator != target.operator) {
      return tree;
    }
    if (tree.children.size() == target.children.size()) {
      if (compare(tree, target) != 0) {
        return tree;
      }
      return fixed(substitute);
    }
    if (tree.children.size() < target.children.size() || target.children.isEmpty() || tree.operator != AND && tree.operator != OR) {
      return tree;
    }
    List<Tree> rest = new ArrayList<>();
    int j = 0;
    for (Tree child : tree.children) {
      int order = j < target.children.size() ? compare(child, target.children.get(j)) : -1;
      if (order == 0) {
        j++;
      } else {
        rest.add(child);
      }
      if (order > 0) {
        return tree;
      }
    }
    if (j < target.children.size()) {
      return tree;
    }
    if (substitute != null) {
      rest.add(fixed(substitute));
    }
    tree.children = rest;
    sort(tree);
    return tree;
  }

  private static @Nullable Tree fixed(@Nullable Tree substitute) {
    if (substitute == null) {
      return null;
    }
    Tree copy = substitute.copy();
    copy.fixed = true;
    return copy;
  }
}
