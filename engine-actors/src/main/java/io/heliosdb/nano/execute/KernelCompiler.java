package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.plan.Exprs;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.PlanTrees;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Expressions to kernels. Each kernel gets two slots of the evaluation state: its scratch vector and one of its own.
final class KernelCompiler {
  private final Evaluator.SubqueryPlanner subqueries;
  private final List<SubqueryKernel> found = new ArrayList<>(0);
  private int slots;

  KernelCompiler(Evaluator.SubqueryPlanner subqueries) {
    this.subqueries = subqueries;
  }

  int newSlot() {
    return slots++;
  }

  List<SubqueryKernel> subqueries() {
    return List.copyOf(found);
  }

  int slotCount() {
    return slots;
  }

  Kernel compile(Expr e) {
    Kernel kernel = make(e);
    kernel.slot = slots;
    slots += 2;
    return kernel;
  }

  private Kernel[] all(List<Expr> list) {
    Kernel[] kernels = new Kernel[list.size()];
    for (int i = 0; i < kernels.length; i++) {
      kernels[i] = compile(list.get(i));
    }
    return kernels;
  }

  private Kernel make(Expr e) {
    return switch (e) {
      case Expr.Const c -> new Kernel.Constant(c.type(), c.value());
      case Expr.Parameter p -> new Kernel.Parameter(p.type(), p.index());
      case Expr.LiftedConst l -> new Kernel.Lifted(l.type(), l.slot());
      case Expr.InputColumn c -> new Kernel.Input(c.type(), c.index());
      case Expr.OuterColumn c -> new Kernel.Outer(c.type(), c.level(), c.index());
      case Expr.CaseValue c -> new Kernel.CaseValue(c.type());
      case Expr.Call c -> call(c);
      case Expr.And a -> new LogicKernels.Junction(PgTypes.BOOL, List.of(all(a.arguments())), false);
      case Expr.Or o -> new LogicKernels.Junction(PgTypes.BOOL, List.of(all(o.arguments())), true);
      case Expr.Not n -> new LogicKernels.Not(PgTypes.BOOL, compile(n.argument()));
      case Expr.IsNull n -> new LogicKernels.IsNull(PgTypes.BOOL, compile(n.argument()), n.negated(), n.rowwise());
      case Expr.BooleanTest t -> new LogicKernels.BooleanTest(PgTypes.BOOL, compile(t.argument()), t.test(), t.negated());
      case Expr.DistinctFrom d ->
          new LogicKernels.DistinctFrom(PgTypes.BOOL, compile(d.left()), compile(d.right()), FunctionKernel.equality(d.equality()), d.negated());
      case Expr.Case c -> {
        Kernel[] conditions = new Kernel[c.branches().size()];
        Kernel[] results = new Kernel[conditions.length];
        for (int i = 0; i < conditions.length; i++) {
          conditions[i] = compile(c.branches().get(i).condition());
          results[i] = compile(c.branches().get(i).result());
        }
        yield new LogicKernels.Case(c.type(), conditions, results, c.otherwise() == null ? null : compile(c.otherwise()));
      }
      case Expr.Coalesce c -> new LogicKernels.Coalesce(c.type(), List.of(all(c.arguments())));
      case Expr.NullIf n -> new LogicKernels.NullIf(n.type(), compile(n.left()), compile(n.right()), FunctionKernel.equality(n.equality()));
      case Expr.MinMax m -> new LogicKernels.MinMax(m.type(), m.collation(), m.greatest(), List.of(all(m.arguments())));
      case Expr.ArrayConstructor a -> new ArrayKernels.Constructor(a.type(), a.elementType(), a.nested(), all(a.elements()));
      case Expr.RowConstructor r -> new RecordKernels.Constructor(r.type(), all(r.fields()), r.names());
      case Expr.RowCompare r ->
          new RecordKernels.Compare(r.operator(), all(r.left()), all(r.right()), r.columnOperators(), r.columnEqualities());
      case Expr.ArrayQuantified q -> quantified(q);
      case Expr.Subscript s -> subscript(s);
      case Expr.FieldSelect f -> new RecordKernels.Field(f.type(), compile(f.record()), f.field());
      case Expr.Relabel r -> {
        Kernel argument = compile(r.argument());
        Kernel relabel = new ConversionKernels.Relabel(r.type(), argument);
        relabel.rowIndependent = argument.rowIndependent;
        yield relabel;
      }
      case Expr.IoCast c -> independentIf(new ConversionKernels.Io(c.type(), c.typmod(), compile(c.argument())), c);
      case Expr.ArrayCast c -> independentIf(new ArrayKernels.Cast(c.type(), compile(c.argument()), compile(c.element())), c);
      case Expr.ApplyTypmod a -> new Length(a.type(), a.typmod(), a.explicit(), compile(a.argument()));
      case Expr.DomainCheck d -> new ConversionKernels.Domain(d.type(), compile(d.argument()));
      case Expr.RowConvert r -> new RecordKernels.Convert(r.type(), compile(r.argument()), r.fields());
      case Expr.Subquery q -> subquery(q);
      case Expr.CurrentOf c -> throw SqlException.notSupported("WHERE CURRENT OF in this place");
      case Expr.Grouping g -> new ConversionKernels.Grouping(g.type(), g.groupingIdColumn(),
          g.columns().stream().mapToInt(Integer::intValue).toArray());
    };
  }

