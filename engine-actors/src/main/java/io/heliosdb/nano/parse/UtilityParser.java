package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TableDdl.RefreshMaterializedView;
import io.heliosdb.nano.parse.ast.UtilityStatement.*;
import java.util.ArrayList;
import java.util.List;

/// Maintenance, notification, EXPLAIN, DO, CALL and other statements of a few words.
final class UtilityParser {
  private UtilityParser() {}

  static Statement parse(Tokens t) {
    return switch (t.kind) {
      case TRUNCATE -> parseTruncate(t);
      case VACUUM -> parseVacuum(t);
      case ANALYZE, ANALYSE -> parseAnalyze(t);
      case CLUSTER -> parseCluster(t);
      case REINDEX -> parseReindex(t);
      case COPY -> CopyParser.parse(t);
      case EXPLAIN -> parseExplain(t);
      case DO -> parseDo(t);
      case REFRESH -> parseRefresh(t);
      default -> parseSmall(t);
    };
  }

  private static Statement parseSmall(Tokens t) {
    int kind = t.kind;
    t.advance();
    return switch (kind) {
      case CHECKPOINT -> new Checkpoint();
      case LISTEN -> new Listen(t.columnIdentifier());
      case UNLISTEN -> new Unlisten(t.accept('*') ? null : t.columnIdentifier());
      case NOTIFY -> {
        String channel = t.columnIdentifier();
        yield new Notify(channel, t.accept(',') ? t.stringConstant() : null);
      }
      case LOAD -> new Load(t.stringConstant());
      case CALL -> {
        QualifiedName name = NameParser.parseFunctionName(t);
        if (!t.is('(')) {
          throw t.syntaxError();
        }
        yield new Call(FunctionParser.parseApplication(t, name));
      }
      default -> throw t.syntaxError();
    };
  }

  private static Truncate parseTruncate(Tokens t) {
    t.expect(TRUNCATE);
    t.accept(TABLE);
    List<RelationTarget> tables = NameParser.parseRelations(t);
    boolean restart = false;
    if (t.accept(RESTART)) {
      t.expect(IDENTITY);
      restart = true;
    } else if (t.accept(CONTINUE)) {
      t.expect(IDENTITY);
    }
    return new Truncate(tables, restart, NameParser.parseCascade(t));
  }

  // ------------------------------------------------------------------------------------------ VACUUM, ANALYZE and kin

  private static Option flag(Tokens t) {
    int position = t.position();
    String name = t.is(ANALYSE) ? "analyze" : t.identifier(t.index);
    t.advance();
    return Option.of(name, null, position);
  }

  private static Vacuum parseVacuum(Tokens t) {
    t.expect(VACUUM);
    List<Option> options;
    if (t.is('(')) {
      options = OptionParser.parseUtilityOptions(t);
    } else {
      List<Option> list = new ArrayList<>();
      for (int word : new int[] {FULL, FREEZE, VERBOSE, ANALYZE}) {
        if (t.is(word) || word == ANALYZE && t.is(ANALYSE)) {
          list.add(flag(t));
        }
      }
      options = List.copyOf(list);
    }
    return new Vacuum(false, options, parseVacuumTargets(t));
  }

  private static Vacuum parseAnalyze(Tokens t) {
    t.advance();
    List<Option> options = t.is('(') ? OptionParser.parseUtilityOptions(t) : t.is(VERBOSE) ? List.of(flag(t)) : List.of();
    return new Vacuum(true, options, parseVacuumTargets(t));
  }

  private static List<VacuumTarget> parseVacuumTargets(Tokens t) {
    if (!isColumnIdentifier(t.kind)) {
      return List.of();
    }
    List<VacuumTarget> targets = new ArrayList<>();
    do {
      QualifiedName table = NameParser.parseQualifiedName(t);
      List<Name> columns = NameParser.parseOptionalColumns(t);
      targets.add(new VacuumTarget(table, columns));
    } while (t.accept(','));
    return List.copyOf(targets);
  }

