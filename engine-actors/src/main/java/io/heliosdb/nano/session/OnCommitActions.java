package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.type.Identifiers;
import java.util.ArrayList;
import java.util.List;

/// ON COMMIT of temporary tables: their rows are deleted, or they are dropped, with the transaction that commits.
final class OnCommitActions {
  private OnCommitActions() {}

  static void run(SessionCore session, Transaction transaction) {
    int namespace = session.temporaryNamespace();
    if (namespace == 0 || transaction.isReadOnly() || !transaction.hasDataWrites() && !session.transactions().hasCatalogChanges()) {
      return;
    }
    Catalog catalog = session.catalog();
    Catalog.Namespace schema = catalog.namespace(namespace);
    if (schema == null) {
      return;
    }
    List<String> emptied = new ArrayList<>();
    List<String> dropped = new ArrayList<>();
    for (ObjectAddress address : catalog.dependentsOn(ObjectAddress.of(ClassOids.NAMESPACE, namespace))) {
      if (address.classOid() == ClassOids.CLASS && catalog.relation(address.objectOid()) instanceof Relation.Table table) {
        String name = Identifiers.quoteIfNeeded(schema.name()) + "." + Identifiers.quoteIfNeeded(table.name());
        switch (table.onCommit()) {
          case PRESERVE_ROWS -> { }
          case DELETE_ROWS -> emptied.add(name);
          case DROP -> dropped.add(name);
        }
      }
    }
    session.withSink(ResultSink.NONE, () -> {
      if (!emptied.isEmpty()) {
        NestedStatements.run(session, "TRUNCATE " + String.join(", ", emptied), List.of(), List.of());
      }
      if (!dropped.isEmpty()) {
        NestedStatements.run(session, "DROP TABLE " + String.join(", ", dropped) + " CASCADE", List.of(), List.of());
      }
    });
  }
}
