package io.heliosdb.nano.analyze;

import io.heliosdb.nano.analyze.Node.CaseBranch;
import io.heliosdb.nano.analyze.Node.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Walking, comparing and rewriting bound expressions.
final class Nodes {
  private Nodes() {}

  /// The leftmost known position of an expression: what "argument of WHERE must be …" points at.
  static int location(@Nullable Node node) {
    return switch (node) {
      case null -> 0;
      case Node.Func f -> {
        int first = f.arguments.isEmpty() ? 0 : location(f.arguments.getFirst());
        yield leftmost(f.position, first);
      }
      case Node.Op o -> leftmost(o.position, location(o.arguments.getFirst()));
      case Node.Distinct d -> leftmost(d.position, location(d.equality.arguments.getFirst()));
      case Node.NullIf n -> n.position;
      case Node.ArrayOp a -> leftmost(a.position, location(a.left));
      case Node.Bool b -> leftmost(b.position, location(b.arguments.getFirst()));
      case Node.NullTest t -> leftmost(t.position, location(t.argument));
      case Node.BooleanTest t -> leftmost(t.position, location(t.argument));
      case Node.SubLink s -> s.left.isEmpty() ? s.position : leftmost(s.position, location(s.left.getFirst()));
      case Node.FieldSelect f -> location(f.argument);
      case Node.FieldStore f -> location(f.argument);
      case Node.Subscript s -> location(s.container);
      case Node.Relabel r -> leftmost(r.position, location(r.argument));
      case Node.IoCast c -> leftmost(c.position, location(c.argument));
      case Node.ArrayCoerce a -> leftmost(a.position, location(a.argument));
      case Node.TypmodCoerce t -> leftmost(t.position, location(t.argument));
      case Node.DomainCoerce d -> leftmost(d.position, location(d.argument));
      case Node.RowConvert r -> leftmost(r.position, location(r.argument));
      case Node.Collate c -> location(c.argument);
      case Node.RowCompare r -> r.columns.isEmpty() ? r.position : location(r.columns.getFirst().arguments.getFirst());
      case Node.Named n -> leftmost(n.position, location(n.value));
      default -> node.position;
    };
  }

  private static int leftmost(int a, int b) {
    return a <= 0 ? b : b <= 0 ? a : Math.min(a, b);
  }

  /// Hands each direct child to `action`. The query of a sub-link is not entered, its left side and test are.
  static void children(Node node, Consumer<Node> action) {
    switch (node) {
      case Node.Const c -> {}
      case Node.Param p -> {}
      case Node.Var v -> {}
      case Node.CaseTest t -> {}
      case Node.LinkColumn l -> {}
      case Node.CurrentOf c -> {}
      case Node.Default d -> {}
      case Node.Func f -> f.arguments.forEach(action);
      case Node.Op o -> o.arguments.forEach(action);
      case Node.Bool b -> b.arguments.forEach(action);
      case Node.NullTest t -> action.accept(t.argument);
      case Node.BooleanTest t -> action.accept(t.argument);
      case Node.Distinct d -> action.accept(d.equality);
      case Node.NullIf n -> action.accept(n.equality);
      case Node.Case c -> {
        if (c.operand != null) {
          action.accept(c.operand);
        }
        for (CaseBranch branch : c.branches) {
          action.accept(branch.condition());
          action.accept(branch.result());
        }
        action.accept(c.otherwise);
      }
      case Node.Coalesce c -> c.arguments.forEach(action);
      case Node.MinMax m -> m.arguments.forEach(action);
      case Node.Array a -> a.elements.forEach(action);
      case Node.Row r -> r.fields.forEach(action);
      case Node.RowCompare r -> r.columns.forEach(action);
      case Node.ArrayOp a -> {
        action.accept(a.left);
        action.accept(a.array);
      }
      case Node.Subscript s -> {
        action.accept(s.container);
        for (Index index : s.indexes) {
          if (index.lower() != null) {
            action.accept(index.lower());
          }
          if (index.upper() != null) {
            action.accept(index.upper());
          }
        }
        if (s.source != null) {
          action.accept(s.source);
        }
      }
      case Node.FieldSelect f -> action.accept(f.argument);
      case Node.FieldStore f -> {
        action.accept(f.argument);
        action.accept(f.value);
      }
      case Node.Relabel r -> action.accept(r.argument);
      case Node.IoCast c -> action.accept(c.argument);
      case Node.ArrayCoerce a -> {
        action.accept(a.argument);
        action.accept(a.element);
      }
      case Node.TypmodCoerce t -> action.accept(t.argument);
      case Node.DomainCoerce d -> action.accept(d.argument);
      case Node.RowConvert r -> action.accept(r.argument);
      case Node.Collate c -> action.accept(c.argument);
      case Node.SubLink s -> {
        s.left.forEach(action);
        if (s.test != null) {
          action.accept(s.test);
        }
      }
      case Node.Aggregate a -> {
        a.direct.forEach(action);
        for (Query.Target target : a.arguments) {
          action.accept(target.expr);
        }
        if (a.filter != null) {
          action.accept(a.filter);
        }
      }
      case Node.Window w -> {
        w.arguments.forEach(action);
        if (w.filter != null) {
          action.accept(w.filter);
        }
      }
      case Node.Grouping g -> g.arguments.forEach(action);
      case Node.SessionValue s -> action.accept(s.value);
      case Node.Named n -> action.accept(n.value);
    }
  }

