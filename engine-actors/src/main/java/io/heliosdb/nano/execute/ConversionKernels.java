package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Casts through text, relabelling, length coercion, domains.
final class ConversionKernels {
  private ConversionKernels() {}

  /// The same value under another type; a boxed value whose representation differs is changed (oid to int4).
  static final class Relabel extends Kernel {
    private final Kernel argument;

    Relabel(PgType type, Kernel argument) {
      super(type);
      this.argument = argument;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = argument.eval(row, s);
      if (value == null || type.representation() == argument.type.representation()) {
        return value;
      }
      return switch (type.representation()) {
        case INT32 -> (int) ((Number) value).longValue();
        case INT64 -> value instanceof Integer i ? (Object) Integer.toUnsignedLong(i) : value;
        default -> value;
      };
    }

    @Override
    ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
      return type.representation() == argument.type.representation() ? argument.eval(batch, rows, count, s)
          : super.eval(batch, rows, count, s);
    }
  }

  static final class Io extends Kernel {
    private final Kernel argument;
    private final int typmod;

    Io(PgType type, int typmod, Kernel argument) {
      super(type);
      this.argument = argument;
      this.typmod = typmod;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = argument.eval(row, s);
      if (value == null) {
        return null;
      }
      var io = s.context.call().io();
      return TypeIo.parse(type, typmod, TypeIo.toText(argument.type, value, io), io);
    }
  }

  /// Checks NOT NULL and CHECK constraints of a domain and the domains it stands on.
  static final class Domain extends Kernel {
    private final Kernel argument;

    Domain(PgType type, Kernel argument) {
      super(type);
      this.argument = argument;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = argument.eval(row, s);
      check(type, value, s.context);
      return value;
    }
  }

  private record CheckKey(int oid, long version) {}

  private record Check(String name, Evaluator condition) {}

  /// Compiled constraints by domain and version; bounded by clearing.
  private static final ConcurrentHashMap<CheckKey, List<Check>> CHECKS = new ConcurrentHashMap<>();
  private static final int CHECKS_MAX = 1000;

  static void check(PgType domain, @Nullable Object value, ExecutionContext context) {
    check(domain, domain, value, context);
  }

  /// @param named the domain that errors speak of, which `domain` is or underlies
  private static void check(PgType domain, PgType named, @Nullable Object value, ExecutionContext context) {
    if (!domain.isDomain()) {
      return;
    }
    PgType base = domain.base();
    if (base != null) {
      check(base, named, value, context);
    }
    Catalog catalog = context.catalog();
    if (!(catalog.typeDetails(domain.oid()) instanceof Catalog.DomainDetails details)) {
      return;
    }
    if (details.notNull() && value == null) {
      throw new SqlException(SqlState.NOT_NULL_VIOLATION, "domain " + TypeIo.typeName(named, -1, catalog) + " does not allow null values")
          .about(about(named, null, catalog));
    }
    if (details.checks().isEmpty()) {
      return;
    }
    CheckKey key = new CheckKey(domain.oid(), catalog.objectVersion(domain.oid()));
    List<Check> checks = CHECKS.get(key);
    if (checks == null) {
      checks = compile(details.checks(), domain, catalog);
      if (CHECKS.size() >= CHECKS_MAX) {
        CHECKS.clear();
      }
      CHECKS.put(key, checks);
    }
    for (Check check : checks) {
      EvalState state = new EvalState(context, check.condition.slotCount());
      state.caseValue = value;
      if (Boolean.FALSE.equals(check.condition.root().eval(RowAccess.EMPTY, state))) {
        throw new SqlException(SqlState.CHECK_VIOLATION,
            "value for domain " + TypeIo.typeName(named, -1, catalog) + " violates check constraint \"" + check.name + "\"")
            .about(about(named, check.name, catalog));
      }
    }
  }

  private static SqlException.ErrorObject about(PgType domain, @Nullable String constraint, Catalog catalog) {
    Catalog.Namespace namespace = catalog.namespace(domain.namespaceOid());
    return new SqlException.ErrorObject(namespace == null ? null : namespace.name(), null, null, domain.name(), constraint);
  }

  private static List<Check> compile(List<Relation.Constraint> constraints, PgType domain, Catalog catalog) {
    List<Check> checks = new ArrayList<>();
    List<Relation.Constraint> byName = new ArrayList<>(constraints);
    byName.sort(java.util.Comparator.comparing(Relation.Constraint::name));
    for (Relation.Constraint constraint : byName) {
      checks.add(new Check(constraint.name(), Evaluator.compile(ExpressionBinder.bind(constraint.expression(), null,
          ExpressionBinder.Use.DOMAIN_CHECK, domain.ultimateBase(), -1,
          IndexCodec.binderContext(catalog)).expression())));
    }
    return List.copyOf(checks);
  }

  /// GROUPING(…): bits picked out of the aggregate's grouping id.
  static final class Grouping extends Kernel {
    private final int column;
    private final int[] shifts;

    Grouping(PgType type, int column, int[] shifts) {
      super(type);
      this.column = column;
      this.shifts = shifts;
    }

    @Override
    Object eval(RowAccess row, EvalState s) {
      Object id = column < 0 ? 0 : row.get(column);
      int bits = id == null ? 0 : (Integer) id;
      int result = 0;
      for (int shift : shifts) {
        result = result << 1 | bits >> shift & 1;
      }
      return result;
    }
  }
}
