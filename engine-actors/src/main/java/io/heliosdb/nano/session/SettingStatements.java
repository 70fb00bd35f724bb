package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.SettingStatement;
import io.heliosdb.nano.parse.ast.SettingStatement.SettingValue;
import io.heliosdb.nano.parse.ast.SettingStatement.ValueKind;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// SET, RESET, SHOW, DISCARD.
final class SettingStatements {
  private SettingStatements() {}

  static void run(SessionCore session, SettingStatement statement) {
    switch (statement) {
      case SettingStatement.SetSetting set -> {
        change(session, set.change(), set.local());
        session.sink().commandComplete("SET");
      }
      case SettingStatement.SetTransaction set -> {
        if (set.session()) {
          characteristics(session, set);
        } else if (session.transactions().inBlock()) {
          session.transactions().setModes(set.modes());
        } else {
          session.notice(Notice.warning(SqlState.NO_ACTIVE_SQL_TRANSACTION, "SET TRANSACTION can only be used in transaction blocks"));
          session.transactions().setNextModes(set.modes());
        }
        session.sink().commandComplete("SET");
      }
      case SettingStatement.SetTransactionSnapshot set -> {
        session.engine().exportedSnapshots().adopt(session, set.snapshot());
        session.sink().commandComplete("SET");
      }
      case SettingStatement.ResetSetting reset -> {
        set(session, reset.name(), null, false);
        session.sink().commandComplete("RESET");
      }
      case SettingStatement.ResetAll all -> {
        session.settings().resetAll();
        session.sink().commandComplete("RESET");
      }
      case SettingStatement.Show show -> {
        String value = show(session, show.name(), false);
        SettingDefinition definition = SettingDefinitions.find(show.name());
        String column = definition == null ? show.name() : definition.name();
        Results.one(session.sink(), column, PgTypes.TEXT, value);
        session.sink().commandComplete("SHOW");
      }
      case SettingStatement.ShowAll all -> showAll(session);
      case SettingStatement.Discard discard -> discard(session, discard.target());
      case SettingStatement.AlterSystem alter -> throw SqlException.notSupported("ALTER SYSTEM");
    }
  }

  private static void characteristics(SessionCore session, SettingStatement.SetTransaction set) {
    Settings settings = session.settings();
    if (set.modes().isolation() != null) {
      settings.set("default_transaction_isolation", set.modes().isolation().settingValue(), false, Settings.Source.SESSION);
    }
    if (set.modes().readOnly() != null) {
      settings.set("default_transaction_read_only", set.modes().readOnly() ? "on" : "off", false, Settings.Source.SESSION);
    }
    if (set.modes().deferrable() != null) {
      settings.set("default_transaction_deferrable", set.modes().deferrable() ? "on" : "off", false, Settings.Source.SESSION);
    }
  }

  private static void change(SessionCore session, SettingStatement.SettingChange change, boolean local) {
    if (local && !session.transactions().inBlock() && !session.transactions().inImplicitBlock()) {
      session.notice(Notice.warning(SqlState.NO_ACTIVE_SQL_TRANSACTION, "SET LOCAL can only be used in transaction blocks"));
      return;
    }
    switch (change) {
      case SettingStatement.SetValues values -> set(session, values.name(), text(values.name(), values.values()), local);
      case SettingStatement.SetInterval interval -> set(session, interval.name(), intervalZone(session, interval.value()), local);
      case SettingStatement.SetDefault none -> set(session, none.name(), null, local);
      case SettingStatement.ResetValue reset -> set(session, reset.name(), null, local);
      case SettingStatement.SetFromCurrent current -> {}
      case SettingStatement.ResetAllValues all -> session.settings().resetAll();
    }
  }

  /// `SET TIME ZONE INTERVAL '-08:00'`: hours east of Greenwich.
  private static String intervalZone(SessionCore session, String value) {
    Object parsed = io.heliosdb.nano.type.TypeIo.parse(PgTypes.INTERVAL, -1, value, session.io());
    io.heliosdb.nano.type.Interval interval = (io.heliosdb.nano.type.Interval) parsed;
    return ZoneNames.ofSecondsEast((int) (interval.micros() / 1_000_000));
  }

