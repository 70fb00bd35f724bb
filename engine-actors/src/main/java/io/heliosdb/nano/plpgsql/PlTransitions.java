package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ParseSettings;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.WithClause;
import io.heliosdb.nano.parse.ast.WithClause.CommonTableExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Transition tables of triggers: a query that names one gets it as a common table expression over the rows in a hidden variable.
final class PlTransitions {
  private PlTransitions() {}

  static Preparable add(Preparable statement, String text, Map<String, PlVariable> tables) {
    List<CommonTableExpression> added = new ArrayList<>();
    String lower = text.toLowerCase(Locale.ROOT);
    for (Map.Entry<String, PlVariable> table : tables.entrySet()) {
      if (lower.contains(table.getKey().toLowerCase(Locale.ROOT))) {
        String query = "SELECT * FROM unnest(\"" + table.getValue().name + "\")";
        Preparable rows = (Preparable) Parser.parseSingle(query, ParseSettings.DEFAULT).statement();
        added.add(new CommonTableExpression(new Name(table.getKey(), 0), List.of(), null, rows, null, null, 0));
      }
    }
    return added.isEmpty() ? statement : with(statement, added);
  }

  private static WithClause clause(WithClause before, List<CommonTableExpression> added) {
    List<CommonTableExpression> all = new ArrayList<>(added);
    if (before != null) {
      all.addAll(before.tables());
    }
    return new WithClause(before != null && before.recursive(), List.copyOf(all), before == null ? 0 : before.position());
  }

  private static Preparable with(Preparable statement, List<CommonTableExpression> added) {
    WithClause with = clause(statement.with(), added);
    return switch (statement) {
      case SelectStatement s -> new SelectStatement(with, s.body(), s.orderBy(), s.limit(), s.locking(), s.position());
      case DmlStatement.Insert s ->
          new DmlStatement.Insert(with, s.table(), s.alias(), s.targets(), s.overriding(), s.query(), s.onConflict(), s.returning(), s.position());
      case DmlStatement.Update s ->
          new DmlStatement.Update(with, s.table(), s.only(), s.alias(), s.assignments(), s.from(), s.where(), s.returning(), s.position());
      case DmlStatement.Delete s ->
          new DmlStatement.Delete(with, s.table(), s.only(), s.alias(), s.using(), s.where(), s.returning(), s.position());
      case DmlStatement.Merge s ->
          new DmlStatement.Merge(with, s.table(), s.only(), s.alias(), s.source(), s.condition(), s.whens(), s.position());
    };
  }
}
