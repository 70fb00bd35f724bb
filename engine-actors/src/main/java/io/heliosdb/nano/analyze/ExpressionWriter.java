package io.heliosdb.nano.analyze;

import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Expressions as SQL text; see [Deparser].
final class ExpressionWriter {
  private final Deparser d;
  private final StringBuilder out;

  ExpressionWriter(Deparser deparser) {
    this.d = deparser;
    this.out = deparser.out;
  }

  /// @param showImplicit whether casts that the analyzer added are written
  void write(Node node, boolean showImplicit) {
    switch (node) {
      case Node.Const c -> constant(c, 0);
      case Node.Param p -> out.append('$').append(p.number);
      case Node.Var v -> column(v, false);
      case Node.Func f -> function(f, showImplicit);
      case Node.Op o -> operator(o);
      case Node.Bool b -> bool(b);
      case Node.NullTest t -> {
        open();
        nested(t.argument, true, t);
        out.append(t.negated ? " IS NOT NULL" : " IS NULL");
        close();
      }
      case Node.BooleanTest t -> {
        open();
        nested(t.argument, false, t);
        out.append(t.negated ? " IS NOT " : " IS ").append(t.test == null ? "UNKNOWN" : t.test ? "TRUE" : "FALSE");
        close();
      }
      case Node.Distinct x -> distinct(x);
      case Node.NullIf n -> {
        out.append("NULLIF(");
        write(n.equality.arguments.get(0), true);
        out.append(", ");
        write(n.equality.arguments.get(1), true);
        out.append(')');
      }
      case Node.Case c -> caseExpression(c);
      case Node.CaseTest t -> out.append("VALUE");
      case Node.Coalesce c -> call("COALESCE", c.arguments);
      case Node.MinMax m -> call(m.greatest ? "GREATEST" : "LEAST", m.arguments);
      case Node.Array a -> {
        out.append("ARRAY[");
        list(a.elements, true);
        out.append(']');
        if (a.elements.isEmpty()) {
          out.append("::").append(d.type(a.type(), -1));
        }
      }
      case Node.Row r -> {
        out.append("ROW(");
        list(r.fields, true);
        out.append(')');
        if (r.form == Form.EXPLICIT_CAST && r.type().oid() != PgTypes.RECORD.oid()) {
          out.append("::").append(d.type(r.type(), -1));
        }
      }
      case Node.RowCompare r -> rowCompare(r);
      case Node.ArrayOp a -> {
        open();
        nested(a.left, true, a);
        out.append(' ').append(d.operator(a.operator)).append(a.all ? " ALL (" : " ANY (");
        nested(a.array, true, a);
        if (a.array instanceof Node.SubLink link && link.kind == Node.LinkKind.EXPR) {
          out.append("::").append(d.type(a.array.type(), a.array.typmod));
        }
        out.append(')');
        close();
      }
      case Node.Subscript s -> subscript(s);
      case Node.FieldSelect f -> {
        boolean bare = f.argument instanceof Node.Subscript || f.argument instanceof Node.FieldSelect;
        out.append(bare ? "" : "(");
        write(f.argument, true);
        out.append(bare ? "" : ")").append('.').append(Deparser.quote(f.name));
      }
      case Node.FieldStore f -> write(f.value, showImplicit);
      case Node.Relabel r -> coercion(r, r.argument, r.form, showImplicit, r.typmod);
      case Node.IoCast c -> coercion(c, c.argument, c.form, showImplicit, -1);
      case Node.ArrayCoerce a -> coercion(a, a.argument, a.form, showImplicit, a.typmod);
      case Node.TypmodCoerce t -> coercion(t, t.argument, t.form, showImplicit, t.typmod);
      case Node.DomainCoerce c -> coercion(c, c.argument, c.form, showImplicit, c.typmod);
      case Node.RowConvert r -> coercion(r, r.argument, Form.IMPLICIT_CAST, showImplicit, -1);
      case Node.Collate c -> {
        open();
        nested(c.argument, showImplicit, c);
        out.append(" COLLATE ").append(d.collation(c.collation));
        close();
      }
      case Node.SubLink s -> subLink(s);
      case Node.LinkColumn l -> out.append("column").append(l.index + 1);
      case Node.Aggregate a -> aggregate(a);
      case Node.Window w -> window(w);
      case Node.Grouping g -> call("GROUPING", g.arguments);
      case Node.CurrentOf c -> out.append("CURRENT OF ").append(Deparser.quote(c.cursor));
      case Node.Default x -> out.append("DEFAULT");
      case Node.SessionValue s -> out.append(s.text);
      case Node.Named n -> {
        out.append(Deparser.quote(n.name)).append(" => ");
        write(n.value, showImplicit);
      }
    }
  }