  /// Whether a node in the tree (not inside sub-queries) satisfies `test`.
  static boolean contains(Node node, Predicate<Node> test) {
    return find(node, test) != null;
  }

  static @Nullable Node find(Node node, Predicate<Node> test) {
    if (test.test(node)) {
      return node;
    }
    Node[] found = new Node[1];
    children(node, child -> {
      if (found[0] == null) {
        found[0] = find(child, test);
      }
    });
    return found[0];
  }

  static boolean isSetReturning(Node node) {
    return node instanceof Node.Func f && f.function.returnsSet() || node instanceof Node.Op o && o.function.returnsSet();
  }

  /// Whether the value of the expression itself is a set (PostgreSQL's `expression_returns_set`).
  static boolean returnsSet(Node node) {
    return switch (node) {
      case Node.Const c -> false;
      case Node.Var v -> false;
      case Node.Aggregate a -> false;
      case Node.Window w -> false;
      default -> contains(node, Nodes::isSetReturning);
    };
  }

  static boolean isNullConst(Node node) {
    return node instanceof Node.Const c && c.value == null && c.slot < 0;
  }

  /// Structural equality that ignores positions. Lifted literals in different slots are equal when their values are; the analysis then
  /// depends on these values.
  static boolean equal(@Nullable Node a, @Nullable Node b, Analysis analysis) {
    if (a == b) {
      return true;
    }
    if (a == null || b == null || a.getClass() != b.getClass() || !a.type().equals(b.type()) || a.typmod != b.typmod) {
      return false;
    }
    return switch (a) {
      case Node.Const x -> equalConst(x, (Node.Const) b, analysis);
      case Node.Param x -> x.number == ((Node.Param) b).number;
      case Node.Var x -> b instanceof Node.Var y && x.entry == y.entry && x.attno == y.attno;
      case Node.CaseTest x -> true;
      case Node.LinkColumn x -> x.index == ((Node.LinkColumn) b).index;
      case Node.CurrentOf x -> x.cursor.equals(((Node.CurrentOf) b).cursor);
      case Node.Default x -> true;
      case Node.Func x -> b instanceof Node.Func y && x.function.oid() == y.function.oid() && equal(x.arguments, y.arguments, analysis);
      case Node.Op x -> b instanceof Node.Op y && x.operator.oid() == y.operator.oid() && equal(x.arguments, y.arguments, analysis);
      case Node.Bool x -> b instanceof Node.Bool y && x.kind == y.kind && equal(x.arguments, y.arguments, analysis);
      case Node.NullTest x -> b instanceof Node.NullTest y && x.negated == y.negated && equal(x.argument, y.argument, analysis);
      case Node.BooleanTest x ->
          b instanceof Node.BooleanTest y && x.negated == y.negated && Objects.equals(x.test, y.test) && equal(x.argument, y.argument, analysis);
      case Node.Distinct x -> b instanceof Node.Distinct y && x.negated == y.negated && equal(x.equality, y.equality, analysis);
      case Node.NullIf x -> equal(x.equality, ((Node.NullIf) b).equality, analysis);
      case Node.Case x -> equalCase(x, (Node.Case) b, analysis);
      case Node.Coalesce x -> equal(x.arguments, ((Node.Coalesce) b).arguments, analysis);
      case Node.MinMax x -> b instanceof Node.MinMax y && x.greatest == y.greatest && equal(x.arguments, y.arguments, analysis);
      case Node.Array x -> b instanceof Node.Array y && x.nested == y.nested && equal(x.elements, y.elements, analysis);
      case Node.Row x -> equal(x.fields, ((Node.Row) b).fields, analysis);
      case Node.RowCompare x ->
          b instanceof Node.RowCompare y && x.operatorName.equals(y.operatorName) && equal(x.columns, y.columns, analysis);
      case Node.ArrayOp x ->
          b instanceof Node.ArrayOp y && x.operator.oid() == y.operator.oid() && x.all == y.all && equal(x.left, y.left, analysis)
              && equal(x.array, y.array, analysis);
      case Node.Subscript x -> equalSubscript(x, (Node.Subscript) b, analysis);
      case Node.FieldSelect x -> b instanceof Node.FieldSelect y && x.field == y.field && equal(x.argument, y.argument, analysis);
      case Node.FieldStore x ->
          b instanceof Node.FieldStore y && x.field == y.field && equal(x.argument, y.argument, analysis) && equal(x.value, y.value, analysis);
      case Node.Relabel x -> equal(x.argument, ((Node.Relabel) b).argument, analysis);
      case Node.IoCast x -> equal(x.argument, ((Node.IoCast) b).argument, analysis);
      case Node.ArrayCoerce x -> equal(x.argument, ((Node.ArrayCoerce) b).argument, analysis);
      case Node.TypmodCoerce x -> equal(x.argument, ((Node.TypmodCoerce) b).argument, analysis);
      case Node.DomainCoerce x -> equal(x.argument, ((Node.DomainCoerce) b).argument, analysis);
      case Node.RowConvert x -> equal(x.argument, ((Node.RowConvert) b).argument, analysis);
      case Node.Collate x -> b instanceof Node.Collate y && x.collation == y.collation && equal(x.argument, y.argument, analysis);
      case Node.SubLink x ->
          b instanceof Node.SubLink y && x.kind == y.kind && x.column == y.column && QueryEquality.equal(x.query, y.query, analysis) && equal(x.left, y.left, analysis)
              && equal(x.test, y.test, analysis);
      case Node.Aggregate x -> equalAggregate(x, (Node.Aggregate) b, analysis);
      case Node.Window x ->
          b instanceof Node.Window y && x.function.oid() == y.function.oid() && x.window == y.window && equal(x.arguments, y.arguments, analysis)
              && equal(x.filter, y.filter, analysis);
      case Node.Grouping x -> b instanceof Node.Grouping y && x.depth == y.depth && equal(x.arguments, y.arguments, analysis);
      case Node.SessionValue x -> x.text.equals(((Node.SessionValue) b).text);
      case Node.Named x -> equal(x.value, ((Node.Named) b).value, analysis);
    };
  }

