package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SelectStatement.TargetItem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Applies the rewrite rules of CREATE RULE to INSERT, UPDATE and DELETE: one statement becomes the statements that are run in its place.
///
/// ```
/// UPDATE t SET a = x WHERE w          rule DO ALSO INSERT INTO log VALUES (old.a, new.a)
///   INSERT INTO log SELECT old.a, new.a FROM (rows of t WHERE w, with x) AS s, LATERAL (s's old columns) old, LATERAL (s's new columns) new
///   UPDATE t SET a = x WHERE w
/// ```
///
/// The rows of `old` and `new` are sources in FROM ([RuleRows]), so an action is analyzed like any statement. It is checked with the privileges
/// of the relation's owner, the part that stems from the statement with those of whoever ran it. As in PostgreSQL, each resulting statement
/// evaluates that part anew. Source: PostgreSQL 15 manual, "The Rule System".
final class RuleRewriter {
  /// A statement to analyze.
  ///
  /// @param roles whose privileges count inside statements that are not the current role's, by identity
  /// @param direct whether the rules of its own target have been applied
  record Step(Preparable statement, Map<Preparable, Integer> roles, boolean direct) {
    static Step of(Preparable statement) {
      return new Step(statement, Map.of(), false);
    }
  }

  /// What runs in place of a statement.
  ///
  /// @param main whose rows and count the client gets; null if nothing of the statement's kind is left
  /// @param countsRows whether the rows that `main` returns are the rows that were changed
  /// @param replaced whether the statement itself is not run
  record Rewritten(
      List<Step> before, @Nullable Step main, List<Step> after, boolean countsRows, Relation relation, char event, BitSet columns,
      boolean replaced, List<Long> chain) {}

  private final DmlStatement statement;
  private final Relation relation;
  private final char event;
  private final Step origin;
  private final RuleRows rows;
  private final int callerRole;
  /// Whether the statement stands in WITH, where what replaces it must not need a WITH of its own.
  private boolean inWith;

  private RuleRewriter(DmlStatement statement, Relation relation, char event, Step origin, AnalyzerContext context) {
    this.statement = statement;
    this.relation = relation;
    this.event = event;
    this.origin = origin;
    this.callerRole = origin.roles().getOrDefault(statement, 0);
    this.rows = new RuleRows(statement, relation, context);
  }

  private static char event(DmlStatement statement) {
    return switch (statement) {
      case DmlStatement.Insert i -> 'i';
      case DmlStatement.Update u -> 'u';
      case DmlStatement.Delete d -> 'd';
      case DmlStatement.Merge m -> 'm';
    };
  }

  private static List<Catalog.Rule> rules(Relation relation, char event, Catalog catalog) {
    return catalog.rulesOf(relation.oid()).stream()
        .filter(rule -> (event == 'm' || rule.event() == event) && (rule.enabled() == 'O' || rule.enabled() == 'A')).toList();
  }

  /// Null if no rule applies.
  ///
  /// @param chain relations and events whose rules led here
  static @Nullable Rewritten rewrite(Step origin, AnalyzerContext context, List<Long> chain) {
    return rewrite(origin, context, chain, false);
  }

