package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.parse.ast.DdlStatement;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SettingStatement;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TransactionStatement;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.parse.ast.VersionStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs everything that is not a query: transaction control, settings, DDL, cursors, prepared statements, COPY, EXPLAIN.
/// One exhaustive switch per statement family; the work itself is elsewhere.
final class UtilityExecutor {
  private final SessionCore session;
  private final DdlRunner ddl;

  UtilityExecutor(SessionCore session) {
    this.session = session;
    this.ddl = new DdlRunner(session);
  }

  /// The columns a utility statement returns, null for none.
  static @Nullable List<OutputColumn> columns(SessionCore session, Statement statement) {
    return switch (statement) {
      case SettingStatement.Show show -> {
        SettingDefinition definition = SettingDefinitions.find(show.name());
        yield List.of(Results.columnOf(definition == null ? show.name() : definition.name(), PgTypes.TEXT));
      }
      case SettingStatement.ShowAll all ->
          List.of(Results.columnOf("name", PgTypes.TEXT), Results.columnOf("setting", PgTypes.TEXT), Results.columnOf("description", PgTypes.TEXT));
      case UtilityStatement.Explain explain -> List.of(Results.columnOf("QUERY PLAN", ExplainStatement.columnType(explain)));
      case UtilityStatement.FetchCursor fetch -> fetch.move() || !session.cursors().exists(fetch.cursor()) ? null : session.cursors().get(fetch.cursor()).columns();
      case UtilityStatement.Execute execute -> {
        PreparedStatement prepared = session.extended().statements().get(execute.name());
        yield prepared == null ? null : session.queries().describe(prepared);
      }
      case VersionStatement.ShowBranch show -> List.of(Results.columnOf("branch", PgTypes.TEXT));
      case VersionStatement.MergeBranch merge -> MergeStatement.columns();
      case VersionStatement.Erase erase -> EraseStatement.columns();
      default -> null;
    };
  }

  /// @param values of parameters the statement was bound with; only some utility statements take any
  void run(ParsedStatement parsed, List<PgType> types, @Nullable Object[] values) {
    switch (parsed.statement()) {
      case TransactionStatement statement -> transaction(statement);
      case SettingStatement statement -> SettingStatements.run(session, statement);
      case UtilityStatement statement -> utility(statement, parsed, types, values);
      case DdlStatement statement -> ddl(statement, parsed, types, values);
      case VersionStatement statement -> session.engine().branches().run(session, statement);
      case SelectStatement statement ->
          session.sink().commandComplete(ddl.run(TableAsSources.ofSelectInto(statement, parsed.text()), parsed, types, values));
      case DmlStatement statement -> throw new IllegalStateException("a data change is no utility statement");
    }
  }

  private void ddl(DdlStatement statement, ParsedStatement parsed, List<PgType> types, @Nullable Object[] values) {
    if (statement instanceof io.heliosdb.nano.parse.ast.TableDdl.CreateTableAs tableAs && tableAs.query() instanceof UtilityStatement.Execute execute) {
      PreparedStatement prepared = session.extended().statement(execute.name());
      @Nullable Object[] given = parameters(execute, prepared);
      String tag = ddl.run(TableAsSources.resolveExecute(session, statement), parsed, prepared.parameterTypes, given);
      session.sink().commandComplete(tableAs.withData() ? tag : "SELECT 0");
      return;
    }
    session.sink().commandComplete(ddl.run(statement, parsed, types, values));
  }

