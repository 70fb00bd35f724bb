package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Binds expressions that DDL keeps in the catalog: defaults, checks, index expressions and predicates, policies, trigger conditions.
///
/// The row of a bound expression is the whole table: input column `attnum - 1`, dropped columns included. A trigger condition sees
/// (OLD columns…, NEW columns…). A domain check refers to the value by [Expr.CaseValue]. Stateless and thread-safe.
public final class ExpressionBinder {
  private static final int FIRST_USER_OID = 16_384;

  private ExpressionBinder() {}

  /// What an expression is for; decides what it may contain and PostgreSQL's words for it in messages.
  public enum Use {
    COLUMN_DEFAULT(ExprKind.COLUMN_DEFAULT, null),
    GENERATED_COLUMN(ExprKind.GENERATED_COLUMN, null),
    CHECK_CONSTRAINT(ExprKind.CHECK_CONSTRAINT, "CHECK"),
    DOMAIN_CHECK(ExprKind.DOMAIN_CHECK, "CHECK"),
    DOMAIN_DEFAULT(ExprKind.COLUMN_DEFAULT, null),
    INDEX_EXPRESSION(ExprKind.INDEX_EXPRESSION, null),
    INDEX_PREDICATE(ExprKind.INDEX_PREDICATE, "WHERE"),
    POLICY(ExprKind.POLICY, "POLICY"),
    TRIGGER_WHEN(ExprKind.TRIGGER_WHEN, "WHEN"),
    PARTITION_KEY(ExprKind.PARTITION_EXPRESSION, null),
    PARTITION_BOUND(ExprKind.PARTITION_BOUND, null),
    ALTER_USING(ExprKind.ALTER_TRANSFORM, null),
    EXECUTE_PARAMETER(ExprKind.EXECUTE_PARAMETER, null),
    MOMENT(ExprKind.LIMIT, null),
    CALL_ARGUMENT(ExprKind.CALL_ARGUMENT, null),
    COPY_WHERE(ExprKind.COPY_WHERE, "WHERE"),
    ERASE_WHERE(ExprKind.ERASE_WHERE, "WHERE"),
    FUNCTION_DEFAULT(ExprKind.FUNCTION_DEFAULT, null),
    RULE_WHEN(ExprKind.WHERE, "WHERE"),
    STATISTICS(ExprKind.STATISTICS_EXPRESSION, null),
    OTHER(ExprKind.OTHER, null);

    final ExprKind kind;
    final @Nullable String condition;

    Use(ExprKind kind, @Nullable String condition) {
      this.kind = kind;
      this.condition = condition;
    }
  }

  /// @param text canonical SQL of the expression, search-path independent, that binds to the same expression again
  /// @param columns attnums of the table that it reads; 0 stands for the whole row
  /// @param volatility the weakest of all functions in it: `i`, `s` or `v`
  /// @param functions oids of user-defined functions it calls
  /// @param collation derived collation oid
  /// @param constants what its constants refer to: types of their own, relations by `regclass`
  public record BoundExpression(Expr expression, String text, List<Integer> columns, char volatility, Set<Integer> functions, int collation,
      Set<io.heliosdb.nano.catalog.Catalog.ObjectAddress> constants) {}

  /// Parses and binds text from the catalog.
  public static BoundExpression bind(String text, @Nullable Relation table, Use use, @Nullable PgType target, int typmod, AnalyzerContext context) {
    return bind(Parser.parseExpression(text), table, use, target, typmod, null, context);
  }

  /// Binds `expression`, over `table` if it is not null.
  public static BoundExpression bind(
      Expression expression, @Nullable Relation table, Use use, @Nullable PgType target, int typmod, AnalyzerContext context) {
    return bind(expression, table, use, target, typmod, null, context);
  }

  /// Binds `expression`, over `table` if it is not null.
  ///
  /// @param target type the result is assigned to (assignment cast), null to keep the expression's own; for a domain's check the type of VALUE
  /// @param column name of the column the expression is for, for messages; null if there is none
  public static BoundExpression bind(
      Expression expression, @Nullable Relation table, Use use, @Nullable PgType target, int typmod, @Nullable String column,
      AnalyzerContext context) {
    return bind(expression, table, table == null ? "" : table.name(), use, target, typmod, column, context);
  }

