package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.CatalogInformation.oid;
import static io.heliosdb.nano.function.impl.Forms.contextual;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `pg_get_…def`: statements and clauses that make catalog objects again, as PostgreSQL words them. NULL for an unknown oid.
///
/// Expressions and queries come from the catalog as text; the pretty forms only leave out what is not needed around them.
public final class ObjectDefinitions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "pg_get_expr", "pg_get_expr_ext" -> contextual((context, site, args) ->
          expression(context, (String) args[0], oid(args[1]), args.length > 2 && (Boolean) args[2]));
      case "pg_get_viewdef", "pg_get_viewdef_ext", "pg_get_viewdef_wrap" -> contextual((context, site, args) ->
          viewDefinition(context, context.catalog().relation(oid(args[0])), isPretty(args)));
      case "pg_get_viewdef_name", "pg_get_viewdef_name_ext" -> contextual((context, site, args) -> viewDefinition(context,
          context.catalog().relation((int) context.io().regObjects().lookup(PgTypes.REGCLASS, (String) args[0])), isPretty(args)));
      case "pg_get_indexdef" -> contextual((context, site, args) ->
          context.catalog().relation(oid(args[0])) instanceof Relation.Index i ? new Text(context, false).index(i) : null);
      case "pg_get_indexdef_ext" -> contextual((context, site, args) -> {
        if (!(context.catalog().relation(oid(args[0])) instanceof Relation.Index index)) {
          return null;
        }
        Text text = new Text(context, (Boolean) args[2]);
        int column = (Integer) args[1];
        return column == 0 ? text.index(index) : column > index.keys().size() || column < 0 ? "" : text.keyName(index, index.keys().get(column - 1));
      });
      case "pg_get_constraintdef", "pg_get_constraintdef_ext" -> contextual((context, site, args) ->
          new Text(context, args.length > 1 && (Boolean) args[1]).constraint(oid(args[0])));
      case "pg_get_triggerdef", "pg_get_triggerdef_ext" -> contextual((context, site, args) -> {
        Catalog.Trigger trigger = context.catalog().trigger(oid(args[0]));
        return trigger == null ? null : new Text(context, args.length > 1 && (Boolean) args[1]).trigger(trigger);
      });
      case "pg_get_ruledef", "pg_get_ruledef_ext" -> contextual((context, site, args) -> ruleDefinition(context, oid(args[0]), args.length > 1 && Boolean.TRUE.equals(args[1])));
      case "pg_get_partkeydef" -> contextual((context, site, args) ->
          context.catalog().relation(oid(args[0])) instanceof Relation.Table t && t.partitionScheme() != null
              ? new Text(context, true).partitionKey(t) : null);
      case "pg_get_partition_constraintdef" -> contextual((context, site, args) -> {
        String condition = context.catalog().relation(oid(args[0])) instanceof Relation.Table t && t.isPartition()
            ? io.heliosdb.nano.catalog.system.PartitionConstraint.of(t, context.catalog()) : null;
        return condition == null ? null : context.session().expressionText(condition, oid(args[0]), false);
      });
      case "pg_get_functiondef" -> routine((text, f) -> text.function(f));
      case "pg_get_function_arguments" -> routine((text, f) -> text.arguments(f, true));
      case "pg_get_function_identity_arguments" -> routine((text, f) -> text.arguments(f, false));
      case "pg_get_function_result" -> routine((text, f) -> text.result(f));
      case "pg_get_function_arg_default" -> contextual((context, site, args) -> {
        FunctionDef f = context.catalog().function(oid(args[0]));
        return f == null ? null : argumentDefault(f, (Integer) args[1]);
      });
      case "pg_get_function_sqlbody" -> contextual((context, site, args) -> {
        Catalog.FunctionDetails details = context.catalog().functionDetails(oid(args[0]));
        return details == null ? null : details.sqlBody();
      });
      case "pg_get_statisticsobjdef" -> contextual((context, site, args) -> statistics(context, oid(args[0]), true));
      case "pg_get_statisticsobjdef_columns" -> contextual((context, site, args) -> statistics(context, oid(args[0]), false));
      case "pg_get_statisticsobjdef_expressions" -> contextual((context, site, args) -> null);
      default -> null;
    };
  }

  /// CREATE STATISTICS, or its columns and expressions alone.
  private static @Nullable String statistics(CallContext context, int oid, boolean whole) {
    if (!(context.catalog() instanceof io.heliosdb.nano.catalog.CatalogSnapshot catalog)
        || !(catalog.object(io.heliosdb.nano.catalog.ObjectClass.STATISTICS_OBJECT, Catalog.ObjectAddress.of(ClassOids.STATISTIC_EXT, oid))
            instanceof io.heliosdb.nano.catalog.CatalogObject.StatisticsObject s)
        || !(catalog.relation(s.tableOid()) instanceof Relation.Table table)) {
      return null;
    }
    java.util.List<String> parts = new java.util.ArrayList<>();
    s.columns().forEach(attnum -> parts.add(SqlQuoting.identifier(table.column(attnum).name())));
    s.expressions().forEach(expression -> {
      String text = context.session().expressionText(expression, table.oid(), false);
      parts.add(text.startsWith("(") || text.matches("[a-z_0-9.]+\\(.*\\)") ? text : "(" + text + ")");
    });
    String columns = String.join(", ", parts);
    if (!whole) {
      return columns;
    }
    Catalog.Namespace namespace = catalog.namespace(s.namespaceOid());
    String types = (s.kinds().contains("d") ? ", ndistinct" : "") + (s.kinds().contains("f") ? ", dependencies" : "")
        + (s.kinds().contains("m") ? ", mcv" : "");
    boolean all = types.equals(", ndistinct, dependencies, mcv") || types.isEmpty();
    return "CREATE STATISTICS " + SqlQuoting.identifier(namespace == null ? "pg_temp" : namespace.name()) + "." + SqlQuoting.identifier(s.name())
        + (all ? "" : " (" + types.substring(2) + ")") + " ON " + columns + " FROM " + new Text(context, false).visibleName(table);
  }

  private interface RoutineText {
    @Nullable String of(Text text, FunctionDef function);
  }

  private static Implementation routine(RoutineText body) {
    return contextual((context, site, args) -> {
      FunctionDef function = context.catalog().function(oid(args[0]));
      return function == null ? null : body.of(new Text(context, false), function);
    });
  }

  /// A stored expression; the bound of a partition comes as it is shown.
  private static String expression(CallContext context, String stored, int relationOid, boolean pretty) {
    boolean bound = stored.startsWith("FOR VALUES") || stored.equals("DEFAULT");
    return bound ? stored : context.session().expressionText(stored, relationOid, pretty);
  }

  /// The second argument of pg_get_viewdef: a flag, or a width to wrap at, which is pretty too.
  private static boolean isPretty(@Nullable Object[] args) {
    return args.length > 1 && !Boolean.FALSE.equals(args[1]);
  }

  private static @Nullable String viewDefinition(CallContext context, @Nullable Relation relation, boolean pretty) {
    String definition = switch (relation) {
      case Relation.View v -> v.definition();
      case Relation.Table t -> t.definition();
      case null, default -> null;
    };
    return definition == null ? null : context.session().viewText(relation, definition, pretty);
  }

  private static @Nullable String ruleDefinition(CallContext context, int ruleOid, boolean pretty) {
    for (Relation relation : context.catalog().relations()) {
      boolean isItsRule = relation instanceof Relation.View v ? v.ruleOid() == ruleOid : relation.kind() == 'm' && relation.oid() == ruleOid;
      if (isItsRule) {
        return "CREATE RULE \"_RETURN\" AS\n    ON SELECT TO " + new Text(context, false).qualified(relation) + " DO INSTEAD "
            + viewDefinition(context, relation, pretty);
      }
    }
    for (io.heliosdb.nano.catalog.Catalog.Rule rule : context.catalog().rules()) {
      if (rule.oid() == ruleOid) {
        Relation relation = context.catalog().relation(rule.relationOid());
        return relation == null ? null : context.session().ruleText(rule, relation, new Text(context, false).qualified(relation));
      }
    }
    return null;
  }

  /// `number` counts input arguments from 1.
  private static @Nullable String argumentDefault(FunctionDef f, int number) {
    String modes = f.argumentModes();
    int inputs = f.argumentTypes().size();
    int input = number;
    if (modes != null) {
      if (number < 1 || number > modes.length() || "iovbt".indexOf(modes.charAt(number - 1)) < 0 || "ot".indexOf(modes.charAt(number - 1)) >= 0) {
        return null;
      }
      input = 0;
      for (int i = 0; i < number; i++) {
        input += "ibv".indexOf(modes.charAt(i)) >= 0 ? 1 : 0;
      }
    }
    int index = input - 1 - (inputs - f.defaults().size());
    return index < 0 || index >= f.defaults().size() ? null : f.defaults().get(index);
  }

  /// Writes definitions for one call. `pretty` leaves out schema names that the search path finds, and outer parentheses.
  private static final class Text {
    private final CallContext context;
    private final Catalog catalog;
    private final boolean pretty;

    Text(CallContext context, boolean pretty) {
      this.context = context;
      this.catalog = context.catalog();
      this.pretty = pretty;
    }

    String qualified(Relation relation) {
      if (pretty && CatalogInformation.path(context).isVisible(catalog, relation)) {
        return SqlQuoting.identifier(relation.name());
      }
      Catalog.Namespace namespace = catalog.namespace(relation.namespaceOid());
      String schema = namespace == null ? null : namespace.name().startsWith("pg_temp_") ? "pg_temp" : namespace.name();
      return (schema == null ? "" : SqlQuoting.identifier(schema) + ".") + SqlQuoting.identifier(relation.name());
    }

    private String visibleName(Relation relation) {
      return CatalogInformation.path(context).isVisible(catalog, relation) ? SqlQuoting.identifier(relation.name()) : qualified(relation);
    }

    private String columnName(int tableOid, int attnum) {
      Relation relation = catalog.relation(tableOid);
      return relation == null ? "?" : SqlQuoting.identifier(relation.columns().get(attnum - 1).name());
    }

    private String columnNames(int tableOid, List<Integer> attnums) {
      return attnums.stream().map(attnum -> columnName(tableOid, attnum)).collect(Collectors.joining(", "));
    }

    private String type(int oid) {
      return Typmods.formatType(oid, -1, context.io().types());
    }

    // Indexes

    String index(Relation.Index index) {
      Relation table = catalog.relation(index.tableOid());
      StringBuilder out = new StringBuilder("CREATE ").append(index.unique() ? "UNIQUE " : "").append("INDEX ")
          .append(SqlQuoting.identifier(index.name())).append(" ON ");
      if (table instanceof Relation.Table t && t.isPartitioned()) {
        out.append("ONLY ");
      }
      out.append(table == null ? "?" : qualified(table)).append(" USING ").append(index.method()).append(" (");
      for (int i = 0; i < index.keyCount(); i++) {
        Relation.Index.Key key = index.keys().get(i);
        out.append(i > 0 ? ", " : "").append(keyName(index, key)).append(keyOptions(index, key));
      }
      out.append(')');
      if (index.keys().size() > index.keyCount()) {
        out.append(" INCLUDE (");
        for (int i = index.keyCount(); i < index.keys().size(); i++) {
          out.append(i > index.keyCount() ? ", " : "").append(keyName(index, index.keys().get(i)));
        }
        out.append(')');
      }
      if (index.nullsNotDistinct()) {
        out.append(" NULLS NOT DISTINCT");
      }
      if (!index.options().isEmpty()) {
        out.append(" WITH (").append(index.options().entrySet().stream().map(e -> e.getKey() + "='" + e.getValue() + "'")
            .collect(Collectors.joining(", "))).append(')');
      }
      if (index.predicate() != null) {
        out.append(" WHERE ").append(condition(index.predicate(), index.tableOid()));
      }
      return out.toString();
    }

    String keyName(Relation.Index index, Relation.Index.Key key) {
      if (key.attnum() != 0) {
        return columnName(index.tableOid(), key.attnum());
      }
      String expression = key.expression() == null ? "?" : context.session().expressionText(key.expression(), index.tableOid(), pretty);
      return isCall(expression) ? expression : "(" + expression + ")";
    }

    private String keyOptions(Relation.Index index, Relation.Index.Key key) {
      StringBuilder out = new StringBuilder();
      int columnCollation = key.attnum() == 0 ? PgTypes.DEFAULT_COLLATION : columnCollation(index.tableOid(), key.attnum());
      if (key.collationOid() != 0 && key.collationOid() != columnCollation) {
        Catalog.CollationDef collation = catalog.collation(key.collationOid());
        out.append(collation == null ? "" : " COLLATE " + SqlQuoting.identifier(collation.name()));
      }
      if (key.operatorClass() != null) {
        out.append(' ').append(key.operatorClass());
      }
      if (index.method().equals("btree")) {
        out.append(key.descending() ? key.nullsFirst() ? " DESC" : " DESC NULLS LAST" : key.nullsFirst() ? " NULLS FIRST" : "");
      }
      return out.toString();
    }

    private int columnCollation(int tableOid, int attnum) {
      Relation relation = catalog.relation(tableOid);
      return relation == null ? 0 : relation.columns().get(attnum - 1).collationOid();
    }

    /// Whether the text is one function call, which needs no parentheses around it.
    private static boolean isCall(String expression) {
      int open = expression.indexOf('(');
      if (open <= 0 || !expression.endsWith(")")) {
        return false;
      }
      for (int i = 0; i < open; i++) {
        char c = expression.charAt(i);
        if (!(Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '"')) {
          return false;
        }
      }
      return closesAt(expression, open) == expression.length() - 1;
    }

    private static int closesAt(String text, int open) {
      int depth = 0;
      char quote = 0;
      for (int i = open; i < text.length(); i++) {
        char c = text.charAt(i);
        if (quote != 0) {
          quote = c == quote ? 0 : quote;
        } else if (c == '\'' || c == '"') {
          quote = c;
        } else if (c == '(') {
          depth++;
        } else if (c == ')' && --depth == 0) {
          return i;
        }
      }
      return -1;
    }

    /// A stored condition over a relation's columns.
    private String condition(String expression, int relationOid) {
      return context.session().expressionText(expression, relationOid, pretty);
    }

    // Constraints

    @Nullable String constraint(int oid) {
      for (Catalog.Dependency owner : catalog.dependenciesOf(Catalog.ObjectAddress.of(ClassOids.CONSTRAINT, oid))) {
        if (owner.kind() == 'a' && owner.target().classOid() == ClassOids.CLASS
            && catalog.relation(owner.target().objectOid()) instanceof Relation.Table table) {
          for (Relation.Constraint constraint : table.constraints()) {
            if (constraint.oid() == oid) {
              return constraint(table, constraint);
            }
          }
        }
      }
      for (Catalog.TypeDef type : domains()) {
        if (type.details() instanceof Catalog.DomainDetails details) {
          for (Relation.Constraint check : details.checks()) {
            if (check.oid() == oid) {
              return "CHECK (" + domainCheck(String.valueOf(check.expression()), type.type()) + ")"
                  + (check.validated() ? "" : " NOT VALID");
            }
          }
        }
      }
      return null;
    }

    private String domainCheck(String stored, PgType domain) {
      String text = context.session().domainCheckText(stored, domain, pretty);
      boolean wrapped = text.startsWith("(") && closesAt(text, 0) == text.length() - 1;
      return pretty && wrapped ? text.substring(1, text.length() - 1) : text;
    }

    private List<Catalog.TypeDef> domains() {
      List<Catalog.TypeDef> domains = new ArrayList<>();
      catalog.types().forEach(type -> {
        Catalog.TypeDef definition = type.isDomain() ? catalog.typeDef(type.oid()) : null;
        if (definition != null) {
          domains.add(definition);
        }
      });
      return domains;
    }

    private String constraint(Relation.Table table, Relation.Constraint c) {
      StringBuilder out = new StringBuilder();
      switch (c.kind()) {
        case PRIMARY_KEY, UNIQUE -> {
          Relation.Index index = catalog.relation(c.indexOid()) instanceof Relation.Index i ? i : null;
          out.append(c.kind() == Relation.Constraint.Kind.PRIMARY_KEY ? "PRIMARY KEY " : "UNIQUE ");
          out.append(index != null && index.nullsNotDistinct() ? "NULLS NOT DISTINCT " : "");
          out.append('(').append(columnNames(table.oid(), c.columns())).append(')');
          if (index != null && index.keys().size() > index.keyCount()) {
            out.append(" INCLUDE (").append(index.keys().subList(index.keyCount(), index.keys().size()).stream()
                .map(key -> keyName(index, key)).collect(Collectors.joining(", "))).append(')');
          }
        }
        case CHECK -> out.append("CHECK (").append(condition(String.valueOf(c.expression()), table.oid())).append(')')
            .append(c.noInherit() ? " NO INHERIT" : "");
        case FOREIGN_KEY -> foreignKey(table, c, out);
        case EXCLUSION -> exclusion(c, out);
      }
      if (c.deferrable()) {
        out.append(" DEFERRABLE").append(c.initiallyDeferred() ? " INITIALLY DEFERRED" : "");
      }
      return out.append(c.validated() ? "" : " NOT VALID").toString();
    }

    private void foreignKey(Relation.Table table, Relation.Constraint c, StringBuilder out) {
      Relation target = catalog.relation(c.referencedTable());
      out.append("FOREIGN KEY (").append(columnNames(table.oid(), c.columns())).append(") REFERENCES ")
          .append(target == null ? "?" : visibleName(target)).append('(').append(columnNames(c.referencedTable(), c.referencedColumns()))
          .append(')');
      if (c.match() == 'f') {
        out.append(" MATCH FULL");
      }
      out.append(action(" ON UPDATE ", c.onUpdate())).append(action(" ON DELETE ", c.onDelete()));
      if (!c.deleteSetColumns().isEmpty()) {
        out.append(" (").append(columnNames(table.oid(), c.deleteSetColumns())).append(')');
      }
    }

    private static String action(String when, char action) {
      return switch (action) {
        case 'r' -> when + "RESTRICT";
        case 'c' -> when + "CASCADE";
        case 'n' -> when + "SET NULL";
        case 'd' -> when + "SET DEFAULT";
        default -> "";
      };
    }

    private void exclusion(Relation.Constraint c, StringBuilder out) {
      if (!(catalog.relation(c.indexOid()) instanceof Relation.Index index)) {
        return;
      }
      out.append("EXCLUDE USING ").append(index.method()).append(" (");
      for (int i = 0; i < index.keyCount(); i++) {
        Catalog.OperatorDef operator = i < index.exclusionOperators().size() ? catalog.operator(index.exclusionOperators().get(i)) : null;
        out.append(i > 0 ? ", " : "").append(keyName(index, index.keys().get(i))).append(keyOptions(index, index.keys().get(i)))
            .append(" WITH ").append(operator == null ? "?" : operator.name());
      }
      out.append(')');
      if (index.predicate() != null) {
        out.append(" WHERE (").append(condition(index.predicate(), index.tableOid())).append(')');
      }
    }

    // Triggers and partitions

    String trigger(Catalog.Trigger t) {
      Relation table = catalog.relation(t.tableOid());
      List<String> events = new ArrayList<>();
      for (char event : t.events().toCharArray()) {
        events.add(switch (event) {
          case 'i' -> "INSERT";
          case 'd' -> "DELETE";
          case 't' -> "TRUNCATE";
          default -> t.columns().isEmpty() ? "UPDATE" : "UPDATE OF " + columnNames(t.tableOid(), t.columns());
        });
      }
      events.sort(java.util.Comparator.comparingInt(e -> List.of('I', 'D', 'U', 'T').indexOf(e.charAt(0))));
      StringBuilder out = new StringBuilder("CREATE ").append(t.constraintTrigger() ? "CONSTRAINT " : "").append("TRIGGER ")
          .append(SqlQuoting.identifier(t.name())).append(switch (t.timing()) {
            case 'b' -> " BEFORE ";
            case 'i' -> " INSTEAD OF ";
            default -> " AFTER ";
          }).append(String.join(" OR ", events)).append(" ON ").append(table == null ? "?" : qualified(table));
      if (t.constraintTrigger()) {
        out.append(t.deferrable() ? " DEFERRABLE" : " NOT DEFERRABLE").append(t.initiallyDeferred() ? " INITIALLY DEFERRED" : " INITIALLY IMMEDIATE");
      }
      if (t.oldTable() != null || t.newTable() != null) {
        out.append(" REFERENCING").append(t.oldTable() == null ? "" : " OLD TABLE AS " + SqlQuoting.identifier(t.oldTable()))
            .append(t.newTable() == null ? "" : " NEW TABLE AS " + SqlQuoting.identifier(t.newTable()));
      }
      out.append(t.forEachRow() ? " FOR EACH ROW" : " FOR EACH STATEMENT");
      if (t.when() != null) {
        out.append(" WHEN (").append(context.session().triggerConditionText(t.when(), t.tableOid(), pretty)).append(')');
      }
      FunctionDef function = catalog.function(t.functionOid());
      out.append(" EXECUTE FUNCTION ").append(function == null ? "?" : visibleName(function)).append('(')
          .append(t.arguments().stream().map(SqlQuoting::literal).collect(Collectors.joining(", "))).append(')');
      return out.toString();
    }

    private String visibleName(FunctionDef function) {
      for (FunctionDef candidate : CatalogInformation.path(context).functions(catalog, function.name())) {
        if (candidate.argumentTypes().equals(function.argumentTypes())) {
          if (candidate.oid() == function.oid()) {
            return SqlQuoting.identifier(function.name());
          }
          break;
        }
      }
      return qualified(function);
    }

    private String qualified(FunctionDef function) {
      Catalog.Namespace namespace = catalog.namespace(function.namespaceOid());
      return (namespace == null ? "" : SqlQuoting.identifier(namespace.name()) + ".") + SqlQuoting.identifier(function.name());
    }

    String partitionKey(Relation.Table table) {
      Relation.PartitionScheme scheme = table.partitionScheme();
      String strategy = scheme.strategy() == 'r' ? "RANGE" : scheme.strategy() == 'l' ? "LIST" : "HASH";
      return strategy + " (" + scheme.keys().stream().map(key -> {
        String name = key.attnum() != 0 ? columnName(table.oid(), key.attnum())
            : keyExpression(table, key.expression());
        return name + (key.operatorClass() == null ? "" : " " + key.operatorClass());
      }).collect(Collectors.joining(", ")) + ")";
    }

    private String keyExpression(Relation.Table table, String stored) {
      String expression = context.session().expressionText(stored, table.oid(), pretty);
      return isCall(expression) ? expression : "(" + expression + ")";
    }

    // Routines

    String arguments(FunctionDef f, boolean withDefaults) {
      List<Integer> types = f.allArgumentTypes() == null ? f.argumentTypes() : f.allArgumentTypes();
      StringBuilder out = new StringBuilder();
      int input = 0;
      int firstDefault = f.argumentTypes().size() - f.defaults().size();
      for (int i = 0; i < types.size(); i++) {
        char mode = f.argumentModes() == null ? 'i' : f.argumentModes().charAt(i);
        boolean isInput = mode == 'i' || mode == 'b' || mode == 'v';
        if (mode == 't') {
          continue;
        }
        out.append(out.isEmpty() ? "" : ", ").append(switch (mode) {
          case 'o' -> "OUT ";
          case 'b' -> "INOUT ";
          case 'v' -> "VARIADIC ";
          default -> f.kind() == 'p' ? "IN " : "";
        });
        String name = f.argumentNames() == null || i >= f.argumentNames().size() ? "" : f.argumentNames().get(i);
        out.append(name.isEmpty() ? "" : SqlQuoting.identifier(name) + " ").append(type(types.get(i)));
        if (isInput) {
          if (withDefaults && input >= firstDefault) {
            out.append(" DEFAULT ").append(f.defaults().get(input - firstDefault));
          }
          input++;
        }
      }
      return out.toString();
    }

    @Nullable String result(FunctionDef f) {
      if (f.kind() == 'p') {
        return null;
      }
      if (f.argumentModes() != null && f.argumentModes().indexOf('t') >= 0) {
        StringBuilder out = new StringBuilder("TABLE(");
        boolean first = true;
        for (int i = 0; i < f.argumentModes().length(); i++) {
          if (f.argumentModes().charAt(i) == 't') {
            out.append(first ? "" : ", ").append(SqlQuoting.identifier(f.argumentNames().get(i))).append(' ')
                .append(type(f.allArgumentTypes().get(i)));
            first = false;
          }
        }
        return out.append(')').toString();
      }
      return (f.returnsSet() ? "SETOF " : "") + type(f.returnType());
    }

    String function(FunctionDef f) {
      if (f.isAggregate()) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + f.name() + "\" is an aggregate function");
      }
      Catalog.FunctionDetails details = catalog.functionDetails(f.oid());
      StringBuilder out = new StringBuilder("CREATE OR REPLACE ").append(f.kind() == 'p' ? "PROCEDURE " : "FUNCTION ")
          .append(qualified(f)).append('(').append(arguments(f, true)).append(")\n");
      if (f.kind() != 'p') {
        out.append(" RETURNS ").append(result(f)).append('\n');
      }
      out.append(" LANGUAGE ").append(language(f)).append('\n');
      String properties = properties(f);
      out.append(properties.isEmpty() ? "" : properties + "\n");
      if (details != null) {
        details.settings().forEach((name, value) -> out.append(" SET ").append(name).append(" TO ").append(settingValue(name, value)).append('\n'));
        if (details.sqlBody() != null) {
          return out.append(details.sqlBody()).append('\n').toString();
        }
      }
      String source = switch (f.body()) {
        case FunctionDef.SqlBody b -> b.source();
        case FunctionDef.PlPgSqlBody b -> b.source();
        case FunctionDef.BuiltinBody b -> b.symbol();
        case FunctionDef.AggregateBody b -> "";
      };
      String word = f.kind() == 'p' ? "$procedure" : "$function";
      String tag = word + "$";
      for (int i = 0; source.contains(tag); i++) {
        tag = word + i + "$";
      }
      return out.append("AS ").append(tag).append(source).append(tag).append('\n').toString();
    }

    /// A list of names is written name by name, as PostgreSQL does where each may have to be quoted.
    private static String settingValue(String name, String value) {
      if (!name.equals("search_path") && !name.equals("temp_tablespaces")) {
        return SqlQuoting.literal(value);
      }
      return String.join(", ", SearchPath.parse(value).stream().map(SqlQuoting::literal).toList());
    }

    private static String language(FunctionDef f) {
      return switch (f.body()) {
        case FunctionDef.SqlBody b -> "sql";
        case FunctionDef.PlPgSqlBody b -> "plpgsql";
        default -> "internal";
      };
    }

    private static String properties(FunctionDef f) {
      StringBuilder out = new StringBuilder();
      out.append(f.isWindow() ? " WINDOW" : "").append(f.volatility() == 'i' ? " IMMUTABLE" : f.volatility() == 's' ? " STABLE" : "");
      out.append(f.parallel() == 's' ? " PARALLEL SAFE" : f.parallel() == 'r' ? " PARALLEL RESTRICTED" : "");
      out.append(f.strict() ? " STRICT" : "").append(f.securityDefiner() ? " SECURITY DEFINER" : "").append(f.leakproof() ? " LEAKPROOF" : "");
      float defaultCost = f.body() instanceof FunctionDef.BuiltinBody ? 1 : 100;
      if (f.cost() != defaultCost && f.cost() > 0) {
        out.append(" COST ").append(NumberText.general(f.cost()));
      }
      if (f.returnsSet() && f.rows() > 0 && f.rows() != 1000) {
        out.append(" ROWS ").append(NumberText.general(f.rows()));
      }
      return out.toString();
    }
  }
}
