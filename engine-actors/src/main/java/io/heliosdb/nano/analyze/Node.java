package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A bound expression during analysis: typed, names resolved, columns still references to range table entries.
///
/// Nodes are shared freely within one analysis. Only collations are filled in afterwards, by [CollationAssigner], and types of
/// untyped parameters, by [ParameterTypes]. `position` is the 1-based character position for messages, 0 for none.
abstract sealed class Node {
  final int position;
  PgType type;
  int typmod = -1;
  int collation;

  Node(int position, PgType type) {
    this.position = position;
    this.type = type;
  }

  PgType type() {
    return type;
  }

  boolean isUnknown() {
    return type().oid() == PgTypes.UNKNOWN.oid();
  }

  /// A constant; type `unknown` with a String (or null) value until coerced. `slot` ≥ 0 marks a lifted literal.
  static final class Const extends Node {
    final @Nullable Object value;
    final int slot;

    Const(int position, PgType type, int typmod, @Nullable Object value, int slot) {
      super(position, type);
      this.typmod = typmod;
      this.value = value;
      this.slot = slot;
      this.collation = type.collationOid();
    }

    static Const of(PgType type, @Nullable Object value) {
      return new Const(0, type, -1, value, -1);
    }
  }

  /// `$n`; its type may be decided after the node was made.
  static final class Param extends Node {
    final int number;
    final @Nullable ParameterTypes types;

    /// The fields of a record variable; null for others.
    @Nullable List<CompositeField> fields;

    Param(int position, int number, @Nullable ParameterTypes types, PgType type, int typmod, int collation) {
      super(position, type);
      this.number = number;
      this.types = types;
      this.typmod = typmod;
      this.collation = collation;
    }
  }

  /// Column `attno` of a range table entry: 1-based, negative for system columns, 0 for the whole row.
  static final class Var extends Node {
    final RangeEntry entry;
    final int attno;

    Var(int position, RangeEntry entry, int attno, PgType type, int typmod, int collation) {
      super(position, type);
      this.entry = entry;
      this.attno = attno;
      this.typmod = typmod;
      this.collation = collation;
    }
  }

  /// A function call, also as a cast. `variadic`: the caller wrote VARIADIC. `sqlSyntax`: came from special syntax (EXTRACT …).
  static final class Func extends Node {
    final FunctionDef function;
    final List<Node> arguments;
    final Form form;
    final boolean variadic;
    final boolean sqlSyntax;
    int inputCollation;
    /// How many of the last arguments are defaults that the call did not write.
    int defaulted;

    Func(int position, FunctionDef function, PgType type, List<Node> arguments, Form form, boolean variadic, boolean sqlSyntax) {
      super(position, type);
      this.function = function;
      this.arguments = arguments;
      this.form = form;
      this.variadic = variadic;
      this.sqlSyntax = sqlSyntax;
    }
  }

  /// An operator with one or two arguments.
  static final class Op extends Node {
    final OperatorDef operator;
    final FunctionDef function;
    final List<Node> arguments;
    int inputCollation;

    Op(int position, OperatorDef operator, FunctionDef function, PgType type, List<Node> arguments) {
      super(position, type);
      this.operator = operator;
      this.function = function;
      this.arguments = arguments;
    }
  }

  enum BoolKind { AND, OR, NOT }

  static final class Bool extends Node {
    final BoolKind kind;
    final List<Node> arguments;

    Bool(int position, BoolKind kind, List<Node> arguments) {
      super(position, PgTypes.BOOL);
      this.kind = kind;
      this.arguments = arguments;
    }
  }

  static final class NullTest extends Node {
    final Node argument;
    final boolean negated;

    NullTest(int position, Node argument, boolean negated) {
      super(position, PgTypes.BOOL);
      this.argument = argument;
      this.negated = negated;
    }
  }

  static final class BooleanTest extends Node {
    final Node argument;
    final @Nullable Boolean test;
    final boolean negated;

    BooleanTest(int position, Node argument, @Nullable Boolean test, boolean negated) {
      super(position, PgTypes.BOOL);
      this.argument = argument;
      this.test = test;
      this.negated = negated;
    }
  }

