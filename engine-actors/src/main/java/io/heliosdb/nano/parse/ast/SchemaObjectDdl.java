package io.heliosdb.nano.parse.ast;

import io.heliosdb.nano.parse.ast.TableDdl.Column;
import io.heliosdb.nano.parse.ast.TableDdl.TableConstraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Schemas, sequences, types, domains.
public sealed interface SchemaObjectDdl extends DdlStatement {
  /// `CREATE SCHEMA [IF NOT EXISTS] [name] [AUTHORIZATION role] elements`; a null name means the role's.
  record CreateSchema(
      @Nullable String name, @Nullable RoleSpecification owner, boolean ifNotExists, List<Statement> elements, int position)
      implements SchemaObjectDdl {}

  /// Options: as, cache, cycle, increment, maxvalue, minvalue (no value = NO …), owned_by, start, restart, sequence_name, logged.
  record CreateSequence(QualifiedName name, Persistence persistence, boolean ifNotExists, List<Option> options)
      implements SchemaObjectDdl {}

  record AlterSequence(QualifiedName name, boolean ifExists, List<Option> options) implements SchemaObjectDdl {}

  record CreateCompositeType(QualifiedName name, List<Column> attributes) implements SchemaObjectDdl {}

  record CreateEnumType(QualifiedName name, List<String> labels) implements SchemaObjectDdl {}

  record CreateRangeType(QualifiedName name, List<Option> options) implements SchemaObjectDdl {}

  /// `CREATE TYPE name [(options)]` of a base or shell type; no options (null) is a shell.
  record CreateBaseType(QualifiedName name, @Nullable List<Option> options) implements SchemaObjectDdl {}

  /// `ALTER TYPE name ADD VALUE [IF NOT EXISTS] label [BEFORE|AFTER neighbour]`.
  record AddEnumValue(QualifiedName name, boolean ifNotExists, String label, @Nullable String neighbour, boolean after)
      implements SchemaObjectDdl {}

  record RenameEnumValue(QualifiedName name, String label, String newLabel) implements SchemaObjectDdl {}

  /// `ALTER TYPE name SET (options)`.
  record AlterTypeOptions(QualifiedName name, List<Option> options) implements SchemaObjectDdl {}

  /// Constraints: NOT NULL, NULL, DEFAULT, CHECK (others are refused by the executor as PostgreSQL does).
  record CreateDomain(
      QualifiedName name,
      TypeName type,
      @Nullable QualifiedName collation,
      List<TableDdl.ColumnConstraint> constraints,
      int position)
      implements SchemaObjectDdl {}

  record AlterDomain(QualifiedName name, DomainAction action) implements SchemaObjectDdl {}

  sealed interface DomainAction {}

  record SetDomainDefault(SourceExpression value) implements DomainAction {}

  record DropDomainDefault() implements DomainAction {}

  record SetDomainNotNull(boolean notNull) implements DomainAction {}

  record AddDomainConstraint(TableConstraint constraint) implements DomainAction {}

  record DropDomainConstraint(String name, boolean ifExists, boolean cascade) implements DomainAction {}

  record ValidateDomainConstraint(String name) implements DomainAction {}

  /// `CREATE STATISTICS [IF NOT EXISTS] name [(kinds)] ON expressions FROM table`.
  record CreateStatistics(
      @Nullable QualifiedName name, boolean ifNotExists, List<String> kinds, List<StatisticsElement> elements, List<FromItem> from)
      implements SchemaObjectDdl {}

  /// A column or an expression.
  record StatisticsElement(@Nullable String column, @Nullable SourceExpression expression) {}

  record AlterStatistics(QualifiedName name, boolean ifExists, int target) implements SchemaObjectDdl {}

  /// `CREATE COLLATION [IF NOT EXISTS] name FROM other` or with options.
  record CreateCollation(QualifiedName name, boolean ifNotExists, @Nullable QualifiedName from, List<Option> options)
      implements SchemaObjectDdl {}

  record RefreshCollation(QualifiedName name) implements SchemaObjectDdl {}

  record CreateConversion(
      QualifiedName name, boolean isDefault, String sourceEncoding, String targetEncoding, QualifiedName function)
      implements SchemaObjectDdl {}

  /// `CREATE TEXT SEARCH PARSER|DICTIONARY|TEMPLATE|CONFIGURATION name (options)`.
  record CreateTextSearch(ObjectKind kind, QualifiedName name, List<Option> options) implements SchemaObjectDdl {}

  /// `ALTER TEXT SEARCH DICTIONARY name (options)`.
  record AlterTextSearchDictionary(QualifiedName name, List<Option> options) implements SchemaObjectDdl {}

  /// `ALTER TEXT SEARCH CONFIGURATION name action MAPPING …`. With REPLACE, `replaced` is the old dictionary and `dictionaries` the new
  /// one.
  record AlterTextSearchConfiguration(
      QualifiedName name,
      MappingAction action,
      List<String> tokenTypes,
      List<QualifiedName> dictionaries,
      @Nullable QualifiedName replaced,
      boolean ifExists)
      implements SchemaObjectDdl {}

  enum MappingAction { ADD, ALTER, REPLACE, DROP }
}
