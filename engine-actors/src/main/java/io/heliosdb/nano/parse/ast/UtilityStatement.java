package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Statements that neither query rows through the planner alone nor define objects.
public sealed interface UtilityStatement extends Statement {
  /// `TRUNCATE [TABLE] [ONLY] t, … [RESTART|CONTINUE IDENTITY] [CASCADE|RESTRICT]`.
  record Truncate(List<RelationTarget> tables, boolean restartIdentity, boolean cascade) implements UtilityStatement {}

  /// `VACUUM` (`analyzeOnly` false) or `ANALYZE`; both option syntaxes give the same options (names lower case).
  record Vacuum(boolean analyzeOnly, List<Option> options, List<VacuumTarget> targets) implements UtilityStatement {}

  /// A table and optionally some of its columns.
  record VacuumTarget(QualifiedName table, List<Name> columns) {}

  /// `CLUSTER [(options)] [table [USING index]]`.
  record Cluster(@Nullable QualifiedName table, @Nullable String index, List<Option> options) implements UtilityStatement {}

  /// `REINDEX [(options)] kind [CONCURRENTLY] name`; `concurrently` arrives as an option.
  record Reindex(ReindexKind kind, QualifiedName name, List<Option> options) implements UtilityStatement {}

  enum ReindexKind { INDEX, TABLE, SCHEMA, SYSTEM, DATABASE }

  record Checkpoint() implements UtilityStatement {}

  /// `COPY table|(query) FROM|TO file|STDIN|STDOUT|PROGRAM … [options] [WHERE …]`.
  /// Exactly one of table and query is given. `file` null means STDIN or STDOUT. Both option syntaxes give the same options.
  record Copy(
      @Nullable QualifiedName table,
      List<Name> columns,
      @Nullable Preparable query,
      boolean from,
      boolean program,
      @Nullable String file,
      List<Option> options,
      @Nullable Expression where,
      int position)
      implements UtilityStatement {}

  /// `PREPARE name [(types)] AS statement`; `text` is the statement's own text.
  record Prepare(String name, List<TypeName> types, Preparable statement, String text) implements UtilityStatement {}

  record Execute(String name, List<Expression> parameters, int position) implements UtilityStatement {}

  /// `DEALLOCATE name`, or ALL when the name is null.
  record Deallocate(@Nullable String name) implements UtilityStatement {}

  /// `DECLARE name options CURSOR [WITH HOLD] FOR query`. `scroll` null means not said; `insensitive` null means not said.
  record DeclareCursor(
      String name,
      boolean binary,
      @Nullable Boolean insensitive,
      @Nullable Boolean scroll,
      boolean hold,
      SelectStatement query,
      String text)
      implements UtilityStatement {}

  /// `FETCH` or `MOVE`. `count` is a row count for FORWARD/BACKWARD, a position for ABSOLUTE/RELATIVE; [#ALL] means all rows.
  record FetchCursor(String cursor, boolean move, FetchDirection direction, long count) implements UtilityStatement {
    public static final long ALL = Long.MAX_VALUE;
  }

  enum FetchDirection { FORWARD, BACKWARD, ABSOLUTE, RELATIVE }

  /// `CLOSE name`, or ALL when the name is null.
  record CloseCursor(@Nullable String name) implements UtilityStatement {}

  record Listen(String channel) implements UtilityStatement {}

  record Notify(String channel, @Nullable String payload) implements UtilityStatement {}

  /// `UNLISTEN channel`, or `*` when the channel is null.
  record Unlisten(@Nullable String channel) implements UtilityStatement {}

  /// `EXPLAIN [options] statement`; the statement is anything PostgreSQL can explain.
  record Explain(List<Option> options, Statement statement) implements UtilityStatement {}

  /// `DO [LANGUAGE l] 'body'`; a null language means plpgsql.
  record DoBlock(String body, @Nullable String language) implements UtilityStatement {}

  record Call(Expression.FunctionCall call) implements UtilityStatement {}

  /// `DUMP DATABASE TO STDOUT [WITH (options)]`: the database as an archive, in COPY's sub-protocol.
  record DumpDatabase(List<Option> options) implements UtilityStatement {}

  /// `RESTORE DATABASE FROM STDIN [WITH (options)]`.
  record RestoreDatabase(List<Option> options) implements UtilityStatement {}

  record Load(String file) implements UtilityStatement {}
}
