package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.DatabaseDdl.*;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import io.heliosdb.nano.parse.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Databases, tablespaces, extensions, access methods.
final class DatabaseParser {
  private DatabaseParser() {}

  static CreateDatabase parseCreateDatabase(Tokens t) {
    t.expect(DATABASE);
    String name = t.columnIdentifier();
    t.accept(WITH);
    return new CreateDatabase(name, parseDatabaseOptions(t));
  }

  private static List<Option> parseDatabaseOptions(Tokens t) {
    List<Option> options = new ArrayList<>();
    while (true) {
      int position = t.position();
      String name = parseDatabaseOptionName(t);
      if (name == null) {
        return List.copyOf(options);
      }
      t.accept('=');
      options.add(Option.of(name, t.accept(DEFAULT) ? null : OptionParser.parseBooleanOrNumber(t), position));
    }
  }

  private static @Nullable String parseDatabaseOptionName(Tokens t) {
    if (t.accept(CONNECTION)) {
      t.expect(LIMIT);
      return "connection_limit";
    }
    return switch (t.kind) {
      case IDENT, ENCODING, LOCATION, OWNER, TABLESPACE, TEMPLATE -> t.label();
      default -> null;
    };
  }

  /// `DATABASE name …`, after ALTER, apart from RENAME and OWNER.
  static Statement parseAlter(Tokens t, String name) {
    if (t.is(SET, TABLESPACE)) {
      int position = t.position();
      t.advance();
      t.advance();
      return new AlterDatabase(name, List.of(Option.of("tablespace", new Option.WordValue(t.columnIdentifier()), position)));
    }
    if (t.is(SET) || t.is(RESET)) {
      return new AlterDatabaseSetting(name, SettingParser.parseSetOrReset(t));
    }
    if (t.is(REFRESH)) {
      t.advance();
      t.expect(COLLATION);
      t.expect(VERSION);
      return new RefreshDatabaseCollation(name);
    }
    t.accept(WITH);
    return new AlterDatabase(name, parseDatabaseOptions(t));
  }

  static CreateTablespace parseCreateTablespace(Tokens t) {
    t.expect(TABLESPACE);
    String name = t.columnIdentifier();
    RoleSpecification owner = t.accept(OWNER) ? NameParser.parseRole(t) : null;
    t.expect(LOCATION);
    String location = t.stringConstant();
    return new CreateTablespace(name, owner, location, OptionParser.parseOptionalWith(t));
  }

  // ------------------------------------------------------------------------------------------ extensions

  static CreateExtension parseCreateExtension(Tokens t) {
    t.expect(EXTENSION);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    String name = t.columnIdentifier();
    t.accept(WITH);
    List<Option> options = new ArrayList<>();
    while (true) {
      int position = t.position();
      if (t.accept(SCHEMA)) {
        options.add(Option.of("schema", new Option.WordValue(t.columnIdentifier()), position));
      } else if (t.accept(VERSION)) {
        options.add(Option.of("new_version", new Option.StringValue(NameParser.parseWordOrString(t)), position));
      } else if (t.accept(CASCADE)) {
        options.add(Option.of("cascade", new Option.BooleanValue(true), position));
      } else if (t.is(FROM)) {
        t.advance();
        NameParser.parseWordOrString(t);
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "CREATE EXTENSION ... FROM is no longer supported")
            .at(position);
      } else {
        return new CreateExtension(name, ifNotExists, List.copyOf(options));
      }
    }
  }

  /// `UPDATE [TO version]`, after ALTER EXTENSION and the name.
  static UpdateExtension parseUpdateExtension(Tokens t, String name) {
    t.expect(UPDATE);
    List<Option> options = new ArrayList<>();
    while (t.is(TO)) {
      int position = t.position();
      t.advance();
      options.add(Option.of("new_version", new Option.StringValue(NameParser.parseWordOrString(t)), position));
    }
    return new UpdateExtension(name, List.copyOf(options));
  }

  static CreateAccessMethod parseCreateAccessMethod(Tokens t) {
    t.expect(ACCESS);
    t.expect(METHOD);
    String name = t.columnIdentifier();
    t.expect(TYPE);
    boolean index = t.accept(INDEX);
    if (!index) {
      t.expect(TABLE);
    }
    t.expect(HANDLER);
    return new CreateAccessMethod(name, index, NameParser.parseAnyName(t));
  }
}
