package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.DefinedObject;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Foreign-data wrappers, servers, mappings and tables, publications and event triggers.
final class DefinitionRows {
  private DefinitionRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_foreign_data_wrapper", (rows, c) -> all(c, ObjectClass.FOREIGN_DATA_WRAPPER).forEach(o -> rows.row().oid("oid", o.oid())
        .set("fdwname", o.name()).oid("fdwowner", o.ownerOid()).oid("fdwhandler", 0).oid("fdwvalidator", number(o, "validator"))
        .set("fdwacl", AclText.array(o.acl(), c.catalog())).set("fdwoptions", texts(o.options()))));
    sources.put("pg_foreign_server", (rows, c) -> all(c, ObjectClass.FOREIGN_SERVER).forEach(o -> rows.row().oid("oid", o.oid())
        .set("srvname", o.name()).oid("srvowner", o.ownerOid()).oid("srvfdw", o.references().getFirst().objectOid())
        .set("srvtype", o.attribute("type")).set("srvversion", o.attribute("version")).set("srvacl", AclText.array(o.acl(), c.catalog()))
        .set("srvoptions", texts(o.options()))));
    sources.put("pg_user_mapping", (rows, c) -> all(c, ObjectClass.USER_MAPPING).forEach(o -> rows.row().oid("oid", o.oid())
        .oid("umuser", o.ownerOid()).oid("umserver", o.references().getFirst().objectOid()).set("umoptions", texts(o.options()))));
    sources.put("pg_user_mappings", (rows, c) -> all(c, ObjectClass.USER_MAPPING).forEach(o -> rows.row().oid("umid", o.oid())
        .oid("srvid", o.references().getFirst().objectOid()).set("srvname", server(c, o).name()).oid("umuser", o.ownerOid())
        .set("usename", o.name()).set("umoptions", texts(o.options()))));
    sources.put("pg_foreign_table", (rows, c) -> all(c, ObjectClass.FOREIGN_TABLE).forEach(o -> rows.row().oid("ftrelid", o.oid())
        .oid("ftserver", o.references().getFirst().objectOid()).set("ftoptions", texts(o.options()))));
    sources.put("pg_event_trigger", (rows, c) -> all(c, ObjectClass.EVENT_TRIGGER).forEach(o -> rows.row().oid("oid", o.oid())
        .set("evtname", o.name()).set("evtevent", o.attribute("event")).oid("evtowner", o.ownerOid()).oid("evtfoid", number(o, "function"))
        .set("evtenabled", o.attribute("enabled")).set("evttags", texts(o.options()))));
    publications(sources);
    information(sources);
  }

  private static void publications(Map<String, SystemRows.Source> sources) {
    sources.put("pg_publication", (rows, c) -> all(c, ObjectClass.PUBLICATION).forEach(o -> {
      rows.row().oid("oid", o.oid()).set("pubname", o.name()).oid("pubowner", o.ownerOid());
      for (String flag : List.of("puballtables", "pubinsert", "pubupdate", "pubdelete", "pubtruncate", "pubviaroot")) {
        rows.set(flag, o.isTrue(flag));
      }
    }));
    sources.put("pg_publication_rel", (rows, c) -> all(c, ObjectClass.PUBLICATION_RELATION).forEach(o -> rows.row().oid("oid", o.oid())
        .oid("prpubid", o.references().getFirst().objectOid()).oid("prrelid", o.references().get(1).objectOid())
        .set("prqual", o.attribute("prqual")).set("prattrs", o.attribute("prattrs") == null ? null : RowSet.int2Vector(attnums(o)))));
    sources.put("pg_publication_namespace", (rows, c) -> all(c, ObjectClass.PUBLICATION_NAMESPACE).forEach(o -> rows.row().oid("oid", o.oid())
        .oid("pnpubid", o.references().getFirst().objectOid()).oid("pnnspid", o.references().get(1).objectOid())));
    sources.put("pg_publication_tables", (rows, c) -> all(c, ObjectClass.PUBLICATION).forEach(o -> tables(rows, c, o)));
  }

  private static void tables(RowSet rows, SystemContext c, DefinedObject publication) {
    for (Relation relation : c.catalog().relations()) {
      if (!(relation instanceof Relation.Table table) || table.kind() != 'r' || table.persistence() != Relation.Persistence.PERMANENT) {
        continue;
      }
      DefinedObject member = null;
      boolean published = publication.isTrue("puballtables");
      for (DefinedObject part : all(c, ObjectClass.PUBLICATION_RELATION)) {
        if (part.references().getFirst().equals(publication.key()) && part.references().get(1).objectOid() == table.oid()) {
          member = part;
        }
      }
      ObjectAddress schema = ObjectAddress.of(ClassOids.NAMESPACE, table.namespaceOid());
      published |= all(c, ObjectClass.PUBLICATION_NAMESPACE).stream()
          .anyMatch(part -> part.references().getFirst().equals(publication.key()) && part.references().get(1).equals(schema));
      if (member == null && !published) {
        continue;
      }
      List<Integer> wanted = member == null || member.attribute("prattrs") == null ? List.of() : attnums(member);
      List<String> names = table.columns().stream()
          .filter(column -> !column.dropped() && (wanted.isEmpty() ? column.generated() == 0 : wanted.contains(column.attnum())))
          .map(Relation.Column::name).toList();
      Catalog.Namespace namespace = c.catalog().namespace(table.namespaceOid());
      rows.row().set("pubname", publication.name()).set("schemaname", namespace == null ? "" : namespace.name()).set("tablename", table.name())
          .set("attnames", names.isEmpty() ? null : RowSet.array(PgTypes.NAME, names))
          .set("rowfilter", member == null || member.attribute("prqual") == null ? null
              : c.expression(member.attribute("prqual"), table));
    }
  }

  private static void information(Map<String, SystemRows.Source> sources) {
    String schema = "information_schema.";
    sources.put(schema + "foreign_data_wrappers", (rows, c) -> all(c, ObjectClass.FOREIGN_DATA_WRAPPER).forEach(o ->
        rows.row().set("foreign_data_wrapper_catalog", c.databaseName()).set("foreign_data_wrapper_name", o.name())
            .set("authorization_identifier", role(c, o.ownerOid())).set("library_name", null).set("foreign_data_wrapper_language", "c")));
    sources.put(schema + "foreign_data_wrapper_options", (rows, c) -> all(c, ObjectClass.FOREIGN_DATA_WRAPPER).forEach(o ->
        o.options().forEach(option -> pair(rows.row().set("foreign_data_wrapper_catalog", c.databaseName()).set("foreign_data_wrapper_name", o.name()), option))));
    sources.put(schema + "foreign_servers", (rows, c) -> all(c, ObjectClass.FOREIGN_SERVER).forEach(o -> rows.row()
        .set("foreign_server_catalog", c.databaseName()).set("foreign_server_name", o.name()).set("foreign_data_wrapper_catalog", c.databaseName())
        .set("foreign_data_wrapper_name", reference(c, ObjectClass.FOREIGN_DATA_WRAPPER, o).name()).set("foreign_server_type", o.attribute("type"))
        .set("foreign_server_version", o.attribute("version")).set("authorization_identifier", role(c, o.ownerOid()))));
    sources.put(schema + "foreign_server_options", (rows, c) -> all(c, ObjectClass.FOREIGN_SERVER).forEach(o -> o.options().forEach(option ->
        pair(rows.row().set("foreign_server_catalog", c.databaseName()).set("foreign_server_name", o.name()), option))));
    sources.put(schema + "user_mappings", (rows, c) -> all(c, ObjectClass.USER_MAPPING).forEach(o -> rows.row()
        .set("authorization_identifier", mapped(o)).set("foreign_server_catalog", c.databaseName()).set("foreign_server_name", server(c, o).name())));
    sources.put(schema + "user_mapping_options", (rows, c) -> all(c, ObjectClass.USER_MAPPING).forEach(o -> o.options().forEach(option ->
        pair(rows.row().set("authorization_identifier", mapped(o)).set("foreign_server_catalog", c.databaseName())
            .set("foreign_server_name", server(c, o).name()), option))));
    sources.put(schema + "foreign_tables", (rows, c) -> all(c, ObjectClass.FOREIGN_TABLE).forEach(o -> foreignTable(rows, c, o)
        .set("foreign_server_catalog", c.databaseName()).set("foreign_server_name", server(c, o).name())));
    sources.put(schema + "foreign_table_options", (rows, c) -> all(c, ObjectClass.FOREIGN_TABLE).forEach(o -> o.options().forEach(option ->
        pair(foreignTable(rows, c, o), option))));
  }

  private static RowSet foreignTable(RowSet rows, SystemContext c, DefinedObject o) {
    Relation relation = java.util.Objects.requireNonNull(c.catalog().relation(o.oid()));
    Catalog.Namespace namespace = c.catalog().namespace(relation.namespaceOid());
    return rows.row().set("foreign_table_catalog", c.databaseName()).set("foreign_table_schema", namespace == null ? "" : namespace.name())
        .set("foreign_table_name", relation.name());
  }

  /// `attfdwoptions` of a column, or null.
  static @Nullable PgArray columnOptions(SystemContext c, int tableOid, int attnum) {
    return ((CatalogSnapshot) c.catalog()).object(ObjectClass.FOREIGN_TABLE, ObjectAddress.of(ClassOids.FOREIGN_TABLE, tableOid))
        instanceof DefinedObject side && side.attribute("column." + attnum) != null
        ? texts(List.of(side.attribute("column." + attnum).split("\n"))) : null;
  }

  private static List<DefinedObject> all(SystemContext c, ObjectClass objectClass) {
    List<DefinedObject> result = new ArrayList<>();
    ((CatalogSnapshot) c.catalog()).<DefinedObject>objects(objectClass).forEach(result::add);
    return result;
  }

  private static DefinedObject server(SystemContext c, DefinedObject o) {
    return reference(c, ObjectClass.FOREIGN_SERVER, o);
  }

  private static DefinedObject reference(SystemContext c, ObjectClass objectClass, DefinedObject o) {
    return (DefinedObject) java.util.Objects.requireNonNull(((CatalogSnapshot) c.catalog()).object(objectClass, o.references().getFirst()));
  }

  private static void pair(RowSet row, String option) {
    int at = option.indexOf('=');
    row.set("option_name", option.substring(0, at)).set("option_value", option.substring(at + 1));
  }

  private static String mapped(DefinedObject mapping) {
    return mapping.ownerOid() == 0 ? "PUBLIC" : mapping.name();
  }

  private static int number(DefinedObject o, String attribute) {
    String value = o.attribute(attribute);
    return value == null ? 0 : Integer.parseInt(value);
  }

  private static List<Integer> attnums(DefinedObject o) {
    return List.of(o.attribute("prattrs").split(" ")).stream().map(Integer::valueOf).toList();
  }

  private static @Nullable PgArray texts(List<String> values) {
    return values.isEmpty() ? null : RowSet.array(PgTypes.TEXT, values);
  }

  private static String role(SystemContext c, int oid) {
    Catalog.Role role = c.catalog().role(oid);
    return role == null ? "" : role.name();
  }
}
