package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Databases, tablespaces, extensions, replication and foreign servers.
public sealed interface DatabaseDdl extends DdlStatement {
  /// Option names in lower case with `_` for blanks as PostgreSQL has them: owner, template, encoding, connection_limit, …
  record CreateDatabase(String name, List<Option> options) implements DatabaseDdl {}

  record AlterDatabase(String name, List<Option> options) implements DatabaseDdl {}

  record AlterDatabaseSetting(String name, SettingStatement.SettingChange change) implements DatabaseDdl {}

  record RefreshDatabaseCollation(String name) implements DatabaseDdl {}

  record DropDatabase(String name, boolean ifExists, List<Option> options) implements DatabaseDdl {}

  record CreateTablespace(String name, @Nullable RoleSpecification owner, String location, List<Option> options)
      implements DatabaseDdl {}

  record AlterTablespace(String name, boolean reset, List<Option> options) implements DatabaseDdl {}

  record DropTablespace(String name, boolean ifExists) implements DatabaseDdl {}

  /// Options: schema, new_version, cascade.
  record CreateExtension(String name, boolean ifNotExists, List<Option> options) implements DatabaseDdl {}

  record UpdateExtension(String name, List<Option> options) implements DatabaseDdl {}

  record ChangeExtensionContents(String name, boolean add, ObjectKind kind, ObjectReference object) implements DatabaseDdl {}

  record CreateAccessMethod(String name, boolean index, QualifiedName handler) implements DatabaseDdl {}

  /// `FOR ALL TABLES` or objects; both empty means no tables yet.
  record CreatePublication(String name, boolean allTables, List<PublicationObject> objects, List<Option> options)
      implements DatabaseDdl {}

  /// Exactly one of options (SET (…)) and objects.
  record AlterPublication(String name, PublicationAction action, List<PublicationObject> objects, List<Option> options)
      implements DatabaseDdl {}

  enum PublicationAction { SET_OPTIONS, ADD, SET, DROP }

  /// A table (with columns and filter) or `TABLES IN SCHEMA`; a schema null with table null is CURRENT_SCHEMA.
  record PublicationObject(
      @Nullable RelationTarget table, List<Name> columns, @Nullable SourceExpression where, @Nullable String schema, int position) {}

  record CreateSubscription(String name, String connection, List<Name> publications, List<Option> options) implements DatabaseDdl {}

  /// `action` is the words of the form: CONNECTION, REFRESH, ADD, DROP, SET PUBLICATION, SET, ENABLE, DISABLE, SKIP.
  record AlterSubscription(
      String name, String action, @Nullable String connection, List<Name> publications, List<Option> options)
      implements DatabaseDdl {}

  record DropSubscription(String name, boolean ifExists, boolean cascade) implements DatabaseDdl {}

  /// CREATE (`create`) or ALTER FOREIGN DATA WRAPPER; functions: handler, validator (an absent value is NO …).
  record ForeignDataWrapper(boolean create, String name, List<Option> functions, List<Option> options) implements DatabaseDdl {}

  record ForeignServerDefinition(
      boolean create,
      String name,
      boolean ifNotExists,
      @Nullable String type,
      @Nullable String version,
      @Nullable String wrapper,
      List<Option> options)
      implements DatabaseDdl {}

  /// CREATE, ALTER or DROP USER MAPPING.
  record UserMapping(
      MappingAction action, RoleSpecification user, String server, boolean exists, List<Option> options) implements DatabaseDdl {}

  /// `exists` of a [UserMapping] is IF NOT EXISTS for CREATE, IF EXISTS for DROP.
  enum MappingAction { CREATE, ALTER, DROP }

  /// `IMPORT FOREIGN SCHEMA …`; `except` null means all tables.
  record ImportForeignSchema(
      String remoteSchema,
      @Nullable Boolean except,
      List<QualifiedName> tables,
      String server,
      String localSchema,
      List<Option> options)
      implements DatabaseDdl {}
}
