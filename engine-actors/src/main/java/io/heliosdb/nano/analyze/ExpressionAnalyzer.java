package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds scalar expressions of one query level.
///
/// Source: PostgreSQL 15 manual, "Value Expressions", "Functions and Operators", "Row and Array Comparisons", "Conditional Expressions".
final class ExpressionAnalyzer {
  private static final List<String> BTREE_SYMBOLS = List.of("<", "<=", ">=", ">", "~<~", "~<=~", "~>=~", "~>~");
  final Scope scope;
  final Analysis analysis;
  private final CallAnalyzer calls;
  private final ReferenceAnalyzer references;
  private final ContainerAnalyzer containers;

  ExpressionAnalyzer(Scope scope) {
    this.scope = scope;
    this.analysis = scope.analysis;
    this.calls = new CallAnalyzer(this);
    this.references = new ReferenceAnalyzer(this);
    this.containers = new ContainerAnalyzer(this);
  }

  CallAnalyzer calls() {
    return calls;
  }

  ReferenceAnalyzer references() {
    return references;
  }

  ContainerAnalyzer containers() {
    return containers;
  }

  /// Binds an expression that stands in a place of the given kind.
  Node analyze(Expression expression, ExprKind kind) {
    ExprKind outer = scope.kind;
    scope.kind = kind;
    Node result = bind(expression);
    scope.kind = outer;
    return result;
  }

