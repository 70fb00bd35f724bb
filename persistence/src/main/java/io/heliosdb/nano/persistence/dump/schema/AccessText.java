package io.heliosdb.nano.persistence.dump.schema;

import io.heliosdb.nano.catalog.Relation.AclItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// GRANT and REVOKE that turn the privileges a new object has into those that are stored.
final class AccessText {
  private static final Map<Character, String> PRIVILEGES =
      Map.ofEntries(Map.entry('r', "SELECT"), Map.entry('a', "INSERT"), Map.entry('w', "UPDATE"), Map.entry('d', "DELETE"), Map.entry('D', "TRUNCATE"),
          Map.entry('x', "REFERENCES"), Map.entry('t', "TRIGGER"), Map.entry('X', "EXECUTE"), Map.entry('U', "USAGE"), Map.entry('C', "CREATE"),
          Map.entry('c', "CONNECT"), Map.entry('T', "TEMPORARY"), Map.entry('s', "SET"), Map.entry('A', "ALTER SYSTEM"));

  private final Names names;

  AccessText(Names names) {
    this.names = names;
  }

  /// @param object `TABLE a.b`, `SCHEMA s`, `FUNCTION f(integer)`
  /// @param columns `(a, b)` of a column privilege, empty for the whole object
  List<String> grants(@Nullable List<AclItem> acl, String object, String columns, int ownerOid) {
    List<String> statements = new ArrayList<>();
    if (acl == null) {
      return statements;
    }
    if (columns.isEmpty()) {
      statements.add("REVOKE ALL ON " + object + " FROM PUBLIC");
      statements.add("REVOKE ALL ON " + object + " FROM " + names.role(ownerOid));
    }
    for (AclItem item : acl) {
      StringBuilder plain = new StringBuilder();
      StringBuilder grantable = new StringBuilder();
      for (char letter : item.privileges().toCharArray()) {
        (item.grantOptions().indexOf(letter) >= 0 ? grantable : plain).append(letter);
      }
      grant(statements, plain, object, columns, item.grantee(), "");
      grant(statements, grantable, object, columns, item.grantee(), " WITH GRANT OPTION");
    }
    return statements;
  }

  /// ALTER DEFAULT PRIVILEGES of one entry.
  List<String> defaults(io.heliosdb.nano.catalog.Catalog.DefaultAcl acl) {
    String kind =
        switch (acl.objectKind()) {
          case 'r' -> "TABLES";
          case 'S' -> "SEQUENCES";
          case 'f' -> "FUNCTIONS";
          case 'T' -> "TYPES";
          default -> "SCHEMAS";
        };
    String head = "ALTER DEFAULT PRIVILEGES FOR ROLE " + names.role(acl.roleOid())
        + (acl.namespaceOid() == 0 ? "" : " IN SCHEMA " + Names.quote(names.schema(acl.namespaceOid()))) + " ";
    List<String> statements = new ArrayList<>();
    if (acl.namespaceOid() == 0) {
      statements.add(head + "REVOKE ALL ON " + kind + " FROM PUBLIC");
      statements.add(head + "REVOKE ALL ON " + kind + " FROM " + names.role(acl.roleOid()));
    }
    for (AclItem item : acl.acl()) {
      for (char letter : item.privileges().toCharArray()) {
        boolean grantable = item.grantOptions().indexOf(letter) >= 0;
        statements.add(head + "GRANT " + PRIVILEGES.get(letter) + " ON " + kind + " TO " + names.role(item.grantee()) + (grantable ? " WITH GRANT OPTION" : ""));
      }
    }
    return statements;
  }

  private void grant(List<String> statements, CharSequence letters, String object, String columns, int grantee, String option) {
    if (letters.isEmpty()) {
      return;
    }
    List<String> words = letters.chars().mapToObj(letter -> PRIVILEGES.get((char) letter) + columns).toList();
    statements.add("GRANT " + String.join(", ", words) + " ON " + object + " TO " + names.role(grantee) + option);
  }
}
