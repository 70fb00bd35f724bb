package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.DefinedObject;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// Tables whose rows a foreign server has. No wrapper has a handler, so that nothing reads or changes them.
public final class ForeignTables {
  private ForeignTables() {}

  /// @throws SqlException 55000 for a foreign table, as PostgreSQL says it of a wrapper without a handler
  public static void refuse(Relation relation, Catalog catalog) {
    if (relation.kind() == 'f' && catalog instanceof CatalogSnapshot snapshot) {
      DefinedObject table = object(snapshot, ObjectClass.FOREIGN_TABLE, ObjectAddress.of(ClassOids.FOREIGN_TABLE, relation.oid()));
      DefinedObject server = object(snapshot, ObjectClass.FOREIGN_SERVER, table.references().getFirst());
      throw withoutHandler(snapshot, server);
    }
  }

  public static SqlException withoutHandler(CatalogSnapshot catalog, DefinedObject server) {
    DefinedObject wrapper = object(catalog, ObjectClass.FOREIGN_DATA_WRAPPER, server.references().getFirst());
    return new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "foreign-data wrapper \"" + wrapper.name() + "\" has no handler");
  }

  private static DefinedObject object(CatalogSnapshot catalog, ObjectClass objectClass, ObjectAddress key) {
    return (DefinedObject) java.util.Objects.requireNonNull(catalog.object(objectClass, key));
  }
}
