package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Typmods;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `information_schema`. Shows what the current role owns or has a privilege on. Source: PostgreSQL 15 manual, "The Information Schema".
final class InformationSchemaRows {
  private static final String DATABASE_SCOPE = "information_schema.";

  private InformationSchemaRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    add(sources, "information_schema_catalog_name", (rows, c) -> rows.row().set("catalog_name", c.databaseName()));
    add(sources, "schemata", InformationSchemaRows::schemata);
    add(sources, "tables", InformationSchemaRows::tables);
    add(sources, "views", InformationSchemaRows::views);
    add(sources, "columns", InformationSchemaRows::columns);
    add(sources, "attributes", InformationSchemaRows::attributes);
    add(sources, "table_constraints", InformationSchemaRows::tableConstraints);
    add(sources, "key_column_usage", InformationSchemaRows::keyColumnUsage);
    add(sources, "constraint_column_usage", InformationSchemaRows::constraintColumnUsage);
    add(sources, "constraint_table_usage", InformationSchemaRows::constraintTableUsage);
    add(sources, "referential_constraints", InformationSchemaRows::referentialConstraints);
    add(sources, "check_constraints", InformationSchemaRows::checkConstraints);
    add(sources, "sequences", InformationSchemaRows::sequences);
    add(sources, "routines", InformationSchemaRows::routines);
    add(sources, "parameters", InformationSchemaRows::parameters);
    add(sources, "domains", InformationSchemaRows::domains);
    add(sources, "triggers", InformationSchemaRows::triggers);
    add(sources, "enabled_roles", (rows, c) -> Privileges.inheritedRoles(c.catalog(), c.currentRole()).forEach(oid -> {
      Catalog.Role role = c.catalog().role(oid);
      if (role != null) {
        rows.row().set("role_name", role.name());
      }
    }));
    add(sources, "table_privileges", InformationSchemaRows::tablePrivileges);
    add(sources, "role_table_grants", InformationSchemaRows::tablePrivileges);
  }

  private static void add(Map<String, SystemRows.Source> sources, String name, SystemRows.Source source) {
    sources.put(DATABASE_SCOPE + name, source);
  }

  private static String schema(SystemContext c, int oid) {
    Catalog.Namespace namespace = c.catalog().namespace(oid);
    return namespace == null ? "" : namespace.name();
  }

  private static boolean isVisible(SystemContext c, Relation relation) {
    if (Privileges.isOwner(c.catalog(), c.currentRole(), relation.ownerOid())) {
      return true;
    }
    for (char letter : Privileges.TABLE.toCharArray()) {
      if (Privileges.hasOnRelation(c.catalog(), c.currentRole(), relation, String.valueOf(letter))) {
        return true;
      }
    }
    return relation.columns().stream()
        .anyMatch(column -> !column.dropped() && column.acl() != null && Privileges.hasOnColumn(c.catalog(), c.currentRole(), relation, column, 'r'));
  }

  private static void schemata(RowSet rows, SystemContext c) {
    for (Catalog.Namespace n : c.catalog().namespaces()) {
      if (Privileges.isOwner(c.catalog(), c.currentRole(), n.ownerOid()) || Privileges.hasOnNamespace(c.catalog(), c.currentRole(), n, "C")) {
        Catalog.Role owner = c.catalog().role(n.ownerOid());
        rows.row().set("catalog_name", c.databaseName()).set("schema_name", n.name()).set("schema_owner", owner == null ? null : owner.name());
      }
    }
  }

  private static void tables(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      String type =
          switch (relation.kind()) {
            case 'r', 'p' -> relation instanceof Relation.Table t && t.isTemporary() ? "LOCAL TEMPORARY" : "BASE TABLE";
            case 'v' -> "VIEW";
            default -> null;
          };
      if (type != null && isVisible(c, relation)) {
        rows.row().set("table_catalog", c.databaseName()).set("table_schema", schema(c, relation.namespaceOid())).set("table_name", relation.name()).set("table_type", type)
            .yesNo("is_insertable_into", (c.updatableEvents(relation) & 8) != 0).yesNo("is_typed", false);
      }
    }
  }

  private static void views(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.View v && isVisible(c, v)) {
        rows.row().set("table_catalog", c.databaseName()).set("table_schema", schema(c, v.namespaceOid())).set("table_name", v.name())
            .set("view_definition", c.viewDefinition(v, v.definition())).set("check_option", v.checkOption() == null ? "NONE" : v.checkOption().toUpperCase(java.util.Locale.ROOT))
            .yesNo("is_updatable", (c.updatableEvents(v) & 20) == 20).yesNo("is_insertable_into", (c.updatableEvents(v) & 8) != 0)
            .yesNo("is_trigger_updatable", (c.triggerEvents(v) & 4) != 0).yesNo("is_trigger_deletable", (c.triggerEvents(v) & 16) != 0)
            .yesNo("is_trigger_insertable_into", (c.triggerEvents(v) & 8) != 0);
      }
    }
  }

  private static void columns(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (!(relation.kind() == 'r' || relation.kind() == 'p' || relation.kind() == 'v') || !isVisible(c, relation)) {
        continue;
      }
      int ordinal = 0;
      for (Relation.Column column : relation.columns()) {
        ordinal++;
        if (!column.dropped()) {
          column(rows, c, relation, column, ordinal);
        }
      }
    }
  }

  private static void column(RowSet rows, SystemContext c, Relation relation, Relation.Column column, int ordinal) {
    PgType declared = c.catalog().findByOid(column.typeOid());
    if (declared == null) {
      return;
    }
    PgType type = declared.isDomain() ? declared.base() : declared;
    int typmod = declared.isDomain() ? declared.baseTypmod() : column.typmod();
    boolean view = relation.kind() == 'v';
    rows.row()
        .set("table_catalog", c.databaseName()).set("table_schema", schema(c, relation.namespaceOid())).set("table_name", relation.name())
        .set("column_name", column.name()).set("ordinal_position", ordinal)
        .set("column_default", column.generated() != 0 || column.defaultExpression() == null ? null : c.expression(column.defaultExpression(), relation))
        .yesNo("is_nullable", isNullable(c, column, declared))
        .set("data_type", dataType(c, type));
    typeFacts(rows, type, typmod);
    rows.set("udt_catalog", c.databaseName()).set("udt_schema", schema(c, type.namespaceOid())).set("udt_name", type.name()).set("dtd_identifier", Integer.toString(ordinal))
        .yesNo("is_self_referencing", false).yesNo("is_identity", column.identity() != 0)
        .set("identity_generation", column.identity() == 'a' ? "ALWAYS" : column.identity() == 'd' ? "BY DEFAULT" : null).yesNo("identity_cycle", false)
        .set("is_generated", column.generated() != 0 ? "ALWAYS" : "NEVER").set("generation_expression", column.generated() != 0 ? column.defaultExpression() : null)
        .yesNo("is_updatable", !view || c.isColumnUpdatable(relation, column.attnum()));
    if (declared.isDomain()) {
      rows.set("domain_catalog", c.databaseName()).set("domain_schema", schema(c, declared.namespaceOid())).set("domain_name", declared.name());
    }
    if (column.identity() != 0) {
      identity(rows, c, relation, column);
    }
    if (column.collationOid() != 0 && column.collationOid() != 100 && c.catalog().collation(column.collationOid()) != null) {
      Catalog.CollationDef collation = c.catalog().collation(column.collationOid());
      rows.set("collation_catalog", c.databaseName()).set("collation_schema", schema(c, collation.namespaceOid())).set("collation_name", collation.name());
    }
  }

  private static boolean isNullable(SystemContext c, Relation.Column column, PgType declared) {
    return !column.notNull() && !(c.catalog().typeDetails(declared.oid()) instanceof Catalog.DomainDetails domain && domain.notNull());
  }

  /// The attributes of composite types.
  private static void attributes(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      for (Relation.Column column : relation.kind() == 'c' ? relation.columns() : List.<Relation.Column>of()) {
        PgType type = c.catalog().findByOid(column.typeOid());
        if (column.dropped() || type == null) {
          continue;
        }
        PgType base = type.isDomain() ? type.base() : type;
        rows.row().set("udt_catalog", c.databaseName()).set("udt_schema", schema(c, relation.namespaceOid())).set("udt_name", relation.name())
            .set("attribute_name", column.name()).set("ordinal_position", column.attnum()).yesNo("is_nullable", isNullable(c, column, type))
            .set("data_type", dataType(c, type));
        typeFacts(rows, base, type.isDomain() ? type.baseTypmod() : column.typmod());
        rows.set("attribute_udt_catalog", c.databaseName()).set("attribute_udt_schema", schema(c, type.namespaceOid())).set("attribute_udt_name", type.name())
            .set("dtd_identifier", Integer.toString(column.attnum())).yesNo("is_derived_reference_attribute", false);
      }
    }
  }

  private static void identity(RowSet rows, SystemContext c, Relation relation, Relation.Column column) {
    for (Relation other : c.catalog().relations()) {
      if (other instanceof Relation.Sequence s && s.ownerTable() == relation.oid() && s.ownerColumn() == column.attnum()) {
        rows.set("identity_start", Long.toString(s.start())).set("identity_increment", Long.toString(s.increment())).set("identity_maximum", Long.toString(s.maximum()))
            .set("identity_minimum", Long.toString(s.minimum())).yesNo("identity_cycle", s.cycle());
      }
    }
  }

  private static String dataType(SystemContext c, PgType type) {
    if (type.isArray()) {
      return "ARRAY";
    }
    return type.namespaceOid() == Catalog.PG_CATALOG ? Typmods.formatType(type, -1, c.types()) : "USER-DEFINED";
  }

  /// Lengths and precisions by the type and its modifier.
  private static void typeFacts(RowSet rows, PgType type, int typmod) {
    switch (type.family()) {
      case BPCHAR -> rows.set("character_maximum_length", typmod >= 4 ? typmod - 4 : null).set("character_octet_length", typmod >= 4 ? 4 * (typmod - 4) : 1 << 30);
      case TEXT, NAME -> {
        if (type.oid() == 1043 && typmod >= 4) {
          rows.set("character_maximum_length", typmod - 4).set("character_octet_length", 4 * (typmod - 4));
        } else if (type.category() == 'S') {
          rows.set("character_octet_length", 1 << 30);
        }
      }
      case BIT, VARBIT -> rows.set("character_maximum_length", typmod >= 0 ? (Object) typmod : null);
      case INT2 -> numeric(rows, 16, 2, 0);
      case INT4 -> numeric(rows, 32, 2, 0);
      case INT8 -> numeric(rows, 64, 2, 0);
      case FLOAT4 -> numeric(rows, 24, 2, null);
      case FLOAT8 -> numeric(rows, 53, 2, null);
      case NUMERIC -> {
        rows.set("numeric_precision_radix", 10);
        if (typmod >= 4) {
          int scale = (typmod - 4) & 0x7ff;
          rows.set("numeric_precision", (typmod - 4) >> 16 & 0xffff).set("numeric_scale", (scale ^ 1024) - 1024);
        }
      }
      case DATE -> rows.set("datetime_precision", 0);
      case TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ -> rows.set("datetime_precision", typmod < 0 ? 6 : typmod);
      case INTERVAL -> rows.set("datetime_precision", typmod < 0 || (typmod & 0xffff) == 0xffff ? 6 : typmod & 0xffff);
      default -> {}
    }
  }

  private static void numeric(RowSet rows, int precision, int radix, @Nullable Integer scale) {
    rows.set("numeric_precision", precision).set("numeric_precision_radix", radix).set("numeric_scale", scale);
  }

  // ---- constraints ----

  private interface ConstraintAction {
    void run(Relation.Table table, Constraint constraint);
  }

  private static void constraints(SystemContext c, ConstraintAction action) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Table table && (table.kind() == 'r' || table.kind() == 'p') && isVisible(c, table)) {
        table.constraints().forEach(constraint -> action.run(table, constraint));
      }
    }
  }

  private static RowSet named(RowSet rows, SystemContext c, Relation.Table table, Constraint constraint) {
    return rows.row().set("constraint_catalog", c.databaseName()).set("constraint_schema", schema(c, table.namespaceOid())).set("constraint_name", constraint.name());
  }

  private static void tableConstraints(RowSet rows, SystemContext c) {
    constraints(c, (table, constraint) -> {
      String type =
          switch (constraint.kind()) {
            case PRIMARY_KEY -> "PRIMARY KEY";
            case UNIQUE -> "UNIQUE";
            case CHECK -> "CHECK";
            case FOREIGN_KEY -> "FOREIGN KEY";
            case EXCLUSION -> null;
          };
      if (type != null) {
        table(named(rows, c, table, constraint), c, table).set("constraint_type", type).yesNo("is_deferrable", constraint.deferrable())
            .yesNo("initially_deferred", constraint.initiallyDeferred()).yesNo("enforced", true)
            .set("nulls_distinct", constraint.kind() == Constraint.Kind.UNIQUE ? "YES" : null);
      }
    });
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Table table && (table.kind() == 'r' || table.kind() == 'p') && isVisible(c, table)) {
        for (Relation.Column column : table.columns()) {
          if (column.notNull() && !column.dropped()) {
            table(rows.row().set("constraint_catalog", c.databaseName()).set("constraint_schema", schema(c, table.namespaceOid()))
                .set("constraint_name", notNullName(table, column)), c, table).set("constraint_type", "CHECK").yesNo("is_deferrable", false)
                .yesNo("initially_deferred", false).yesNo("enforced", true);
          }
        }
      }
    }
  }

  private static String notNullName(Relation.Table table, Relation.Column column) {
    return Integer.toUnsignedString(table.namespaceOid()) + "_" + Integer.toUnsignedString(table.oid()) + "_" + column.attnum() + "_not_null";
  }

  private static RowSet table(RowSet row, SystemContext c, Relation.Table table) {
    return row.set("table_catalog", c.databaseName()).set("table_schema", schema(c, table.namespaceOid())).set("table_name", table.name());
  }

  private static void keyColumnUsage(RowSet rows, SystemContext c) {
    constraints(c, (table, constraint) -> {
      if (constraint.kind() == Constraint.Kind.CHECK || constraint.kind() == Constraint.Kind.EXCLUSION) {
        return;
      }
      for (int i = 0; i < constraint.columns().size(); i++) {
        table(named(rows, c, table, constraint), c, table).set("column_name", table.column(constraint.columns().get(i)).name()).set("ordinal_position", i + 1)
            .set("position_in_unique_constraint", constraint.kind() == Constraint.Kind.FOREIGN_KEY ? position(c, constraint, i) : null);
      }
    });
  }

  /// Where the `i`-th referenced column stands in the unique constraint that is referenced.
  private static @Nullable Integer position(SystemContext c, Constraint foreignKey, int i) {
    if (c.catalog().relation(foreignKey.referencedTable()) instanceof Relation.Table target) {
      Constraint unique = referenced(target, foreignKey);
      if (unique != null) {
        return unique.columns().indexOf(foreignKey.referencedColumns().get(i)) + 1;
      }
    }
    return null;
  }

  private static @Nullable Constraint referenced(Relation.Table target, Constraint foreignKey) {
    for (Constraint candidate : target.constraints()) {
      if ((candidate.kind() == Constraint.Kind.PRIMARY_KEY || candidate.kind() == Constraint.Kind.UNIQUE)
          && candidate.columns().size() == foreignKey.referencedColumns().size() && candidate.columns().containsAll(foreignKey.referencedColumns())) {
        return candidate;
      }
    }
    return null;
  }

  private static void constraintColumnUsage(RowSet rows, SystemContext c) {
    constraints(c, (table, constraint) -> {
      Relation.Table target = table;
      List<Integer> columns = constraint.columns();
      if (constraint.kind() == Constraint.Kind.FOREIGN_KEY) {
        if (!(c.catalog().relation(constraint.referencedTable()) instanceof Relation.Table other)) {
          return;
        }
        target = other;
        columns = constraint.referencedColumns();
      }
      for (int attnum : columns) {
        if (attnum > 0) {
          table(named(rows, c, table, constraint), c, target).set("column_name", target.column(attnum).name());
        }
      }
    });
  }

  private static void constraintTableUsage(RowSet rows, SystemContext c) {
    constraints(c, (table, constraint) -> {
      if (constraint.kind() == Constraint.Kind.CHECK) {
        return;
      }
      Relation target = constraint.kind() == Constraint.Kind.FOREIGN_KEY ? c.catalog().relation(constraint.referencedTable()) : table;
      if (target instanceof Relation.Table other) {
        table(named(rows, c, table, constraint), c, other);
      }
    });
  }

  private static void referentialConstraints(RowSet rows, SystemContext c) {
    constraints(c, (table, constraint) -> {
      if (constraint.kind() == Constraint.Kind.FOREIGN_KEY && c.catalog().relation(constraint.referencedTable()) instanceof Relation.Table target) {
        Constraint unique = referenced(target, constraint);
        named(rows, c, table, constraint).set("unique_constraint_catalog", c.databaseName()).set("unique_constraint_schema", schema(c, target.namespaceOid()))
            .set("unique_constraint_name", unique == null ? null : unique.name()).set("match_option", constraint.match() == 'f' ? "FULL" : "NONE")
            .set("update_rule", rule(constraint.onUpdate())).set("delete_rule", rule(constraint.onDelete()));
      }
    });
  }

  private static String rule(char action) {
    return switch (action) {
      case 'c' -> "CASCADE";
      case 'n' -> "SET NULL";
      case 'd' -> "SET DEFAULT";
      case 'r' -> "RESTRICT";
      default -> "NO ACTION";
    };
  }

  private static void checkConstraints(RowSet rows, SystemContext c) {
    constraints(c, (table, constraint) -> {
      if (constraint.kind() == Constraint.Kind.CHECK) {
        named(rows, c, table, constraint).set("check_clause", "(" + c.expression(constraint.expression(), table) + ")");
      }
    });
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Table table && (table.kind() == 'r' || table.kind() == 'p') && isVisible(c, table)) {
        for (Relation.Column column : table.columns()) {
          if (column.notNull() && !column.dropped()) {
            rows.row().set("constraint_catalog", c.databaseName()).set("constraint_schema", schema(c, table.namespaceOid()))
                .set("constraint_name", notNullName(table, column)).set("check_clause", column.name() + " IS NOT NULL");
          }
        }
      }
    }
  }

  // ---- other objects ----

  private static void sequences(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Sequence s && !s.identity() && (Privileges.isOwner(c.catalog(), c.currentRole(), s.ownerOid())
          || Privileges.hasOnRelation(c.catalog(), c.currentRole(), s, "r"))) {
        int bits = s.typeOid() == 21 ? 16 : s.typeOid() == 23 ? 32 : 64;
        rows.row().set("sequence_catalog", c.databaseName()).set("sequence_schema", schema(c, s.namespaceOid())).set("sequence_name", s.name())
            .set("data_type", bits == 16 ? "smallint" : bits == 32 ? "integer" : "bigint").set("numeric_precision", bits).set("numeric_precision_radix", 2)
            .set("numeric_scale", 0).set("start_value", Long.toString(s.start())).set("minimum_value", Long.toString(s.minimum()))
            .set("maximum_value", Long.toString(s.maximum())).set("increment", Long.toString(s.increment())).yesNo("cycle_option", s.cycle());
      }
    }
  }

  private static void routines(RowSet rows, SystemContext c) {
    for (FunctionDef f : c.catalog().functions()) {
      PgType result = f.kind() == 'p' ? null : c.catalog().findByOid(f.returnType());
      rows.row().set("specific_catalog", c.databaseName()).set("specific_schema", schema(c, f.namespaceOid())).set("specific_name", f.name() + "_" + f.oid())
          .set("routine_catalog", c.databaseName()).set("routine_schema", schema(c, f.namespaceOid())).set("routine_name", f.name())
          .set("routine_type", f.kind() == 'p' ? "PROCEDURE" : f.kind() == 'f' ? "FUNCTION" : null).set("data_type", result == null ? null : dataType(c, result))
          .set("type_udt_catalog", result == null ? null : c.databaseName()).set("type_udt_schema", result == null ? null : schema(c, result.namespaceOid()))
          .set("type_udt_name", result == null ? null : result.name()).set("routine_body", f.body() instanceof FunctionDef.SqlBody ? "SQL" : "EXTERNAL")
          .set("external_language", f.body() instanceof FunctionDef.SqlBody ? "SQL" : f.body() instanceof FunctionDef.PlPgSqlBody ? "PLPGSQL" : "INTERNAL")
          .set("parameter_style", "GENERAL").yesNo("is_deterministic", f.isImmutable()).set("sql_data_access", "MODIFIES")
          .set("is_null_call", f.kind() == 'p' ? null : f.strict() ? "YES" : "NO").set("security_type", f.securityDefiner() ? "DEFINER" : "INVOKER");
    }
  }

  private static void parameters(RowSet rows, SystemContext c) {
    for (FunctionDef f : c.catalog().functions()) {
      List<Integer> types = f.allArgumentTypes() == null ? f.argumentTypes() : f.allArgumentTypes();
      for (int i = 0; i < types.size(); i++) {
        char mode = f.argumentModes() == null ? 'i' : f.argumentModes().charAt(i);
        PgType type = c.catalog().findByOid(types.get(i));
        if (type == null || mode == 't') {
          continue;
        }
        String name = f.argumentNames() == null || i >= f.argumentNames().size() || f.argumentNames().get(i).isEmpty() ? null : f.argumentNames().get(i);
        rows.row().set("specific_catalog", c.databaseName()).set("specific_schema", schema(c, f.namespaceOid())).set("specific_name", f.name() + "_" + f.oid())
            .set("ordinal_position", i + 1).set("parameter_mode", mode == 'o' ? "OUT" : mode == 'b' ? "INOUT" : "IN").yesNo("is_result", false)
            .yesNo("as_locator", false).set("parameter_name", name).set("data_type", dataType(c, type)).set("udt_catalog", c.databaseName())
            .set("udt_schema", schema(c, type.namespaceOid())).set("udt_name", type.name()).set("dtd_identifier", Integer.toString(i + 1));
      }
    }
  }

  private static void domains(RowSet rows, SystemContext c) {
    for (PgType type : c.catalog().types()) {
      if (type.isDomain()) {
        PgType base = type.base();
        String text = TypeRows.domainDefault(type, c);
        rows.row().set("domain_catalog", c.databaseName()).set("domain_schema", schema(c, type.namespaceOid())).set("domain_name", type.name())
            .set("data_type", dataType(c, base)).set("domain_default", text);
        typeFacts(rows, base, type.baseTypmod());
        rows.set("udt_catalog", c.databaseName()).set("udt_schema", schema(c, base.namespaceOid())).set("udt_name", base.name()).set("dtd_identifier", "1");
      }
    }
  }

  private static void triggers(RowSet rows, SystemContext c) {
    for (Catalog.Trigger t : c.catalog().triggers()) {
      Relation table = c.catalog().relation(t.tableOid());
      FunctionDef function = c.catalog().function(t.functionOid());
      if (table == null) {
        continue;
      }
      for (char event : t.events().toCharArray()) {
        String name = event == 'i' ? "INSERT" : event == 'u' ? "UPDATE" : event == 'd' ? "DELETE" : null;
        if (name != null) {
          rows.row().set("trigger_catalog", c.databaseName()).set("trigger_schema", schema(c, table.namespaceOid())).set("trigger_name", t.name())
              .set("event_manipulation", name).set("event_object_catalog", c.databaseName()).set("event_object_schema", schema(c, table.namespaceOid()))
              .set("event_object_table", table.name()).set("action_condition", t.when())
              .set("action_order", order(c, t, event))
              .set("action_statement", "EXECUTE FUNCTION " + (function == null ? "" : function.name()) + "(" + arguments(t) + ")")
              .set("action_orientation", t.forEachRow() ? "ROW" : "STATEMENT").set("action_timing", t.timing() == 'b' ? "BEFORE" : t.timing() == 'a' ? "AFTER" : "INSTEAD OF")
              .set("action_reference_old_table", t.oldTable()).set("action_reference_new_table", t.newTable());
        }
      }
    }
  }

  private static String arguments(Catalog.Trigger trigger) {
    return String.join(", ", trigger.arguments().stream().map(argument -> "'" + argument.replace("'", "''") + "'").toList());
  }

  /// The place of a trigger among those that fire with it, in order of their names.
  private static int order(SystemContext c, Catalog.Trigger trigger, char event) {
    int place = 1;
    for (Catalog.Trigger other : c.catalog().triggers()) {
      boolean together = other.tableOid() == trigger.tableOid() && other.timing() == trigger.timing()
          && other.forEachRow() == trigger.forEachRow() && other.events().indexOf(event) >= 0;
      if (together && other.name().compareTo(trigger.name()) < 0) {
        place++;
      }
    }
    return place;
  }

  private static final Map<Character, String> PRIVILEGES =
      Map.of('a', "INSERT", 'r', "SELECT", 'w', "UPDATE", 'd', "DELETE", 'D', "TRUNCATE", 'x', "REFERENCES", 't', "TRIGGER");

  private static void tablePrivileges(RowSet rows, SystemContext c) {
    for (Relation relation : c.catalog().relations()) {
      if (relation.kind() != 'r' && relation.kind() != 'p' && relation.kind() != 'v') {
        continue;
      }
      List<Relation.AclItem> acl =
          relation.acl() != null ? relation.acl() : List.of(new Relation.AclItem(relation.ownerOid(), "arwdDxt", "arwdDxt", relation.ownerOid()));
      for (Relation.AclItem item : acl) {
        for (char letter : "arwdDxt".toCharArray()) {
          if (item.privileges().indexOf(letter) >= 0) {
            rows.row().set("grantor", role(c, item.grantor())).set("grantee", item.grantee() == 0 ? "PUBLIC" : role(c, item.grantee()))
                .set("table_catalog", c.databaseName()).set("table_schema", schema(c, relation.namespaceOid())).set("table_name", relation.name())
                .set("privilege_type", PRIVILEGES.get(letter))
                .yesNo("is_grantable", item.grantOptions().indexOf(letter) >= 0 || item.grantee() == relation.ownerOid()).yesNo("with_hierarchy", letter == 'r');
          }
        }
      }
    }
  }

  private static String role(SystemContext c, int oid) {
    Catalog.Role role = c.catalog().role(oid);
    return role == null ? Integer.toUnsignedString(oid) : role.name();
  }

}
