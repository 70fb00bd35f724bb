package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.CastDef;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Conversions between types: which exist in which context, and the nodes that perform them.
///
/// Source: PostgreSQL 15 manual, "Type Conversion" and CREATE CAST.
final class Coercion {
  /// What a conversion happens for; each allows what the ones before allow.
  enum Context { IMPLICIT, ASSIGNMENT, EXPLICIT }

  /// How one type becomes another.
  enum Path { NONE, RELABEL, FUNCTION, ARRAY, IO }

  private final Analysis analysis;

  Coercion(Analysis analysis) {
    this.analysis = analysis;
  }

  Path path(PgType source, PgType target, Context context) {
    PgType from = source.ultimateBase();
    PgType to = target.ultimateBase();
    if (from.equals(to)) {
      return Path.RELABEL;
    }
    CastDef cast = analysis.catalog.cast(from.oid(), to.oid());
    if (cast != null) {
      Context needed =
          switch (cast.context()) {
            case 'i' -> Context.IMPLICIT;
            case 'a' -> Context.ASSIGNMENT;
            default -> Context.EXPLICIT;
          };
      if (context.compareTo(needed) < 0) {
        return Path.NONE;
      }
      return switch (cast.method()) {
        case 'f' -> Path.FUNCTION;
        case 'i' -> Path.IO;
        default -> Path.RELABEL;
      };
    }
    if (to.isArray() && (from.isArray() || from.family() == io.heliosdb.nano.type.TypeFamily.OLD_VECTOR)) {
      PgType toElement = analysis.types.byOid(to.elementOid());
      PgType fromElement = analysis.types.byOid(from.elementOid());
      if (path(fromElement, toElement, context) != Path.NONE) {
        return Path.ARRAY;
      }
    }
    if (context.compareTo(Context.ASSIGNMENT) >= 0 && to.category() == 'S') {
      return Path.IO;
    }
    if (context == Context.EXPLICIT && from.category() == 'S') {
      return Path.IO;
    }
    return Path.NONE;
  }

  boolean canCoerce(PgType input, PgType target, Context context) {
    return canCoerceOne(input, target, context) != 0;
  }

  /// 0 no, 1 yes, 2 yes if the polymorphic arguments agree.
  private int canCoerceOne(PgType input, PgType target, Context context) {
    if (input.equals(target) || target.oid() == PgTypes.ANY.oid()) {
      return 1;
    }
    if (analysis.types.isPolymorphic(target.oid())) {
      return 2;
    }
    if (input.oid() == PgTypes.UNKNOWN.oid() || path(input, target, context) != Path.NONE) {
      return 1;
    }
    boolean inputComposite = input.ultimateBase().isComposite();
    boolean targetComposite = target.ultimateBase().isComposite();
    if (input.oid() == PgTypes.RECORD.oid() && targetComposite || inputComposite && target.oid() == PgTypes.RECORD.oid()) {
      return 1;
    }
    if (input.oid() == PgTypes.RECORD_ARRAY.oid() && isCompositeArray(target)
        || target.oid() == PgTypes.RECORD_ARRAY.oid() && isCompositeArray(input)) {
      return 1;
    }
    return inputComposite && target.isComposite() && analysis.types.inherits(input, target) ? 1 : 0;
  }

  private boolean isCompositeArray(PgType type) {
    PgType element = analysis.types.elementOf(type);
    return element != null && element.isComposite();
  }

  boolean canCoerce(List<PgType> inputs, List<PgType> targets, Context context) {
    boolean generic = false;
    for (int i = 0; i < inputs.size(); i++) {
      int verdict = canCoerceOne(inputs.get(i), targets.get(i), context);
      if (verdict == 0) {
        return false;
      }
      generic |= verdict == 2;
    }
    return !generic || Polymorphism.check(analysis, inputs, targets);
  }

