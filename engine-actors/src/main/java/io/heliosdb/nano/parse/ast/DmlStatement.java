package io.heliosdb.nano.parse.ast;

import io.heliosdb.nano.parse.ast.SelectStatement.TargetItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement that changes rows.
public sealed interface DmlStatement extends Preparable {
  /// The table that is changed.
  QualifiedName table();

  /// `INSERT INTO table [AS alias] [(targets)] [OVERRIDING …] query|DEFAULT VALUES [ON CONFLICT …] [RETURNING …]`.
  /// A null query means DEFAULT VALUES; no targets means all columns in order.
  record Insert(
      @Nullable WithClause with,
      QualifiedName table,
      @Nullable String alias,
      List<AssignmentTarget> targets,
      Overriding overriding,
      @Nullable SelectStatement query,
      @Nullable OnConflict onConflict,
      List<TargetItem> returning,
      int position)
      implements DmlStatement {}

  enum Overriding { NONE, USER_VALUE, SYSTEM_VALUE }

  /// `ON CONFLICT [target] DO NOTHING|UPDATE SET …`; assignments empty and `update` false for DO NOTHING.
  record OnConflict(
      @Nullable ConflictTarget target, boolean update, List<Assignment> assignments, @Nullable Expression where, int position) {}

  /// `(elements) [WHERE …]` or `ON CONSTRAINT name`.
  record ConflictTarget(List<IndexElement> elements, @Nullable Expression where, @Nullable Name constraint, int position) {}

  /// `UPDATE [ONLY] table [alias] SET … [FROM …] [WHERE …] [RETURNING …]`.
  record Update(
      @Nullable WithClause with,
      QualifiedName table,
      boolean only,
      @Nullable String alias,
      List<Assignment> assignments,
      List<FromItem> from,
      @Nullable Expression where,
      List<TargetItem> returning,
      int position)
      implements DmlStatement {}

  /// `DELETE FROM [ONLY] table [alias] [USING …] [WHERE …] [RETURNING …]`.
  record Delete(
      @Nullable WithClause with,
      QualifiedName table,
      boolean only,
      @Nullable String alias,
      List<FromItem> using,
      @Nullable Expression where,
      List<TargetItem> returning,
      int position)
      implements DmlStatement {}

  /// `MERGE INTO [ONLY] table [alias] USING source ON condition WHEN …`.
  record Merge(
      @Nullable WithClause with,
      QualifiedName table,
      boolean only,
      @Nullable String alias,
      FromItem source,
      Expression condition,
      List<MergeWhen> whens,
      int position)
      implements DmlStatement {}

  /// `WHEN [NOT] MATCHED [AND condition] THEN action`.
  record MergeWhen(boolean matched, @Nullable Expression condition, MergeAction action, int position) {}

  sealed interface MergeAction {}

  record MergeUpdate(List<Assignment> assignments) implements MergeAction {}

  record MergeDelete() implements MergeAction {}

  /// Values empty means DEFAULT VALUES.
  record MergeInsert(List<AssignmentTarget> targets, Overriding overriding, List<Expression> values) implements MergeAction {}

  record MergeDoNothing() implements MergeAction {}

  /// A column to assign to, possibly an element or field of it.
  record AssignmentTarget(String column, List<TargetStep> steps, int position) {}

  /// One step into a target column.
  sealed interface TargetStep {}

  /// `.field`.
  record FieldStep(String field, int position) implements TargetStep {}

  /// `[i]` or `[l:u]`, as in [Expression.Subscript].
  record SubscriptStep(boolean slice, @Nullable Expression lower, @Nullable Expression upper, int position) implements TargetStep {}

  /// `target = value` or `(targets) = source`; the second form has `multiple` set, its source is a row constructor, a scalar
  /// sub-query or another expression.
  record Assignment(List<AssignmentTarget> targets, boolean multiple, Expression value, int position) {}
}
