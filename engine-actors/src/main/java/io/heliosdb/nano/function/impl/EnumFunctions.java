package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.nullary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.EnumValue;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeErrors;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// enum_first, enum_last, enum_range; gen_random_uuid; numeric to pg_lsn. Source: PostgreSQL 15 manual, sections 9.10 and 9.14.
public final class EnumFunctions implements Builtins.Family {
  /// Random uuids must not be guessable, so they do not come from the session's seeded generator.
  private static final SecureRandom RANDOM = new SecureRandom();

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "enum_first" -> contextual((c, s, a) -> labels(c, s, "enum_first").getFirst());
      case "enum_last" -> contextual((c, s, a) -> labels(c, s, "enum_last").getLast());
      case "enum_range_all" -> contextual((c, s, a) -> range(c, s, null, null));
      case "enum_range_bounds" -> contextual((c, s, a) -> range(c, s, (EnumValue) a[0], (EnumValue) a[1]));
      case "gen_random_uuid" -> nullary(context -> randomUuid());
      case "numeric_pg_lsn" -> unary(a -> toLsn((Numeric) a));
      default -> null;
    };
  }

  private static List<EnumValue> labels(CallContext context, CallSite site, String name) {
    PgType type = site.argumentTypes().getFirst().ultimateBase();
    if (!type.isEnum()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "could not determine actual enum type");
    }
    List<EnumValue> labels = context.io().types().enumValues(type);
    if (labels.isEmpty()) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "enum " + type.name() + " contains no values");
    }
    return labels;
  }

  private static PgArray range(CallContext context, CallSite site, @Nullable EnumValue from, @Nullable EnumValue to) {
    PgType type = site.argumentTypes().getFirst().ultimateBase();
    Object[] values = context.io().types().enumValues(type).stream()
        .filter(v -> (from == null || v.compareTo(from) >= 0) && (to == null || v.compareTo(to) <= 0)).toArray();
    return PgArray.of(type, values);
  }

  private static UUID randomUuid() {
    long high = RANDOM.nextLong();
    long low = RANDOM.nextLong();
    return new UUID(high & 0xffff_ffff_ffff_0fffL | 0x4000L, low & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
  }

  private static long toLsn(Numeric value) {
    if (value.isNaN()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot convert NaN to pg_lsn");
    }
    if (value.isInfinite()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot convert infinity to pg_lsn");
    }
    java.math.BigInteger whole = value.round(0).toBigDecimal().toBigInteger();
    if (whole.signum() < 0 || whole.bitLength() > 64) {
      throw TypeErrors.invalidParameter("pg_lsn out of range");
    }
    return whole.longValue();
  }
}