  /// Whether a value of `source` is a value of `target` as it stands, for function and opclass matching.
  boolean isBinaryCoercible(PgType source, PgType target) {
    if (source.equals(target) || target.oid() == PgTypes.ANY.oid() || target.oid() == PgTypes.ANYELEMENT.oid()
        || target.oid() == PgTypes.ANYCOMPATIBLE.oid()) {
      return true;
    }
    PgType from = source.ultimateBase();
    if (from.equals(target)) {
      return true;
    }
    switch (target.oid()) {
      case 2277, 5078: // anyarray, anycompatiblearray
        if (from.isArray()) {
          return true;
        }
        break;
      case 2776, 5079: // anynonarray
        if (!from.isArray()) {
          return true;
        }
        break;
      case 3500: // anyenum
        if (from.isEnum()) {
          return true;
        }
        break;
      case 3831, 5080:
        if (from.isRange()) {
          return true;
        }
        break;
      case 4537, 4538:
        if (from.isMultirange()) {
          return true;
        }
        break;
      case 2249:
        if (from.isComposite()) {
          return true;
        }
        break;
      case 2287:
        if (isCompositeArray(from)) {
          return true;
        }
        break;
      default:
        break;
    }
    CastDef cast = analysis.catalog.cast(from.oid(), target.oid());
    return cast != null && cast.method() == 'b' && cast.context() == 'i';
  }

  /// `node` as the target type with its modifier, or null if `context` has no such conversion.
  @Nullable Node toTarget(Node node, PgType target, int typmod, Context context, Form form, int position) {
    if (node.type().equals(target) && (typmod < 0 || node.typmod == typmod) && !(node instanceof Node.Param param && param.isUnknown())) {
      // The common case: nothing to do, except exposing that an explicit modifier is gone.
      if (node.typmod == typmod || context != Context.EXPLICIT) {
        return node;
      }
    }
    if (!canCoerce(node.type(), target, context)) {
      return null;
    }
    Node stripped = node;
    Node.Collate collate = null;
    if (node instanceof Node.Collate c) {
      collate = c;
      stripped = c.argument;
    }
    Node result = coerce(stripped, target, typmod, context, form, position);
    result = applyTypmod(result, target, typmod, context, form, position, result != stripped && !(result instanceof Node.Const));
    if (collate != null && target.collatable()) {
      result = new Node.Collate(collate.position, result, collate.collation, collate.name);
    }
    return result;
  }

  /// Length coercion, if the modifier asks for one.
  Node applyTypmod(Node node, PgType target, int typmod, Context context, Form form, int position, boolean hideInner) {
    if (node.typmod == typmod) {
      return node;
    }
    Node inner = hideInner ? hide(node) : node;
    PgType base = target.ultimateBase();
    boolean explicit = context == Context.EXPLICIT;
    if (typmod >= 0 && !base.typmodIn().equals("-")) {
      if (inner instanceof Node.Const constant && constant.slot < 0 && isNull(constant)) {
        return new Node.Const(constant.position, target, typmod, null, -1);
      }
      if (base.isArray()) {
        PgType element = analysis.types.byOid(base.elementOid());
        Node test = new Node.CaseTest(0, element, inner.typmod, element.collationOid());
        Node fitted = new Node.TypmodCoerce(position, element, typmod, test, form, explicit);
        return new Node.ArrayCoerce(position, target, typmod, inner, fitted, form);
      }
      return new Node.TypmodCoerce(position, target, typmod, inner, form, explicit);
    }
    if (inner instanceof Node.Relabel relabel && relabel.type().equals(target)) {
      return new Node.Relabel(relabel.position, target, typmod, relabel.argument, form);
    }
    if (inner instanceof Node.Const constant && constant.slot < 0) {
      return new Node.Const(constant.position, target, typmod, constant.value, -1);
    }
    return new Node.Relabel(position, target, typmod, inner, form);
  }

  static boolean isNull(Node.Const constant) {
    return constant.value == null;
  }

