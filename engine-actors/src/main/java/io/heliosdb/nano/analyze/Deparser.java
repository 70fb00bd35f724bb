package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes bound expressions and queries as SQL text in the form of PostgreSQL's `pg_get_expr` and `pg_get_viewdef`.
///
/// `pretty` leaves out parentheses that precedence makes superfluous. Names are qualified unless the search path of the analysis leads to
/// them. Confined to its caller.
final class Deparser {
  static final int INDENT_STANDARD = 8;
  static final int INDENT_JOIN = 4;
  static final int INDENT_VAR = 4;
  private static final int INDENT_LIMIT = 40;

  final Analysis analysis;
  final boolean pretty;
  final boolean indented;
  final StringBuilder out = new StringBuilder();
  int indent;
  boolean prefixColumns = true;
  /// Where names are taken from, by oid; the analysis' own catalog unless objects are being renamed.
  Catalog naming;
  private final Map<RangeEntry, String> entryNames = new IdentityHashMap<>();
  private final List<String> usedNames = new ArrayList<>();
  final ExpressionWriter expressions = new ExpressionWriter(this);
  final QueryWriter queries = new QueryWriter(this);

  Deparser(Analysis analysis, boolean pretty) {
    this(analysis, pretty, true);
  }

  Deparser(Analysis analysis, boolean pretty, boolean indented) {
    this.analysis = analysis;
    this.pretty = pretty;
    this.indented = indented;
    this.naming = analysis.catalog;
  }

  /// Text of an expression over the given entries.
  String expression(Node node, List<RangeEntry> entries, boolean prefix) {
    for (RangeEntry entry : entries) {
      entryNames.put(entry, entry.name);
      usedNames.add(entry.name);
    }
    prefixColumns = prefix;
    expressions.write(node, false);
    return out.toString();
  }

  /// Text of a SELECT, without a semicolon.
  String query(Query query) {
    queries.query(query, 0, query.visibleTargets().stream().map(target -> target.name).toList(), true);
    return out.toString();
  }

  /// Text of a rule's action over the rule's rows.
  String ruleAction(Query query, List<RangeEntry> rows) {
    for (RangeEntry entry : rows) {
      entryNames.put(entry, entry.name);
      usedNames.add(entry.name);
    }
    if (query.command == Query.Command.SELECT) {
      queries.query(query, 0, query.visibleTargets().stream().map(target -> target.name).toList(), true);
    } else {
      new DmlWriter(this).write(query);
    }
    return out.toString();
  }

  // ------------------------------------------------------------------------------------------ layout

  /// Starts a clause on a new line.
  void keyword(String text, int before, int after, int plus) {
    if (!indented) {
      out.append(text);
      return;
    }
    indent += before;
    while (!out.isEmpty() && out.charAt(out.length() - 1) == ' ') {
      out.setLength(out.length() - 1);
    }
    out.append('\n');
    int amount;
    if (indent < INDENT_LIMIT) {
      amount = Math.max(indent, 0) + plus;
    } else {
      amount = (INDENT_LIMIT + (indent - INDENT_LIMIT) / (INDENT_STANDARD / 2)) % INDENT_LIMIT + plus;
    }
    out.repeat(' ', Math.max(amount, 0));
    out.append(text);
    indent = Math.max(indent + after, 0);
  }

  // ------------------------------------------------------------------------------------------ names

  static String quote(String name) {
    return SqlKeywords.needsQuotes(name) ? Identifiers.quote(name) : Identifiers.quoteIfNeeded(name);
  }

  /// Gives each entry of a query a name that differs from those of the queries around it.
  int openNames(Query query) {
    int mark = usedNames.size();
    for (RangeEntry entry : query.entries) {
      if (entry.kind == RangeEntry.Kind.RESULT_ROW || entry.kind == RangeEntry.Kind.JOIN && entry.alias == null || !entry.inFrom) {
        continue;
      }
      String base = entry.name;
      String name = base;
      for (int i = 1; usedNames.contains(name); i++) {
        name = base + "_" + i;
      }
      usedNames.add(name);
      entryNames.put(entry, name);
    }
    return mark;
  }