  private void transaction(TransactionStatement statement) {
    TransactionControl control = session.transactions();
    String tag =
        switch (statement) {
          case TransactionStatement.Begin begin -> control.begin(begin);
          case TransactionStatement.Commit commit -> control.commit(commit);
          case TransactionStatement.Rollback rollback -> control.rollback(rollback);
          case TransactionStatement.Savepoint savepoint -> {
            control.ensure();
            yield control.savepoint(savepoint.name());
          }
          case TransactionStatement.ReleaseSavepoint release -> {
            control.ensure();
            yield control.release(release.name());
          }
          case TransactionStatement.RollbackToSavepoint rollback -> control.rollbackTo(rollback.name());
          case TransactionStatement.PrepareTransaction prepare -> control.prepare();
          case TransactionStatement.CommitPrepared commit -> throw control.noPrepared("COMMIT PREPARED", commit.gid());
          case TransactionStatement.RollbackPrepared rollback -> throw control.noPrepared("ROLLBACK PREPARED", rollback.gid());
          case TransactionStatement.LockTable lock -> {
            control.ensure();
            yield lockTables(lock);
          }
          case TransactionStatement.SetConstraints set -> {
            control.ensure();
            session.queries().setConstraints(set);
            yield "SET CONSTRAINTS";
          }
        };
    session.sink().commandComplete(tag);
  }

