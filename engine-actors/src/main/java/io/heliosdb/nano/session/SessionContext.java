package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.History;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ParseSettings;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.IoContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a session's settings, catalog and role together make of the names and values in its statements: search path, formats, what a plan
/// depends on. Each is made when it is asked for and kept until something it was made from changes.
///
/// Confined to the session's actor.
final class SessionContext {
  private final SessionCore session;
  private final Settings settings;
  private @Nullable StatementSettings statementSettings;
  private long statementSettingsGeneration = -1;
  private @Nullable ParseSettings parseSettings;
  private long ioGeneration = -1;
  private @Nullable IoContext io;
  private @Nullable SearchPath searchPath;
  private @Nullable Catalog searchPathCatalog;
  private long searchPathGeneration = -1;
  private @Nullable PlanEnvironment environment;
  private long environmentGeneration = -1;
  private @Nullable SearchPath environmentPath;
  private Catalog.@Nullable Role environmentRole;
  private @Nullable Catalog ioCatalog;
  private String asOfSetting = "";
  private long asOfScn;

  SessionContext(SessionCore session) {
    this.session = session;
    this.settings = session.settings();
  }

  /// Names mean something else from here on: another branch, another temporary schema, or DDL undone.
  void namesChanged() {
    searchPathCatalog = null;
    environmentGeneration = -1;
  }

  StatementSettings statementSettings() {
    if (statementSettings == null || statementSettingsGeneration != settings.generation()) {
      statementSettings = StatementSettings.of(settings);
      statementSettingsGeneration = settings.generation();
    }
    return statementSettings;
  }

  /// What `heliosdb.as_of` means, [History#UNKNOWN] when it is not set.
  long asOfScn() {
    String setting = settings.get("heliosdb.as_of");
    if (setting.isEmpty()) {
      return History.UNKNOWN;
    }
    if (!setting.equals(asOfSetting)) {
      asOfScn = TimeTravel.ofSetting(session, setting);
      asOfSetting = setting;
    }
    return asOfScn;
  }

  SearchPath searchPath() {
    CatalogSnapshot catalog = session.catalog();
    if (searchPath == null || searchPathCatalog != catalog || searchPathGeneration != settings.generation()) {
      SearchPath next = SearchPath.of(SearchPath.parse(settings.get("search_path")), catalog, session.currentRole().name(), session.temporaryNamespace());
      if (!next.equals(searchPath)) {
        searchPath = next;
      }
      searchPathCatalog = catalog;
      searchPathGeneration = settings.generation();
    }
    return searchPath;
  }

  /// @throws SqlException 42P01
  Relation relation(QualifiedName name) {
    Relation relation;
    if (name.schema() == null) {
      relation = searchPath().relation(session.catalog(), name.name());
    } else {
      Catalog.Namespace namespace = session.catalog().namespace(name.schema());
      relation = namespace == null ? null : session.catalog().relation(namespace.oid(), name.name());
    }
    if (relation == null) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist").at(name.position());
    }
    return relation;
  }

  /// Formats, zone and types for reading and writing values.
  IoContext io() {
    CatalogSnapshot catalog = session.catalog();
    IoContext present = io;
    if (present == null || ioGeneration != settings.generation() || ioCatalog != catalog) {
      present =
          SettingRules.apply(settings, IoContext.builder())
              .types(new SessionTypes(session, catalog))
              .regObjects(new SessionRegObjects(session))
              .build();
      ioGeneration = settings.generation();
      ioCatalog = catalog;
    }
    present = present.withTransactionMicros(session.transactions().startMicros());
    io = present;
    return present;
  }

  PlanEnvironment environment() {
    SearchPath path = searchPath();
    if (environment == null || environmentGeneration != settings.generation() || environmentPath != path || environmentRole != session.currentRole()) {
      List<String> consulted = new ArrayList<>(PlanEnvironment.CONSULTED.size());
      for (String name : PlanEnvironment.CONSULTED) {
        consulted.add(settings.get(name));
      }
      List<String> schemas = path.namespaces().stream().map(String::valueOf).toList();
      environment =
          session.engine().intern(
              new PlanEnvironment(
                  schemas, session.temporaryNamespace(), session.currentRole().oid(), session.branchState().id(), settings.get("heliosdb.as_of"), consulted));
      environmentGeneration = settings.generation();
      environmentPath = path;
      environmentRole = session.currentRole();
    }
    return environment;
  }

  ParseSettings parseSettings() {
    StatementSettings present = statementSettings();
    ParseSettings known = parseSettings;
    if (known == null || known.standardConformingStrings() != present.standardConformingStrings()
        || known.escapeStringWarning() != present.escapeStringWarning()) {
      known =
          new ParseSettings(
              present.standardConformingStrings(),
              present.escapeStringWarning(),
              n -> session.notice(new Notice(n.severity().name(), n.state(), n.message(), null, n.hint(), n.position())));
      parseSettings = known;
    }
    return known;
  }
}
