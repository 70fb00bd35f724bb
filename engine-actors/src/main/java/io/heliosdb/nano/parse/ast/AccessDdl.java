package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Roles, privileges, row policies.
public sealed interface AccessDdl extends DdlStatement {
  /// `CREATE ROLE|USER|GROUP`. Options keep PostgreSQL's names: password, superuser, inherit, createrole, createdb, canlogin,
  /// isreplication, bypassrls, connectionlimit, validUntil, rolemembers, adminmembers, addroleto, sysid.
  record CreateRole(RoleWord word, String name, List<Option> options) implements AccessDdl {}

  enum RoleWord { ROLE, USER, GROUP }

  /// `ALTER ROLE|USER role options`; with GROUP … ADD|DROP USER it is [AlterGroup].
  record AlterRole(RoleSpecification role, List<Option> options) implements AccessDdl {}

  /// `ALTER ROLE role|ALL [IN DATABASE d] SET|RESET …`; role null means ALL.
  record AlterRoleSetting(@Nullable RoleSpecification role, @Nullable String database, SettingStatement.SettingChange change)
      implements AccessDdl {}

  record AlterGroup(RoleSpecification group, boolean add, List<RoleSpecification> members) implements AccessDdl {}

  record DropRole(List<RoleSpecification> roles, boolean ifExists) implements AccessDdl {}

  /// GRANT or REVOKE (`grant` false) of privileges. No privileges means ALL. `grantOption` is WITH GRANT OPTION, or GRANT OPTION FOR.
  record GrantPrivileges(
      boolean grant,
      List<Privilege> privileges,
      GrantTarget target,
      List<RoleSpecification> grantees,
      boolean grantOption,
      @Nullable RoleSpecification grantedBy,
      boolean cascade)
      implements AccessDdl {}

  /// A privilege word in lower case, with columns if any; name null with columns is ALL (columns).
  record Privilege(@Nullable String name, List<Name> columns, int position) {}

  /// What is granted on.
  sealed interface GrantTarget {}

  /// Named objects of a kind.
  record GrantObjects(ObjectKind kind, List<ObjectReference> objects) implements GrantTarget {}

  /// `ALL TABLES|SEQUENCES|FUNCTIONS… IN SCHEMA …`.
  record GrantAllInSchema(ObjectKind kind, List<String> schemas) implements GrantTarget {}

  /// `PARAMETER a, b`.
  record GrantParameters(List<String> parameters) implements GrantTarget {}

  /// Future objects of a kind, in ALTER DEFAULT PRIVILEGES.
  record GrantDefaults(ObjectKind kind) implements GrantTarget {}

  /// GRANT or REVOKE of role membership. `roles` are bare names (without columns).
  record GrantRole(
      boolean grant,
      List<Privilege> roles,
      List<RoleSpecification> grantees,
      boolean adminOption,
      @Nullable RoleSpecification grantedBy,
      boolean cascade)
      implements AccessDdl {}

  /// `ALTER DEFAULT PRIVILEGES [FOR ROLE …] [IN SCHEMA …] grant`; the grant's target is [GrantDefaults].
  record AlterDefaultPrivileges(List<RoleSpecification> roles, List<String> schemas, GrantPrivileges action) implements AccessDdl {}

  record DropOwned(List<RoleSpecification> roles, boolean cascade) implements AccessDdl {}

  record ReassignOwned(List<RoleSpecification> roles, RoleSpecification newOwner) implements AccessDdl {}

  /// `CREATE POLICY`. `roles` empty means PUBLIC.
  record CreatePolicy(
      String name,
      QualifiedName table,
      boolean permissive,
      PolicyCommand command,
      List<RoleSpecification> roles,
      @Nullable SourceExpression using,
      @Nullable SourceExpression check,
      int position)
      implements AccessDdl {}

  enum PolicyCommand { ALL, SELECT, INSERT, UPDATE, DELETE }

  /// `ALTER POLICY`; null or empty parts are not changed.
  record AlterPolicy(
      String name,
      QualifiedName table,
      List<RoleSpecification> roles,
      @Nullable SourceExpression using,
      @Nullable SourceExpression check)
      implements AccessDdl {}
}
