package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.plan.Exprs;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Conversions on assignment: by an assignment cast where there is one, through text otherwise. Kept per session until the catalog
/// changes.
final class PlCasts {
  private static final int CASTS_MAX = 1000;

  private record Key(PgType source, int sourceTypmod, PgType target, int targetTypmod) {}

  /// A conversion of one type to another.
  static final class Cast {
    private final Evaluator evaluator;

    private Cast(Evaluator evaluator) {
      this.evaluator = evaluator;
    }

    BoundCast bind(PlHost host) {
      @Nullable Object[] parameters = new Object[1];
      return new BoundCast(parameters, evaluator.bind(host.expressionContext(parameters)));
    }
  }

  /// A conversion within one frame.
  record BoundCast(@Nullable Object[] parameters, BoundEvaluator evaluator) {
    @Nullable Object apply(@Nullable Object value) {
      parameters[0] = value;
      evaluator.rescan();
      return evaluator.eval(RowAccess.EMPTY);
    }
  }

  private final PlHost host;
  private final Map<Key, @Nullable Cast> casts = new HashMap<>();
  private @Nullable Object stamp;

  PlCasts(PlHost host) {
    this.host = host;
  }

  /// The conversion, or null when the value can stay as it is.
  @Nullable Cast of(PgType source, int sourceTypmod, PgType target, int targetTypmod) {
    if (source.equals(target) && (targetTypmod < 0 || targetTypmod == sourceTypmod)) {
      return null;
    }
    Object now = host.planStamp();
    if (stamp != now) {
      casts.clear();
      stamp = now;
    }
    Key key = new Key(source, sourceTypmod, target, targetTypmod);
    Cast known = casts.get(key);
    if (known == null && !casts.containsKey(key)) {
      Expr from = new Expr.Parameter(1, source, sourceTypmod, source.collationOid());
      Expr to = convert(from, target, targetTypmod);
      known = to == from ? null : new Cast(Evaluator.compile(to));
      if (casts.size() >= CASTS_MAX) {
        casts.clear();
      }
      casts.put(key, known);
    }
    return known;
  }

  /// The expression with its value converted to the target.
  Expr convert(Expr from, PgType target, int typmod) {
    if (from.type().equals(target) && (typmod < 0 || typmod == from.typmod())) {
      return from;
    }
    PgType source = from.type().oid() == PgTypes.UNKNOWN.oid() ? PgTypes.TEXT : from.type();
    if (from instanceof Expr.Const constant && constant.value() == null && !target.isDomain()) {
      return Expr.Const.of(target, null);
    }
    Expr cast;
    try {
      cast =
          ExpressionBinder.bind(
                  new Expression.Parameter(1, 0), null, ExpressionBinder.Use.OTHER, target, typmod, host.analyzerContext(List.of(source)))
              .expression();
    } catch (SqlException e) {
      if (e.state() != SqlState.CANNOT_COERCE) {
        throw e;
      }
      cast = throughText(source, target, typmod);
    }
    return Exprs.rewrite(cast, e -> e instanceof Expr.Parameter ? from : e);
  }

  private static Expr throughText(PgType source, PgType target, int typmod) {
    Expr parameter = new Expr.Parameter(1, source, -1, source.collationOid());
    PgType base = target.ultimateBase();
    int baseTypmod = target.isDomain() ? target.baseTypmod() : typmod;
    Expr cast = new Expr.IoCast(base, baseTypmod, base.collationOid(), parameter, Expr.Call.Form.IMPLICIT_CAST);
    return target.isDomain() ? new Expr.DomainCheck(target, -1, target.collationOid(), cast) : cast;
  }
}
