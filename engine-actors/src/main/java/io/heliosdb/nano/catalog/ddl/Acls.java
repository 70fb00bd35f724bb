package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation.AclItem;
import java.util.List;

/// Changes to access control lists. An entry is identified by grantee and grantor.
final class Acls {
  private static final String ORDER = "arwdDxtXUCTcsA";

  private Acls() {}

  /// Adds privileges (and grant options) to the entry of grantee and grantor, in place.
  static void grant(List<AclItem> acl, int grantor, int grantee, String letters, String options) {
    for (int i = 0; i < acl.size(); i++) {
      AclItem item = acl.get(i);
      if (item.grantee() == grantee && item.grantor() == grantor) {
        acl.set(i, new AclItem(grantee, union(item.privileges(), letters), union(item.grantOptions(), options), grantor));
        return;
      }
    }
    acl.add(new AclItem(grantee, union("", letters), union("", options), grantor));
  }

  /// Takes privileges (or only their grant options) back, in place.
  static void revoke(List<AclItem> acl, int grantor, int grantee, String letters, boolean optionsOnly) {
    for (int i = 0; i < acl.size(); i++) {
      AclItem item = acl.get(i);
      if (item.grantee() == grantee && item.grantor() == grantor) {
        String privileges = optionsOnly ? item.privileges() : Privileges.without(item.privileges(), letters);
        AclItem rest = new AclItem(grantee, privileges, Privileges.without(item.grantOptions(), letters), grantor);
        if (privileges.isEmpty()) {
          acl.remove(i);
        } else {
          acl.set(i, rest);
        }
        return;
      }
    }
  }

  private static String union(String a, String b) {
    StringBuilder result = new StringBuilder();
    for (char letter : ORDER.toCharArray()) {
      if (a.indexOf(letter) >= 0 || b.indexOf(letter) >= 0) {
        result.append(letter);
      }
    }
    return result.toString();
  }
}