  /// The inner step of a two-step conversion is not shown again.
  private Node hide(Node node) {
    return switch (node) {
      case Node.Func f when f.form == Form.EXPLICIT_CAST ->
          new Node.Func(f.position, f.function, f.type(), f.arguments, Form.IMPLICIT_CAST, f.variadic, false);
      case Node.Relabel r when r.form == Form.EXPLICIT_CAST -> new Node.Relabel(r.position, r.type(), r.typmod, r.argument, Form.IMPLICIT_CAST);
      case Node.IoCast c when c.form == Form.EXPLICIT_CAST -> new Node.IoCast(c.position, c.type(), c.argument, Form.IMPLICIT_CAST);
      case Node.ArrayCoerce a when a.form == Form.EXPLICIT_CAST ->
          new Node.ArrayCoerce(a.position, a.type(), a.typmod, a.argument, a.element, Form.IMPLICIT_CAST);
      case Node.DomainCoerce d when d.form == Form.EXPLICIT_CAST ->
          new Node.DomainCoerce(d.position, d.type(), d.typmod, d.argument, Form.IMPLICIT_CAST);
      default -> node;
    };
  }

  /// Converts; the caller has asked [#canCoerce].
  Node coerce(Node node, PgType target, int typmod, Context context, Form form, int position) {
    PgType input = node.type();
    if (input.equals(target)) {
      return node;
    }
    int oid = target.oid();
    if (oid == PgTypes.ANY.oid() || oid == PgTypes.ANYELEMENT.oid() || oid == PgTypes.ANYNONARRAY.oid() || oid == PgTypes.ANYCOMPATIBLE.oid()
        || oid == PgTypes.ANYCOMPATIBLENONARRAY.oid()) {
      return node;
    }
    if (analysis.types.isPolymorphic(oid) && !node.isUnknown()) {
      PgType base = input.ultimateBase();
      return base.equals(input) ? node : relabel(node, base, Form.IMPLICIT_CAST);
    }
    if (node.isUnknown()) {
      Node known = coerceUnknown(node, target, typmod, context, form, position);
      if (known != null) {
        return known;
      }
    }
    if (node instanceof Node.Collate collate) {
      Node inner = coerce(collate.argument, target, typmod, context, form, position);
      return target.collatable() ? new Node.Collate(collate.position, inner, collate.collation, collate.name) : inner;
    }
    Path path = path(input, target, context);
    if (path != Path.NONE) {
      return path == Path.RELABEL ? relabelTo(node, target, context, form, position) : convert(node, target, typmod, path, context, form, position);
    }
    if (input.oid() == PgTypes.RECORD.oid() && analysis.types.isComposite(target)) {
      return rowToComposite(node, target, context, form, position);
    }
    boolean toRecord = target.oid() == PgTypes.RECORD.oid() || target.oid() == PgTypes.RECORD_ARRAY.oid() || input.oid() == PgTypes.RECORD_ARRAY.oid();
    if (toRecord) {
      return node;
    }
    if (analysis.types.inherits(input, target)) {
      return inheritedRow(node, target, form, position);
    }
    throw new SqlException(
        SqlState.INTERNAL_ERROR, "failed to find conversion function from " + analysis.types.format(input) + " to " + analysis.types.format(target));
  }

