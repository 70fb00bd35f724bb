package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tables, indexes, views and what is made like them.
public sealed interface TableDdl extends DdlStatement {
  /// `CREATE [TEMP|UNLOGGED] TABLE …`.
  ///
  /// `ofType` is that of `OF type`; `partitionOf` comes with `bound`. `accessMethod` is `USING method`. `foreign` is not null for CREATE
  /// FOREIGN TABLE.
  record CreateTable(
      QualifiedName name,
      Persistence persistence,
      boolean ifNotExists,
      List<TableElement> elements,
      @Nullable TypeName ofType,
      List<QualifiedName> inherits,
      @Nullable QualifiedName partitionOf,
      @Nullable PartitionBound bound,
      @Nullable PartitionBy partitionBy,
      @Nullable String accessMethod,
      List<Option> options,
      OnCommit onCommit,
      @Nullable String tablespace,
      @Nullable ForeignServer foreign)
      implements TableDdl {}

  /// `SERVER name [OPTIONS (…)]` of a foreign table.
  record ForeignServer(String server, List<Option> options) {}

  enum OnCommit { UNSPECIFIED, PRESERVE_ROWS, DELETE_ROWS, DROP }

  /// Something in the parentheses of CREATE TABLE.
  sealed interface TableElement permits Column, TableConstraint, LikeClause {}

  /// A column. `type` is null in `OF type` and `PARTITION OF` tables. `storage` is not in PostgreSQL 15's grammar; `compression` is.
  record Column(
      String name,
      @Nullable TypeName type,
      @Nullable String compression,
      List<Option> foreignOptions,
      @Nullable QualifiedName collation,
      List<ColumnConstraint> constraints,
      int position)
      implements TableElement {}

  /// `LIKE table [INCLUDING|EXCLUDING …]`: the set is what remains included.
  record LikeClause(QualifiedName table, java.util.Set<LikeOption> including, int position) implements TableElement {}

  enum LikeOption { COMMENTS, COMPRESSION, CONSTRAINTS, DEFAULTS, IDENTITY, GENERATED, INDEXES, STATISTICS, STORAGE }

  /// `DEFERRABLE`, `INITIALLY DEFERRED` and the like; null fields were not written.
  record ConstraintTiming(boolean deferrable, boolean initiallyDeferred) {
    public static final ConstraintTiming IMMEDIATE = new ConstraintTiming(false, false);
  }

  /// A constraint on one column; `name` is that of CONSTRAINT name.
  sealed interface ColumnConstraint {
    @Nullable String name();

    int position();
  }

  record ColumnNotNull(@Nullable String name, int position) implements ColumnConstraint {}

  record ColumnNull(@Nullable String name, int position) implements ColumnConstraint {}

  record ColumnDefault(@Nullable String name, SourceExpression value, int position) implements ColumnConstraint {}

  record ColumnCheck(@Nullable String name, SourceExpression condition, boolean noInherit, int position) implements ColumnConstraint {}

  /// `UNIQUE [NULLS NOT DISTINCT]` or `PRIMARY KEY`.
  record ColumnUnique(
      @Nullable String name,
      boolean primary,
      boolean nullsNotDistinct,
      List<Option> options,
      @Nullable String tablespace,
      ConstraintTiming timing,
      int position)
      implements ColumnConstraint {}

  record ColumnReferences(@Nullable String name, ForeignKey key, ConstraintTiming timing, int position) implements ColumnConstraint {}

  /// `GENERATED ALWAYS|BY DEFAULT AS IDENTITY [(options)]`.
  record ColumnIdentity(@Nullable String name, boolean always, List<Option> options, int position) implements ColumnConstraint {}

  /// `GENERATED ALWAYS AS (expression) STORED`.
  record ColumnGenerated(@Nullable String name, SourceExpression expression, int position) implements ColumnConstraint {}

  /// What REFERENCES says; no columns means the primary key. `setColumns` are those of `ON DELETE SET NULL|DEFAULT (columns)`.
  record ForeignKey(
      QualifiedName table,
      List<Name> columns,
      MatchType match,
      ReferentialAction onDelete,
      List<Name> setColumns,
      ReferentialAction onUpdate) {}

  enum MatchType { SIMPLE, FULL, PARTIAL }

  enum ReferentialAction { NO_ACTION, RESTRICT, CASCADE, SET_NULL, SET_DEFAULT }

  /// A constraint on the table. `notValid` only for CHECK and FOREIGN KEY.
  sealed interface TableConstraint extends TableElement {
    @Nullable String name();

    int position();
  }

  record CheckConstraint(@Nullable String name, SourceExpression condition, boolean noInherit, boolean notValid, int position)
      implements TableConstraint {}

