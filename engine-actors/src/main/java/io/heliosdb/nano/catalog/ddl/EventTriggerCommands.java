package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.DefinedObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.RoutineDdl.AlterEventTrigger;
import io.heliosdb.nano.parse.ast.RoutineDdl.CreateEventTrigger;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// CREATE and ALTER EVENT TRIGGER. The session fires them ([#fires] says which).
public final class EventTriggerCommands {
  private static final Set<String> EVENTS = Set.of("ddl_command_start", "ddl_command_end", "sql_drop", "table_rewrite");

  /// Commands on objects of the whole instance, which event triggers do not see.
  private static final Set<String> SHARED = Set.of("CREATE DATABASE", "ALTER DATABASE", "DROP DATABASE", "CREATE TABLESPACE",
      "ALTER TABLESPACE", "DROP TABLESPACE", "CREATE ROLE", "ALTER ROLE", "DROP ROLE", "CREATE USER", "ALTER USER", "DROP USER", "GRANT ROLE",
      "REVOKE ROLE", "CREATE EVENT TRIGGER", "ALTER EVENT TRIGGER", "DROP EVENT TRIGGER",
      "COMMENT ON EVENT TRIGGER", "REASSIGN OWNED", "ALTER SYSTEM");

  private final Ddl ddl;

  EventTriggerCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateEventTrigger statement) {
    if (!ddl.isSuperuser()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to create event trigger \"" + statement.name() + "\"")
          .withHint("Must be superuser to create an event trigger.");
    }
    if (!EVENTS.contains(statement.event())) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "unrecognized event name \"" + statement.event() + "\"");
    }
    if (statement.event().equals("table_rewrite")) {
      throw SqlException.notSupported("an event trigger on table_rewrite");
    }
    List<String> tags = null;
    for (Option filter : statement.filters()) {
      if (!filter.name().equals("tag")) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "unrecognized filter variable \"" + filter.name() + "\"");
      }
      if (tags != null) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "filter variable \"tag\" specified more than once");
      }
      tags = tags(filter);
    }
    DefinedObjects.checkNew(ddl, ObjectClass.EVENT_TRIGGER, statement.name());
    FunctionDef function = new RoutineLookup(ddl).exact(statement.function(), List.of());
    if (function == null) {
      throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function " + statement.function() + "() does not exist");
    }
    if (function.returnType() != PgTypes.EVENT_TRIGGER.oid()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "function " + statement.function() + " must return type event_trigger");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("event", statement.event());
    attributes.put("function", Integer.toString(function.oid()));
    attributes.put("enabled", "O");
    ddl.put(new DefinedObject(ObjectClass.EVENT_TRIGGER, ddl.nextOid(), statement.name(), ddl.user(), null, attributes,
        tags == null ? List.of() : tags, List.of(ObjectAddress.of(ClassOids.PROC, function.oid())), 0));
    return "CREATE EVENT TRIGGER";
  }

  private static List<String> tags(Option filter) {
    List<String> tags = new ArrayList<>();
    List<Option.Value> values = filter.value() instanceof Option.ListValue list ? list.values() : List.of(filter.value());
    for (Option.Value value : values) {
      String tag = value.text().toUpperCase(Locale.ROOT);
      if (SHARED.contains(tag)) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "event triggers are not supported for " + tag);
      }
      if (!tag.matches("(ALTER|COMMENT|CREATE|DROP|GRANT|IMPORT FOREIGN SCHEMA|REFRESH MATERIALIZED VIEW|REVOKE|SECURITY LABEL|SELECT INTO)( .*)?")) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "filter value \"" + value.text() + "\" not recognized for filter variable \"tag\"");
      }
      tags.add(tag);
    }
    return tags;
  }

  String alter(AlterEventTrigger statement) {
    DefinedObject trigger = DefinedObjects.get(ddl, ObjectClass.EVENT_TRIGGER, statement.name());
    ddl.checkOwner(trigger.ownerOid(), "event trigger", trigger.name());
    Map<String, String> attributes = new LinkedHashMap<>(trigger.attributes());
    attributes.put("enabled", switch (statement.state()) {
      case ENABLE -> "O";
      case ENABLE_ALWAYS -> "A";
      case ENABLE_REPLICA -> "R";
      case DISABLE -> "D";
    });
    ddl.put(trigger.with(attributes, trigger.options(), trigger.references()));
    return "ALTER EVENT TRIGGER";
  }

  /// Whether a trigger fires at an event of a command.
  ///
  /// @param replica whether `session_replication_role` is `replica`
  public static boolean fires(DefinedObject trigger, String event, String tag, boolean replica) {
    String enabled = trigger.attributes().get("enabled");
    boolean active = "A".equals(enabled) || (replica ? "R" : "O").equals(enabled);
    return active && event.equals(trigger.attributes().get("event")) && !SHARED.contains(tag)
        && (trigger.options().isEmpty() || trigger.options().contains(tag));
  }
}