  /// Binds a condition over a table that goes by `alias` in it.
  public static BoundExpression bindCondition(Expression condition, Relation table, String alias, Use use, AnalyzerContext context) {
    return bind(condition, table, alias, use, PgTypes.BOOL, -1, null, context);
  }

  private static BoundExpression bind(
      Expression expression, @Nullable Relation table, String alias, Use use, @Nullable PgType target, int typmod, @Nullable String column,
      AnalyzerContext context) {
    Analysis analysis = new Analysis(context);
    Scope scope = Scope.root(analysis);
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(scope);
    List<RangeEntry> entries = rows(analysis, scope, expressions, table, alias, use);
    if (use == Use.DOMAIN_CHECK) {
      PgType type = target == null ? PgTypes.TEXT : target;
      scope.domainValue = new Node.CaseTest(0, type, -1, type.collationOid());
    }
    Node node = expressions.analyze(expression, use.kind);
    if (use.condition != null) {
      node = analysis.coercion.toBoolean(node, use.condition);
    } else if (target != null) {
      node = convert(analysis, node, use, target, typmod, column);
    } else if (node.isUnknown()) {
      node = analysis.coercion.toDeclared(node, PgTypes.TEXT);
    }
    CollationAssigner.assign(analysis, node);
    Facts facts = new Facts(analysis);
    QueryRewriter.visit(node, facts::see);
    check(use, table, entries, facts, node);
    RowFrame.Layout layout = new RowFrame.Layout();
    for (RangeEntry entry : entries) {
      layout.add(entry, DmlPlans.all(entry.columnCount()));
    }
    Expr expr = new PlanBuilder(analysis).lowering.lower(node, RowFrame.of(null, layout));
    List<Integer> columns = new ArrayList<>();
    for (RangeEntry entry : entries) {
      if (entry.wholeRowUsed) {
        columns.add(0);
      }
      for (int bit = entry.used.nextSetBit(0); bit >= 0; bit = entry.used.nextSetBit(bit + 1)) {
        int attno = bit - RangeEntry.SYSTEM_OFFSET;
        if (!columns.contains(attno)) {
          columns.add(attno);
        }
      }
    }
    String text = text(analysis, node, entries, use, context);
    return new BoundExpression(expr, text, columns, facts.volatility, facts.functions, node.collation, facts.constants);
  }

  private static String text(Analysis analysis, Node node, List<RangeEntry> entries, Use use, AnalyzerContext context) {
    analysis.context = Definitions.withPath(context, List.of(io.heliosdb.nano.catalog.Catalog.PG_CATALOG));
    String text = new Deparser(analysis, false).expression(node, entries, use == Use.TRIGGER_WHEN || hasSubquery(node));
    analysis.context = context;
    return text;
  }

  /// Adds what a constant depends on, as PostgreSQL's `find_expr_references` does: its type, and the relation that a regclass names.
  static void constant(Node.Const constant, Set<io.heliosdb.nano.catalog.Catalog.ObjectAddress> constants) {
    int type = constant.type().oid();
    if (Integer.compareUnsigned(type, FIRST_USER_OID) >= 0) {
      constants.add(io.heliosdb.nano.catalog.Catalog.ObjectAddress.of(io.heliosdb.nano.catalog.ClassOids.TYPE, type));
    } else if (type == PgTypes.REGCLASS.oid() && constant.value instanceof Long oid && oid >= FIRST_USER_OID) {
      constants.add(io.heliosdb.nano.catalog.Catalog.ObjectAddress.of(io.heliosdb.nano.catalog.ClassOids.CLASS, oid.intValue()));
    }
  }

