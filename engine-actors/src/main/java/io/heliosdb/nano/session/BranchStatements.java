package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.VersionStatement;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.type.PgTypes;

/// The branches of a database and the statements about them. There is one branch, `main`, until branches can be made.
final class BranchStatements {
  private final DatabaseEngine engine;

  BranchStatements(DatabaseEngine engine) {
    this.engine = engine;
  }

  /// @throws SqlException 3D000
  BranchState find(String name) {
    if (!name.equals("main")) {
      throw new SqlException(SqlState.INVALID_CATALOG_NAME, "branch \"" + name + "\" does not exist");
    }
    return new BranchState(Branches.MAIN, name, ReadView.MAIN_NEWEST, engine.catalogs());
  }

  ReadView view(int branch) {
    throw new SqlException(SqlState.INVALID_CATALOG_NAME, "branch " + branch + " does not exist");
  }

  void use(SessionCore session, String name) {
    if (session.transactions().inBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "USE BRANCH cannot run inside a transaction block");
    }
    session.useBranch(find(name));
  }

  void run(SessionCore session, VersionStatement statement) {
    switch (statement) {
      case VersionStatement.ShowBranch show -> {
        Results.one(session.sink(), "branch", PgTypes.TEXT, session.branchState().name());
        session.sink().commandComplete("SHOW");
      }
      case VersionStatement.UseBranch use -> {
        use(session, use.name().text());
        session.sink().commandComplete("USE BRANCH");
      }
      case VersionStatement.CreateBranch create -> throw SqlException.notSupported("CREATE DATABASE BRANCH");
      case VersionStatement.DropBranch drop -> throw SqlException.notSupported("DROP DATABASE BRANCH");
      case VersionStatement.RenameBranch rename -> throw SqlException.notSupported("ALTER DATABASE BRANCH");
      case VersionStatement.MergeBranch merge -> throw SqlException.notSupported("MERGE DATABASE BRANCH");
      case VersionStatement.RestoreTable restore -> throw SqlException.notSupported("RESTORE TABLE");
      case VersionStatement.Erase erase -> throw SqlException.notSupported("ERASE");
    }
  }
}
