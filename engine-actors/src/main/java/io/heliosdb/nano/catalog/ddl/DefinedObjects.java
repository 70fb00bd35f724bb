package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.DefinedObject;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the commands on [DefinedObject]s share: names, words of messages, lists of options.
final class DefinedObjects {
  private DefinedObjects() {}

  static @Nullable DefinedObject find(Ddl ddl, ObjectClass objectClass, String name) {
    for (DefinedObject object : ddl.catalog().<DefinedObject>objects(objectClass)) {
      if (object.name().equals(name)) {
        return object;
      }
    }
    return null;
  }

  /// @throws SqlException 42704
  static DefinedObject get(Ddl ddl, ObjectClass objectClass, String name) {
    DefinedObject found = find(ddl, objectClass, name);
    if (found == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, shortWord(null, objectClass) + " \"" + name + "\" does not exist");
    }
    return found;
  }

  static DefinedObject byOid(Ddl ddl, ObjectClass objectClass, int oid) {
    return (DefinedObject) Objects.requireNonNull(ddl.catalog().object(objectClass, ObjectAddress.of(objectClass.classOid(), oid)));
  }

  static ObjectClass classOf(ObjectKind kind) {
    return switch (kind) {
      case EVENT_TRIGGER -> ObjectClass.EVENT_TRIGGER;
      case PUBLICATION -> ObjectClass.PUBLICATION;
      case SUBSCRIPTION -> ObjectClass.SUBSCRIPTION;
      case SERVER -> ObjectClass.FOREIGN_SERVER;
      case FOREIGN_DATA_WRAPPER -> ObjectClass.FOREIGN_DATA_WRAPPER;
      default -> throw new IllegalArgumentException(kind.words());
    };
  }

  /// The word for rights: `must be owner of …`, `permission denied for …`.
  static String word(ObjectClass objectClass) {
    return switch (objectClass) {
      case FOREIGN_DATA_WRAPPER -> "foreign-data wrapper";
      case FOREIGN_SERVER -> "foreign server";
      case PUBLICATION -> "publication";
      case SUBSCRIPTION -> "subscription";
      case EVENT_TRIGGER -> "event trigger";
      default -> "object";
    };
  }

  /// The word for `… "x" does not exist`.
  static String shortWord(@Nullable DefinedObject object, ObjectClass objectClass) {
    return objectClass == ObjectClass.FOREIGN_SERVER ? "server" : word(objectClass);
  }

  static void checkNew(Ddl ddl, ObjectClass objectClass, String name) {
    if (find(ddl, objectClass, name) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, shortWord(null, objectClass) + " \"" + name + "\" already exists");
    }
  }

  static int accessMethod(String name) {
    for (var row : BuiltinCatalog.facts("pg_am").rows()) {
      if (name.equals(row.text("amname"))) {
        return Integer.parseInt(Objects.requireNonNull(row.text("oid")));
      }
    }
    return 0;
  }

  // Lists of options

  /// The list after OPTIONS (…) was applied to it.
  static List<String> changed(List<String> old, List<Option> changes) {
    List<String> result = new ArrayList<>(old);
    for (Option change : changes) {
      int at = -1;
      for (int i = 0; i < result.size(); i++) {
        at = result.get(i).startsWith(change.name() + "=") ? i : at;
      }
      switch (change.action()) {
        case DROP, SET -> {
          if (at < 0) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "option \"" + change.name() + "\" not found");
          }
          if (change.action() == Option.Action.DROP) {
            result.remove(at);
          } else {
            result.set(at, change.name() + "=" + change.text());
          }
        }
        case ADD, UNSPECIFIED -> {
          if (at >= 0) {
            throw new SqlException(SqlState.DUPLICATE_OBJECT, "option \"" + change.name() + "\" provided more than once");
          }
          result.add(change.name() + "=" + change.text());
        }
      }
    }
    return result;
  }
}