  /// The text of a setting from the values written: a list setting quotes what needs it, others take one value.
  static @Nullable String text(String name, List<SettingValue> values) {
    String key = name.toLowerCase(Locale.ROOT);
    boolean list = List.of("search_path", "datestyle", "session_preload_libraries", "temp_tablespaces", "local_preload_libraries").contains(key);
    if (values.size() > 1 && !list) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "SET " + name + " takes only one argument");
    }
    List<String> parts = new ArrayList<>();
    for (SettingValue value : values) {
      boolean identifierList = list && !key.equals("datestyle");
      parts.add(identifierList && value.kind() != ValueKind.NUMBER ? Identifiers.quoteIfNeeded(value.text()) : value.text());
    }
    if (key.equals("timezone") && values.getFirst().kind() == ValueKind.NUMBER) {
      return ZoneNames.ofHoursEast(values.getFirst().text());
    }
    return String.join(", ", parts);
  }

  /// Settings that only superusers change.
  private static void checkRight(SessionCore session, String name) {
    SettingDefinition definition = SettingDefinitions.find(name);
    if (definition != null && definition.context().equals("superuser") && !session.currentRole().superuser()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to set parameter \"" + definition.name() + "\"");
    }
  }

  static void set(SessionCore session, String name, @Nullable String value, boolean local) {
    switch (name.toLowerCase(Locale.ROOT)) {
      case "role" -> setRole(session, value, local);
      case "session_authorization" -> setSessionAuthorization(session, value, local);
      case "transaction_isolation" ->
          session.transactions().setModes(new io.heliosdb.nano.parse.ast.TransactionStatement.TransactionModes(isolation(value, session), null, null));
      case "transaction_read_only" ->
          session.transactions().setModes(
              new io.heliosdb.nano.parse.ast.TransactionStatement.TransactionModes(null, "on".equals(value) || "true".equals(value) || "1".equals(value), null));
      case "seed" -> session.queries().callContext().setSeed(value == null ? 0 : Double.parseDouble(value));
      case "heliosdb.branch", "branch" -> session.engine().branches().use(session, value == null ? "main" : value);
      case "heliosdb.as_of" -> {
        if (value != null && !value.isBlank()) {
          TimeTravel.ofSetting(session, value);
          if (session.transactions().current().hasDataWrites()) {
            throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "heliosdb.as_of cannot be set in a transaction that has changed data");
          }
        }
        session.settings().set(name, value == null ? "" : value.strip(), local, Settings.Source.SESSION);
      }
      default -> {
        checkRight(session, name);
        session.settings().set(name, value, local, Settings.Source.SESSION);
        if (name.equalsIgnoreCase("application_name")) {
          session.activity().applicationName(session.settings().get("application_name"));
        }
      }
    }
  }

  private static io.heliosdb.nano.parse.ast.TransactionStatement.IsolationLevel isolation(@Nullable String value, SessionCore session) {
    String text = value == null ? session.settings().get("default_transaction_isolation") : value.toLowerCase(Locale.ROOT);
    for (var level : io.heliosdb.nano.parse.ast.TransactionStatement.IsolationLevel.values()) {
      if (level.settingValue().equals(text)) {
        return level;
      }
    }
    throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"transaction_isolation\": \"" + value + "\"")
        .withHint("Available values: serializable, repeatable read, read committed, read uncommitted.");
  }

  private static void setRole(SessionCore session, @Nullable String value, boolean local) {
    Catalog.Role role = session.sessionUser();
    if (value != null && !value.equals("none")) {
      role = session.catalog().role(value);
      if (role == null) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "role \"" + value + "\" does not exist");
      }
      if (!session.engine().privileges().isMember(session.catalog(), session.sessionUser(), role)) {
        throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to set role \"" + value + "\"");
      }
    }
    session.settings().set("role", value == null ? "none" : value, local, Settings.Source.SESSION);
    session.setRoles(session.sessionUser(), role);
  }

  private static void setSessionAuthorization(SessionCore session, @Nullable String value, boolean local) {
    Catalog.Role role = session.authenticatedUser();
    if (value != null && !value.equals("default")) {
      role = session.catalog().role(value);
      if (role == null) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "role \"" + value + "\" does not exist");
      }
      if (role.oid() != session.authenticatedUser().oid() && !session.authenticatedUser().superuser()) {
        throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to set session authorization");
      }
    }
    session.settings().set("session_authorization", role.name(), local, Settings.Source.SESSION);
    session.settings().set("role", "none", local, Settings.Source.SESSION);
    session.setRoles(role, role);
  }

  static @Nullable String show(SessionCore session, String name, boolean missingOk) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "transaction_isolation" -> {
        var open = session.transactions().currentOrNull();
        yield open == null
            ? session.settings().get("default_transaction_isolation")
            : open.isolation().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      }
      case "transaction_read_only" -> {
        var open = session.transactions().currentOrNull();
        yield open != null && open.isReadOnly() ? "on" : "off";
      }
      case "transaction_deferrable" -> {
        var open = session.transactions().currentOrNull();
        yield open != null && open.options().deferrable() ? "on" : "off";
      }
      case "is_superuser" -> session.currentRole().superuser() ? "on" : "off";
      case "session_authorization" -> session.sessionUser().name();
      case "heliosdb.branch", "branch" -> session.branchState().name();
      default -> session.settings().display(name, missingOk);
    };
  }

  private static void showAll(SessionCore session) {
    Results results =
        new Results(session.sink())
            .column("name", PgTypes.TEXT)
            .column("setting", PgTypes.TEXT)
            .column("description", PgTypes.TEXT);
    for (SettingDefinition definition : SettingDefinitions.all()) {
      results.row(definition.name(), show(session, definition.name(), true), definition.description());
    }
    results.end("SHOW");
  }

  private static void discard(SessionCore session, SettingStatement.DiscardTarget target) {
    switch (target) {
      case ALL -> {
        if (session.transactions().inBlock()) {
          throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "DISCARD ALL cannot run inside a transaction block");
        }
        session.discardAll();
      }
      case TEMP -> session.discardTemporary();
      case SEQUENCES -> session.sequences().discard();
      case PLANS -> session.engine().planCache().clear();
    }
    session.sink().commandComplete("DISCARD " + target);
  }
}
