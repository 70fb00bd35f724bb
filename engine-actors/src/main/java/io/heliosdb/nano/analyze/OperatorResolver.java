package io.heliosdb.nano.analyze;

import io.heliosdb.nano.analyze.Candidates.Candidate;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the operator meant by a symbol and argument types, and builds its node.
///
/// Errors: 42883 no such operator, 42725 not unique. Source: PostgreSQL 15 manual, "Type Conversion", "Operators".
final class OperatorResolver {
  private final Analysis analysis;

  OperatorResolver(Analysis analysis) {
    this.analysis = analysis;
  }

  /// `left` null for a prefix operator.
  Node.Op make(QualifiedName name, @Nullable Node left, Node right, int position) {
    PgType leftType = left == null ? null : left.type();
    OperatorDef operator = find(name, leftType, right.type(), position);
    List<Node> arguments = left == null ? List.of(right) : List.of(left, right);
    return build(operator, arguments, position);
  }

  Node.Op make(String symbol, Node left, Node right, int position) {
    return make(QualifiedName.of(symbol, position), left, right, position);
  }

  Node.Op build(OperatorDef operator, List<Node> arguments, int position) {
    FunctionDef function = analysis.catalog.function(operator.functionOid());
    if (function == null) {
      throw new SqlException(
              SqlState.UNDEFINED_FUNCTION,
              "operator is only a shell: " + signature(operator.name(), arguments.size() == 1 ? null : arguments.getFirst().type(),
                  arguments.getLast().type()))
          .at(position);
    }
    List<PgType> actual = new ArrayList<>(2);
    List<PgType> declared = new ArrayList<>(2);
    for (int i = 0; i < arguments.size(); i++) {
      actual.add(arguments.get(i).type());
      declared.add(analysis.types.byOid(arguments.size() == 1 || i == 1 ? operator.right() : operator.left()));
    }
    PgType result = Polymorphism.enforce(analysis, actual, declared, analysis.types.byOid(operator.result()), false);
    List<Node> converted = new ArrayList<>(2);
    for (int i = 0; i < arguments.size(); i++) {
      converted.add(analysis.coercion.toDeclared(arguments.get(i), declared.get(i)));
    }
    return new Node.Op(position, operator, function, result, converted);
  }

