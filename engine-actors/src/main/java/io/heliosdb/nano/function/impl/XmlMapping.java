package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.SessionServices.NestedResult;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.XmlNames;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tables, queries, cursors, schemas and the database as XML, and their XML Schemas: `table_to_xml` and its siblings.
/// Source: PostgreSQL 15 manual, "Mapping Tables to XML", and its answers. One use per call.
final class XmlMapping {
  private static final String TABLES = "SELECT oid, relname FROM pg_catalog.pg_class WHERE relnamespace = %s AND relkind IN ('r', 'm', 'v')"
      + " AND pg_catalog.has_table_privilege(oid, 'SELECT') ORDER BY relname";
  private static final String SCHEMAS = "SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE pg_catalog.has_schema_privilege(oid, 'USAGE')"
      + " AND nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname";

  /// The names of a relation for its types.
  private record Source(String database, String schema, String table) {}

  private final CallContext context;
  private final boolean nulls;
  private final boolean forest;
  private final String namespace;

  private XmlMapping(CallContext context, Object nulls, Object forest, Object namespace) {
    this.context = context;
    this.nulls = (Boolean) nulls;
    this.forest = (Boolean) forest;
    this.namespace = (String) namespace;
  }

  static @Nullable Implementation find(String symbol) {
    if (!symbol.matches("(table|query|schema|database)_to_xml(schema|_and_xmlschema)?|cursor_to_xml(schema)?")) {
      return null;
    }
    boolean both = symbol.endsWith("_and_xmlschema");
    boolean schemaOnly = !both && symbol.endsWith("xmlschema");
    return contextual((context, site, args) -> {
      int n = args.length;
      XmlMapping mapping = new XmlMapping(context, args[n - 3], args[n - 2], args[n - 1]);
      return switch (symbol.substring(0, symbol.indexOf('_'))) {
        case "table" -> mapping.table((int) (long) (Long) args[0], schemaOnly, both);
        case "query" -> mapping.query((String) args[0], schemaOnly, both);
        case "cursor" -> mapping.cursor((String) args[0], schemaOnly ? 0 : (Integer) args[1], schemaOnly);
        case "schema" -> mapping.schema((String) args[0], schemaOnly, both);
        default -> mapping.database(schemaOnly, both);
      };
    });
  }

  private NestedResult run(String sql) {
    return context.session().runNested(sql, List.of(), List.of());
  }

