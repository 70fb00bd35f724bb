package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.PermissionCheck;
import io.heliosdb.nano.catalog.BranchEntry;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.ddl.DataWork;
import io.heliosdb.nano.catalog.store.BranchRows;
import io.heliosdb.nano.catalog.store.CatalogStore;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.dml.RowReplay;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.txn.Sequences;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import io.heliosdb.nano.txn.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// One MERGE DATABASE BRANCH: brings what the source changed since the base into the target, in one transaction on the target.
///
/// Order: schema (except indexes that are new on tables both have) → rows (deletes, updates, inserts, over all tables) → foreign keys → new
/// indexes and constraints → sequences → the source's entry. Any conflict left, any broken constraint undoes it all. `docs/branches.md`.
final class BranchMerge {
  /// @param deleteBranchAfter whether the source is dropped in the same transaction
  record Options(RecordMerge.Winner winner, boolean deleteBranchAfter, boolean dryRun) {}

  /// What came of it; `conflicts` empty if it was done.
  record Outcome(long inserted, long updated, long deleted, long resolved, int schemaChanges, List<MergeConflict> conflicts) {}

  private final SessionCore session;
  private final BranchState sourceBranch;
  private final BranchState targetBranch;
  private final Options options;
  private final List<MergeConflict> conflicts = new ArrayList<>();
  private final List<MergeRows> rowMerges = new ArrayList<>();
  private long resolved;

  /// @param session a session on the target, in a transaction
  BranchMerge(SessionCore session, BranchState sourceBranch, Options options) {
    this.session = session;
    this.sourceBranch = sourceBranch;
    this.targetBranch = session.branchState();
    this.options = options;
  }

  Outcome run() {
    Transaction transaction = session.transactions().current();
    transaction.lockObject(BranchRows.CLASS_OID, sourceBranch.id(), TableLockMode.EXCLUSIVE, false);
    transaction.lockObject(BranchRows.CLASS_OID, targetBranch.id(), TableLockMode.SHARE, false);
    long scn = session.engine().system().visibleScn();
    BranchEntry entry = sourceBranch.entry();
    MergeBase base = MergeBase.of(sourceBranch.readView().asOf(scn), targetBranch.readView(), entry.mergedInto(targetBranch.id()));
    for (int i = 0; i < base.view().layerCount(); i++) {
      session.txnSession().holdHistory(base.view().layer(i).scn());
    }
    Map<Long, TreeSet<byte[]>> touched;
    try (StoreReader reader = session.engine().system().store().acquireReader()) {
      touched = base.touched(reader);
    }
    CatalogSnapshot baseCatalog = session.engine().loadCatalogAt(base.view());
    CatalogSnapshot sourceCatalog = session.engine().loadCatalogAt(base.source());
    lockTables(touched, sourceCatalog, baseCatalog);
    try (StatementAccess access = transaction.beginCommand()) {
      Outcome outcome = merge(base, touched, baseCatalog, sourceCatalog, access);
      if (outcome.conflicts().isEmpty() && !options.dryRun()) {
        recordMerge(entry, scn, access);
      }
      return outcome;
    }
  }

  /// Writers of the tables concerned wait until the merge has ended; readers do not.
  private void lockTables(Map<Long, TreeSet<byte[]>> touched, CatalogSnapshot source, CatalogSnapshot base) {
    TreeSet<Integer> oids = new TreeSet<>();
    for (CatalogSnapshot catalog : List.of(source, base)) {
      for (Relation relation : catalog.relations()) {
        if (relation instanceof Relation.Table table && touched.containsKey(table.storageId())) {
          oids.add(table.oid());
        }
      }
    }
    for (byte[] key : touched.getOrDefault(ObjectClass.RELATION.storageId(), new TreeSet<>(Arrays::compareUnsigned))) {
      int oid = CatalogStore.address(key).objectOid();
      if (targetBranch.catalog().relation(oid) instanceof Relation.Table) {
        session.transactions().current().lockTable(Integer.toUnsignedLong(oid), TableLockMode.ACCESS_EXCLUSIVE, false);
      }
    }
    for (int oid : oids) {
      session.transactions().current().lockTable(Integer.toUnsignedLong(oid), TableLockMode.EXCLUSIVE, false);
    }
  }

