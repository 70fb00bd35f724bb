package io.heliosdb.nano.analyze;

import java.util.List;

/// Whether two sub-queries are written alike, for matching GROUP BY and ORDER BY expressions that hold them. Range table entries are
/// matched by position; anything uncertain counts as different, which is safe: the expression is then computed twice.
final class QueryEquality {
  private QueryEquality() {}

  static boolean equal(Query a, Query b, Analysis analysis) {
    if (a == b) {
      return true;
    }
    if (a.entries.size() != b.entries.size() || a.targets.size() != b.targets.size() || a.from.size() != b.from.size()
        || a.setOperation != null || b.setOperation != null || !a.ctes.isEmpty() || !b.ctes.isEmpty() || !a.groupBy.isEmpty()
        || !b.groupBy.isEmpty() || !a.sort.isEmpty() || !b.sort.isEmpty() || !a.windows.isEmpty() || !b.windows.isEmpty()) {
      return false;
    }
    for (int i = 0; i < a.entries.size(); i++) {
      RangeEntry x = a.entries.get(i);
      RangeEntry y = b.entries.get(i);
      if (x.kind != RangeEntry.Kind.RELATION || y.kind != RangeEntry.Kind.RELATION || x.relation != y.relation || x.only != y.only
          || x.asOf != null || y.asOf != null) {
        return false;
      }
    }
    List<RangeEntry> from = b.entries;
    List<RangeEntry> to = a.entries;
    for (int i = 0; i < a.targets.size(); i++) {
      if (!Nodes.equal(a.targets.get(i).expr, mapped(b.targets.get(i).expr, from, to), analysis)) {
        return false;
      }
    }
    return equalOptional(a.where, b.where, from, to, analysis) && equalOptional(a.having, b.having, from, to, analysis)
        && equalOptional(a.limit, b.limit, from, to, analysis) && equalOptional(a.offset, b.offset, from, to, analysis);
  }

  private static boolean equalOptional(Node a, Node b, List<RangeEntry> from, List<RangeEntry> to, Analysis analysis) {
    return a == null || b == null ? a == b : Nodes.equal(a, mapped(b, from, to), analysis);
  }

  private static Node mapped(Node node, List<RangeEntry> from, List<RangeEntry> to) {
    if (Nodes.contains(node, n -> n instanceof Node.SubLink)) {
      return node;
    }
    return Nodes.rewrite(
        node,
        n -> {
          if (n instanceof Node.Var var) {
            int at = from.indexOf(var.entry);
            if (at >= 0) {
              return new Node.Var(var.position, to.get(at), var.attno, var.type(), var.typmod, var.collation);
            }
          }
          return null;
        });
  }
}
