package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.setReturning;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.TextSearchObjects;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FactTable;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Questions about catalog objects: types, names, visibility, comments, partitions, index properties.
/// Source: PostgreSQL 15 manual, "System Information Functions and Operators".
public final class CatalogInformation implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "pg_typeof" -> contextual((context, site, args) -> Integer.toUnsignedLong(site.argumentTypes().getFirst().oid()));
      case "format_type" -> contextual((context, site, args) -> args[0] == null ? null
          : args[1] == null ? plainType(oid(args[0]), context)
          : Typmods.formatType(oid(args[0]), (Integer) args[1], context.io().types()));
      case "pg_collation_for" -> contextual((context, site, args) -> collationFor(context, site.argumentTypes().getFirst(), site.collationOid()));
      case "oidvectortypes" -> contextual((context, site, args) -> typeList(context, (PgArray) args[0]));
      case "to_regclass" -> lookup(PgTypes.REGCLASS);
      case "to_regtype" -> lookup(PgTypes.REGTYPE);
      case "to_regproc" -> lookup(PgTypes.REGPROC);
      case "to_regprocedure" -> lookup(PgTypes.REGPROCEDURE);
      case "to_regoper" -> lookup(PgTypes.REGOPER);
      case "to_regoperator" -> lookup(PgTypes.REGOPERATOR);
      case "to_regnamespace" -> lookup(PgTypes.REGNAMESPACE);
      case "to_regrole" -> lookup(PgTypes.REGROLE);
      case "to_regcollation" -> lookup(PgTypes.REGCOLLATION);
      case "text_regclass" -> contextual((context, site, args) ->
          io.heliosdb.nano.type.TypeIo.parse(PgTypes.REGCLASS, -1, (String) args[0], context.io()));
      case "pg_table_is_visible" -> contextual((context, site, args) -> {
        Relation relation = context.catalog().relation(oid(args[0]));
        return relation == null ? null : (Object) path(context).isVisible(context.catalog(), relation);
      });
      case "pg_type_is_visible" -> contextual((context, site, args) -> {
        PgType type = context.catalog().findByOid(oid(args[0]));
        return type == null ? null : (Object) path(context).isVisible(context.catalog(), type);
      });
      case "pg_describe_object" -> contextual((context, site, args) -> {
        if (oid(args[0]) == 0 && oid(args[1]) == 0) {
          return null;
        }
        return context.session().describeObject(oid(args[0]), oid(args[1]), (Integer) args[2]);
      });
      case "pg_get_object_address" -> contextual((context, site, args) ->
          ObjectAddressNames.address(context, (String) args[0], (PgArray) args[1], (PgArray) args[2]));
      case "pg_identify_object_as_address" -> contextual((context, site, args) ->
          ObjectAddressNames.parts(context, oid(args[0]), oid(args[1]), (Integer) args[2]));
      case "pg_identify_object" -> contextual((context, site, args) ->
          ObjectIdentity.of(context, oid(args[0]), oid(args[1]), (Integer) args[2]));
      case "pg_function_is_visible" -> contextual((context, site, args) -> functionVisible(context, oid(args[0])));
      case "pg_operator_is_visible" -> contextual((context, site, args) -> {
        Catalog.OperatorDef operator = context.catalog().operator(oid(args[0]));
        return operator == null ? null : (Object) path(context).namespaces().contains(operator.namespaceOid());
      });
      case "pg_collation_is_visible" -> contextual((context, site, args) -> {
        Catalog.CollationDef collation = context.catalog().collation(oid(args[0]));
        return collation == null ? null : (Object) path(context).namespaces().contains(collation.namespaceOid());
      });
      case "pg_opclass_is_visible" -> visibleFact("pg_opclass");
      case "pg_opfamily_is_visible" -> visibleFact("pg_opfamily");
      case "pg_conversion_is_visible" -> visibleFact("pg_conversion");
      case "pg_ts_config_is_visible" -> textSearchVisible(TextSearchObjects.Kind.CONFIGURATION);
      case "pg_ts_dict_is_visible" -> textSearchVisible(TextSearchObjects.Kind.DICTIONARY);
      case "pg_ts_parser_is_visible" -> textSearchVisible(TextSearchObjects.Kind.PARSER);
      case "pg_ts_template_is_visible" -> textSearchVisible(TextSearchObjects.Kind.TEMPLATE);
      case "sql:obj_description" -> contextual((context, site, args) ->
          args.length > 1 ? comment(context, classOid((String) args[1]), oid(args[0]), 0) : anyComment(context, oid(args[0])));
      case "sql:col_description" -> contextual((context, site, args) -> comment(context, ClassOids.CLASS, oid(args[0]), (Integer) args[1]));
      case "sql:shobj_description" -> contextual((context, site, args) -> comment(context, classOid((String) args[1]), oid(args[0]), 0));
      case "pg_get_userbyid" -> contextual((context, site, args) -> {
        Catalog.Role role = context.catalog().role(oid(args[0]));
        return role == null ? "unknown (OID=" + args[0] + ")" : role.name();
      });
      case "pg_get_serial_sequence" -> contextual((context, site, args) -> serialSequence(context, (String) args[0], (String) args[1]));
      case "pg_get_keywords" -> setReturning((context, site, args) -> keywords());
      case "pg_options_to_table" -> setReturning((context, site, args) -> options((PgArray) args[0]));
      case "pg_partition_root" -> contextual((context, site, args) -> partitionRoot(context, oid(args[0])));
      case "pg_partition_ancestors" -> setReturning((context, site, args) -> ancestors(context, oid(args[0])));
      case "pg_partition_tree" -> setReturning((context, site, args) -> tree(context, oid(args[0])));
      case "pg_relation_filenode" -> contextual((context, site, args) -> storageNumber(context, oid(args[0])));
      case "pg_relation_filepath" -> contextual((context, site, args) -> {
        Object number = storageNumber(context, oid(args[0]));
        return number == null ? null : "base/" + number;
      });
      case "pg_relation_is_publishable" -> contextual((context, site, args) ->
          context.catalog().relation(oid(args[0])) instanceof Relation.Table t && t.kind() != 'm' && t.persistence() == Relation.Persistence.PERMANENT);
      case "pg_relation_is_updatable" -> contextual((context, site, args) ->
          context.session().updatableEvents(oid(args[0]), (Boolean) args[1]));
      case "pg_column_is_updatable" -> contextual((context, site, args) ->
          context.session().isColumnUpdatable(oid(args[0]), (Integer) args[1], (Boolean) args[2]));
      case "pg_get_replica_identity_index" -> contextual((context, site, args) -> replicaIndex(context, oid(args[0])));
      case "pg_index_column_has_property" -> contextual((context, site, args) ->
          columnProperty(context, oid(args[0]), (Integer) args[1], (String) args[2]));
      case "pg_index_has_property" -> contextual((context, site, args) ->
          context.catalog().relation(oid(args[0])) instanceof Relation.Index index ? indexProperty(index.method(), (String) args[1]) : null);
      case "pg_indexam_has_property" -> contextual((context, site, args) -> methodProperty(oid(args[0]), (String) args[1]));
      case "pg_tablespace_location" -> contextual((context, site, args) -> "");
      case "pg_sequence_parameters" -> contextual((context, site, args) -> sequenceParameters(context, oid(args[0])));
      case "pg_encoding_to_char" -> null;
      case "row_security_active", "row_security_active_name" -> contextual((context, site, args) -> rowSecurity(context, args[0]));
      case "pg_column_size" -> contextual((context, site, args) -> args[0] == null ? null : storedBytes(site.argumentTypes().getFirst(), args[0]));
      case "pg_column_compression" -> contextual((context, site, args) -> null);
      default -> null;
    };
  }

  static int oid(@Nullable Object value) {
    return (int) (long) (Long) value;
  }

  /// `format_type` without a modifier: `bit` and `character` are shown plainly then.
  private static String plainType(int typeOid, CallContext context) {
    PgType type = context.io().types().findByOid(typeOid);
    return type == null ? Typmods.formatType(typeOid, -1, context.io().types()) : Typmods.formatType(type, -1, context.io().types());
  }

  private static Object unsigned(int oid) {
    return Integer.toUnsignedLong(oid);
  }

  static SearchPath path(CallContext context) {
    return context.session().searchPath(context.catalog());
  }

  /// The object of that name, NULL when there is none.
  private static Implementation lookup(PgType regType) {
    return contextual((context, site, args) -> {
      try {
        return context.io().regObjects().lookup(regType, (String) args[0]);
      } catch (SqlException e) {
        String state = e.state().code();
        boolean withTypes = regType == PgTypes.REGPROCEDURE || regType == PgTypes.REGOPERATOR;
        if (withTypes && !state.equals("42883")) {
          throw e;
        }
        if (state.equals("42P01") || state.equals("42883") || state.equals("42704") || state.equals("3F000") || state.equals("42725")) {
          return null;
        }
        throw e;
      }
    });
  }

  private static Implementation textSearchVisible(TextSearchObjects.Kind kind) {
    return contextual((context, site, args) -> {
      var object = TextSearchObjects.byOid(context.catalog(), kind, oid(args[0]));
      return object == null ? null : TextSearchObjects.isVisible(context.catalog(), path(context).namespaces(), object);
    });
  }

  private static Implementation visibleFact(String table) {
    return contextual((context, site, args) -> {
      for (FactTable.Row row : BuiltinCatalog.facts(table).rows()) {
        if (row.oid("oid") == oid(args[0])) {
          return path(context).namespaces().contains(Catalog.PG_CATALOG);
        }
      }
      return null;
    });
  }

  private static @Nullable Object functionVisible(CallContext context, int oid) {
    FunctionDef function = context.catalog().function(oid);
    if (function == null) {
      return null;
    }
    for (FunctionDef candidate : path(context).functions(context.catalog(), function.name())) {
      if (candidate.argumentTypes().equals(function.argumentTypes())) {
        return candidate.oid() == oid;
      }
    }
    return false;
  }

  private static @Nullable Object collationFor(CallContext context, PgType type, int collationOid) {
    if (!type.collatable()) {
      if (type.oid() == 705) {
        return null;
      }
      throw new SqlException(SqlState.DATATYPE_MISMATCH,
          "collations are not supported by type " + Typmods.formatType(type, -1, context.io().types()));
    }
    Catalog.CollationDef collation = collationOid == 0 ? null : context.catalog().collation(collationOid);
    return collation == null ? null : SqlQuoting.identifier(collation.name());
  }

  private static String typeList(CallContext context, PgArray oids) {
    StringBuilder out = new StringBuilder();
    for (Object oid : oids.elements()) {
      out.append(out.isEmpty() ? "" : ", ").append(Typmods.formatType(oid(oid), -1, context.io().types()));
    }
    return out.toString();
  }

  /// The oid of a system relation by its name.
  private static int classOid(String name) {
    return switch (name) {
      case "pg_class" -> ClassOids.CLASS;
      case "pg_proc" -> ClassOids.PROC;
      case "pg_type" -> ClassOids.TYPE;
      case "pg_namespace" -> ClassOids.NAMESPACE;
      case "pg_constraint" -> ClassOids.CONSTRAINT;
      case "pg_operator" -> ClassOids.OPERATOR;
      case "pg_trigger" -> ClassOids.TRIGGER;
      case "pg_policy" -> ClassOids.POLICY;
      case "pg_rewrite" -> ClassOids.REWRITE;
      case "pg_cast" -> ClassOids.CAST;
      case "pg_collation" -> ClassOids.COLLATION;
      case "pg_extension" -> ClassOids.EXTENSION;
      case "pg_language" -> ClassOids.LANGUAGE;
      case "pg_attrdef" -> ClassOids.ATTRDEF;
      case "pg_database" -> ClassOids.DATABASE;
      case "pg_authid" -> ClassOids.AUTHID;
      case "pg_tablespace" -> ClassOids.TABLESPACE;
      case "pg_statistic_ext" -> ClassOids.STATISTIC_EXT;
      case "pg_foreign_data_wrapper" -> ClassOids.FOREIGN_DATA_WRAPPER;
      case "pg_foreign_server" -> ClassOids.FOREIGN_SERVER;
      case "pg_user_mapping" -> ClassOids.USER_MAPPING;
      case "pg_publication" -> ClassOids.PUBLICATION;
      case "pg_subscription" -> ClassOids.SUBSCRIPTION;
      case "pg_event_trigger" -> ClassOids.EVENT_TRIGGER;
      case "pg_am" -> 2601;
      case "pg_opclass" -> 2616;
      case "pg_opfamily" -> 2753;
      case "pg_conversion" -> 2607;
      case "pg_largeobject" -> ClassOids.LARGE_OBJECT;
      case "pg_ts_config" -> 3602;
      case "pg_ts_dict" -> 3600;
      case "pg_ts_parser" -> 3601;
      case "pg_ts_template" -> 3764;
      default -> 0;
    };
  }

  private static @Nullable String comment(CallContext context, int classOid, int objectOid, int subId) {
    String comment = context.catalog().comment(classOid, objectOid, subId);
    return comment == null && subId == 0 ? BuiltinCatalog.description(classOid, objectOid) : comment;
  }

  private static @Nullable String anyComment(CallContext context, int objectOid) {
    for (int classOid : new int[] {ClassOids.CLASS, ClassOids.PROC, ClassOids.TYPE, ClassOids.OPERATOR, ClassOids.NAMESPACE,
        ClassOids.CONSTRAINT, ClassOids.TRIGGER}) {
      String comment = comment(context, classOid, objectOid, 0);
      if (comment != null) {
        return comment;
      }
    }
    return null;
  }

  private static @Nullable Object serialSequence(CallContext context, String tableName, String columnName) {
    Catalog catalog = context.catalog();
    int tableOid = (int) context.io().regObjects().lookup(PgTypes.REGCLASS, tableName);
    if (!(catalog.relation(tableOid) instanceof Relation.Table table)) {
      return null;
    }
    Relation.Column column = table.column(columnName);
    if (column == null) {
      throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + columnName + "\" of relation \"" + table.name() + "\" does not exist");
    }
    for (Relation relation : catalog.relations()) {
      if (relation instanceof Relation.Sequence s && s.ownerTable() == tableOid && s.ownerColumn() == column.attnum()) {
        Catalog.Namespace namespace = catalog.namespace(s.namespaceOid());
        return SqlQuoting.identifier(namespace == null ? "" : namespace.name()) + "." + SqlQuoting.identifier(s.name());
      }
    }
    return null;
  }

  private static Implementation.RowSource keywords() {
    List<Object> rows = new ArrayList<>();
    List<PgType> types = List.of(PgTypes.TEXT, PgTypes.CHAR, PgTypes.BOOL, PgTypes.TEXT, PgTypes.TEXT);
    for (FactTable.Row row : BuiltinCatalog.facts("pg_keywords").rows()) {
      rows.add(PgRecord.of(PgTypes.RECORD, types, row.get(0), row.get(1), row.flag(2), row.get(3), row.get(4)));
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  private static Implementation.RowSource options(PgArray array) {
    List<Object> rows = new ArrayList<>();
    for (Object option : array.elements()) {
      String text = (String) option;
      if (text == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "null array element not allowed in this context");
      }
      int equals = text.indexOf('=');
      rows.add(PgRecord.of(PgTypes.RECORD, List.of(PgTypes.TEXT, PgTypes.TEXT), equals < 0 ? text : text.substring(0, equals),
          equals < 0 ? null : text.substring(equals + 1)));
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  // Partitions

  private static int parent(Catalog catalog, int oid) {
    return switch (catalog.relation(oid)) {
      case Relation.Table t -> t.partitionOf();
      case Relation.Index i -> i.parentIndex();
      case null, default -> 0;
    };
  }

  private static boolean partitioned(Catalog catalog, int oid) {
    return switch (catalog.relation(oid)) {
      case Relation.Table t -> t.isPartitioned() || t.isPartition();
      case Relation.Index i -> i.parentIndex() != 0 || catalog.relation(i.tableOid()) instanceof Relation.Table t && t.isPartitioned();
      case null, default -> false;
    };
  }

  private static @Nullable Object partitionRoot(CallContext context, int oid) {
    Catalog catalog = context.catalog();
    if (!partitioned(catalog, oid)) {
      return null;
    }
    int root = oid;
    for (int parent; (parent = parent(catalog, root)) != 0;) {
      root = parent;
    }
    return unsigned(root);
  }

  private static Implementation.RowSource ancestors(CallContext context, int oid) {
    List<Object> rows = new ArrayList<>();
    if (partitioned(context.catalog(), oid)) {
      for (int at = oid; at != 0; at = parent(context.catalog(), at)) {
        rows.add(unsigned(at));
      }
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  private static Implementation.RowSource tree(CallContext context, int oid) {
    List<Object> rows = new ArrayList<>();
    if (partitioned(context.catalog(), oid)) {
      tree(context.catalog(), oid, 0, rows);
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  private static void tree(Catalog catalog, int oid, int level, List<Object> rows) {
    List<Integer> children = new ArrayList<>();
    Relation relation = catalog.relation(oid);
    if (relation instanceof Relation.Table) {
      catalog.childrenOf(oid).stream().filter(Relation.Table::isPartition).forEach(child -> children.add(child.oid()));
    } else if (relation instanceof Relation.Index index) {
      for (Relation.Table child : catalog.childrenOf(index.tableOid())) {
        catalog.indexesOf(child.oid()).stream().filter(i -> i.parentIndex() == oid).forEach(i -> children.add(i.oid()));
      }
    }
    boolean leaf = relation instanceof Relation.Table t ? !t.isPartitioned()
        : relation instanceof Relation.Index i && !(catalog.relation(i.tableOid()) instanceof Relation.Table t && t.isPartitioned());
    int parent = parent(catalog, oid);
    rows.add(PgRecord.of(PgTypes.RECORD, List.of(PgTypes.REGCLASS, PgTypes.REGCLASS, PgTypes.BOOL, PgTypes.INT4), unsigned(oid),
        parent == 0 ? null : unsigned(parent), leaf, level));
    children.forEach(child -> tree(catalog, child, level + 1, rows));
  }

  private static @Nullable Object storageNumber(CallContext context, int oid) {
    return switch (context.catalog().relation(oid)) {
      case Relation.Table t -> t.isPartitioned() ? null : (Object) t.storageId();
      case Relation.Index i -> i.indexStorageId() == 0 ? null : (Object) i.indexStorageId();
      case Relation.Sequence s -> unsigned(s.oid());
      case null, default -> null;
    };
  }

  private static @Nullable Object replicaIndex(CallContext context, int tableOid) {
    if (context.catalog().relation(tableOid) instanceof Relation.Table table && table.replicaIdentity() == 'i'
        && context.catalog().relation(table.replicaIndex()) != null) {
      return unsigned(table.replicaIndex());
    }
    if (!(context.catalog().relation(tableOid) instanceof Relation.Table table) || table.replicaIdentity() != 'd') {
      return null;
    }
    for (Relation.Index index : context.catalog().indexesOf(tableOid)) {
      if (index.primary()) {
        return unsigned(index.oid());
      }
    }
    return null;
  }

  // Index properties

  private static @Nullable Object columnProperty(CallContext context, int oid, int column, String property) {
    if (!(context.catalog().relation(oid) instanceof Relation.Index index) || column < 1 || column > index.keys().size()) {
      return null;
    }
    Relation.Index.Key key = index.keys().get(column - 1);
    boolean isKey = column <= index.keyCount();
    boolean ordered = index.method().equals("btree");
    return switch (property.toLowerCase(java.util.Locale.ROOT)) {
      case "asc" -> isKey && ordered && !key.descending();
      case "desc" -> isKey && ordered && key.descending();
      case "nulls_first" -> isKey && ordered && key.nullsFirst();
      case "nulls_last" -> isKey && ordered && !key.nullsFirst();
      case "orderable", "search_array", "search_nulls", "returnable" -> isKey && ordered;
      case "distance_orderable" -> isKey && index.method().equals("gist");
      default -> null;
    };
  }

  private static @Nullable Object indexProperty(String method, String property) {
    return switch (property.toLowerCase(java.util.Locale.ROOT)) {
      case "clusterable" -> method.equals("btree") || method.equals("gist");
      case "index_scan" -> !method.equals("gin") && !method.equals("brin");
      case "bitmap_scan" -> true;
      case "backward_scan" -> method.equals("btree") || method.equals("hash");
      default -> null;
    };
  }

  private static @Nullable Object methodProperty(int methodOid, String property) {
    return switch (property.toLowerCase(java.util.Locale.ROOT)) {
      case "can_order", "can_unique" -> methodOid == 403;
      case "can_multi_col" -> methodOid != 405 && methodOid != 4000;
      case "can_exclude" -> methodOid != 2742 && methodOid != 3580;
      case "can_include" -> methodOid == 403 || methodOid == 783 || methodOid == 4000;
      default -> null;
    };
  }

  private static @Nullable Object sequenceParameters(CallContext context, int oid) {
    if (!(context.catalog().relation(oid) instanceof Relation.Sequence s)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "relation with OID " + Integer.toUnsignedString(oid) + " is not a sequence");
    }
    return PgRecord.of(PgTypes.RECORD,
        List.of(PgTypes.INT8, PgTypes.INT8, PgTypes.INT8, PgTypes.INT8, PgTypes.BOOL, PgTypes.INT8, PgTypes.OID), s.start(), s.minimum(),
        s.maximum(), s.increment(), s.cycle(), s.cache(), unsigned(s.typeOid()));
  }

  private static boolean rowSecurity(CallContext context, @Nullable Object table) {
    int oid = table instanceof String name ? (int) context.io().regObjects().lookup(PgTypes.REGCLASS, name) : oid(table);
    Catalog catalog = context.catalog();
    if (!(catalog.relation(oid) instanceof Relation.Table t) || !t.rowSecurity()) {
      return false;
    }
    Catalog.Role role = catalog.role(context.session().currentUserOid());
    if (role != null && (role.superuser() || role.bypassRls())) {
      return false;
    }
    return t.forceRowSecurity() || t.ownerOid() != context.session().currentUserOid();
  }

  /// Bytes as PostgreSQL would keep the value: its fixed length, else its binary form with a length word.
  private static int storedBytes(PgType type, Object value) {
    if (type.length() > 0) {
      return type.length();
    }
    int bytes = value instanceof String text ? TextConversions.utf8Length(text) : sentBytes(type, value);
    return bytes + (bytes < 127 ? 1 : 4);
  }

  private static int sentBytes(PgType type, Object value) {
    if (!io.heliosdb.nano.type.TypeIo.hasBinaryForm(type)) {
      throw TypeErrors.invalidParameter("no binary form of type " + type.name());
    }
    io.heliosdb.nano.type.ByteSink out = new io.heliosdb.nano.type.ByteSink();
    io.heliosdb.nano.type.TypeIo.send(type, value, io.heliosdb.nano.type.IoContext.DEFAULT, out);
    return out.size();
  }
}