  /// IS DISTINCT FROM; `equality` compares the two sides.
  static final class Distinct extends Node {
    final Op equality;
    final boolean negated;

    Distinct(int position, Op equality, boolean negated) {
      super(position, PgTypes.BOOL);
      this.equality = equality;
      this.negated = negated;
    }
  }

  /// NULLIF; the result is the left argument of `equality`.
  static final class NullIf extends Node {
    final Op equality;

    NullIf(int position, Op equality) {
      super(position, equality.arguments.getFirst().type());
      this.equality = equality;
      this.typmod = equality.arguments.getFirst().typmod;
    }
  }

  record CaseBranch(Node condition, Node result) {}

  /// With an operand, the conditions hold a [CaseTest] that stands for it.
  static final class Case extends Node {
    final @Nullable Node operand;
    final List<CaseBranch> branches;
    final Node otherwise;

    Case(int position, PgType type, @Nullable Node operand, List<CaseBranch> branches, Node otherwise) {
      super(position, type);
      this.operand = operand;
      this.branches = branches;
      this.otherwise = otherwise;
    }
  }

  /// The operand of the enclosing CASE, the element of the enclosing [ArrayCoerce], or the value a domain check looks at.
  static final class CaseTest extends Node {
    CaseTest(int position, PgType type, int typmod, int collation) {
      super(position, type);
      this.typmod = typmod;
      this.collation = collation;
    }
  }

  static final class Coalesce extends Node {
    final List<Node> arguments;

    Coalesce(int position, PgType type, List<Node> arguments) {
      super(position, type);
      this.arguments = arguments;
      this.typmod = commonTypmod(arguments, type);
    }
  }

  static final class MinMax extends Node {
    final boolean greatest;
    final List<Node> arguments;
    int inputCollation;

    MinMax(int position, PgType type, boolean greatest, List<Node> arguments) {
      super(position, type);
      this.greatest = greatest;
      this.arguments = arguments;
      this.typmod = commonTypmod(arguments, type);
    }
  }

  static final class Array extends Node {
    final PgType elementType;
    final boolean nested;
    final List<Node> elements;

    Array(int position, PgType type, PgType elementType, boolean nested, List<Node> elements) {
      super(position, type);
      this.elementType = elementType;
      this.nested = nested;
      this.elements = elements;
      this.typmod = commonTypmod(elements, type);
    }
  }

  /// `explicit`: written with the word ROW.
  static final class Row extends Node {
    final List<Node> fields;
    final List<String> names;
    final boolean explicit;
    final Form form;

    Row(int position, PgType type, List<Node> fields, List<String> names, boolean explicit, Form form) {
      super(position, type);
      this.fields = fields;
      this.names = names;
      this.explicit = explicit;
      this.form = form;
    }
  }

  /// `(a, b) < (c, d)`; one operator per column.
  static final class RowCompare extends Node {
    final String operatorName;
    final List<Op> columns;

    RowCompare(int position, String operatorName, List<Op> columns) {
      super(position, PgTypes.BOOL);
      this.operatorName = operatorName;
      this.columns = columns;
    }
  }

  /// `left op ANY|ALL (array)`.
  static final class ArrayOp extends Node {
    final OperatorDef operator;
    final FunctionDef function;
    final boolean all;
    final Node left;
    final Node array;
    /// Argument types the operator was resolved for: left and one element.
    final List<PgType> argumentTypes;
    int inputCollation;

    ArrayOp(int position, OperatorDef operator, FunctionDef function, boolean all, Node left, Node array, List<PgType> argumentTypes) {
      super(position, PgTypes.BOOL);
      this.operator = operator;
      this.function = function;
      this.all = all;
      this.left = left;
      this.array = array;
      this.argumentTypes = argumentTypes;
    }
  }

  /// One subscript; a plain one holds its value in `upper`.
  record Index(@Nullable Node lower, @Nullable Node upper, boolean slice) {}

  /// Element or slice of `container`; with `source`, the container with that part replaced.
  static final class Subscript extends Node {
    final Node container;
    final List<Index> indexes;
    final boolean slice;
    final @Nullable Node source;