  List<Node> analyzeAll(List<Expression> expressions, ExprKind kind) {
    List<Node> result = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      result.add(analyze(expression, kind));
    }
    return result;
  }

  /// Binds a condition: WHERE, HAVING, ON, FILTER, WHEN.
  Node condition(Expression expression, ExprKind kind, String construct) {
    return analysis.coercion.toBoolean(analyze(expression, kind), construct);
  }

  /// Binds within the current kind.
  Node bind(Expression expression) {
    analysis.enter(expression.position());
    Node result = bindNode(expression);
    analysis.leave();
    return result;
  }

  private Node bindNode(Expression expression) {
    return switch (expression) {
      case Expression.ColumnReference column -> references.column(column);
      case Expression.LiftedLiteral lifted -> literal(lifted.literal(), lifted.index(), lifted.position());
      case Expression.Literal literal -> literal(literal, -1, literal.position());
      case Expression.TypedLiteral typed -> typedLiteral(typed);
      case Expression.Parameter parameter -> references.parameter(parameter);
      case Expression.DefaultValue value ->
          throw new SqlException(SqlState.SYNTAX_ERROR, "DEFAULT is not allowed in this context").at(value.position());
      case Expression.SessionValue value -> SessionValues.bind(analysis, value);
      case Expression.FunctionCall call -> calls.call(call);
      case Expression.OperatorCall operator -> operator(operator);
      case Expression.And and -> connective(Node.BoolKind.AND, and.operands(), "AND", and.position());
      case Expression.Or or -> connective(Node.BoolKind.OR, or.operands(), "OR", or.position());
      case Expression.Not not ->
          new Node.Bool(not.position(), Node.BoolKind.NOT, List.of(analysis.coercion.toBoolean(bind(not.operand()), "NOT")));
      case Expression.IsTest test -> isTest(test);
      case Expression.IsDistinctFrom distinct -> distinctFrom(distinct);
      case Expression.Between between -> between(between);
      case Expression.InList in -> inList(in);
      case Expression.Like like -> like(like);
      case Expression.QuantifiedArray quantified ->
          analysis.operators.makeArrayOp(
              quantified.operator(), quantified.all(), bind(quantified.left()), bind(quantified.array()), quantified.position());
      case Expression.ScalarSubquery subquery -> scalarSubquery(subquery.query(), subquery.position());
      case Expression.Exists exists -> {
        Query query = subquery(exists.query(), exists.position());
        yield new Node.SubLink(exists.position(), PgTypes.BOOL, Node.LinkKind.EXISTS, query, List.of(), null, "");
      }
      case Expression.ArraySubquery array -> arraySubquery(array);
      case Expression.InSubquery in -> {
        Node any = quantifiedSubquery(QualifiedName.of("=", in.position()), false, in.left(), in.query(), in.position());
        yield in.negated() ? new Node.Bool(in.position(), Node.BoolKind.NOT, List.of(any)) : any;
      }
      case Expression.QuantifiedSubquery quantified ->
          quantifiedSubquery(quantified.operator(), quantified.all(), quantified.left(), quantified.query(), quantified.position());
      case Expression.Case c -> caseExpression(c);
      case Expression.Coalesce coalesce -> coalesce(coalesce);
      case Expression.NullIf nullIf -> nullIf(nullIf);
      case Expression.MinMax minMax -> minMax(minMax);
      case Expression.Cast cast -> cast(cast);
      case Expression.Collate collate -> collate(collate);
      case Expression.ArrayConstructor array -> containers.array(array, null, null, -1);
      case Expression.RowConstructor row -> row(row);
      case Expression.Subscript subscript -> containers.subscript(subscript);
      case Expression.FieldSelection field -> references.field(field);
      case Expression.StarSelection star ->
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "row expansion via \"*\" is not supported here").at(star.position());
      case Expression.Grouping grouping -> new Aggregates(this).grouping(grouping);
      case Expression.CurrentOf current -> new Node.CurrentOf(current.position(), current.cursor());
      case Expression.XmlElement xml -> bind(XmlExpressions.element(xml));
      case Expression.XmlForest xml -> bind(XmlExpressions.forest(xml));
      case Expression.XmlConcat xml -> bind(XmlExpressions.concat(xml));
      case Expression.XmlParse xml -> bind(XmlExpressions.parse(xml));
      case Expression.XmlPi xml -> bind(XmlExpressions.instruction(xml));
      case Expression.XmlRoot xml -> bind(XmlExpressions.root(xml));
      case Expression.XmlSerialize xml -> bind(XmlExpressions.serialize(xml));
    };
  }

  // ------------------------------------------------------------------------------------------ constants and casts

  Node.Const literal(Expression.Literal literal, int slot, int position) {
    return switch (literal) {
      case Expression.IntegerLiteral i -> new Node.Const(position, PgTypes.INT4, -1, i.value(), slot);
      case Expression.DecimalLiteral d -> number(d.text(), slot, position);
      case Expression.StringLiteral s -> new Node.Const(position, PgTypes.UNKNOWN, -1, s.value(), slot);
      case Expression.BitLiteral b ->
          new Node.Const(
              position, PgTypes.BIT, -1, analysis.coercion.parse(PgTypes.BIT, -1, (b.hexadecimal() ? "x" : "b") + b.digits(), position), slot);
      case Expression.BooleanLiteral b -> new Node.Const(position, PgTypes.BOOL, -1, b.value(), slot);
      case Expression.NullLiteral n -> new Node.Const(position, PgTypes.UNKNOWN, -1, null, -1);
    };
  }

  private Node.Const number(String text, int slot, int position) {
    int start = text.startsWith("-") ? 1 : 0;
    boolean digits = text.length() - start <= 19 && text.length() > start;
    for (int i = start; i < text.length() && digits; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (digits) {
      try {
        return new Node.Const(position, PgTypes.INT8, -1, Long.parseLong(text), slot);
      } catch (NumberFormatException beyondBigint) {
        // falls through to numeric, as PostgreSQL's scanner does
      }
    }
    return new Node.Const(position, PgTypes.NUMERIC, -1, analysis.coercion.parse(PgTypes.NUMERIC, -1, text, position), slot);
  }

  private Node typedLiteral(Expression.TypedLiteral typed) {
    AnalysisTypes.Typed target = analysis.types.resolve(typed.type());
    Node text = new Node.Const(typed.position(), PgTypes.UNKNOWN, -1, typed.value(), -1);
    return castTo(text, target, typed.position());
  }

  private Node cast(Expression.Cast cast) {
    AnalysisTypes.Typed target = analysis.types.resolve(cast.type());
    if (cast.operand() instanceof Expression.ArrayConstructor array) {
      AnalysisTypes.Typed base = AnalysisTypes.baseOf(target.type(), target.typmod());
      if (base.type().isArray()) {
        Node node = containers.array(array, base.type(), analysis.types.elementOf(base.type()), base.typmod());
        return castTo(node, target, cast.position());
      }
    }
    return castTo(bind(cast.operand()), target, cast.position());
  }

  private Node castTo(Node operand, AnalysisTypes.Typed target, int position) {
    Node result =
        analysis.coercion.toTarget(operand, target.type(), target.typmod(), Coercion.Context.EXPLICIT, Form.EXPLICIT_CAST, position);
    if (result == null) {
      throw new SqlException(
              SqlState.CANNOT_COERCE,
              "cannot cast type " + analysis.types.format(operand.type()) + " to " + analysis.types.format(target.type()))
          .at(position);
    }
    return result;
  }

  private Node collate(Expression.Collate collate) {
    Node operand = bind(collate.operand());
    if (!operand.type().collatable() && !operand.isUnknown()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "collations are not supported by type " + analysis.types.format(operand.type()))
          .at(collate.position());
    }
    int oid = analysis.names.collation(collate.collation(), collate.position()).oid();
    return new Node.Collate(collate.position(), operand, oid, collate.collation().toString());
  }

  private Node row(Expression.RowConstructor row) {
    List<Node> fields = new ArrayList<>(row.fields().size());
    for (Expression field : row.fields()) {
      if (field instanceof Expression.StarSelection star) {
        fields.addAll(references.expandFields(star));
      } else if (field instanceof Expression.ColumnReference column && column.star()) {
        fields.addAll(new TargetList(this).starNodes(column));
      } else {
        fields.add(bind(field));
      }
    }
    List<String> names = new ArrayList<>(fields.size());
    for (int i = 1; i <= fields.size(); i++) {
      names.add("f" + i);
    }
    return new Node.Row(row.position(), PgTypes.RECORD, fields, names, row.explicit(), Form.EXPLICIT_CAST);
  }

  // ------------------------------------------------------------------------------------------ operators

  private Node connective(Node.BoolKind kind, List<Expression> operands, String name, int position) {
    List<Node> arguments = new ArrayList<>(operands.size());
    for (Expression operand : operands) {
      arguments.add(analysis.coercion.toBoolean(bind(operand), name));
    }
    return new Node.Bool(position, kind, arguments);
  }

  private Node operator(Expression.OperatorCall call) {
    Expression left = call.left();
    if (left == null) {
      return checkSet(analysis.operators.make(call.operator(), null, bind(call.right()), call.position()));
    }
    if (left instanceof Expression.RowConstructor && call.right() instanceof Expression.ScalarSubquery subquery) {
      return rowSubquery(call.operator(), left, subquery, call.position());
    }
    if (call.operator().name().equals("=") && analysis.settingOn("transform_null_equals")) {
      if (call.right() instanceof Expression.NullLiteral) {
        return new Node.NullTest(call.position(), bind(left), false);
      }
      if (left instanceof Expression.NullLiteral) {
        return new Node.NullTest(call.position(), bind(call.right()), false);
      }
    }
    Node boundLeft = bind(left);
    Node boundRight = bind(call.right());
    return binary(call.operator(), boundLeft, boundRight, call.position());
  }

  private Node checkSet(Node.Op op) {
    if (op.function.returnsSet()) {
      calls.checkSetPlacement(null, op.position);
      scope.lastSet = op;
    }
    return op;
  }

  /// An operator between bound operands; two row constructors are compared column by column.
  Node binary(QualifiedName operator, Node left, Node right, int position) {
    // A row constructor cast to a composite type is a value of that type, with operators of its own.
    if (left instanceof Node.Row l && right instanceof Node.Row r && l.form == Form.EXPLICIT_CAST && r.form == Form.EXPLICIT_CAST
        && l.type().oid() == PgTypes.RECORD.oid() && r.type().oid() == PgTypes.RECORD.oid()) {
      return rowComparison(operator, l.fields, r.fields, position);
    }
    return checkSet(analysis.operators.make(operator, left, right, position));
  }

  /// Column-wise comparison of two lists.
  Node rowComparison(QualifiedName operator, List<Node> left, List<Node> right, int position) {
    if (left.size() != right.size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "unequal number of entries in row expressions").at(position);
    }
    if (left.isEmpty()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot compare rows of zero length").at(position);
    }
    List<Node.Op> columns = new ArrayList<>(left.size());
    for (int i = 0; i < left.size(); i++) {
      Node.Op op = analysis.operators.make(operator, left.get(i), right.get(i), position);
      if (op.type().oid() != PgTypes.BOOL.oid()) {
        throw new SqlException(
                SqlState.DATATYPE_MISMATCH,
                "row comparison operator must yield type boolean, not type " + analysis.types.format(op.type()))
            .at(position);
      }
      if (op.function.returnsSet()) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "row comparison operator must not return a set").at(position);
      }
      columns.add(op);
    }
    if (columns.size() == 1) {
      return columns.getFirst();
    }
    String symbol = operator.name();
    if (symbol.equals("=")) {
      return new Node.Bool(position, Node.BoolKind.AND, new ArrayList<>(columns));
    }
    if (symbol.equals("<>")) {
      return new Node.Bool(position, Node.BoolKind.OR, new ArrayList<>(columns));
    }
    if (!BTREE_SYMBOLS.contains(symbol)) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "could not determine interpretation of row comparison operator " + symbol)
          .withHint("Row comparison operators must be associated with btree operator families.")
          .at(position);
    }
    return new Node.RowCompare(position, symbol.replace("~", ""), columns);
  }

  private Node isTest(Expression.IsTest test) {
    if (test.kind() == Expression.IsKind.DOCUMENT) {
      Node document = bind(XmlExpressions.isDocument(test.operand(), test.position()));
      return test.negated() ? new Node.Bool(test.position(), Node.BoolKind.NOT, List.of(document)) : document;
    }
    Node operand = bind(test.operand());
    String not = test.negated() ? "NOT " : "";
    return switch (test.kind()) {
      case NULL -> new Node.NullTest(test.position(), operand, test.negated());
      case TRUE -> new Node.BooleanTest(test.position(), analysis.coercion.toBoolean(operand, "IS " + not + "TRUE"), true, test.negated());
      case FALSE -> new Node.BooleanTest(test.position(), analysis.coercion.toBoolean(operand, "IS " + not + "FALSE"), false, test.negated());
      case UNKNOWN ->
          new Node.BooleanTest(test.position(), analysis.coercion.toBoolean(operand, "IS " + not + "UNKNOWN"), null, test.negated());
      case DOCUMENT -> throw new IllegalStateException("IS DOCUMENT is a function call");
    };
  }

  private Node distinctFrom(Expression.IsDistinctFrom distinct) {
    Node left = bind(distinct.left());
    Node right = bind(distinct.right());
    int position = distinct.position();
    if (Nodes.isNullConst(right) && distinct.right() instanceof Expression.NullLiteral) {
      return new Node.NullTest(position, left, !distinct.negated());
    }
    if (Nodes.isNullConst(left) && distinct.left() instanceof Expression.NullLiteral) {
      return new Node.NullTest(position, right, !distinct.negated());
    }
    if (left instanceof Node.Row l && right instanceof Node.Row r) {
      if (l.fields.size() != r.fields.size()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "unequal number of entries in row expressions").at(position);
      }
      List<Node> columns = new ArrayList<>(l.fields.size());
      for (int i = 0; i < l.fields.size(); i++) {
        columns.add(distinctOp(l.fields.get(i), r.fields.get(i), false, position));
      }
      Node any =
          columns.isEmpty() ? Node.Const.of(PgTypes.BOOL, false) : columns.size() == 1 ? columns.getFirst()
              : new Node.Bool(position, Node.BoolKind.OR, columns);
      return distinct.negated() ? new Node.Bool(position, Node.BoolKind.NOT, List.of(any)) : any;
    }
    return distinctOp(left, right, distinct.negated(), position);
  }

  private Node distinctOp(Node left, Node right, boolean negated, int position) {
    Node.Op equality = analysis.operators.make("=", left, right, position);
    requireBoolean(equality, "IS DISTINCT FROM requires = operator to yield boolean", position);
    return new Node.Distinct(position, equality, negated);
  }

  private static void requireBoolean(Node.Op op, String message, int position) {
    if (op.type().oid() != PgTypes.BOOL.oid()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, message).at(position);
    }
  }

  private Node between(Expression.Between between) {
    int position = between.position();
    Node operand = bind(between.operand());
    Node low = bind(between.low());
    Node high = bind(between.high());
    if (!between.symmetric()) {
      return range(operand, low, high, between.negated(), position);
    }
    Node one = range(operand, low, high, between.negated(), position);
    Node other = range(operand, high, low, between.negated(), position);
    return new Node.Bool(position, between.negated() ? Node.BoolKind.AND : Node.BoolKind.OR, List.of(one, other));
  }

  private Node range(Node operand, Node low, Node high, boolean negated, int position) {
    Node first = binary(QualifiedName.of(negated ? "<" : ">=", position), operand, low, position);
    Node second = binary(QualifiedName.of(negated ? ">" : "<=", position), operand, high, position);
    return new Node.Bool(
        position, negated ? Node.BoolKind.OR : Node.BoolKind.AND,
        List.of(analysis.coercion.toBoolean(first, negated ? "OR" : "AND"), analysis.coercion.toBoolean(second, negated ? "OR" : "AND")));
  }

  private Node inList(Expression.InList in) {
    int position = in.position();
    Node left = bind(in.operand());
    QualifiedName operator = QualifiedName.of(in.negated() ? "<>" : "=", position);
    List<Node> values = new ArrayList<>(in.values().size());
    List<Node> constants = new ArrayList<>(in.values().size());
    List<Node> others = new ArrayList<>();
    for (Expression value : in.values()) {
      Node node = bind(value);
      values.add(node);
      boolean hasColumns = Nodes.contains(node, n -> n instanceof Node.Var var && var.entry.depth == scope.depth);
      (hasColumns ? others : constants).add(node);
    }
    Node array = constants.size() > 1 ? inArray(operator, in.negated(), left, constants, position) : null;
    List<Node> parts = new ArrayList<>();
    if (array != null) {
      parts.add(array);
    }
    for (Node value : array == null ? values : others) {
      parts.add(analysis.coercion.toBoolean(binary(operator, left, value, position), in.negated() ? "AND" : "OR"));
    }
    return parts.size() == 1 ? parts.getFirst() : new Node.Bool(position, in.negated() ? Node.BoolKind.AND : Node.BoolKind.OR, parts);
  }

  /// `left = ANY (ARRAY[…])` if all values have a common type that has arrays, else null.
  private @Nullable Node inArray(QualifiedName operator, boolean negated, Node left, List<Node> values, int position) {
    List<Node> all = new ArrayList<>(values.size() + 1);
    all.add(left);
    all.addAll(values);
    PgType common = analysis.coercion.commonType(all, null);
    if (common == null || common.oid() == PgTypes.RECORD.oid() || !analysis.coercion.allCoercible(all, common)) {
      return null;
    }
    PgType array = analysis.types.arrayOf(common);
    if (array == null) {
      return null;
    }
    List<Node> elements = new ArrayList<>(values.size());
    for (Node value : values) {
      elements.add(analysis.coercion.toCommon(value, common, "IN"));
    }
    Node list = new Node.Array(0, array, common, false, elements);
    return analysis.operators.makeArrayOp(operator, negated, left, list, position);
  }

  private Node like(Expression.Like like) {
    int position = like.position();
    Node operand = bind(like.operand());
    QualifiedName operator = QualifiedName.of(like.kind().operator(like.negated()), position);
    Node pattern;
    boolean similar = like.kind() == Expression.LikeKind.SIMILAR;
    if (similar || like.escape() != null) {
      List<Node> arguments = new ArrayList<>(2);
      arguments.add(bind(like.pattern()));
      if (like.escape() != null) {
        arguments.add(bind(like.escape()));
      }
      pattern = calls.system(similar ? "similar_to_escape" : "like_escape", arguments, position);
    } else {
      pattern = bind(like.pattern());
    }
    return checkSet(analysis.operators.make(operator, operand, pattern, position));
  }

  // ------------------------------------------------------------------------------------------ conditionals

  private Node caseExpression(Expression.Case c) {
    Node set = scope.lastSet;
    Node operand = null;
    Node test = null;
    if (c.operand() != null) {
      operand = bind(c.operand());
      if (operand.isUnknown()) {
        operand = analysis.coercion.toDeclared(operand, PgTypes.TEXT);
      }
      CollationAssigner.assign(analysis, operand);
      test = new Node.CaseTest(operand.position, operand.type(), operand.typmod, operand.collation);
    }
    List<Node> conditions = new ArrayList<>(c.whens().size());
    List<Node> results = new ArrayList<>(c.whens().size() + 1);
    results.add(null);
    for (Expression.When when : c.whens()) {
      Node condition = bind(when.condition());
      if (test != null) {
        condition = binary(QualifiedName.of("=", when.position()), test, condition, when.position());
      }
      conditions.add(analysis.coercion.toBoolean(condition, "CASE/WHEN"));
      results.add(bind(when.result()));
    }
    Node otherwise = c.otherwise() == null ? new Node.Const(0, PgTypes.UNKNOWN, -1, null, -1) : bind(c.otherwise());
    results.set(0, otherwise);
    PgType type = analysis.coercion.commonType(results, "CASE");
    otherwise = analysis.coercion.toCommon(otherwise, type, "CASE/ELSE");
    List<Node> converted = new ArrayList<>(results.size());
    converted.add(otherwise);
    List<Node.CaseBranch> branches = new ArrayList<>(conditions.size());
    for (int i = 0; i < conditions.size(); i++) {
      Node result = analysis.coercion.toCommon(results.get(i + 1), type, "CASE/WHEN");
      converted.add(result);
      branches.add(new Node.CaseBranch(conditions.get(i), result));
    }
    refuseSets(set, "CASE");
    Node.Case result = new Node.Case(c.position(), type, operand, branches, otherwise);
    if (c.otherwise() == null) {
      converted.removeFirst();
    }
    result.typmod = c.otherwise() == null ? -1 : Coercion.commonTypmod(converted, type);
    return result;
  }

  /// Set-returning calls inside a conditional would run or not by the row; PostgreSQL refuses them.
  private void refuseSets(@Nullable Node before, String construct) {
    if (scope.lastSet != before && scope.lastSet != null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "set-returning functions are not allowed in " + construct)
          .withHint("You might be able to move the set-returning function into a LATERAL FROM item.")
          .at(Nodes.location(scope.lastSet));
    }
  }

  private Node coalesce(Expression.Coalesce coalesce) {
    Node set = scope.lastSet;
    List<Node> arguments = new ArrayList<>(coalesce.arguments().size());
    for (Expression argument : coalesce.arguments()) {
      arguments.add(bind(argument));
    }
    PgType type = analysis.coercion.commonType(arguments, "COALESCE");
    arguments.replaceAll(argument -> analysis.coercion.toCommon(argument, type, "COALESCE"));
    refuseSets(set, "COALESCE");
    return new Node.Coalesce(coalesce.position(), type, arguments);
  }

  private Node minMax(Expression.MinMax minMax) {
    String name = minMax.greatest() ? "GREATEST" : "LEAST";
    List<Node> arguments = new ArrayList<>(minMax.arguments().size());
    for (Expression argument : minMax.arguments()) {
      arguments.add(bind(argument));
    }
    PgType type = analysis.coercion.commonType(arguments, name);
    arguments.replaceAll(argument -> analysis.coercion.toCommon(argument, type, name));
    if (analysis.operators.defaultOrdering("<", type) == null) {
      throw new SqlException(SqlState.UNDEFINED_FUNCTION, "could not identify a comparison function for type " + analysis.types.format(type));
    }
    return new Node.MinMax(minMax.position(), type, minMax.greatest(), arguments);
  }

  private Node nullIf(Expression.NullIf nullIf) {
    Node.Op equality = analysis.operators.make("=", bind(nullIf.left()), bind(nullIf.right()), nullIf.position());
    requireBoolean(equality, "NULLIF requires = operator to yield boolean", nullIf.position());
    return new Node.NullIf(nullIf.position(), equality);
  }

  // ------------------------------------------------------------------------------------------ sub-queries

  Query subquery(SelectStatement statement, int position) {
    if (!scope.kind.subqueries) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot use subquery in " + scope.kind.singular).at(position);
    }
    scope.query.hasSubLinks = true;
    String outerContext = analysis.recursionContext;
    analysis.recursionContext = "a subquery";
    Query query = SelectAnalyzer.subquery(scope, statement, true, null, false);
    analysis.recursionContext = outerContext;
    if (query.command != Query.Command.SELECT) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "unexpected non-SELECT command in SubLink");
    }
    return query;
  }

  private Node scalarSubquery(SelectStatement statement, int position) {
    Query query = subquery(statement, position);
    Query.Target target = singleColumn(query, position);
    Node.SubLink link = new Node.SubLink(position, target.expr.type(), Node.LinkKind.EXPR, query, List.of(), null, "");
    link.typmod = target.expr.typmod;
    link.collation = target.expr.collation;
    return link;
  }

  private static Query.Target singleColumn(Query query, int position) {
    List<Query.Target> targets = query.visibleTargets();
    if (targets.size() != 1) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "subquery must return only one column").at(position);
    }
    return targets.getFirst();
  }

  private Node arraySubquery(Expression.ArraySubquery array) {
    Query query = subquery(array.query(), array.position());
    Query.Target target = singleColumn(query, array.position());
    PgType element = target.expr.type();
    PgType type = element.ultimateBase().isArray() ? element.ultimateBase() : analysis.types.arrayOf(element);
    if (type == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "could not find array type for data type " + analysis.types.format(element))
          .at(array.position());
    }
    Node.SubLink link = new Node.SubLink(array.position(), type, Node.LinkKind.ARRAY, query, List.of(), null, "");
    link.typmod = target.expr.typmod;
    link.collation = target.expr.collation;
    return link;
  }

  private Node quantifiedSubquery(QualifiedName operator, boolean all, Expression left, SelectStatement statement, int position) {
    Query query = subquery(statement, position);
    Node bound = bind(left);
    List<Node> leftList = left instanceof Expression.RowConstructor && bound instanceof Node.Row row ? row.fields : List.of(bound);
    return compareWithSubquery(all ? Node.LinkKind.ALL : Node.LinkKind.ANY, operator, leftList, query, position);
  }

  private Node rowSubquery(QualifiedName operator, Expression left, Expression.ScalarSubquery subquery, int position) {
    Query query = subquery(subquery.query(), subquery.position());
    Node.Row row = (Node.Row) bind(left);
    return compareWithSubquery(Node.LinkKind.ROW_COMPARE, operator, row.fields, query, position);
  }

  private Node compareWithSubquery(Node.LinkKind kind, QualifiedName operator, List<Node> left, Query query, int position) {
    List<Query.Target> targets = query.visibleTargets();
    List<Node> right = new ArrayList<>(targets.size());
    for (int i = 0; i < targets.size(); i++) {
      Node expr = targets.get(i).expr;
      right.add(new Node.LinkColumn(position, i, expr.type(), expr.typmod, expr.collation));
    }
    if (left.size() < right.size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "subquery has too many columns").at(position);
    }
    if (left.size() > right.size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "subquery has too few columns").at(position);
    }
    Node test = rowComparison(operator, left, right, position);
    return new Node.SubLink(position, PgTypes.BOOL, kind, query, left, test, operator.name());
  }
}
