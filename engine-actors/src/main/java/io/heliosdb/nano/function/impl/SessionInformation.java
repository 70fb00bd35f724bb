package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.nullary;
import static io.heliosdb.nano.function.impl.Forms.setReturning;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Functions that ask or change the session: who, where, settings, sequences, advisory locks, other backends, transaction ids.
/// Source: PostgreSQL 15 manual, "System Information Functions and Operators", "System Administration Functions".
public final class SessionInformation implements Builtins.Family {
  private static final String VOID = "";

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    if (symbol.startsWith("pg_advisory_") || symbol.startsWith("pg_try_advisory_")) {
      return advisory(symbol);
    }
    return switch (symbol) {
      case "current_user" -> nullary(context -> context.session().currentUser());
      case "session_user" -> nullary(context -> context.session().sessionUser());
      case "current_database" -> nullary(context -> context.session().databaseName());
      case "current_schema" -> nullary(SessionInformation::currentSchema);
      case "current_schemas" -> contextual((context, site, args) -> currentSchemas(context, (Boolean) args[0]));
      case "pgsql_version" -> nullary(context -> context.session().versionText());
      case "current_query" -> nullary(context -> context.session().currentQuery());
      case "pg_backend_pid" -> nullary(context -> context.session().backendPid());
      case "pg_client_encoding" -> nullary(context -> context.session().setting("client_encoding", false));
      case "getdatabaseencoding" -> nullary(context -> "UTF8");
      case "inet_client_addr" -> nullary(context -> {
        String client = context.session().clientAddress();
        return client == null ? null : TypeIo.parse(PgTypes.INET, -1, client.substring(0, client.lastIndexOf(':')).replaceAll("[\\[\\]]|%.*", ""), context.io());
      });
      case "inet_client_port" -> nullary(context -> {
        String client = context.session().clientAddress();
        return client == null ? null : (Object) Integer.parseInt(client.substring(client.lastIndexOf(':') + 1));
      });
      // Sessions do not know which of the server's addresses their client called.
      case "inet_server_addr", "inet_server_port" -> nullary(context -> null);
      case "pg_export_snapshot" -> nullary(context -> context.session().exportSnapshot());
      case "pg_is_in_recovery", "pg_jit_available" -> nullary(context -> false);
      case "pg_postmaster_start_time", "pg_conf_load_time" -> nullary(context -> context.session().startTimestampMicros());
      case "pg_trigger_depth" -> nullary(context -> context.session().triggerDepth());
      case "pg_my_temp_schema" -> nullary(context -> oid(context.session().searchPath(context.catalog()).temporaryNamespace()));
      case "pg_is_other_temp_schema" -> contextual((context, site, args) -> isOtherTemporary(context, (Long) args[0]));
      case "show_config_by_name" -> contextual((context, site, args) -> context.session().setting((String) args[0], false));
      case "show_config_by_name_missing_ok" -> contextual((context, site, args) ->
          context.session().setting((String) args[0], (Boolean) args[1]));
      case "set_config_by_name" -> contextual((context, site, args) -> setConfig(context, args));
      case "pg_sleep" -> contextual((context, site, args) -> sleep(context, (Double) args[0]));
      case "sql:pg_sleep_for" -> contextual((context, site, args) -> {
        Interval span = (Interval) args[0];
        return sleep(context, (span.months() * 30L + span.days()) * 86400.0 + span.micros() / 1e6);
      });
      case "sql:pg_sleep_until" -> contextual((context, site, args) ->
          sleep(context, ((Long) args[0] - context.clockTimestampMicros()) / 1e6));
      case "nextval_oid" -> contextual((context, site, args) -> context.session().nextSequenceValue((int) (long) (Long) args[0]));
      case "currval_oid" -> contextual((context, site, args) -> context.session().currentSequenceValue((int) (long) (Long) args[0]));
      case "lastval" -> nullary(context -> context.session().lastSequenceValue());
      case "setval_oid", "setval3_oid" -> contextual((context, site, args) -> {
        context.session().setSequenceValue((int) (long) (Long) args[0], (Long) args[1], args.length < 3 || (Boolean) args[2]);
        return args[1];
      });
      case "pg_sequence_last_value" -> contextual((context, site, args) -> context.session().storedSequenceValue((int) (long) (Long) args[0]));
      case "pg_cancel_backend" -> contextual((context, site, args) -> context.session().monitor().cancelBackend((Integer) args[0]));
      case "pg_session_memory_usage" -> contextual((context, site, args) -> context.session().monitor().sessionMemoryBytes((Integer) args[0]));
      case "pg_stat_get_dirty_bytes" -> nullary(context -> context.session().monitor().dirtyBytes());
      case "pg_stat_get_dirty_changes" -> nullary(context -> context.session().monitor().dirtyChanges());
      case "heliosdb_rotate_encryption_key" -> contextual((context, site, args) -> {
        context.session().monitor().rotateEncryptionKey(args.length == 0 ? null : (String) args[0]);
        return true;
      });
      case "pg_stat_statements_reset" -> nullary(context -> {
        context.session().monitor().resetStatements();
        return VOID;
      });
      case "pg_terminate_backend" -> contextual((context, site, args) -> {
        if ((Long) args[1] < 0) {
          throw TypeErrors.invalidParameter("\"timeout\" must not be negative");
        }
        return context.session().monitor().terminateBackend((Integer) args[0], (Long) args[1]);
      });
      case "pg_blocking_pids" -> contextual((context, site, args) ->
          PgArray.of(PgTypes.INT4, context.session().blockingPids((Integer) args[0]).toArray()));
      // No session waits for a safe snapshot here, so the lock table knows all that blocks.
      case "pg_isolation_test_session_is_blocked" -> contextual((context, site, args) ->
          !Collections.disjoint(context.session().blockingPids((Integer) args[0]), Arrays.asList(((PgArray) args[1]).elements())));
      case "pg_safe_snapshot_blocking_pids" -> contextual((context, site, args) -> PgArray.empty(PgTypes.INT4));
      case "pg_notify" -> contextual((context, site, args) -> {
        context.session().notifyChannel(args[0] == null ? "" : (String) args[0], args[1] == null ? "" : (String) args[1]);
        return VOID;
      });
      case "pg_listening_channels" -> setReturning((context, site, args) ->
          SeriesFunctions.elements(context.session().listeningChannels().toArray()));
      case "pg_notification_queue_usage" -> nullary(context -> 0.0);
      case "pg_current_xact_id" -> nullary(context -> context.session().currentTransactionId());
      case "pg_current_xact_id_if_assigned" -> nullary(context -> {
        long id = context.session().currentTransactionIdIfAssigned();
        return id == 0 ? null : id;
      });
      case "pg_current_snapshot" -> nullary(context -> context.session().transactionSnapshot());
      case "pg_xact_status" -> contextual((context, site, args) -> context.session().transactionStatus((Long) args[0]));
      case "xid_age" -> contextual((context, site, args) -> {
        long id = (Long) args[0];
        // The ids below the first normal one are infinitely old.
        return id < 3 ? Integer.MAX_VALUE : (int) (context.session().nextTransactionId() - id);
      });
      case "pg_xact_commit_timestamp" -> contextual((context, site, args) -> context.session().commitMicros((Long) args[0]));
      case "pg_xact_commit_timestamp_origin" -> contextual((context, site, args) -> {
        Long micros = context.session().commitMicros((Long) args[0]);
        return PgRecord.of(PgTypes.RECORD, List.of(PgTypes.TIMESTAMPTZ, PgTypes.OID), micros, micros == null ? null : 0L);
      });
      case "pg_last_committed_xact" -> nullary(context -> {
        long[] last = context.session().lastCommit();
        return PgRecord.of(PgTypes.RECORD, List.of(PgTypes.XID, PgTypes.TIMESTAMPTZ, PgTypes.OID), last == null ? null : last[0] & 0xffff_ffffL,
            last == null ? null : last[1], last == null ? null : 0L);
      });
      case "pg_snapshot_xmin" -> contextual((context, site, args) -> snapshotPart(args[0], 0));
      case "pg_snapshot_xmax" -> contextual((context, site, args) -> snapshotPart(args[0], 1));
      case "pg_snapshot_xip" -> setReturning((context, site, args) -> SeriesFunctions.elements(inProgress(args[0]).toArray()));
      case "pg_visible_in_snapshot" -> contextual((context, site, args) -> {
        long id = (Long) args[0];
        return Long.compareUnsigned(id, snapshotPart(args[1], 0)) < 0
            || Long.compareUnsigned(id, snapshotPart(args[1], 1)) < 0 && !inProgress(args[1]).contains(id);
      });
      case "xid8toxid" -> contextual((context, site, args) -> (Long) args[0] & 0xffffffffL);
      case "pg_stat_clear_snapshot", "pg_stat_force_next_flush" -> nullary(context -> VOID);
      default -> null;
    };
  }

  private static long oid(int value) {
    return Integer.toUnsignedLong(value);
  }

  private static @Nullable String currentSchema(CallContext context) {
    Catalog catalog = context.catalog();
    Catalog.Namespace namespace = catalog.namespace(context.session().searchPath(catalog).creationNamespace());
    return namespace == null ? null : namespace.name();
  }

  private static PgArray currentSchemas(CallContext context, boolean withImplicit) {
    Catalog catalog = context.catalog();
    SearchPath path = context.session().searchPath(catalog);
    List<Object> names = new ArrayList<>();
    List<String> explicit = withImplicit ? List.of() : SearchPath.parse(String.valueOf(context.session().setting("search_path", false)));
    for (int oid : path.namespaces()) {
      Catalog.Namespace namespace = catalog.namespace(oid);
      if (namespace == null) {
        continue;
      }
      boolean implicit = oid == path.temporaryNamespace() && !explicit.contains("pg_temp")
          || oid == Catalog.PG_CATALOG && !explicit.contains("pg_catalog");
      if (withImplicit || !implicit) {
        names.add(namespace.name());
      }
    }
    return PgArray.of(PgTypes.NAME, names.toArray());
  }

  private static boolean isOtherTemporary(CallContext context, long oid) {
    Catalog.Namespace namespace = context.catalog().namespace((int) oid);
    return namespace != null && namespace.name().startsWith("pg_temp_")
        && namespace.oid() != context.session().searchPath(context.catalog()).temporaryNamespace();
  }

  private static @Nullable String setConfig(CallContext context, @Nullable Object[] args) {
    if (args[0] == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "SET requires parameter name");
    }
    String name = (String) args[0];
    context.session().setSetting(name, (String) args[1], args[2] != null && (Boolean) args[2]);
    return context.session().setting(name, false);
  }

  private static String sleep(CallContext context, double seconds) {
    if (seconds > 0) {
      context.session().sleepMillis((long) Math.min(Math.ceil(seconds * 1000), Long.MAX_VALUE / 2_000_000));
    }
    return VOID;
  }

  /// `pg_[try_]advisory_[xact_]lock[_shared]_int8|int4` and `pg_advisory_unlock…`.
  private static @Nullable Implementation advisory(String symbol) {
    boolean shared = symbol.contains("_shared");
    boolean twoKeys = symbol.endsWith("_int4");
    if (symbol.equals("pg_advisory_unlock_all")) {
      return nullary(context -> {
        context.session().advisoryUnlockAll();
        return VOID;
      });
    }
    if (symbol.startsWith("pg_advisory_unlock")) {
      return contextual((context, site, args) -> context.session().advisoryUnlock(key(args), twoKeys, shared));
    }
    boolean wait = !symbol.startsWith("pg_try_");
    boolean transaction = symbol.contains("_xact_");
    return contextual((context, site, args) -> {
      boolean granted = context.session().advisoryLock(key(args), twoKeys, shared, transaction, wait);
      return wait ? VOID : (Object) granted;
    });
  }

  private static long key(@Nullable Object[] args) {
    return args.length == 1 ? (Long) args[0] : (long) (Integer) args[0] << 32 | Integer.toUnsignedLong((Integer) args[1]);
  }

  /// A snapshot is `xmin:xmax:xip,…`.
  private static long snapshotPart(@Nullable Object snapshot, int index) {
    return Long.parseUnsignedLong(String.valueOf(snapshot).split(":", -1)[index]);
  }

  private static List<Long> inProgress(@Nullable Object snapshot) {
    List<Long> ids = new ArrayList<>();
    String list = String.valueOf(snapshot).split(":", -1)[2];
    for (String id : list.isEmpty() ? new String[0] : list.split(",")) {
      ids.add(Long.parseLong(id));
    }
    return ids;
  }
}
