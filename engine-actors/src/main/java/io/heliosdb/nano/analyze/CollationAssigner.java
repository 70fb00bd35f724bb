package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Derives the collation of every expression, bottom up: explicit COLLATE wins over implicit ones, the default loses to any other.
///
/// Errors: 42P21 for two explicit collations that differ. Source: PostgreSQL 15 manual, "Collation Support", "Concepts".
final class CollationAssigner {
  private enum Strength { NONE, IMPLICIT, CONFLICT, EXPLICIT }

  /// What is known so far of the collation of some expressions taken together.
  private static final class State {
    int collation;
    int other;
    Strength strength = Strength.NONE;
    int position;
  }

  private final Analysis analysis;

  private CollationAssigner(Analysis analysis) {
    this.analysis = analysis;
  }

  static void assign(Analysis analysis, @Nullable Node node) {
    if (node != null) {
      new CollationAssigner(analysis).walk(node, new State());
    }
  }

  static void assignTargets(Analysis analysis, List<Query.Target> targets) {
    CollationAssigner assigner = new CollationAssigner(analysis);
    for (Query.Target target : targets) {
      assigner.walk(target.expr, new State());
    }
  }

  /// The collation that expressions of one column (VALUES, UNION) share, 0 if they differ and `noneOk`.
  static int common(Analysis analysis, List<Node> nodes, boolean noneOk) {
    CollationAssigner assigner = new CollationAssigner(analysis);
    State state = new State();
    for (Node node : nodes) {
      assigner.walk(node, state);
    }
    if (state.strength == Strength.CONFLICT) {
      if (noneOk) {
        return 0;
      }
      throw assigner.implicitMismatch(state);
    }
    return state.collation;
  }

  private static boolean isKey(Query.Target target, Query query) {
    return java.util.stream.Stream.of(query.sort, query.groupBy, query.distinct).flatMap(List::stream).anyMatch(key -> key.target == target);
  }

  private SqlException implicitMismatch(State state) {
    return new SqlException(
            SqlState.COLLATION_MISMATCH,
            "collation mismatch between implicit collations \"" + name(state.collation) + "\" and \"" + name(state.other) + "\"")
        .withHint("You can choose the collation by applying the COLLATE clause to one or both expressions.")
        .at(state.position);
  }

  static void assignQuery(Analysis analysis, Query query) {
    CollationAssigner assigner = new CollationAssigner(analysis);
    for (Query.Target target : query.targets) {
      State state = new State();
      assigner.walk(target.expr, state);
      if (state.strength == Strength.CONFLICT && isKey(target, query)) {
        throw assigner.implicitMismatch(state);
      }
    }
    for (Query.Target target : query.returning) {
      assigner.walk(target.expr, new State());
    }
    assigner.walkOptional(query.where);
    assigner.walkOptional(query.having);
    assigner.walkOptional(query.limit);
    assigner.walkOptional(query.offset);
    for (Query.From from : query.from) {
      assigner.walk(from);
    }
    for (Query.WindowClause window : query.windows) {
      assigner.walkOptional(window.startOffset);
      assigner.walkOptional(window.endOffset);
    }
    if (query.conflict != null) {
      for (Query.Target target : query.conflict.assignments) {
        assigner.walk(target.expr, new State());
      }
      assigner.walkOptional(query.conflict.where);
    }
    assigner.walkOptional(query.mergeCondition);
    for (Query.MergeClause clause : query.mergeClauses) {
      assigner.walkOptional(clause.condition);
      for (Query.Target target : clause.targets) {
        assigner.walk(target.expr, new State());
      }
    }
    for (RangeEntry entry : query.entries) {
      if (entry.sample != null) {
        entry.sample.arguments().forEach(node -> assigner.walk(node, new State()));
      }
    }
  }

  private void walk(Query.From from) {
    if (from instanceof Query.Join join) {
      walk(join.left);
      walk(join.right);
      walkOptional(join.condition);
    }
  }

  private void walkOptional(@Nullable Node node) {
    if (node != null) {
      walk(node, new State());
    }
  }

