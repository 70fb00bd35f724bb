package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.system.SystemContext;
import io.heliosdb.nano.function.SessionServices.NestedResult;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What system relations show of this session and of the engine.
record SessionSystemContext(SessionCore session) implements SystemContext {
  @Override
  public Catalog catalog() {
    return session.catalog();
  }

  @Override
  public TypeCatalog types() {
    return session.io().types();
  }

  @Override
  public int currentRole() {
    return session.currentRole().oid();
  }

  @Override
  public String databaseName() {
    return session.database();
  }

  @Override
  public int databaseOid() {
    return (int) session.engine().databaseOid();
  }

  @Override
  public List<Setting> settings() {
    List<Setting> result = new ArrayList<>();
    Settings settings = session.settings();
    boolean showsFiles = session.engine().privileges().hasRole(session.catalog(), session.currentRole(), "pg_read_all_settings");
    for (SettingDefinition d : SettingDefinitions.all()) {
      if (SettingRules.isHidden(d.name())) {
        continue;
      }
      String stored = settings.get(d.name(), true);
      if (d.name().startsWith("transaction_") || d.name().equals("is_superuser") || d.name().equals("session_authorization")) {
        stored = SettingStatements.show(session, d.name(), true);
      }
      Settings.Origin origin = settings.origin(d.name());
      result.add(
          new Setting(d.name(), stored == null ? "" : stored, d.unit(), d.category(), d.description(), d.context(), d.type(),
              origin.source().words(), showsFiles ? origin.file() : null, showsFiles ? origin.line() : 0, d.minimum(), d.maximum(), d.values(), d.defaultValue(),
              settings.resetValue(d.name())));
    }
    return result;
  }

  @Override
  public List<Activity> activity() {
    return new SessionSystemState(session).activity();
  }

  @Override
  public List<Lock> locks() {
    return new SessionSystemState(session).locks();
  }

  @Override
  public List<Wait> waits() {
    return new SessionSystemState(session).waits();
  }

  @Override
  public List<AuditEntry> audit() {
    AuditLog log = session.engine().audit();
    return log == null ? List.of() : log.entries();
  }

  @Override
  public List<StatementUse> statements() {
    return new SessionSystemState(session).statements();
  }

  @Override
  public DatabaseUse database() {
    return new SessionSystemState(session).database();
  }

  @Override
  public Map<Integer, long[]> usage() {
    return session.engine().usageTotals().read(session.engine().sessions());
  }

  @Override
  public List<CopyProgress> copyProgress() {
    return new SessionSystemState(session).copies();
  }

  @Override
  public List<DumpProgress> dumpProgress() {
    return session.engine().archives().running().stream()
        .map(p -> new DumpProgress(p.id(), p.command(), p.path(), p.startedMicros(), p.phase(), p.table(), p.tablesDone(), p.tablesTotal(), p.rows(), p.rowsTotal(), p.bytes(),
            (session.engine().archives().nowMicros() - p.startedMicros()) / 1e6))
        .toList();
  }

  @Override
  public List<DumpOutcome> dumps() {
    long newest = session.engine().system().store().visibleScn();
    return session.engine().archives().outcomes().stream()
        .map(o -> new DumpOutcome(o.id(), o.command(), o.path(), o.incremental(), o.startedMicros(), o.endedMicros(), o.tables(), o.rows(), o.rawBytes(), o.storedBytes(), o.scn(),
            o.command().equals("dump") && o.error() == null ? newest - o.scn() : null, o.error()))
        .toList();
  }

  @Override
  public List<Prepared> preparedStatements() {
    return session.extended().statements().values().stream()
        .filter(s -> !s.name.isEmpty())
        .map(s -> new Prepared(s.name, s.text, s.preparedMicros, s.parameterTypes.stream().map(PgType::oid).toList(), s.fromSql))
        .toList();
  }

  @Override
  public List<Cursor> cursors() {
    Stream<Cursor> portals =
        session.extended().portals().stream()
            .filter(p -> !p.name().isEmpty())
            .map(p -> new Cursor(p.name(), p.statement().text, false, false, false, p.createdMicros()));
    Stream<Cursor> cursors = session.cursors().all().stream().map(c -> new Cursor(c.name, c.text, c.hold, c.binary, c.scroll, c.createdMicros));
    return Stream.concat(cursors, portals).toList();
  }

  @Override
  public List<Branch> branches() {
    return SystemVersions.branches(session);
  }

  @Override
  public List<Conflict> mergeConflicts() {
    return SystemVersions.mergeConflicts(session);
  }

  @Override
  public Iterator<Commit> commits() {
    return SystemVersions.commits(session);
  }

  @Override
  public long[] sequenceState(Relation.Sequence sequence) {
    return session.sequences().state(sequence);
  }

  @Override
  public double rowCount(Relation.Table table) {
    return session.catalog().statistics(table.oid()).rows();
  }

  @Override
  public TableChanges changes(Relation.Table table) {
    TableActivity.Counts counts = session.engine().activity().find(session, table.oid());
    return counts == null ? new TableChanges(0, 0, 0, 0, 0, 0)
        : new TableChanges(counts.inserted.sum(), counts.updated.sum(), counts.deleted.sum(), counts.changesSinceAnalyze(), counts.analyzedMicros,
            counts.autoAnalyzedMicros);
  }

  @Override
  public String indexDefinition(Relation.Index index) {
    return text("SELECT pg_catalog.pg_get_indexdef(" + Integer.toUnsignedString(index.oid()) + ")");
  }

  @Override
  public String viewDefinition(Relation view, String definition) {
    return session.queries().callContext().session().viewText(view, definition, false);
  }

  @Override
  public int updatableEvents(Relation relation) {
    return session.queries().callContext().session().updatableEvents(relation.oid(), false);
  }

  @Override
  public boolean isColumnUpdatable(Relation relation, int attnum) {
    return session.queries().callContext().session().isColumnUpdatable(relation.oid(), attnum, false);
  }

  @Override
  public int triggerEvents(Relation.View view) {
    return io.heliosdb.nano.analyze.UpdatableRelations.triggerEvents(view, catalog());
  }

  @Override
  public String ruleDefinition(io.heliosdb.nano.catalog.Catalog.Rule rule, Relation relation, String qualified) {
    return session.queries().callContext().session().ruleText(rule, relation, qualified);
  }

  @Override
  public String expression(String stored, Relation relation) {
    return session.queries().callContext().session().expressionText(stored, relation.oid(), false);
  }

  private String text(String sql) {
    NestedResult result = session.queries().callContext().session().runNested(sql, List.of(), List.of());
    return (String) result.rows().getFirst()[0];
  }

  private java.util.Optional<LargeObjectStore> largeObjectStore() {
    var access = session.queries().callContext().access();
    return access == null ? java.util.Optional.empty() : java.util.Optional.of(new LargeObjectStore(access, false));
  }

  @Override
  public List<LargeObject> largeObjects() {
    return largeObjectStore().map(store -> store.all().stream().map(o -> new LargeObject(o.oid(), o.ownerOid(), o.acl())).toList()).orElse(List.of());
  }

  @Override
  public List<LargeObjectPage> largeObjectPages() {
    List<LargeObjectPage> pages = new java.util.ArrayList<>();
    largeObjectStore().ifPresent(store -> store.pages((oid, number, bytes) -> pages.add(new LargeObjectPage(oid, number, bytes))));
    return pages;
  }
}