  private void open() {
    if (!d.pretty) {
      out.append('(');
    }
  }

  private void close() {
    if (!d.pretty) {
      out.append(')');
    }
  }

  /// Writes an operand, in parentheses where pretty printing needs them.
  private void nested(Node node, boolean showImplicit, Node parent) {
    boolean parenthesized = d.pretty && !isSimple(node, parent);
    if (parenthesized) {
      out.append('(');
    }
    write(node, showImplicit);
    if (parenthesized) {
      out.append(')');
    }
  }

  void list(List<? extends Node> nodes, boolean showImplicit) {
    for (int i = 0; i < nodes.size(); i++) {
      if (i > 0) {
        out.append(", ");
      }
      write(nodes.get(i), showImplicit);
    }
  }

  private void call(String name, List<Node> arguments) {
    out.append(name).append('(');
    list(arguments, true);
    out.append(')');
  }

  // ------------------------------------------------------------------------------------------ leaves

  /// @param top whether it stands alone in a select list, where a whole row shows its type
  /// @return the column's own name, null for a whole row
  @Nullable String column(Node.Var var, boolean top) {
    RangeEntry entry = var.entry;
    if (entry.kind == RangeEntry.Kind.JOIN && entry.alias == null && var.attno > 0) {
      Node column = entry.joinColumns.get(var.attno - 1);
      if (column instanceof Node.Var inner) {
        return column(inner, top);
      }
      String name = entry.columnNames.get(var.attno - 1);
      out.append(Deparser.quote(name));
      return name;
    }
    String name = d.nameOf(entry);
    String column = var.attno > 0 ? entry.columnNames.get(var.attno - 1) : var.attno < 0 ? SystemColumns.name(var.attno) : null;
    if (name != null && (d.prefixColumns || column == null)) {
      out.append(Deparser.quote(name)).append('.');
    }
    if (column != null) {
      out.append(Deparser.quote(column));
    } else {
      out.append('*');
      if (top) {
        out.append("::").append(d.type(var.type(), -1));
      }
    }
    return column;
  }

  /// @param showType 0 where ambiguous, 1 always, -1 never
  void constant(Node.Const c, int showType) {
    PgType type = c.type();
    if (c.value == null) {
      out.append("NULL");
      if (showType >= 0 && type.oid() != PgTypes.UNKNOWN.oid()) {
        out.append("::").append(d.type(type, c.typmod));
      }
      return;
    }
    String text = type.oid() == PgTypes.UNKNOWN.oid() ? (String) c.value : TypeIo.toText(type, c.value, d.analysis.context.io());
    boolean label = false;
    switch (type.oid()) {
      case 23 -> {
        label = text.startsWith("-");
        out.append(label ? "'" + text + "'" : text);
      }
      case 1700 -> {
        boolean plain = Character.isDigit(text.charAt(0)) && (text.indexOf('e') >= 0 || text.indexOf('E') >= 0 || text.indexOf('.') >= 0);
        label = !plain || c.typmod >= 0;
        out.append(plain ? text : "'" + text + "'");
      }
      case 16 -> out.append(text.equals("t") ? "true" : "false");
      case 705 -> out.append(Deparser.literal(text));
      default -> {
        label = true;
        out.append(Deparser.literal(text));
      }
    }
    if (showType >= 0 && (label || showType > 0)) {
      out.append("::").append(d.type(type, c.typmod));
    }
  }

