package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.LargeValueReader;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.IoContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the writers of one running statement share. Confined to the session's thread.
final class WriteRun implements AutoCloseable {
  private final ExecutionContext context;
  private final StatementAccess access;
  private final Catalog catalog;
  private final WriteTargets targets;
  private final DmlServices services;
  private final LargeValueReader large;
  private @Nullable TableWriter only;
  private @Nullable Map<Integer, TableWriter> writers;
  private @Nullable Map<Integer, Triggers> triggers;
  private @Nullable AfterStatement after;
  private boolean checksUniqueAtEnd;
  private @Nullable Boolean replica;

  WriteRun(ExecutionContext context, WriteTargets targets) {
    this.context = context;
    this.access = context.access();
    this.catalog = context.catalog();
    this.targets = targets;
    this.services = context.services().dml();
    this.large = access::readLarge;
  }

  /// For the writers of the statement's own checks.
  WriteRun(ExecutionContext context, WriteTargets targets, AfterStatement after) {
    this(context, targets);
    this.after = after;
  }

  /// Unique keys may be held by two rows until the end of the statement, whether their constraints are deferrable or not.
  void checkUniqueAtEnd() {
    checksUniqueAtEnd = true;
  }

  boolean checksUniqueAtEnd() {
    return checksUniqueAtEnd;
  }

  /// `session_replication_role` is `replica`: foreign keys are not looked after, and other triggers fire.
  boolean isReplica() {
    if (replica == null) {
      replica = "replica".equals(context.call().session().setting("session_replication_role", true));
    }
    return replica;
  }

  ExecutionContext context() {
    return context;
  }

  StatementAccess access() {
    return access;
  }

  Catalog catalog() {
    return catalog;
  }

  WriteTargets targets() {
    return targets;
  }

  DmlServices services() {
    return services;
  }

  IoContext io() {
    return context.call().io();
  }

  LargeValueReader large() {
    return large;
  }

  /// The queue of this statement's checks.
  AfterStatement after() {
    if (after == null) {
      after = services.pendingChecks().of(this);
    }
    return after;
  }

  /// The writer of a table; made on first need.
  TableWriter writer(Relation.Table table) {
    TableWriter present = only;
    if (present != null && present.target().table() == table) {
      return present;
    }
    if (present == null) {
      only = new TableWriter(targets.of(table, catalog), this);
      return only;
    }
    if (writers == null) {
      writers = new HashMap<>();
    }
    return writers.computeIfAbsent(table.oid(), oid -> new TableWriter(targets.of(table, catalog), this));
  }

  /// The enabled triggers of a relation, null when it has none.
  @Nullable Triggers triggers(Relation relation) {
    if (relation instanceof Relation.Table table && table.triggerOids().isEmpty()) {
      return null;
    }
    if (triggers == null) {
      triggers = new HashMap<>();
    }
    if (!triggers.containsKey(relation.oid())) {
      triggers.put(relation.oid(), Triggers.of(relation, this));
    }
    return triggers.get(relation.oid());
  }

  /// The writer of the table of a row identity.
  TableWriter writer(int tableOid) {
    TableWriter present = only;
    if (present != null && present.target().table().oid() == tableOid) {
      return present;
    }
    if (!(catalog.relation(tableOid) instanceof Relation.Table table)) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "row of an unknown table " + tableOid);
    }
    return writer(table);
  }

  @Override
  public void close() {
    if (only != null) {
      only.close();
    }
    if (writers != null) {
      writers.values().forEach(TableWriter::close);
    }
  }
}
