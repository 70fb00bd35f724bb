package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Privileges as `aclitem[]` shows them: `grantee=letters/grantor`, an asterisk behind letters with grant option.
public final class AclText {
  private static final int ACLITEM = 1033;

  private AclText() {}

  static @Nullable PgArray array(@Nullable List<Relation.AclItem> acl, Catalog catalog) {
    if (acl == null) {
      return null;
    }
    PgType element = PgTypes.BUILTIN.byOid(ACLITEM);
    return RowSet.array(element, acl.stream().map(item -> text(item, catalog)).toList());
  }

  static PgArray array(List<String> items) {
    return RowSet.array(PgTypes.BUILTIN.byOid(ACLITEM), items);
  }

  public static String text(Relation.AclItem item, Catalog catalog) {
    StringBuilder text = new StringBuilder(item.grantee() == 0 ? "" : role(item.grantee(), catalog)).append('=');
    for (char letter : item.privileges().toCharArray()) {
      text.append(letter);
      if (item.grantOptions().indexOf(letter) >= 0) {
        text.append('*');
      }
    }
    return text.append('/').append(role(item.grantor(), catalog)).toString();
  }

  private static String role(int oid, Catalog catalog) {
    Catalog.Role role = catalog.role(oid);
    return role == null ? Integer.toUnsignedString(oid) : Identifiers.quoteIfNeeded(role.name());
  }
}
