package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;
import java.util.Map;

/// Roles, databases, schemas, extensions.
final class AccessRows {
  private static final int BOOTSTRAP_SUPERUSER = 10;

  private AccessRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_largeobject_metadata", (rows, c) -> c.largeObjects().forEach(o ->
        rows.row().oid("oid", o.oid()).oid("lomowner", o.ownerOid()).set("lomacl", AclText.array(o.acl(), c.catalog()))));
    sources.put("pg_largeobject", (rows, c) -> c.largeObjectPages().forEach(p ->
        rows.row().oid("loid", p.oid()).set("pageno", p.number()).set("data", io.heliosdb.nano.type.Bytes.wrap(p.bytes()))));
    sources.put("pg_namespace", (rows, c) -> c.catalog().namespaces().forEach(n ->
        rows.row().oid("oid", n.oid()).set("nspname", n.name()).oid("nspowner", n.ownerOid()).set("nspacl", AclText.array(n.acl(), c.catalog()))));
    sources.put("pg_authid", (rows, c) -> c.catalog().roles().forEach(r -> role(rows.row(), r).set("rolpassword", r.password())));
    sources.put("pg_roles", (rows, c) -> c.catalog().roles().forEach(r -> role(rows.row(), r).set("rolpassword", "********").set("rolconfig", RowSet.options(r.settings()))));
    sources.put("pg_auth_members", (rows, c) -> c.catalog().roles().forEach(r -> r.memberOf().forEach(m ->
        rows.row().oid("roleid", m.roleOid()).oid("member", r.oid()).oid("grantor", m.grantorOid()).set("admin_option", m.adminOption()))));
    sources.put("pg_user", (rows, c) -> c.catalog().roles().stream().filter(Catalog.Role::canLogin).forEach(r ->
        rows.row().set("usename", r.name()).oid("usesysid", r.oid()).set("usecreatedb", r.createDb()).set("usesuper", r.superuser()).set("userepl", r.replication())
            .set("usebypassrls", r.bypassRls()).set("passwd", "********").set("useconfig", RowSet.options(r.settings()))));
    sources.put("pg_group", (rows, c) -> c.catalog().roles().stream().filter(r -> !r.canLogin()).forEach(r ->
        rows.row().set("groname", r.name()).oid("grosysid", r.oid()).set("grolist", RowSet.oids(
            c.catalog().roles().stream().filter(m -> m.memberOf().stream().anyMatch(x -> x.roleOid() == r.oid())).map(Catalog.Role::oid).toList()))));
    sources.put("pg_database", (rows, c) -> c.catalog().databases().forEach(d ->
        rows.row().oid("oid", d.oid()).set("datname", d.name()).oid("datdba", d.ownerOid()).set("encoding", 6).letter("datlocprovider", 'c')
            .set("datistemplate", d.isTemplate()).set("datallowconn", d.allowConnections()).set("datconnlimit", d.connectionLimit()).set("datfrozenxid", 3L)
            .set("datminmxid", 1L).oid("dattablespace", 1663).set("datcollate", "C").set("datctype", "C").set("datacl", AclText.array(d.acl(), c.catalog()))));
    sources.put("pg_tablespace", (rows, c) -> {
      rows.row().oid("oid", 1663).set("spcname", "pg_default").oid("spcowner", 10);
      rows.row().oid("oid", 1664).set("spcname", "pg_global").oid("spcowner", 10);
    });
    sources.put("pg_extension", (rows, c) -> c.catalog().extensions().forEach(e ->
        rows.row().oid("oid", e.oid()).set("extname", e.name()).oid("extowner", e.ownerOid()).oid("extnamespace", e.namespaceOid()).set("extrelocatable", e.relocatable())
            .set("extversion", e.extensionVersion())));
    sources.put("pg_init_privs", AccessRows::initialPrivileges);
    sources.put("pg_default_acl", (rows, c) -> c.catalog().defaultAcls().forEach(d ->
        rows.row().oid("oid", d.oid()).oid("defaclrole", d.roleOid()).oid("defaclnamespace", d.namespaceOid()).letter("defaclobjtype", d.objectKind())
            .set("defaclacl", AclText.array(d.acl(), c.catalog()))));
    sources.put("pg_shdescription", (rows, c) -> {
      c.catalog().databases().forEach(d -> shared(rows, c, ClassOids.DATABASE, d.oid()));
      c.catalog().roles().forEach(r -> shared(rows, c, ClassOids.AUTHID, r.oid()));
    });
  }

  private static RowSet role(RowSet row, Catalog.Role r) {
    return row.oid("oid", r.oid()).set("rolname", r.name()).set("rolsuper", r.superuser()).set("rolinherit", r.inherit()).set("rolcreaterole", r.createRole())
        .set("rolcreatedb", r.createDb()).set("rolcanlogin", r.canLogin()).set("rolreplication", r.replication()).set("rolbypassrls", r.bypassRls())
        .set("rolconnlimit", r.connectionLimit())
        .set("rolvaliduntil", r.validUntil() == null ? null : TypeIo.parse(PgTypes.TIMESTAMPTZ, -1, r.validUntil(), IoContext.DEFAULT));
  }

  private static void shared(RowSet rows, SystemContext c, int classOid, int objectOid) {
    String text = c.catalog().comment(classOid, objectOid, 0);
    if (text != null) {
      rows.row().oid("objoid", objectOid).oid("classoid", classOid).set("description", text);
    }
  }

  /// What the system's own objects granted from the start: pg_dump leaves out what has not changed since.
  private static void initialPrivileges(RowSet rows, SystemContext c) {
    Catalog.Role superuser = c.catalog().role(BOOTSTRAP_SUPERUSER);
    String owner = superuser == null ? Integer.toString(BOOTSTRAP_SUPERUSER) : io.heliosdb.nano.type.Identifiers.quoteIfNeeded(superuser.name());
    for (Catalog.Namespace namespace : c.catalog().namespaces()) {
      String grantor =
          switch (namespace.name()) {
            case "pg_catalog", "information_schema" -> owner;
            case "public" -> "pg_database_owner";
            default -> null;
          };
      if (grantor != null) {
        initial(rows, ClassOids.NAMESPACE, namespace.oid(), AclText.array(List.of(grantor + "=UC/" + grantor, "=U/" + grantor)));
      }
    }
    for (io.heliosdb.nano.catalog.Relation relation : c.catalog().relations()) {
      if (relation instanceof io.heliosdb.nano.catalog.Relation.SystemRelation && relation.acl() != null) {
        initial(rows, ClassOids.CLASS, relation.oid(), AclText.array(relation.acl(), c.catalog()));
      }
    }
  }

  private static void initial(RowSet rows, int classOid, int objectOid, io.heliosdb.nano.type.PgArray privileges) {
    rows.row().oid("objoid", objectOid).oid("classoid", classOid).set("objsubid", 0).set("privtype", "i").set("initprivs", privileges);
  }
}
