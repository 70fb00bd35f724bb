package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Catalog.Membership;
import io.heliosdb.nano.catalog.Catalog.Role;
import io.heliosdb.nano.catalog.Relation.AclItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may do what: role membership and access control lists. Privileges are the letters of `aclitem`
/// (r SELECT, a INSERT, w UPDATE, d DELETE, D TRUNCATE, x REFERENCES, t TRIGGER, X EXECUTE, U USAGE, C CREATE, T TEMPORARY, c CONNECT,
/// s SET, A ALTER SYSTEM). Source: PostgreSQL 15 manual, "Privileges". Pure functions of a catalog.
public final class Privileges {
  public static final String TABLE = "arwdDxt";
  public static final String SEQUENCE = "rwU";
  public static final String DATABASE = "CTc";
  public static final String LARGE_OBJECT = "rw";
  public static final String FUNCTION = "X";
  public static final String LANGUAGE = "U";
  public static final String SCHEMA = "UC";
  public static final String TYPE = "U";
  public static final String COLUMN = "arwx";

  private Privileges() {}

  public static boolean isSuperuser(Catalog catalog, int roleOid) {
    Role role = catalog.role(roleOid);
    return role != null && role.superuser();
  }

  /// The roles whose privileges a role has without SET ROLE: itself and, through roles that inherit, those it is a member of.
  public static Set<Integer> inheritedRoles(Catalog catalog, int roleOid) {
    return roles(catalog, roleOid, true);
  }

  /// Whether `roleOid` is `target` or a direct or indirect member of it (so it may SET ROLE to it).
  public static boolean isMemberOf(Catalog catalog, int roleOid, int target) {
    return roleOid == target || isSuperuser(catalog, roleOid) || roles(catalog, roleOid, false).contains(target);
  }

  private static Set<Integer> roles(Catalog catalog, int roleOid, boolean inheritOnly) {
    Set<Integer> found = new HashSet<>();
    Deque<Integer> open = new ArrayDeque<>();
    open.add(roleOid);
    while (!open.isEmpty()) {
      int next = open.poll();
      Role role = catalog.role(next);
      if (!found.add(next) || role == null || inheritOnly && !role.inherit()) {
        continue;
      }
      for (Membership membership : role.memberOf()) {
        open.add(membership.roleOid());
      }
    }
    if (found.size() == 1 && isDatabaseOwner(catalog, roleOid)) {
      found.add(6171);
    }
    return found;
  }

  private static boolean isDatabaseOwner(Catalog catalog, int roleOid) {
    return catalog.databases().stream().anyMatch(database -> database.ownerOid() == roleOid);
  }

  /// Whether the role has the rights of an owner: is it, inherits from it, or is a superuser.
  public static boolean isOwner(Catalog catalog, int roleOid, int ownerOid) {
    return roleOid == ownerOid || isSuperuser(catalog, roleOid) || inheritedRoles(catalog, roleOid).contains(ownerOid);
  }

  /// Whether the role has all privileges of `letters` on an object with that owner and list.
  ///
  /// @param acl null for the default of its kind
  /// @param publicDefault letters that PUBLIC has while `acl` is null
  public static boolean has(Catalog catalog, int roleOid, int ownerOid, @Nullable List<AclItem> acl, String publicDefault, String letters) {
    return missing(catalog, roleOid, ownerOid, acl, publicDefault, letters).isEmpty();
  }

  private static String missing(Catalog catalog, int roleOid, int ownerOid, @Nullable List<AclItem> acl, String publicDefault, String letters) {
    if (isSuperuser(catalog, roleOid)) {
      return "";
    }
    Set<Integer> roles = inheritedRoles(catalog, roleOid);
    if (acl == null) {
      return roles.contains(ownerOid) ? "" : without(letters, publicDefault);
    }
    String rest = letters;
    for (AclItem item : acl) {
      if (item.grantee() == 0 || roles.contains(item.grantee())) {
        rest = without(rest, item.privileges());
      }
    }
    return rest;
  }

  /// Whether the role has all privileges of `letters` on the whole relation.
  public static boolean hasOnRelation(Catalog catalog, int roleOid, Relation relation, String letters) {
    if (relation instanceof Relation.SystemRelation system) {
      return isSuperuser(catalog, roleOid) || systemRelation(catalog, roleOid, system, letters);
    }
    String rest = missing(catalog, roleOid, relation.ownerOid(), relation.acl(), "", letters);
    Set<Integer> roles = rest.isEmpty() ? Set.of() : inheritedRoles(catalog, roleOid);
    if (roles.contains(6181)) {
      rest = without(rest, "r");
    }
    if (roles.contains(6182)) {
      rest = without(rest, "awd");
    }
    return rest.isEmpty();
  }

