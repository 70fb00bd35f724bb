package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.Policy;
import io.heliosdb.nano.catalog.CatalogObject.PolicyObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AccessDdl.AlterPolicy;
import io.heliosdb.nano.parse.ast.AccessDdl.CreatePolicy;
import io.heliosdb.nano.parse.ast.AccessDdl.PolicyCommand;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// CREATE and ALTER POLICY.
final class PolicyCommands {
  private final Ddl ddl;

  PolicyCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreatePolicy statement) {
    PolicyCommand command = statement.command();
    if (command == PolicyCommand.INSERT && statement.using() != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "only WITH CHECK expression allowed for INSERT");
    }
    if ((command == PolicyCommand.SELECT || command == PolicyCommand.DELETE) && statement.check() != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "WITH CHECK cannot be applied to SELECT or DELETE");
    }
    Table table = table(ddl.relation(statement.table()));
    if (find(table, statement.name()) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT,
          "policy \"" + statement.name() + "\" for table \"" + table.name() + "\" already exists");
    }
    Set<ObjectAddress> targets = new LinkedHashSet<>();
    char letter = switch (command) {
      case ALL -> '*';
      case SELECT -> 'r';
      case INSERT -> 'a';
      case UPDATE -> 'w';
      case DELETE -> 'd';
    };
    Policy policy = new Policy(ddl.nextOid(), statement.name(), table.oid(), statement.permissive(), letter, roles(statement.roles()),
        text(table, statement.using(), targets), text(table, statement.check(), targets));
    ddl.put(new PolicyObject(policy, 0));
    ddl.putDependencies(ObjectAddress.of(ClassOids.POLICY, policy.oid()), targets);
    TableBuilder builder = new TableBuilder(ddl.table(table.oid()));
    builder.policyOids.add(policy.oid());
    ddl.put(builder.build());
    return "CREATE POLICY";
  }

  private Table table(Relation relation) {
    if (!(relation instanceof Table table) || table.kind() == 'm') {
      throw Ddl.wrongKind(relation, "a table");
    }
    ddl.checkOwner(table);
    ddl.lock(table, TableLock.ACCESS_EXCLUSIVE);
    return ddl.table(table.oid());
  }

  private @Nullable Policy find(Table table, String name) {
    return table.policyOids().stream().map(oid -> ddl.catalog().policy(oid)).filter(p -> p.name().equals(name)).findFirst().orElse(null);
  }

  /// Oids of the roles; 0 stands for PUBLIC.
  private List<Integer> roles(List<RoleSpecification> roles) {
    List<Integer> oids = new ArrayList<>();
    for (RoleSpecification role : roles) {
      if (role.kind() == RoleSpecification.Kind.PUBLIC) {
        if (roles.size() > 1) {
          ddl.context.notice("WARNING", SqlState.INVALID_PARAMETER_VALUE, "ignoring specified roles other than PUBLIC", null,
              "All roles are members of the PUBLIC role.");
        }
        return List.of(0);
      }
      oids.add(ddl.role(role).oid());
    }
    return oids.isEmpty() ? List.of(0) : oids;
  }

  private @Nullable String text(Table table, @Nullable SourceExpression source, Set<ObjectAddress> targets) {
    if (source == null) {
      return null;
    }
    DdlExpressions.Bound bound = ddl.expressions().bind(source.expression(), table, DdlExpressions.Use.POLICY, PgTypes.BOOL, -1);
    targets.addAll(bound.dependencies());
    bound.columns().forEach(attnum -> targets.add(Ddl.columnAddress(table, attnum)));
    return bound.text();
  }

  String alter(AlterPolicy statement) {
    Table table = table(ddl.relation(statement.table()));
    Policy old = find(table, statement.name());
    if (old == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT,
          "policy \"" + statement.name() + "\" for table \"" + table.name() + "\" does not exist");
    }
    if ((old.command() == 'r' || old.command() == 'd') && statement.check() != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "only USING expression allowed for SELECT, DELETE");
    }
    if (old.command() == 'a' && statement.using() != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "only WITH CHECK expression allowed for INSERT");
    }
    Set<ObjectAddress> targets = new LinkedHashSet<>();
    ObjectAddress address = ObjectAddress.of(ClassOids.POLICY, old.oid());
    ddl.catalog().dependenciesOf(address).stream().filter(d -> d.kind() == 'n').forEach(d -> targets.add(d.target()));
    String using = statement.using() == null ? old.using() : text(table, statement.using(), targets);
    String check = statement.check() == null ? old.withCheck() : text(table, statement.check(), targets);
    List<Integer> roles = statement.roles().isEmpty() ? old.roles() : roles(statement.roles());
    ddl.put(new PolicyObject(new Policy(old.oid(), old.name(), old.tableOid(), old.permissive(), old.command(), roles, using, check), 0));
    ddl.putDependencies(address, targets);
    ddl.put(ddl.table(table.oid()));
    return "ALTER POLICY";
  }
}
