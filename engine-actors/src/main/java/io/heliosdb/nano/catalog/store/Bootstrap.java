package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.Database;
import io.heliosdb.nano.catalog.Catalog.Membership;
import io.heliosdb.nano.catalog.Catalog.Namespace;
import io.heliosdb.nano.catalog.Catalog.Role;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogObject.CommentObject;
import io.heliosdb.nano.catalog.CatalogObject.DatabaseObject;
import io.heliosdb.nano.catalog.CatalogObject.ExtensionObject;
import io.heliosdb.nano.catalog.CatalogObject.NamespaceObject;
import io.heliosdb.nano.catalog.CatalogObject.RoleObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation.AclItem;
import java.util.List;
import java.util.Map;

/// What a new database starts with: PostgreSQL's schemas and predefined roles, two superusers, one database.
/// Source: PostgreSQL 15 manual, "Predefined Roles", and the catalog of a fresh PostgreSQL 15 database.
public final class Bootstrap {
  public static final int SUPERUSER = 10;
  public static final int HELIOSDB_ROLE = 9100;
  public static final int DATABASE_OID = 5;
  public static final int PG_TOAST = 99;
  public static final int FIRST_USER_OID = 16384;

  private static final int PLPGSQL = 13563;
  private static final int PG_DATABASE_OWNER = 6171;
  private static final int PG_MONITOR = 3373;

  private static final Map<Integer, String> PREDEFINED = Map.ofEntries(
      Map.entry(PG_DATABASE_OWNER, "pg_database_owner"), Map.entry(6181, "pg_read_all_data"), Map.entry(6182, "pg_write_all_data"),
      Map.entry(PG_MONITOR, "pg_monitor"), Map.entry(3374, "pg_read_all_settings"), Map.entry(3375, "pg_read_all_stats"),
      Map.entry(3377, "pg_stat_scan_tables"), Map.entry(4569, "pg_read_server_files"), Map.entry(4570, "pg_write_server_files"),
      Map.entry(4571, "pg_execute_server_program"), Map.entry(4200, "pg_signal_backend"), Map.entry(4544, "pg_checkpoint"));

  private Bootstrap() {}

  /// Puts the first objects into an empty catalog.
  ///
  /// @param superuserName name of the role with oid 10, as a rule `postgres`
  public static void fill(CatalogBuilder catalog, String superuserName, String databaseName) {
    roles(catalog, superuserName);
    catalog.put(new DatabaseObject(new Database(DATABASE_OID, databaseName, SUPERUSER, false, true, -1, null, Map.of()), 0));
    List<AclItem> systemSchema = List.of(new AclItem(SUPERUSER, "UC", "", SUPERUSER), new AclItem(0, "U", "", SUPERUSER));
    schema(catalog, Catalog.PG_CATALOG, "pg_catalog", SUPERUSER, systemSchema, "system catalog schema");
    schema(catalog, Catalog.INFORMATION_SCHEMA, "information_schema", SUPERUSER, systemSchema, null);
    schema(catalog, PG_TOAST, "pg_toast", SUPERUSER, null, "reserved schema for TOAST tables");
    schema(catalog, Catalog.PUBLIC, "public", PG_DATABASE_OWNER,
        List.of(new AclItem(PG_DATABASE_OWNER, "UC", "", PG_DATABASE_OWNER), new AclItem(0, "U", "", PG_DATABASE_OWNER)),
        "standard public schema");
    catalog.put(new ExtensionObject(new Catalog.Extension(13559, "plpgsql", SUPERUSER, Catalog.PG_CATALOG, "1.0", false), 0));
    catalog.put(new CommentObject(Catalog.ObjectAddress.of(ClassOids.EXTENSION, 13559), "PL/pgSQL procedural language", 0));
    catalog.put(new CommentObject(Catalog.ObjectAddress.of(ClassOids.LANGUAGE, PLPGSQL), "PL/pgSQL procedural language", 0));
  }

  private static void roles(CatalogBuilder catalog, String superuserName) {
    superuser(catalog, SUPERUSER, superuserName);
    if (!superuserName.equals("heliosdb")) {
      superuser(catalog, HELIOSDB_ROLE, "heliosdb");
    }
    PREDEFINED.forEach((oid, name) -> {
      List<Membership> memberOf = oid == PG_MONITOR
          ? List.of(new Membership(3374, false, SUPERUSER), new Membership(3375, false, SUPERUSER), new Membership(3377, false, SUPERUSER))
          : List.of();
      catalog.put(new RoleObject(
          new Role(oid, name, false, true, false, false, false, false, false, -1, null, null, memberOf, Map.of()), 0));
    });
  }

  private static void superuser(CatalogBuilder catalog, int oid, String name) {
    catalog.put(new RoleObject(new Role(oid, name, true, true, true, true, true, true, true, -1, null, null, List.of(), Map.of()), 0));
  }

  private static void schema(CatalogBuilder catalog, int oid, String name, int owner,
      @org.jspecify.annotations.Nullable List<AclItem> acl, @org.jspecify.annotations.Nullable String comment) {
    catalog.put(new NamespaceObject(new Namespace(oid, name, owner, acl), 0));
    if (comment != null) {
      catalog.put(new CommentObject(Catalog.ObjectAddress.of(ClassOids.NAMESPACE, oid), comment, 0));
    }
  }
}