  private static boolean systemRelation(Catalog catalog, int roleOid, Relation.SystemRelation system, String letters) {
    boolean secret = switch (system.name()) {
      case "pg_authid", "pg_statistic", "pg_statistic_ext_data", "pg_user_mapping", "pg_subscription", "pg_largeobject", "pg_shadow",
          "pg_hba_file_rules", "pg_ident_file_mappings", "pg_file_settings", "pg_config", "pg_shmem_allocations",
          "pg_backend_memory_contexts", "heliosdb_audit_log" -> true;
      default -> false;
    };
    boolean changed = catalog instanceof CatalogSnapshot snapshot
        && snapshot.systemAcl(Catalog.ObjectAddress.of(ClassOids.CLASS, system.oid())) != null;
    if (changed) {
      List<AclItem> acl = ((CatalogSnapshot) catalog).systemAcl(Catalog.ObjectAddress.of(ClassOids.CLASS, system.oid())).acl();
      return has(catalog, roleOid, system.ownerOid(), acl, "r", letters);
    }
    return !secret && without(letters, "r").isEmpty();
  }

  /// Whether the role has a privilege on a column: on the whole relation or on the column itself.
  public static boolean hasOnColumn(Catalog catalog, int roleOid, Relation relation, Relation.Column column, char letter) {
    String letters = String.valueOf(letter);
    return hasOnRelation(catalog, roleOid, relation, letters)
        || column.acl() != null && has(catalog, roleOid, 0, column.acl(), "", letters);
  }

  public static boolean hasOnNamespace(Catalog catalog, int roleOid, Catalog.Namespace namespace, String letters) {
    return has(catalog, roleOid, namespace.ownerOid(), namespace.acl(), "", letters)
        || letters.equals("U") && (inheritedRoles(catalog, roleOid).contains(6181) || inheritedRoles(catalog, roleOid).contains(6182));
  }

  public static boolean hasOnFunction(Catalog catalog, int roleOid, io.heliosdb.nano.function.FunctionDef function) {
    Catalog.FunctionDetails details = catalog.functionDetails(function.oid());
    return has(catalog, roleOid, function.ownerOid(), details == null ? null : details.acl(), FUNCTION, FUNCTION);
  }

  public static boolean hasOnType(Catalog catalog, int roleOid, int typeOid) {
    Catalog.TypeDef definition = catalog.typeDef(typeOid);
    return definition == null || has(catalog, roleOid, definition.ownerOid(), definition.acl(), TYPE, TYPE);
  }

  public static boolean hasOnDatabase(Catalog catalog, int roleOid, Catalog.Database database, String letters) {
    return has(catalog, roleOid, database.ownerOid(), database.acl(), "Tc", letters);
  }

  /// The list that stands for null: what owner and PUBLIC have from the start.
  public static List<AclItem> defaults(int ownerOid, String ownerLetters, String publicLetters) {
    List<AclItem> acl = new ArrayList<>();
    if (!publicLetters.isEmpty()) {
      acl.add(new AclItem(0, publicLetters, "", ownerOid));
    }
    acl.add(new AclItem(ownerOid, ownerLetters, "", ownerOid));
    return acl;
  }

  /// The grant options that a role holds on an object (the owner holds all).
  public static String grantOptions(Catalog catalog, int roleOid, int ownerOid, @Nullable List<AclItem> acl, String all) {
    if (isOwner(catalog, roleOid, ownerOid)) {
      return all;
    }
    StringBuilder result = new StringBuilder();
    Set<Integer> roles = inheritedRoles(catalog, roleOid);
    for (AclItem item : acl == null ? List.<AclItem>of() : acl) {
      if (roles.contains(item.grantee())) {
        for (char letter : item.grantOptions().toCharArray()) {
          if (result.indexOf(String.valueOf(letter)) < 0) {
            result.append(letter);
          }
        }
      }
    }
    return result.toString();
  }

  /// `letters` less those in `taken`.
  public static String without(String letters, String taken) {
    StringBuilder rest = new StringBuilder();
    for (char letter : letters.toCharArray()) {
      if (taken.indexOf(letter) < 0) {
        rest.append(letter);
      }
    }
    return rest.toString();
  }
}
