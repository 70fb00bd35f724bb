package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.TransactionStatement;
import io.heliosdb.nano.parse.ast.TransactionStatement.*;
import java.util.List;

/// Transaction control, LOCK and SET CONSTRAINTS.
final class TransactionParser {
  private TransactionParser() {}

  static TransactionStatement parse(Tokens t) {
    int kind = t.kind;
    t.advance();
    return switch (kind) {
      case BEGIN -> {
        parseTransactionWord(t);
        yield new Begin(false, parseModes(t, true));
      }
      case START -> {
        t.expect(TRANSACTION);
        yield new Begin(true, parseModes(t, true));
      }
      case COMMIT, END -> {
        if (kind == COMMIT && t.accept(PREPARED)) {
          yield new CommitPrepared(t.stringConstant());
        }
        parseTransactionWord(t);
        yield new Commit(parseChain(t));
      }
      case ABORT -> {
        parseTransactionWord(t);
        yield new Rollback(parseChain(t));
      }
      case ROLLBACK -> parseRollback(t);
      case SAVEPOINT -> new Savepoint(t.columnIdentifier());
      case RELEASE -> {
        parseSavepointWord(t);
        yield new ReleaseSavepoint(t.columnIdentifier());
      }
      case LOCK -> parseLock(t);
      default -> throw t.syntaxError();
    };
  }

  private static void parseTransactionWord(Tokens t) {
    if (!t.accept(WORK)) {
      t.accept(TRANSACTION);
    }
  }

  /// SAVEPOINT is itself the savepoint's name if no name follows.
  private static void parseSavepointWord(Tokens t) {
    if (isColumnIdentifier(t.peek(1))) {
      t.accept(SAVEPOINT);
    }
  }

  private static TransactionStatement parseRollback(Tokens t) {
    if (t.accept(PREPARED)) {
      return new RollbackPrepared(t.stringConstant());
    }
    parseTransactionWord(t);
    if (t.accept(TO)) {
      parseSavepointWord(t);
      return new RollbackToSavepoint(t.columnIdentifier());
    }
    return new Rollback(parseChain(t));
  }

  private static boolean parseChain(Tokens t) {
    if (!t.accept(AND)) {
      return false;
    }
    boolean chain = !t.accept(NO);
    t.expect(CHAIN);
    return chain;
  }

  /// transaction_mode_list; `optional` if there may be none.
  static TransactionModes parseModes(Tokens t, boolean optional) {
    IsolationLevel isolation = null;
    Boolean readOnly = null;
    Boolean deferrable = null;
    boolean any = false;
    boolean comma = false;
    while (true) {
      if (t.accept(ISOLATION)) {
        t.expect(LEVEL);
        isolation = parseIsolation(t);
      } else if (t.accept(READ)) {
        readOnly = t.accept(ONLY);
        if (!readOnly) {
          t.expect(WRITE);
        }
      } else if (t.accept(DEFERRABLE)) {
        deferrable = true;
      } else if (t.accept(NOT)) {
        t.expect(DEFERRABLE);
        deferrable = false;
      } else if (any && !comma || optional && !any) {
        return any ? new TransactionModes(isolation, readOnly, deferrable) : TransactionModes.NONE;
      } else {
        throw t.syntaxError();
      }
      any = true;
      comma = t.accept(',');
    }
  }

  private static IsolationLevel parseIsolation(Tokens t) {
    if (t.accept(SERIALIZABLE)) {
      return IsolationLevel.SERIALIZABLE;
    }
    if (t.accept(REPEATABLE)) {
      t.expect(READ);
      return IsolationLevel.REPEATABLE_READ;
    }
    t.expect(READ);
    if (t.accept(COMMITTED)) {
      return IsolationLevel.READ_COMMITTED;
    }
    t.expect(UNCOMMITTED);
    return IsolationLevel.READ_UNCOMMITTED;
  }

  private static LockTable parseLock(Tokens t) {
    t.accept(TABLE);
    List<RelationTarget> tables = NameParser.parseRelations(t);
    LockMode mode = LockMode.ACCESS_EXCLUSIVE;
    if (t.accept(IN)) {
      mode = parseLockMode(t);
      t.expect(MODE);
    }
    return new LockTable(tables, mode, t.accept(NOWAIT));
  }

  private static LockMode parseLockMode(Tokens t) {
    if (t.accept(ACCESS)) {
      if (t.accept(SHARE)) {
        return LockMode.ACCESS_SHARE;
      }
      t.expect(EXCLUSIVE);
      return LockMode.ACCESS_EXCLUSIVE;
    }
    if (t.accept(ROW)) {
      if (t.accept(SHARE)) {
        return LockMode.ROW_SHARE;
      }
      t.expect(EXCLUSIVE);
      return LockMode.ROW_EXCLUSIVE;
    }
    if (t.accept(EXCLUSIVE)) {
      return LockMode.EXCLUSIVE;
    }
    t.expect(SHARE);
    if (t.accept(UPDATE)) {
      t.expect(EXCLUSIVE);
      return LockMode.SHARE_UPDATE_EXCLUSIVE;
    }
    if (t.accept(ROW)) {
      t.expect(EXCLUSIVE);
      return LockMode.SHARE_ROW_EXCLUSIVE;
    }
    return LockMode.SHARE;
  }

  /// `SET CONSTRAINTS …`, after both words.
  static SetConstraints parseSetConstraints(Tokens t) {
    List<QualifiedName> names = t.accept(ALL) ? List.of() : NameParser.parseQualifiedNames(t);
    boolean deferred = t.accept(DEFERRED);
    if (!deferred) {
      t.expect(IMMEDIATE);
    }
    return new SetConstraints(names, deferred);
  }
}