  private static Cluster parseCluster(Tokens t) {
    t.expect(CLUSTER);
    List<Option> options = List.of();
    if (t.is('(')) {
      options = OptionParser.parseUtilityOptions(t);
    } else if (t.is(VERBOSE)) {
      options = List.of(flag(t));
    }
    if (!isColumnIdentifier(t.kind)) {
      return new Cluster(null, null, options);
    }
    QualifiedName table = NameParser.parseQualifiedName(t);
    if (t.accept(USING)) {
      return new Cluster(table, t.columnIdentifier(), options);
    }
    if (t.accept(ON)) {
      // The old order: CLUSTER index ON table.
      return new Cluster(NameParser.parseQualifiedName(t), table.name(), options);
    }
    return new Cluster(table, null, options);
  }

  private static Reindex parseReindex(Tokens t) {
    t.expect(REINDEX);
    List<Option> options = new ArrayList<>();
    if (t.is('(')) {
      options.addAll(OptionParser.parseUtilityOptions(t));
    }
    ReindexKind kind =
        switch (t.kind) {
          case INDEX -> ReindexKind.INDEX;
          case TABLE -> ReindexKind.TABLE;
          case SCHEMA -> ReindexKind.SCHEMA;
          case SYSTEM -> ReindexKind.SYSTEM;
          case DATABASE -> ReindexKind.DATABASE;
          default -> throw t.syntaxError();
        };
    t.advance();
    if (t.is(CONCURRENTLY)) {
      options.add(flag(t));
    }
    boolean relation = kind == ReindexKind.INDEX || kind == ReindexKind.TABLE;
    QualifiedName name;
    if (relation) {
      name = NameParser.parseQualifiedName(t);
    } else {
      int position = t.position();
      name = QualifiedName.of(t.columnIdentifier(), position);
    }
    return new Reindex(kind, name, List.copyOf(options));
  }

  private static RefreshMaterializedView parseRefresh(Tokens t) {
    t.expect(REFRESH);
    t.expect(MATERIALIZED);
    t.expect(VIEW);
    boolean concurrently = t.accept(CONCURRENTLY);
    QualifiedName name = NameParser.parseQualifiedName(t);
    boolean withData = true;
    if (t.accept(WITH)) {
      withData = !t.accept(NO);
      t.expect(DATA);
    }
    return new RefreshMaterializedView(name, concurrently, withData);
  }

  // ------------------------------------------------------------------------------------------ EXPLAIN and DO

  private static Explain parseExplain(Tokens t) {
    t.expect(EXPLAIN);
    List<Option> options;
    // A parenthesis may begin the options or a query.
    if (t.is('(') && !SelectParser.isParenthesisedQuery(t, t.index)) {
      if (t.peek(1) == '(') {
        throw t.syntaxErrorInParentheses();
      }
      options = OptionParser.parseUtilityOptions(t);
    } else {
      List<Option> list = new ArrayList<>();
      if (t.is(ANALYZE) || t.is(ANALYSE)) {
        list.add(flag(t));
      }
      if (t.is(VERBOSE)) {
        list.add(flag(t));
      }
      options = List.copyOf(list);
    }
    return new Explain(options, parseExplainable(t));
  }

  private static Statement parseExplainable(Tokens t) {
    return switch (t.kind) {
      case SELECT, VALUES, TABLE, '(', WITH, INSERT, UPDATE, DELETE, MERGE -> StatementParser.parsePreparable(t);
      case DECLARE, EXECUTE -> CursorParser.parse(t);
      case REFRESH -> parseRefresh(t);
      case CREATE -> CreateParser.parseExplainable(t);
      default -> throw t.syntaxError();
    };
  }

  private static DoBlock parseDo(Tokens t) {
    t.expect(DO);
    String body = null;
    String language = null;
    do {
      int position = t.position();
      if (t.accept(LANGUAGE)) {
        if (language != null) {
          throw t.grammarError("conflicting or redundant options", position);
        }
        language = NameParser.parseWordOrString(t);
      } else {
        if (!t.is(SCONST)) {
          throw t.syntaxError();
        }
        if (body != null) {
          throw t.grammarError("conflicting or redundant options", position);
        }
        body = t.stringConstant();
      }
    } while (!t.is(EOF) && !t.is(';'));
    if (body == null) {
      throw t.grammarError("no inline code specified", 0);
    }
    return new DoBlock(body, language);
  }
}
