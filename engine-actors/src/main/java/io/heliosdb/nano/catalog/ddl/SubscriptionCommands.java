package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.CatalogObject.DefinedObject;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.DatabaseDdl.AlterSubscription;
import io.heliosdb.nano.parse.ast.DatabaseDdl.CreateSubscription;
import io.heliosdb.nano.parse.ast.DatabaseDdl.DropSubscription;

/// Subscriptions: nothing receives changes here, so that none is made; the names are looked up.
final class SubscriptionCommands {
  private final Ddl ddl;

  SubscriptionCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateSubscription statement) {
    ddl.checkSuperuser("must be superuser to create subscriptions");
    throw SqlException.notSupported("CREATE SUBSCRIPTION");
  }

  String alter(AlterSubscription statement) {
    DefinedObjects.get(ddl, ObjectClass.SUBSCRIPTION, statement.name());
    throw SqlException.notSupported("ALTER SUBSCRIPTION");
  }

  String drop(DropSubscription statement) {
    DefinedObject found = DefinedObjects.find(ddl, ObjectClass.SUBSCRIPTION, statement.name());
    if (found == null) {
      String message = "subscription \"" + statement.name() + "\" does not exist";
      if (!statement.ifExists()) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, message);
      }
      ddl.skipping(message);
    }
    return "DROP SUBSCRIPTION";
  }
}