  private Outcome merge(
      MergeBase base, Map<Long, TreeSet<byte[]>> touched, CatalogSnapshot baseCatalog, CatalogSnapshot sourceCatalog, StatementAccess access) {
    CatalogSnapshot before = session.catalog();
    MergeSchema schema = new MergeSchema(baseCatalog, sourceCatalog, before, options.winner(), conflicts);
    List<MergeSchema.Change> changes = schema.changes(touched);
    resolved += schema.resolved();
    List<MergeSchema.Change> late = changes.stream().filter(change -> isNewIndexOfOld(change, before)).toList();
    List<MergeSchema.Change> early = new ArrayList<>(changes);
    early.removeAll(late);
    CatalogBuilder overlay = session.transactions().catalogChanges();
    int mark = overlay.mark();
    early.forEach(change -> apply(overlay, change));
    StatementAccess baseAccess = access.asOf(base.view());
    StatementAccess sourceAccess = access.asOf(base.source());
    if (conflicts.isEmpty()) {
      dropped(early, baseCatalog, baseAccess, access, before);
    }
    if (conflicts.isEmpty()) {
      collectRows(touched, baseCatalog, sourceCatalog, before, overlay.current(), baseAccess, sourceAccess, access);
    }
    if (!conflicts.isEmpty()) {
      return new Outcome(0, 0, 0, 0, 0, List.copyOf(conflicts));
    }
    long[] counts = writeRows(access);
    late.forEach(change -> apply(overlay, change));
    finishSchema(late, before, overlay, access);
    AccessRowWriter writer = new AccessRowWriter(access);
    for (CatalogBuilder.Change change : overlay.netChanges(mark)) {
      CatalogStore.write(change, writer, overlay.current());
    }
    mergeSequences(sourceCatalog, overlay.current());
    return new Outcome(counts[0], counts[1], counts[2], resolved, changes.size(), List.of());
  }

  private static boolean isNewIndexOfOld(MergeSchema.Change change, CatalogSnapshot before) {
    return change.before() == null && change.relation() instanceof Relation.Index index && before.relation(index.tableOid()) != null;
  }

  private static void apply(CatalogBuilder overlay, MergeSchema.Change change) {
    if (change.after() != null) {
      overlay.put(change.after());
    } else {
      overlay.remove(change.objectClass(), change.address());
    }
  }

  /// A table that the source dropped must be in the target what it was in the base.
  private void dropped(
      List<MergeSchema.Change> changes, CatalogSnapshot baseCatalog, StatementAccess base, StatementAccess target, CatalogSnapshot before) {
    for (MergeSchema.Change change : changes) {
      if (change.after() == null && change.relation() instanceof Relation.Table table && !table.isPartitioned()
          && baseCatalog.relation(table.oid()) instanceof Relation.Table was
          && !isSameContent(side(base, was, baseCatalog, false), side(target, table, before, true))) {
        conflicts.add(new MergeConflict("schema", table.name(), null, "rows", "exists", null, "changed"));
      }
    }
  }

  /// Whether the target has the rows of the base.
  private static boolean isSameContent(MergeRows.Side base, MergeRows.Side target) {
    try (TableCursor b = base.access().scan(base.table().storageId(), KeyRange.ALL, false);
        TableCursor t = target.isNewest()
            ? target.access().scanNewest(target.table().storageId(), KeyRange.ALL, false)
            : target.access().scan(target.table().storageId(), KeyRange.ALL, false)) {
      while (true) {
        boolean more = b.next();
        if (more != t.next()) {
          return false;
        }
        if (!more) {
          return true;
        }
        if (!Arrays.equals(b.key(), t.key()) || b.row().scn() != t.row().scn()
            && !Arrays.equals(base.codec().decode(b.row(), base.access()::readLarge), target.codec().decode(t.row(), target.access()::readLarge))) {
          return false;
        }
      }
    }
  }

  // ---- rows ----

