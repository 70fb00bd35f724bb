package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AccessDdl.*;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Roles and row policies.
final class RoleParser {
  private RoleParser() {}

  // ------------------------------------------------------------------------------------------ roles

  static CreateRole parseCreate(Tokens t) {
    RoleWord word = t.is(ROLE) ? RoleWord.ROLE : t.is(USER) ? RoleWord.USER : RoleWord.GROUP;
    t.advance();
    String name = NameParser.parseRoleId(t);
    t.accept(WITH);
    return new CreateRole(word, name, parseOptions(t, true));
  }

  private static List<Option> parseOptions(Tokens t, boolean create) {
    List<Option> options = new ArrayList<>();
    while (true) {
      Option option = parseOption(t, create);
      if (option == null) {
        return List.copyOf(options);
      }
      options.add(option);
    }
  }

  private static @Nullable Option parseOption(Tokens t, boolean create) {
    int position = t.position();
    switch (t.kind) {
      case PASSWORD -> {
        t.advance();
        return Option.of("password", t.accept(NULL) ? null : new Option.StringValue(t.stringConstant()), position);
      }
      case ENCRYPTED -> {
        t.advance();
        t.expect(PASSWORD);
        return Option.of("password", new Option.StringValue(t.stringConstant()), position);
      }
      case UNENCRYPTED -> {
        t.advance();
        t.expect(PASSWORD);
        t.stringConstant();
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "UNENCRYPTED PASSWORD is no longer supported")
            .withHint("Remove UNENCRYPTED to store the password in encrypted form instead.")
            .at(position);
      }
      case INHERIT -> {
        t.advance();
        return Option.of("inherit", new Option.BooleanValue(true), position);
      }
      case CONNECTION -> {
        t.advance();
        t.expect(LIMIT);
        return Option.of("connectionlimit", new Option.NumberValue(Integer.toString(NameParser.parseSignedInteger(t))), position);
      }
      case VALID -> {
        t.advance();
        t.expect(UNTIL);
        return Option.of("validUntil", new Option.StringValue(t.stringConstant()), position);
      }
      case USER -> {
        t.advance();
        return Option.of("rolemembers", roleList(t), position);
      }
      case SYSID -> {
        if (!create) {
          throw t.syntaxError();
        }
        t.advance();
        return Option.of("sysid", new Option.NumberValue(Integer.toString(NameParser.parseInteger(t))), position);
      }
      case ADMIN, ROLE -> {
        if (!create) {
          throw t.syntaxError();
        }
        String name = t.is(ADMIN) ? "adminmembers" : "rolemembers";
        t.advance();
        return Option.of(name, roleList(t), position);
      }
      case IN -> {
        if (!create) {
          throw t.syntaxError();
        }
        t.advance();
        if (!t.accept(ROLE)) {
          t.expect(GROUP);
        }
        return Option.of("addroleto", roleList(t), position);
      }
      case IDENT -> {
        return parseWordOption(t, position);
      }
      default -> {
        return null;
      }
    }
  }

  private static Option parseWordOption(Tokens t, int position) {
    int at = t.index;
    String word = t.label();
    String name =
        switch (word) {
          case "superuser", "nosuperuser" -> "superuser";
          case "createrole", "nocreaterole" -> "createrole";
          case "replication", "noreplication" -> "isreplication";
          case "createdb", "nocreatedb" -> "createdb";
          case "login", "nologin" -> "canlogin";
          case "bypassrls", "nobypassrls" -> "bypassrls";
          case "noinherit" -> "inherit";
          default -> throw t.grammarError("unrecognized role option \"" + word + "\"", t.positionAt(at));
        };
    return Option.of(name, new Option.BooleanValue(!word.startsWith("no")), position);
  }

  private static Option.Value roleList(Tokens t) {
    return new Option.ListValue(NameParser.parseRoles(t).stream().<Option.Value>map(Option.RoleValue::new).toList());
  }

  /// `ROLE|USER|GROUP …`, after ALTER.
  static Statement parseAlter(Tokens t) {
    if (t.is(GROUP)) {
      return parseAlterGroup(t);
    }
    t.advance();
    RoleSpecification role = t.accept(ALL) ? null : NameParser.parseRole(t);
    if (role != null && t.accept(RENAME)) {
      t.expect(TO);
      return AlterParser.renameRole(t, role);
    }
    String database = null;
    if (t.is(IN, DATABASE)) {
      t.advance();
      t.advance();
      database = t.columnIdentifier();
    }
    if (database != null || role == null || t.is(SET) || t.is(RESET)) {
      if (!t.is(SET) && !t.is(RESET)) {
        throw t.syntaxError();
      }
      return new AlterRoleSetting(role, database, SettingParser.parseSetOrReset(t));
    }
    t.accept(WITH);
    return new AlterRole(role, parseOptions(t, false));
  }

  private static Statement parseAlterGroup(Tokens t) {
    t.expect(GROUP);
    RoleSpecification group = NameParser.parseRole(t);
    if (t.accept(RENAME)) {
      t.expect(TO);
      return AlterParser.renameRole(t, group);
    }
    boolean add = t.accept(ADD);
    if (!add) {
      t.expect(DROP);
    }
    t.expect(USER);
    return new AlterGroup(group, add, NameParser.parseRoles(t));
  }

  static ReassignOwned parseReassign(Tokens t) {
    t.expect(REASSIGN);
    t.expect(OWNED);
    t.expect(BY);
    List<RoleSpecification> roles = NameParser.parseRoles(t);
    t.expect(TO);
    return new ReassignOwned(roles, NameParser.parseRole(t));
  }

  // ------------------------------------------------------------------------------------------ policies

  static CreatePolicy parseCreatePolicy(Tokens t) {
    int position = t.position();
    t.expect(POLICY);
    String name = t.columnIdentifier();
    t.expect(ON);
    QualifiedName table = NameParser.parseQualifiedName(t);
    boolean permissive = true;
    if (t.accept(AS)) {
      int at = t.index;
      if (!t.is(IDENT)) {
        throw t.syntaxError();
      }
      String word = t.label();
      switch (word) {
        case "permissive" -> permissive = true;
        case "restrictive" -> permissive = false;
        default -> throw t.grammarError("unrecognized row security option \"" + word + "\"", t.positionAt(at))
            .withHint("Only PERMISSIVE or RESTRICTIVE policies are supported currently.");
      }
    }
    PolicyCommand command = t.accept(FOR) ? parsePolicyCommand(t) : PolicyCommand.ALL;
    List<RoleSpecification> roles = t.accept(TO) ? NameParser.parseRoles(t) : List.of();
    SourceExpression using = t.accept(USING) ? ExpressionParser.parseParenthesisedSource(t) : null;
    SourceExpression check = parsePolicyCheck(t);
    return new CreatePolicy(name, table, permissive, command, roles, using, check, position);
  }

  private static PolicyCommand parsePolicyCommand(Tokens t) {
    PolicyCommand command =
        switch (t.kind) {
          case ALL -> PolicyCommand.ALL;
          case SELECT -> PolicyCommand.SELECT;
          case INSERT -> PolicyCommand.INSERT;
          case UPDATE -> PolicyCommand.UPDATE;
          case DELETE -> PolicyCommand.DELETE;
          default -> throw t.syntaxError();
        };
    t.advance();
    return command;
  }

  private static @Nullable SourceExpression parsePolicyCheck(Tokens t) {
    if (!t.accept(WITH)) {
      return null;
    }
    t.expect(CHECK);
    return ExpressionParser.parseParenthesisedSource(t);
  }

  /// `POLICY …`, after ALTER; renames are read by the caller's shared code.
  static Statement parseAlterPolicy(Tokens t) {
    t.expect(POLICY);
    boolean ifExists = NameParser.parseIfExists(t);
    String name = t.columnIdentifier();
    t.expect(ON);
    QualifiedName table = NameParser.parseQualifiedName(t);
    if (t.is(RENAME) || ifExists) {
      return AlterParser.parseRenameOn(t, io.heliosdb.nano.parse.ast.ObjectKind.POLICY, name, table, ifExists);
    }
    List<RoleSpecification> roles = t.accept(TO) ? NameParser.parseRoles(t) : List.of();
    SourceExpression using = t.accept(USING) ? ExpressionParser.parseParenthesisedSource(t) : null;
    return new AlterPolicy(name, table, roles, using, parsePolicyCheck(t));
  }
}