  private String lockTables(TransactionStatement.LockTable statement) {
    if (!session.transactions().inBlock() && !session.transactions().inImplicitBlock()) {
      throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "LOCK TABLE can only be used in transaction blocks");
    }
    TableLockMode mode = TableLockMode.valueOf(statement.mode().name());
    for (RelationTarget target : statement.tables()) {
      Relation relation;
      do {
        // While it waited the name may have gone over to another relation, or away.
        relation = relation(target.name());
        lockTree(relation, target.only(), mode, statement.nowait());
      } while (relation(target.name()).oid() != relation.oid());
    }
    return "LOCK TABLE";
  }

  private void lockTree(Relation relation, boolean only, TableLockMode mode, boolean nowait) {
    boolean lockable = switch (relation.kind()) {
      case 'r', 'p', 'v' -> true;
      default -> false;
    };
    if (!lockable) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot lock relation \"" + relation.name() + "\"")
          .withDetail(io.heliosdb.nano.catalog.Relations.unsupportedDetail(relation));
    }
    session.engine().privileges().checkLock(session, relation, mode);
    if (!session.transactions().current().lockTable(Integer.toUnsignedLong(relation.oid()), mode, nowait)) {
      throw new SqlException(SqlState.LOCK_NOT_AVAILABLE, "could not obtain lock on relation \"" + relation.name() + "\"");
    }
    if (!only) {
      for (Relation.Table child : session.catalog().childrenOf(relation.oid())) {
        if (child.isTemporary() && child.namespaceOid() != session.temporaryNamespace()) {
          continue;
        }
        lockTree(child, false, mode, nowait);
      }
    }
  }

  /// The relation that a command names; errors point nowhere, as PostgreSQL's do.
  Relation relation(QualifiedName name) {
    return session.relation(new QualifiedName(name.parts(), 0));
  }

  void alter(io.heliosdb.nano.parse.ast.TableDdl.AlterTable statement, ParsedStatement parsed) {
    ddl.run(statement, parsed);
  }

  private void utility(UtilityStatement statement, ParsedStatement parsed, List<PgType> types, @Nullable Object[] values) {
    switch (statement) {
      case UtilityStatement.Truncate truncate -> session.sink().commandComplete(ddl.run(truncate, parsed));
      case UtilityStatement.Vacuum vacuum -> session.sink().commandComplete(MaintenanceStatements.vacuum(session, this, vacuum));
      case UtilityStatement.Cluster cluster -> session.sink().commandComplete(MaintenanceStatements.cluster(session, this, cluster, parsed));
      case UtilityStatement.Reindex reindex -> session.sink().commandComplete(MaintenanceStatements.reindex(session, this, reindex));
      case UtilityStatement.Checkpoint checkpoint -> session.sink().commandComplete(MaintenanceStatements.checkpoint(session));
      case UtilityStatement.Copy copy -> new CopyStatement(session, copy).run();
      case UtilityStatement.Prepare prepare -> prepare(prepare, parsed);
      case UtilityStatement.Execute execute -> execute(execute);
      case UtilityStatement.Deallocate deallocate -> deallocate(deallocate);
      case UtilityStatement.DeclareCursor declare -> session.cursors().declare(declare);
      case UtilityStatement.FetchCursor fetch -> session.cursors().fetch(fetch);
      case UtilityStatement.CloseCursor close -> session.cursors().close(close.name());
      case UtilityStatement.Listen listen -> {
        session.engine().notifications().listen(session, listen.channel());
        session.sink().commandComplete("LISTEN");
      }
      case UtilityStatement.Notify notify -> {
        session.queries().callContext().session().notifyChannel(notify.channel(), notify.payload() == null ? "" : notify.payload());
        session.sink().commandComplete("NOTIFY");
      }
      case UtilityStatement.Unlisten unlisten -> {
        session.engine().notifications().unlisten(session, unlisten.channel());
        session.sink().commandComplete("UNLISTEN");
      }
      case UtilityStatement.Explain explain -> new ExplainStatement(session, explain).run(types, values);
      case UtilityStatement.DoBlock block -> {
        session.engine().routines().runDoBlock(session, block);
        session.sink().commandComplete("DO");
      }
      case UtilityStatement.Call call -> session.engine().routines().call(session, call.call(), types, values);
      case UtilityStatement.DumpDatabase dump -> ArchiveStatements.dump(session, dump);
      case UtilityStatement.RestoreDatabase restore -> ArchiveStatements.restore(session, restore);
      case UtilityStatement.Load load -> throw SqlException.notSupported("LOAD");
    }
  }

  // ---- PREPARE, EXECUTE, DEALLOCATE ----

  private void prepare(UtilityStatement.Prepare statement, ParsedStatement parsed) {
    if (session.extended().statements().containsKey(statement.name())) {
      throw new SqlException(SqlState.DUPLICATE_PSTATEMENT, "prepared statement \"" + statement.name() + "\" already exists");
    }
    List<@Nullable PgType> given = new ArrayList<>();
    var names = new io.heliosdb.nano.catalog.ddl.TypeNames(session.catalog(), session.searchPath());
    statement.types().forEach(type -> given.add(names.resolve(type).type()));
    ParsedStatement inner = new ParsedStatement(statement.statement(), parsed.source(), parsed.start(), parsed.end(), parsed.parameterCount());
    session.extended().statements().put(statement.name(), session.queries().prepare(statement.name(), parsed.source(), inner, given, true));
    session.sink().commandComplete("PREPARE");
  }

  private void execute(UtilityStatement.Execute statement) {
    PreparedStatement prepared = session.extended().statement(statement.name());
    @Nullable Object[] values = parameters(statement, prepared);
    if (prepared.plan == null) {
      run(prepared.parsed(), prepared.parameterTypes, values);
    } else {
      session.queries().run(prepared, values, true);
    }
  }

  /// The values that EXECUTE gives.
  private @Nullable Object[] parameters(UtilityStatement.Execute statement, PreparedStatement prepared) {
    List<PgType> types = prepared.parameterTypes;
    if (statement.parameters().size() != types.size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "wrong number of parameters for prepared statement \"" + statement.name() + "\"")
          .withDetail("Expected " + types.size() + " parameters but got " + statement.parameters().size() + ".");
    }
    @Nullable Object[] values = new Object[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = session.queries().evaluate(statement.parameters().get(i), types.get(i), ExpressionBinder.Use.EXECUTE_PARAMETER, "$" + (i + 1));
    }
    return values;
  }

  @Nullable Object evaluate(Expression expression, @Nullable PgType type, ExpressionBinder.Use use) {
    return session.queries().evaluate(expression, type, use);
  }

  private void deallocate(UtilityStatement.Deallocate statement) {
    if (statement.name() == null) {
      session.extended().statements().clear();
      session.sink().commandComplete("DEALLOCATE ALL");
      return;
    }
    if (session.extended().statements().remove(statement.name()) == null) {
      throw new SqlException(SqlState.INVALID_SQL_STATEMENT_NAME, "prepared statement \"" + statement.name() + "\" does not exist");
    }
    session.sink().commandComplete("DEALLOCATE");
  }

  void dropTemporaryObjects() {
    ddl.dropTemporaryObjects();
  }

  static boolean isQuery(Statement statement) {
    return statement instanceof Preparable;
  }
}
