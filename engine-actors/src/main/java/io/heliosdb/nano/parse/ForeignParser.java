package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.DatabaseDdl.*;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Foreign-data wrappers, servers, user mappings, IMPORT FOREIGN SCHEMA.
final class ForeignParser {
  private ForeignParser() {}

  /// `FOREIGN DATA WRAPPER name …`, after CREATE.
  static ForeignDataWrapper parseWrapper(Tokens t, boolean create) {
    t.expect(FOREIGN);
    t.expect(DATA);
    t.expect(WRAPPER);
    return parseWrapperRest(t, t.columnIdentifier(), create);
  }

  /// What follows a wrapper's name in CREATE or ALTER.
  static ForeignDataWrapper parseWrapperRest(Tokens t, String name, boolean create) {
    int at = t.index;
    List<Option> functions = new ArrayList<>();
    while (t.is(HANDLER) || t.is(VALIDATOR) || t.is(NO, HANDLER) || t.is(NO, VALIDATOR)) {
      int position = t.position();
      boolean no = t.accept(NO);
      String word = t.label();
      functions.add(Option.of(word, no ? null : new Option.NameValue(NameParser.parseAnyName(t)), position));
    }
    List<Option> options;
    if (create) {
      options = OptionParser.parseOptionalForeign(t);
    } else {
      options = t.is(OPTIONS) ? OptionParser.parseAlterForeign(t) : List.of();
      if (t.index == at) {
        throw t.syntaxError();
      }
    }
    return new ForeignDataWrapper(create, name, List.copyOf(functions), options);
  }

  /// `SERVER …`, after CREATE.
  static ForeignServerDefinition parseServer(Tokens t, boolean create) {
    t.expect(SERVER);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    String name = t.columnIdentifier();
    String type = t.accept(TYPE) ? t.stringConstant() : null;
    String version = parseVersion(t);
    t.expect(FOREIGN);
    t.expect(DATA);
    t.expect(WRAPPER);
    String wrapper = t.columnIdentifier();
    return new ForeignServerDefinition(create, name, ifNotExists, type, version, wrapper, OptionParser.parseOptionalForeign(t));
  }

  private static @Nullable String parseVersion(Tokens t) {
    if (!t.accept(VERSION)) {
      return null;
    }
    return NameParser.parseStringOrNull(t);
  }

  /// What follows a server's name in ALTER SERVER.
  static ForeignServerDefinition parseAlterServer(Tokens t, String name) {
    int at = t.index;
    String version = parseVersion(t);
    List<Option> options = t.is(OPTIONS) ? OptionParser.parseAlterForeign(t) : List.of();
    if (t.index == at) {
      throw t.syntaxError();
    }
    return new ForeignServerDefinition(false, name, false, null, version, null, options);
  }

  // ------------------------------------------------------------------------------------------ user mappings

  private static RoleSpecification parseUser(Tokens t) {
    int position = t.position();
    if (t.accept(USER)) {
      return new RoleSpecification(RoleSpecification.Kind.CURRENT_USER, "user", position);
    }
    return NameParser.parseRole(t);
  }

  static UserMapping parseCreateMapping(Tokens t) {
    t.expect(USER);
    t.expect(MAPPING);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    t.expect(FOR);
    RoleSpecification user = parseUser(t);
    t.expect(SERVER);
    String server = t.columnIdentifier();
    return new UserMapping(MappingAction.CREATE, user, server, ifNotExists, OptionParser.parseOptionalForeign(t));
  }

  static UserMapping parseAlterMapping(Tokens t) {
    t.expect(USER);
    t.expect(MAPPING);
    t.expect(FOR);
    RoleSpecification user = parseUser(t);
    t.expect(SERVER);
    String server = t.columnIdentifier();
    return new UserMapping(MappingAction.ALTER, user, server, false, OptionParser.parseAlterForeign(t));
  }

  static UserMapping parseDropMapping(Tokens t) {
    t.expect(USER);
    t.expect(MAPPING);
    boolean ifExists = NameParser.parseIfExists(t);
    t.expect(FOR);
    RoleSpecification user = parseUser(t);
    t.expect(SERVER);
    return new UserMapping(MappingAction.DROP, user, t.columnIdentifier(), ifExists, List.of());
  }

  static ImportForeignSchema parseImport(Tokens t) {
    t.expect(IMPORT);
    t.expect(FOREIGN);
    t.expect(SCHEMA);
    String remote = t.columnIdentifier();
    Boolean except = null;
    List<QualifiedName> tables = List.of();
    if (t.is(LIMIT) || t.is(EXCEPT)) {
      except = t.is(EXCEPT);
      t.advance();
      if (!except) {
        t.expect(TO);
      }
      t.expect('(');
      List<QualifiedName> list = new ArrayList<>();
      do {
        list.add(NameParser.parseRelation(t).name());
      } while (t.accept(','));
      t.expect(')');
      tables = List.copyOf(list);
    }
    t.expect(FROM);
    t.expect(SERVER);
    String server = t.columnIdentifier();
    t.expect(INTO);
    String local = t.columnIdentifier();
    return new ImportForeignSchema(remote, except, tables, server, local, OptionParser.parseOptionalForeign(t));
  }
}
