package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.StatisticsObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.AlterStatistics;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateStatistics;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.StatisticsElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// CREATE STATISTICS and ALTER STATISTICS: definitions of extended statistics are kept and shown; the planner does not gather them.
final class StatisticsCommands {
  private static final int ELEMENTS_MAX = 8;

  private final Ddl ddl;

  StatisticsCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateStatistics statement) {
    if (statement.from().size() != 1 || !(statement.from().getFirst() instanceof FromItem.Table from)) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "only a single relation is allowed in CREATE STATISTICS");
    }
    Relation relation = ddl.relation(from.name());
    if (!(relation instanceof Table table)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot define statistics for relation \"" + relation.name() + "\"")
          .withDetail(IndexCommands.detail(relation));
    }
    ddl.checkOwner(table);
    int namespaceOid = ddl.creationNamespace(statement.name());
    String name = statement.name().name();
    if (exists(namespaceOid, name)) {
      if (statement.ifNotExists()) {
        ddl.skipping(SqlState.DUPLICATE_OBJECT, "statistics object \"" + name + "\" already exists");
        return "CREATE STATISTICS";
      }
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "statistics object \"" + name + "\" already exists");
    }
    if (statement.elements().size() > ELEMENTS_MAX) {
      throw new SqlException(SqlState.TOO_MANY_COLUMNS, "cannot have more than " + ELEMENTS_MAX + " columns in statistics");
    }
    List<Integer> columns = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    for (StatisticsElement element : statement.elements()) {
      if (element.column() != null) {
        columns.add(column(ddl, table, element.column(), columns));
      } else {
        expressions.add(ddl.expressions().bind(element.expression().expression(), table, DdlExpressions.Use.STATISTICS, null, -1).text());
      }
    }
    String kinds = kinds(statement.kinds(), columns, expressions);
    columns.sort(null);
    ddl.put(new StatisticsObject(ddl.nextOid(), name, namespaceOid, ddl.user(), table.oid(), columns, expressions, kinds, -1, 0));
    return "CREATE STATISTICS";
  }

  private boolean exists(int namespaceOid, String name) {
    for (StatisticsObject other : ddl.catalog().<StatisticsObject>objects(ObjectClass.STATISTICS_OBJECT)) {
      if (other.namespaceOid() == namespaceOid && other.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static int column(Ddl ddl, Table table, String name, List<Integer> known) {
    Relation.Column column = table.column(name);
    if (column == null) {
      if (ColumnPlan.SYSTEM_COLUMNS.contains(name)) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "statistics creation on system columns is not supported");
      }
      throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist");
    }
    if (!OperatorClasses.ordered(ddl.catalog().byOid(column.typeOid()))) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "column \"" + name + "\" cannot be used in statistics because its type "
          + ddl.format(ddl.catalog().byOid(column.typeOid())) + " has no default btree operator class");
    }
    if (known.contains(column.attnum())) {
      throw new SqlException(SqlState.DUPLICATE_COLUMN, "duplicate column name in statistics definition");
    }
    return column.attnum();
  }

  /// The letters of `pg_statistic_ext.stxkind`.
  private static String kinds(List<String> wanted, List<Integer> columns, List<String> expressions) {
    boolean single = columns.isEmpty() && expressions.size() == 1;
    if (single && !wanted.isEmpty()) {
      throw new SqlException(
          SqlState.SYNTAX_ERROR, "when building statistics on a single expression, statistics kinds may not be specified");
    }
    StringBuilder kinds = new StringBuilder();
    Set<String> names = Set.copyOf(wanted);
    for (String kind : wanted) {
      if (!List.of("ndistinct", "dependencies", "mcv").contains(kind)) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "unrecognized statistics kind \"" + kind + "\"");
      }
    }
    if (columns.size() + expressions.size() < 2 && !single) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "extended statistics require at least 2 columns");
    }
    if (!single) {
      kinds.append(wanted.isEmpty() || names.contains("ndistinct") ? "d" : "");
      kinds.append(wanted.isEmpty() || names.contains("dependencies") ? "f" : "");
      kinds.append(wanted.isEmpty() || names.contains("mcv") ? "m" : "");
    }
    return kinds.append(expressions.isEmpty() ? "" : "e").toString();
  }

  String alter(AlterStatistics statement) {
    ObjectLookup.Found found = new ObjectLookup(ddl).find(ObjectKind.STATISTICS, new ObjectReference.Named(statement.name()), statement.ifExists());
    StatisticsObject old = found == null ? null : stored(found.address());
    if (old != null) {
      ddl.checkOwner(old.ownerOid(), "statistics object", old.name());
      ddl.put(new StatisticsObject(old.oid(), old.name(), old.namespaceOid(), old.ownerOid(), old.tableOid(), old.columns(), old.expressions(),
          old.kinds(), statement.target(), 0));
    }
    return "ALTER STATISTICS";
  }

  void rename(ObjectAddress address, String name) {
    StatisticsObject old = stored(address);
    if (exists(old.namespaceOid(), name)) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "statistics object \"" + name + "\" already exists in schema \""
          + ddl.namespaceName(old.namespaceOid()) + "\"");
    }
    ddl.put(new StatisticsObject(old.oid(), name, old.namespaceOid(), old.ownerOid(), old.tableOid(), old.columns(), old.expressions(),
        old.kinds(), old.target(), 0));
  }

  private @Nullable StatisticsObject stored(ObjectAddress address) {
    return ddl.catalog().object(ObjectClass.STATISTICS_OBJECT, ObjectAddress.of(ClassOids.STATISTIC_EXT, address.objectOid()))
        instanceof StatisticsObject object ? object : null;
  }
}
