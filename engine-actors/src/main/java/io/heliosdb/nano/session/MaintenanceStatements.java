package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import java.util.ArrayList;
import java.util.List;

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
      throw new io.heliosdb.nano.error.SqlException(
          io.heliosdb.nano.error.SqlState.ACTIVE_SQL_TRANSACTION, "VACUUM cannot run inside a transaction block");
    }
    List<Relation> targets = new ArrayList<>();
    for (UtilityStatement.VacuumTarget target : statement.targets()) {
      targets.add(utilities.relation(target.table()));
    }
    if (statement.targets().isEmpty()) {
      targets.addAll(session.catalog().relations());
    }
    if (analyze) {
      for (Relation relation : targets) {
        if (relation instanceof Relation.Table table && (table.kind() == 'r' || table.kind() == 'm')) {
          session.engine().tableStatistics().analyze(session, table);
        }
      }
    }
    return statement.analyzeOnly() ? "ANALYZE" : "VACUUM";
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
