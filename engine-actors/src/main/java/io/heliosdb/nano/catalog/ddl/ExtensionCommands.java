package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.Extension;
import io.heliosdb.nano.catalog.CatalogObject.ExtensionObject;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.DatabaseDdl.CreateExtension;
import io.heliosdb.nano.parse.ast.Option;
import java.util.Map;

/// CREATE EXTENSION for those whose contents are built in: creating one records that it is wanted.
final class ExtensionCommands {
  /// Name → version.
  static final Map<String, String> KNOWN = Map.of("btree_gist", "1.7", "plpgsql", "1.0", "vector", "0.8.0");

  private final Ddl ddl;

  ExtensionCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateExtension statement) {
    String name = statement.name();
    if (ddl.catalog().extensions().stream().anyMatch(extension -> extension.name().equals(name))) {
      if (statement.ifNotExists()) {
        ddl.skipping(SqlState.DUPLICATE_OBJECT, "extension \"" + name + "\" already exists");
        return "CREATE EXTENSION";
      }
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "extension \"" + name + "\" already exists");
    }
    String version = KNOWN.get(name);
    if (version == null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "extension \"" + name + "\" is not available")
          .withDetail("The extension is not one of those built into this database.")
          .withHint("The extension must first be installed on the system where PostgreSQL is running.");
    }
    int namespaceOid = ddl.path().creationNamespace();
    for (Option option : statement.options()) {
      switch (option.name()) {
        case "schema" -> namespaceOid = ddl.namespace(option.text(), option.position()).oid();
        case "new_version" -> {
          if (!version.equals(option.text())) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                "extension \"" + name + "\" has no installation script nor update path for version \"" + option.text() + "\"");
          }
        }
        default -> { }
      }
    }
    ddl.checkSuperuser("permission denied to create extension \"" + name + "\"");
    ddl.put(new ExtensionObject(new Extension(ddl.nextOid(), name, ddl.user(), namespaceOid, version, true), 0));
    return "CREATE EXTENSION";
  }

  /// ALTER EXTENSION … UPDATE: each extension has one version.
  String update(io.heliosdb.nano.parse.ast.DatabaseDdl.UpdateExtension statement) {
    for (Extension extension : ddl.catalog().extensions()) {
      if (extension.name().equals(statement.name())) {
        ddl.checkOwner(extension.ownerOid(), "extension", extension.name());
        String version = extension.extensionVersion();
        for (Option option : statement.options()) {
          if (option.text() != null && !option.text().equals(version)) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "extension \"" + extension.name() + "\" has no update path from version \""
                + version + "\" to version \"" + option.text() + "\"");
          }
        }
        ddl.notice(SqlState.SUCCESSFUL_COMPLETION, "version \"" + version + "\" of extension \"" + extension.name() + "\" is already installed");
        return "ALTER EXTENSION";
      }
    }
    throw new SqlException(SqlState.UNDEFINED_OBJECT, "extension \"" + statement.name() + "\" does not exist");
  }
}
