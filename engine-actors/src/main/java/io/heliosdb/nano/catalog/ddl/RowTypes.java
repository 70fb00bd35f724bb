package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.Catalog.TypeDetails;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.PgType;
import java.util.LinkedHashSet;
import java.util.Set;
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

  /// Columns of the type or of a type built on it: arrays, domains, ranges, rows.
  static Set<ObjectAddress> columnsOf(Ddl ddl, int typeOid, Set<ObjectAddress> found) {
    for (Dependency dependent : ddl.catalog().dependents(ObjectAddress.of(ClassOids.TYPE, typeOid))) {
      ObjectAddress target = dependent.target();
      if (target.classOid() == ClassOids.CLASS && target.subId() != 0) {
        if (found.add(target)) {
          int rowType = Relations.rowTypeOid(ddl.catalog().relation(target.objectOid()));
          if (rowType != 0) {
            columnsOf(ddl, rowType, found);
          }
        }
      } else if (target.classOid() == ClassOids.TYPE) {
        columnsOf(ddl, target.objectOid(), found);
      }
    }
    return found;
  }

  /// Plans and row codecs hold the versions of the tables with such columns: they must see the change.
  static void touchUsers(Ddl ddl, int typeOid) {
    Set<Integer> touched = new LinkedHashSet<>();
    for (ObjectAddress column : columnsOf(ddl, typeOid, new LinkedHashSet<>())) {
      if (touched.add(column.objectOid()) && ddl.catalog().relation(column.objectOid()) instanceof Relation.Table table) {
        ddl.put(table);
      }
    }
  }

  /// Stored values keep the form they have: a row type whose fields change their form, or get values, must not be in use.
  ///
  /// @throws SqlException 0A000
  static void checkNotStored(Ddl ddl, Relation relation) {
    for (ObjectAddress column : columnsOf(ddl, Relations.rowTypeOid(relation), new LinkedHashSet<>())) {
      if (ddl.catalog().relation(column.objectOid()) instanceof Relation.Table table && !table.isPartitioned()) {
        String user = table.name() + "." + table.columns().get(column.subId() - 1).name();
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, relation instanceof Relation.Composite
            ? "cannot alter type \"" + relation.name() + "\" because column \"" + user + "\" uses it"
            : "cannot alter table \"" + relation.name() + "\" because column \"" + user + "\" uses its row type");
      }
    }
  }

  /// A row type cannot hold itself, however deep.
  static void checkNoCycle(Ddl ddl, Relation relation, PgType type) {
    PgType inner = type.isDomain() ? type.ultimateBase() : type;
    if (inner.isArray() && inner.elementOid() != 0) {
      checkNoCycle(ddl, relation, ddl.catalog().byOid(inner.elementOid()));
    } else if (ddl.catalog().typeDetails(inner.oid()) instanceof io.heliosdb.nano.catalog.Catalog.RangeDetails range) {
      checkNoCycle(ddl, relation, ddl.catalog().byOid(range.subtypeOid()));
    } else if (inner.kind() == PgType.COMPOSITE) {
      if (inner.oid() == Relations.rowTypeOid(relation)) {
        throw new SqlException(
            SqlState.INVALID_TABLE_DEFINITION, "composite type " + relation.name() + " cannot be made a member of itself");
      }
      for (var field : ddl.catalog().compositeFields(inner)) {
        if (!field.dropped()) {
          checkNoCycle(ddl, relation, field.type());
        }
      }
    }
  }
}