    Subscript(int position, PgType type, int typmod, Node container, List<Index> indexes, boolean slice, @Nullable Node source) {
      super(position, type);
      this.typmod = typmod;
      this.container = container;
      this.indexes = indexes;
      this.slice = slice;
      this.source = source;
    }
  }

  /// `field` is the 1-based attribute number.
  static final class FieldSelect extends Node {
    final Node argument;
    final int field;
    final String name;

    FieldSelect(int position, PgType type, int typmod, int collation, Node argument, int field, String name) {
      super(position, type);
      this.typmod = typmod;
      this.collation = collation;
      this.argument = argument;
      this.field = field;
      this.name = name;
    }
  }

  /// The composite `argument` with field `field` (1-based) replaced.
  static final class FieldStore extends Node {
    final Node argument;
    final int field;
    final Node value;

    FieldStore(int position, PgType type, Node argument, int field, Node value) {
      super(position, type);
      this.argument = argument;
      this.field = field;
      this.value = value;
    }
  }

  static final class Relabel extends Node {
    final Node argument;
    final Form form;

    Relabel(int position, PgType type, int typmod, Node argument, Form form) {
      super(position, type);
      this.typmod = typmod;
      this.argument = argument;
      this.form = form;
    }
  }

  static final class IoCast extends Node {
    final Node argument;
    final Form form;

    IoCast(int position, PgType type, Node argument, Form form) {
      super(position, type);
      this.argument = argument;
      this.form = form;
    }
  }

  /// `element` sees the array's element as [CaseTest].
  static final class ArrayCoerce extends Node {
    final Node argument;
    final Node element;
    final Form form;

    ArrayCoerce(int position, PgType type, int typmod, Node argument, Node element, Form form) {
      super(position, type);
      this.typmod = typmod;
      this.argument = argument;
      this.element = element;
      this.form = form;
    }
  }

  /// Length or precision coercion.
  static final class TypmodCoerce extends Node {
    final Node argument;
    final Form form;

    /// Whether too long values are cut as by an explicit cast.
    final boolean explicit;

    TypmodCoerce(int position, PgType type, int typmod, Node argument, Form form, boolean explicit) {
      super(position, type);
      this.explicit = explicit;
      this.typmod = typmod;
      this.argument = argument;
      this.form = form;
    }
  }

  static final class DomainCoerce extends Node {
    final Node argument;
    final Form form;

    DomainCoerce(int position, PgType type, int typmod, Node argument, Form form) {
      super(position, type);
      this.typmod = typmod;
      this.argument = argument;
      this.form = form;
    }
  }

  /// Composite to another composite type; `fields` are 0-based positions in the argument, -1 for NULL.
  static final class RowConvert extends Node {
    final Node argument;
    final List<Integer> fields;

    RowConvert(int position, PgType type, Node argument, List<Integer> fields) {
      super(position, type);
      this.argument = argument;
      this.fields = fields;
    }
  }

  static final class Collate extends Node {
    final Node argument;
    final String name;

    Collate(int position, Node argument, int collation, String name) {
      super(position, argument.type());
      this.argument = argument;
      this.name = name;
      this.collation = collation;
      this.typmod = argument.typmod;
    }
  }

  enum LinkKind { EXPR, EXISTS, ANY, ALL, ROW_COMPARE, ARRAY }

  /// A sub-query in an expression. For ANY, ALL and ROW_COMPARE, `test` compares with the sub-query's columns ([LinkColumn]).
  static final class SubLink extends Node {
    final LinkKind kind;
    final Query query;
    final List<Node> left;
    final @Nullable Node test;
    final String operatorName;
    /// For `(a, b) = (SELECT …)`: which column of the sub-query this is the value of; 0 otherwise.
    int column;

    SubLink(int position, PgType type, LinkKind kind, Query query, List<Node> left, @Nullable Node test, String operatorName) {
      super(position, type);
      this.kind = kind;
      this.query = query;
      this.left = left;
      this.test = test;
      this.operatorName = operatorName;
    }
  }

  /// Column `index` (0-based) of the sub-query of the [SubLink] whose test this stands in.
  static final class LinkColumn extends Node {
    final int index;

