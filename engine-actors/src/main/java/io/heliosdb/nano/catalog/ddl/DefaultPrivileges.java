package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.DefaultAcl;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation.AclItem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What ALTER DEFAULT PRIVILEGES gives a new object.
final class DefaultPrivileges {
  private DefaultPrivileges() {}

  /// Privileges of a new object of that kind (r, S, f, T, n), null for the built-in default.
  static @Nullable List<AclItem> of(Ddl ddl, char kind, int ownerOid, int namespaceOid) {
    List<AclItem> result = null;
    for (DefaultAcl entry : ddl.catalog().defaultAcls()) {
      if (entry.roleOid() == ownerOid && entry.objectKind() == kind && entry.namespaceOid() == 0) {
        result = entry.acl();
      }
    }
    for (DefaultAcl entry : ddl.catalog().defaultAcls()) {
      if (entry.roleOid() == ownerOid && entry.objectKind() == kind && entry.namespaceOid() != 0 && entry.namespaceOid() == namespaceOid) {
        List<AclItem> merged = new ArrayList<>(result != null ? result : Privileges.defaults(ownerOid, letters(kind), publicLetters(kind)));
        for (AclItem item : entry.acl()) {
          Acls.grant(merged, item.grantor(), item.grantee(), item.privileges(), item.grantOptions());
        }
        result = merged;
      }
    }
    return result;
  }

  static String letters(char kind) {
    return switch (kind) {
      case 'r' -> Privileges.TABLE;
      case 'S' -> Privileges.SEQUENCE;
      case 'f' -> Privileges.FUNCTION;
      case 'T' -> Privileges.TYPE;
      default -> Privileges.SCHEMA;
    };
  }

  static String publicLetters(char kind) {
    return kind == 'f' ? Privileges.FUNCTION : kind == 'T' ? Privileges.TYPE : "";
  }
}
