package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Row security policies as conditions on what is read and as checks on what is written.
///
/// Permissive policies are combined with OR, restrictive ones with AND; without any permissive one nothing is visible.
/// Source: PostgreSQL 15 manual, "Row Security Policies" and CREATE POLICY.
final class RowSecurity {
  private RowSecurity() {}

  /// @param table as it is now, also when the entry is of another time
  static void applyToRead(Analysis analysis, Scope scope, RangeEntry entry, Relation.Table table) {
    addConditions(analysis, entry, table, 'r');
  }

  private static void addConditions(Analysis analysis, RangeEntry entry, Relation.Table table, char command) {
    for (Rules rules : rules(analysis, table)) {
      if (isEnforced(analysis, entry, rules.table)) {
        entry.securityConditions.add(conditions(analysis, entry, rules, command, true));
      }
    }
  }

  /// The policies of one branch for a table.
  private record Rules(Catalog catalog, Relation.Table table) {}

  /// Those of the session's branch, and of each branch it was forked from that has others now.
  private static List<Rules> rules(Analysis analysis, Relation.Table table) {
    Rules own = new Rules(analysis.catalog, table);
    List<Catalog> ancestors = analysis.context.history() == null ? List.of() : analysis.context.history().ancestors();
    if (ancestors.isEmpty()) {
      return List.of(own);
    }
    List<Rules> all = new ArrayList<>(List.of(own));
    for (Catalog ancestor : ancestors) {
      if (ancestor.relation(table.oid()) instanceof Relation.Table there && there.rowSecurity() && !isSame(own, new Rules(ancestor, there))) {
        all.add(new Rules(ancestor, there));
      }
    }
    return all;
  }

  private static boolean isSame(Rules a, Rules b) {
    if (a.table.rowSecurity() != b.table.rowSecurity() || a.table.forceRowSecurity() != b.table.forceRowSecurity()
        || a.table.ownerOid() != b.table.ownerOid() || !a.table.policyOids().equals(b.table.policyOids())) {
      return false;
    }
    for (int oid : a.table.policyOids()) {
      if (!java.util.Objects.equals(a.catalog.policy(oid), b.catalog.policy(oid))) {
        return false;
      }
    }
    return true;
  }

  /// Conditions on the rows that UPDATE or DELETE may touch (`command` w or d); `alsoRead` if the statement reads the table.
  static void applyToModify(Analysis analysis, RangeEntry entry, Relation.Table table, char command, boolean alsoRead) {
    addConditions(analysis, entry, table, command);
    if (alsoRead) {
      addConditions(analysis, entry, table, 'r');
    }
  }

  /// Checks on new rows; conditions are over `entry`'s columns.
  static List<Query.Check> checks(Analysis analysis, RangeEntry entry, Relation.Table table, char command, boolean alsoRead) {
    List<Query.Check> checks = new ArrayList<>();
    for (Rules rules : rules(analysis, table)) {
      if (isEnforced(analysis, entry, rules.table)) {
        addChecks(checks, analysis, entry, rules, command);
        if (alsoRead) {
          checks.add(new Query.Check(conditions(analysis, entry, rules, 'r', true), violation(table, null, false)));
        }
      }
    }
    return checks;
  }

  /// Checks on the row that ON CONFLICT DO UPDATE found: it must be one that UPDATE may touch and SELECT may see.
  static List<Query.Check> foundChecks(Analysis analysis, RangeEntry entry, Relation.Table table) {
    List<Query.Check> checks = new ArrayList<>();
    for (Rules rules : rules(analysis, table)) {
      if (isEnforced(analysis, entry, rules.table)) {
        for (char command : new char[] {'w', 'r'}) {
          checks.add(new Query.Check(conditions(analysis, entry, rules, command, true), violation(table, null, true))
              .on(io.heliosdb.nano.plan.logical.LogicalPlan.CheckedRow.FOUND));
        }
      }
    }
    return checks;
  }

  private static void addChecks(List<Query.Check> checks, Analysis analysis, RangeEntry entry, Rules rules, char command) {
    Relation.Table table = rules.table;
    List<Node> permissive = new ArrayList<>();
    for (Catalog.Policy policy : policies(analysis, entry, rules, command)) {
      if (policy.permissive()) {
        Node node = expression(analysis, entry, table, policy, false);
        permissive.add(node == null ? Node.Const.of(PgTypes.BOOL, true) : node);
      }
    }
    checks.add(new Query.Check(any(permissive), violation(table, null, false)));
    for (Catalog.Policy policy : policies(analysis, entry, rules, command)) {
      if (!policy.permissive()) {
        Node node = expression(analysis, entry, table, policy, false);
        if (node != null) {
          checks.add(new Query.Check(node, violation(table, policy.name(), false)));
        }
      }
    }
  }

  static SqlException violation(Relation.Table table, @Nullable String policy, boolean using) {
    String name = policy == null ? "" : " \"" + policy + "\"";
    return new SqlException(
        SqlState.INSUFFICIENT_PRIVILEGE,
        "new row violates row-level security policy" + name + (using ? " (USING expression)" : "") + " for table \"" + table.name() + "\"");
  }

