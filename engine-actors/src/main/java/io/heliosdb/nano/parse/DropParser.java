package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.AccessDdl.DropOwned;
import io.heliosdb.nano.parse.ast.AccessDdl.DropRole;
import io.heliosdb.nano.parse.ast.DatabaseDdl.DropDatabase;
import io.heliosdb.nano.parse.ast.DatabaseDdl.DropSubscription;
import io.heliosdb.nano.parse.ast.DatabaseDdl.DropTablespace;
import io.heliosdb.nano.parse.ast.ObjectDdl.Drop;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import io.heliosdb.nano.parse.ast.Statement;
import java.util.ArrayList;
import java.util.List;

/// DROP of everything.
final class DropParser {
  private DropParser() {}

  static Statement parse(Tokens t) {
    t.expect(DROP);
    switch (t.kind) {
      case DATABASE -> {
        return VersionParser.startsBranch(t) ? VersionParser.parseDrop(t) : parseDatabase(t);
      }
      case ROLE, GROUP -> {
        return parseRole(t);
      }
      case USER -> {
        return t.peek(1) == MAPPING ? ForeignParser.parseDropMapping(t) : parseRole(t);
      }
      case OWNED -> {
        t.advance();
        t.expect(BY);
        List<RoleSpecification> roles = NameParser.parseRoles(t);
        return new DropOwned(roles, NameParser.parseCascade(t));
      }
      case TABLESPACE -> {
        t.advance();
        boolean ifExists = NameParser.parseIfExists(t);
        return new DropTablespace(t.columnIdentifier(), ifExists);
      }
      case SUBSCRIPTION -> {
        t.advance();
        boolean ifExists = NameParser.parseIfExists(t);
        String name = t.columnIdentifier();
        return new DropSubscription(name, ifExists, NameParser.parseCascade(t));
      }
      case COLUMN, CONSTRAINT, LARGE -> throw t.syntaxError();
      default -> {
        return parseObjects(t);
      }
    }
  }

  private static Drop parseObjects(Tokens t) {
    ObjectKind kind = ObjectParser.parseKind(t);
    boolean concurrently = kind == ObjectKind.INDEX && t.accept(CONCURRENTLY);
    boolean ifExists = NameParser.parseIfExists(t);
    List<ObjectReference> objects = new ArrayList<>(1);
    boolean many = takesList(kind);
    do {
      objects.add(ObjectParser.parseReference(t, kind));
    } while (many && t.accept(','));
    return new Drop(kind, List.copyOf(objects), ifExists, concurrently, NameParser.parseCascade(t));
  }

  private static boolean takesList(ObjectKind kind) {
    return switch (kind) {
      case POLICY, RULE, TRIGGER, CAST, TRANSFORM, OPERATOR_CLASS, OPERATOR_FAMILY -> false;
      default -> true;
    };
  }

  private static DropRole parseRole(Tokens t) {
    t.advance();
    boolean ifExists = NameParser.parseIfExists(t);
    return new DropRole(NameParser.parseRoles(t), ifExists);
  }

  private static DropDatabase parseDatabase(Tokens t) {
    t.expect(DATABASE);
    boolean ifExists = NameParser.parseIfExists(t);
    String name = t.columnIdentifier();
    List<Option> options = new ArrayList<>();
    if (t.accept(WITH) || t.is('(')) {
      t.expect('(');
      do {
        int position = t.position();
        t.expect(FORCE);
        options.add(Option.of("force", null, position));
      } while (t.accept(','));
      t.expect(')');
    }
    return new DropDatabase(name, ifExists, List.copyOf(options));
  }
}
