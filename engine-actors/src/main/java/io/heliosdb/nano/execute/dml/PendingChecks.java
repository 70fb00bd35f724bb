package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.txn.StatementAccess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The checks of one session that are not due yet: those of running statements and those deferred to the end of the transaction.
///
/// The session calls [#statementEnd] when a statement has given its last row and before it closes the statement's operators,
/// [#statementFailed] when it fails, [#beforeCommit] before a commit, [#transactionEnded] after the end of any transaction. Every deferred
/// check reads the rows again, so what a rollback to a savepoint undid needs no care. Confined to the session's thread.
public final class PendingChecks {
  /// More would not fit the memory of a session: then the check fails with 53200.
  private static final int DEFERRED_MAX = 16_000_000;

  /// A check that was put off.
  interface Deferred {
    /// The constraint it belongs to, null when that is gone.
    @Nullable Constraint constraint(WriteRun run);

    void perform(WriteRun run);
  }

  private final List<AfterStatement> running = new ArrayList<>(2);
  private List<Deferred> deferred = new ArrayList<>(0);
  private final Map<Integer, Boolean> modes = new HashMap<>(0);
  private @Nullable Boolean allMode;
  private @Nullable WriteTargets targets;

  /// The queue of the statement that `run` belongs to.
  AfterStatement of(WriteRun run) {
    targets = run.targets();
    for (int i = running.size() - 1; i >= 0; i--) {
      if (running.get(i).context().access() == run.access()) {
        return running.get(i);
      }
    }
    AfterStatement created = new AfterStatement(this, run);
    running.add(created);
    return created;
  }

  /// Does what is due at the end of the statement that ran with this data access.
  public void statementEnd(StatementAccess access) {
    for (int i = running.size() - 1; i >= 0; i--) {
      AfterStatement after = running.get(i);
      if (after.context().access() == access) {
        try {
          after.finish();
        } finally {
          running.remove(after);
        }
        return;
      }
    }
  }

  /// Forgets what a failed statement has queued.
  public void statementFailed(StatementAccess access) {
    running.removeIf(after -> after.context().access() == access);
  }

  /// Whether anything must be done before the transaction commits.
  public boolean isEmpty() {
    return deferred.isEmpty();
  }

  /// Does all deferred checks.
  public void beforeCommit(StatementAccess access, DmlServices services) {
    while (!deferred.isEmpty()) {
      List<Deferred> now = deferred;
      deferred = new ArrayList<>(0);
      perform(now, access, services);
    }
  }

  private void perform(List<Deferred> checks, StatementAccess access, DmlServices services) {
    ExecutionContext context = services.context(access);
    try (WriteRun run = new WriteRun(context, java.util.Objects.requireNonNull(targets))) {
      for (Deferred check : checks) {
        context.cancel().check();
        check.perform(run);
      }
      statementEnd(access);
    } finally {
      statementFailed(access);
    }
  }

  /// The queue and the modes at a savepoint. A queue only grows, or is replaced by another; so its length is enough.
  private record Mark(List<Deferred> queue, int size, Map<Integer, Boolean> modes, @Nullable Boolean allMode) {}

  /// A position in the queue, for a savepoint.
  public Object mark() {
    return new Mark(deferred, deferred.size(), modes.isEmpty() ? Map.of() : Map.copyOf(modes), allMode);
  }

  /// Forgets what was put off after the mark, and what SET CONSTRAINTS said; what that checked meanwhile is due again.
  public void rollbackTo(Object savepoint) {
    Mark mark = (Mark) savepoint;
    if (deferred != mark.queue || deferred.size() > mark.size) {
      deferred = new ArrayList<>(mark.queue.subList(0, mark.size));
    }
    modes.clear();
    modes.putAll(mark.modes);
    allMode = mark.allMode;
  }

  /// After commit or rollback.
  public void transactionEnded() {
    running.clear();
    if (!deferred.isEmpty()) {
      deferred = new ArrayList<>(0);
    }
    modes.clear();
    allMode = null;
  }

  /// Whether a constraint is checked at the end of the transaction, as things stand.
  boolean isDeferred(@Nullable Constraint constraint) {
    if (constraint == null || !constraint.deferrable()) {
      return false;
    }
    Boolean mode = modes.get(constraint.oid());
    return mode != null ? mode : allMode != null ? allMode : constraint.initiallyDeferred();
  }

  void defer(Deferred check) {
    if (deferred.size() >= DEFERRED_MAX) {
      throw new SqlException(SqlState.OUT_OF_MEMORY, "too many deferred constraint checks").withHint("Commit more often, or check at once.");
    }
    deferred.add(check);
  }

  /// SET CONSTRAINTS; without names it means all. What becomes immediate is checked now.
  ///
  /// @param schemas namespaces to look in for a name without schema, in order
  public void setConstraints(List<QualifiedName> names, boolean defer, List<Integer> schemas, StatementAccess access, DmlServices services) {
    Catalog catalog = services.catalog();
    if (names.isEmpty()) {
      modes.clear();
      allMode = defer;
    }
    for (QualifiedName name : names) {
      boolean found = false;
      for (Constraint constraint : find(name, schemas, catalog)) {
        if (!constraint.deferrable()) {
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "constraint \"" + constraint.name() + "\" is not deferrable");
        }
        modes.put(constraint.oid(), defer);
        found = true;
      }
      if (!found) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "constraint \"" + name.name() + "\" does not exist");
      }
    }
    if (!defer && !deferred.isEmpty()) {
      checkImmediate(access, services);
    }
  }

  private void checkImmediate(StatementAccess access, DmlServices services) {
    List<Deferred> due = new ArrayList<>();
    List<Deferred> later = new ArrayList<>();
    ExecutionContext context = services.context(access);
    try (WriteRun run = new WriteRun(context, java.util.Objects.requireNonNull(targets))) {
      for (Deferred check : deferred) {
        (isDeferred(check.constraint(run)) ? later : due).add(check);
      }
    }
    deferred = later;
    perform(due, access, services);
  }

  private static List<Constraint> find(QualifiedName name, List<Integer> schemas, Catalog catalog) {
    List<Constraint> result = new ArrayList<>();
    List<Integer> wanted = schemas;
    if (name.schema() != null) {
      Catalog.Namespace namespace = catalog.namespace(name.schema());
      if (namespace == null) {
        throw new SqlException(SqlState.INVALID_SCHEMA_NAME, "schema \"" + name.schema() + "\" does not exist");
      }
      wanted = List.of(namespace.oid());
    }
    for (int schema : wanted) {
      for (Relation relation : catalog.relations()) {
        if (relation.namespaceOid() == schema && relation instanceof Relation.Table table) {
          for (Constraint constraint : table.constraints()) {
            if (constraint.name().equals(name.name()) && constraint.kind() != Constraint.Kind.CHECK) {
              result.add(constraint);
            }
          }
          for (int oid : table.triggerOids()) {
            Catalog.Trigger trigger = catalog.trigger(oid);
            if (trigger != null && trigger.constraintTrigger() && trigger.name().equals(name.name())) {
              result.add(new TriggerEvent(trigger, table, 'i', true, null, null, null).constraint());
            }
          }
        }
      }
      if (!result.isEmpty()) {
        break;
      }
    }
    return result;
  }
}