  private @Nullable Node coerceUnknown(Node node, PgType target, int typmod, Context context, Form form, int position) {
    switch (node) {
      case Node.Const constant -> {
        AnalysisTypes.Typed base = AnalysisTypes.baseOf(target, typmod);
        if (constant.value != null && base.type().isPseudo() && analysis.types.isPolymorphic(base.type().oid())) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot accept a value of type " + base.type().name()).at(constant.position);
        }
        int inputTypmod = base.type().oid() == PgTypes.INTERVAL.oid() ? base.typmod() : -1;
        Object value = constant.value == null ? null : parse(base.type(), inputTypmod, (String) constant.value, constant.position);
        Node result = new Node.Const(constant.position, base.type(), inputTypmod, value, constant.slot);
        if (!base.type().equals(target)) {
          result = toDomain(result, target, base.type(), base.typmod(), context, form, position);
        }
        return result;
      }
      case Node.Param param when param.types != null -> {
        return param.types.resolve(param, target, analysis.types);
      }
      default -> {
        return null;
      }
    }
  }

  Object parse(PgType type, int typmod, String text, int position) {
    try {
      return TypeIo.parse(type, typmod, text, analysis.context.io());
    } catch (SqlException e) {
      throw e.at(position);
    }
  }

  private Node relabelTo(Node node, PgType target, Context context, Form form, int position) {
    Node result = toDomain(node, target, null, -1, context, form, position);
    return result == node ? relabel(node, target, form) : result;
  }

  private static Node relabel(Node node, PgType target, Form form) {
    if (node instanceof Node.Const constant && constant.slot < 0 && constant.type().representation() == target.representation()
        && form != Form.EXPLICIT_CAST) {
      return new Node.Const(constant.position, target, -1, constant.value, -1);
    }
    return new Node.Relabel(node.position, target, -1, node, form);
  }

  private Node convert(Node node, PgType target, int typmod, Path path, Context context, Form form, int position) {
    AnalysisTypes.Typed base = AnalysisTypes.baseOf(target, typmod);
    Node converted =
        switch (path) {
          case FUNCTION -> castCall(node, base, context, form, position);
          case ARRAY -> arrayCast(node, base, context, form, position);
          default -> new Node.IoCast(position, base.type(), node, form);
        };
    return base.type().equals(target) ? converted : toDomain(converted, target, base.type(), base.typmod(), context, form, position);
  }

  private Node castCall(Node node, AnalysisTypes.Typed base, Context context, Form form, int position) {
    PgType source = node.type().ultimateBase();
    CastDef cast = analysis.catalog.cast(source.oid(), base.type().oid());
    FunctionDef function = cast == null ? null : analysis.catalog.function(cast.functionOid());
    if (function == null) {
      throw new SqlException(
          SqlState.INTERNAL_ERROR, "no cast function from " + analysis.types.format(source) + " to " + analysis.types.format(base.type()));
    }
    List<Node> arguments = new ArrayList<>(3);
    PgType declared = analysis.types.byOid(function.argumentTypes().getFirst());
    arguments.add(coerce(node, declared, -1, Context.IMPLICIT, Form.IMPLICIT_CAST, position));
    if (function.argumentTypes().size() >= 2) {
      arguments.add(Node.Const.of(PgTypes.INT4, base.typmod()));
    }
    if (function.argumentTypes().size() == 3) {
      arguments.add(Node.Const.of(PgTypes.BOOL, context == Context.EXPLICIT));
    }
    PgType result = analysis.types.byOid(function.returnType());
    if (result.representation() != base.type().representation() && !PgTypes.isPolymorphic(result.oid())) {
      // smallint becomes an oid by way of integer.
      return relabel(new Node.Func(position, function, result, arguments, form, false, false), base.type(), form);
    }
    return new Node.Func(position, function, base.type(), arguments, form, false, false);
  }

  private Node arrayCast(Node node, AnalysisTypes.Typed base, Context context, Form form, int position) {
    // int2vector and oidvector have elements too, though they are no arrays for function resolution.
    PgType sourceElement =
        node.type().family() == io.heliosdb.nano.type.TypeFamily.OLD_VECTOR
            ? analysis.types.byOid(node.type().elementOid())
            : analysis.types.elementOf(node.type());
    PgType targetElement = analysis.types.elementOf(base.type());
    int sourceTypmod = AnalysisTypes.baseOf(node.type(), node.typmod).typmod();
    Node test = new Node.CaseTest(0, sourceElement, sourceTypmod, sourceElement.collationOid());
    Node element = toTarget(test, targetElement, base.typmod(), context, form, position);
    if (element == null) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "no element conversion for " + analysis.types.format(base.type()));
    }
    return new Node.ArrayCoerce(position, base.type(), base.typmod(), node, element, form);
  }

  /// Wraps `node`, of the base type, so that it becomes a checked value of the domain; returns it unchanged if target is no domain.
  private Node toDomain(
      Node node, PgType target, @Nullable PgType baseType, int baseTypmod, Context context, Form form, int position) {
    if (!target.isDomain()) {
      return node;
    }
    AnalysisTypes.Typed base = AnalysisTypes.baseOf(target, -1);
    Node fitted = node;
    if (!node.type().equals(base.type()) && !node.type().isDomain()) {
      fitted = relabel(node, base.type(), Form.IMPLICIT_CAST);
    }
    fitted = applyTypmod(hide(fitted), base.type(), base.typmod(), context, Form.IMPLICIT_CAST, position, false);
    return new Node.DomainCoerce(position, target, -1, fitted, form);
  }

  private Node rowToComposite(Node node, PgType target, Context context, Form form, int position) {
    List<Node> values;
    boolean explicit = true;
    if (node instanceof Node.Row row) {
      values = row.fields;
      explicit = row.explicit;
    } else if (node instanceof Node.Var var && var.attno == 0) {
      values = wholeRowFields(var);
    } else {
      throw cannotCast(node, target, position);
    }
    List<CompositeField> fields = analysis.types.fields(target);
    List<Node> converted = new ArrayList<>(fields.size());
    List<String> names = new ArrayList<>(fields.size());
    int next = 0;
    int number = 0;
    for (CompositeField field : fields) {
      names.add(field.name());
      if (field.dropped()) {
        converted.add(new Node.Const(0, PgTypes.INT4, -1, null, -1));
        continue;
      }
      if (next >= values.size()) {
        throw cannotCast(node, target, position).withDetail("Input has too few columns.");
      }
      Node value = values.get(next++);
      number++;
      Node fitted = toTarget(value, field.type(), field.typmod(), context, Form.IMPLICIT_CAST, -1);
      if (fitted == null) {
        throw cannotCast(node, target, position)
            .withDetail("Cannot cast type " + analysis.types.format(value.type()) + " to " + analysis.types.format(field.type()) + " in column "
                + number + ".");
      }
      converted.add(fitted);
    }
    if (next < values.size()) {
      throw cannotCast(node, target, position).withDetail("Input has too many columns.");
    }
    AnalysisTypes.Typed base = AnalysisTypes.baseOf(target, -1);
    Node.Row row = new Node.Row(position, base.type(), converted, names, explicit, form);
    return base.type().equals(target) ? row : new Node.DomainCoerce(position, target, -1, row, form);
  }

  private List<Node> wholeRowFields(Node.Var var) {
    List<Node> values = new ArrayList<>();
    for (int i = 0; i < var.entry.columnCount(); i++) {
      if (var.entry.columnNames.get(i) != null) {
        var.entry.markUsed(i + 1);
        values.add(
            new Node.Var(var.position, var.entry, i + 1, var.entry.types.get(i), var.entry.typmods.get(i), var.entry.collations.get(i)));
      }
    }
    return values;
  }

  private SqlException cannotCast(Node node, PgType target, int position) {
    return new SqlException(
            SqlState.CANNOT_COERCE, "cannot cast type " + analysis.types.format(PgTypes.RECORD) + " to " + analysis.types.format(target))
        .at(position > 0 ? position : node.position);
  }

  private Node inheritedRow(Node node, PgType target, Form form, int position) {
    List<CompositeField> from = analysis.types.fields(node.type());
    List<CompositeField> to = analysis.types.fields(target);
    List<Integer> positions = new ArrayList<>(to.size());
    for (CompositeField field : to) {
      int found = -1;
      for (int i = 0; i < from.size() && !field.dropped(); i++) {
        if (!from.get(i).dropped() && from.get(i).name().equals(field.name())) {
          found = i;
        }
      }
      positions.add(found);
    }
    return new Node.RowConvert(position, target, node, positions);
  }

  // ------------------------------------------------------------------------------------------ clauses that want a type

  Node toBoolean(Node node, String construct) {
    return toSpecific(node, PgTypes.BOOL, construct);
  }

  /// @throws SqlException 42804 "argument of WHERE must be type boolean, not type integer"
  Node toSpecific(Node node, PgType target, String construct) {
    Node result = node;
    if (!node.type().equals(target)) {
      Node converted = toTarget(node, target, -1, Context.ASSIGNMENT, Form.IMPLICIT_CAST, -1);
      if (converted == null) {
        throw new SqlException(
                SqlState.DATATYPE_MISMATCH,
                "argument of " + construct + " must be type " + analysis.types.format(target) + ", not type " + analysis.types.format(node.type()))
            .at(Nodes.location(node));
      }
      result = converted;
    }
    if (Nodes.returnsSet(result)) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "argument of " + construct + " must not return a set").at(Nodes.location(result));
    }
    return result;
  }

  /// The type that all of `nodes` can take (UNION, CASE, VALUES, …).
  ///
  /// @param construct for the message; null to get null instead of an error
  @Nullable PgType commonType(List<Node> nodes, @Nullable String construct) {
    PgType first = nodes.getFirst().type();
    if (first.oid() != PgTypes.UNKNOWN.oid()) {
      boolean same = true;
      for (int i = 1; i < nodes.size() && same; i++) {
        same = nodes.get(i).type().equals(first);
      }
      if (same) {
        return first;
      }
    }
    PgType common = first.ultimateBase();
    Node commonNode = nodes.getFirst();
    for (int i = 1; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      PgType next = node.type().ultimateBase();
      if (next.oid() == PgTypes.UNKNOWN.oid() || next.equals(common)) {
        continue;
      }
      if (common.oid() == PgTypes.UNKNOWN.oid()) {
        common = next;
      } else if (next.category() != common.category()) {
        if (construct == null) {
          return null;
        }
        throw new SqlException(
                SqlState.DATATYPE_MISMATCH,
                construct + " types " + analysis.types.format(common) + " and " + analysis.types.format(next) + " cannot be matched")
            .at(Nodes.location(node));
      } else if (!common.preferred() && canCoerce(common, next, Context.IMPLICIT) && !canCoerce(next, common, Context.IMPLICIT)) {
        common = next;
        commonNode = node;
      }
    }
    return common.oid() == PgTypes.UNKNOWN.oid() ? PgTypes.TEXT : common;
  }

  /// Whether every node could become `target` implicitly, although types were chosen without an error message.
  boolean allCoercible(List<Node> nodes, PgType target) {
    for (Node node : nodes) {
      if (!canCoerce(node.type(), target, Context.IMPLICIT)) {
        return false;
      }
    }
    return true;
  }

  Node toCommon(Node node, PgType target, String construct) {
    if (node.type().equals(target)) {
      return node;
    }
    if (!canCoerce(node.type(), target, Context.IMPLICIT)) {
      throw new SqlException(
              SqlState.CANNOT_COERCE,
              construct + " could not convert type " + analysis.types.format(node.type()) + " to " + analysis.types.format(target))
          .at(Nodes.location(node));
    }
    return coerce(node, target, -1, Context.IMPLICIT, Form.IMPLICIT_CAST, -1);
  }

  /// The modifier that the column of a set operation, VALUES list or CASE keeps: the one all inputs share.
  static int commonTypmod(List<Node> nodes, PgType type) {
    return Node.commonTypmod(nodes, type);
  }

  /// Lists of arguments to their declared types, implicitly.
  Node toDeclared(Node argument, PgType declared) {
    if (argument.type().equals(declared)) {
      return argument;
    }
    if (argument instanceof Node.Named named) {
      return new Node.Named(named.position, named.name, toDeclared(named.value, declared));
    }
    return coerce(argument, declared, -1, Context.IMPLICIT, Form.IMPLICIT_CAST, -1);
  }

}