  /// The operator for these types.
  ///
  /// @throws SqlException if there is none or no best one
  OperatorDef find(QualifiedName name, @Nullable PgType left, PgType right, int position) {
    List<OperatorDef> all = operators(name);
    OperatorDef exact = left == null ? exactPrefix(all, right) : exactBinary(all, left, right);
    if (exact != null) {
      return exact;
    }
    List<PgType> inputs = left == null ? List.of(right) : List.of(left, right);
    List<Candidate<OperatorDef>> candidates = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      OperatorDef operator = all.get(i);
      if ((operator.left() == 0) != (left == null)) {
        continue;
      }
      List<PgType> types =
          left == null
              ? List.of(analysis.types.byOid(operator.right()))
              : List.of(analysis.types.byOid(operator.left()), analysis.types.byOid(operator.right()));
      candidates.add(new Candidate<>(operator, types, 0, null, 0, null, i));
    }
    List<Candidate<OperatorDef>> matching = Candidates.matching(analysis, inputs, candidates);
    if (matching.size() == 1) {
      return matching.getFirst().definition();
    }
    Candidate<OperatorDef> best = matching.isEmpty() ? null : Candidates.select(analysis, inputs, matching);
    if (best != null) {
      return best.definition();
    }
    throw failure(name, left, right, !matching.isEmpty(), position);
  }

  private SqlException failure(QualifiedName name, @Nullable PgType left, PgType right, boolean ambiguous, int position) {
    String signature = signature(name.toString(), left, right);
    if (ambiguous) {
      return new SqlException(SqlState.AMBIGUOUS_FUNCTION, "operator is not unique: " + signature)
          .withHint("Could not choose a best candidate operator. You might need to add explicit type casts.")
          .at(position);
    }
    return new SqlException(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + signature)
        .withHint(
            left == null
                ? "No operator matches the given name and argument type. You might need to add an explicit type cast."
                : "No operator matches the given name and argument types. You might need to add explicit type casts.")
        .at(position);
  }

  String signature(String name, @Nullable PgType left, PgType right) {
    String own = name + " " + analysis.types.format(right);
    return left == null ? own : analysis.types.format(left) + " " + own;
  }

  /// All operators of that name, those of earlier schemas first and hiding equal ones of later schemas.
  private List<OperatorDef> operators(QualifiedName name) {
    if (name.schema() != null) {
      return analysis.catalog.operators(analysis.names.schemaOf(name), name.name());
    }
    List<OperatorDef> first = null;
    List<OperatorDef> merged = null;
    for (int namespace : analysis.context.searchPath()) {
      if (namespace == analysis.context.temporaryNamespace() && namespace != 0) {
        continue;
      }
      List<OperatorDef> found = analysis.catalog.operators(namespace, name.name());
      if (found.isEmpty()) {
        continue;
      }
      if (first == null) {
        first = found;
        continue;
      }
      if (merged == null) {
        merged = new ArrayList<>(first);
      }
      for (OperatorDef operator : found) {
        if (!hasSignature(merged, operator.left(), operator.right())) {
          merged.add(operator);
        }
      }
    }
    return merged != null ? merged : first != null ? first : List.of();
  }

  private static boolean hasSignature(List<OperatorDef> operators, int left, int right) {
    return find(operators, left, right) != null;
  }

  private static @Nullable OperatorDef find(List<OperatorDef> operators, int left, int right) {
    for (int i = 0; i < operators.size(); i++) {
      OperatorDef operator = operators.get(i);
      if (operator.left() == left && operator.right() == right) {
        return operator;
      }
    }
    return null;
  }

  private @Nullable OperatorDef exactBinary(List<OperatorDef> all, PgType leftType, PgType rightType) {
    int left = leftType.oid();
    int right = rightType.oid();
    boolean wasUnknown = false;
    int unknown = PgTypes.UNKNOWN.oid();
    if (left == unknown && right != unknown) {
      left = right;
      wasUnknown = true;
    } else if (right == unknown && left != unknown) {
      right = left;
      wasUnknown = true;
    }
    OperatorDef found = find(all, left, right);
    if (found == null && wasUnknown) {
      PgType known = left == leftType.oid() ? leftType : rightType;
      int base = known.ultimateBase().oid();
      if (base != left) {
        found = find(all, base, base);
      }
    }
    return found;
  }

  private @Nullable OperatorDef exactPrefix(List<OperatorDef> all, PgType operand) {
    return find(all, 0, operand.oid());
  }

  // ------------------------------------------------------------------------------------------ ordering and equality

  /// The btree operator `=`, `<` or `>` that a type is sorted and grouped by, or null if it has none.
  @Nullable OperatorDef defaultOrdering(String symbol, PgType type) {
    PgType base = type.ultimateBase();
    switch (base.oid()) {
      case 600, 601, 602, 603, 604, 628, 718, 114, 142: // geometric types, json and xml have no btree or hash operator class
        return null;
      case 1033, 28, 29: // aclitem, xid, cid hash only
        if (!symbol.equals("=")) {
          return null;
        }
        break;
      default:
        break;
    }
    int oid = base.oid();
    if (oid == PgTypes.VARCHAR.oid() || oid == PgTypes.UNKNOWN.oid()) {
      oid = PgTypes.TEXT.oid();
    } else if (oid == PgTypes.CIDR.oid()) {
      oid = PgTypes.INET.oid();
    } else if (base.isEnum()) {
      oid = PgTypes.ANYENUM.oid();
    } else if (base.isArray()) {
      PgType element = analysis.types.elementOf(base);
      if (element != null && defaultOrdering(symbol, element) == null) {
        return null;
      }
      oid = PgTypes.ANYARRAY.oid();
    } else if (base.isComposite() || oid == PgTypes.RECORD.oid()) {
      oid = PgTypes.RECORD.oid();
    } else if (base.isRange()) {
      oid = PgTypes.ANYRANGE.oid();
    } else if (base.isMultirange()) {
      oid = PgTypes.ANYMULTIRANGE.oid();
    } else if (oid >= 2202 && oid <= 2206 || oid == 24 || oid == 3734 || oid == 3769 || oid == 4089 || oid == 4096 || oid == 4191) {
      oid = PgTypes.OID.oid();
    }
    return find(analysis.catalog.operators(Catalog.PG_CATALOG, symbol), oid, oid);
  }

  OperatorDef requireEquality(PgType type, int position) {
    OperatorDef operator = defaultOrdering("=", type);
    if (operator == null) {
      throw new SqlException(SqlState.UNDEFINED_FUNCTION, "could not identify an equality operator for type " + analysis.types.format(type))
          .at(position);
    }
    return operator;
  }

  OperatorDef requireOrdering(String symbol, PgType type, int position) {
    OperatorDef operator = defaultOrdering(symbol, type);
    if (operator == null) {
      throw new SqlException(SqlState.UNDEFINED_FUNCTION, "could not identify an ordering operator for type " + analysis.types.format(type))
          .withHint("Use an explicit ordering operator or modify the query.")
          .at(position);
    }
    return operator;
  }

  boolean isDefaultOrdering(OperatorDef operator, PgType type, String symbol) {
    OperatorDef standard = defaultOrdering(symbol, type);
    return standard != null && standard.oid() == operator.oid();
  }

  // ------------------------------------------------------------------------------------------ op ANY/ALL (array)

  Node makeArrayOp(QualifiedName name, boolean all, Node left, Node array, int position) {
    PgType leftType = left.type();
    PgType arrayType = array.type();
    PgType elementType;
    if (arrayType.oid() == PgTypes.UNKNOWN.oid()) {
      elementType = PgTypes.UNKNOWN;
    } else {
      elementType = analysis.types.elementOf(arrayType);
      if (elementType == null) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires array on right side").at(position);
      }
    }
    OperatorDef operator = find(name, leftType, elementType, position);
    List<PgType> actual = List.of(leftType, elementType);
    List<PgType> declared = new ArrayList<>(List.of(analysis.types.byOid(operator.left()), analysis.types.byOid(operator.right())));
    PgType result = Polymorphism.enforce(analysis, actual, declared, analysis.types.byOid(operator.result()), false);
    if (result.oid() != PgTypes.BOOL.oid()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires operator to yield boolean").at(position);
    }
    FunctionDef function = analysis.catalog.function(operator.functionOid());
    if (function == null || function.returnsSet()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires operator not to return a set").at(position);
    }
    // A polymorphic element type accepts the array as it is; otherwise the array becomes one of the operator's right type.
    PgType target;
    if (analysis.types.isPolymorphic(declared.get(1).oid())) {
      target = arrayType;
    } else {
      target = analysis.types.arrayOf(declared.get(1));
      if (target == null) {
        throw new SqlException(
                SqlState.UNDEFINED_OBJECT, "could not find array type for data type " + analysis.types.format(declared.get(1)))
            .at(position);
      }
    }
    Node convertedLeft = analysis.coercion.toDeclared(left, declared.get(0));
    Node convertedArray = analysis.coercion.toDeclared(array, target);
    List<PgType> argumentTypes = List.of(convertedLeft.type(), elementOrUnknown(convertedArray, declared.get(1)));
    return new Node.ArrayOp(position, operator, function, all, convertedLeft, convertedArray, argumentTypes);
  }

  private PgType elementOrUnknown(Node array, PgType fallback) {
    PgType element = analysis.types.elementOf(array.type());
    return element == null ? fallback : element;
  }
}
