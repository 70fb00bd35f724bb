package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.VersionStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `MERGE DATABASE BRANCH source INTO target`: runs the merge in a transaction of its own on the target and gives one row of figures, or a row
/// per conflict.
final class MergeStatement {
  private MergeStatement() {}

  static List<OutputColumn> columns() {
    return List.of(
        Results.columnOf("status", PgTypes.TEXT), Results.columnOf("inserted", PgTypes.INT8), Results.columnOf("updated", PgTypes.INT8),
        Results.columnOf("deleted", PgTypes.INT8), Results.columnOf("conflicts_resolved", PgTypes.INT8), Results.columnOf("schema_changes", PgTypes.INT8),
        Results.columnOf("table_name", PgTypes.TEXT), Results.columnOf("row_key", PgTypes.TEXT), Results.columnOf("column_name", PgTypes.TEXT),
        Results.columnOf("base_value", PgTypes.TEXT), Results.columnOf("branch_value", PgTypes.TEXT), Results.columnOf("target_value", PgTypes.TEXT));
  }

  static void run(SessionCore session, VersionStatement.MergeBranch statement) {
    if (session.transactions().inBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "MERGE DATABASE BRANCH cannot run inside a transaction block");
    }
    if (session.transactions().current().hasDataWrites()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "MERGE DATABASE BRANCH cannot run in a transaction that has changed data");
    }
    if (session.isReadOnly()) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute MERGE DATABASE BRANCH in a read-only transaction");
    }
    BranchMerge.Options options = options(statement.options());
    DatabaseEngine engine = session.engine();
    BranchState source = find(engine, statement.source().text(), statement.source().position());
    BranchState target = statement.target() == null ? session.branchState() : find(engine, statement.target().text(), statement.target().position());
    if (source == target) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "cannot merge branch \"" + source.name() + "\" into itself").at(statement.source().position());
    }
    BranchStatements.requireOwner(session, target.entry());
    if (options.deleteBranchAfter()) {
      BranchStatements.requireOwner(session, source.entry());
    }
    String name = source.name();
    BranchMerge.Outcome outcome = merge(session, source, target, options);
    engine.mergeConflicts().record(name, target.name(), outcome.conflicts());
    report(session, name, target.name(), outcome, options);
  }

  private static BranchState find(DatabaseEngine engine, String name, int position) {
    try {
      return engine.branchRegistry().find(name);
    } catch (SqlException e) {
      throw e.at(position);
    }
  }

  private static BranchMerge.Outcome merge(SessionCore session, BranchState source, BranchState target, BranchMerge.Options options) {
    SessionCore worker = session.engine().openWorker(session, target);
    try {
      worker.transactions().ensure();
      BranchMerge merge = new BranchMerge(worker, source, options);
      BranchMerge.Outcome outcome;
      try {
        outcome = merge.run();
      } catch (RuntimeException e) {
        worker.transactions().statementFailed();
        throw e;
      }
      if (options.dryRun() || !outcome.conflicts().isEmpty()) {
        worker.transactions().statementFailed();
      } else {
        merge.moveSequences();
        worker.transactions().commitImplicit();
      }
      return outcome;
    } finally {
      worker.close();
    }
  }

  private static BranchMerge.Options options(List<Option> given) {
    RecordMerge.Winner winner = RecordMerge.Winner.NOBODY;
    boolean delete = false;
    boolean dryRun = false;
    for (Option option : given) {
      switch (option.name()) {
        case "conflict_resolution" -> winner = winner(option);
        case "delete_branch_after" -> delete = OptionValues.bool(option);
        case "dry_run" -> dryRun = OptionValues.bool(option);
        default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized merge option \"" + option.name() + "\"").at(option.position());
      }
    }
    return new BranchMerge.Options(winner, delete, dryRun);
  }

  private static RecordMerge.Winner winner(Option option) {
    return switch (String.valueOf(option.text())) {
      case "branch_wins" -> RecordMerge.Winner.SOURCE;
      case "target_wins" -> RecordMerge.Winner.TARGET;
      case "fail" -> RecordMerge.Winner.NOBODY;
      default ->
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for merge option \"conflict_resolution\": \"" + option.text() + "\"")
              .withHint("Available values: branch_wins, target_wins, fail.")
              .at(option.position());
    };
  }

  private static void report(SessionCore session, String source, String target, BranchMerge.Outcome outcome, BranchMerge.Options options) {
    Results results = new Results(session.sink()).columns(columns());
    if (outcome.conflicts().isEmpty()) {
      results.row(
          options.dryRun() ? "dry run" : "merged", outcome.inserted(), outcome.updated(), outcome.deleted(), outcome.resolved(), (long) outcome.schemaChanges(),
          null, null, null, null, null, null);
    } else {
      session.notice(new Notice(
          "WARNING", SqlState.WARNING, "branch \"" + source + "\" was not merged into \"" + target + "\": " + outcome.conflicts().size() + " conflicts", null,
          outcome.conflicts().stream().anyMatch(conflict -> conflict.kind().equals("schema"))
              ? "Definitions that both sides changed have to be brought into agreement first; other conflicts WITH (conflict_resolution = …) decides."
              : "Resolve them, or choose WITH (conflict_resolution = 'branch_wins') or 'target_wins'.", 0));
      for (MergeConflict conflict : outcome.conflicts()) {
        results.row(
            conflict.kind() + " conflict", null, null, null, null, null, conflict.table(), conflict.key(), conflict.column(), conflict.base(), conflict.branch(),
            conflict.target());
      }
    }
    results.end("MERGE DATABASE BRANCH");
  }

  /// The conflicts of the last merge of each pair of branches, for `heliosdb_merge_conflicts`. Thread-safe. Bound: [#PAIRS_MAX] pairs with
  /// [#CONFLICTS_MAX] conflicts each; the oldest pair goes.
  static final class Conflicts {
    private static final int PAIRS_MAX = 100;
    private static final int CONFLICTS_MAX = 10_000;

    record Pair(String source, String target) {}

    private final LinkedHashMap<Pair, List<MergeConflict>> byPair = new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<Pair, List<MergeConflict>> eldest) {
        return size() > PAIRS_MAX;
      }
    };

    synchronized void record(String source, String target, List<MergeConflict> conflicts) {
      Pair pair = new Pair(source, target);
      byPair.remove(pair);
      if (!conflicts.isEmpty()) {
        byPair.put(pair, List.copyOf(conflicts.subList(0, Math.min(CONFLICTS_MAX, conflicts.size()))));
      }
    }

    /// Forgets what is known of a table: its rows were erased.
    synchronized void forget(String table) {
      byPair.replaceAll((pair, conflicts) -> conflicts.stream().filter(conflict -> !conflict.table().equals(table)).toList());
      byPair.values().removeIf(List::isEmpty);
    }

    synchronized Map<Pair, List<MergeConflict>> all() {
      return new LinkedHashMap<>(byPair);
    }
  }
}
