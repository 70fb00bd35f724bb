package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.type.PgTypes;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Branches and commits.
final class VersionRows {
  private static final double BYTES_PER_MB = 1024.0 * 1024.0;

  private VersionRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_database_branches", VersionRows::branches);
    sources.put("heliosdb_merge_conflicts", (rows, c) -> c.mergeConflicts().forEach(k ->
        rows.row().set("source_branch", k.source()).set("target_branch", k.target()).set("kind", k.kind()).set("table_name", k.table())
            .set("row_key", k.key()).set("column_name", k.column()).set("base_value", k.base()).set("branch_value", k.branchValue())
            .set("target_value", k.targetValue())));
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