  private static Kernel independentIf(Kernel kernel, Expr e) {
    kernel.rowIndependent = Exprs.isRuntimeConstant(e);
    return kernel;
  }

  private Kernel call(Expr.Call c) {
    CallSite site = c.site();
    FunctionDef function = site.function();
    Kernel[] arguments = all(c.arguments());
    if (function.body() instanceof FunctionDef.BuiltinBody body) {
      Kernel special = special(body.symbol(), site, arguments);
      if (special != null) {
        special.rowIndependent = allIndependent(arguments);
        return special;
      }
    }
    Kernel kernel = new FunctionKernel(site, arguments);
    kernel.rowIndependent = !function.isVolatile() && allIndependent(arguments);
    return kernel.rowIndependent && arguments.length > 0 ? cachedFunction(kernel) : kernel;
  }

  /// A stable function of values that are the same for all rows runs once, when first needed.
  private Kernel cachedFunction(Kernel function) {
    function.slot = slots;
    slots += 2;
    return new Once(function);
  }

  private static boolean allIndependent(Kernel[] kernels) {
    for (Kernel kernel : kernels) {
      if (!kernel.rowIndependent) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Kernel special(String symbol, CallSite site, Kernel[] arguments) {
    if (arguments.length == 2) {
      PgType left = arguments[0].type;
      PgType right = arguments[1].type;
      int accepts = CompareKernel.accepted(symbol, left, right);
      if (accepts != 0) {
        return CompareKernel.of(accepts, arguments[0], arguments[1], site.collationOid(), this);
      }
      Kernel dates = DateBound.compare(symbol, arguments, this);
      if (dates != null) {
        return dates;
      }
      Kernel arithmetic = ArithmeticKernels.find(symbol, site.resultType(), arguments[0], arguments[1], this);
      if (arithmetic != null) {
        return arithmetic;
      }
      if ((symbol.equals("textlike") || symbol.equals("textnlike")) && arguments[1].rowIndependent
          && io.heliosdb.nano.type.Collations.isBytewise(site.collationOid()) && left.family() == TypeFamily.TEXT) {
        Kernel general = new FunctionKernel(site, arguments);
        general.slot = slots;
        slots += 2;
        return new LikeKernel(arguments[0], arguments[1], general, symbol.equals("textnlike"));
      }
    }
    return arguments.length == 1 ? ArithmeticKernels.cast(symbol, site.resultType(), arguments[0]) : null;
  }

  private Kernel quantified(Expr.ArrayQuantified q) {
    Kernel left = compile(q.left());
    Kernel array = compile(q.array());
    if (!array.rowIndependent && Exprs.isRuntimeConstant(q.array())) {
      array = new Once(array);
      array.slot = slots;
      slots += 2;
    }
    CallSite site = q.operator();
    int accepts = site.function().body() instanceof FunctionDef.BuiltinBody body
        ? CompareKernel.accepted(body.symbol(), site.argumentTypes().get(0), site.argumentTypes().get(1)) : 0;
    return new ArrayKernels.Quantified(left, array, site, q.all(), accepts);
  }

  private Kernel subscript(Expr.Subscript s) {
    Kernel container = compile(s.container());
    if (s.container().type().family() == TypeFamily.JSONB) {
      return new JsonSubscript(s.type(), container, all(s.indexes().stream().map(Expr.Subscript.Index::upper).toList()));
    }
    Kernel[] lowers = new Kernel[s.indexes().size()];
    Kernel[] uppers = new Kernel[lowers.length];
    boolean slice = false;
    for (int i = 0; i < lowers.length; i++) {
      Expr.Subscript.Index index = s.indexes().get(i);
      slice |= index.slice();
      lowers[i] = index.lower() == null ? null : compile(index.lower());
      uppers[i] = index.upper() == null ? null : compile(index.upper());
    }
    if (slice) {
      for (int i = 0; i < lowers.length; i++) {
        if (!s.indexes().get(i).slice()) {
          // A plain subscript beside slices means from 1 to it.
          lowers[i] = new Kernel.Constant(PgTypes.INT4, 1);
        }
      }
    }
    return new ArrayKernels.Subscript(s.type(), container, lowers, uppers, slice);
  }

  private Kernel subquery(Expr.Subquery q) {
    PhysicalPlan plan = subqueries.plan(q.plan());
    BitSet direct = new BitSet();
    boolean[] farther = new boolean[1];
    PlanTrees.outerColumns(q.plan(), (level, column) -> {
      if (level == 1) {
        direct.set(column.index());
      } else {
        farther[0] = true;
      }
    });
    Kernel[] left = all(q.left());
    Kernel test = q.test() == null ? null : compile(q.test());
    PgType elementType = q.plan().output().isEmpty() ? PgTypes.UNKNOWN : q.plan().output().getFirst().type();
    if (q.kind() == Expr.SubqueryKind.ARRAY && elementType.isArray()) {
      elementType = PgTypes.byOid(elementType.elementOid()) == null ? elementType : PgTypes.byOid(elementType.elementOid());
    }
    SubqueryKernel kernel = new SubqueryKernel(q.type(), plan, q.kind(), left, test, q.negated(), direct.stream().toArray(), farther[0],
        !PlanTrees.isVolatile(q.plan()), hashKeys(q), elementType);
    found.add(kernel);
    return kernel;
  }

  /// Set when the test is `left_i = right_i` for every column, by built-in equality within one type.
  private static SubqueryKernel.@Nullable HashKeys hashKeys(Expr.Subquery q) {
    if (q.kind() != Expr.SubqueryKind.ANY || q.test() == null) {
      return null;
    }
    List<Expr> parts = new ArrayList<>();
    if (q.test() instanceof Expr.RowCompare compare && compare.operator().equals("=")) {
      for (int i = 0; i < compare.left().size(); i++) {
        parts.add(new Expr.Call(compare.columnOperators().get(i), List.of(compare.left().get(i), compare.right().get(i)), "=",
            Expr.Call.Form.OPERATOR));
      }
    } else {
      parts.addAll(Exprs.conjuncts(q.test()));
    }
    int width = q.left().size();
    if (parts.size() != width) {
      return null;
    }
    PgType[] types = new PgType[width];
    int[] collations = new int[width];
    for (int i = 0; i < width; i++) {
      if (!(parts.get(i) instanceof Expr.Call call) || call.arguments().size() != 2
          || !(call.function().body() instanceof FunctionDef.BuiltinBody body)
          || !(call.arguments().get(0) instanceof Expr.InputColumn a) || !(call.arguments().get(1) instanceof Expr.InputColumn b)
          || a.index() != i || b.index() != width + i
          || CompareKernel.accepted(body.symbol(), a.type(), b.type()) != 2 || a.type().family() != b.type().family()) {
        return null;
      }
      types[i] = a.type();
      collations[i] = call.site().collationOid();
    }
    return new SubqueryKernel.HashKeys(types, collations);
  }

  /// Length or precision coercion.
  private static final class Length extends Kernel {
    private final int typmod;
    private final boolean explicit;
    private final Kernel argument;

    Length(PgType type, int typmod, boolean explicit, Kernel argument) {
      super(type);
      this.typmod = typmod;
      this.explicit = explicit;
      this.argument = argument;
      rowIndependent = argument.rowIndependent;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = argument.eval(row, s);
      return value == null ? null : Typmods.apply(type, value, typmod, explicit);
    }
  }

  /// Computes a value that is the same for all rows once, when first needed.
  private static final class Once extends Kernel.RowIndependent {
    private static final Object NULL = new Object();
    private final Kernel inner;

    Once(Kernel inner) {
      super(inner.type);
      this.inner = inner;
    }

    @Override
    @Nullable Object value(EvalState s) {
      Object known = s.slot(slot + 1);
      if (known == null) {
        Object value = inner.eval(RowAccess.EMPTY, s);
        known = value == null ? NULL : value;
        s.setSlot(slot + 1, known);
        s.forgetOnRescan(slot + 1);
      }
      return known == NULL ? null : known;
    }
  }

  /// `jsonb[key]…`: the same as `#>` with the keys as text.
  private static final class JsonSubscript extends Kernel {
    private final Kernel container;
    private final Kernel[] keys;

    JsonSubscript(PgType type, Kernel container, Kernel[] keys) {
      super(type);
      this.container = container;
      this.keys = keys;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = container.eval(row, s);
      if (value == null) {
        return null;
      }
      Object[] path = new Object[keys.length];
      for (int i = 0; i < path.length; i++) {
        Object key = keys[i].eval(row, s);
        if (key == null) {
          return null;
        }
        path[i] = key.toString();
      }
      for (FunctionDef function : io.heliosdb.nano.function.BuiltinCatalog.functions("jsonb_extract_path")) {
        CallSite site = new CallSite(function, List.of(PgTypes.JSONB, PgTypes.TEXT_ARRAY), PgTypes.JSONB, -1, 100, true);
        return FunctionKernel.call(FunctionKernel.implementation(site, s.context), site,
            new Object[] {value, io.heliosdb.nano.type.PgArray.of(PgTypes.TEXT, path)}, s.context.call());
      }
      throw SqlException.notSupported("subscripting of jsonb");
    }
  }
}
