package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.Membership;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.Role;
import io.heliosdb.nano.catalog.CatalogObject.RoleObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AccessDdl.AlterGroup;
import io.heliosdb.nano.parse.ast.AccessDdl.AlterRole;
import io.heliosdb.nano.parse.ast.AccessDdl.AlterRoleSetting;
import io.heliosdb.nano.parse.ast.AccessDdl.CreateRole;
import io.heliosdb.nano.parse.ast.AccessDdl.DropRole;
import io.heliosdb.nano.parse.ast.AccessDdl.GrantRole;
import io.heliosdb.nano.parse.ast.AccessDdl.Privilege;
import io.heliosdb.nano.parse.ast.AccessDdl.RoleWord;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Roles and their memberships.
final class RoleCommands {
  private final Ddl ddl;

  RoleCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  /// A role under construction.
  private static final class Draft {
    boolean superuser;
    boolean inherit = true;
    boolean createRole;
    boolean createDb;
    boolean canLogin;
    boolean replication;
    boolean bypassRls;
    int connectionLimit = -1;
    @Nullable String password;
    @Nullable String validUntil;

    Draft() {}

    Draft(Role r) {
      superuser = r.superuser();
      inherit = r.inherit();
      createRole = r.createRole();
      createDb = r.createDb();
      canLogin = r.canLogin();
      replication = r.replication();
      bypassRls = r.bypassRls();
      connectionLimit = r.connectionLimit();
      password = r.password();
      validUntil = r.validUntil();
    }

    Role build(int oid, String name, List<Membership> memberOf, Map<String, String> settings) {
      return new Role(oid, name, superuser, inherit, createRole, createDb, canLogin, replication, bypassRls, connectionLimit, password,
          validUntil, memberOf, settings);
    }
  }

  private void put(Role role) {
    ddl.put(new RoleObject(role, 0));
  }

