package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.session.Session;
import java.util.ArrayList;
import java.util.List;

/// Proves the CHECK constraints and domains of a table whose rows were written past them: the rows of a file are what someone says that
/// they were.
/// One pass over the table, none where there is nothing to prove. (NOT NULL is checked as rows are made; keys and foreign keys when they
/// are added.)
///
/// Errors: 23514 `check constraint … of relation … is violated by some row`, or the domain's.
final class ConstraintProof {
  private static final String CHECKS = " FROM pg_catalog.pg_constraint WHERE contype = 'c' AND convalidated AND conrelid = ";
  private static final String DOMAINS =
      "SELECT string_agg(pg_catalog.format('count(CAST(CAST(%I AS %s) AS %s))', a.attname, pg_catalog.format_type(t.typbasetype, t.typtypmod), pg_catalog.format_type(t.oid, NULL)), ', ')"
          + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE t.typtype = 'd' AND a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ";

  private ConstraintProof() {}

  /// @param table its name in SQL text
  static void run(Session session, String table) {
    session.work(
        work -> {
          String oid = "'" + table.replace("'", "''") + "'::pg_catalog.regclass";
          int count = Integer.parseInt(String.valueOf(work.text("SELECT count(*)" + CHECKS + oid)));
          List<String> names = new ArrayList<>();
          List<String> columns = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            String which = CHECKS + oid + " ORDER BY conname LIMIT 1 OFFSET " + i;
            names.add(String.valueOf(work.text("SELECT conname" + which)));
            // A check that gives NULL holds; of no rows there is nothing to violate it.
            columns.add("coalesce(bool_or((" + work.text("SELECT pg_catalog.pg_get_expr(conbin, conrelid)" + which)
                + ") IS FALSE), false)");
          }
          String domains = work.text(DOMAINS + oid);
          if (domains != null) {
            columns.add(domains);
          }
          if (columns.isEmpty()) {
            return Boolean.TRUE;
          }
          String found = String.valueOf(work.text("SELECT pg_catalog.concat_ws(',', " + String.join(", ", columns) + ") FROM ONLY "
              + table));
          String[] results = found.split(",");
          for (int i = 0; i < names.size() && i < results.length; i++) {
            if (results[i].equals("t")) {
              throw new SqlException(SqlState.CHECK_VIOLATION, "check constraint \"" + names.get(i) + "\" of relation \"" + table
                  + "\" is violated by some row")
                  .withHint("The file's rows are not what its schema says; restore without verifying only what you trust.");
            }
          }
          return Boolean.TRUE;
        });
  }
}
