package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import java.util.List;

/// INSERT, UPDATE and DELETE as SQL text, in the form in which PostgreSQL shows the actions of rules; see [Deparser].
final class DmlWriter {
  private final Deparser d;
  private final StringBuilder out;

  DmlWriter(Deparser deparser) {
    this.d = deparser;
    this.out = deparser.out;
  }

  /// @throws SqlException 0A000 for what has no canonical form here
  void write(Query query) {
    if (query.target == null || query.target.isView() || query.target.triggered != null || query.conflict != null) {
      throw SqlException.notSupported("canonical form of this data change");
    }
    d.indent = 0;
    int mark = d.openNames(query);
    d.queries.open(query);
    switch (query.command) {
      case INSERT -> insert(query);
      case UPDATE -> update(query);
      case DELETE -> delete(query);
      case SELECT, MERGE -> throw new IllegalStateException("no INSERT, UPDATE or DELETE");
    }
    returning(query);
    d.queries.close();
    d.closeNames(mark);
  }

  private void start() {
    if (d.indented) {
      d.indent += Deparser.INDENT_STANDARD;
      out.append(' ');
    }
  }

  private void target(Query query) {
    RangeEntry entry = query.target.base;
    Relation.Table table = (Relation.Table) d.now(query.target.table());
    String name = d.nameOf(entry);
    out.append(entry.only ? "ONLY " : "").append(d.relation(table, query));
    if (name != null && !name.equals(table.name())) {
      out.append(query.command == Query.Command.INSERT ? " AS " : " ").append(Deparser.quote(name));
    }
  }

  private String column(Query query, int attnum) {
    return ((Relation.Table) d.now(query.target.table())).column(attnum).name();
  }

  private void insert(Query query) {
    start();
    out.append("INSERT INTO ");
    target(query);
    out.append(' ');
    List<Query.Target> given = query.given;
    for (int i = 0; i < given.size(); i++) {
      out.append(i == 0 ? "(" : ", ").append(Deparser.quote(column(query, given.get(i).attnum)));
    }
    out.append(given.isEmpty() ? "" : ") ");
    if (query.overridingSystem || query.overridingUser) {
      out.append(query.overridingSystem ? "OVERRIDING SYSTEM VALUE " : "OVERRIDING USER VALUE ");
    }
    RangeEntry source = query.source;
    if (source == null) {
      if (given.isEmpty()) {
        out.append("DEFAULT VALUES");
        return;
      }
      d.keyword("VALUES (", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 2);
      values(given.stream().map(target -> target.expr).toList());
      out.append(')');
    } else if (source.kind == RangeEntry.Kind.VALUES) {
      d.keyword("VALUES ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 2);
      for (int r = 0; r < source.rows.size(); r++) {
        out.append(r > 0 ? ", (" : "(");
        List<Node> row = source.rows.get(r);
        for (int i = 0; i < row.size(); i++) {
          out.append(i > 0 ? "," : "");
          d.expressions.write(row.get(i), false);
        }
        out.append(')');
      }
    } else {
      d.queries.query(source.subquery, d.indent, List.of(), false);
    }
  }

  private void values(List<Node> values) {
    for (int i = 0; i < values.size(); i++) {
      out.append(i > 0 ? ", " : "");
      d.expressions.write(values.get(i), false);
    }
  }

  private void update(Query query) {
    start();
    out.append("UPDATE ");
    target(query);
    out.append(" SET ");
    for (int i = 0; i < query.targets.size(); i++) {
      Query.Target target = query.targets.get(i);
      if (!target.junk || target.expr instanceof Node.SubLink link && link.query.visibleTargets().size() > 1) {
        throw SqlException.notSupported("canonical form of this assignment");
      }
      out.append(i > 0 ? ", " : "").append(Deparser.quote(column(query, target.attnum))).append(" = ");
      d.expressions.write(target.expr, false);
    }
    if (!query.from.isEmpty()) {
      d.keyword(" FROM ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 2);
      d.queries.items(query);
    }
    where(query);
  }

  private void delete(Query query) {
    start();
    out.append("DELETE FROM ");
    target(query);
    if (!query.from.isEmpty()) {
      d.keyword(" USING ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 2);
      d.queries.items(query);
    }
    where(query);
  }

  private void where(Query query) {
    if (query.where != null) {
      d.keyword(" WHERE ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 1);
      d.expressions.write(query.where, false);
    }
  }

  private void returning(Query query) {
    if (!query.returning.isEmpty()) {
      d.keyword(" RETURNING", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 1);
      d.queries.targets(query.returning, List.of(), true);
    }
  }
}