  // ------------------------------------------------------------------------------------------ functions and operators

  private void operator(Node.Op o) {
    open();
    if (o.arguments.size() == 2) {
      nested(o.arguments.get(0), true, o);
      out.append(' ').append(d.operator(o.operator)).append(' ');
      nested(o.arguments.get(1), true, o);
    } else {
      out.append(d.operator(o.operator)).append(' ');
      nested(o.arguments.get(0), true, o);
    }
    close();
  }

  private void bool(Node.Bool b) {
    open();
    if (b.kind == Node.BoolKind.NOT) {
      out.append("NOT ");
      nested(b.arguments.getFirst(), false, b);
    } else {
      for (int i = 0; i < b.arguments.size(); i++) {
        if (i > 0) {
          out.append(b.kind == Node.BoolKind.AND ? " AND " : " OR ");
        }
        nested(b.arguments.get(i), false, b);
      }
    }
    close();
  }

  private void distinct(Node.Distinct x) {
    if (x.negated) {
      open();
      out.append("NOT ");
      if (d.pretty) {
        out.append('(');
      }
    }
    open();
    nested(x.equality.arguments.get(0), true, x);
    out.append(" IS DISTINCT FROM ");
    nested(x.equality.arguments.get(1), true, x);
    close();
    if (x.negated) {
      if (d.pretty) {
        out.append(')');
      }
      close();
    }
  }

  private void rowCompare(Node.RowCompare r) {
    out.append("(ROW(");
    for (int i = 0; i < r.columns.size(); i++) {
      out.append(i > 0 ? ", " : "");
      write(r.columns.get(i).arguments.get(0), true);
    }
    out.append(") ").append(r.operatorName).append(" ROW(");
    for (int i = 0; i < r.columns.size(); i++) {
      out.append(i > 0 ? ", " : "");
      write(r.columns.get(i).arguments.get(1), true);
    }
    out.append("))");
  }

  private void function(Node.Func f, boolean showImplicit) {
    if (f.form == Form.IMPLICIT_CAST && !showImplicit) {
      nested(f.arguments.getFirst(), false, f);
      return;
    }
    if (f.form == Form.EXPLICIT_CAST || f.form == Form.IMPLICIT_CAST) {
      castTo(f.arguments.getFirst(), f.type(), castTypmod(f), f);
      return;
    }
    if (f.sqlSyntax && SqlSyntaxWriter.write(d, this, f)) {
      return;
    }
    out.append(d.function(f.function)).append('(');
    for (int i = 0; i < f.arguments.size() - f.defaulted; i++) {
      out.append(i > 0 ? ", " : "");
      if (f.variadic && i == f.arguments.size() - 1) {
        out.append("VARIADIC ");
      }
      write(f.arguments.get(i), true);
    }
    out.append(')');
  }

  /// A length coercion through a cast function has the modifier as its second argument.
  private static int castTypmod(Node.Func f) {
    return f.arguments.size() >= 2 && f.arguments.get(1) instanceof Node.Const c && c.value instanceof Integer typmod ? typmod : -1;
  }

  private void coercion(Node node, Node argument, Form form, boolean showImplicit, int typmod) {
    if (form == Form.IMPLICIT_CAST && !showImplicit) {
      nested(argument, false, node);
    } else {
      castTo(argument, node.type(), typmod, node);
    }
  }

  private void castTo(Node argument, PgType type, int typmod, Node parent) {
    if (argument instanceof Node.Const c && c.type().equals(type) && c.typmod == -1) {
      constant(c, -1);
    } else {
      open();
      nested(argument, false, parent);
      close();
    }
    out.append("::").append(d.type(type, typmod));
  }

