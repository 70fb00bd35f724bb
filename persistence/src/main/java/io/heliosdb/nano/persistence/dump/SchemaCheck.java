package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.ParseSettings;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.DatabaseDdl;
import io.heliosdb.nano.parse.ast.DdlStatement;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.persistence.dump.format.DumpFile;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import java.util.List;
import java.util.regex.Pattern;

/// Holds a file's schema against what a dump writes: each entry is one definition, or sets one sequence. So a file made to do harm reaches no
/// file, setting, transaction or row of the server through its schema. What it defines is another matter: functions in it run when they are
/// called, as with any script.
final class SchemaCheck {
  private static final Pattern SET_VALUE = Pattern.compile("SELECT pg_catalog\\.setval\\(E?'[^']*(?:''[^']*)*', -?\\d{1,19}, (?:true|false)\\)");

  private SchemaCheck() {}

  /// @throws SqlException XX001
  static void check(DumpFile file, DumpFile.Segment segment) {
    for (SchemaEntry entry : segment.schema()) {
      if (!isDefinition(entry.sql())) {
        throw file.damagedAt(segment.offset(), "schema entry " + entry.id() + " (" + Restorer.describe(entry) + ") is no definition");
      }
    }
  }

  private static boolean isDefinition(String sql) {
    if (SET_VALUE.matcher(sql).matches()) {
      return true;
    }
    try {
      List<ParsedStatement> parsed = Parser.parse(sql, ParseSettings.DEFAULT);
      return parsed.size() == 1 && parsed.getFirst().statement() instanceof DdlStatement statement && !(statement instanceof DatabaseDdl);
    } catch (SqlException e) {
      // Whatever it is, a dump does not write it.
      return false;
    }
  }
}