  private static @Nullable Rewritten rewrite(Step origin, AnalyzerContext context, List<Long> chain, boolean inWith) {
    if (origin.direct() || !(origin.statement() instanceof DmlStatement dml) || context.catalog().rules().isEmpty()) {
      return null;
    }
    Relation relation = new Analysis(context).names.findRelation(dml.table());
    char event = event(dml);
    List<Catalog.Rule> rules = relation == null ? List.of() : rules(relation, event, context.catalog());
    if (rules.isEmpty()) {
      return null;
    }
    if (event == 'm') {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot execute MERGE on relation \"" + relation.name() + "\"")
          .withDetail("MERGE is not supported for relations with rules.");
    }
    if (dml instanceof DmlStatement.Insert insert && insert.onConflict() != null) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "INSERT with ON CONFLICT clause cannot be used with table that has INSERT or UPDATE rules");
    }
    long link = (long) relation.oid() << 8 | event;
    if (chain.contains(link)) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION, "infinite recursion detected in rules for relation \"" + relation.name() + "\"");
    }
    List<Long> longer = new ArrayList<>(chain);
    longer.add(link);
    RuleRewriter rewriter = new RuleRewriter(dml, relation, event, origin, context);
    rewriter.inWith = inWith;
    return rewriter.rewrite(rules, longer);
  }

  /// ON CONFLICT cannot be used on a relation with rules on INSERT or UPDATE.
  static void checkConflict(Relation relation, Catalog catalog) {
    if (!catalog.rules().isEmpty() && catalog.rulesOf(relation.oid()).stream().anyMatch(rule -> rule.event() == 'i' || rule.event() == 'u')) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "INSERT with ON CONFLICT clause cannot be used with table that has INSERT or UPDATE rules");
    }
  }

  /// What a data-modifying statement in WITH (or COPY) becomes: rules may only replace it by one statement.
  ///
  /// @param place how messages call the place: "data-modifying statements in WITH", "COPY"
  static @Nullable Step single(Step origin, AnalyzerContext context, String place) {
    if (!(origin.statement() instanceof DmlStatement dml) || context.catalog().rules().isEmpty()) {
      return null;
    }
    Relation relation = new Analysis(context).names.findRelation(dml.table());
    List<Catalog.Rule> rules = relation == null || event(dml) == 'm' ? List.of() : rules(relation, event(dml), context.catalog());
    for (Catalog.Rule rule : rules) {
      String what = null;
      if (rule.instead() && rule.where() != null) {
        what = "conditional DO INSTEAD rules";
      } else if (!rule.instead()) {
        what = "DO ALSO rules";
      } else if (rule.actions().isEmpty()) {
        what = "DO INSTEAD NOTHING rules";
      } else if (rule.actions().size() > 1) {
        what = "multi-statement DO INSTEAD rules";
      } else if (RuleActions.isNotify(rule.actions().getFirst())) {
        what = place.equals("COPY") ? "utility" : "DO INSTEAD NOTIFY rules";
      }
      if ("utility".equals(what)) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "COPY query must not be a utility command");
      }
      if (what != null) {
        boolean article = place.equals("COPY") && what.startsWith("DO ALSO");
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, what + " are not supported for " + (article ? "the " : "") + place);
      }
    }
    Rewritten rewritten = rules.isEmpty() ? null : rewrite(origin, context, List.of(), true);
    return rewritten == null ? null : rewritten.main() != null ? rewritten.main() : rewritten.after().isEmpty() ? null : rewritten.after().getFirst();
  }

  private Rewritten rewrite(List<Catalog.Rule> rules, List<Long> chain) {
    boolean replaced = rules.stream().anyMatch(rule -> rule.instead() && rule.where() == null);
    boolean conditional = rules.stream().anyMatch(rule -> rule.instead() && rule.where() != null);
    if (!replaced && conditional && relation instanceof Relation.View view && !ModifyTarget.hasInsteadTrigger(rows.catalog(), view, event)) {
      throw ModifyTarget.refusal(view, event, "Views with conditional DO INSTEAD rules are not automatically updatable.");
    }
    List<TargetItem> returning = RuleRows.returning(statement);
    List<Step> products = new ArrayList<>();
    Step main = null;
    boolean countsRows = false;
    for (Catalog.Rule rule : rules) {
      for (String text : rule.actions()) {
        Preparable action = RuleActions.parse(text);
        boolean answers = replaced && rule.instead() && rule.where() == null;
        List<TargetItem> own = action instanceof DmlStatement dml ? RuleRows.returning(dml) : List.of();
        Preparable joined = RuleActions.join(action, rows.sources(), condition(rule), rows.with());
        Map<Preparable, Integer> roles = new IdentityHashMap<>(origin.roles());
        if (inWith && RuleRows.isStar(returning) && answers && !own.isEmpty()) {
          roles.put(joined, relation.ownerOid());
          addCallers(roles);
          main = new Step(joined, roles, false);
          products.add(main);
          countsRows = true;
          continue;
        }
        if (!returning.isEmpty() && answers && !own.isEmpty()) {
          roles.put(joined, relation.ownerOid());
          addCallers(roles);
          main = new Step(rows.answer(joined, returning), roles, false);
          products.add(main);
          countsRows = true;
          continue;
        }
        if (joined instanceof DmlStatement dml && !own.isEmpty()) {
          joined = RuleActions.withoutReturning(dml);
        }
        roles.put(joined, relation.ownerOid());
        addCallers(roles);
        Step step = new Step(joined, roles, false);
        products.add(step);
        boolean sameKind = joined instanceof DmlStatement dml && event(dml) == event || joined instanceof SelectStatement && answers;
        if (replaced && sameKind && !countsRows) {
          main = step;
        }
      }
    }
    if (replaced && !returning.isEmpty() && !countsRows) {
      String verb = event == 'i' ? "INSERT" : event == 'u' ? "UPDATE" : "DELETE";
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot perform " + verb + " RETURNING on relation \"" + relation.name() + "\"")
          .withHint("You need an unconditional ON " + verb + " DO INSTEAD rule with a RETURNING clause.");
    }
    if (!replaced) {
      main = new Step(original(rules), origin.roles(), true);
      products.add(event == 'i' ? 0 : products.size(), main);
    }
    int at = main == null ? products.size() : products.indexOf(main);
    List<Step> before = List.copyOf(products.subList(0, at));
    List<Step> after = main == null ? List.of() : List.copyOf(products.subList(at + 1, products.size()));
    return new Rewritten(before, main, after, countsRows, relation, event, rows.assignedColumns(), replaced, chain);
  }

  private void addCallers(Map<Preparable, Integer> roles) {
    rows.callerParts().forEach(part -> roles.put(part, callerRole));
  }

  private static @Nullable Expression condition(Catalog.Rule rule) {
    return rule.where() == null ? null : Parser.parseExpression(rule.where());
  }

  /// The statement itself, for the rows that no conditional DO INSTEAD rule took.
  private Preparable original(List<Catalog.Rule> rules) {
    List<Expression> rest = new ArrayList<>();
    for (Catalog.Rule rule : rules) {
      if (rule.instead() && rule.where() != null) {
        rest.add(rows.notTaken(condition(rule)));
      }
    }
    return rest.isEmpty() ? statement : rows.restricted(rest);
  }

  static List<FromItem> concat(List<FromItem> first, List<FromItem> second) {
    List<FromItem> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
