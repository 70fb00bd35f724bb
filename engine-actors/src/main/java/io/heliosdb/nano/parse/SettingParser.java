package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.SettingStatement;
import io.heliosdb.nano.parse.ast.SettingStatement.*;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TypeName;
import io.heliosdb.nano.parse.ast.VersionStatement;
import java.util.ArrayList;
import java.util.List;

/// SET, RESET, SHOW, DISCARD, and the SET clauses of other statements.
final class SettingParser {
  private SettingParser() {}

  static Statement parse(Tokens t) {
    int kind = t.kind;
    t.advance();
    return switch (kind) {
      case SET -> parseSet(t);
      case RESET -> parseReset(t);
      case SHOW -> parseShow(t);
      case DISCARD -> parseDiscard(t);
      default -> throw t.syntaxError();
    };
  }

  private static Statement parseSet(Tokens t) {
    if (t.is(CONSTRAINTS) && !isSettingNameAt(t, t.index)) {
      t.advance();
      return TransactionParser.parseSetConstraints(t);
    }
    boolean local = false;
    if (t.is(LOCAL) && !isSettingNameAt(t, t.index)) {
      t.advance();
      local = true;
    } else if (t.is(SESSION) && t.peek(1) != AUTHORIZATION && t.peek(1) != CHARACTERISTICS && !isSettingNameAt(t, t.index)) {
      t.advance();
    }
    if (t.is(TRANSACTION) && !isSettingNameAt(t, t.index)) {
      t.advance();
      if (t.is(SNAPSHOT)) {
        t.advance();
        return new SetTransactionSnapshot(t.stringConstant());
      }
      return new SetTransaction(false, TransactionParser.parseModes(t, false));
    }
    if (t.is(SESSION, CHARACTERISTICS)) {
      t.advance();
      t.advance();
      t.expect(AS);
      t.expect(TRANSACTION);
      return new SetTransaction(true, TransactionParser.parseModes(t, false));
    }
    return new SetSetting(local, parseChange(t));
  }

  /// Whether the word at a token is the name of a setting because an assignment follows it.
  private static boolean isSettingNameAt(Tokens t, int at) {
    int next = at + 1 < t.count ? t.kinds[at + 1] : EOF;
    return next == TO || next == '=' || next == '.' || next == FROM;
  }

  // ------------------------------------------------------------------------------------------ set_rest_more

