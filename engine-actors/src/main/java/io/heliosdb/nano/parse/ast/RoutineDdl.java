package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Functions, procedures, aggregates, operators and what calls them: casts, triggers, rules.
public sealed interface RoutineDdl extends DdlStatement {
  /// `CREATE [OR REPLACE] FUNCTION|PROCEDURE`.
  ///
  /// RETURNS TABLE columns are parameters of mode TABLE. `returns` null when not written. Options keep PostgreSQL's names: `as`
  /// (one or two strings), language, transform, window, volatility, strict, security, leakproof, support, cost, rows, parallel,
  /// and `set` (in `settings`). `body` is the SQL-standard body (`RETURN expression` or `BEGIN ATOMIC … END`).
  record CreateFunction(
      QualifiedName name,
      boolean orReplace,
      boolean procedure,
      List<FunctionParameter> parameters,
      @Nullable TypeName returns,
      List<Option> options,
      List<SettingStatement.SettingChange> settings,
      @Nullable RoutineBody body,
      int position)
      implements RoutineDdl {}

  /// The SQL-standard body: `RETURN expression` (`returned` not null) or the statements of BEGIN ATOMIC; with its text.
  record RoutineBody(@Nullable SourceExpression returned, List<Statement> statements, String text) {}

  /// `ALTER FUNCTION|PROCEDURE|ROUTINE name options`.
  record AlterFunction(
      ObjectKind kind, ObjectReference.Routine routine, List<Option> options, List<SettingStatement.SettingChange> settings)
      implements RoutineDdl {}

  /// `CREATE [OR REPLACE] AGGREGATE`; with `oldStyle` there are no parameters but a `basetype` option.
  record CreateAggregate(
      QualifiedName name,
      boolean orReplace,
      boolean oldStyle,
      boolean star,
      List<FunctionParameter> parameters,
      @Nullable List<FunctionParameter> orderBy,
      List<Option> options)
      implements RoutineDdl {}

  record CreateOperator(QualifiedName name, List<Option> options) implements RoutineDdl {}

  record AlterOperator(ObjectReference.Operator operator, List<Option> options) implements RoutineDdl {}

  record CreateOperatorClass(
      QualifiedName name,
      boolean isDefault,
      TypeName type,
      String method,
      @Nullable QualifiedName family,
      List<OperatorClassItem> items)
      implements RoutineDdl {}

  record CreateOperatorFamily(QualifiedName name, String method) implements RoutineDdl {}

  record AlterOperatorFamily(QualifiedName name, String method, boolean drop, List<OperatorClassItem> items) implements RoutineDdl {}

  /// OPERATOR, FUNCTION or STORAGE item. For DROP items only `number` and `types` are given.
  sealed interface OperatorClassItem {}

  record OperatorItem(
      int number,
      @Nullable QualifiedName operator,
      List<@Nullable TypeName> types,
      @Nullable QualifiedName sortFamily,
      boolean recheck)
      implements OperatorClassItem {}

  record FunctionItem(int number, List<TypeName> types, ObjectReference.@Nullable Routine function) implements OperatorClassItem {}

  record StorageItem(TypeName type) implements OperatorClassItem {}

  /// Exactly one of `function`, `inout`, neither (WITHOUT FUNCTION).
  record CreateCast(
      TypeName source, TypeName target, ObjectReference.@Nullable Routine function, boolean inout, CastContext context)
      implements RoutineDdl {}

  enum CastContext { EXPLICIT, ASSIGNMENT, IMPLICIT }

  record CreateTransform(
      boolean orReplace,
      TypeName type,
      String language,
      ObjectReference.@Nullable Routine fromSql,
      ObjectReference.@Nullable Routine toSql)
      implements RoutineDdl {}

  record CreateLanguage(
      String name,
      boolean orReplace,
      boolean trusted,
      @Nullable QualifiedName handler,
      @Nullable QualifiedName inline,
      @Nullable QualifiedName validator)
      implements RoutineDdl {}

  /// `CREATE [OR REPLACE] [CONSTRAINT] TRIGGER`. Arguments are strings as TG_ARGV gets them.
  record CreateTrigger(
      String name,
      boolean orReplace,
      boolean constraint,
      QualifiedName table,
      TriggerTiming timing,
      List<TriggerEvent> events,
      List<Name> updateColumns,
      List<Transition> transitions,
      boolean forEachRow,
      @Nullable SourceExpression when,
      QualifiedName function,
      List<String> arguments,
      TableDdl.ConstraintTiming deferral,
      @Nullable QualifiedName constraintFrom)
      implements RoutineDdl {}

  enum TriggerTiming { BEFORE, AFTER, INSTEAD_OF }

  enum TriggerEvent { INSERT, UPDATE, DELETE, TRUNCATE }

  /// `REFERENCING NEW|OLD TABLE|ROW AS name`.
  record Transition(boolean newRows, boolean table, String name) {}

  record CreateEventTrigger(String name, String event, List<Option> filters, QualifiedName function) implements RoutineDdl {}

  record AlterEventTrigger(String name, AlterTableAction.FiringState state) implements RoutineDdl {}

  /// `CREATE [OR REPLACE] RULE`; no actions is NOTHING. `text` is the whole statement.
  record CreateRule(
      String name,
      boolean orReplace,
      QualifiedName table,
      RuleEvent event,
      @Nullable SourceExpression where,
      boolean instead,
      List<Statement> actions,
      List<String> actionTexts,
      String text)
      implements RoutineDdl {}

  enum RuleEvent { SELECT, INSERT, UPDATE, DELETE }
}
