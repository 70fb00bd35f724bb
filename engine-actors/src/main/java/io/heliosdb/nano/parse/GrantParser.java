package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.AccessDdl;
import io.heliosdb.nano.parse.ast.AccessDdl.*;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GRANT, REVOKE, ALTER DEFAULT PRIVILEGES.
final class GrantParser {
  private GrantParser() {}

  static AccessDdl parse(Tokens t) {
    boolean grant = t.is(GRANT);
    t.advance();
    boolean option = false;
    if (!grant && t.is(GRANT)) {
      t.advance();
      t.expect(OPTION);
      t.expect(FOR);
      option = true;
    } else if (!grant && t.is(ADMIN, OPTION)) {
      t.advance();
      t.advance();
      t.expect(FOR);
      List<Privilege> roles = parsePrivilegeList(t);
      return finishRoles(t, false, roles, true);
    }
    List<Privilege> privileges = parsePrivileges(t);
    if (!t.is(ON)) {
      if (privileges.isEmpty() || option) {
        throw t.syntaxError();
      }
      return finishRoles(t, grant, privileges, false);
    }
    t.advance();
    GrantTarget target = parseTarget(t);
    return finishPrivileges(t, grant, privileges, target, option);
  }

  private static GrantPrivileges finishPrivileges(
      Tokens t, boolean grant, List<Privilege> privileges, GrantTarget target, boolean optionFor) {
    expectToOrFrom(t, grant);
    List<RoleSpecification> grantees = parseGrantees(t);
    boolean option = optionFor;
    if (grant && t.is(WITH)) {
      t.advance();
      t.expect(GRANT);
      t.expect(OPTION);
      option = true;
    }
    RoleSpecification grantor = target instanceof GrantDefaults ? null : parseGrantedBy(t);
    boolean cascade = !grant && NameParser.parseCascade(t);
    return new GrantPrivileges(grant, privileges, target, grantees, option, grantor, cascade);
  }

  private static GrantRole finishRoles(Tokens t, boolean grant, List<Privilege> roles, boolean adminFor) {
    expectToOrFrom(t, grant);
    List<RoleSpecification> grantees = NameParser.parseRoles(t);
    boolean admin = adminFor;
    if (grant && t.is(WITH)) {
      t.advance();
      t.expect(ADMIN);
      t.expect(OPTION);
      admin = true;
    }
    RoleSpecification grantor = parseGrantedBy(t);
    boolean cascade = !grant && NameParser.parseCascade(t);
    return new GrantRole(grant, roles, grantees, admin, grantor, cascade);
  }

  private static void expectToOrFrom(Tokens t, boolean grant) {
    t.expect(grant ? TO : FROM);
  }

  /// grantee_list: roles, each with an optional GROUP in front.
  private static List<RoleSpecification> parseGrantees(Tokens t) {
    List<RoleSpecification> grantees = new ArrayList<>();
    do {
      if (t.is(GROUP)) {
        t.advance();
      }
      grantees.add(NameParser.parseRole(t));
    } while (t.accept(','));
    return List.copyOf(grantees);
  }

  private static @Nullable RoleSpecification parseGrantedBy(Tokens t) {
    if (!t.is(GRANTED)) {
      return null;
    }
    t.advance();
    t.expect(BY);
    return NameParser.parseRole(t);
  }

  // ------------------------------------------------------------------------------------------ privileges

  /// Privileges, or none for ALL.
  private static List<Privilege> parsePrivileges(Tokens t) {
    if (!t.is(ALL)) {
      return parsePrivilegeList(t);
    }
    int position = t.position();
    t.advance();
    t.accept(PRIVILEGES);
    if (t.is('(')) {
      return List.of(new Privilege(null, NameParser.parseParenthesisedColumns(t), position));
    }
    return List.of();
  }

  private static List<Privilege> parsePrivilegeList(Tokens t) {
    List<Privilege> privileges = new ArrayList<>();
    do {
      int position = t.position();
      String name;
      if (t.accept(ALTER, SYSTEM)) {
        name = "alter system";
      } else if (t.is(SELECT) || t.is(REFERENCES) || t.is(CREATE)) {
        name = t.label();
      } else {
        name = t.columnIdentifier();
      }
      List<Name> columns = NameParser.parseOptionalColumns(t);
      privileges.add(new Privilege(name, columns, position));
    } while (t.accept(','));
    return List.copyOf(privileges);
  }

  // ------------------------------------------------------------------------------------------ targets