  private void collectRows(
      Map<Long, TreeSet<byte[]>> touched, CatalogSnapshot baseCatalog, CatalogSnapshot sourceCatalog, CatalogSnapshot before, CatalogSnapshot after,
      StatementAccess baseAccess, StatementAccess sourceAccess, StatementAccess access) {
    for (Relation relation : sourceCatalog.relations()) {
      if (!(relation instanceof Relation.Table source) || source.isPartitioned() || source.isTemporary()) {
        continue;
      }
      if (!(after.relation(source.oid()) instanceof Relation.Table merged)) {
        if (baseCatalog.relation(source.oid()) instanceof Relation.Table was) {
          droppedInTarget(side(baseAccess, was, baseCatalog, false), side(sourceAccess, source, sourceCatalog, false), touched);
        }
        continue;
      }
      Relation.Table base = baseCatalog.relation(source.oid()) instanceof Relation.Table table ? table : null;
      Relation.Table target = before.relation(source.oid()) instanceof Relation.Table table ? table : null;
      boolean isReplaced = base == null || base.storageId() != source.storageId();
      TreeSet<byte[]> keys = touched.getOrDefault(source.storageId(), new TreeSet<>(Arrays::compareUnsigned));
      if (!isReplaced && target != null && !(DroppedColumns.of(base, source, target).isEmpty() && DroppedColumns.of(base, target, source).isEmpty())) {
        requirePrivileges(source, sourceCatalog, merged);
        MergeRows.Side was = side(baseAccess, base, baseCatalog, false);
        if (options.winner() != RecordMerge.Winner.TARGET) {
          DroppedColumns.check(
              session, was, side(sourceAccess, source, sourceCatalog, false), DroppedColumns.of(base, source, target), keys, true, conflicts);
        }
        if (options.winner() != RecordMerge.Winner.SOURCE) {
          DroppedColumns.check(session, was, side(access, target, before, true), DroppedColumns.of(base, target, source), null, false, conflicts);
        }
      }
      if (!isReplaced && keys.isEmpty()) {
        continue;
      }
      requirePrivileges(source, sourceCatalog, merged);
      if (isReplaced) {
        keys = allKeys(source, sourceAccess);
        // Where the target has the same storage, the replacement came from there, or has been merged before.
        if (base != null && target != null && target.storageId() != source.storageId() && !isSameContent(side(baseAccess, base, baseCatalog, false), side(access, target, before, true))) {
          conflicts.add(new MergeConflict("schema", source.name(), null, "rows", "exists", "rewritten", "changed"));
          continue;
        }
      } else if (target != null && !target.primaryKey().equals(source.primaryKey())) {
        conflicts.add(new MergeConflict("schema", source.name(), null, "primary key", null, null, null));
        continue;
      }
      Relation.Table there = isReplaced || target == null ? merged : target;
      boolean isNewInTarget = isReplaced && (target == null || target.storageId() != source.storageId());
      if (isNewInTarget) {
        keys.addAll(allKeys(there, access));
      }
      MergeRows rows = new MergeRows(
          // The base is not asked for rows of storage that it did not have: bulk-loaded ones are as old as their storage, to any view of it.
          session, isReplaced ? null : side(baseAccess, base, baseCatalog, false),
          side(sourceAccess, source, sourceCatalog, false), new MergeRows.Side(access, there, new RowCodec(there, after), true), merged, isNewInTarget,
          options.winner(), conflicts);
      rows.merge(keys);
      resolved += rows.resolved();
      rowMerges.add(rows);
    }
  }

  /// A table that the target dropped must be in the source what it was in the base, if the target does not win.
  private void droppedInTarget(MergeRows.Side base, MergeRows.Side source, Map<Long, TreeSet<byte[]>> touched) {
    boolean isTouched = base.table().storageId() != source.table().storageId() || touched.containsKey(source.table().storageId());
    if (!isTouched || isSameContent(base, source)) {
      return;
    }
    if (options.winner() == RecordMerge.Winner.TARGET) {
      resolved++;
    } else {
      conflicts.add(new MergeConflict("schema", source.table().name(), null, "rows", "exists", "changed", null));
    }
  }

  private static MergeRows.Side side(StatementAccess access, Relation.Table table, CatalogSnapshot catalog, boolean isNewest) {
    return new MergeRows.Side(access, table, new RowCodec(table, catalog), isNewest);
  }

  private static TreeSet<byte[]> allKeys(Relation.Table table, StatementAccess access) {
    TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    try (TableCursor rows = access.scan(table.storageId(), KeyRange.ALL, false)) {
      while (rows.next()) {
        keys.add(rows.key());
      }
    }
    return keys;
  }

