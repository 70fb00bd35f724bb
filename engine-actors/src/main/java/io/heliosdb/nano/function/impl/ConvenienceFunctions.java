package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.nullary;
import static io.heliosdb.nano.function.impl.Forms.setReturning;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TimeZones;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Functions that belong to no larger family: year(), month(), day(), random UUIDs, log sequence numbers, time zone lists,
/// administration of what this engine does not have (write-ahead log files, recovery).
public final class ConvenienceFunctions implements Builtins.Family {
  private static final class Random {
    static final SecureRandom SOURCE = new SecureRandom();
  }

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "part_year" -> part(function, 'y');
      case "part_month" -> part(function, 'm');
      case "part_day" -> part(function, 'd');
      case "gen_random_uuid" -> nullary(context -> randomUuid());
      case "pg_lsn_mi", "pg_wal_lsn_diff" -> binary((a, b) -> unsigned((Long) a).subtract(unsigned((Long) b)));
      case "pg_lsn_pli" -> binary((a, b) -> lsn(unsigned((Long) a).add(finite((Numeric) b, "add", "to"))));
      case "sql:numeric_pl_pg_lsn" -> binary((a, b) -> lsn(unsigned((Long) b).add(finite((Numeric) a, "add", "to"))));
      case "pg_lsn_mii" -> binary((a, b) -> lsn(unsigned((Long) a).subtract(finite((Numeric) b, "subtract", "from"))));
      case "numeric_pg_lsn" -> unary(a -> lsn((Numeric) a));
      case "pg_current_wal_lsn", "pg_current_wal_flush_lsn", "pg_current_wal_insert_lsn" -> nullary(context -> context.session().currentScn());
      case "pg_last_wal_receive_lsn", "pg_last_wal_replay_lsn", "pg_last_xact_replay_timestamp" -> nullary(context -> null);
      case "pg_is_wal_replay_paused", "pg_get_wal_replay_pause_state", "pg_wal_replay_pause", "pg_wal_replay_resume" -> nullary(context -> {
        throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "recovery is not in progress")
            .withHint("Recovery control functions can only be executed during recovery.");
      });
      case "pg_reload_conf" -> nullary(context -> true);
      case "mxid_age" -> contextual((context, site, args) -> (int) (context.session().currentScn() - (Long) args[0]));
      case "pg_timezone_names" -> setReturning((context, site, args) -> zones(context));
      case "pg_timezone_abbrevs" -> setReturning((context, site, args) -> abbreviations(context));
      case "pg_settings_get_flags" -> contextual((context, site, args) ->
          context.session().setting((String) args[0], true) == null ? null : PgArray.empty(PgTypes.TEXT));
      case "pg_collation_actual_version", "pg_database_collation_actual_version" -> contextual((context, site, args) -> null);
      case "pg_tablespace_databases" -> setReturning((context, site, args) ->
          SeriesFunctions.elements(context.catalog().databases().stream().map(d -> (Object) Integer.toUnsignedLong(d.oid())).toArray()));
      case "pg_tablespace_size_name", "pg_tablespace_size_oid" -> contextual((context, site, args) -> context.session().databaseBytes());
      case "satisfies_hash_partition" -> contextual((context, site, args) -> partition(context, site.argumentTypes(), args, site.variadicCall()));
      default -> null;
    };
  }

  private static Implementation part(FunctionDef function, char which) {
    return switch (function.argumentTypes().getFirst()) {
      case 1082 -> unary(a -> DateTimes.isFiniteDate((Integer) a) ? (Object) field((Integer) a, which) : null);
      case 1114 -> unary(a -> ofTimestamp((Long) a, which));
      default -> contextual((context, site, args) -> DateTimes.isFinite((Long) args[0]) ? ofTimestamp((Long) args[0]
          + TimeZones.offsetAt(context.io().zone(), (Long) args[0]) * DateTimes.MICROS_PER_SECOND, which) : null);
    };
  }

  private static @Nullable Object ofTimestamp(long micros, char which) {
    return DateTimes.isFinite(micros) ? (Object) field(Math.floorDiv(micros, DateTimes.MICROS_PER_DAY), which) : null;
  }

  private static int field(long days, char which) {
    if (which == 'm') {
      return DateTimes.monthOf(days);
    }
    if (which == 'd') {
      return DateTimes.dayOf(days);
    }
    int year = DateTimes.yearOf(days);
    return year > 0 ? year : year - 1;
  }

  private static UUID randomUuid() {
    long high = Random.SOURCE.nextLong() & ~0xf000L | 0x4000L;
    long low = Random.SOURCE.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
    return new UUID(high, low);
  }

  private static Numeric unsigned(long value) {
    return value >= 0 ? Numeric.of(value) : Numeric.of(new java.math.BigInteger(Long.toUnsignedString(value)), 0);
  }

  private static Numeric finite(Numeric value, String verb, String preposition) {
    if (value.isNaN()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot " + verb + " NaN " + preposition + " pg_lsn");
    }
    return value;
  }

  private static Object lsn(Numeric value) {
    if (!value.isFinite()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot convert " + (value.isNaN() ? "NaN" : "infinity") + " to pg_lsn");
    }
    java.math.BigInteger rounded = value.round(0).toBigDecimal().toBigInteger();
    if (rounded.signum() < 0 || rounded.bitLength() > 64) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "pg_lsn out of range");
    }
    return rounded.longValue();
  }

  private static Implementation.RowSource zones(CallContext context) {
    List<Object> rows = new ArrayList<>();
    List<PgType> types = List.of(PgTypes.TEXT, PgTypes.TEXT, PgTypes.INTERVAL, PgTypes.BOOL);
    long now = context.transactionTimestampMicros();
    for (String name : new java.util.TreeSet<>(ZoneId.getAvailableZoneIds())) {
      ZoneId zone = TimeZones.find(name);
      if (zone == null) {
        continue;
      }
      int offset = TimeZones.offsetAt(zone, now);
      String abbreviation = TimeZones.abbreviationAt(zone, now);
      java.time.Instant instant = java.time.Instant.ofEpochSecond(Math.floorDiv(now, 1_000_000L) + DateTimes.UNIX_EPOCH_SECONDS);
      rows.add(PgRecord.of(PgTypes.RECORD, types, name, abbreviation == null ? offsetText(offset) : abbreviation,
          Interval.of(0, 0, offset * DateTimes.MICROS_PER_SECOND), zone.getRules().isDaylightSavings(instant)));
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  private static String offsetText(int seconds) {
    io.heliosdb.nano.type.ByteSink out = new io.heliosdb.nano.type.ByteSink();
    TimeZones.formatOffset(seconds, out);
    return out.toString();
  }

  private static Implementation.RowSource abbreviations(CallContext context) {
    List<Object> rows = new ArrayList<>();
    List<PgType> types = List.of(PgTypes.TEXT, PgTypes.INTERVAL, PgTypes.BOOL);
    for (TimeZones.Abbreviation abbreviation : TimeZones.abbreviations()) {
      int offset = abbreviation.offsetAt(context.transactionTimestampMicros());
      rows.add(PgRecord.of(PgTypes.RECORD, types, abbreviation.name().toUpperCase(java.util.Locale.ROOT),
          Interval.of(0, 0, offset * DateTimes.MICROS_PER_SECOND), abbreviation.daylight()));
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  /// Whether values of a partition key fall into the partition of that modulus and remainder.
  private static Object partition(CallContext context, List<PgType> types, @Nullable Object[] args, boolean variadic) {
    if (args[0] == null || args[1] == null || args[2] == null) {
      return false;
    }
    int tableOid = CatalogInformation.oid(args[0]);
    Relation relation = context.catalog().relation(tableOid);
    if (relation == null) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "could not open relation with OID " + Integer.toUnsignedString(tableOid));
    }
    if (!(relation instanceof Relation.Table table) || table.partitionScheme() == null
        || table.partitionScheme().strategy() != 'h') {
      throw io.heliosdb.nano.type.TypeErrors.invalidParameter("\"" + relation.name() + "\" is not a hash partitioned table");
    }
    int modulus = (Integer) args[1];
    int remainder = (Integer) args[2];
    if (modulus <= 0) {
      throw io.heliosdb.nano.type.TypeErrors.invalidParameter("modulus for hash partition must be an integer value greater than zero");
    }
    if (remainder < 0) {
      throw io.heliosdb.nano.type.TypeErrors.invalidParameter("remainder for hash partition must be an integer value greater than or equal to zero");
    }
    if (remainder >= modulus) {
      throw io.heliosdb.nano.type.TypeErrors.invalidParameter("remainder for hash partition must be less than modulus");
    }
    long hash = 0;
    if (variadic) {
      PgArray keys = (PgArray) args[3];
      for (Object key : keys.elements()) {
        hash = key == null ? hash : PartitionHash.combine(hash, PartitionHash.of(keys.elementType(), key));
      }
    } else {
      for (int i = 3; i < args.length; i++) {
        hash = args[i] == null ? hash : PartitionHash.combine(hash, PartitionHash.of(types.get(i), args[i]));
      }
    }
    return Long.remainderUnsigned(hash, modulus) == remainder;
  }
}