  private void caseExpression(Node.Case c) {
    d.keyword("CASE", 0, Deparser.INDENT_VAR, 0);
    if (c.operand != null) {
      out.append(' ');
      write(c.operand, true);
    }
    for (Node.CaseBranch branch : c.branches) {
      Node condition = branch.condition();
      if (c.operand != null && condition instanceof Node.Op op && op.arguments.size() == 2) {
        condition = op.arguments.get(1);
      }
      space();
      d.keyword("WHEN ", 0, 0, 0);
      write(condition, false);
      out.append(" THEN ");
      write(branch.result(), true);
    }
    space();
    d.keyword("ELSE ", 0, 0, 0);
    write(c.otherwise, true);
    space();
    d.keyword("END", -Deparser.INDENT_VAR, 0, 0);
  }

  private void space() {
    if (!d.indented) {
      out.append(' ');
    }
  }

  private void subscript(Node.Subscript s) {
    boolean bare = s.container instanceof Node.Var || s.container instanceof Node.FieldSelect;
    out.append(bare ? "" : "(");
    write(s.container, true);
    out.append(bare ? "" : ")");
    for (Node.Index index : s.indexes) {
      out.append('[');
      if (index.slice()) {
        if (index.lower() != null) {
          write(index.lower(), false);
        }
        out.append(':');
      }
      if (index.upper() != null) {
        write(index.upper(), false);
      }
      out.append(']');
    }
  }

  // ------------------------------------------------------------------------------------------ aggregates, windows, sub-queries

  private void aggregate(Node.Aggregate a) {
    out.append(d.function(a.function)).append('(');
    if (a.isDistinct) {
      out.append("DISTINCT ");
    }
    if (a.withinGroup) {
      list(a.direct, true);
      out.append(") WITHIN GROUP (ORDER BY ");
      d.queries.orderBy(a.orderBy, List.of(), false);
    } else {
      if (a.star) {
        out.append('*');
      }
      boolean first = true;
      int last = -1;
      for (int i = 0; i < a.arguments.size(); i++) {
        last = a.arguments.get(i).junk ? last : i;
      }
      for (int i = 0; i < a.arguments.size(); i++) {
        if (!a.arguments.get(i).junk) {
          out.append(first ? "" : ", ");
          if (a.variadic && i == last) {
            out.append("VARIADIC ");
          }
          write(a.arguments.get(i).expr, true);
          first = false;
        }
      }
      if (!a.orderBy.isEmpty()) {
        out.append(" ORDER BY ");
        d.queries.orderBy(a.orderBy, List.of(), false);
      }
    }
    out.append(')');
    if (a.filter != null) {
      out.append(" FILTER (WHERE ");
      write(a.filter, false);
      out.append(')');
    }
  }

  private void window(Node.Window w) {
    out.append(d.function(w.function)).append('(');
    if (w.star) {
      out.append('*');
    }
    for (int i = 0; i < w.arguments.size(); i++) {
      out.append(i > 0 ? ", " : "");
      if (w.variadic && i == w.arguments.size() - 1) {
        out.append("VARIADIC ");
      }
      write(w.arguments.get(i), true);
    }
    out.append(')');
    if (w.filter != null) {
      out.append(" FILTER (WHERE ");
      write(w.filter, false);
      out.append(')');
    }
    out.append(" OVER ");
    Query.WindowClause clause = d.queries.window(w.window);
    if (clause.name != null) {
      out.append(Deparser.quote(clause.name));
    } else {
      d.queries.windowSpec(clause);
    }
  }

