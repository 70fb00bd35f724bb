package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.PermissionCheck;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.TableLockMode;
import java.util.BitSet;
import java.util.List;

/// Enforces GRANT and REVOKE when statements run. Stateless.
final class PrivilegeChecks {
  /// @throws SqlException 42501
  void check(SessionCore session, List<PermissionCheck> checks) {
    if (checks.isEmpty() || session.currentRole().superuser() && areAllAsCaller(checks)) {
      return;
    }
    Catalog catalog = session.catalog();
    for (PermissionCheck check : checks) {
      int role = check.checkAs() == 0 ? session.currentRole().oid() : check.checkAs();
      Relation relation = catalog.relation(check.relation());
      if (relation != null && (!isAllowed(catalog, role, relation, check) || isRevokedAbove(session, role, check))) {
        throw denied(relation);
      }
    }
  }

  /// Whether a branch that the session's branch was forked from has taken the privilege away since: what a branch shows of its parents is
  /// subject to their present privileges.
  private static boolean isRevokedAbove(SessionCore session, int role, PermissionCheck check) {
    for (BranchRegistry.Ancestor ancestor : session.engine().branchRegistry().ancestors(session.branchState())) {
      CatalogSnapshot now = ancestor.branch().catalog();
      Relation relation = now.relation(check.relation());
      if (relation == null || isAllowed(now, role, relation, check)) {
        continue;
      }
      Catalog atFork = session.engine().historicCatalogs().at(ancestor.branch(), ancestor.forkScn());
      Relation then = atFork.relation(check.relation());
      if (then != null && isAllowed(atFork, role, then, check)) {
        return true;
      }
    }
    return false;
  }

  private static boolean areAllAsCaller(List<PermissionCheck> checks) {
    for (int i = 0; i < checks.size(); i++) {
      if (checks.get(i).checkAs() != 0) {
        return false;
      }
    }
    return true;
  }

  /// @throws SqlException 42501
  void checkExecute(SessionCore session, io.heliosdb.nano.function.FunctionDef function) {
    if (!session.currentRole().superuser() && !Privileges.hasOnFunction(session.catalog(), session.currentRole().oid(), function)) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for " + (function.kind() == 'p' ? "procedure " : "function ") + function.name());
    }
  }

  private static boolean isAllowed(Catalog catalog, int role, Relation relation, PermissionCheck check) {
    for (int i = 0; i < check.privileges().length(); i++) {
      char letter = check.privileges().charAt(i);
      if (Privileges.hasOnRelation(catalog, role, relation, String.valueOf(letter))) {
        continue;
      }
      BitSet columns =
          switch (letter) {
            case 'r' -> check.selected();
            case 'a' -> check.inserted();
            case 'w' -> check.updated();
            default -> null;
          };
      if (columns == null || !hasOnColumns(catalog, role, relation, columns, letter)) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasOnColumns(Catalog catalog, int role, Relation relation, BitSet columns, char letter) {
    if (columns.isEmpty()) {
      // Nothing is read or written of it by name: count(*), SELECT FOR UPDATE, DEFAULT VALUES.
      return relation.columns().stream().anyMatch(column -> !column.dropped() && Privileges.hasOnColumn(catalog, role, relation, column, letter));
    }
    return columns.stream()
        .allMatch(attnum -> attnum > 0 && attnum <= relation.columns().size() && Privileges.hasOnColumn(catalog, role, relation, relation.columns().get(attnum - 1), letter));
  }

  private static SqlException denied(Relation relation) {
    String kind =
        switch (relation) {
          case Relation.View view -> "view";
          case Relation.Sequence sequence -> "sequence";
          case Relation.Table table when table.kind() == 'm' -> "materialized view";
          default -> "table";
        };
    return new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for " + kind + " " + relation.name());
  }

  /// COPY FROM: INSERT on the table, or on each of the columns.
  void checkInsert(SessionCore session, Relation.Table table, int[] columns) {
    BitSet inserted = new BitSet();
    for (int attnum : columns) {
      inserted.set(attnum);
    }
    check(session, List.of(new PermissionCheck(table.oid(), "a", new BitSet(), inserted, new BitSet(), 0)));
  }

  /// Any of the letters is enough.
  void checkSequence(SessionCore session, Relation.Sequence sequence, String letters) {
    if (session.currentRole().superuser()) {
      return;
    }
    for (int i = 0; i < letters.length(); i++) {
      if (Privileges.hasOnRelation(session.catalog(), session.currentRole().oid(), sequence, letters.substring(i, i + 1))) {
        return;
      }
    }
    throw denied(sequence);
  }

  void checkLock(SessionCore session, Relation relation, TableLockMode mode) {
    if (session.currentRole().superuser()) {
      return;
    }
    String sufficient = mode == TableLockMode.ACCESS_SHARE ? "r" : mode == TableLockMode.ROW_EXCLUSIVE ? "awdD" : "wdD";
    for (int i = 0; i < sufficient.length(); i++) {
      if (Privileges.hasOnRelation(session.catalog(), session.currentRole().oid(), relation, sufficient.substring(i, i + 1))) {
        return;
      }
    }
    throw denied(relation);
  }

  /// Whether a role has the privileges of a predefined role such as `pg_read_all_settings`.
  boolean hasRole(Catalog catalog, Catalog.Role role, String predefined) {
    Catalog.Role wanted = catalog.role(predefined);
    return role.superuser() || wanted != null && isMember(catalog, role, wanted);
  }

  boolean isMember(Catalog catalog, Catalog.Role member, Catalog.Role role) {
    return member.superuser() || Privileges.isMemberOf(catalog, member.oid(), role.oid());
  }
}