  /// The relations that a sub-query reads, with the columns it uses.
  private static void relations(Query query, Set<io.heliosdb.nano.catalog.Catalog.ObjectAddress> found) {
    for (RangeEntry entry : query.entries) {
      io.heliosdb.nano.catalog.Relation relation = entry.view != null ? entry.view : entry.relation;
      if (relation != null && entry.inFrom && Integer.compareUnsigned(relation.oid(), FIRST_USER_OID) >= 0) {
        found.add(io.heliosdb.nano.catalog.Catalog.ObjectAddress.of(io.heliosdb.nano.catalog.ClassOids.CLASS, relation.oid()));
        for (int bit = entry.used.nextSetBit(RangeEntry.SYSTEM_OFFSET + 1); bit >= 0; bit = entry.used.nextSetBit(bit + 1)) {
          found.add(new io.heliosdb.nano.catalog.Catalog.ObjectAddress(
              io.heliosdb.nano.catalog.ClassOids.CLASS, relation.oid(), bit - RangeEntry.SYSTEM_OFFSET));
        }
      } else if (entry.subquery != null) {
        relations(entry.subquery, found);
      }
    }
  }

  private static boolean hasSubquery(Node node) {
    return Nodes.contains(node, n -> n instanceof Node.SubLink);
  }

  /// The canonical text of an expression with names as the search path of `context` allows.
  static String deparse(
      Expression expression, @Nullable Relation table, Use use, PgType domainBase, int domainTypmod, AnalyzerContext context, boolean pretty) {
    Analysis analysis = new Analysis(context);
    Scope scope = Scope.root(analysis);
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(scope);
    List<RangeEntry> entries = rows(analysis, scope, expressions, table, table == null ? "" : table.name(), use);
    if (use == Use.DOMAIN_CHECK) {
      scope.domainValue = new Node.CaseTest(0, domainBase, domainTypmod, domainBase.collationOid());
    }
    Node node = expressions.analyze(expression, use.kind);
    return new Deparser(analysis, pretty).expression(node, entries, use == Use.TRIGGER_WHEN || hasSubquery(node));
  }

  static List<RangeEntry> rows(Analysis analysis, Scope scope, ExpressionAnalyzer expressions, @Nullable Relation table, String alias, Use use) {
    if (table == null) {
      return List.of();
    }
    List<RangeEntry> entries = new ArrayList<>(2);
    for (String name : use == Use.TRIGGER_WHEN ? List.of("old", "new") : List.of(alias)) {
      RangeEntry entry = new RangeEntry(RangeEntry.Kind.RELATION, 0, name, table.columns().size());
      if (table instanceof Relation.View view) {
        entry.view = view;
      } else {
        entry.relation = table;
      }
      new Relations(expressions).addColumns(entry, table);
      entries.add(entry);
      scope.query.entries.add(entry);
      Scope.Item item = new Scope.Item(name, entry, null);
      item.columnsVisible = use != Use.TRIGGER_WHEN;
      scope.namespace.add(item);
    }
    return entries;
  }

  private static Node convert(Analysis analysis, Node node, Use use, PgType target, int typmod, @Nullable String column) {
    Node converted =
        analysis.coercion.toTarget(node, target, typmod, Coercion.Context.ASSIGNMENT, Expr.Call.Form.IMPLICIT_CAST, -1);
    if (converted != null) {
      return converted;
    }
    String from = analysis.types.format(node.type());
    String to = analysis.types.format(target);
    String name = column == null ? "" : " \"" + column + "\"";
    throw switch (use) {
      case COLUMN_DEFAULT, GENERATED_COLUMN, DOMAIN_DEFAULT ->
          new SqlException(
                  SqlState.DATATYPE_MISMATCH,
                  "column" + name + " is of type " + to + " but " + (use == Use.GENERATED_COLUMN ? "generation" : "default") + " expression is of type "
                      + from)
              .withHint("You will need to rewrite or cast the expression.");
      case ALTER_USING ->
          new SqlException(
                  SqlState.DATATYPE_MISMATCH, "result of USING clause for column" + name + " cannot be cast automatically to type " + to)
              .withHint("You might need to add an explicit cast.");
      case EXECUTE_PARAMETER ->
          new SqlException(
                  SqlState.DATATYPE_MISMATCH, "parameter " + column + " of type " + from + " cannot be coerced to the expected type " + to)
              .withHint("You will need to rewrite or cast the expression.")
              .at(Nodes.location(node));
      default ->
          new SqlException(SqlState.CANNOT_COERCE, "cannot cast type " + from + " to " + to).at(Nodes.location(node));
    };
  }