  private void subLink(Node.SubLink s) {
    out.append(s.kind == Node.LinkKind.ARRAY ? "ARRAY(" : "(");
    String operator = null;
    if (s.test != null) {
      operator = s.operatorName;
      switch (s.test) {
        case Node.Op op -> write(op.arguments.getFirst(), true);
        case Node.Bool bool -> {
          out.append('(');
          for (int i = 0; i < bool.arguments.size(); i++) {
            out.append(i > 0 ? ", " : "");
            write(((Node.Op) bool.arguments.get(i)).arguments.getFirst(), true);
          }
          out.append(')');
        }
        case Node.RowCompare compare -> {
          out.append('(');
          for (int i = 0; i < compare.columns.size(); i++) {
            out.append(i > 0 ? ", " : "");
            write(compare.columns.get(i).arguments.getFirst(), true);
          }
          out.append(')');
        }
        default -> {}
      }
    }
    boolean inner = true;
    switch (s.kind) {
      case EXISTS -> out.append("EXISTS ");
      case ANY -> out.append("=".equals(operator) ? " IN " : " " + operator + " ANY ");
      case ALL -> out.append(" ").append(operator).append(" ALL ");
      case ROW_COMPARE -> out.append(" ").append(operator).append(" ");
      case EXPR, ARRAY -> inner = false;
    }
    out.append(inner ? "(" : "");
    int indent = d.indent;
    boolean prefix = d.prefixColumns;
    d.prefixColumns = true;
    d.queries.query(s.query, indent, List.of(), false);
    d.prefixColumns = prefix;
    d.indent = indent;
    out.append(inner ? "))" : ")");
  }

  // ------------------------------------------------------------------------------------------ precedence

  /// Whether `node` needs no parentheses as an operand of `parent`.
  private boolean isSimple(Node node, Node parent) {
    return switch (node) {
      case Node.Op op -> {
        if (parent instanceof Node.Op outer) {
          yield simpleOperator(op, outer);
        }
        yield hasOwnParentheses(parent) || parent instanceof Node.Bool;
      }
      case Node.SubLink s -> hasOwnParentheses(parent) || parent instanceof Node.Bool;
      case Node.NullTest t -> hasOwnParentheses(parent) || parent instanceof Node.Bool;
      case Node.BooleanTest t -> hasOwnParentheses(parent) || parent instanceof Node.Bool;
      case Node.Distinct x -> !x.negated && (hasOwnParentheses(parent) || parent instanceof Node.Bool);
      case Node.Bool b -> {
        if (parent instanceof Node.Bool outer) {
          yield b.kind == Node.BoolKind.OR ? outer.kind == Node.BoolKind.OR : outer.kind != Node.BoolKind.NOT;
        }
        yield hasOwnParentheses(parent);
      }
      case Node.FieldSelect f -> !(parent instanceof Node.FieldSelect);
      case Node.Relabel r -> isSimple(r.argument, r);
      case Node.IoCast c -> isSimple(c.argument, c);
      case Node.ArrayCoerce a -> isSimple(a.argument, a);
      case Node.TypmodCoerce t -> isSimple(t.argument, t);
      case Node.DomainCoerce c -> isSimple(c.argument, c);
      case Node.RowConvert r -> isSimple(r.argument, r);
      case Node.ArrayOp a -> hasOwnParentheses(parent) || parent instanceof Node.Bool;
      case Node.RowCompare r -> false;
      case Node.Collate c -> false;
      default -> true;
    };
  }

  private static boolean hasOwnParentheses(Node parent) {
    return switch (parent) {
      case Node.Func f -> f.form == Form.FUNCTION && !f.sqlSyntax;
      case Node.Subscript s -> true;
      case Node.Array a -> true;
      case Node.Row r -> true;
      case Node.Coalesce c -> true;
      case Node.MinMax m -> true;
      case Node.NullIf n -> true;
      case Node.Aggregate a -> true;
      case Node.Grouping g -> true;
      case Node.Window w -> true;
      case Node.Case c -> true;
      default -> false;
    };
  }

  private static boolean simpleOperator(Node.Op op, Node.Op parent) {
    if (op.arguments.size() != 2 || parent.arguments.size() != 2 || op.operator.name().length() != 1 || parent.operator.name().length() != 1) {
      return false;
    }
    boolean low = "+-".contains(op.operator.name());
    boolean high = "*/%".contains(op.operator.name());
    boolean lowParent = "+-".contains(parent.operator.name());
    boolean highParent = "*/%".contains(parent.operator.name());
    if (!low && !high || !lowParent && !highParent) {
      return false;
    }
    if (high && lowParent) {
      return true;
    }
    return (low && !highParent || high) && parent.arguments.getFirst() == op;
  }
}
