package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import java.util.LinkedHashSet;
import java.util.Set;

/// VACUUM, ANALYZE, REINDEX.
final class MaintenanceStatements {
  private MaintenanceStatements() {}

  static String vacuum(SessionCore session, UtilityExecutor utilities, UtilityStatement.Vacuum statement) {
    boolean analyze = statement.analyzeOnly();
    for (Option option : statement.options()) {
      if (option.name().equals("analyze")) {
        analyze |= OptionValues.bool(option);
      }
    }
    if (!statement.analyzeOnly() && session.transactions().inBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "VACUUM cannot run inside a transaction block");
    }
    for (UtilityStatement.VacuumTarget target : statement.targets()) {
      Relation relation = utilities.relation(target.table());
      Set<String> columns = new LinkedHashSet<>();
      for (Name column : target.columns()) {
        if (relation instanceof Relation.Table table && table.column(column.text()) == null) {
          throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + column.text() + "\" of relation \"" + relation.name() + "\" does not exist");
        }
        columns.add(column.text());
      }
      if (analyze) {
        analyze(session, relation, columns);
      }
    }
    if (analyze && statement.targets().isEmpty()) {
      for (Relation relation : session.catalog().relations()) {
        if (!(relation instanceof Relation.Table table && table.isPartitioned())) {
          analyze(session, relation, Set.of());
        }
      }
    }
    return statement.analyzeOnly() ? "ANALYZE" : "VACUUM";
  }

  /// A table, or the partitions of a partitioned one.
  private static void analyze(SessionCore session, Relation relation, Set<String> columns) {
    if (!(relation instanceof Relation.Table table)) {
      return;
    }
    if (table.isPartitioned()) {
      session.catalog().childrenOf(table.oid()).forEach(child -> analyze(session, child, columns));
    } else if (table.kind() == 'r' || table.kind() == 'm') {
      session.engine().tableStatistics().analyze(session, table, columns);
    }
  }

  static String reindex(SessionCore session, UtilityExecutor utilities, UtilityStatement.Reindex statement) {
    // Index entries are written with their rows and never decay, so there is nothing to rebuild; the name is checked all the same.
    switch (statement.kind()) {
      case INDEX, TABLE -> utilities.relation(statement.name());
      case SCHEMA, SYSTEM, DATABASE -> {}
    }
    return "REINDEX";
  }
}