    LinkColumn(int position, int index, PgType type, int typmod, int collation) {
      super(position, type);
      this.index = index;
      this.typmod = typmod;
      this.collation = collation;
    }
  }

  /// An aggregate of the query at nesting `depth`.
  static final class Aggregate extends Node {
    final FunctionDef function;
    final List<PgType> argumentTypes;
    final List<Node> direct;
    final List<Query.Target> arguments;
    final List<Query.Sort> orderBy;
    final List<Query.Sort> distinct;
    final boolean isDistinct;
    final @Nullable Node filter;
    final boolean star;
    final boolean variadic;
    final boolean withinGroup;
    int depth;
    int inputCollation;

    Aggregate(
        int position, FunctionDef function, PgType type, List<PgType> argumentTypes, List<Node> direct, List<Query.Target> arguments,
        List<Query.Sort> orderBy, List<Query.Sort> distinct, boolean isDistinct, @Nullable Node filter, boolean star, boolean variadic,
        boolean withinGroup) {
      super(position, type);
      this.function = function;
      this.argumentTypes = argumentTypes;
      this.direct = direct;
      this.arguments = arguments;
      this.orderBy = orderBy;
      this.distinct = distinct;
      this.isDistinct = isDistinct;
      this.filter = filter;
      this.star = star;
      this.variadic = variadic;
      this.withinGroup = withinGroup;
    }
  }

  static final class Window extends Node {
    final FunctionDef function;
    final List<Node> arguments;
    final @Nullable Node filter;
    final boolean star;
    final boolean variadic;
    final int window;
    int inputCollation;

    Window(
        int position, FunctionDef function, PgType type, List<Node> arguments, @Nullable Node filter, boolean star, boolean variadic, int window) {
      super(position, type);
      this.function = function;
      this.arguments = arguments;
      this.filter = filter;
      this.star = star;
      this.variadic = variadic;
      this.window = window;
    }
  }

  /// GROUPING(…) of the query at nesting `depth`.
  static final class Grouping extends Node {
    final List<Node> arguments;
    final int depth;
    List<Integer> groups = List.of();

    Grouping(int position, List<Node> arguments, int depth) {
      super(position, PgTypes.INT4);
      this.arguments = arguments;
      this.depth = depth;
    }
  }

  static final class CurrentOf extends Node {
    final String cursor;

    CurrentOf(int position, String cursor) {
      super(position, PgTypes.BOOL);
      this.cursor = cursor;
    }
  }

  /// DEFAULT as a value of INSERT or UPDATE.
  static final class Default extends Node {
    Default(int position) {
      super(position, PgTypes.UNKNOWN);
    }
  }

  /// CURRENT_DATE and its kin; `value` computes it.
  static final class SessionValue extends Node {
    final String text;
    final Node value;

    SessionValue(int position, String text, Node value) {
      super(position, value.type());
      this.text = text;
      this.value = value;
      this.typmod = value.typmod;
    }
  }

  /// An argument written with its name; only inside argument lists before they are put in order.
  static final class Named extends Node {
    final String name;
    final Node value;

    Named(int position, String name, Node value) {
      super(position, value.type());
      this.name = name;
      this.value = value;
    }
  }

  /// The typmod shared by all, if all have the same type and typmod.
  static int commonTypmod(List<Node> nodes, PgType type) {
    if (nodes.isEmpty()) {
      return -1;
    }
    int typmod = nodes.getFirst().typmod;
    for (Node node : nodes) {
      if (!node.type().equals(type) || node.typmod != typmod) {
        return -1;
      }
    }
    return typmod;
  }

  /// How a sub-plan's kind is named in plans.
  static LogicalPlan.JoinKind joinKind(io.heliosdb.nano.parse.ast.FromItem.JoinType type) {
    return switch (type) {
      case CROSS, INNER -> LogicalPlan.JoinKind.INNER;
      case LEFT -> LogicalPlan.JoinKind.LEFT;
      case RIGHT -> LogicalPlan.JoinKind.RIGHT;
      case FULL -> LogicalPlan.JoinKind.FULL;
    };
  }
}
