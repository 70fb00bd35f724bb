package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.WithClause;

/// Chooses the parser of a statement by its first word.
final class StatementParser {
  private StatementParser() {}

  static Statement parse(Tokens t) {
    return switch (t.kind) {
      case SELECT, VALUES, TABLE, '(', WITH, INSERT, UPDATE, DELETE -> parsePreparable(t);
      case MERGE -> t.peek(1) == DATABASE ? VersionParser.parse(t) : parsePreparable(t);
      case BEGIN, START, COMMIT, END, ABORT, ROLLBACK, SAVEPOINT, RELEASE, LOCK -> TransactionParser.parse(t);
      case PREPARE -> t.peek(1) == TRANSACTION ? CursorParser.parsePrepareTransaction(t) : CursorParser.parse(t);
      case EXECUTE, DEALLOCATE, DECLARE, FETCH, MOVE, CLOSE -> CursorParser.parse(t);
      case SET, RESET, SHOW, DISCARD -> SettingParser.parse(t);
      case CREATE -> CreateParser.parse(t);
      case ALTER -> AlterParser.parse(t);
      case DROP -> DropParser.parse(t);
      case GRANT, REVOKE -> GrantParser.parse(t);
      case COMMENT, SECURITY -> ObjectParser.parse(t);
      case REASSIGN -> RoleParser.parseReassign(t);
      case IMPORT -> ForeignParser.parseImport(t);
      case TRUNCATE, VACUUM, ANALYZE, ANALYSE, CLUSTER, REINDEX, CHECKPOINT, COPY, LISTEN, NOTIFY, UNLISTEN, EXPLAIN, DO, CALL, LOAD,
          REFRESH ->
          UtilityParser.parse(t);
      default -> {
        if (ArchiveParser.starts(t)) {
          yield ArchiveParser.parse(t);
        }
        if (VersionParser.starts(t)) {
          yield VersionParser.parse(t);
        }
        throw t.syntaxError();
      }
    };
  }

  /// PreparableStmt: a query or data change, with WITH in front.
  static Preparable parsePreparable(Tokens t) {
    WithClause with = t.is(WITH) ? SelectParser.parseWith(t) : null;
    return switch (t.kind) {
      case INSERT, UPDATE, DELETE, MERGE -> DmlParser.parse(t, with);
      default -> SelectParser.parse(t, with);
    };
  }
}
