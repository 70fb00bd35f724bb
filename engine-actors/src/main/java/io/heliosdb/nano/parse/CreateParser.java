package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression.ColumnReference;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.Persistence;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateSchema;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateSequence;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SelectStatement.SelectCore;
import io.heliosdb.nano.parse.ast.SelectStatement.TargetItem;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TableDdl.CheckOption;
import io.heliosdb.nano.parse.ast.TableDdl.CreateTableAs;
import io.heliosdb.nano.parse.ast.TableDdl.CreateView;
import io.heliosdb.nano.parse.ast.WithClause;
import io.heliosdb.nano.parse.ast.WithClause.CommonTableExpression;
import java.util.ArrayList;
import java.util.List;

/// CREATE: chooses by the words after it; views, sequences and schemas are read here.
final class CreateParser {
  private CreateParser() {}

  static Statement parse(Tokens t) {
    int start = t.start();
    t.expect(CREATE);
    if (t.is(OR)) {
      t.advance();
      t.expect(REPLACE);
      return parseReplaceable(t, true, start);
    }
    Statement persistent = parsePersistent(t, false);
    if (persistent != null) {
      return persistent;
    }
    return switch (t.kind) {
      case UNIQUE, INDEX -> IndexParser.parseCreate(t);
      case MATERIALIZED -> parseMaterializedView(t, Persistence.PERMANENT);
      case SCHEMA -> parseSchema(t);
      case DATABASE -> VersionParser.startsBranch(t) ? VersionParser.parseCreate(t) : DatabaseParser.parseCreateDatabase(t);
      case TYPE, DOMAIN, COLLATION, STATISTICS -> TypeDdlParser.parseCreate(t);
      case DEFAULT, CONVERSION -> TypeDdlParser.parseCreateConversion(t);
      case TEXT -> TextSearchParser.parseCreate(t);
      case OPERATOR -> OperatorParser.parseCreate(t);
      case CAST -> OperatorParser.parseCreateCast(t);
      case ROLE, GROUP -> RoleParser.parseCreate(t);
      case USER -> t.peek(1) == MAPPING ? ForeignParser.parseCreateMapping(t) : RoleParser.parseCreate(t);
      case POLICY -> RoleParser.parseCreatePolicy(t);
      case TABLESPACE -> DatabaseParser.parseCreateTablespace(t);
      case EXTENSION -> DatabaseParser.parseCreateExtension(t);
      case ACCESS -> DatabaseParser.parseCreateAccessMethod(t);
      case EVENT -> TriggerParser.parseCreateEvent(t);
      case PUBLICATION, SUBSCRIPTION -> ReplicationParser.parseCreate(t);
      case FOREIGN -> t.peek(1) == TABLE ? TableParser.parseCreateForeign(t) : ForeignParser.parseWrapper(t, true);
      case SERVER -> ForeignParser.parseServer(t, true);
      default -> parseReplaceable(t, false, start);
    };
  }

  /// What may follow CREATE OR REPLACE.
  private static Statement parseReplaceable(Tokens t, boolean orReplace, int start) {
    return switch (t.kind) {
      case VIEW, RECURSIVE, TEMP, TEMPORARY, LOCAL, GLOBAL -> {
        Statement view = orReplace ? parsePersistent(t, true) : null;
        yield view != null ? view : parseView(t, orReplace, Persistence.PERMANENT);
      }
      case FUNCTION, PROCEDURE -> RoutineParser.parseCreate(t, orReplace);
      case AGGREGATE -> OperatorParser.parseCreateAggregate(t, orReplace);
      case TRIGGER, CONSTRAINT -> TriggerParser.parseCreate(t, orReplace);
      case RULE -> TriggerParser.parseCreateRule(t, orReplace, start);
      case TRANSFORM -> OperatorParser.parseCreateTransform(t, orReplace);
      case TRUSTED, PROCEDURAL, LANGUAGE -> RoutineParser.parseCreateLanguage(t, orReplace);
      default -> throw t.syntaxError();
    };
  }

  /// TEMP, UNLOGGED and what they apply to: tables, sequences, views. Null if neither they nor such an object stand here.
  private static @org.jspecify.annotations.Nullable Statement parsePersistent(Tokens t, boolean orReplace) {
    Persistence persistence = Persistence.PERMANENT;
    switch (t.kind) {
      case TEMP, TEMPORARY -> {
        t.advance();
        persistence = Persistence.TEMPORARY;
      }
      case LOCAL, GLOBAL -> {
        t.advance();
        if (!t.accept(TEMP)) {
          t.expect(TEMPORARY);
        }
        persistence = Persistence.TEMPORARY;
      }
      case UNLOGGED -> {
        t.advance();
        persistence = Persistence.UNLOGGED;
      }
      case TABLE, SEQUENCE -> {}
      default -> {
        if (t.is(VIEW) || t.is(RECURSIVE, VIEW)) {
          return parseView(t, orReplace, persistence);
        }
        return null;
      }
    }
    if (orReplace && !t.is(VIEW) && !t.is(RECURSIVE)) {
      throw t.syntaxError();
    }
    return switch (t.kind) {
      case TABLE -> TableParser.parseCreate(t, persistence);
      case SEQUENCE -> parseSequence(t, persistence);
      case VIEW, RECURSIVE -> {
        if (persistence == Persistence.UNLOGGED) {
          throw t.syntaxError();
        }
        yield parseView(t, orReplace, persistence);
      }
      case MATERIALIZED -> {
        if (persistence != Persistence.UNLOGGED) {
          throw t.syntaxError();
        }
        yield parseMaterializedView(t, persistence);
      }
      default -> throw t.syntaxError();
    };
  }

