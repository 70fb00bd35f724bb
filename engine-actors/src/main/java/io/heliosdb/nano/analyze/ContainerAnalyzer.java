package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import io.heliosdb.nano.type.TypeFamily;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds array constructors, subscripts, and assignments to elements and fields of a column.
final class ContainerAnalyzer {
  private final ExpressionAnalyzer expressions;
  private final Analysis analysis;

  ContainerAnalyzer(ExpressionAnalyzer expressions) {
    this.expressions = expressions;
    this.analysis = expressions.analysis;
  }

  /// @param target array type that an enclosing cast asks for, with its element type; null if there is none
  Node array(Expression.ArrayConstructor array, @Nullable PgType target, @Nullable PgType targetElement, int typmod) {
    List<Node> elements = new ArrayList<>(array.elements().size());
    boolean nested = false;
    for (Expression element : array.elements()) {
      Node node;
      if (element instanceof Expression.ArrayConstructor inner) {
        node = array(inner, target, targetElement, typmod);
        nested = true;
      } else {
        node = expressions.bind(element);
        // A domain over an array is an element like any other.
        nested |= !node.type().isDomain() && node.type().isArray();
      }
      elements.add(node);
    }
    PgType arrayType;
    PgType elementType;
    if (target != null) {
      arrayType = target;
      elementType = nested ? target : targetElement;
    } else {
      if (elements.isEmpty()) {
        throw new SqlException(SqlState.INDETERMINATE_DATATYPE, "cannot determine type of empty array")
            .withHint("Explicitly cast to the desired type, for example ARRAY[]::integer[].")
            .at(array.position());
      }
      PgType common = analysis.coercion.commonType(elements, "ARRAY");
      if (nested) {
        arrayType = common.ultimateBase();
        elementType = common;
        if (!arrayType.isArray()) {
          throw new SqlException(
                  SqlState.UNDEFINED_OBJECT, "could not find element type for data type " + analysis.types.format(common))
              .at(array.position());
        }
      } else {
        elementType = common;
        arrayType = analysis.types.arrayOf(common);
        if (arrayType == null) {
          throw new SqlException(SqlState.UNDEFINED_OBJECT, "could not find array type for data type " + analysis.types.format(common))
              .at(array.position());
        }
      }
    }
    List<Node> converted = new ArrayList<>(elements.size());
    for (Node element : elements) {
      if (target != null) {
        Node fitted =
            analysis.coercion.toTarget(element, elementType, typmod, Coercion.Context.EXPLICIT, Form.IMPLICIT_CAST, Nodes.location(element));
        if (fitted == null) {
          throw new SqlException(
                  SqlState.CANNOT_COERCE,
                  "cannot cast type " + analysis.types.format(element.type()) + " to " + analysis.types.format(elementType))
              .at(Nodes.location(element));
        }
        converted.add(fitted);
      } else {
        converted.add(analysis.coercion.toCommon(element, elementType, "ARRAY"));
      }
    }
    PgType leaf = analysis.types.elementOf(arrayType);
    return new Node.Array(array.position(), arrayType, leaf == null ? elementType : leaf, nested, converted);
  }

  // ------------------------------------------------------------------------------------------ reading

  Node subscript(Expression.Subscript subscript) {
    List<Expression.Subscript> chain = new ArrayList<>();
    Expression base = subscript;
    while (base instanceof Expression.Subscript s) {
      chain.addFirst(s);
      base = s.base();
      if (s.separate()) {
        break;
      }
    }
    Node container = expressions.bind(base);
    List<Step> steps = new ArrayList<>(chain.size());
    for (Expression.Subscript s : chain) {
      steps.add(new Step(s.slice(), s.lower(), s.upper(), s.position()));
    }
    return element(container, steps, null, null, 0);
  }

  private record Step(boolean slice, @Nullable Expression lower, @Nullable Expression upper, int position) {}

