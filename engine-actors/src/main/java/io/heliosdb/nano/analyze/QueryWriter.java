package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SELECT statements as SQL text; see [Deparser].
final class QueryWriter {
  private final Deparser d;
  private final StringBuilder out;
  private final List<Query> stack = new ArrayList<>();

  QueryWriter(Deparser deparser) {
    this.d = deparser;
    this.out = deparser.out;
  }

  Query.WindowClause window(int number) {
    return stack.getLast().windows.get(number);
  }

  /// Makes the windows and WITH items of a query that is no SELECT known while its parts are written.
  void open(Query query) {
    stack.add(query);
    with(query);
  }

  void close() {
    stack.removeLast();
  }

  /// @param names column names the outside expects, empty for the query's own
  /// @param visible whether column names matter, so that unnamed expressions need none
  void query(Query query, int indent, List<String> names, boolean visible) {
    d.indent = indent;
    int mark = d.openNames(query);
    stack.add(query);
    with(query);
    if (query.setOperation != null) {
      setOperation(query.setOperation, names, visible);
      if (!query.sort.isEmpty()) {
        d.keyword(" ORDER BY ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 1);
        orderBy(query.sort, query.targets, true);
      }
    } else {
      basic(query, names, visible);
      if (!query.sort.isEmpty()) {
        d.keyword(" ORDER BY ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 1);
        orderBy(query.sort, query.targets, false);
      }
    }
    limit(query);
    locks(query);
    stack.removeLast();
    d.closeNames(mark);
  }

  private void limit(Query query) {
    if (query.offset != null) {
      d.keyword(" OFFSET ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 0);
      d.expressions.write(query.offset, false);
    }
    if (query.limit == null) {
      return;
    }
    if (query.withTies) {
      d.keyword(" FETCH FIRST ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 0);
      out.append('(');
      d.expressions.write(query.limit, false);
      out.append(") ROWS WITH TIES");
      return;
    }
    d.keyword(" LIMIT ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 0);
    if (Nodes.isNullConst(query.limit)) {
      out.append("ALL");
    } else {
      d.expressions.write(query.limit, false);
    }
  }

  private void locks(Query query) {
    for (Query.RowMark mark : query.rowMarks) {
      if (mark.pushedDown()) {
        continue;
      }
      String strength =
          switch (mark.strength()) {
            case KEY_SHARE -> " FOR KEY SHARE";
            case SHARE -> " FOR SHARE";
            case NO_KEY_UPDATE -> " FOR NO KEY UPDATE";
            case UPDATE -> " FOR UPDATE";
          };
      d.keyword(strength, -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 0);
      out.append(" OF ").append(Deparser.quote(d.nameOf(mark.entry())));
      out.append(mark.policy() == LogicalPlan.WaitPolicy.ERROR ? " NOWAIT" : mark.policy() == LogicalPlan.WaitPolicy.SKIP ? " SKIP LOCKED" : "");
    }
  }

  // ------------------------------------------------------------------------------------------ WITH

  private void with(Query query) {
    if (query.ctes.isEmpty()) {
      return;
    }
    if (d.indented) {
      d.indent += Deparser.INDENT_STANDARD;
      out.append(' ');
    }
    String separator = query.recursive ? "WITH RECURSIVE " : "WITH ";
    for (Query.Cte cte : query.ctes) {
      out.append(separator).append(Deparser.quote(cte.name));
      if (!cte.aliases.isEmpty()) {
        out.append('(').append(String.join(", ", cte.aliases.stream().map(Deparser::quote).toList())).append(')');
      }
      out.append(" AS ");
      if (cte.materialized != null) {
        out.append(cte.materialized ? "MATERIALIZED " : "NOT MATERIALIZED ");
      }
      out.append('(');
      newLine();
      int indent = d.indent;
      query(cte.query, indent, List.of(), true);
      d.indent = indent;
      newLine();
      out.append(')');
      separator = ", ";
    }
    if (d.indented) {
      d.indent -= Deparser.INDENT_STANDARD;
      d.keyword("", 0, 0, 0);
    } else {
      out.append(' ');
    }
  }

  private void newLine() {
    if (d.indented) {
      d.keyword("", 0, 0, 0);
    }
  }

  // ------------------------------------------------------------------------------------------ SELECT

  private void basic(Query query, List<String> names, boolean visible) {
    if (d.indented) {
      d.indent += Deparser.INDENT_STANDARD;
      out.append(' ');
    }
    RangeEntry values = valuesOf(query);
    if (values != null) {
      values(values);
      return;
    }
    out.append("SELECT");
    if (query.hasDistinctOn) {
      out.append(" DISTINCT ON (");
      for (int i = 0; i < query.distinct.size(); i++) {
        out.append(i > 0 ? ", " : "");
        key(query.distinct.get(i), query.targets, false);
      }
      out.append(')');
    } else if (!query.distinct.isEmpty()) {
      out.append(" DISTINCT");
    }
    targets(query.targets, names, visible);
    from(query);
    if (query.where != null) {
      d.keyword(" WHERE ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 1);
      d.expressions.write(query.where, false);
    }
    groupBy(query);
    if (query.having != null) {
      d.keyword(" HAVING ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 0);
      d.expressions.write(query.having, false);
    }
    windows(query);
  }

  /// The VALUES list that is all the query consists of, or null.
  private static @Nullable RangeEntry valuesOf(Query query) {
    if (query.from.size() != 1 || !(query.from.getFirst() instanceof Query.Leaf leaf) || leaf.entry().kind != RangeEntry.Kind.VALUES
        || query.where != null || query.targets.size() != leaf.entry().columnCount()) {
      return null;
    }
    for (int i = 0; i < query.targets.size(); i++) {
      if (!(query.targets.get(i).expr instanceof Node.Var var) || var.entry != leaf.entry() || var.attno != i + 1) {
        return null;
      }
    }
    return leaf.entry();
  }

  private void values(RangeEntry entry) {
    out.append("VALUES ");
    for (int r = 0; r < entry.rows.size(); r++) {
      out.append(r > 0 ? ", (" : "(");
      List<Node> row = entry.rows.get(r);
      for (int i = 0; i < row.size(); i++) {
        out.append(i > 0 ? "," : "");
        d.expressions.write(row.get(i), false);
      }
      out.append(')');
    }
  }

  void targets(List<Query.Target> targets, List<String> names, boolean visible) {
    String separator = "";
    int number = 0;
    for (Query.Target target : targets) {
      if (target.junk) {
        continue;
      }
      out.append(separator);
      separator = ",";
      number++;
      int start = out.length();
      String own;
      if (target.expr instanceof Node.Var var) {
        own = d.expressions.column(var, true);
      } else {
        d.expressions.write(target.expr, true);
        own = visible ? null : "?column?";
      }
      String name = names.size() >= number ? names.get(number - 1) : target.name;
      if (!name.equals(own)) {
        out.append(" AS ").append(Deparser.quote(name));
      }
      placeOnLine(start, number > 1);
    }
  }

  /// What was written from `start` on gets a line of its own unless it begins with one, or is the first item.
  private void placeOnLine(int start, boolean newLine) {
    String text = out.substring(start);
    out.setLength(start);
    if (!text.startsWith("\n")) {
      if (d.indented && newLine) {
        d.keyword("", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, Deparser.INDENT_VAR);
      } else {
        out.append(' ');
      }
    }
    out.append(text);
  }

  private void groupBy(Query query) {
    if (query.groupBy.isEmpty() && query.groupingSets == null) {
      return;
    }
    d.keyword(" GROUP BY ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 1);
    if (query.groupDistinct) {
      out.append("DISTINCT ");
    }
    if (query.groupingSets == null) {
      for (int i = 0; i < query.groupBy.size(); i++) {
        out.append(i > 0 ? ", " : "");
        key(query.groupBy.get(i), query.targets, false);
      }
      return;
    }
    for (int i = 0; i < query.groupingSets.size(); i++) {
      out.append(i > 0 ? ", " : "");
      groupingSet(query.groupingSets.get(i), query.targets, true);
    }
  }

  private void groupingSet(Query.GroupingSet set, List<Query.Target> targets, boolean omitParentheses) {
    switch (set.kind()) {
      case EMPTY -> out.append("()");
      case SIMPLE -> {
        boolean parentheses = !omitParentheses || set.keys().size() != 1;
        out.append(parentheses ? "(" : "");
        for (int i = 0; i < set.keys().size(); i++) {
          out.append(i > 0 ? ", " : "");
          key(set.keys().get(i), targets, false);
        }
        out.append(parentheses ? ")" : "");
      }
      case ROLLUP, CUBE, SETS -> {
        out.append(set.kind() == Query.GroupingSet.Kind.ROLLUP ? "ROLLUP(" : set.kind() == Query.GroupingSet.Kind.CUBE ? "CUBE(" : "GROUPING SETS (");
        for (int i = 0; i < set.elements().size(); i++) {
          out.append(i > 0 ? ", " : "");
          groupingSet(set.elements().get(i), targets, set.kind() != Query.GroupingSet.Kind.SETS);
        }
        out.append(')');
      }
    }
  }

  private void windows(Query query) {
    String separator = null;
    for (Query.WindowClause clause : query.windows) {
      if (clause.name == null) {
        continue;
      }
      if (separator == null) {
        d.keyword(" WINDOW ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 1);
      } else {
        out.append(separator);
      }
      out.append(Deparser.quote(clause.name)).append(" AS ");
      windowSpec(clause);
      separator = ", ";
    }
  }

  void windowSpec(Query.WindowClause clause) {
    out.append('(');
    boolean space = false;
    if (clause.base != null) {
      out.append(Deparser.quote(clause.base));
      space = true;
    }
    if (!clause.partitionBy.isEmpty() && clause.base == null) {
      out.append(space ? " " : "").append("PARTITION BY ");
      for (int i = 0; i < clause.partitionBy.size(); i++) {
        out.append(i > 0 ? ", " : "");
        key(clause.partitionBy.get(i), List.of(), false);
      }
      space = true;
    }
    if (!clause.orderBy.isEmpty() && !clause.copiedOrder) {
      out.append(space ? " " : "").append("ORDER BY ");
      orderBy(clause.orderBy, List.of(), false);
      space = true;
    }
    if (clause.explicitFrame) {
      out.append(space ? " " : "").append(clause.mode.name()).append(' ');
      if (clause.between) {
        out.append("BETWEEN ");
      }
      bound(clause.start, clause.startOffset);
      if (clause.between) {
        out.append(" AND ");
        bound(clause.end, clause.endOffset);
      }
      switch (clause.exclusion) {
        case NO_OTHERS -> {}
        case CURRENT_ROW -> out.append(" EXCLUDE CURRENT ROW");
        case GROUP -> out.append(" EXCLUDE GROUP");
        case TIES -> out.append(" EXCLUDE TIES");
      }
    }
    out.append(')');
  }

  private void bound(Frame.Bound bound, @Nullable Node offset) {
    if (offset != null) {
      d.expressions.write(offset, false);
      out.append(' ');
    }
    out.append(
        switch (bound) {
          case UNBOUNDED_PRECEDING -> "UNBOUNDED PRECEDING";
          case PRECEDING -> "PRECEDING";
          case CURRENT_ROW -> "CURRENT ROW";
          case FOLLOWING -> "FOLLOWING";
          case UNBOUNDED_FOLLOWING -> "UNBOUNDED FOLLOWING";
        });
  }

  // ------------------------------------------------------------------------------------------ keys

  void orderBy(List<Query.Sort> sorts, List<Query.Target> targets, boolean byNumber) {
    for (int i = 0; i < sorts.size(); i++) {
      Query.Sort sort = sorts.get(i);
      out.append(i > 0 ? ", " : "");
      key(sort, targets, byNumber);
      if (sort.ordering != null) {
        out.append(" USING ").append(d.operator(sort.ordering));
        out.append(sort.nullsFirst ? " NULLS FIRST" : " NULLS LAST");
      } else if (sort.descending) {
        out.append(sort.nullsFirst ? " DESC" : " DESC NULLS LAST");
      } else if (sort.nullsFirst) {
        out.append(" NULLS FIRST");
      }
    }
  }

  private void key(Query.Sort sort, List<Query.Target> targets, boolean byNumber) {
    Node expr = sort.target.expr;
    if (byNumber) {
      int number = 0;
      for (Query.Target target : targets) {
        number += target.junk ? 0 : 1;
        if (target == sort.target) {
          out.append(number);
          return;
        }
      }
    }
    switch (expr) {
      case Node.Const c -> d.expressions.constant(c, 1);
      case Node.Var v -> d.expressions.write(v, true);
      default -> {
        boolean parentheses = d.pretty || expr instanceof Node.Func || expr instanceof Node.Aggregate || expr instanceof Node.Window;
        out.append(parentheses ? "(" : "");
        d.expressions.write(expr, true);
        out.append(parentheses ? ")" : "");
      }
    }
  }

  // ------------------------------------------------------------------------------------------ set operations

  private void setOperation(Query.SetNode node, List<String> names, boolean visible) {
    if (node.leaf != null) {
      Query leaf = node.leaf.subquery;
      boolean parentheses = !leaf.ctes.isEmpty() || !leaf.sort.isEmpty() || leaf.limit != null || leaf.offset != null || !leaf.rowMarks.isEmpty();
      out.append(parentheses ? "(" : "");
      int indent = d.indent;
      query(leaf, indent, names, visible);
      d.indent = indent;
      out.append(parentheses ? ")" : "");
      return;
    }
    boolean leftParentheses = node.left.leaf == null && (node.left.operator != node.operator || node.left.all != node.all);
    int inner = leftParentheses ? Deparser.INDENT_STANDARD : 0;
    if (leftParentheses) {
      out.append('(');
      d.keyword("", inner, 0, 0);
    }
    setOperation(node.left, names, visible);
    if (leftParentheses) {
      d.keyword(") ", -inner, 0, 0);
    } else if (d.indented) {
      d.keyword("", -inner, 0, 0);
    } else {
      out.append(' ');
    }
    out.append(node.operator.name()).append(node.all ? " ALL " : " ");
    boolean rightParentheses = node.right.leaf == null;
    inner = rightParentheses ? Deparser.INDENT_STANDARD : 0;
    out.append(rightParentheses ? "(" : "");
    d.keyword("", inner, 0, 0);
    setOperation(node.right, names, false);
    if (d.indented) {
      d.indent -= inner;
    }
    if (rightParentheses) {
      d.keyword(")", 0, 0, 0);
    }
  }

  // ------------------------------------------------------------------------------------------ FROM

  private void from(Query query) {
    boolean first = true;
    for (Query.From item : query.from) {
      if (first) {
        d.keyword(" FROM ", -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, 2);
        item(item, query);
        first = false;
        continue;
      }
      out.append(',');
      int start = out.length();
      item(item, query);
      placeOnLine(start, true);
    }
  }

  /// The FROM items of a data change.
  void items(Query query) {
    for (int i = 0; i < query.from.size(); i++) {
      out.append(i > 0 ? ", " : "");
      item(query.from.get(i), query);
    }
  }

  private void item(Query.From item, Query query) {
    switch (item) {
      case Query.Leaf leaf -> leaf(leaf.entry(), query);
      case Query.Join join -> join(join, query);
    }
  }

  /// The versions that are read, if the text said which.
  private void version(RangeEntry entry) {
    if (entry.versions != null) {
      out.append(" VERSIONS BETWEEN ").append(entry.versions.low().kind());
      moment(entry.versions.low());
      out.append(" AND");
      moment(entry.versions.high());
    } else if (entry.asOf != null && entry.asOf.clause() != null) {
      out.append(" AS OF ").append(entry.asOf.kind());
      moment(entry.asOf);
    }
  }

  private void moment(Analysis.Moment moment) {
    if (moment.value() != null) {
      out.append(" (");
      d.expressions.write(moment.value(), false);
      out.append(')');
    }
  }

  private void leaf(RangeEntry entry, Query query) {
    if (entry.lateral && entry.kind == RangeEntry.Kind.SUBQUERY || entry.kind == RangeEntry.Kind.FUNCTION && entry.lateralUsed) {
      out.append("LATERAL ");
    }
    Relation relation = entry.view != null ? d.now(entry.view) : entry.relation != null ? d.now(entry.relation) : null;
    boolean columns = false;
    if (relation != null) {
      out.append(entry.only ? "ONLY " : "").append(d.relation(relation, query));
      version(entry);
      columns = renamed(entry, relation);
      String name = d.nameOf(entry);
      if (entry.alias != null || columns || !relation.name().equals(name)) {
        out.append(' ').append(Deparser.quote(name));
      }
    } else {
      switch (entry.kind) {
        case SUBQUERY -> {
          out.append('(');
          int indent = d.indent;
          query(entry.subquery, indent, List.of(), true);
          d.indent = indent;
          out.append(')');
        }
        case VALUES -> {
          out.append('(');
          values(entry);
          out.append(')');
        }
        case FUNCTION -> functions(entry);
        case CTE -> out.append(Deparser.quote(entry.cte.name));
        default -> throw new IllegalStateException("not in FROM: " + entry);
      }
      String name = d.nameOf(entry);
      columns = !entry.columnAliases.isEmpty() || entry.kind == RangeEntry.Kind.FUNCTION;
      if (entry.kind != RangeEntry.Kind.CTE || entry.alias != null || !name.equals(entry.cte.name)) {
        out.append(' ').append(Deparser.quote(name));
      }
    }
    boolean definitions = entry.kind == RangeEntry.Kind.FUNCTION && entry.functions.size() == 1 && !entry.functions.getFirst().definitions().isEmpty();
    if (definitions) {
      definitions(entry.functions.getFirst());
    } else if (columns) {
      List<String> names = new ArrayList<>();
      for (String name : entry.columnNames) {
        if (name != null) {
          names.add(Deparser.quote(name));
        }
      }
      out.append('(').append(String.join(", ", names)).append(')');
    }
    if (entry.sample != null) {
      out.append(" TABLESAMPLE ").append(entry.sample.method()).append(" (");
      d.expressions.list(entry.sample.arguments(), false);
      out.append(')');
      if (entry.sample.repeatable() != null) {
        out.append(" REPEATABLE (");
        d.expressions.write(entry.sample.repeatable(), false);
        out.append(')');
      }
    }
  }

  private static boolean renamed(RangeEntry entry, Relation relation) {
    for (int i = 0; i < entry.columnCount() && i < relation.columns().size(); i++) {
      String name = entry.columnNames.get(i);
      if (name != null && !name.equals(relation.columns().get(i).name())) {
        return true;
      }
    }
    return false;
  }

  private void definitions(RangeEntry.Function function) {
    out.append('(');
    boolean first = true;
    for (RangeEntry.ColumnDefinition column : function.definitions()) {
      out.append(first ? "" : ", ").append(Deparser.quote(column.name())).append(' ').append(d.type(column.type(), column.typmod()));
      if (column.collation() != 0 && column.collation() != column.type().collationOid()) {
        out.append(" COLLATE ").append(d.collation(column.collation()));
      }
      first = false;
    }
    out.append(')');
  }

  private void functions(RangeEntry entry) {
    if (entry.functions.size() == 1) {
      d.expressions.write(entry.functions.getFirst().call(), true);
    } else {
      out.append("ROWS FROM(");
      for (int i = 0; i < entry.functions.size(); i++) {
        out.append(i > 0 ? ", " : "");
        RangeEntry.Function function = entry.functions.get(i);
        d.expressions.write(function.call(), true);
        if (!function.definitions().isEmpty()) {
          out.append(" AS ");
          definitions(function);
        }
      }
      out.append(')');
    }
    if (entry.ordinality) {
      out.append(" WITH ORDINALITY");
    }
  }

  private void join(Query.Join join, Query query) {
    boolean named = join.entry.alias != null;
    boolean outer = !d.pretty || named;
    boolean right = d.pretty && join.right instanceof Query.Join inner && inner.entry.alias == null;
    out.append(outer ? "(" : "");
    item(join.left, query);
    boolean conditioned = join.condition != null;
    String word =
        switch (join.type) {
          case CROSS, INNER -> conditioned ? " JOIN " : " CROSS JOIN ";
          case LEFT -> " LEFT JOIN ";
          case RIGHT -> " RIGHT JOIN ";
          case FULL -> " FULL JOIN ";
        };
    d.keyword(word, -Deparser.INDENT_STANDARD, Deparser.INDENT_STANDARD, Deparser.INDENT_JOIN);
    out.append(right ? "(" : "");
    item(join.right, query);
    out.append(right ? ")" : "");
    if (!join.using.isEmpty()) {
      out.append(" USING (").append(String.join(", ", join.using.stream().map(Deparser::quote).toList())).append(')');
      if (join.usingAlias != null) {
        out.append(" AS ").append(Deparser.quote(join.usingAlias));
      }
    } else if (conditioned) {
      out.append(" ON ").append(d.pretty ? "" : "(");
      d.expressions.write(join.condition, false);
      out.append(d.pretty ? "" : ")");
    } else if (join.type != FromItem.JoinType.INNER && join.type != FromItem.JoinType.CROSS) {
      out.append(" ON TRUE");
    }
    out.append(outer ? ")" : "");
    if (named) {
      out.append(' ').append(Deparser.quote(join.entry.alias));
      if (!join.entry.columnAliases.isEmpty()) {
        out.append('(').append(String.join(", ", join.entry.columnNames.stream().map(Deparser::quote).toList())).append(')');
      }
    }
  }
}