  /// CREATE TABLE AS or CREATE MATERIALIZED VIEW, the only CREATE that EXPLAIN takes.
  static Statement parseExplainable(Tokens t) {
    int at = t.index;
    Statement statement = parse(t);
    if (statement instanceof CreateTableAs) {
      return statement;
    }
    throw t.syntaxErrorAt(at);
  }

  // ------------------------------------------------------------------------------------------ views

  private static CreateView parseView(Tokens t, boolean orReplace, Persistence persistence) {
    boolean recursive = t.accept(RECURSIVE);
    t.expect(VIEW);
    QualifiedName name = NameParser.parseQualifiedName(t);
    List<Name> columns = recursive || t.is('(') ? NameParser.parseParenthesisedColumns(t) : List.of();
    List<Option> options = OptionParser.parseOptionalWith(t);
    t.expect(AS);
    int start = t.start();
    SelectStatement query = SelectParser.parse(t);
    String text = t.text.substring(start, t.previousEnd());
    int checkPosition = t.position();
    CheckOption check = CheckOption.NONE;
    if (t.accept(WITH)) {
      check = t.accept(LOCAL) ? CheckOption.LOCAL : CheckOption.CASCADED;
      if (check == CheckOption.CASCADED) {
        t.accept(CASCADED);
      }
      t.expect(CHECK);
      t.expect(OPTION);
    }
    if (recursive) {
      if (check != CheckOption.NONE) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "WITH CHECK OPTION not supported on recursive views")
            .at(checkPosition);
      }
      query = recursiveQuery(name, columns, query);
    }
    return new CreateView(name, orReplace, persistence, recursive, columns, options, query, check, text);
  }

  /// `WITH RECURSIVE name (columns) AS (query) SELECT columns FROM name`.
  private static SelectStatement recursiveQuery(QualifiedName name, List<Name> columns, SelectStatement query) {
    Name table = new Name(name.name(), name.position());
    CommonTableExpression cte = new CommonTableExpression(table, columns, null, query, null, null, 0);
    List<TargetItem> targets =
        columns.stream().map(c -> new TargetItem(new ColumnReference(List.of(c.text()), false, 0), null, 0)).toList();
    FromItem from = new FromItem.Table(QualifiedName.of(name.name(), 0), false, null, null, null, 0);
    SelectCore core = new SelectCore(null, targets, null, List.of(from), null, List.of(), false, null, List.of(), 0);
    return new SelectStatement(new WithClause(true, List.of(cte), 0), core, List.of(), null, List.of(), 0);
  }

  private static CreateTableAs parseMaterializedView(Tokens t, Persistence persistence) {
    t.expect(MATERIALIZED);
    t.expect(VIEW);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    QualifiedName name = NameParser.parseQualifiedName(t);
    return TableParser.parseCreateAs(t, name, true, persistence, ifNotExists);
  }

  // ------------------------------------------------------------------------------------------ sequences and schemas

  private static CreateSequence parseSequence(Tokens t, Persistence persistence) {
    t.expect(SEQUENCE);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    QualifiedName name = NameParser.parseQualifiedName(t);
    return new CreateSequence(name, persistence, ifNotExists, OptionParser.parseSequenceOptions(t));
  }

  private static CreateSchema parseSchema(Tokens t) {
    int position = t.position();
    t.expect(SCHEMA);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    String name = null;
    RoleSpecification owner = null;
    if (!t.is(AUTHORIZATION)) {
      name = t.columnIdentifier();
    }
    if (t.accept(AUTHORIZATION)) {
      owner = NameParser.parseRole(t);
    }
    List<Statement> elements = new ArrayList<>();
    int elementsPosition = t.position();
    while (t.is(CREATE) || t.is(GRANT)) {
      elements.add(t.is(GRANT) ? GrantParser.parse(t) : parse(t));
    }
    if (ifNotExists && !elements.isEmpty()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "CREATE SCHEMA IF NOT EXISTS cannot include schema elements")
          .at(elementsPosition);
    }
    return new CreateSchema(name, owner, ifNotExists, List.copyOf(elements), position);
  }
}