  private void walk(Node node, State outer) {
    int collation;
    Strength strength;
    switch (node) {
      case Node.Const c -> {
        collation = c.collation;
        strength = collation == 0 ? Strength.NONE : Strength.IMPLICIT;
      }
      case Node.Var v -> {
        collation = v.collation;
        strength = collation == 0 ? Strength.NONE : Strength.IMPLICIT;
      }
      case Node.Collate c -> {
        walk(c.argument, new State());
        collation = c.collation;
        strength = Strength.EXPLICIT;
      }
      case Node.Param p -> {
        collation = p.collation;
        strength = collation == 0 ? Strength.NONE : Strength.IMPLICIT;
      }
      case Node.CaseTest t -> {
        collation = t.collation;
        strength = collation == 0 ? Strength.NONE : Strength.IMPLICIT;
      }
      case Node.LinkColumn l -> {
        collation = l.collation;
        strength = collation == 0 ? Strength.NONE : Strength.IMPLICIT;
      }
      case Node.FieldSelect f -> {
        walk(f.argument, new State());
        collation = f.collation;
        strength = collation == 0 ? Strength.NONE : Strength.IMPLICIT;
      }
      case Node.SubLink s -> {
        s.left.forEach(left -> walk(left, new State()));
        if (s.test != null) {
          walk(s.test, new State());
        }
        collation = s.collation;
        strength = collation == 0 ? Strength.NONE : Strength.IMPLICIT;
      }
      case Node.Row r -> {
        r.fields.forEach(field -> walk(field, new State()));
        collation = 0;
        strength = Strength.NONE;
      }
      case Node.RowCompare r -> {
        r.columns.forEach(column -> walk(column, new State()));
        collation = 0;
        strength = Strength.NONE;
      }
      default -> {
        State inner = new State();
        gather(node, inner);
        boolean conflict = inner.strength == Strength.CONFLICT;
        setInput(node, conflict ? 0 : inner.collation);
        if (conflict || inner.collation != PgTypes.DEFAULT_COLLATION && inner.collation != 0) {
          FunctionDef function = functionOf(node);
          if (function != null) {
            CollationChecks.check(function, inner.collation, conflict, analysis);
          }
        }
        int own = node.type().collationOid();
        if (node.type().oid() == PgTypes.UNKNOWN.oid() && own == 0) {
          own = inner.collation;
        }
        if (own == 0) {
          node.collation = 0;
          return;
        }
        if (inner.strength == Strength.NONE || node instanceof Node.DomainCoerce && own != PgTypes.DEFAULT_COLLATION) {
          collation = own;
          strength = Strength.IMPLICIT;
        } else {
          collation = inner.collation;
          strength = inner.strength;
          if (strength == Strength.CONFLICT) {
            node.collation = 0;
            mergeConflict(outer, inner);
            return;
          }
        }
        node.collation = collation;
      }
    }
    merge(outer, collation, strength, node);
  }

  /// Walks the children whose collations decide the node's.
  private void gather(Node node, State state) {
    switch (node) {
      case Node.Case c -> {
        if (c.operand != null) {
          walk(c.operand, new State());
        }
        for (Node.CaseBranch branch : c.branches) {
          walk(branch.condition(), new State());
          walk(branch.result(), state);
        }
        walk(c.otherwise, state);
      }
      case Node.Aggregate a -> {
        if (a.filter != null) {
          walk(a.filter, new State());
        }
        a.direct.forEach(direct -> walk(direct, state));
        for (Query.Target target : a.arguments) {
          walk(target.expr, target.junk ? new State() : state);
        }
      }
      case Node.Window w -> {
        if (w.filter != null) {
          walk(w.filter, new State());
        }
        w.arguments.forEach(argument -> walk(argument, state));
      }
      case Node.Subscript s -> {
        walk(s.container, state);
        for (Node.Index index : s.indexes) {
          walkOptional(index.lower());
          walkOptional(index.upper());
        }
        walkOptional(s.source);
      }
      case Node.Distinct d -> walk(d.equality, state);
      case Node.NullIf n -> {
        walk(n.equality, new State());
        walk(n.equality.arguments.getFirst(), state);
      }
      case Node.ArrayCoerce a -> {
        walk(a.argument, state);
        walk(a.element, new State());
      }
      default -> Nodes.children(node, child -> walk(child, state));
    }
  }

  private static void setInput(Node node, int collation) {
    switch (node) {
      case Node.Func f -> f.inputCollation = collation;
      case Node.Op o -> o.inputCollation = collation;
      case Node.MinMax m -> m.inputCollation = collation;
      case Node.ArrayOp a -> a.inputCollation = collation;
      case Node.Aggregate a -> a.inputCollation = collation;
      case Node.Window w -> w.inputCollation = collation;
      default -> {}
    }
  }

  private static @Nullable FunctionDef functionOf(Node node) {
    return switch (node) {
      case Node.Func f -> f.function;
      case Node.Op o -> o.function;
      case Node.ArrayOp a -> a.function;
      case Node.Aggregate a -> a.function;
      default -> null;
    };
  }

  private void mergeConflict(State outer, State inner) {
    if (outer.strength.compareTo(Strength.CONFLICT) < 0) {
      outer.collation = inner.collation;
      outer.other = inner.other;
      outer.strength = Strength.CONFLICT;
      outer.position = inner.position;
    }
  }

  private void merge(State state, int collation, Strength strength, Node node) {
    if (strength.compareTo(state.strength) > 0) {
      state.collation = collation;
      state.strength = strength;
      state.position = node.position;
      return;
    }
    if (strength != state.strength || collation == state.collation) {
      return;
    }
    switch (strength) {
      case IMPLICIT -> {
        if (collation == PgTypes.DEFAULT_COLLATION) {
          return;
        }
        if (state.collation == PgTypes.DEFAULT_COLLATION) {
          state.collation = collation;
          state.position = node.position;
        } else {
          state.strength = Strength.CONFLICT;
          state.other = collation;
          state.position = node.position;
        }
      }
      case EXPLICIT ->
          throw new SqlException(
                  SqlState.COLLATION_MISMATCH,
                  "collation mismatch between explicit collations \"" + name(state.collation) + "\" and \"" + name(collation) + "\"")
              .at(node.position);
      default -> {}
    }
  }

  private String name(int oid) {
    Catalog.CollationDef definition = analysis.catalog.collation(oid);
    return definition == null ? "default" : definition.name();
  }
}
