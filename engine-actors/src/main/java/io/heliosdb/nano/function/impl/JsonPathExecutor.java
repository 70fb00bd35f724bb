package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.regex.PgRegex;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.JsonPath.Node;
import io.heliosdb.nano.type.JsonPath.Subscript;
import io.heliosdb.nano.type.JsonPath;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs one path on one jsonb value. Confined to its caller.
///
/// Items are [Jsonb] or [JsonPathDates.Item]. In lax mode arrays are unwrapped and scalars wrapped where the standard says so,
/// and what is missing yields nothing; in strict mode it is a [PathError]. A predicate turns errors in its operands into
/// unknown. Errors: classes 2203x; 42704 for a variable that is not given. Source: PostgreSQL 15 manual, section 9.16.2.
final class JsonPathExecutor {
  private final boolean lax;
  private final Jsonb root;
  private final @Nullable Jsonb variables;
  private final JsonPathDates dates;
  private boolean ignoreStructuralErrors;
  private int arraySize = -1;

  /// An error that the silent forms of the functions and predicates suppress.
  static final class PathError extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient SqlException error;

    PathError(SqlState state, String message) {
      this(new SqlException(state, message));
    }

    PathError(SqlException error) {
      super(error.getMessage(), error, false, false);
      this.error = error;
    }
  }

  /// True, false or unknown.
  private enum Truth {
    TRUE, FALSE, UNKNOWN;

    static Truth of(boolean value) {
      return value ? TRUE : FALSE;
    }
  }

  JsonPathExecutor(JsonPath path, Jsonb root, @Nullable Jsonb variables, JsonPathDates dates) {
    this.lax = path.lax();
    this.root = root;
    this.variables = variables;
    this.dates = dates;
    this.ignoreStructuralErrors = lax;
  }

  /// All items the path yields.
  List<Object> all(Node path) {
    List<Object> found = new ArrayList<>();
    run(path, root, found, lax);
    return found;
  }

  /// Adds the items to `found`; those before an error stay there.
  void collect(Node path, List<Object> found) {
    run(path, root, found, lax);
  }

  /// Whether the path yields an item; in lax mode stops at the first.
  boolean exists(Node path) {
    return lax ? run(path, root, null, true) : !all(path).isEmpty();
  }

  /// Applies `node` to `item`; true if it yields anything. With `found` null the first item ends the search.
  private boolean run(Node node, Object item, @Nullable List<Object> found, boolean unwrap) {
    switch (node) {
      case JsonPath.Root n -> {
        return next(n, root, found);
      }
      case JsonPath.Current n -> {
        return next(n, current, found);
      }
      case JsonPath.Literal n -> {
        return next(n, n.value(), found);
      }
      case JsonPath.Variable n -> {
        return next(n, variable(n.name()), found);
      }
      case JsonPath.Last n -> {
        return next(n, Jsonb.of(Numeric.of(arraySize - 1)), found);
      }
      case JsonPath.Key n -> {
        return key(n, item, found, unwrap);
      }
      case JsonPath.AnyKey n -> {
        if (isObject(item)) {
          return each(n.next(), ((Jsonb) item).values(), found, lax);
        }
        if (unwrap && isArray(item)) {
          return each(n, ((Jsonb) item).values(), found, false);
        }
        return structural(SqlState.SQL_JSON_OBJECT_NOT_FOUND, "jsonpath wildcard member accessor can only be applied to an object");
      }
      case JsonPath.AnyElement n -> {
        if (isArray(item)) {
          return each(n.next(), ((Jsonb) item).values(), found, lax);
        }
        return lax ? next(n, item, found)
            : structural(SqlState.SQL_JSON_ARRAY_NOT_FOUND, "jsonpath wildcard array accessor can only be applied to an array");
      }
      case JsonPath.Subscripts n -> {
        return subscripts(n, item, found);
      }
      case JsonPath.AnyLevel n -> {
        return levels(n, item, found);
      }
      case JsonPath.Filter n -> {
        if (unwrap && isArray(item)) {
          return each(n, ((Jsonb) item).values(), found, false);
        }
        return nested(n.predicate(), item) == Truth.TRUE && next(n, item, found);
      }
      case JsonPath.Method n -> {
        return method(n, item, found, unwrap);
      }
      case JsonPath.Sign n -> {
        return sign(n, item, found);
      }
      case JsonPath.Binary n when JsonPath.isPredicate(n) -> {
        return truth(n, item, found);
      }
      case JsonPath.Binary n -> {
        return arithmetic(n, item, found);
      }
      case JsonPath.Not n -> {
        return truth(n, item, found);
      }
      case JsonPath.IsUnknown n -> {
        return truth(n, item, found);
      }
      case JsonPath.Exists n -> {
        return truth(n, item, found);
      }
      case JsonPath.LikeRegex n -> {
        return truth(n, item, found);
      }
    }
  }

  private Object current = Jsonb.NULL;

  private boolean next(Node node, Object item, @Nullable List<Object> found) {
    Node next = node.next();
    if (next != null) {
      return run(next, item, found, lax);
    }
    if (found != null) {
      found.add(item);
    }
    return true;
  }

  /// Applies `node` (or just collects, when null) to each item.
  private boolean each(@Nullable Node node, List<Jsonb> items, @Nullable List<Object> found, boolean unwrap) {
    boolean any = false;
    for (Jsonb item : items) {
      if (node != null) {
        any |= run(node, item, found, unwrap);
      } else {
        if (found != null) {
          found.add(item);
        }
        any = true;
      }
      if (any && found == null) {
        return true;
      }
    }
    return any;
  }

  private boolean structural(SqlState state, String message) {
    if (ignoreStructuralErrors) {
      return false;
    }
    throw new PathError(state, message);
  }

  private static boolean isArray(Object item) {
    return item instanceof Jsonb j && j.isArray();
  }

  private static boolean isObject(Object item) {
    return item instanceof Jsonb j && j.isObject();
  }

  private Object variable(String name) {
    if (variables == null) {
      // The operators have no variables: each is null.
      return Jsonb.NULL;
    }
    Jsonb value = variables.get(name);
    if (value == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "could not find jsonpath variable \"" + name + "\"");
    }
    return value;
  }

  private boolean key(JsonPath.Key node, Object item, @Nullable List<Object> found, boolean unwrap) {
    if (isObject(item)) {
      Jsonb value = ((Jsonb) item).get(node.key());
      if (value != null) {
        return next(node, value, found);
      }
      return structural(SqlState.SQL_JSON_MEMBER_NOT_FOUND, "JSON object does not contain key \"" + node.key() + "\"");
    }
    if (unwrap && isArray(item)) {
      return each(node, ((Jsonb) item).values(), found, false);
    }
    return structural(SqlState.SQL_JSON_MEMBER_NOT_FOUND, "jsonpath member accessor can only be applied to an object");
  }

  private boolean subscripts(JsonPath.Subscripts node, Object item, @Nullable List<Object> found) {
    boolean array = isArray(item);
    if (!array && !lax) {
      return structural(SqlState.SQL_JSON_ARRAY_NOT_FOUND, "jsonpath array accessor can only be applied to an array");
    }
    int outerSize = arraySize;
    int size = array ? ((Jsonb) item).size() : 1;
    boolean any = false;
    arraySize = size;
    for (Subscript range : node.ranges()) {
      int from = index(range.from(), item);
      int to = range.to() == null ? from : index(range.to(), item);
      if (!ignoreStructuralErrors && (from < 0 || from > to || to >= size)) {
        throw new PathError(SqlState.INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of bounds");
      }
      for (int i = Math.max(from, 0); i <= Math.min(to, size - 1); i++) {
        any |= next(node, array ? ((Jsonb) item).valueAt(i) : item, found);
        if (any && found == null) {
          break;
        }
      }
    }
    arraySize = outerSize;
    return any;
  }

  private int index(Node node, Object item) {
    List<Object> values = new ArrayList<>();
    run(node, item, values, lax);
    if (values.size() != 1 || !(values.getFirst() instanceof Jsonb j) || j.kind() != Jsonb.Kind.NUMBER) {
      throw new PathError(SqlState.INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is not a single numeric value");
    }
    Numeric whole = j.numberValue().truncate(0);
    if (whole.compareTo(Numeric.of(Integer.MIN_VALUE)) < 0 || whole.compareTo(Numeric.of(Integer.MAX_VALUE)) > 0) {
      throw new PathError(SqlState.INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of integer range");
    }
    return whole.intValue();
  }

  private boolean levels(JsonPath.AnyLevel node, Object item, @Nullable List<Object> found) {
    boolean outer = ignoreStructuralErrors;
    boolean any = false;
    if (node.first() == 0) {
      ignoreStructuralErrors = true;
      any = next(node, item, found);
      ignoreStructuralErrors = outer;
      if (any && found == null) {
        return true;
      }
    }
    if (item instanceof Jsonb j && !j.isScalar()) {
      any |= descend(node, j, 1, found);
    }
    return any;
  }

  private boolean descend(JsonPath.AnyLevel node, Jsonb container, int level, @Nullable List<Object> found) {
    boolean any = false;
    for (Jsonb child : container.values()) {
      boolean leavesOnly = node.first() == JsonPath.LAST_LEVEL;
      if (level >= node.first() || leavesOnly && node.last() == JsonPath.LAST_LEVEL && child.isScalar()) {
        boolean outer = ignoreStructuralErrors;
        ignoreStructuralErrors = true;
        any |= next(node, child, found);
        ignoreStructuralErrors = outer;
        if (any && found == null) {
          return true;
        }
      }
      if (level < node.last() && !child.isScalar()) {
        any |= descend(node, child, level + 1, found);
        if (any && found == null) {
          return true;
        }
      }
    }
    return any;
  }

  // ---------------------------------------------------------------- methods and arithmetic

  private boolean method(JsonPath.Method node, Object item, @Nullable List<Object> found, boolean unwrap) {
    String name = node.name();
    switch (name) {
      case "type" -> {
        return next(node, Jsonb.of(item instanceof JsonPathDates.Item d ? d.typeName() : JsonAccess.kindName(((Jsonb) item).kind())), found);
      }
      case "size" -> {
        if (isArray(item)) {
          return next(node, Jsonb.of(Numeric.of(((Jsonb) item).size())), found);
        }
        return lax ? next(node, Jsonb.of(Numeric.ONE), found)
            : structural(SqlState.SQL_JSON_ARRAY_NOT_FOUND, "jsonpath item method .size() can only be applied to an array");
      }
      default -> { }
    }
    if (unwrap && isArray(item)) {
      return each(node, ((Jsonb) item).values(), found, false);
    }
    switch (name) {
      case "abs", "floor", "ceiling" -> {
        if (!(item instanceof Jsonb j) || j.kind() != Jsonb.Kind.NUMBER) {
          throw new PathError(SqlState.NON_NUMERIC_SQL_JSON_ITEM,
              "jsonpath item method ." + name + "() can only be applied to a numeric value");
        }
        Numeric n = j.numberValue();
        return next(node, Jsonb.of(name.equals("abs") ? n.abs() : name.equals("floor") ? n.floor() : n.ceil()), found);
      }
      case "double" -> {
        return next(node, toDouble(item), found);
      }
      case "datetime" -> {
        if (!(item instanceof Jsonb j) || j.kind() != Jsonb.Kind.STRING) {
          throw new PathError(SqlState.INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION,
              "jsonpath item method .datetime() can only be applied to a string");
        }
        return next(node, dates.parse(j.stringValue(), node.template()), found);
      }
      default -> {
        return keyValue(node, item, found);
      }
    }
  }

  private static Jsonb toDouble(Object item) {
    if (item instanceof Jsonb j && (j.kind() == Jsonb.Kind.NUMBER || j.kind() == Jsonb.Kind.STRING)) {
      boolean number = j.kind() == Jsonb.Kind.NUMBER;
      double value;
      try {
        value = number ? NumberConversions.toDouble(j.numberValue())
            : (Double) TypeIo.parse(
                PgTypes.FLOAT8, -1, j.stringValue(), IoContext.DEFAULT);
      } catch (SqlException e) {
        throw new PathError(SqlState.NON_NUMERIC_SQL_JSON_ITEM, number
            ? "numeric argument of jsonpath item method .double() is out of range for type double precision"
            : "string argument of jsonpath item method .double() is not a valid representation of a double precision number");
      }
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        throw new PathError(SqlState.NON_NUMERIC_SQL_JSON_ITEM, (number ? "numeric" : "string")
            + " argument of jsonpath item method .double() is not a valid representation of a double precision number");
      }
      return number ? j : Jsonb.of(Numeric.parse(TypeIo.toText(
          PgTypes.NUMERIC, Numeric.ofDouble(value), IoContext.DEFAULT)));
    }
    throw new PathError(SqlState.NON_NUMERIC_SQL_JSON_ITEM,
        "jsonpath item method .double() can only be applied to a string or numeric value");
  }

  private boolean keyValue(JsonPath.Method node, Object item, @Nullable List<Object> found) {
    if (!isObject(item)) {
      throw new PathError(SqlState.SQL_JSON_OBJECT_NOT_FOUND, "jsonpath item method .keyvalue() can only be applied to an object");
    }
    Jsonb object = (Jsonb) item;
    Jsonb id = Jsonb.of(Numeric.of(root.offsetOf(object)));
    boolean any = false;
    for (int i = 0; i < object.size(); i++) {
      Jsonb pair = Jsonb.object(List.of("key", "value", "id"), List.of(Jsonb.of(object.keyAt(i)), object.valueAt(i), id));
      any |= next(node, pair, found);
      if (any && found == null) {
        return true;
      }
    }
    return any;
  }

  /// The items of an operand, arrays unwrapped in lax mode.
  private List<Object> operand(Node node, Object item, boolean unwrap) {
    List<Object> items = new ArrayList<>();
    run(node, item, items, lax);
    if (!unwrap || !lax || items.stream().noneMatch(JsonPathExecutor::isArray)) {
      return items;
    }
    List<Object> flat = new ArrayList<>();
    for (Object i : items) {
      if (isArray(i)) {
        flat.addAll(((Jsonb) i).values());
      } else {
        flat.add(i);
      }
    }
    return flat;
  }

  private Numeric number(Node node, Object item, String side, String operator) {
    List<Object> items = operand(node, item, true);
    if (items.size() == 1 && items.getFirst() instanceof Jsonb j && j.kind() == Jsonb.Kind.NUMBER) {
      return j.numberValue();
    }
    throw new PathError(SqlState.SINGLETON_SQL_JSON_ITEM_REQUIRED,
        side + " operand of jsonpath operator " + operator + " is not a single numeric value");
  }

  private boolean arithmetic(JsonPath.Binary node, Object item, @Nullable List<Object> found) {
    Numeric a = number(node.left(), item, "left", node.operator());
    Numeric b = number(node.right(), item, "right", node.operator());
    Numeric result;
    try {
      result = switch (node.operator()) {
        case "+" -> a.add(b);
        case "-" -> a.subtract(b);
        case "*" -> a.multiply(b);
        case "/" -> a.divide(b);
        default -> a.mod(b);
      };
    } catch (SqlException e) {
      throw new PathError(e);
    }
    return next(node, Jsonb.of(result), found);
  }

  private boolean sign(JsonPath.Sign node, Object item, @Nullable List<Object> found) {
    boolean any = false;
    for (Object value : operand(node.argument(), item, true)) {
      if (!(value instanceof Jsonb j) || j.kind() != Jsonb.Kind.NUMBER) {
        if (found == null && node.next() == null) {
          continue;
        }
        throw new PathError(SqlState.SQL_JSON_NUMBER_NOT_FOUND,
            "operand of unary jsonpath operator " + node.operator() + " is not a numeric value");
      }
      any |= next(node, node.operator() == '-' ? Jsonb.of(j.numberValue().negate()) : j, found);
      if (any && found == null) {
        return true;
      }
    }
    return any;
  }

  // ---------------------------------------------------------------- predicates

  private boolean truth(Node node, Object item, @Nullable List<Object> found) {
    Truth result = predicate(node, item);
    if (node.next() == null && found == null) {
      return true;
    }
    return next(node, result == Truth.UNKNOWN ? Jsonb.NULL : Jsonb.of(result == Truth.TRUE), found);
  }

  private Truth nested(Node predicate, Object item) {
    Object outer = current;
    current = item;
    Truth result = predicate(predicate, item);
    current = outer;
    return result;
  }

  private Truth predicate(Node node, Object item) {
    switch (node) {
      case JsonPath.Binary n when n.operator().equals("&&") -> {
        Truth left = predicate(n.left(), item);
        if (left == Truth.FALSE) {
          return left;
        }
        Truth right = predicate(n.right(), item);
        return right == Truth.TRUE ? left : right;
      }
      case JsonPath.Binary n when n.operator().equals("||") -> {
        Truth left = predicate(n.left(), item);
        if (left == Truth.TRUE) {
          return left;
        }
        Truth right = predicate(n.right(), item);
        return right == Truth.FALSE ? left : right;
      }
      case JsonPath.Not n -> {
        Truth argument = predicate(n.argument(), item);
        return argument == Truth.UNKNOWN ? argument : Truth.of(argument == Truth.FALSE);
      }
      case JsonPath.IsUnknown n -> {
        return Truth.of(predicate(n.argument(), item) == Truth.UNKNOWN);
      }
      case JsonPath.Exists n -> {
        try {
          return Truth.of(lax ? run(n.argument(), item, null, true) : !operand(n.argument(), item, false).isEmpty());
        } catch (PathError e) {
          return Truth.UNKNOWN;
        }
      }
      case JsonPath.LikeRegex n -> {
        PgRegex regex = PgRegex.compile(n.pattern(), JsonPath.regexFlags(n.flags()));
        return pairs(n.argument(), null, false, item, (a, b) -> a instanceof Jsonb j && j.kind() == Jsonb.Kind.STRING
            ? Truth.of(regex.matches(j.stringValue(), null)) : Truth.UNKNOWN);
      }
      case JsonPath.Binary n when n.operator().equals("starts with") -> {
        return pairs(n.left(), n.right(), false, item, (a, b) ->
            a instanceof Jsonb x && b instanceof Jsonb y && x.kind() == Jsonb.Kind.STRING && y.kind() == Jsonb.Kind.STRING
                ? Truth.of(x.stringValue().startsWith(y.stringValue())) : Truth.UNKNOWN);
      }
      case JsonPath.Binary n -> {
        return pairs(n.left(), n.right(), true, item, (a, b) -> compare(n.operator(), a, b));
      }
      default -> throw new IllegalStateException("not a predicate: " + node);
    }
  }

  @FunctionalInterface
  private interface PairTest {
    Truth test(Object a, @Nullable Object b);
  }

  /// Any pair of operands that passes makes the predicate true; strict mode looks at all of them for errors.
  private Truth pairs(Node left, @Nullable Node right, boolean unwrapRight, Object item, PairTest test) {
    List<Object> leftItems;
    List<@Nullable Object> rightItems = new ArrayList<>();
    try {
      leftItems = operand(left, item, true);
      if (right == null) {
        rightItems.add(null);
      } else {
        rightItems.addAll(operand(right, item, unwrapRight));
      }
    } catch (PathError e) {
      return Truth.UNKNOWN;
    }
    boolean error = false;
    boolean found = false;
    for (Object a : leftItems) {
      for (Object b : rightItems) {
        switch (test.test(a, b)) {
          case UNKNOWN -> {
            if (!lax) {
              return Truth.UNKNOWN;
            }
            error = true;
          }
          case TRUE -> {
            if (lax) {
              return Truth.TRUE;
            }
            found = true;
          }
          case FALSE -> { }
        }
      }
    }
    return found ? Truth.TRUE : error ? Truth.UNKNOWN : Truth.FALSE;
  }

  private Truth compare(String operator, Object a, @Nullable Object b) {
    int order;
    if (a instanceof JsonPathDates.Item x && b instanceof JsonPathDates.Item y) {
      Integer result = dates.compare(x, y);
      if (result == null) {
        return Truth.UNKNOWN;
      }
      order = result;
    } else if (a instanceof Jsonb x && b instanceof Jsonb y) {
      if (x.kind() != y.kind()) {
        return x.isNull() || y.isNull() ? Truth.of(operator.equals("!=")) : Truth.UNKNOWN;
      }
      if (!x.isScalar()) {
        return Truth.UNKNOWN;
      }
      order = x.compareTo(y);
    } else {
      boolean oneNull = a instanceof Jsonb x && x.isNull() || b instanceof Jsonb y && y.isNull();
      return oneNull ? Truth.of(operator.equals("!=")) : Truth.UNKNOWN;
    }
    return Truth.of(switch (operator) {
      case "==" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    });
  }

  static SqlException variablesNotObject() {
    return TypeErrors.invalidParameter("\"vars\" argument is not an object")
        .withDetail("Jsonpath parameters should be encoded as key-value pairs of \"vars\" object.");
  }
}
