package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.Catalog.TypeDetails;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.type.PgType;
import org.jspecify.annotations.Nullable;

/// Types that come along with others: the row type of a relation, the array type of any type.
/// Such implicit types are stored with owner 0: owner and rights are those of what they came with.
final class RowTypes {
  private RowTypes() {}

  /// Makes the row type of a new relation, with its array type; gives the row type's oid.
  static int create(Ddl ddl, int relationOid, String name, int namespaceOid) {
    int typeOid = ddl.nextOid();
    int arrayOid = ddl.nextOid();
    PgType type = PgType.ofComposite(typeOid, name, namespaceOid, relationOid, arrayOid);
    put(ddl, type, 0, null);
    createArray(ddl, type);
    return typeOid;
  }

  static void createArray(Ddl ddl, PgType element) {
    String name = arrayName(ddl, element.name(), element.namespaceOid());
    put(ddl, PgType.ofArray(element.arrayOid(), name, element), 0, null);
  }

  static void put(Ddl ddl, PgType type, int ownerOid, @Nullable TypeDetails details) {
    ddl.put(new TypeObject(new TypeDef(type, ownerOid, null, details), 0));
  }

  /// PostgreSQL's name for an array type: `_` in front, more of them while the name is taken, cut to 63 bytes.
  static String arrayName(Ddl ddl, String elementName, int namespaceOid) {
    String name = ObjectNames.truncate("_" + elementName);
    for (String prefix = "__"; ddl.catalog().type(namespaceOid, name) != null; prefix += "_") {
      name = ObjectNames.truncate(prefix + elementName);
    }
    return name;
  }

  /// Gives an automatically named array type another name, to make room; false if the type is of another kind.
  static boolean moveArrayType(Ddl ddl, PgType type) {
    TypeDef definition = ddl.catalog().typeDef(type.oid());
    boolean automatic = definition != null && definition.ownerOid() == 0 && type.category() == 'A' && type.elementOid() != 0;
    if (automatic) {
      PgType element = ddl.catalog().byOid(type.elementOid());
      rename(ddl, type, arrayName(ddl, element.name(), type.namespaceOid()), type.namespaceOid());
    }
    return automatic;
  }

  /// Renames a type (or moves it to another schema), its array type included.
  static void renameWithArray(Ddl ddl, int typeOid, String name, int namespaceOid) {
    PgType type = ddl.catalog().byOid(typeOid);
    PgType array = type.arrayOid() == 0 ? null : ddl.catalog().findByOid(type.arrayOid());
    PgType renamed = rename(ddl, type, name, namespaceOid);
    if (array != null) {
      rename(ddl, array, arrayName(ddl, renamed.name(), namespaceOid), namespaceOid);
    }
  }

  private static PgType rename(Ddl ddl, PgType type, String name, int namespaceOid) {
    TypeDef old = ddl.catalog().typeDef(type.oid());
    PgType renamed = type.toBuilder().name(name).namespace(namespaceOid).build();
    ddl.put(new TypeObject(new TypeDef(renamed, old.ownerOid(), old.acl(), old.details()), 0));
    return renamed;
  }

  /// Drops a type and its array type.
  static void drop(Ddl ddl, int typeOid) {
    PgType type = ddl.catalog().findByOid(typeOid);
    if (type != null && type.arrayOid() != 0) {
      ddl.remove(ObjectClass.TYPE, ObjectAddress.of(ClassOids.TYPE, type.arrayOid()));
    }
    ddl.remove(ObjectClass.TYPE, ObjectAddress.of(ClassOids.TYPE, typeOid));
  }
}
