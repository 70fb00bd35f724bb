package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.type.PgTypes;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Branches, commits, dumps.
final class VersionRows {
  private static final double BYTES_PER_MB = 1024.0 * 1024.0;

  private VersionRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_database_branches", VersionRows::branches);
    sources.put("heliosdb_merge_conflicts", (rows, c) -> c.mergeConflicts().forEach(k ->
        rows.row().set("source_branch", k.source()).set("target_branch", k.target()).set("kind", k.kind()).set("table_name", k.table())
            .set("row_key", k.key()).set("column_name", k.column()).set("base_value", k.base()).set("branch_value", k.branchValue())
            .set("target_value", k.targetValue())));
    sources.put("pg_stat_progress_copy", VersionRows::copyProgress);
    sources.put("pg_stat_progress_dump", VersionRows::dumpProgress);
    sources.put("heliosdb_dumps", VersionRows::dumps);
  }

  private static void copyProgress(RowSet rows, SystemContext c) {
    for (SystemContext.CopyProgress p : c.copyProgress()) {
      rows.row().set("pid", p.pid()).oid("datid", c.databaseOid()).set("datname", p.database());
      if (p.visible()) {
        rows.oid("relid", p.relation()).set("command", p.command()).set("type", p.type()).set("bytes_processed", p.bytes()).set("bytes_total", p.bytesTotal())
            .set("tuples_processed", p.tuples()).set("tuples_excluded", p.excluded());
      }
    }
  }

  private static void dumpProgress(RowSet rows, SystemContext c) {
    for (SystemContext.DumpProgress p : c.dumpProgress()) {
      double rate = p.seconds() > 0 ? p.bytes() / p.seconds() : 0;
      boolean known = p.rowsTotal() > 0 && p.rows() > 0 && p.rows() <= p.rowsTotal();
      rows.row().set("id", p.id()).set("command", p.command()).set("path", p.path()).set("started", p.started()).set("phase", p.phase()).set("relation", p.table())
          .set("tables_done", p.tablesDone()).set("tables_total", p.tablesTotal()).set("tuples_processed", p.rows()).set("tuples_total", p.rowsTotal())
          .set("bytes_processed", p.bytes()).set("bytes_per_second", rate)
          .set("seconds_left", known ? p.seconds() * (p.rowsTotal() - p.rows()) / p.rows() : null);
    }
  }

  private static void dumps(RowSet rows, SystemContext c) {
    for (SystemContext.DumpOutcome o : c.dumps()) {
      rows.row().set("id", o.id()).set("command", o.command()).set("path", o.path()).set("incremental", o.incremental()).set("started", o.started())
          .set("ended", o.ended()).set("tables", o.tables()).set("rows", o.rows()).set("raw_bytes", o.rawBytes()).set("stored_bytes", o.storedBytes())
          .set("scn", o.scn()).set("commits_since", o.commitsSince()).set("error", o.error());
    }
  }

  private static void branches(RowSet rows, SystemContext c) {
    for (SystemContext.Branch b : c.branches()) {
      rows.row().set("branch_name", b.name()).set("branch_id", b.id()).set("parent_branch", b.parent()).set("fork_scn", b.forkScn())
          .set("fork_point_lsn", b.forkScn()).set("created_at", b.createdMicros()).set("status", b.status()).set("size_bytes", b.bytes())
          .set("size_mb", b.bytes() / BYTES_PER_MB).set("changed_rows", b.changedRows()).set("owner", b.owner())
          .set("options", RowSet.array(PgTypes.TEXT, b.options()));
    }
  }

  /// `heliosdb_commits`, which may be too long to be collected.
  static Iterator<@Nullable Object[]> commits(SystemContext c) {
    Iterator<SystemContext.Commit> commits = c.commits();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return commits.hasNext();
      }

      @Override
      public @Nullable Object[] next() {
        SystemContext.Commit commit = commits.next();
        Long transaction = commit.transactionId() == 0 ? null : commit.transactionId();
        return new @Nullable Object[] {commit.scn(), commit.timeMicros(), transaction, commit.user(), commit.branch()};
      }
    };
  }
}