  private static GrantTarget parseTarget(Tokens t) {
    switch (t.kind) {
      case ALL -> {
        return parseAllInSchema(t);
      }
      case PARAMETER -> {
        if (isColumnIdentifier(t.peek(1))) {
          t.advance();
          List<String> names = new ArrayList<>();
          do {
            names.add(SettingParser.parseName(t));
          } while (t.accept(','));
          return new GrantParameters(List.copyOf(names));
        }
      }
      case TABLE, FOREIGN, LARGE, DOMAIN, LANGUAGE, SCHEMA, DATABASE, TABLESPACE, TYPE, SEQUENCE, FUNCTION, PROCEDURE, ROUTINE -> {
        if (t.is(TABLE) || t.is(FOREIGN) || isColumnIdentifier(t.peek(1)) || t.is(LARGE)
            || isTypeOrFunctionName(t.peek(1))) {
          return parseKindTarget(t);
        }
      }
      default -> {}
    }
    return parseRelations(t, ObjectKind.TABLE);
  }

  private static GrantTarget parseRelations(Tokens t, ObjectKind kind) {
    List<ObjectReference> objects = new ArrayList<>();
    do {
      objects.add(new ObjectReference.Named(NameParser.parseQualifiedName(t)));
    } while (t.accept(','));
    return new GrantObjects(kind, List.copyOf(objects));
  }

  private static GrantTarget parseKindTarget(Tokens t) {
    if (t.accept(FOREIGN)) {
      boolean server = t.accept(SERVER);
      if (!server) {
        t.expect(DATA);
        t.expect(WRAPPER);
      }
      ObjectKind kind = server ? ObjectKind.SERVER : ObjectKind.FOREIGN_DATA_WRAPPER;
      return parseNamed(t, kind);
    }
    ObjectKind kind = ObjectParser.parseKind(t);
    return switch (kind) {
      case TABLE, SEQUENCE -> parseRelations(t, kind);
      default -> parseNamed(t, kind);
    };
  }

  private static GrantTarget parseNamed(Tokens t, ObjectKind kind) {
    List<ObjectReference> objects = new ArrayList<>();
    do {
      objects.add(
          kind == ObjectKind.TYPE || kind == ObjectKind.DOMAIN
              ? new ObjectReference.Named(NameParser.parseAnyName(t))
              : ObjectParser.parseReference(t, kind));
    } while (t.accept(','));
    return new GrantObjects(kind, List.copyOf(objects));
  }

  private static GrantTarget parseAllInSchema(Tokens t) {
    t.expect(ALL);
    ObjectKind kind =
        switch (t.kind) {
          case TABLES -> ObjectKind.TABLE;
          case SEQUENCES -> ObjectKind.SEQUENCE;
          case FUNCTIONS -> ObjectKind.FUNCTION;
          case PROCEDURES -> ObjectKind.PROCEDURE;
          case ROUTINES -> ObjectKind.ROUTINE;
          default -> throw t.syntaxError();
        };
    t.advance();
    t.expect(IN);
    t.expect(SCHEMA);
    return new GrantAllInSchema(kind, NameParser.parseNames(t));
  }

  // ------------------------------------------------------------------------------------------ default privileges

  /// `DEFAULT PRIVILEGES …`, after ALTER.
  static AlterDefaultPrivileges parseDefaults(Tokens t) {
    t.expect(DEFAULT);
    t.expect(PRIVILEGES);
    List<RoleSpecification> roles = new ArrayList<>();
    List<String> schemas = new ArrayList<>();
    while (t.is(IN) || t.is(FOR)) {
      if (t.accept(IN)) {
        t.expect(SCHEMA);
        schemas.addAll(NameParser.parseNames(t));
      } else {
        t.expect(FOR);
        if (!t.accept(ROLE)) {
          t.expect(USER);
        }
        roles.addAll(NameParser.parseRoles(t));
      }
    }
    boolean grant = t.is(GRANT);
    if (!grant && !t.is(REVOKE)) {
      throw t.syntaxError();
    }
    t.advance();
    boolean option = false;
    if (!grant && t.is(GRANT)) {
      t.advance();
      t.expect(OPTION);
      t.expect(FOR);
      option = true;
    }
    List<Privilege> privileges = parsePrivileges(t);
    t.expect(ON);
    ObjectKind kind =
        switch (t.kind) {
          case TABLES -> ObjectKind.TABLE;
          case SEQUENCES -> ObjectKind.SEQUENCE;
          case FUNCTIONS, ROUTINES -> ObjectKind.FUNCTION;
          case TYPES -> ObjectKind.TYPE;
          case SCHEMAS -> ObjectKind.SCHEMA;
          default -> throw t.syntaxError();
        };
    t.advance();
    GrantPrivileges action = finishPrivileges(t, grant, privileges, new GrantDefaults(kind), option);
    return new AlterDefaultPrivileges(List.copyOf(roles), List.copyOf(schemas), action);
  }
}