  private static void check(Use use, @Nullable Relation table, List<RangeEntry> entries, Facts facts, Node node) {
    switch (use) {
      case GENERATED_COLUMN -> {
        for (Relation.Column column : table == null ? List.<Relation.Column>of() : table.columns()) {
          if (column.generated() != 0 && entries.getFirst().used.get(column.attnum() + RangeEntry.SYSTEM_OFFSET)) {
            throw new SqlException(
                    SqlState.INVALID_OBJECT_DEFINITION, "cannot use generated column \"" + column.name() + "\" in column generation expression")
                .withDetail("A generated column cannot reference another generated column.")
                .at(position(node, column.attnum()));
          }
        }
        if (facts.volatility != 'i') {
          throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "generation expression is not immutable");
        }
      }
      case INDEX_EXPRESSION -> {
        if (facts.volatility != 'i') {
          throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "functions in index expression must be marked IMMUTABLE");
        }
      }
      case INDEX_PREDICATE -> {
        if (facts.volatility != 'i') {
          throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "functions in index predicate must be marked IMMUTABLE");
        }
      }
      case PARTITION_KEY -> {
        if (facts.volatility != 'i') {
          throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "functions in partition key expression must be marked IMMUTABLE");
        }
      }
      default -> {}
    }
  }

  private static int position(Node node, int attnum) {
    Node found = Nodes.find(node, n -> n instanceof Node.Var var && var.attno == attnum);
    return found == null ? 0 : found.position;
  }

  /// What the functions in an expression make of it.
  private static final class Facts {
    private static final int TEXT_ANY_CAT = 2003;
    private static final int ANY_TEXT_CAT = 2004;

    private final Analysis analysis;
    char volatility = 'i';
    final Set<Integer> functions = new HashSet<>();
    final Set<io.heliosdb.nano.catalog.Catalog.ObjectAddress> constants = new HashSet<>();

    Facts(Analysis analysis) {
      this.analysis = analysis;
    }

    void see(Node node) {
      switch (node) {
        case Node.Func f -> note(f.function.oid(), f.function.volatility());
        // `text || anything` is its operand's text form joined; PostgreSQL looks through the SQL function that says so.
        case Node.Op o when o.function.oid() == TEXT_ANY_CAT || o.function.oid() == ANY_TEXT_CAT ->
            note(0, o.arguments.stream().allMatch(argument -> isImmutableText(argument.type())) ? 'i' : 's');
        case Node.Op o -> note(o.function.oid(), o.function.volatility());
        case Node.ArrayOp a -> note(a.function.oid(), a.function.volatility());
        case Node.Aggregate a -> note(a.function.oid(), a.function.volatility());
        case Node.Window w -> note(w.function.oid(), w.function.volatility());
        case Node.Const c -> constant(c, constants);
        case Node.SubLink link -> relations(link.query, constants);
        case Node.IoCast c -> {
          if (!isImmutableText(c.type()) || !isImmutableText(c.argument.type())) {
            note(0, 's');
          }
        }
        default -> {}
      }
    }

    private void note(int oid, char own) {
      if (own == 'v' || own == 's' && volatility == 'i') {
        volatility = own;
      }
      if (oid >= FIRST_USER_OID) {
        functions.add(oid);
      }
    }

    /// Whether the text form of a type depends on nothing but the value.
    private boolean isImmutableText(PgType type) {
      return switch (type.family()) {
        case DATE, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ, INTERVAL, REG, MONEY, RECORD, RANGE, MULTIRANGE -> false;
        case ARRAY -> {
          PgType element = analysis.types.elementOf(type);
          yield element != null && isImmutableText(element);
        }
        default -> true;
      };
    }
  }
}
