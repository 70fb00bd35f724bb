package io.heliosdb.nano.catalog;

import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The schemas in which unqualified names are looked up, in order, implicit ones included (`pg_temp` and `pg_catalog` in front, unless
/// named). Immutable; belongs to the catalog state it was made for. Source: PostgreSQL 15 manual, "The Schema Search Path".
///
/// @param namespaces in lookup order
/// @param creationNamespace where new objects go, 0 when no schema of the path exists
/// @param temporaryNamespace the session's schema for temporary objects, 0 while it has none
public record SearchPath(List<Integer> namespaces, int creationNamespace, int temporaryNamespace) {
  public SearchPath {
    namespaces = List.copyOf(namespaces);
  }

  /// `pg_catalog` and `public`, without temporary objects.
  public static final SearchPath DEFAULT = new SearchPath(List.of(Catalog.PG_CATALOG, Catalog.PUBLIC), Catalog.PUBLIC, 0);

  /// Follows the schema names of the setting `search_path`; those that do not exist are passed over. `$user` is `userName`.
  public static SearchPath of(List<String> names, Catalog catalog, String userName, int temporaryNamespace) {
    Set<Integer> explicit = new LinkedHashSet<>();
    int creation = 0;
    for (String name : names) {
      int oid = switch (name) {
        case "$user" -> oidOf(catalog, userName);
        case "pg_temp" -> temporaryNamespace;
        default -> oidOf(catalog, name);
      };
      if (oid != 0) {
        explicit.add(oid);
        creation = creation == 0 ? oid : creation;
      }
    }
    List<Integer> all = new ArrayList<>();
    if (temporaryNamespace != 0 && !explicit.contains(temporaryNamespace)) {
      all.add(temporaryNamespace);
    }
    if (!explicit.contains(Catalog.PG_CATALOG)) {
      all.add(Catalog.PG_CATALOG);
    }
    all.addAll(explicit);
    return new SearchPath(all, creation, temporaryNamespace);
  }

  private static int oidOf(Catalog catalog, String name) {
    Catalog.Namespace namespace = catalog.namespace(name);
    return namespace == null ? 0 : namespace.oid();
  }

  /// The names in the text of the setting: separated by commas, folded to lower case unless quoted.
  public static List<String> parse(String setting) {
    List<String> names = new ArrayList<>();
    int i = 0;
    while (i < setting.length()) {
      char c = setting.charAt(i);
      if (c == ',' || Character.isWhitespace(c)) {
        i++;
      } else if (c == '"') {
        StringBuilder name = new StringBuilder();
        for (i++; i < setting.length(); i++) {
          if (setting.charAt(i) == '"') {
            if (i + 1 < setting.length() && setting.charAt(i + 1) == '"') {
              i++;
            } else {
              break;
            }
          }
          name.append(setting.charAt(i));
        }
        i++;
        if (!name.isEmpty()) {
          names.add(name.toString());
        }
      } else {
        int start = i;
        while (i < setting.length() && setting.charAt(i) != ',') {
          i++;
        }
        names.add(setting.substring(start, i).strip().toLowerCase(java.util.Locale.ROOT));
      }
    }
    return names;
  }

  /// The relation an unqualified name means, or null.
  public @Nullable Relation relation(Catalog catalog, String name) {
    for (int namespaceOid : namespaces) {
      Relation relation = catalog.relation(namespaceOid, name);
      if (relation != null) {
        return relation;
      }
    }
    return null;
  }

  public @Nullable PgType type(Catalog catalog, String name) {
    for (int namespaceOid : namespaces) {
      PgType type = catalog.type(namespaceOid, name);
      if (type != null) {
        return type;
      }
    }
    return null;
  }

  /// All functions of that name in the path, those of earlier schemas first; temporary schemas are never searched for functions.
  public List<FunctionDef> functions(Catalog catalog, String name) {
    List<FunctionDef> result = null;
    List<FunctionDef> first = List.of();
    for (int namespaceOid : namespaces) {
      if (namespaceOid == temporaryNamespace) {
        continue;
      }
      List<FunctionDef> found = catalog.functions(namespaceOid, name);
      if (found.isEmpty()) {
        continue;
      }
      if (first.isEmpty()) {
        first = found;
      } else {
        result = result == null ? new ArrayList<>(first) : result;
        result.addAll(found);
      }
    }
    return result == null ? first : result;
  }

  /// Whether the relation is the one that its unqualified name means.
  public boolean isVisible(Catalog catalog, Relation relation) {
    Relation found = namespaces.contains(relation.namespaceOid()) ? relation(catalog, relation.name()) : null;
    return found != null && found.oid() == relation.oid();
  }

  public boolean isVisible(Catalog catalog, PgType type) {
    PgType found = namespaces.contains(type.namespaceOid()) ? type(catalog, type.name()) : null;
    return found != null && found.oid() == type.oid();
  }
}
