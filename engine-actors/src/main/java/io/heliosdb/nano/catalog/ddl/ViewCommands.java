package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Persistence;
import io.heliosdb.nano.catalog.Relation.View;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.TableDdl.CheckOption;
import io.heliosdb.nano.parse.ast.TableDdl.CreateView;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// CREATE [OR REPLACE] VIEW.
final class ViewCommands {
  private final Ddl ddl;

  ViewCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateView statement) {
    if (statement.query() instanceof io.heliosdb.nano.parse.ast.SelectStatement select
        && select.body() instanceof io.heliosdb.nano.parse.ast.SelectStatement.SelectCore body && body.into() != null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "views must not contain SELECT INTO");
    }
    DdlExpressions.BoundQuery query = ddl.expressions().bindQuery(statement.query(), statement.text());
    if (statement.checkOption() != CheckOption.NONE || options(statement).containsKey("check_option")) {
      checkUpdatable(query);
    }
    boolean temporary = statement.persistence() == io.heliosdb.nano.parse.ast.Persistence.TEMPORARY;
    if (!temporary && usesTemporary(query.dependencies())) {
      temporary = true;
      ddl.notice(SqlState.SUCCESSFUL_COMPLETION, "view \"" + statement.name().name() + "\" will be a temporary view");
    }
    int namespaceOid = ddl.creationNamespace(statement.name(), temporary && statement.name().schema() == null
        ? io.heliosdb.nano.parse.ast.Persistence.TEMPORARY : io.heliosdb.nano.parse.ast.Persistence.PERMANENT);
    String name = statement.name().name();
    ddl.context.lockName(ClassOids.CLASS, namespaceOid, name);
    Map<String, String> options = options(statement);
    List<Column> columns = columns(query, statement.columns(), name);
    Relation existing = ddl.catalog().relation(namespaceOid, name);
    if (existing != null && statement.orReplace()) {
      replace(existing, columns, query, options);
      return "CREATE VIEW";
    }
    ddl.checkNameFree(namespaceOid, name);
    ddl.checkTypeNameFree(namespaceOid, name);
    int oid = ddl.nextOid();
    int rowType = RowTypes.create(ddl, oid, name, namespaceOid);
    View view = new View(oid, name, namespaceOid, ddl.user(), 0, temporary ? Persistence.TEMPORARY : Persistence.PERMANENT, columns,
        query.text(), rowType, ddl.nextOid(), List.of(), null, false, false,
        DefaultPrivileges.of(ddl, 'r', ddl.user(), namespaceOid), Map.of());
    ddl.put(Relations.withOptions(view, options));
    ddl.putDependencies(ObjectAddress.of(ClassOids.REWRITE, view.ruleOid()), query.dependencies());
    return "CREATE VIEW";
  }

  boolean usesTemporary(Set<ObjectAddress> dependencies) {
    for (ObjectAddress address : dependencies) {
      Relation relation = address.classOid() == ClassOids.CLASS ? ddl.catalog().relation(address.objectOid()) : null;
      if (relation != null && Relations.isTemporary(relation, ddl.catalog())) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, String> options(CreateView statement) {
    Map<String, String> options = IndexCommands.options(statement.options());
    checkOptions(options);
    if (statement.checkOption() != CheckOption.NONE) {
      options.put("check_option", statement.checkOption() == CheckOption.LOCAL ? "local" : "cascaded");
    }
    return options;
  }

  static void checkOptions(Map<String, String> options) {
    options.forEach((option, value) -> {
      switch (option) {
        case "check_option" -> {
          if (!value.equals("local") && !value.equals("cascaded")) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for enum option \"check_option\": " + value)
                .withDetail("Valid values are \"local\" and \"cascaded\".");
          }
        }
        case "security_barrier", "security_invoker" -> {
          if (!Set.of("true", "false", "on", "off", "yes", "no", "1", "0", "t", "f", "y", "n").contains(value)) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for boolean option \"" + option + "\": " + value);
          }
        }
        default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + option + "\"");
      }
    });
  }

  private static void checkUpdatable(DdlExpressions.BoundQuery query) {
    if (query.notUpdatable() != null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "WITH CHECK OPTION is supported only on automatically updatable views")
          .withHint(query.notUpdatable());
    }
  }

  void checkUpdatable(View view) {
    checkUpdatable(ddl.expressions().bindQuery(io.heliosdb.nano.parse.Parser.parse(view.definition().strip()).getFirst().statement(),
        view.definition()));
  }

  /// The columns of a view (or materialized view, or CREATE TABLE AS): the query's, renamed by the list.
  List<Column> columns(DdlExpressions.BoundQuery query, List<Name> names, String viewName) {
    if (names.size() > query.columns().size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "CREATE VIEW specifies more column names than columns");
    }
    List<Column> columns = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (DdlExpressions.QueryColumn column : query.columns()) {
      int attnum = columns.size() + 1;
      String name = attnum <= names.size() ? names.get(attnum - 1).text() : column.name();
      if (!seen.add(name)) {
        throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once");
      }
      PgType type = column.type().oid() == PgTypes.UNKNOWN.oid() ? PgTypes.TEXT : column.type();
      if (type.kind() == PgType.PSEUDO) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "column \"" + name + "\" has pseudo-type " + ddl.format(type));
      }
      ColumnBuilder builder = new ColumnBuilder(name, attnum, type.oid());
      builder.typmod = column.typmod();
      builder.collationOid = type == column.type() ? column.collationOid() : PgTypes.DEFAULT_COLLATION;
      columns.add(builder.build());
    }
    return columns;
  }

  private void replace(Relation existing, List<Column> columns, DdlExpressions.BoundQuery query, Map<String, String> options) {
    if (!(existing instanceof View old)) {
      throw Ddl.wrongKind(existing, "a view");
    }
    ddl.checkOwner(old);
    ddl.lock(old, TableLock.ACCESS_EXCLUSIVE);
    checkReplaceable(old, columns);
    List<Column> merged = new ArrayList<>();
    for (Column column : columns) {
      ColumnBuilder builder = column.toBuilder();
      if (column.attnum() <= old.columns().size()) {
        Column before = old.columns().get(column.attnum() - 1);
        builder.defaultValue(before.defaultExpression(), before.defaultOid());
        builder.acl = before.acl();
      }
      merged.add(builder.build());
    }
    View view = new View(old.oid(), old.name(), old.namespaceOid(), old.ownerOid(), 0, old.persistence(), merged, query.text(),
        old.rowTypeOid(), old.ruleOid(), old.triggerOids(), null, false, false, old.acl(), Map.of());
    ddl.put(Relations.withOptions(view, options));
    ddl.putDependencies(ObjectAddress.of(ClassOids.REWRITE, old.ruleOid()), query.dependencies());
  }

  private void checkReplaceable(View old, List<Column> columns) {
    if (columns.size() < old.columns().size()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot drop columns from view");
    }
    for (Column before : old.columns()) {
      Column after = columns.get(before.attnum() - 1);
      if (!before.name().equals(after.name())) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
            "cannot change name of view column \"" + before.name() + "\" to \"" + after.name() + "\"")
            .withHint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.");
      }
      if (before.typeOid() != after.typeOid() || before.typmod() != after.typmod()) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot change data type of view column \"" + before.name() + "\" from "
            + Typmods.formatType(before.typeOid(), before.typmod(), ddl.catalog()) + " to "
            + Typmods.formatType(after.typeOid(), after.typmod(), ddl.catalog()));
      }
      if (before.collationOid() != after.collationOid()) {
        throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "cannot change collation of view column \"" + before.name() + "\" from \""
            + collationName(before) + "\" to \"" + collationName(after) + "\"");
      }
    }
  }

  private String collationName(Column column) {
    var collation = ddl.catalog().collation(column.collationOid());
    return collation == null ? "" : collation.name();
  }

  /// ALTER VIEW … ALTER COLUMN … SET or (with null) DROP DEFAULT.
  void setDefault(View view, String columnName, DdlExpressions.@Nullable Bound bound) {
    Column column = Ddl.column(view, columnName);
    if (column.defaultOid() != 0) {
      ddl.putDependencies(ObjectAddress.of(ClassOids.ATTRDEF, column.defaultOid()), List.of());
    }
    ColumnBuilder builder = column.toBuilder();
    builder.defaultValue(bound == null ? null : bound.text(), bound == null ? 0 : ddl.nextOid());
    List<Column> columns = new ArrayList<>(view.columns());
    columns.set(column.attnum() - 1, builder.build());
    ddl.put(Relations.withColumns(view, columns));
    if (bound != null) {
      ddl.putDependencies(ObjectAddress.of(ClassOids.ATTRDEF, builder.defaultOid), bound.dependencies());
    }
  }
}
