package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.DatabaseDdl.*;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.Statement;
import java.util.ArrayList;
import java.util.List;

/// Publications and subscriptions.
final class ReplicationParser {
  private ReplicationParser() {}

  static Statement parseCreate(Tokens t) {
    if (t.accept(SUBSCRIPTION)) {
      String name = t.columnIdentifier();
      t.expect(CONNECTION);
      String connection = t.stringConstant();
      t.expect(PUBLICATION);
      List<Name> publications = NameParser.parseColumns(t);
      return new CreateSubscription(name, connection, publications, parseOptionalDefinition(t));
    }
    t.expect(PUBLICATION);
    String name = t.columnIdentifier();
    boolean all = false;
    List<PublicationObject> objects = List.of();
    if (t.accept(FOR)) {
      if (t.is(ALL)) {
        t.advance();
        t.expect(TABLES);
        all = true;
      } else {
        objects = parseObjects(t);
      }
    }
    return new CreatePublication(name, all, objects, parseOptionalDefinition(t));
  }

  private static List<Option> parseOptionalDefinition(Tokens t) {
    return t.accept(WITH) ? OptionParser.parseDefinition(t) : List.of();
  }

  /// pub_obj_list: a word TABLE or TABLES IN SCHEMA holds for the names that follow until the next such word.
  static List<PublicationObject> parseObjects(Tokens t) {
    List<PublicationObject> objects = new ArrayList<>();
    boolean schemas = false;
    boolean first = true;
    do {
      int position = t.position();
      if (t.accept(TABLE)) {
        schemas = false;
      } else if (t.is(TABLES, IN)) {
        t.advance();
        t.advance();
        t.expect(SCHEMA);
        schemas = true;
      } else if (first) {
        throw t.errorNear("invalid publication object list", t.index)
            .withDetail("One of TABLE or TABLES IN SCHEMA must be specified before a standalone table or schema name.");
      }
      first = false;
      objects.add(schemas ? parseSchema(t, position) : parseTable(t, position));
    } while (t.accept(','));
    return List.copyOf(objects);
  }

  private static PublicationObject parseSchema(Tokens t, int position) {
    String schema = t.accept(CURRENT_SCHEMA) ? null : t.columnIdentifier();
    return new PublicationObject(null, List.of(), null, schema, position);
  }

  private static PublicationObject parseTable(Tokens t, int position) {
    RelationTarget table = NameParser.parseRelation(t);
    List<Name> columns = NameParser.parseOptionalColumns(t);
    SourceExpression where = t.accept(WHERE) ? ExpressionParser.parseParenthesisedSource(t) : null;
    return new PublicationObject(table, columns, where, null, position);
  }

  /// What follows a publication's name in ALTER PUBLICATION, apart from RENAME and OWNER.
  static AlterPublication parseAlterPublication(Tokens t, String name) {
    if (t.is(SET) && t.peek(1) == '(') {
      t.advance();
      return new AlterPublication(name, PublicationAction.SET_OPTIONS, List.of(), OptionParser.parseDefinition(t));
    }
    PublicationAction action =
        switch (t.kind) {
          case ADD -> PublicationAction.ADD;
          case SET -> PublicationAction.SET;
          case DROP -> PublicationAction.DROP;
          default -> throw t.syntaxError();
        };
    t.advance();
    return new AlterPublication(name, action, parseObjects(t), List.of());
  }

  /// What follows a subscription's name in ALTER SUBSCRIPTION, apart from RENAME and OWNER.
  static AlterSubscription parseAlterSubscription(Tokens t, String name) {
    switch (t.kind) {
      case CONNECTION -> {
        t.advance();
        return new AlterSubscription(name, "CONNECTION", t.stringConstant(), List.of(), List.of());
      }
      case REFRESH -> {
        t.advance();
        t.expect(PUBLICATION);
        return new AlterSubscription(name, "REFRESH", null, List.of(), parseOptionalDefinition(t));
      }
      case ENABLE, DISABLE -> {
        String action = t.is(ENABLE) ? "ENABLE" : "DISABLE";
        t.advance();
        return new AlterSubscription(name, action, null, List.of(), List.of());
      }
      case SKIP -> {
        t.advance();
        return new AlterSubscription(name, "SKIP", null, List.of(), OptionParser.parseDefinition(t));
      }
      case ADD, DROP, SET -> {
        String action = t.is(ADD) ? "ADD" : t.is(DROP) ? "DROP" : "SET PUBLICATION";
        boolean set = t.is(SET);
        t.advance();
        if (set && t.is('(')) {
          return new AlterSubscription(name, "SET", null, List.of(), OptionParser.parseDefinition(t));
        }
        t.expect(PUBLICATION);
        List<Name> publications = NameParser.parseColumns(t);
        return new AlterSubscription(name, action, null, publications, parseOptionalDefinition(t));
      }
      default -> throw t.syntaxError();
    }
  }
}