  private static boolean equalConst(Node.Const a, Node.Const b, Analysis analysis) {
    if (a.slot >= 0 && a.slot == b.slot) {
      return true;
    }
    if (!Objects.equals(a.value, b.value)) {
      return false;
    }
    analysis.fix(a);
    analysis.fix(b);
    return true;
  }

  private static boolean equalCase(Node.Case a, Node.Case b, Analysis analysis) {
    if (a.branches.size() != b.branches.size() || !equal(a.operand, b.operand, analysis) || !equal(a.otherwise, b.otherwise, analysis)) {
      return false;
    }
    for (int i = 0; i < a.branches.size(); i++) {
      if (!equal(a.branches.get(i).condition(), b.branches.get(i).condition(), analysis)
          || !equal(a.branches.get(i).result(), b.branches.get(i).result(), analysis)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalSubscript(Node.Subscript a, Node.Subscript b, Analysis analysis) {
    if (a.indexes.size() != b.indexes.size() || !equal(a.container, b.container, analysis) || !equal(a.source, b.source, analysis)) {
      return false;
    }
    for (int i = 0; i < a.indexes.size(); i++) {
      Index x = a.indexes.get(i);
      Index y = b.indexes.get(i);
      if (x.slice() != y.slice() || !equal(x.lower(), y.lower(), analysis) || !equal(x.upper(), y.upper(), analysis)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalAggregate(Node.Aggregate a, Node.Aggregate b, Analysis analysis) {
    if (a.function.oid() != b.function.oid() || a.isDistinct != b.isDistinct || a.star != b.star || a.depth != b.depth
        || a.arguments.size() != b.arguments.size() || a.orderBy.size() != b.orderBy.size() || !equal(a.direct, b.direct, analysis)
        || !equal(a.filter, b.filter, analysis)) {
      return false;
    }
    for (int i = 0; i < a.arguments.size(); i++) {
      if (!equal(a.arguments.get(i).expr, b.arguments.get(i).expr, analysis)) {
        return false;
      }
    }
    for (int i = 0; i < a.orderBy.size(); i++) {
      Query.Sort x = a.orderBy.get(i);
      Query.Sort y = b.orderBy.get(i);
      if (x.descending != y.descending || x.nullsFirst != y.nullsFirst || !equal(x.target.expr, y.target.expr, analysis)) {
        return false;
      }
    }
    return true;
  }

  static boolean equal(List<? extends Node> a, List<? extends Node> b, Analysis analysis) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i), analysis)) {
        return false;
      }
    }
    return true;
  }

  /// A copy in which every node for which `replacement` gives non-null is replaced (top down; a replacement is not entered again).
  /// Queries inside sub-links are rewritten in place by [QueryRewriter], not here.
  static Node rewrite(Node node, Function<Node, @Nullable Node> replacement) {
    Node replaced = replacement.apply(node);
    if (replaced != null) {
      return replaced;
    }
    Node result =
        switch (node) {
          case Node.Const c -> c;
          case Node.Param p -> p;
          case Node.Var v -> v;
          case Node.CaseTest t -> t;
          case Node.LinkColumn l -> l;
          case Node.CurrentOf c -> c;
          case Node.Default d -> d;
          case Node.SessionValue s -> s;
          case Node.Func f -> {
            Node.Func n =
                new Node.Func(f.position, f.function, f.type(), rewrite(f.arguments, replacement), f.form, f.variadic, f.sqlSyntax);
            n.inputCollation = f.inputCollation;
            n.defaulted = f.defaulted;
            yield n;
          }
          case Node.Op o -> rewriteOp(o, replacement);
          case Node.Bool b -> new Node.Bool(b.position, b.kind, rewrite(b.arguments, replacement));
          case Node.NullTest t -> new Node.NullTest(t.position, rewrite(t.argument, replacement), t.negated);
          case Node.BooleanTest t -> new Node.BooleanTest(t.position, rewrite(t.argument, replacement), t.test, t.negated);
          case Node.Distinct d -> new Node.Distinct(d.position, rewriteOp(d.equality, replacement), d.negated);
          case Node.NullIf n -> new Node.NullIf(n.position, rewriteOp(n.equality, replacement));
          case Node.Case c -> {
            List<CaseBranch> branches = new ArrayList<>(c.branches.size());
            for (CaseBranch branch : c.branches) {
              branches.add(new CaseBranch(rewrite(branch.condition(), replacement), rewrite(branch.result(), replacement)));
            }
            yield new Node.Case(
                c.position, c.type(), c.operand == null ? null : rewrite(c.operand, replacement), branches, rewrite(c.otherwise, replacement));
          }
          case Node.Coalesce c -> new Node.Coalesce(c.position, c.type(), rewrite(c.arguments, replacement));
          case Node.MinMax m -> {
            Node.MinMax n = new Node.MinMax(m.position, m.type(), m.greatest, rewrite(m.arguments, replacement));
            n.inputCollation = m.inputCollation;
            yield n;
          }
          case Node.Array a -> new Node.Array(a.position, a.type(), a.elementType, a.nested, rewrite(a.elements, replacement));
          case Node.Row r -> new Node.Row(r.position, r.type(), rewrite(r.fields, replacement), r.names, r.explicit, r.form);
          case Node.RowCompare r -> {
            List<Node.Op> columns = new ArrayList<>(r.columns.size());
            for (Node.Op column : r.columns) {
              columns.add(rewriteOp(column, replacement));
            }
            yield new Node.RowCompare(r.position, r.operatorName, columns);
          }
          case Node.ArrayOp a -> {
            Node.ArrayOp n =
                new Node.ArrayOp(
                    a.position, a.operator, a.function, a.all, rewrite(a.left, replacement), rewrite(a.array, replacement), a.argumentTypes);
            n.inputCollation = a.inputCollation;
            yield n;
          }
          case Node.Subscript s -> {
            List<Index> indexes = new ArrayList<>(s.indexes.size());
            for (Index index : s.indexes) {
              indexes.add(
                  new Index(
                      index.lower() == null ? null : rewrite(index.lower(), replacement),
                      index.upper() == null ? null : rewrite(index.upper(), replacement), index.slice()));
            }
            yield new Node.Subscript(
                s.position, s.type(), s.typmod, rewrite(s.container, replacement), indexes, s.slice,
                s.source == null ? null : rewrite(s.source, replacement));
          }
          case Node.FieldSelect f ->
              new Node.FieldSelect(f.position, f.type(), f.typmod, f.collation, rewrite(f.argument, replacement), f.field, f.name);
          case Node.FieldStore f ->
              new Node.FieldStore(f.position, f.type(), rewrite(f.argument, replacement), f.field, rewrite(f.value, replacement));
          case Node.Relabel r -> new Node.Relabel(r.position, r.type(), r.typmod, rewrite(r.argument, replacement), r.form);
          case Node.IoCast c -> new Node.IoCast(c.position, c.type(), rewrite(c.argument, replacement), c.form);
          case Node.ArrayCoerce a ->
              new Node.ArrayCoerce(a.position, a.type(), a.typmod, rewrite(a.argument, replacement), a.element, a.form);
          case Node.TypmodCoerce t -> new Node.TypmodCoerce(t.position, t.type(), t.typmod, rewrite(t.argument, replacement), t.form, t.explicit);
          case Node.DomainCoerce d -> new Node.DomainCoerce(d.position, d.type(), d.typmod, rewrite(d.argument, replacement), d.form);
          case Node.RowConvert r -> new Node.RowConvert(r.position, r.type(), rewrite(r.argument, replacement), r.fields);
          case Node.Collate c -> new Node.Collate(c.position, rewrite(c.argument, replacement), c.collation, c.name);
          case Node.SubLink s -> {
            QueryRewriter.rewrite(s.query, replacement);
            Node.SubLink n =
                new Node.SubLink(
                    s.position, s.type(), s.kind, s.query, rewrite(s.left, replacement), s.test == null ? null : rewrite(s.test, replacement),
                    s.operatorName);
            n.column = s.column;
            yield n;
          }
          case Node.Aggregate a -> rewriteAggregate(a, replacement);
          case Node.Window w -> {
            Node.Window n =
                new Node.Window(
                    w.position, w.function, w.type(), rewrite(w.arguments, replacement), w.filter == null ? null : rewrite(w.filter, replacement),
                    w.star, w.variadic, w.window);
            n.inputCollation = w.inputCollation;
            yield n;
          }
          case Node.Grouping g -> {
            Node.Grouping n = new Node.Grouping(g.position, rewrite(g.arguments, replacement), g.depth);
            n.groups = g.groups;
            yield n;
          }
          case Node.Named n -> new Node.Named(n.position, n.name, rewrite(n.value, replacement));
        };
    if (result != node) {
      result.typmod = node.typmod;
      result.collation = node.collation;
    }
    return result;
  }

  private static Node rewriteAggregate(Node.Aggregate a, Function<Node, @Nullable Node> replacement) {
    for (Query.Target target : a.arguments) {
      target.expr = rewrite(target.expr, replacement);
    }
    Node.Aggregate n =
        new Node.Aggregate(
            a.position, a.function, a.type(), a.argumentTypes, rewrite(a.direct, replacement), a.arguments, a.orderBy, a.distinct, a.isDistinct,
            a.filter == null ? null : rewrite(a.filter, replacement), a.star, a.variadic, a.withinGroup);
    n.depth = a.depth;
    n.inputCollation = a.inputCollation;
    return n;
  }

  private static Node.Op rewriteOp(Node.Op o, Function<Node, @Nullable Node> replacement) {
    Node.Op n = new Node.Op(o.position, o.operator, o.function, o.type(), rewrite(o.arguments, replacement));
    n.inputCollation = o.inputCollation;
    n.collation = o.collation;
    return n;
  }

  static List<Node> rewrite(List<Node> nodes, Function<Node, @Nullable Node> replacement) {
    List<Node> result = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      result.add(rewrite(node, replacement));
    }
    return result;
  }
}