  private Relation relation(int oid) {
    Relation relation = context.catalog().relation(oid);
    if (relation == null) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation with OID " + Integer.toUnsignedString(oid) + " does not exist");
    }
    return relation;
  }

  private String schemaName(Relation relation) {
    Catalog.Namespace schema = context.catalog().namespace(relation.namespaceOid());
    return schema == null ? "pg_temp" : schema.name();
  }

  private NestedResult rowsOf(Relation relation, boolean none) {
    return run("SELECT * FROM " + io.heliosdb.nano.function.SqlQuoting.identifier(schemaName(relation)) + "."
        + io.heliosdb.nano.function.SqlQuoting.identifier(relation.name()) + (none ? " LIMIT 0" : ""));
  }

  private String table(int oid, boolean schemaOnly, boolean both) {
    Relation relation = relation(oid);
    NestedResult rows = rowsOf(relation, schemaOnly);
    String schema = schemaOnly || both
        ? schemaOf(rows, new Source(context.session().databaseName(), schemaName(relation), relation.name())) : null;
    return schemaOnly ? schema : data(rows, relation.name(), schema, true);
  }

  private String query(String sql, boolean schemaOnly, boolean both) {
    NestedResult rows = run(sql);
    String schema = schemaOnly || both ? schemaOf(rows, null) : null;
    return schemaOnly ? schema : data(rows, null, schema, true);
  }

  private String cursor(String name, int count, boolean schemaOnly) {
    NestedResult rows = run("FETCH FORWARD " + count + " FROM " + io.heliosdb.nano.function.SqlQuoting.identifier(name));
    if (schemaOnly) {
      return schemaOf(rows, null);
    }
    StringBuilder out = new StringBuilder();
    if (!forest) {
      begin(out, "table", null, true);
      out.append('\n');
    }
    rows.rows().forEach(row -> row(out, rows, row, null, true));
    return forest ? out.toString() : out.append("</table>\n").toString();
  }

  // ---- data ----

  /// @param top whether the element is the outermost one, which declares the namespaces
  private String data(NestedResult rows, @Nullable String table, @Nullable String schema, boolean top) {
    String name = table == null ? "table" : XmlNames.name(table, true, false);
    StringBuilder out = new StringBuilder();
    if (!forest) {
      begin(out, name, schema, top);
      out.append('\n');
    }
    out.append(schema == null ? "" : schema + "\n\n");
    rows.rows().forEach(row -> row(out, rows, row, table, top));
    return forest ? out.toString() : out.append("</").append(name).append(">\n").toString();
  }

  private void begin(StringBuilder out, String name, @Nullable String schema, boolean top) {
    out.append('<').append(name);
    if (top) {
      out.append(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"");
      out.append(namespace.isEmpty() ? "" : " xmlns=\"" + namespace + "\"");
    }
    if (schema != null) {
      out.append(namespace.isEmpty() ? " xsi:noNamespaceSchemaLocation=\"#\"" : " xsi:schemaLocation=\"" + namespace + " #\"");
    }
    out.append(">\n");
  }

  private void row(StringBuilder out, NestedResult rows, @Nullable Object[] row, @Nullable String table, boolean top) {
    String name = table == null ? "row" : XmlNames.name(table, true, false);
    if (forest) {
      begin(out, name, null, top);
    } else {
      out.append("<row>\n");
    }
    for (int i = 0; i < row.length; i++) {
      String column = XmlNames.name(rows.columns().get(i), true, false);
      if (row[i] != null) {
        String value = XmlBuilding.value(context, context.catalog().byOid(rows.typeOids().get(i)).ultimateBase(), row[i]);
        out.append("  <").append(column).append('>').append(value).append("</").append(column).append(">\n");
      } else if (nulls) {
        out.append("  <").append(column).append(" xsi:nil=\"true\"/>\n");
      }
    }
    out.append(forest ? "</" + name + ">\n\n" : "</row>\n\n");
  }

  private String schema(String name, boolean schemaOnly, boolean both) {
    Catalog.Namespace schema = context.catalog().namespace(name);
    if (schema == null) {
      throw new SqlException(SqlState.UNDEFINED_SCHEMA, "schema \"" + name + "\" does not exist");
    }
    String description = schemaOnly || both ? schemasOf(List.of(schema), false) : null;
    return schemaOnly ? description : schemaData(schema, description, true);
  }

  private List<Relation> tables(Catalog.Namespace schema) {
    List<Relation> tables = new ArrayList<>();
    for (Object[] row : run(String.format(TABLES, Integer.toUnsignedString(schema.oid()))).rows()) {
      tables.add(relation((int) (long) (Long) row[0]));
    }
    return tables;
  }

  private String schemaData(Catalog.Namespace schema, @Nullable String description, boolean top) {
    StringBuilder out = new StringBuilder();
    String name = XmlNames.name(schema.name(), true, false);
    begin(out, name, description, top);
    out.append('\n').append(description == null ? "" : description + "\n\n");
    for (Relation table : tables(schema)) {
      out.append(data(rowsOf(table, false), table.name(), null, false)).append('\n');
    }
    return out.append("</").append(name).append(">\n").toString();
  }

  private String database(boolean schemaOnly, boolean both) {
    List<Catalog.Namespace> schemas = new ArrayList<>();
    for (Object[] row : run(SCHEMAS).rows()) {
      schemas.add(context.catalog().namespace((String) row[1]));
    }
    String description = schemaOnly || both ? schemasOf(schemas, true) : null;
    if (schemaOnly) {
      return description;
    }
    StringBuilder out = new StringBuilder();
    String name = XmlNames.name(context.session().databaseName(), true, false);
    begin(out, name, description, true);
    out.append('\n').append(description == null ? "" : description + "\n\n");
    schemas.forEach(schema -> out.append(schemaData(schema, null, false)).append('\n'));
    return out.append("</").append(name).append(">\n").toString();
  }

  // ---- XML Schemas ----

  private StringBuilder beginSchema() {
    StringBuilder out = new StringBuilder("<xsd:schema\n    xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"");
    out.append(namespace.isEmpty() ? "" : "\n    targetNamespace=\"" + namespace + "\"\n    elementFormDefault=\"qualified\"");
    return out.append(">\n\n");
  }

  private static String joined(String... parts) {
    List<String> names = new ArrayList<>();
    for (String part : parts) {
      names.add(XmlNames.name(part, true, true));
    }
    return String.join(".", names);
  }

  private String schemaOf(NestedResult rows, @Nullable Source source) {
    String name = source == null ? (forest ? "row" : "table") : XmlNames.name(source.table, true, false);
    String rowType = source == null ? "RowType" : joined("RowType", source.database, source.schema, source.table);
    String tableType = source == null ? "TableType" : joined("TableType", source.database, source.schema, source.table);
    StringBuilder out = beginSchema().append(types(List.of(rows)));
    out.append("<xsd:complexType name=\"").append(rowType).append("\">\n  <xsd:sequence>\n");
    for (int i = 0; i < rows.columns().size(); i++) {
      out.append("    <xsd:element name=\"").append(XmlNames.name(rows.columns().get(i), true, false)).append("\" type=\"")
          .append(typeName(type(rows, i))).append('"').append(nulls ? " nillable=\"true\"" : " minOccurs=\"0\"").append("></xsd:element>\n");
    }
    out.append("  </xsd:sequence>\n</xsd:complexType>\n\n");
    if (!forest) {
      out.append("<xsd:complexType name=\"").append(tableType).append("\">\n  <xsd:sequence>\n    <xsd:element name=\"row\" type=\"").append(rowType)
          .append("\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>\n  </xsd:sequence>\n</xsd:complexType>\n\n");
    }
    out.append("<xsd:element name=\"").append(name).append("\" type=\"").append(forest ? rowType : tableType).append("\"/>\n\n");
    return out.append("</xsd:schema>").toString();
  }

  private String schemasOf(List<Catalog.Namespace> schemas, boolean wholeDatabase) {
    String database = context.session().databaseName();
    List<NestedResult> shapes = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    for (Catalog.Namespace schema : schemas) {
      String type = joined("SchemaType", database, schema.name());
      body.append("<xsd:complexType name=\"").append(type).append(forest ? "\">\n  <xsd:sequence>\n" : "\">\n  <xsd:all>\n");
      for (Relation table : tables(schema)) {
        shapes.add(rowsOf(table, true));
        body.append("    <xsd:element name=\"").append(XmlNames.name(table.name(), true, false)).append("\" type=\"")
            .append(joined(forest ? "RowType" : "TableType", database, schema.name(), table.name()))
            .append(forest ? "\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>\n" : "\"/>\n");
      }
      body.append(forest ? "  </xsd:sequence>\n" : "  </xsd:all>\n").append("</xsd:complexType>\n\n");
      if (!wholeDatabase) {
        body.append("<xsd:element name=\"").append(XmlNames.name(schema.name(), true, false)).append("\" type=\"").append(type).append("\"/>\n\n");
      }
    }
    if (wholeDatabase) {
      String type = joined("CatalogType", database);
      body.append("<xsd:complexType name=\"").append(type).append("\">\n  <xsd:all>\n");
      schemas.forEach(schema -> body.append("    <xsd:element name=\"").append(XmlNames.name(schema.name(), true, false)).append("\" type=\"")
          .append(joined("SchemaType", database, schema.name())).append("\"/>\n"));
      body.append("  </xsd:all>\n</xsd:complexType>\n\n");
      body.append("<xsd:element name=\"").append(XmlNames.name(database, true, false)).append("\" type=\"").append(type).append("\"/>\n\n");
    }
    return beginSchema().append(types(shapes)).append(body).append("</xsd:schema>").toString();
  }

  private PgType type(NestedResult rows, int column) {
    return context.catalog().byOid(rows.typeOids().get(column));
  }

  /// The types of all columns, each once, after them those that domains are made from.
  private String types(List<NestedResult> shapes) {
    Set<PgType> types = new LinkedHashSet<>();
    for (NestedResult shape : shapes) {
      for (int i = 0; i < shape.typeOids().size(); i++) {
        types.add(type(shape, i));
      }
    }
    for (PgType type : List.copyOf(types)) {
      types.add(type.ultimateBase());
    }
    StringBuilder out = new StringBuilder();
    types.forEach(type -> out.append(definition(type)).append('\n'));
    return out.toString();
  }

  private String typeName(PgType type) {
    return switch (type.oid()) {
      case 16 -> "BOOLEAN";
      case 20 -> "BIGINT";
      case 21 -> "SMALLINT";
      case 23 -> "INTEGER";
      case 142 -> "XML";
      case 700 -> "REAL";
      case 701 -> "DOUBLE";
      case 1042 -> "CHAR";
      case 1043 -> "VARCHAR";
      case 1082 -> "DATE";
      case 1083 -> "TIME";
      case 1114 -> "TIMESTAMP";
      case 1184 -> "TIMESTAMP_WTZ";
      case 1266 -> "TIME_WTZ";
      case 1700 -> "NUMERIC";
      default -> {
        Catalog.Namespace schema = context.catalog().namespace(type.namespaceOid());
        yield joined(type.isDomain() ? "Domain" : "UDT", context.session().databaseName(), schema == null ? "pg_temp" : schema.name(), type.name());
      }
    };
  }

  private String definition(PgType type) {
    if (type.oid() == PgTypes.XML.oid()) {
      return "<xsd:complexType mixed=\"true\">\n  <xsd:sequence>\n    <xsd:any name=\"element\" minOccurs=\"0\" maxOccurs=\"unbounded\""
          + " processContents=\"skip\"/>\n  </xsd:sequence>\n</xsd:complexType>\n";
    }
    String zone = "(\\+|-)\\p{Nd}{2}:\\p{Nd}{2}";
    String date = "\\p{Nd}{4}-\\p{Nd}{2}-\\p{Nd}{2}";
    String time = "\\p{Nd}{2}:\\p{Nd}{2}:\\p{Nd}{2}(.\\p{Nd}+)?";
    String restriction = switch (type.oid()) {
      case 25, 1042, 1043 -> "  <xsd:restriction base=\"xsd:string\">\n  </xsd:restriction>\n";
      case 17 -> "  <xsd:restriction base=\"xsd:" + (context.io().xmlBinary() == IoContext.XmlBinary.BASE64 ? "base64Binary" : "hexBinary")
          + "\">\n  </xsd:restriction>\n";
      case 21 -> range("short", Short.MAX_VALUE, Short.MIN_VALUE);
      case 23 -> range("int", Integer.MAX_VALUE, Integer.MIN_VALUE);
      case 20 -> range("long", Long.MAX_VALUE, Long.MIN_VALUE);
      case 700 -> "  <xsd:restriction base=\"xsd:float\"></xsd:restriction>\n";
      case 701 -> "  <xsd:restriction base=\"xsd:double\"></xsd:restriction>\n";
      case 16 -> "  <xsd:restriction base=\"xsd:boolean\"></xsd:restriction>\n";
      case 1082 -> pattern("date", date);
      case 1083 -> pattern("time", time);
      case 1266 -> pattern("time", time + zone);
      case 1114 -> pattern("dateTime", date + "T" + time);
      case 1184 -> pattern("dateTime", date + "T" + time + zone);
      default -> type.isDomain() ? "  <xsd:restriction base=\"" + typeName(type.ultimateBase()) + "\"/>\n" : "";
    };
    return "<xsd:simpleType name=\"" + typeName(type) + "\">\n" + restriction + "</xsd:simpleType>\n";
  }

  private static String range(String base, long most, long least) {
    return "  <xsd:restriction base=\"xsd:" + base + "\">\n    <xsd:maxInclusive value=\"" + most + "\"/>\n    <xsd:minInclusive value=\"" + least
        + "\"/>\n  </xsd:restriction>\n";
  }

  private static String pattern(String base, String pattern) {
    return "  <xsd:restriction base=\"xsd:" + base + "\">\n    <xsd:pattern value=\"" + pattern + "\"/>\n  </xsd:restriction>\n";
  }
}