  /// One change of a setting, after SET.
  static SettingChange parseChange(Tokens t) {
    if (!isSettingNameAt(t, t.index)) {
      switch (t.kind) {
        case TIME -> {
          t.advance();
          t.expect(ZONE);
          return parseTimeZone(t);
        }
        case CATALOG -> {
          t.advance();
          int position = t.position();
          t.stringConstant();
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "current database cannot be changed").at(position);
        }
        case SCHEMA -> {
          t.advance();
          return single("search_path", t.stringConstant());
        }
        case NAMES -> {
          t.advance();
          if (t.accept(DEFAULT) || !t.is(SCONST)) {
            return new SetDefault("client_encoding");
          }
          return single("client_encoding", t.stringConstant());
        }
        case ROLE -> {
          t.advance();
          return single("role", NameParser.parseWordOrString(t));
        }
        case SESSION -> {
          t.advance();
          t.expect(AUTHORIZATION);
          if (t.accept(DEFAULT)) {
            return new SetDefault("session_authorization");
          }
          return single("session_authorization", NameParser.parseWordOrString(t));
        }
        case XML -> {
          t.advance();
          t.expect(OPTION);
          boolean document = t.accept(DOCUMENT);
          if (!document) {
            t.expect(CONTENT);
          }
          return single("xmloption", document ? "DOCUMENT" : "CONTENT");
        }
        default -> {}
      }
    }
    String name = parseName(t);
    if (t.is(FROM)) {
      t.advance();
      t.expect(CURRENT);
      return new SetFromCurrent(name);
    }
    if (!t.accept(TO)) {
      t.expect('=');
    }
    if (t.accept(DEFAULT)) {
      return new SetDefault(name);
    }
    List<SettingValue> values = new ArrayList<>(1);
    do {
      values.add(parseValue(t));
    } while (t.accept(','));
    return new SetValues(name, List.copyOf(values));
  }

  private static SettingChange single(String name, String value) {
    return new SetValues(name, List.of(new SettingValue(value, ValueKind.STRING)));
  }

  /// var_name: `ColId [. ColId]…`, joined by dots.
  static String parseName(Tokens t) {
    String first = t.columnIdentifier();
    if (!t.is('.')) {
      return first;
    }
    StringBuilder name = new StringBuilder(first);
    while (t.accept('.')) {
      name.append('.').append(t.columnIdentifier());
    }
    return name.toString();
  }

  private static SettingValue parseValue(Tokens t) {
    return switch (t.kind) {
      case SCONST -> new SettingValue(t.stringConstant(), ValueKind.STRING);
      case ICONST, FCONST, '+', '-' -> new SettingValue(NameParser.parseNumber(t), ValueKind.NUMBER);
      case TRUE, FALSE, ON -> new SettingValue(t.label(), ValueKind.WORD);
      default -> new SettingValue(t.nonReservedWord(), ValueKind.WORD);
    };
  }

  private static SettingChange parseTimeZone(Tokens t) {
    switch (t.kind) {
      case DEFAULT, LOCAL -> {
        t.advance();
        return new SetDefault("timezone");
      }
      case INTERVAL -> {
        int position = t.position();
        Expression value = PrimaryParser.parse(t);
        if (!(value instanceof Expression.TypedLiteral literal)) {
          throw t.syntaxError();
        }
        int fields = literal.type().intervalFields();
        if (fields != 0 && (fields & ~(TypeName.HOUR | TypeName.MINUTE)) != 0) {
          throw t.grammarError("time zone interval must be HOUR or HOUR TO MINUTE", position);
        }
        return new SetInterval("timezone", literal.type(), literal.value());
      }
      case SCONST -> {
        return single("timezone", t.stringConstant());
      }
      case IDENT -> {
        return single("timezone", t.columnIdentifier());
      }
      default -> {
        return new SetValues("timezone", List.of(new SettingValue(NameParser.parseNumber(t), ValueKind.NUMBER)));
      }
    }
  }

  // ------------------------------------------------------------------------------------------ RESET, SHOW, DISCARD

  private static SettingStatement parseReset(Tokens t) {
    SettingChange change = parseResetChange(t);
    return change instanceof ResetAllValues ? new ResetAll() : new ResetSetting(change.name());
  }

  /// What follows RESET: a name, ALL, or one of the special spellings.
  static SettingChange parseResetChange(Tokens t) {
    if (t.accept(ALL)) {
      return new ResetAllValues("all");
    }
    return new ResetValue(parseShownName(t));
  }

  private static String parseShownName(Tokens t) {
    if (t.is(TIME, ZONE)) {
      t.advance();
      t.advance();
      return "timezone";
    }
    if (t.is(TRANSACTION, ISOLATION)) {
      t.advance();
      t.advance();
      t.expect(LEVEL);
      return "transaction_isolation";
    }
    if (t.is(SESSION, AUTHORIZATION)) {
      t.advance();
      t.advance();
      return "session_authorization";
    }
    return parseName(t);
  }

  private static Statement parseShow(Tokens t) {
    if (t.accept(ALL)) {
      return new ShowAll();
    }
    if (t.isWord("branch") && (t.peek(1) == EOF || t.peek(1) == ';')) {
      t.advance();
      return new VersionStatement.ShowBranch();
    }
    return new Show(parseShownName(t));
  }

  /// SetResetClause of ALTER ROLE, ALTER DATABASE and function definitions: `SET …` or `RESET …`.
  static SettingChange parseSetOrReset(Tokens t) {
    if (t.accept(RESET)) {
      return parseResetChange(t);
    }
    t.expect(SET);
    return parseChange(t);
  }

  private static Discard parseDiscard(Tokens t) {
    DiscardTarget target =
        switch (t.kind) {
          case ALL -> DiscardTarget.ALL;
          case TEMP, TEMPORARY -> DiscardTarget.TEMP;
          case PLANS -> DiscardTarget.PLANS;
          case SEQUENCES -> DiscardTarget.SEQUENCES;
          default -> throw t.syntaxError();
        };
    t.advance();
    return new Discard(target);
  }
}
