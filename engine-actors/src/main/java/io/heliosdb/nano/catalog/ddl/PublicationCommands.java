package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.Namespace;
import io.heliosdb.nano.catalog.CatalogObject.DefinedObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.DatabaseDdl.AlterPublication;
import io.heliosdb.nano.parse.ast.DatabaseDdl.CreatePublication;
import io.heliosdb.nano.parse.ast.DatabaseDdl.PublicationAction;
import io.heliosdb.nano.parse.ast.DatabaseDdl.PublicationObject;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// CREATE and ALTER PUBLICATION: definitions are kept and shown. As on a PostgreSQL with `wal_level` `replica`, nothing is published, which
/// the same warning says.
final class PublicationCommands {
  private final Ddl ddl;

  PublicationCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreatePublication statement) {
    boolean schemas = statement.objects().stream().anyMatch(object -> object.table() == null);
    if (statement.allTables()) {
      ddl.checkSuperuser("must be superuser to create FOR ALL TABLES publication");
    }
    DefinedObjects.checkNew(ddl, ObjectClass.PUBLICATION, statement.name());
    if (schemas) {
      ddl.checkSuperuser("must be superuser to create FOR TABLES IN SCHEMA publication");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String action : List.of("insert", "update", "delete", "truncate")) {
      attributes.put("pub" + action, "t");
    }
    attributes.put("puballtables", statement.allTables() ? "t" : "f");
    attributes.put("pubviaroot", "f");
    options(attributes, statement.options());
    DefinedObject publication =
        new DefinedObject(ObjectClass.PUBLICATION, ddl.nextOid(), statement.name(), ddl.user(), null, attributes, List.of(), List.of(), 0);
    ddl.put(publication);
    add(publication, statement.objects());
    ddl.context.notice("WARNING", SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "wal_level is insufficient to publish logical changes", null,
        "Set wal_level to \"logical\" before creating subscriptions.");
    return "CREATE PUBLICATION";
  }

  private static void options(Map<String, String> attributes, List<Option> options) {
    List<String> seen = new ArrayList<>();
    for (Option option : options) {
      if (seen.contains(option.name())) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting or redundant options").at(option.position());
      }
      seen.add(option.name());
      switch (option.name()) {
        case "publish" -> {
          for (String action : List.of("insert", "update", "delete", "truncate")) {
            attributes.put("pub" + action, "f");
          }
          for (String word : String.valueOf(option.text()).split(",")) {
            String action = word.strip();
            if (action.isEmpty()) {
              continue;
            }
            if (!attributes.containsKey("pub" + action) || action.equals("alltables") || action.equals("viaroot")) {
              throw new SqlException(SqlState.SYNTAX_ERROR, "unrecognized value for publication option \"publish\": \"" + action + "\"");
            }
            attributes.put("pub" + action, "t");
          }
        }
        case "publish_via_partition_root" -> {
          String value = option.value() == null ? "true" : String.valueOf(option.text());
          attributes.put("pubviaroot", switch (value) {
            case "true", "on", "1" -> "t";
            case "false", "off", "0" -> "f";
            default -> throw new SqlException(SqlState.SYNTAX_ERROR, "publish_via_partition_root requires a Boolean value");
          });
        }
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "unrecognized publication parameter: \"" + option.name() + "\"");
      }
    }
  }

  // Members

  private List<DefinedObject> members(DefinedObject publication, ObjectClass objectClass) {
    List<DefinedObject> result = new ArrayList<>();
    for (DefinedObject member : ddl.catalog().<DefinedObject>objects(objectClass)) {
      if (member.references().getFirst().equals(publication.key())) {
        result.add(member);
      }
    }
    return result;
  }

  private @Nullable DefinedObject member(DefinedObject publication, ObjectClass objectClass, int oid) {
    return members(publication, objectClass).stream().filter(m -> m.references().get(1).objectOid() == oid).findFirst().orElse(null);
  }

  private void add(DefinedObject publication, List<PublicationObject> objects) {
    boolean schemas = objects.stream().anyMatch(object -> object.table() == null)
        || !members(publication, ObjectClass.PUBLICATION_NAMESPACE).isEmpty();
    List<Integer> added = new ArrayList<>();
    for (PublicationObject object : objects) {
      if (object.table() == null) {
        Namespace namespace = namespace(object);
        if (added.contains(namespace.oid())) {
          continue;
        }
        added.add(namespace.oid());
        addSchema(publication, namespace);
      } else {
        Table table = table(object);
        if (added.contains(table.oid())) {
          if (object.where() != null || !object.columns().isEmpty()) {
            throw new SqlException(SqlState.DUPLICATE_OBJECT, "conflicting or redundant " + (object.where() != null ? "WHERE clauses" : "column lists")
                + " for table \"" + table.name() + "\"");
          }
          continue;
        }
        added.add(table.oid());
        addTable(publication, table, object, schemas);
      }
    }
  }

  private Namespace namespace(PublicationObject object) {
    if (object.schema() != null) {
      return ddl.namespace(object.schema(), object.position());
    }
    Namespace current = ddl.catalog().namespace(ddl.path().creationNamespace());
    if (current == null) {
      throw new SqlException(SqlState.UNDEFINED_SCHEMA, "no schema has been selected for CURRENT_SCHEMA");
    }
    return current;
  }

  private Table table(PublicationObject object) {
    Relation relation = ddl.relation(new io.heliosdb.nano.parse.ast.QualifiedName(object.table().name().parts(), 0));
    String message = "cannot add relation \"" + relation.name() + "\" to publication";
    if (relation instanceof Relation.SystemRelation) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, message).withDetail("This operation is not supported for system tables.");
    }
    if (!(relation instanceof Table table) || table.kind() != 'r' && table.kind() != 'p') {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, message).withDetail(IndexCommands.detail(relation));
    }
    if (table.persistence() != Relation.Persistence.PERMANENT) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, message).withDetail("This operation is not supported for "
          + (table.isTemporary() ? "temporary" : "unlogged") + " tables.");
    }
    ddl.checkOwner(table);
    return table;
  }

  private void addSchema(DefinedObject publication, Namespace namespace) {
    if (namespace.oid() == Catalog.PG_CATALOG || namespace.name().startsWith("pg_toast")) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "cannot add schema \"" + namespace.name() + "\" to publication")
          .withDetail("This operation is not supported for system schemas.");
    }
    if (member(publication, ObjectClass.PUBLICATION_NAMESPACE, namespace.oid()) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT,
          "schema \"" + namespace.name() + "\" is already member of publication \"" + publication.name() + "\"");
    }
    ddl.put(new DefinedObject(ObjectClass.PUBLICATION_NAMESPACE, ddl.nextOid(), "", 0, null, Map.of(), List.of(),
        List.of(publication.key(), Catalog.ObjectAddress.of(ClassOids.NAMESPACE, namespace.oid())), 0));
  }

  private void addTable(DefinedObject publication, Table table, PublicationObject object, boolean schemas) {
    if (member(publication, ObjectClass.PUBLICATION_RELATION, table.oid()) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT,
          "relation \"" + table.name() + "\" is already member of publication \"" + publication.name() + "\"");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    if (!object.columns().isEmpty()) {
      if (schemas) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "cannot use column list for relation \""
            + ddl.namespaceName(table.namespaceOid()) + "." + table.name() + "\" in publication \"" + publication.name() + "\"")
            .withDetail("Column lists cannot be specified in publications containing FOR TABLES IN SCHEMA elements.");
      }
      attributes.put("prattrs", columns(table, object.columns()));
    }
    if (object.where() != null) {
      DdlExpressions.Bound where =
          ddl.expressions().bind(object.where().expression(), table, DdlExpressions.Use.CHECK_CONSTRAINT, PgTypes.BOOL, -1);
      if (where.volatility() != 'i') {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "invalid publication WHERE expression")
            .withDetail("User-defined or built-in mutable functions are not allowed.").at(object.where().expression().position());
      }
      attributes.put("prqual", where.text());
    }
    ddl.put(new DefinedObject(ObjectClass.PUBLICATION_RELATION, ddl.nextOid(), "", 0, null, attributes, List.of(),
        List.of(publication.key(), Ddl.address(table)), 0));
  }

  private static String columns(Table table, List<Name> names) {
    List<Integer> attnums = new ArrayList<>();
    for (Name name : names) {
      Relation.Column column = Ddl.column(table, name.text());
      if (column.generated() != 0) {
        throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "cannot use generated column \"" + name.text() + "\" in publication column list");
      }
      if (attnums.contains(column.attnum())) {
        throw new SqlException(SqlState.DUPLICATE_OBJECT, "duplicate column \"" + name.text() + "\" in publication column list");
      }
      attnums.add(column.attnum());
    }
    attnums.sort(null);
    return String.join(" ", attnums.stream().map(String::valueOf).toList());
  }

  // ALTER

  String alter(AlterPublication statement) {
    DefinedObject publication = DefinedObjects.get(ddl, ObjectClass.PUBLICATION, statement.name());
    ddl.checkOwner(publication.ownerOid(), "publication", publication.name());
    if (statement.action() == PublicationAction.SET_OPTIONS) {
      Map<String, String> attributes = new LinkedHashMap<>(publication.attributes());
      options(attributes, statement.options());
      ddl.put(publication.with(attributes, List.of(), List.of()));
      return "ALTER PUBLICATION";
    }
    if (publication.isTrue("puballtables")) {
      boolean schemas = statement.objects().stream().allMatch(object -> object.table() == null);
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "publication \"" + publication.name() + "\" is defined as FOR ALL TABLES")
          .withDetail((schemas ? "Schemas" : "Tables") + " cannot be added to or dropped from FOR ALL TABLES publications.");
    }
    switch (statement.action()) {
      case ADD -> add(publication, statement.objects());
      case SET -> {
        for (ObjectClass part : List.of(ObjectClass.PUBLICATION_RELATION, ObjectClass.PUBLICATION_NAMESPACE)) {
          members(publication, part).forEach(member -> ddl.remove(part, member.key()));
        }
        add(publication, statement.objects());
      }
      case DROP -> statement.objects().forEach(object -> drop(publication, object));
      case SET_OPTIONS -> throw new IllegalStateException();
    }
    return "ALTER PUBLICATION";
  }

  private void drop(DefinedObject publication, PublicationObject object) {
    if (object.table() == null) {
      Namespace namespace = namespace(object);
      DefinedObject member = member(publication, ObjectClass.PUBLICATION_NAMESPACE, namespace.oid());
      if (member == null) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "tables from schema \"" + namespace.name() + "\" are not part of the publication");
      }
      ddl.remove(ObjectClass.PUBLICATION_NAMESPACE, member.key());
      return;
    }
    if (object.where() != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "cannot use a WHERE clause when removing a table from a publication");
    }
    if (!object.columns().isEmpty()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "column list must not be specified in ALTER PUBLICATION ... DROP");
    }
    Table table = table(object);
    DefinedObject member = member(publication, ObjectClass.PUBLICATION_RELATION, table.oid());
    if (member == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "relation \"" + table.name() + "\" is not part of the publication");
    }
    ddl.remove(ObjectClass.PUBLICATION_RELATION, Objects.requireNonNull(member).key());
  }
}
