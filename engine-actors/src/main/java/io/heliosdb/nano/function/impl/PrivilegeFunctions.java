package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.setReturning;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FactTable;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The `has_…_privilege` functions, `pg_has_role`, and functions on `aclitem`.
///
/// Each comes in forms with or without a role (by name or oid) before the object (by name or oid) and the privilege; an unknown oid
/// gives NULL, an unknown name an error. Source: PostgreSQL 15 manual, "Access Privilege Inquiry Functions".
public final class PrivilegeFunctions implements Builtins.Family {
  /// Privilege names with their letters in aclitem.
  private static final String[][] LETTERS = {{"SELECT", "r"}, {"INSERT", "a"}, {"UPDATE", "w"}, {"DELETE", "d"}, {"TRUNCATE", "D"},
    {"REFERENCES", "x"}, {"TRIGGER", "t"}, {"EXECUTE", "X"}, {"USAGE", "U"}, {"CREATE", "C"}, {"TEMPORARY", "T"}, {"TEMP", "T"},
    {"CONNECT", "c"}, {"SET", "s"}, {"ALTER SYSTEM", "A"}};

  private record Request(char letter, boolean grantable) {}

  /// Whether the role has one privilege on the object; null when there is no such object.
  @FunctionalInterface
  private interface Check {
    @Nullable Boolean has(CallContext context, int role, @Nullable Object object, Request request);
  }

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    if (symbol.startsWith("has_column_privilege")) {
      return column(function);
    }
    if (symbol.startsWith("pg_has_role")) {
      return role(function);
    }
    if (symbol.startsWith("has_")) {
      return switch (symbol.substring(4, symbol.indexOf("_privilege"))) {
        case "table" -> check(function, "arwdDxt", PrivilegeFunctions::onTable);
        case "sequence" -> check(function, "rwU", PrivilegeFunctions::onSequence);
        case "any_column" -> check(function, "arwx", PrivilegeFunctions::onAnyColumn);
        case "schema" -> check(function, "UC", PrivilegeFunctions::onSchema);
        case "database" -> check(function, "CTc", PrivilegeFunctions::onDatabase);
        case "function" -> check(function, "X", PrivilegeFunctions::onFunction);
        case "type" -> check(function, "U", PrivilegeFunctions::onType);
        case "language" -> check(function, "U", PrivilegeFunctions::onLanguage);
        case "tablespace" -> check(function, "C", PrivilegeFunctions::onTablespace);
        case "parameter" -> check(function, "sA", (context, role, object, request) -> Privileges.isSuperuser(context.catalog(), role));
        case "foreign_data_wrapper" -> check(function, "U", (context, role, object, request) ->
            onDefined(context, role, object, request, io.heliosdb.nano.catalog.ObjectClass.FOREIGN_DATA_WRAPPER, "foreign-data wrapper"));
        case "server" -> check(function, "U", (context, role, object, request) ->
            onDefined(context, role, object, request, io.heliosdb.nano.catalog.ObjectClass.FOREIGN_SERVER, "server"));
        default -> null;
      };
    }
    return switch (symbol) {
      case "acldefault_sql" -> contextual((context, site, args) -> defaults(context, (String) args[0], CatalogInformation.oid(args[1])));
      case "makeaclitem" -> contextual((context, site, args) -> {
        String letter = letterOf((String) args[2]);
        return roleName(context, CatalogInformation.oid(args[0])) + "=" + letter + ((Boolean) args[3] ? "*" : "") + "/"
            + roleName(context, CatalogInformation.oid(args[1]));
      });
      case "aclexplode" -> setReturning((context, site, args) -> explode(context, (PgArray) args[0]));
      default -> null;
    };
  }

  // Arguments

  private static int roleOf(CallContext context, Object role) {
    if (role instanceof Long oid) {
      return (int) (long) oid;
    }
    if (role.equals("public")) {
      return 0;
    }
    Catalog.Role found = context.catalog().role((String) role);
    if (found == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + role + "\" does not exist");
    }
    return found.oid();
  }

  private static String letterOf(String name) {
    for (String[] entry : LETTERS) {
      if (entry[0].equals(name.strip().toUpperCase(Locale.ROOT))) {
        return entry[1];
      }
    }
    throw TypeErrors.invalidParameter("unrecognized privilege type: \"" + name.strip() + "\"");
  }

  /// `SELECT, UPDATE WITH GRANT OPTION`: any one of them suffices.
  private static List<Request> requests(String privileges, String allowed) {
    List<Request> requests = new ArrayList<>();
    for (String part : privileges.split(",")) {
      String name = part.strip();
      boolean grantable = name.toUpperCase(Locale.ROOT).endsWith(" WITH GRANT OPTION");
      String letter = letterOf(grantable ? name.substring(0, name.length() - 18) : name);
      if (allowed.indexOf(letter.charAt(0)) < 0) {
        throw TypeErrors.invalidParameter("unrecognized privilege type: \"" + name + "\"");
      }
      requests.add(new Request(letter.charAt(0), grantable));
    }
    return requests;
  }

  private static Implementation check(FunctionDef function, String allowed, Check check) {
    boolean withRole = function.argumentTypes().size() == 3;
    return contextual((context, site, args) -> {
      int role = withRole ? roleOf(context, args[0]) : context.session().currentUserOid();
      Object object = args[withRole ? 1 : 0];
      if (object instanceof String) {
        // An object that does not exist is told before a privilege that does not.
        check.has(context, role, object, new Request(allowed.charAt(0), false));
      }
      List<Request> requests = requests((String) args[args.length - 1], allowed);
      boolean has = false;
      for (Request request : requests) {
        Boolean one = check.has(context, role, object, request);
        if (one == null) {
          return null;
        }
        has |= one;
      }
      return has;
    });
  }

  private static boolean granted(CallContext context, int role, int owner, @Nullable List<Relation.AclItem> acl, String publicDefault,
      Request request) {
    String letter = String.valueOf(request.letter);
    if (!request.grantable) {
      return Privileges.has(context.catalog(), role, owner, acl, publicDefault, letter);
    }
    return Privileges.grantOptions(context.catalog(), role, owner, acl, letter).contains(letter);
  }

  // Objects

  private static @Nullable Relation relation(CallContext context, @Nullable Object object) {
    int oid = object instanceof Long number ? (int) (long) number
        : (int) context.io().regObjects().lookup(PgTypes.REGCLASS, (String) object);
    return context.catalog().relation(oid);
  }

  private static boolean onRelation(CallContext context, int role, Relation relation, Request request) {
    return request.grantable ? granted(context, role, relation.ownerOid(), relation.acl(), "", request)
        : Privileges.hasOnRelation(context.catalog(), role, relation, String.valueOf(request.letter));
  }

  private static @Nullable Boolean onTable(CallContext context, int role, @Nullable Object object, Request request) {
    Relation relation = relation(context, object);
    return relation == null ? null : (Boolean) onRelation(context, role, relation, request);
  }

  private static @Nullable Boolean onSequence(CallContext context, int role, @Nullable Object object, Request request) {
    Relation relation = relation(context, object);
    if (relation == null) {
      return null;
    }
    if (!(relation instanceof Relation.Sequence)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not a sequence");
    }
    return onRelation(context, role, relation, request);
  }

  private static @Nullable Boolean onAnyColumn(CallContext context, int role, @Nullable Object object, Request request) {
    Relation relation = relation(context, object);
    if (relation == null) {
      return null;
    }
    return onRelation(context, role, relation, request) || relation.columns().stream().anyMatch(column -> !column.dropped()
        && column.acl() != null && granted(context, role, relation.ownerOid(), column.acl(), "", request));
  }

  private static @Nullable Boolean onSchema(CallContext context, int role, @Nullable Object object, Request request) {
    Catalog.Namespace namespace = object instanceof Long oid ? context.catalog().namespace((int) (long) oid)
        : context.catalog().namespace((String) object);
    if (namespace == null) {
      if (object instanceof Long) {
        return null;
      }
      throw new SqlException(SqlState.UNDEFINED_SCHEMA, "schema \"" + object + "\" does not exist");
    }
    return request.grantable ? granted(context, role, namespace.ownerOid(), namespace.acl(), "", request)
        : Privileges.hasOnNamespace(context.catalog(), role, namespace, String.valueOf(request.letter));
  }

  private static @Nullable Boolean onDatabase(CallContext context, int role, @Nullable Object object, Request request) {
    for (Catalog.Database database : context.catalog().databases()) {
      if (object instanceof Long oid ? database.oid() == (int) (long) oid : database.name().equals(object)) {
        return granted(context, role, database.ownerOid(), database.acl(), "Tc", request);
      }
    }
    if (object instanceof Long) {
      return null;
    }
    throw new SqlException(SqlState.UNDEFINED_DATABASE, "database \"" + object + "\" does not exist");
  }

  private static @Nullable Boolean onFunction(CallContext context, int role, @Nullable Object object, Request request) {
    int oid = object instanceof Long number ? (int) (long) number
        : (int) context.io().regObjects().lookup(PgTypes.REGPROCEDURE, (String) object);
    FunctionDef function = context.catalog().function(oid);
    if (function == null) {
      return null;
    }
    Catalog.FunctionDetails details = context.catalog().functionDetails(oid);
    return granted(context, role, function.ownerOid(), details == null ? null : details.acl(), "X", request);
  }

  private static @Nullable Boolean onType(CallContext context, int role, @Nullable Object object, Request request) {
    int oid = object instanceof Long number ? (int) (long) number
        : (int) context.io().regObjects().lookup(PgTypes.REGTYPE, (String) object);
    if (context.catalog().findByOid(oid) == null) {
      return null;
    }
    Catalog.TypeDef definition = context.catalog().typeDef(oid);
    return granted(context, role, definition == null ? 10 : definition.ownerOid(), definition == null ? null : definition.acl(), "U", request);
  }

  private static @Nullable Boolean onLanguage(CallContext context, int role, @Nullable Object object, Request request) {
    for (FactTable.Row row : BuiltinCatalog.facts("pg_language").rows()) {
      if (object instanceof Long oid ? row.oid("oid") == (int) (long) oid : row.text("lanname").equals(object)) {
        return granted(context, role, 10, null, row.flag(4) ? "U" : "", request);
      }
    }
    return missing(object, "language");
  }

  private static @Nullable Boolean onTablespace(CallContext context, int role, @Nullable Object object, Request request) {
    boolean known = object instanceof Long oid ? oid == 1663 || oid == 1664 : "pg_default".equals(object) || "pg_global".equals(object);
    return known ? (Boolean) granted(context, role, 10, null, "", request) : missing(object, "tablespace");
  }

  private static @Nullable Boolean onDefined(CallContext context, int role, @Nullable Object object, Request request,
      io.heliosdb.nano.catalog.ObjectClass objectClass, String what) {
    if (context.catalog() instanceof io.heliosdb.nano.catalog.CatalogSnapshot catalog) {
      for (io.heliosdb.nano.catalog.CatalogObject.DefinedObject defined
          : catalog.<io.heliosdb.nano.catalog.CatalogObject.DefinedObject>objects(objectClass)) {
        if (object instanceof Long oid ? oid == defined.oid() : defined.name().equals(object)) {
          return granted(context, role, defined.ownerOid(), defined.acl(), "", request);
        }
      }
    }
    return missing(object, what);
  }

  private static @Nullable Boolean missing(@Nullable Object object, String what) {
    if (object instanceof Long) {
      return null;
    }
    throw new SqlException(SqlState.UNDEFINED_OBJECT, what + " \"" + object + "\" does not exist");
  }

  // Columns and roles

  private static Implementation column(FunctionDef function) {
    boolean withRole = function.argumentTypes().size() == 4;
    return contextual((context, site, args) -> {
      int from = withRole ? 1 : 0;
      int role = withRole ? roleOf(context, args[0]) : context.session().currentUserOid();
      Relation relation = relation(context, args[from]);
      Relation.Column column = null;
      for (Relation.Column candidate : relation == null ? List.<Relation.Column>of() : relation.columns()) {
        if (args[from + 1] instanceof Integer attnum ? candidate.attnum() == attnum : candidate.name().equals(args[from + 1])) {
          column = candidate.dropped() ? null : candidate;
        }
      }
      if (column == null && relation != null && args[from + 1] instanceof String) {
        throw new SqlException(SqlState.UNDEFINED_COLUMN,
            "column \"" + args[from + 1] + "\" of relation \"" + relation.name() + "\" does not exist");
      }
      List<Request> requests = requests((String) args[args.length - 1], "arwx");
      if (column == null) {
        return null;
      }
      for (Request request : requests) {
        if (onRelation(context, role, relation, request)
            || column.acl() != null && granted(context, role, relation.ownerOid(), column.acl(), "", request)) {
          return true;
        }
      }
      return false;
    });
  }

  private static Implementation role(FunctionDef function) {
    boolean withRole = function.argumentTypes().size() == 3;
    return contextual((context, site, args) -> {
      int member = withRole ? roleOf(context, args[0]) : context.session().currentUserOid();
      int target = roleOf(context, args[withRole ? 1 : 0]);
      boolean has = false;
      for (String part : ((String) args[args.length - 1]).split(",")) {
        has |= switch (part.strip().toUpperCase(Locale.ROOT)) {
          case "USAGE" -> Privileges.isOwner(context.catalog(), member, target);
          case "MEMBER", "SET" -> Privileges.isMemberOf(context.catalog(), member, target);
          case "MEMBER WITH GRANT OPTION", "MEMBER WITH ADMIN OPTION", "USAGE WITH GRANT OPTION", "USAGE WITH ADMIN OPTION" ->
              isAdministrator(context.catalog(), member, target);
          default -> throw TypeErrors.invalidParameter("unrecognized privilege type: \"" + part.strip() + "\"");
        };
      }
      return has;
    });
  }

  private static boolean isAdministrator(Catalog catalog, int member, int target) {
    Catalog.Role role = catalog.role(member);
    return role != null && (role.superuser()
        || role.memberOf().stream().anyMatch(membership -> membership.roleOid() == target && membership.adminOption()));
  }

  // aclitem

  private static String roleName(CallContext context, int oid) {
    Catalog.Role role = oid == 0 ? null : context.catalog().role(oid);
    return oid == 0 ? "" : role == null ? Integer.toUnsignedString(oid) : SqlQuoting.identifier(role.name());
  }

  private static PgArray defaults(CallContext context, String kind, int owner) {
    String ownerLetters = switch (kind) {
      case "r" -> "arwdDxt";
      case "s" -> "rwU";
      case "d" -> "CTc";
      case "f" -> "X";
      case "l", "T", "F", "S" -> "U";
      case "n" -> "UC";
      case "t" -> "C";
      case "L" -> "rw";
      case "p" -> "sA";
      case "c" -> "";
      default -> throw new SqlException(SqlState.INTERNAL_ERROR, "unrecognized object type abbreviation: " + kind);
    };
    String publicLetters = switch (kind) {
      case "d" -> "Tc";
      case "f" -> "X";
      case "l", "T" -> "U";
      default -> "";
    };
    List<Object> items = new ArrayList<>();
    String name = roleName(context, owner);
    if (!publicLetters.isEmpty()) {
      items.add("=" + publicLetters + "/" + name);
    }
    if (!ownerLetters.isEmpty()) {
      items.add(name + "=" + ownerLetters + "/" + name);
    }
    PgType aclItem = PgTypes.ACLITEM;
    return PgArray.of(aclItem, items.toArray());
  }

  private static Implementation.RowSource explode(CallContext context, PgArray acl) {
    List<Object> rows = new ArrayList<>();
    List<PgType> types = List.of(PgTypes.OID, PgTypes.OID, PgTypes.TEXT, PgTypes.BOOL);
    for (Object item : acl.elements()) {
      if (item == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "ACL arrays must not contain null values");
      }
      String text = item.toString();
      int equals = text.lastIndexOf('=', text.lastIndexOf('/'));
      int slash = text.lastIndexOf('/');
      Object grantee = roleNumber(context, text.substring(0, equals));
      Object grantor = roleNumber(context, text.substring(slash + 1));
      String letters = text.substring(equals + 1, slash);
      for (String[] entry : ordered()) {
        int at = letters.indexOf(entry[1]);
        if (at >= 0) {
          rows.add(PgRecord.of(PgTypes.RECORD, types, grantor, grantee, entry[0], at + 1 < letters.length() && letters.charAt(at + 1) == '*'));
        }
      }
    }
    return SeriesFunctions.elements(rows.toArray());
  }

  /// In the order of PostgreSQL's privilege bits.
  private static List<String[]> ordered() {
    List<String[]> order = new ArrayList<>();
    for (char letter : "arwdDxtXUCTcsA".toCharArray()) {
      for (String[] entry : LETTERS) {
        if (entry[1].charAt(0) == letter && !entry[0].equals("TEMP")) {
          order.add(entry);
        }
      }
    }
    return order;
  }

  private static Object roleNumber(CallContext context, String name) {
    if (name.isEmpty()) {
      return 0L;
    }
    String plain = name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    Catalog.Role role = context.catalog().role(plain);
    return role == null ? 0L : (Object) Integer.toUnsignedLong(role.oid());
  }
}
