package io.heliosdb.nano.parse.ast;

import io.heliosdb.nano.parse.ast.VersionClause.Moment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Statements on the version axis, which PostgreSQL does not have: branches, restoring, erasing history.
public sealed interface VersionStatement extends Statement {
  /// `CREATE DATABASE BRANCH name [FROM parent|CURRENT] [AS OF …] [WITH (…)]`; parent null means the session's branch.
  record CreateBranch(Name name, boolean ifNotExists, @Nullable Name parent, @Nullable Moment asOf, List<Option> options)
      implements VersionStatement {}

  /// `DROP DATABASE BRANCH [IF EXISTS] name`.
  record DropBranch(Name name, boolean ifExists) implements VersionStatement {}

  /// `ALTER DATABASE BRANCH name RENAME TO newName`.
  record RenameBranch(Name name, Name newName) implements VersionStatement {}

  /// `MERGE DATABASE BRANCH source INTO target [WITH (…)]`; target null means CURRENT.
  record MergeBranch(Name source, @Nullable Name target, List<Option> options) implements VersionStatement {}

  /// `USE BRANCH name`.
  record UseBranch(Name name) implements VersionStatement {}

  /// `SHOW BRANCH`.
  record ShowBranch() implements VersionStatement {}

  /// `RESTORE TABLE table TO moment`.
  record RestoreTable(QualifiedName table, Moment moment) implements VersionStatement {}

  /// `ERASE FROM [ONLY] table [alias] [WHERE …]`: removes rows from history too.
  record Erase(QualifiedName table, boolean only, @Nullable String alias, @Nullable Expression where, int position)
      implements VersionStatement {}
}
