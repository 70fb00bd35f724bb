package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.Database;
import io.heliosdb.nano.catalog.CatalogObject.DatabaseObject;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.DatabaseDdl;
import io.heliosdb.nano.parse.ast.Option;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Commands on databases and tablespaces. An instance holds one database, so that CREATE DATABASE and CREATE TABLESPACE are refused.
final class DatabaseCommands {
  private static final Set<String> CREATE_OPTIONS = Set.of("owner", "template", "encoding", "locale", "lc_collate", "lc_ctype", "icu_locale",
      "locale_provider", "collation_version", "tablespace", "allow_connections", "connection_limit", "is_template", "oid", "strategy", "location");

  private final Ddl ddl;

  DatabaseCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  private void refuseBlock(String command) {
    if (ddl.context.inTransactionBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, command + " cannot run inside a transaction block");
    }
  }

  SqlException cannotCreate(DatabaseDdl.CreateDatabase statement) {
    refuseBlock("CREATE DATABASE");
    for (Option option : statement.options()) {
      if (!CREATE_OPTIONS.contains(option.name())) {
        return new SqlException(SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized").at(option.position());
      }
    }
    return SqlException.notSupported("CREATE DATABASE")
        .withHint("An instance holds one database. Use CREATE SCHEMA, or CREATE DATABASE BRANCH for a copy.");
  }

  private Database database(String name) {
    for (Database database : ddl.catalog().databases()) {
      if (database.name().equals(name)) {
        ddl.checkOwner(database.ownerOid(), "database", name);
        return database;
      }
    }
    throw new SqlException(SqlState.UNDEFINED_DATABASE, "database \"" + name + "\" does not exist");
  }

  String alter(DatabaseDdl.AlterDatabase statement) {
    Database d = database(statement.name());
    boolean template = d.isTemplate();
    boolean connections = d.allowConnections();
    int limit = d.connectionLimit();
    for (Option option : statement.options()) {
      switch (option.name()) {
        case "is_template" -> template = bool(option);
        case "allow_connections" -> {
          connections = bool(option);
          if (!connections) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "cannot disallow connections for current database");
          }
        }
        case "connection_limit" -> {
          limit = integer(option);
          if (limit < -1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid connection limit: " + limit);
          }
        }
        case "tablespace" -> {
          refuseBlock("ALTER DATABASE SET TABLESPACE");
          throw new SqlException(SqlState.OBJECT_IN_USE, "cannot change the tablespace of the currently open database");
        }
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized").at(option.position());
      }
    }
    ddl.put(new DatabaseObject(new Database(d.oid(), d.name(), d.ownerOid(), template, connections, limit, d.acl(), d.settings()), 0));
    return "ALTER DATABASE";
  }

  private static boolean bool(Option option) {
    return switch (String.valueOf(option.text())) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default -> throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a Boolean value");
    };
  }

  private static int integer(Option option) {
    try {
      return Integer.parseInt(String.valueOf(option.text()));
    } catch (NumberFormatException e) {
      throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires an integer value");
    }
  }

  /// Sessions that start afterwards get the setting.
  String alterSetting(DatabaseDdl.AlterDatabaseSetting statement) {
    Database d = database(statement.name());
    Map<String, String> settings = FunctionCommands.settings(d.settings(), List.of(statement.change()), ddl.context);
    ddl.put(new DatabaseObject(
        new Database(d.oid(), d.name(), d.ownerOid(), d.isTemplate(), d.allowConnections(), d.connectionLimit(), d.acl(), settings), 0));
    return "ALTER DATABASE";
  }

  String refreshCollation(DatabaseDdl.RefreshDatabaseCollation statement) {
    database(statement.name());
    ddl.notice(SqlState.SUCCESSFUL_COMPLETION, "version has not changed");
    return "ALTER DATABASE";
  }

  String drop(DatabaseDdl.DropDatabase statement) {
    refuseBlock("DROP DATABASE");
    boolean known = ddl.catalog().databases().stream().anyMatch(database -> database.name().equals(statement.name()));
    if (known) {
      throw new SqlException(SqlState.OBJECT_IN_USE, "cannot drop the currently open database");
    }
    missing("database", statement.name(), statement.ifExists(), SqlState.UNDEFINED_DATABASE);
    return "DROP DATABASE";
  }

  String dropTablespace(DatabaseDdl.DropTablespace statement) {
    refuseBlock("DROP TABLESPACE");
    if (statement.name().equals("pg_default") || statement.name().equals("pg_global")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for tablespace " + statement.name());
    }
    missing("tablespace", statement.name(), statement.ifExists(), SqlState.UNDEFINED_OBJECT);
    return "DROP TABLESPACE";
  }

  private void missing(String kind, @Nullable String name, boolean ifExists, SqlState state) {
    String message = kind + " \"" + name + "\" does not exist";
    if (!ifExists) {
      throw new SqlException(state, message);
    }
    ddl.skipping(message);
  }
}
