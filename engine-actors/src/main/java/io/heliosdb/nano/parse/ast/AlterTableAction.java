package io.heliosdb.nano.parse.ast;

import io.heliosdb.nano.parse.ast.TableDdl.Column;
import io.heliosdb.nano.parse.ast.TableDdl.ConstraintTiming;
import io.heliosdb.nano.parse.ast.TableDdl.PartitionBound;
import io.heliosdb.nano.parse.ast.TableDdl.TableConstraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One action of ALTER TABLE and its relatives. Which actions a kind of relation accepts is decided by the executor.
public sealed interface AlterTableAction {
  record AddColumn(Column column, boolean ifNotExists) implements AlterTableAction {}

  record DropColumn(String column, boolean ifExists, boolean cascade) implements AlterTableAction {}

  record AlterColumnType(
      String column, TypeName type, @Nullable QualifiedName collation, @Nullable SourceExpression using, int position)
      implements AlterTableAction {}

  record SetDefault(String column, SourceExpression value) implements AlterTableAction {}

  record DropDefault(String column) implements AlterTableAction {}

  record SetNotNull(String column) implements AlterTableAction {}

  record DropNotNull(String column) implements AlterTableAction {}

  record DropExpression(String column, boolean ifExists) implements AlterTableAction {}

  /// `ALTER COLUMN n SET STATISTICS value`; for indexes the column may be given by number.
  record SetStatistics(@Nullable String column, int columnNumber, int target) implements AlterTableAction {}

  /// `ALTER COLUMN c SET|RESET (options)`.
  record ColumnOptions(String column, boolean reset, List<Option> options) implements AlterTableAction {}

  record SetStorage(String column, String storage) implements AlterTableAction {}

  record SetCompression(String column, String method) implements AlterTableAction {}

  record AddIdentity(String column, boolean always, List<Option> options) implements AlterTableAction {}

  /// `SET GENERATED …`, `SET sequence_option`, `RESTART`; `always` null means not changed.
  record SetIdentity(String column, @Nullable Boolean always, List<Option> options) implements AlterTableAction {}

  record DropIdentity(String column, boolean ifExists) implements AlterTableAction {}

  /// `ALTER COLUMN c OPTIONS (…)` of a foreign table.
  record ColumnForeignOptions(String column, List<Option> options) implements AlterTableAction {}

  record AddConstraint(TableConstraint constraint) implements AlterTableAction {}

  record AlterConstraint(String name, ConstraintTiming timing) implements AlterTableAction {}

  record ValidateConstraint(String name) implements AlterTableAction {}

  record DropConstraint(String name, boolean ifExists, boolean cascade) implements AlterTableAction {}

  /// `ENABLE|DISABLE TRIGGER name|ALL|USER`; name null with `user` false means ALL.
  record TriggerState(FiringState state, @Nullable String trigger, boolean user) implements AlterTableAction {}

  record RuleState(FiringState state, String rule) implements AlterTableAction {}

  enum FiringState { ENABLE, ENABLE_ALWAYS, ENABLE_REPLICA, DISABLE }

  record RowSecurity(RowSecurityState state) implements AlterTableAction {}

  enum RowSecurityState { ENABLE, DISABLE, FORCE, NO_FORCE }

  /// `CLUSTER ON index`, or SET WITHOUT CLUSTER when null.
  record ClusterOn(@Nullable String index) implements AlterTableAction {}

  record SetWithoutOids() implements AlterTableAction {}

  record SetLogged(boolean logged) implements AlterTableAction {}

  record SetAccessMethod(String method) implements AlterTableAction {}

  record SetTablespace(String tablespace) implements AlterTableAction {}

  /// `SET (options)` or `RESET (options)` of storage parameters.
  record SetOptions(boolean reset, List<Option> options) implements AlterTableAction {}

  record Inherit(QualifiedName parent, boolean remove) implements AlterTableAction {}

  record OfType(TypeName type) implements AlterTableAction {}

  record NotOfType() implements AlterTableAction {}

  record OwnerTo(RoleSpecification owner) implements AlterTableAction {}

  /// `REPLICA IDENTITY`; index only for USING INDEX.
  record ReplicaIdentity(ReplicaIdentityKind kind, @Nullable String index) implements AlterTableAction {}

  enum ReplicaIdentityKind { DEFAULT, FULL, NOTHING, INDEX }

  /// `OPTIONS (…)` of a foreign table.
  record ForeignOptions(List<Option> options) implements AlterTableAction {}

  /// `ATTACH PARTITION name bound`; for an index `bound` is null.
  record AttachPartition(QualifiedName partition, @Nullable PartitionBound bound) implements AlterTableAction {}

  record DetachPartition(QualifiedName partition, boolean concurrently, boolean finalizing) implements AlterTableAction {}

  // Attributes of composite types (ALTER TYPE).

  record AddAttribute(Column attribute, boolean cascade) implements AlterTableAction {}

  record DropAttribute(String attribute, boolean ifExists, boolean cascade) implements AlterTableAction {}

  record AlterAttributeType(String attribute, TypeName type, @Nullable QualifiedName collation, boolean cascade)
      implements AlterTableAction {}
}