  void closeNames(int mark) {
    usedNames.subList(mark, usedNames.size()).clear();
  }

  @Nullable String nameOf(RangeEntry entry) {
    return entryNames.get(entry);
  }

  /// The relation as it is called now.
  Relation now(Relation relation) {
    Relation found = naming == analysis.catalog ? relation : naming.relation(relation.oid());
    return found == null ? relation : found;
  }

  private String schema(int namespaceOid) {
    Catalog.Namespace namespace = naming.namespace(namespaceOid);
    return quote(namespace == null ? "pg_temp" : namespace.name());
  }

  String relation(Relation given, @Nullable Query query) {
    Relation relation = now(given);
    boolean hidden = query != null && isCte(query, relation.name());
    if (hidden) {
      return schema(relation.namespaceOid()) + "." + quote(relation.name());
    }
    return analysis.names.isVisible(relation)
        ? quote(relation.name()) : schema(relation.namespaceOid()) + "." + quote(relation.name());
  }

  private static boolean isCte(Query query, String name) {
    for (Query.Cte cte : query.ctes) {
      if (cte.name.equals(name)) {
        return true;
      }
    }
    return false;
  }

  String function(FunctionDef given) {
    FunctionDef found = naming == analysis.catalog ? given : naming.function(given.oid());
    FunctionDef function = found == null ? given : found;
    return visibleFunction(function)
        ? quote(function.name()) : schema(function.namespaceOid()) + "." + quote(function.name());
  }

  private boolean visibleFunction(FunctionDef function) {
    for (int namespace : analysis.context.searchPath()) {
      if (namespace == function.namespaceOid()) {
        return true;
      }
      for (FunctionDef other : analysis.catalog.functions(namespace, function.name())) {
        if (other.argumentTypes().equals(function.argumentTypes())) {
          return false;
        }
      }
    }
    return false;
  }

  String operator(Catalog.OperatorDef operator) {
    for (int namespace : analysis.context.searchPath()) {
      if (namespace == operator.namespaceOid()) {
        return operator.name();
      }
      for (Catalog.OperatorDef other : analysis.catalog.operators(namespace, operator.name())) {
        if (other.left() == operator.left() && other.right() == operator.right()) {
          return "OPERATOR(" + schema(operator.namespaceOid()) + "." + operator.name() + ")";
        }
      }
    }
    return "OPERATOR(" + schema(operator.namespaceOid()) + "." + operator.name() + ")";
  }

  String type(PgType given, int typmod) {
    PgType found = naming == analysis.catalog ? given : naming.findByOid(given.oid());
    PgType type = found == null ? given : found;
    if (type.isArray() && type.elementOid() != 0) {
      PgType element = analysis.types.byOid(type.elementOid());
      if (element.namespaceOid() != Catalog.PG_CATALOG) {
        return type(element, typmod) + "[]";
      }
      return declared(type, typmod);
    }
    if (type.namespaceOid() == Catalog.PG_CATALOG) {
      return declared(type, typmod);
    }
    for (int namespace : analysis.context.searchPath()) {
      PgType visible = analysis.catalog.type(namespace, type.name());
      if (visible != null) {
        if (visible.equals(type)) {
          return quote(type.name());
        }
        break;
      }
    }
    return schema(type.namespaceOid()) + "." + quote(type.name());
  }

  /// A bare `bit` or `character` would mean length 1.
  private String declared(PgType type, int typmod) {
    return typmod < 0 ? io.heliosdb.nano.type.Typmods.formatType(type.oid(), typmod, analysis.catalog) : analysis.types.format(type, typmod);
  }

  String collation(int oid) {
    Catalog.CollationDef definition = naming.collation(oid);
    if (definition == null) {
      return Integer.toString(oid);
    }
    return definition.namespaceOid() == Catalog.PG_CATALOG || analysis.context.searchPath().contains(definition.namespaceOid())
        ? quote(definition.name()) : schema(definition.namespaceOid()) + "." + quote(definition.name());
  }

  /// A string literal of standard form: a backslash in it stands for itself.
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