  /// The merging role reads the source's rows and changes the target's; it must be above the target's row policies.
  private void requirePrivileges(Relation.Table source, CatalogSnapshot sourceCatalog, Relation.Table merged) {
    int role = session.currentRole().oid();
    if (session.currentRole().superuser()) {
      return;
    }
    if (!Privileges.hasOnRelation(sourceCatalog, role, source, "r")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for table " + source.name());
    }
    session.engine().privileges().check(session, List.of(new PermissionCheck(merged.oid(), "rawd", new BitSet(), new BitSet(), new BitSet(), 0)));
    boolean isOwner = Privileges.isOwner(session.catalog(), role, merged.ownerOid());
    if (merged.rowSecurity() && !session.currentRole().bypassRls() && (!isOwner || merged.forceRowSecurity())) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "merge would be affected by row-level security policy for table \"" + merged.name() + "\"");
    }
  }

  private long[] writeRows(StatementAccess access) {
    long[] counts = new long[3];
    try (RowReplay replay = new RowReplay(
        session.queries().callContext().execution(access, new Object[0]), session.engine().dmlPlans().targets())) {
      for (int phase = 0; phase < 3; phase++) {
        for (MergeRows rows : rowMerges) {
          int[] written = rows.write(replay, phase);
          for (int i = 0; i < 3; i++) {
            counts[i] += written[i];
          }
        }
      }
      replay.finish();
    }
    return counts;
  }

  // ---- the rest of the schema ----

  /// Fills new indexes and proves new constraints on the result.
  private void finishSchema(List<MergeSchema.Change> late, CatalogSnapshot before, CatalogBuilder overlay, StatementAccess access) {
    DataWork work = session.engine().dataWork(new SessionDataWorkHost(session, overlay, java.util.List.of(), new Object[0]), access);
    TreeSet<Integer> indexed = new TreeSet<>();
    late.forEach(change -> indexed.add(((Relation.Index) change.relation()).tableOid()));
    for (int oid : indexed) {
      // Another version, so that nobody keeps writing by a form of the table that lacks the index.
      overlay.put(new CatalogObject.RelationObject(overlay.current().relation(oid)));
    }
    for (MergeSchema.Change change : late) {
      Relation.Index index = (Relation.Index) overlay.current().relation(change.relation().oid());
      work.buildIndex((Relation.Table) overlay.current().relation(index.tableOid()), index);
    }
    for (Relation relation : overlay.current().relations()) {
      if (relation instanceof Relation.Table table && before.relation(table.oid()) instanceof Relation.Table old && table != old) {
        proveConstraints(old, table, work);
      }
    }
  }

  private static void proveConstraints(Relation.Table old, Relation.Table table, DataWork work) {
    List<Integer> notNull = new ArrayList<>();
    for (Relation.Column column : table.columns()) {
      boolean was = column.attnum() <= old.columns().size() && old.column(column.attnum()).notNull();
      if (column.notNull() && !column.dropped() && !was) {
        notNull.add(column.attnum());
      }
    }
    if (!notNull.isEmpty()) {
      work.checkNotNull(table, notNull);
    }
    for (Relation.Constraint constraint : table.constraints()) {
      if (old.constraints().contains(constraint) || !constraint.validated()) {
        continue;
      }
      switch (constraint.kind()) {
        case CHECK -> work.checkConstraint(table, constraint);
        case FOREIGN_KEY -> work.validateForeignKey(table, constraint);
        default -> {}
      }
    }
  }

  /// Target sequences go on behind both.
  private void mergeSequences(CatalogSnapshot source, CatalogSnapshot after) {
    Sequences sequences = session.engine().system().sequences();
    for (Relation relation : source.relations()) {
      if (!(relation instanceof Relation.Sequence there) || !(after.relation(relation.oid()) instanceof Relation.Sequence here)) {
        continue;
      }
      Sequences.State s = sequences.state(SessionSequences.definition(sourceBranch.id(), there));
      Sequences.State t = sequences.state(SessionSequences.definition(targetBranch.id(), here));
      boolean ahead = here.increment() > 0 ? s.lastValue() > t.lastValue() : s.lastValue() < t.lastValue();
      if (s.isCalled() && (ahead || !t.isCalled())) {
        long value = ahead ? s.lastValue() : t.lastValue();
        sequenceMoves.put(here, value);
      }
    }
  }

  private final Map<Relation.Sequence, Long> sequenceMoves = new HashMap<>();

  /// Moves sequences once the merge has committed; a value used up by a merge that fails would do no harm, a value given twice would.
  void moveSequences() {
    sequenceMoves.forEach((sequence, value) ->
        session.engine().system().sequences().set(SessionSequences.definition(targetBranch.id(), sequence), value, true));
  }

  private void recordMerge(BranchEntry entry, long scn, StatementAccess access) {
    BranchStatements branches = session.engine().branches();
    BranchEntry merged = entry.withMerged(targetBranch.id(), scn);
    if (options.deleteBranchAfter()) {
      session.engine().branchRegistry().beginDrop(sourceBranch, session.transactions().current());
      branches.remove(BranchRows.load(access), merged, access, session.transactions().current());
    } else {
      branches.store(access, session.transactions().current(), merged);
    }
  }
}
