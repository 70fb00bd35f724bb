package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.Rule;
import io.heliosdb.nano.catalog.CatalogObject.RuleObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.RoutineDdl.CreateRule;
import io.heliosdb.nano.parse.ast.RoutineDdl.RuleEvent;
import io.heliosdb.nano.parse.ast.Statement;
import org.jspecify.annotations.Nullable;

/// CREATE RULE, ALTER RULE … RENAME, ALTER TABLE … ENABLE and DISABLE RULE.
///
/// A rule on SELECT is what makes a view; those come from CREATE VIEW only.
final class RuleCommands {
  private static final String VIEW_RULE = "_RETURN";

  private final Ddl ddl;

  RuleCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateRule statement) {
    Relation relation = ddl.relation(statement.table());
    if (relation instanceof Relation.SystemRelation) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: \"" + relation.name() + "\" is a system catalog");
    }
    boolean table = relation instanceof Relation.Table t && t.kind() != 'm';
    if (!table && !(relation instanceof Relation.View)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "relation \"" + relation.name() + "\" cannot have rules");
    }
    ddl.checkOwner(relation);
    ddl.lock(relation, TableLock.ACCESS_EXCLUSIVE);
    for (Statement action : statement.actions()) {
      if (action instanceof DmlStatement dml && !dml.table().isQualified()
          && (dml.table().name().equals("old") || dml.table().name().equals("new"))) {
        boolean old = dml.table().name().equals("old");
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "rule actions on " + (old ? "OLD" : "NEW") + " are not implemented")
            .withHint(old ? "Use views or triggers instead." : "Use triggers instead.");
      }
    }
    if (statement.event() == RuleEvent.SELECT) {
      throw select(statement, relation);
    }
    if (statement.name().equals(VIEW_RULE)) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION, "non-view rule for \"" + relation.name() + "\" must not be named \"" + VIEW_RULE + "\"");
    }
    char event = statement.event() == RuleEvent.INSERT ? 'i' : statement.event() == RuleEvent.UPDATE ? 'u' : 'd';
    DdlExpressions.BoundRule bound = ddl.expressions().bindRule(statement, relation, event);
    Rule existing = find(relation, statement.name());
    if (existing != null && !statement.orReplace()) {
      throw duplicate(relation, statement.name());
    }
    Rule rule = new Rule(
        existing == null ? ddl.nextOid() : existing.oid(), statement.name(), relation.oid(), event, bound.where(), statement.instead(),
        bound.actions(), existing == null ? 'O' : existing.enabled());
    put(rule, relation);
    ddl.putDependencies(ObjectAddress.of(ClassOids.REWRITE, rule.oid()), bound.dependencies());
    return "CREATE RULE";
  }

  private static SqlException select(CreateRule statement, Relation relation) {
    if (statement.actions().isEmpty()) {
      return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "INSTEAD NOTHING rules on SELECT are not implemented")
          .withHint("Use views instead.");
    }
    if (statement.actions().size() > 1) {
      return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "multiple actions for rules on SELECT are not implemented");
    }
    if (!statement.instead() || !(statement.actions().getFirst() instanceof io.heliosdb.nano.parse.ast.SelectStatement)) {
      return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "rules on SELECT must have action INSTEAD SELECT");
    }
    if (statement.where() != null) {
      return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "event qualifications are not implemented for rules on SELECT");
    }
    if (relation instanceof Relation.View && !statement.orReplace()) {
      return new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "\"" + relation.name() + "\" is already a view");
    }
    return SqlException.notSupported("CREATE RULE ON SELECT").withHint("Use CREATE VIEW.");
  }

  private static SqlException duplicate(Relation relation, String name) {
    return new SqlException(SqlState.DUPLICATE_OBJECT, "rule \"" + name + "\" for relation \"" + relation.name() + "\" already exists");
  }

  private @Nullable Rule find(Relation relation, String name) {
    return ddl.catalog().rulesOf(relation.oid()).stream().filter(rule -> rule.name().equals(name)).findFirst().orElse(null);
  }

  /// Stores the rule and gives its relation a new version, on which plans depend.
  private void put(Rule rule, Relation relation) {
    ddl.put(new RuleObject(rule, 0));
    ddl.put(ddl.catalog().relation(relation.oid()));
  }

  void rename(ObjectAddress address, String name) {
    if (!(ddl.catalog().object(ObjectClass.RULE, address) instanceof RuleObject object)) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "renaming an ON SELECT rule is not allowed");
    }
    Rule r = object.rule();
    Relation relation = ddl.catalog().relation(r.relationOid());
    if (find(relation, name) != null) {
      throw duplicate(relation, name);
    }
    if (name.equals(VIEW_RULE)) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION, "non-view rule for \"" + relation.name() + "\" must not be named \"" + VIEW_RULE + "\"");
    }
    put(new Rule(r.oid(), name, r.relationOid(), r.event(), r.where(), r.instead(), r.actions(), r.enabled()), relation);
  }

  void setState(Relation relation, AlterTableAction.RuleState action) {
    Rule r = find(relation, action.rule());
    if (r == null) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, "rule \"" + action.rule() + "\" for relation \"" + relation.name() + "\" does not exist");
    }
    char enabled = switch (action.state()) {
      case ENABLE -> 'O';
      case DISABLE -> 'D';
      case ENABLE_REPLICA -> 'R';
      case ENABLE_ALWAYS -> 'A';
    };
    put(new Rule(r.oid(), r.name(), r.relationOid(), r.event(), r.where(), r.instead(), r.actions(), enabled), relation);
  }
}
