package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.TypeErrors;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Sizes: of relations and databases, and as text for people.
public final class SizeFunctions implements Builtins.Family {
  private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB"};

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "pg_size_pretty" -> unary(a -> pretty((Long) a));
      case "pg_size_pretty_numeric" -> unary(a -> pretty((Numeric) a));
      case "pg_size_bytes" -> unary(a -> bytes((String) a));
      case "pg_relation_size", "sql:pg_relation_size" -> contextual((context, site, args) -> {
        Relation relation = relation(context, args[0]);
        if (args.length > 1) {
          checkFork((String) args[1]);
          if (!args[1].equals("main")) {
            return relation == null ? null : 0L;
          }
        }
        return relation == null ? null : own(context, relation);
      });
      case "pg_table_size" -> contextual((context, site, args) -> {
        Relation relation = relation(context, args[0]);
        return relation == null ? null : own(context, relation);
      });
      case "pg_indexes_size" -> contextual((context, site, args) -> {
        Relation relation = relation(context, args[0]);
        return relation == null ? null : indexes(context, relation);
      });
      case "pg_total_relation_size" -> contextual((context, site, args) -> {
        Relation relation = relation(context, args[0]);
        return relation == null ? null : (Object) (own(context, relation) + indexes(context, relation));
      });
      case "pg_database_size_name" -> contextual((context, site, args) -> {
        if (context.catalog().databases().stream().noneMatch(d -> d.name().equals(args[0]))) {
          throw new SqlException(SqlState.UNDEFINED_DATABASE, "database \"" + args[0] + "\" does not exist");
        }
        return context.session().databaseBytes();
      });
      case "pg_database_size_oid" -> contextual((context, site, args) -> {
        long oid = (Long) args[0];
        return context.catalog().databases().stream().noneMatch(d -> d.oid() == (int) oid) ? null : (Object) context.session().databaseBytes();
      });
      default -> null;
    };
  }

  private static @Nullable Relation relation(CallContext context, @Nullable Object oid) {
    return context.catalog().relation((int) (long) (Long) oid);
  }

  private static void checkFork(String fork) {
    switch (fork) {
      case "main", "fsm", "vm", "init" -> { }
      default -> throw TypeErrors.invalidParameter("invalid fork name").withHint("Valid fork names are \"main\", \"fsm\", \"vm\", and \"init\".");
    }
  }

  private static long own(CallContext context, Relation relation) {
    return switch (relation) {
      case Relation.Table t -> t.isPartitioned() ? 0 : context.session().relationBytes(t.oid());
      case Relation.Index i -> context.session().relationBytes(i.oid());
      case Relation.Sequence s -> 8192;
      default -> 0;
    };
  }

  private static long indexes(CallContext context, Relation relation) {
    Catalog catalog = context.catalog();
    long sum = 0;
    for (Relation.Index index : catalog.indexesOf(relation.oid())) {
      sum += context.session().relationBytes(index.oid());
    }
    return sum;
  }

  /// The largest unit in which the size is below 10240, halves rounded away from zero.
  private static String pretty(long size) {
    return pretty(Numeric.of(size));
  }

  private static String pretty(Numeric size) {
    if (!size.isFinite()) {
      return size + " bytes";
    }
    java.math.BigDecimal value = size.toBigDecimal();
    if (value.abs().compareTo(java.math.BigDecimal.valueOf(10240)) < 0) {
      return size + " bytes";
    }
    // From here on PostgreSQL works on the truncated integer, halving once late so that the last step rounds.
    java.math.BigInteger half = value.toBigInteger().divide(java.math.BigInteger.valueOf(512));
    int unit = 1;
    while (unit < UNITS.length - 1 && half.abs().compareTo(java.math.BigInteger.valueOf(20 * 1024 - 1)) >= 0) {
      half = half.divide(java.math.BigInteger.valueOf(1024));
      unit++;
    }
    java.math.BigInteger rounded = half.add(java.math.BigInteger.valueOf(half.signum())).divide(java.math.BigInteger.TWO);
    return rounded + " " + UNITS[unit];
  }

  private static long bytes(String text) {
    String trimmed = text.strip();
    int end = 0;
    int length = trimmed.length();
    if (end < length && (trimmed.charAt(end) == '+' || trimmed.charAt(end) == '-')) {
      end++;
    }
    int digitsFrom = end;
    boolean digits = false;
    while (end < length && (Character.isDigit(trimmed.charAt(end)) || trimmed.charAt(end) == '.' && trimmed.indexOf('.') == end)) {
      digits |= trimmed.charAt(end) != '.';
      end++;
    }
    if (!digits || digitsFrom == length) {
      throw TypeErrors.invalidParameter("invalid size: \"" + text + "\"");
    }
    if (end < length && (trimmed.charAt(end) == 'e' || trimmed.charAt(end) == 'E')) {
      int exponent = end + 1;
      if (exponent < length && (trimmed.charAt(exponent) == '+' || trimmed.charAt(exponent) == '-')) {
        exponent++;
      }
      int from = exponent;
      while (exponent < length && Character.isDigit(trimmed.charAt(exponent))) {
        exponent++;
      }
      end = exponent > from ? exponent : end;
    }
    Numeric number = Numeric.parse(trimmed.substring(0, end));
    String unit = trimmed.substring(end).strip();
    if (!unit.isEmpty()) {
      int power = -1;
      for (int i = 0; i < UNITS.length; i++) {
        if (UNITS[i].toLowerCase(Locale.ROOT).equals(unit.toLowerCase(Locale.ROOT))) {
          power = i;
        }
      }
      if (power < 0) {
        throw TypeErrors.invalidParameter("invalid size: \"" + text + "\"").withDetail("Invalid size unit: \"" + unit + "\".")
            .withHint("Valid units are \"bytes\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".");
      }
      number = number.multiply(Numeric.of(1L << (10 * power)));
    }
    return number.toLongRounded("bigint", Long.MIN_VALUE, Long.MAX_VALUE);
  }
}