  record UniqueConstraint(
      @Nullable String name,
      boolean primary,
      boolean nullsNotDistinct,
      List<Name> columns,
      List<Name> include,
      List<Option> options,
      @Nullable String tablespace,
      ConstraintTiming timing,
      int position)
      implements TableConstraint {}

  /// `UNIQUE|PRIMARY KEY USING INDEX name`, only in ALTER TABLE ADD.
  record IndexConstraint(@Nullable String name, boolean primary, String index, ConstraintTiming timing, int position)
      implements TableConstraint {}

  record ForeignKeyConstraint(
      @Nullable String name, List<Name> columns, ForeignKey key, boolean notValid, ConstraintTiming timing, int position)
      implements TableConstraint {}

  /// `EXCLUDE [USING method] (element WITH operator, …) …`.
  record ExclusionConstraint(
      @Nullable String name,
      @Nullable String method,
      List<ExclusionElement> elements,
      List<Name> include,
      List<Option> options,
      @Nullable String tablespace,
      @Nullable SourceExpression where,
      ConstraintTiming timing,
      int position)
      implements TableConstraint {}

  record ExclusionElement(IndexElement element, QualifiedName operator) {}

  /// `PARTITION BY strategy (…)`; the strategy word in lower case (`list`, `range`, `hash`, or an unknown one to be refused).
  record PartitionBy(String strategy, List<PartitionKey> keys, int position) {}

  /// A partition key: a column or an expression.
  record PartitionKey(
      @Nullable String column,
      @Nullable SourceExpression expression,
      @Nullable QualifiedName collation,
      @Nullable QualifiedName operatorClass,
      int position) {}

  /// The bound of a partition.
  sealed interface PartitionBound {}

  record ListBound(List<Expression> values, int position) implements PartitionBound {}

  /// Bounds are expressions; `MINVALUE` and `MAXVALUE` are column references of these names, as in PostgreSQL.
  record RangeBound(List<Expression> from, List<Expression> to, int position) implements PartitionBound {}

  record HashBound(int modulus, int remainder, int position) implements PartitionBound {}

  record DefaultBound(int position) implements PartitionBound {}

  /// `CREATE TABLE … AS query|EXECUTE` or `CREATE MATERIALIZED VIEW`. `text` is the query's own text.
  record CreateTableAs(
      QualifiedName name,
      boolean materializedView,
      Persistence persistence,
      boolean ifNotExists,
      List<Name> columns,
      @Nullable String accessMethod,
      List<Option> options,
      OnCommit onCommit,
      @Nullable String tablespace,
      Statement query,
      boolean withData,
      String text)
      implements TableDdl {}

  record RefreshMaterializedView(QualifiedName name, boolean concurrently, boolean withData) implements TableDdl {}

  /// `CREATE [OR REPLACE] [TEMP] [RECURSIVE] VIEW`; for RECURSIVE the query is rewritten as `WITH RECURSIVE name AS (…) SELECT … FROM
  /// name`.
  record CreateView(
      QualifiedName name,
      boolean orReplace,
      Persistence persistence,
      boolean recursive,
      List<Name> columns,
      List<Option> options,
      SelectStatement query,
      CheckOption checkOption,
      String text)
      implements TableDdl {}

  enum CheckOption { NONE, LOCAL, CASCADED }

  /// `CREATE [UNIQUE] INDEX …`; name null means PostgreSQL chooses. `method` is `btree` when not written.
  record CreateIndex(
      @Nullable String name,
      QualifiedName table,
      boolean only,
      boolean unique,
      boolean concurrently,
      boolean ifNotExists,
      String method,
      List<IndexElement> elements,
      List<IndexElement> include,
      boolean nullsNotDistinct,
      List<Option> options,
      @Nullable String tablespace,
      @Nullable SourceExpression where)
      implements TableDdl {}

  /// `ALTER TABLE|INDEX|VIEW|MATERIALIZED VIEW|SEQUENCE|FOREIGN TABLE|TYPE name action, …`. `kind` is the word in the statement.
  /// Renames and schema changes are [ObjectDdl.Rename] and [ObjectDdl.SetSchema].
  record AlterTable(
      ObjectKind kind, QualifiedName name, boolean only, boolean ifExists, List<AlterTableAction> actions, int position)
      implements TableDdl {}

  /// `ALTER TABLE|INDEX|MATERIALIZED VIEW ALL IN TABLESPACE old [OWNED BY …] SET TABLESPACE new [NOWAIT]`.
  record MoveAll(ObjectKind kind, String from, List<RoleSpecification> ownedBy, String to, boolean nowait) implements TableDdl {}
}