  String create(CreateRole statement) {
    Draft draft = new Draft();
    draft.canLogin = statement.word() == RoleWord.USER;
    apply(draft, statement.options());
    checkMayCreate(draft);
    checkName(statement.name());
    ddl.context.lockName(ClassOids.AUTHID, 0, statement.name());
    if (ddl.catalog().role(statement.name()) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "role \"" + statement.name() + "\" already exists");
    }
    int oid = ddl.nextOid();
    put(draft.build(oid, statement.name(), List.of(), Map.of()));
    for (Option option : statement.options()) {
      switch (option.name()) {
        case "addroleto" -> roles(option).forEach(group -> addMember(group, oid, false));
        case "rolemembers" -> roles(option).forEach(member -> addMember(ddl.catalog().role(oid), member.oid(), false));
        case "adminmembers" -> roles(option).forEach(member -> addMember(ddl.catalog().role(oid), member.oid(), true));
        default -> { }
      }
    }
    return "CREATE ROLE";
  }

  private void checkMayCreate(Draft draft) {
    if (draft.superuser) {
      ddl.checkSuperuser("must be superuser to create superusers");
    }
    if (draft.replication) {
      ddl.checkSuperuser("must be superuser to create replication users");
    }
    if (draft.bypassRls) {
      ddl.checkSuperuser("must be superuser to create bypassrls users");
    }
    if (!mayManage()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to create role");
    }
  }

  private boolean mayManage() {
    Role user = ddl.catalog().role(ddl.user());
    return user != null && (user.superuser() || user.createRole());
  }

  private static void checkName(String name) {
    if (name.startsWith("pg_")) {
      throw new SqlException(SqlState.RESERVED_NAME, "role name \"" + name + "\" is reserved")
          .withDetail("Role names starting with \"pg_\" are reserved.");
    }
    if (name.equals("public") || name.equals("none")) {
      throw new SqlException(SqlState.RESERVED_NAME, "role name \"" + name + "\" is reserved");
    }
  }

  private List<Role> roles(Option option) {
    List<Role> result = new ArrayList<>();
    if (option.value() instanceof Option.ListValue list) {
      for (Option.Value value : list.values()) {
        result.add(ddl.role(((Option.RoleValue) value).role()));
      }
    }
    return result;
  }

  private void apply(Draft draft, List<Option> options) {
    Set<String> seen = new HashSet<>();
    for (Option option : options) {
      if (!seen.add(option.name())) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting or redundant options").at(option.position());
      }
      boolean flag = option.value() instanceof Option.BooleanValue value && value.value();
      switch (option.name()) {
        case "superuser" -> draft.superuser = flag;
        case "inherit" -> draft.inherit = flag;
        case "createrole" -> draft.createRole = flag;
        case "createdb" -> draft.createDb = flag;
        case "canlogin" -> draft.canLogin = flag;
        case "isreplication" -> draft.replication = flag;
        case "bypassrls" -> draft.bypassRls = flag;
        case "connectionlimit" -> {
          draft.connectionLimit = Integer.parseInt(option.text());
          if (draft.connectionLimit < -1) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid connection limit: " + option.text());
          }
        }
        case "validUntil" -> draft.validUntil = ddl.context.moment(option.text());
        case "password" -> draft.password = password(option);
        case "addroleto", "rolemembers", "adminmembers" -> { }
        case "sysid" -> ddl.notice(SqlState.SUCCESSFUL_COMPLETION, "SYSID can no longer be specified");
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized");
      }
    }
  }

  private @Nullable String password(Option option) {
    String text = option.value() == null ? null : option.text();
    if (text != null && text.isEmpty()) {
      ddl.notice(SqlState.SUCCESSFUL_COMPLETION, "empty string is not a valid password, clearing password");
      return null;
    }
    return text == null ? null : ddl.context.passwordVerifier(text);
  }

  String alter(AlterRole statement) {
    Role role = ddl.role(statement.role());
    checkNotReserved(role, "Cannot alter reserved roles.");
    Draft draft = new Draft(role);
    apply(draft, statement.options());
    boolean onlyOwnPassword = role.oid() == ddl.user()
        && statement.options().stream().allMatch(option -> option.name().equals("password"));
    if (role.superuser() || draft.superuser) {
      ddl.checkSuperuser("must be superuser to alter superuser roles or change superuser attribute");
    } else if (role.replication() || draft.replication) {
      ddl.checkSuperuser("must be superuser to alter replication roles or change replication attribute");
    } else if (draft.bypassRls != role.bypassRls()) {
      ddl.checkSuperuser("must be superuser to change bypassrls attribute");
    } else if (!mayManage() && !onlyOwnPassword) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied");
    }
    put(draft.build(role.oid(), role.name(), role.memberOf(), role.settings()));
    for (Option option : statement.options()) {
      if (option.name().equals("rolemembers")) {
        roles(option).forEach(member -> addMember(ddl.catalog().role(role.oid()), member.oid(), false));
      }
    }
    return "ALTER ROLE";
  }

  private static void checkNotReserved(Role role, String detail) {
    if (role.name().startsWith("pg_")) {
      throw new SqlException(SqlState.RESERVED_NAME, "role name \"" + role.name() + "\" is reserved").withDetail(detail);
    }
  }

  String alterSetting(AlterRoleSetting statement) {
    if (statement.database() != null || statement.role() == null) {
      throw SqlException.notSupported(statement.role() == null ? "ALTER ROLE ALL SET" : "ALTER ROLE … IN DATABASE … SET");
    }
    Role role = ddl.role(statement.role());
    if (role.superuser()) {
      ddl.checkSuperuser("must be superuser to alter superusers");
    } else if (!mayManage() && role.oid() != ddl.user()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied");
    }
    Map<String, String> settings = FunctionCommands.settings(role.settings(), List.of(statement.change()), ddl.context);
    put(new Draft(role).build(role.oid(), role.name(), role.memberOf(), settings));
    return "ALTER ROLE";
  }

  void rename(int oid, String name) {
    Role role = ddl.catalog().role(oid);
    checkNotReserved(role, "Role names starting with \"pg_\" are reserved.");
    checkName(name);
    if (ddl.catalog().role(name) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "role \"" + name + "\" already exists");
    }
    if (oid == ddl.context.sessionUser()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "session user cannot be renamed");
    }
    if (oid == ddl.user()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "current user cannot be renamed");
    }
    if (role.superuser()) {
      ddl.checkSuperuser("must be superuser to rename superusers");
    } else if (!mayManage()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to rename role");
    }
    put(new Draft(role).build(oid, name, role.memberOf(), role.settings()));
  }

  String drop(DropRole statement) {
    if (!mayManage()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to drop role");
    }
    for (RoleSpecification specification : statement.roles()) {
      if (specification.kind() != RoleSpecification.Kind.NAMED) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "cannot use special role specifier in DROP ROLE");
      }
      Role role = ddl.catalog().role(specification.name());
      if (role == null) {
        if (!statement.ifExists()) {
          throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + specification.name() + "\" does not exist");
        }
        ddl.skipping("role \"" + specification.name() + "\" does not exist");
        continue;
      }
      drop(role);
    }
    return "DROP ROLE";
  }

  private void drop(Role role) {
    if (role.oid() == ddl.user()) {
      throw new SqlException(SqlState.OBJECT_IN_USE, "current user cannot be dropped");
    }
    if (role.oid() == ddl.context.sessionUser()) {
      throw new SqlException(SqlState.OBJECT_IN_USE, "session user cannot be dropped");
    }
    if (role.superuser()) {
      ddl.checkSuperuser("must be superuser to drop superusers");
    }
    List<String> uses = new OwnedObjects(ddl, role.oid()).describe();
    if (!uses.isEmpty() || role.oid() == 10) {
      throw new SqlException(SqlState.DEPENDENT_OBJECTS_STILL_EXIST, role.oid() == 10
          ? "cannot drop role " + role.name() + " because it is required by the database system"
          : "role \"" + role.name() + "\" cannot be dropped because some objects depend on it")
          .withDetail(uses.isEmpty() ? null : String.join("\n", uses));
    }
    for (Role other : ddl.catalog().roles()) {
      if (other.memberOf().stream().anyMatch(m -> m.roleOid() == role.oid())) {
        put(withMemberships(other, other.memberOf().stream().filter(m -> m.roleOid() != role.oid()).toList()));
      }
    }
    ObjectAddress address = ObjectAddress.of(ClassOids.AUTHID, role.oid());
    ddl.remove(ObjectClass.ROLE, address);
    ddl.remove(ObjectClass.SHARED_COMMENT, address);
  }

  private static Role withMemberships(Role role, List<Membership> memberOf) {
    return new Draft(role).build(role.oid(), role.name(), memberOf, role.settings());
  }

  // Membership

  private void addMember(Role group, int memberOid, boolean admin) {
    Role member = ddl.catalog().role(memberOid);
    if (group.name().equals("pg_database_owner")) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "role \"pg_database_owner\" cannot have explicit members");
    }
    if (memberOid == group.oid() || isMember(group.oid(), memberOid)) {
      throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "role \"" + group.name() + "\" is a member of role \"" + member.name() + "\"");
    }
    List<Membership> memberships = new ArrayList<>(member.memberOf());
    for (int i = 0; i < memberships.size(); i++) {
      Membership known = memberships.get(i);
      if (known.roleOid() == group.oid()) {
        if (known.adminOption() || !admin) {
          ddl.notice(SqlState.SUCCESSFUL_COMPLETION,
              "role \"" + member.name() + "\" is already a member of role \"" + group.name() + "\"");
          return;
        }
        memberships.set(i, new Membership(group.oid(), true, known.grantorOid()));
        put(withMemberships(member, memberships));
        return;
      }
    }
    memberships.add(new Membership(group.oid(), admin, ddl.user()));
    put(withMemberships(member, memberships));
  }

  private boolean isMember(int roleOid, int group) {
    Role role = ddl.catalog().role(roleOid);
    return role != null
        && role.memberOf().stream().anyMatch(m -> m.roleOid() == group || isMember(m.roleOid(), group));
  }

  private void removeMember(Role group, Role member, boolean adminOnly) {
    if (member.memberOf().stream().noneMatch(m -> m.roleOid() == group.oid())) {
      ddl.context.notice("WARNING", SqlState.WARNING,
          "role \"" + member.name() + "\" is not a member of role \"" + group.name() + "\"", null, null);
      return;
    }
    List<Membership> rest = new ArrayList<>();
    for (Membership m : member.memberOf()) {
      if (m.roleOid() != group.oid()) {
        rest.add(m);
      } else if (adminOnly) {
        rest.add(new Membership(m.roleOid(), false, m.grantorOid()));
      }
    }
    put(withMemberships(member, rest));
  }

  String grant(GrantRole statement) {
    for (Privilege privilege : statement.roles()) {
      if (!privilege.columns().isEmpty()) {
        throw new SqlException(SqlState.INVALID_GRANT_OPERATION, "column names cannot be included in GRANT/REVOKE ROLE");
      }
      Role group = ddl.role(privilege.name());
      checkMayGrant(group);
      for (RoleSpecification grantee : statement.grantees()) {
        Role member = ddl.role(grantee);
        if (statement.grant()) {
          addMember(group, member.oid(), statement.adminOption());
        } else {
          removeMember(group, member, statement.adminOption());
        }
      }
    }
    return statement.grant() ? "GRANT ROLE" : "REVOKE ROLE";
  }

  private void checkMayGrant(Role group) {
    Role user = ddl.catalog().role(ddl.user());
    if (group.superuser()) {
      ddl.checkSuperuser("must be superuser to alter superusers");
      return;
    }
    boolean admin = user.superuser() || user.createRole()
        || user.memberOf().stream().anyMatch(m -> m.roleOid() == group.oid() && m.adminOption());
    if (!admin) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must have admin option on role \"" + group.name() + "\"");
    }
  }

  String alterGroup(AlterGroup statement) {
    Role group = ddl.role(statement.group());
    if (!mayManage()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied");
    }
    for (RoleSpecification specification : statement.members()) {
      if (statement.add()) {
        addMember(group, ddl.role(specification).oid(), false);
      } else {
        removeMember(group, ddl.role(specification), false);
      }
    }
    return "ALTER ROLE";
  }

}