  /// Whether the role the entry is read as is subject to the table's policies.
  static boolean isEnforced(Analysis analysis, RangeEntry entry, Relation.Table table) {
    if (!table.rowSecurity()) {
      return false;
    }
    int roleOid = entry.checkAs != 0 ? entry.checkAs : analysis.context.currentRole();
    Catalog.Role role = analysis.catalog.role(roleOid);
    if (role != null && (role.superuser() || role.bypassRls())) {
      return false;
    }
    if (!table.forceRowSecurity() && memberOf(analysis, roleOid).contains(table.ownerOid())) {
      return false;
    }
    String setting = analysis.setting("row_security");
    if ("off".equals(setting) || "false".equals(setting)) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE, "query would be affected by row-level security policy for table \"" + table.name() + "\"");
    }
    return true;
  }

  static Set<Integer> memberOf(Analysis analysis, int roleOid) {
    Set<Integer> roles = new HashSet<>();
    List<Integer> pending = new ArrayList<>(List.of(roleOid));
    while (!pending.isEmpty()) {
      int next = pending.removeLast();
      if (roles.add(next)) {
        Catalog.Role role = analysis.catalog.role(next);
        if (role != null) {
          role.memberOf().forEach(membership -> pending.add(membership.roleOid()));
        }
      }
    }
    return roles;
  }

  private static List<Catalog.Policy> policies(Analysis analysis, RangeEntry entry, Rules rules, char command) {
    int roleOid = entry.checkAs != 0 ? entry.checkAs : analysis.context.currentRole();
    Set<Integer> roles = memberOf(analysis, roleOid);
    List<Catalog.Policy> result = new ArrayList<>();
    for (int oid : rules.table.policyOids()) {
      Catalog.Policy policy = rules.catalog.policy(oid);
      if (policy == null || policy.command() != '*' && policy.command() != command) {
        continue;
      }
      boolean applies = policy.roles().isEmpty();
      for (int role : policy.roles()) {
        applies |= role == 0 || roles.contains(role);
      }
      if (applies) {
        result.add(policy);
      }
    }
    result.sort(java.util.Comparator.comparing(Catalog.Policy::name));
    return result;
  }

  private static Node conditions(Analysis analysis, RangeEntry entry, Rules rules, char command, boolean using) {
    Relation.Table table = rules.table;
    List<Node> permissive = new ArrayList<>();
    List<Node> all = new ArrayList<>();
    for (Catalog.Policy policy : policies(analysis, entry, rules, command)) {
      Node node = expression(analysis, entry, table, policy, using);
      if (policy.permissive()) {
        permissive.add(node == null ? Node.Const.of(PgTypes.BOOL, true) : node);
      } else if (node != null) {
        all.add(node);
      }
    }
    all.add(any(permissive));
    return all.size() == 1 ? all.getFirst() : new Node.Bool(0, Node.BoolKind.AND, all);
  }

  private static Node any(List<Node> nodes) {
    if (nodes.isEmpty()) {
      return Node.Const.of(PgTypes.BOOL, false);
    }
    return nodes.size() == 1 ? nodes.getFirst() : new Node.Bool(0, Node.BoolKind.OR, nodes);
  }

  /// The bound USING or WITH CHECK expression over `entry`; WITH CHECK falls back to USING. Null if the policy has none.
  private static @Nullable Node expression(Analysis analysis, RangeEntry entry, Relation.Table table, Catalog.Policy policy, boolean using) {
    String text = using ? policy.using() : policy.withCheck() != null ? policy.withCheck() : policy.using();
    if (text == null) {
      return null;
    }
    if (analysis.policiesOf.contains(table.oid())) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION, "infinite recursion detected in policy for relation \"" + table.name() + "\"");
    }
    analysis.policiesOf.add(table.oid());
    AnalyzerContext context = analysis.context;
    Analysis.Moment moment = analysis.moment;
    analysis.context = context.withVariables(null);
    analysis.moment = null;
    String privileges = entry.privileges;
    BitSet selected = (BitSet) entry.selected.clone();
    Scope scope = Scope.detached(analysis, entry.depth);
    scope.namespace.add(new Scope.Item(table.name(), entry, realNames(entry, table)));
    Node node = new ExpressionAnalyzer(scope).condition(Parser.parseExpression(text), ExprKind.POLICY, "POLICY");
    CollationAssigner.assign(analysis, node);
    entry.privileges = privileges;
    entry.selected.clear();
    entry.selected.or(selected);
    analysis.context = context;
    analysis.moment = moment;
    analysis.policiesOf.remove(Integer.valueOf(table.oid()));
    return node;
  }

  /// The table's own column names: the statement's aliases mean nothing to a policy.
  private static List<Scope.Column> realNames(RangeEntry entry, Relation.Table table) {
    List<Scope.Column> columns = new ArrayList<>();
    for (Relation.Column column : table.columns()) {
      // A row of another time may lack columns that the table has now; a policy about them then fails.
      boolean isThere = column.attnum() <= entry.columnCount() && entry.columnNames.get(column.attnum() - 1) != null;
      if (!column.dropped() && isThere) {
        columns.add(new Scope.Column(column.name(), entry, column.attnum()));
      }
    }
    return columns;
  }
}