  private Node element(Node container, List<Step> steps, @Nullable Node source, @Nullable String column, int position) {
    AnalysisTypes.Typed base = AnalysisTypes.baseOf(container.type(), container.typmod);
    PgType type = base.type();
    boolean jsonb = type.family() == TypeFamily.JSONB;
    if (!jsonb && (type.elementOid() == 0 || type.subscript().equals("-") && !type.isArray())) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "cannot subscript type " + analysis.types.format(container.type()) + " because it does not support subscripting")
          .at(Nodes.location(container));
    }
    boolean slice = false;
    for (Step step : steps) {
      slice |= step.slice();
    }
    List<Node.Index> indexes = new ArrayList<>(steps.size());
    for (Step step : steps) {
      indexes.add(jsonb ? jsonbIndex(step) : arrayIndex(step, slice));
    }
    PgType result = jsonb || slice ? type : analysis.types.byOid(type.elementOid());
    if (source != null) {
      return new Node.Subscript(Nodes.location(container), type, base.typmod(), container, indexes, slice, source);
    }
    Node.Subscript node = new Node.Subscript(Nodes.location(container), result, base.typmod(), container, indexes, slice, null);
    return node;
  }

  private Node.Index arrayIndex(Step step, boolean slice) {
    Node lower = step.lower() == null ? null : arrayBound(step.lower());
    Node upper = step.upper() == null ? null : arrayBound(step.upper());
    if (slice && !step.slice()) {
      lower = Node.Const.of(PgTypes.INT4, 1);
    }
    return new Node.Index(lower, upper, slice);
  }

  private Node arrayBound(Expression expression) {
    Node bound = expressions.bind(expression);
    Node converted = analysis.coercion.toTarget(bound, PgTypes.INT4, -1, Coercion.Context.ASSIGNMENT, Form.IMPLICIT_CAST, -1);
    if (converted == null) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "array subscript must have type integer").at(Nodes.location(bound));
    }
    return converted;
  }

  private Node.Index jsonbIndex(Step step) {
    if (step.slice()) {
      Expression at = step.upper() != null ? step.upper() : step.lower();
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "jsonb subscript does not support slices")
          .at(at == null ? step.position() : at.startPosition());
    }
    Node bound = expressions.bind(step.upper());
    PgType target;
    if (bound.isUnknown()) {
      target = PgTypes.TEXT;
    } else {
      boolean integer = analysis.coercion.canCoerce(bound.type(), PgTypes.INT4, Coercion.Context.IMPLICIT);
      boolean text = analysis.coercion.canCoerce(bound.type(), PgTypes.TEXT, Coercion.Context.IMPLICIT);
      if (integer == text) {
        throw new SqlException(
                SqlState.DATATYPE_MISMATCH, "subscript type " + analysis.types.format(bound.type()) + " is not supported")
            .withHint(
                integer ? "jsonb subscript must be coercible to only one type, integer or text."
                    : "jsonb subscript must be coercible to either integer or text.")
            .at(Nodes.location(bound));
      }
      target = integer ? PgTypes.INT4 : PgTypes.TEXT;
    }
    Node converted = analysis.coercion.toTarget(bound, target, -1, Coercion.Context.IMPLICIT, Form.IMPLICIT_CAST, -1);
    return new Node.Index(null, converted, false);
  }

  // ------------------------------------------------------------------------------------------ assignment

  /// The new value of a whole column when only the part that `steps` lead to is assigned.
  ///
  /// @param column the column's present value; NULL constant in INSERT
  Node assign(
      Node column, String columnName, PgType type, int typmod, int collation, List<DmlStatement.TargetStep> steps, Node value, int position) {
    if (steps.isEmpty()) {
      return assignWhole(columnName, type, typmod, value, position, true);
    }
    DmlStatement.TargetStep first = steps.getFirst();
    if (first instanceof DmlStatement.FieldStep field) {
      AnalysisTypes.Typed base = AnalysisTypes.baseOf(type, typmod);
      List<CompositeField> fields = base.type().isComposite() ? analysis.types.fields(base.type()) : null;
      if (fields == null) {
        throw new SqlException(
                SqlState.DATATYPE_MISMATCH,
                "cannot assign to field \"" + field.field() + "\" of column \"" + columnName + "\" because its type "
                    + analysis.types.format(type) + " is not a composite type")
            .at(position);
      }
      for (int i = 0; i < fields.size(); i++) {
        CompositeField each = fields.get(i);
        if (!each.dropped() && each.name().equals(field.field())) {
          Node inner = new Node.FieldSelect(position, each.type(), each.typmod(), each.collationOid(), column, i + 1, each.name());
          Node part =
              assignPart(inner, columnName, each.name(), each.type(), each.typmod(), each.collationOid(), steps.subList(1, steps.size()), value, position);
          Node stored = new Node.FieldStore(position, base.type(), column, i + 1, part);
          return base.type().equals(type) ? stored : domain(stored, type, position);
        }
      }
      throw new SqlException(
              SqlState.UNDEFINED_COLUMN,
              "cannot assign to field \"" + field.field() + "\" of column \"" + columnName + "\" because there is no such column in data type "
                  + analysis.types.format(type))
          .at(position);
    }
    List<Step> subscripts = new ArrayList<>();
    int next = 0;
    while (next < steps.size() && steps.get(next) instanceof DmlStatement.SubscriptStep s) {
      subscripts.add(new Step(s.slice(), s.lower(), s.upper(), s.position()));
      next++;
    }
    AnalysisTypes.Typed base = AnalysisTypes.baseOf(type, typmod);
    Node read = element(relabelBase(column, base), subscripts, null, columnName, position);
    Node part =
        next < steps.size()
            ? assignPart(read, columnName, columnName, read.type(), read.typmod, collation, steps.subList(next, steps.size()), value, position)
            : assignElement(columnName, read.type(), read.typmod, value, position);
    Node stored = element(relabelBase(column, base), subscripts, part, columnName, position);
    return base.type().equals(type) ? stored : domain(stored, type, position);
  }

  private static Node relabelBase(Node column, AnalysisTypes.Typed base) {
    return column.type().equals(base.type()) ? column : new Node.Relabel(column.position, base.type(), base.typmod(), column, Form.IMPLICIT_CAST);
  }

  private Node domain(Node stored, PgType type, int position) {
    return new Node.DomainCoerce(position, type, -1, stored, Form.IMPLICIT_CAST);
  }

  private Node assignPart(
      Node read, String columnName, String partName, PgType type, int typmod, int collation, List<DmlStatement.TargetStep> steps, Node value,
      int position) {
    if (!steps.isEmpty()) {
      return assign(read, columnName, type, typmod, collation, steps, value, position);
    }
    if (value instanceof Node.Default) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot set a subfield to DEFAULT").at(position);
    }
    Node converted = analysis.coercion.toTarget(value, type, typmod, Coercion.Context.ASSIGNMENT, Form.IMPLICIT_CAST, -1);
    if (converted == null) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "subfield \"" + partName + "\" is of type " + analysis.types.format(type) + " but expression is of type "
                  + analysis.types.format(value.type()))
          .withHint("You will need to rewrite or cast the expression.")
          .at(Nodes.location(value));
    }
    return converted;
  }

  private Node assignElement(String columnName, PgType type, int typmod, Node value, int position) {
    if (value instanceof Node.Default) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot set an array element to DEFAULT").at(position);
    }
    Node converted = analysis.coercion.toTarget(value, type, typmod, Coercion.Context.ASSIGNMENT, Form.IMPLICIT_CAST, -1);
    if (converted == null) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "subscripted assignment to \"" + columnName + "\" requires type " + analysis.types.format(type) + " but expression is of type "
                  + analysis.types.format(value.type()))
          .withHint("You will need to rewrite or cast the expression.")
          .at(Nodes.location(value));
    }
    return converted;
  }

  /// The value as the whole column stores it.
  ///
  /// @throws SqlException 42804 "column … is of type … but expression is of type …"
  Node assignWhole(String columnName, PgType type, int typmod, Node value, int position, boolean report) {
    if (value instanceof Node.Default) {
      return value;
    }
    Node converted = analysis.coercion.toTarget(value, type, typmod, Coercion.Context.ASSIGNMENT, Form.IMPLICIT_CAST, -1);
    if (converted == null) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "column \"" + columnName + "\" is of type " + analysis.types.format(type) + " but expression is of type "
                  + analysis.types.format(value.type()))
          .withHint("You will need to rewrite or cast the expression.")
          .at(Nodes.location(value));
    }
    return converted;
  }
}
