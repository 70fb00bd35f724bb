package io.heliosdb.nano.expr;

import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A bound expression: names resolved, types known, every implicit cast explicit. What the analyzer emits and everything after it reads.
///
/// Input columns are positions in the row of the plan node the expression belongs to (a join's row is left columns, then right ones).
/// [OuterColumn] reaches the row of an enclosing query, `level` sub-query boundaries up (1 = the directly enclosing one).
/// Aggregates, window functions and set-returning calls never occur inside an Expr: they are columns of their plan nodes.
public sealed interface Expr {
  PgType type();

  /// Type modifier, -1 for none.
  default int typmod() {
    return -1;
  }

  /// Collation oid that results from the expression: 0 not collatable, 100 default.
  default int collation() {
    return 0;
  }

  /// Value in the boxed class of the type; null for NULL.
  record Const(PgType type, int typmod, int collation, @Nullable Object value) implements Expr {
    public static Const of(PgType type, @Nullable Object value) {
      return new Const(type, -1, type.collationOid(), value);
    }
  }

  /// `$index` (1-based) of a prepared statement or function.
  record Parameter(int index, PgType type, int typmod, int collation) implements Expr {}

  /// A literal that the plan cache lifted out of the text: slot in the statement's literal list. Behaves like a parameter whose
  /// value arrives already converted to `type`.
  record LiftedConst(int slot, PgType type, int typmod, int collation) implements Expr {}

  record InputColumn(int index, PgType type, int typmod, int collation) implements Expr {}

  record OuterColumn(int level, int index, PgType type, int typmod, int collation) implements Expr {}

  /// A function, operator or cast function applied to arguments. `operatorName` is set when it was written as an operator,
  /// `form` tells how it is shown again by EXPLAIN and pg_get_viewdef.
  record Call(CallSite site, List<Expr> arguments, @Nullable String operatorName, Form form) implements Expr {
    public enum Form { FUNCTION, OPERATOR, EXPLICIT_CAST, IMPLICIT_CAST }

    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public PgType type() {
      return site.resultType();
    }

    @Override
    public int typmod() {
      return site.resultTypmod();
    }

    @Override
    public int collation() {
      return type().collationOid() == 0 ? 0 : site.collationOid();
    }

    public FunctionDef function() {
      return site.function();
    }
  }

  record And(PgType type, List<Expr> arguments) implements Expr {}

  record Or(PgType type, List<Expr> arguments) implements Expr {}

  record Not(PgType type, Expr argument) implements Expr {}

  /// IS [NOT] NULL; on a composite value field by field when `rowwise`.
  record IsNull(PgType type, Expr argument, boolean negated, boolean rowwise) implements Expr {}

  /// IS [NOT] TRUE/FALSE/UNKNOWN; `test` null stands for UNKNOWN.
  record BooleanTest(PgType type, Expr argument, @Nullable Boolean test, boolean negated) implements Expr {}

  /// IS [NOT] DISTINCT FROM; `equality` is the `=` call's site.
  record DistinctFrom(PgType type, CallSite equality, Expr left, Expr right, boolean negated) implements Expr {}

  /// CASE; with an operand the analyzer has turned each WHEN into an equality already.
  record Case(PgType type, int typmod, int collation, List<Branch> branches, @Nullable Expr otherwise) implements Expr {
    public record Branch(Expr condition, Expr result) {}
  }

  record Coalesce(PgType type, int typmod, int collation, List<Expr> arguments) implements Expr {}

  record NullIf(PgType type, int typmod, int collation, CallSite equality, Expr left, Expr right) implements Expr {}

  /// GREATEST and LEAST by btree order.
  record MinMax(PgType type, int typmod, int collation, boolean greatest, List<Expr> arguments) implements Expr {}

  /// ARRAY[…]; `nested` when the elements are arrays themselves and make a further dimension.
  record ArrayConstructor(PgType type, PgType elementType, int collation, boolean nested, List<Expr> elements) implements Expr {}

  record RowConstructor(PgType type, List<Expr> fields, List<String> names) implements Expr {}

  /// Row comparison `(a, b) < (c, d)`: btree order over pairs; `operator` one of `= <> < <= > >=`.
  record RowCompare(PgType type, String operator, List<CallSite> columnOperators, List<CallSite> columnEqualities, List<Expr> left, List<Expr> right)
      implements Expr {}

  /// `left op ANY/ALL (array)`; IN lists of constants arrive in this form too.
  record ArrayQuantified(PgType type, CallSite operator, String operatorName, boolean all, Expr left, Expr array) implements Expr {}

  /// Element or slice of an array (or jsonb). For a slice, missing bounds are null.
  record Subscript(PgType type, int typmod, int collation, Expr container, List<Index> indexes) implements Expr {
    public record Index(@Nullable Expr lower, @Nullable Expr upper, boolean slice) {}
  }

  /// Field of a composite value, 0-based position among the fields (dropped ones counted).
  record FieldSelect(PgType type, int typmod, int collation, Expr record, int field) implements Expr {}

  /// Same binary value seen as another type (text as varchar, domain as base, oid as int4 …).
  record Relabel(PgType type, int typmod, int collation, Expr argument, Call.Form form) implements Expr {}

  /// Cast by text output and input.
  record IoCast(PgType type, int typmod, int collation, Expr argument, Call.Form form) implements Expr {}

  /// Array cast element by element; `element` is evaluated with the element as [CaseValue].
  record ArrayCast(PgType type, int typmod, int collation, Expr argument, Expr element, Call.Form form) implements Expr {}

  /// Stands for the value handed in by the enclosing [ArrayCast] or [DomainCheck].
  record CaseValue(PgType type, int typmod, int collation) implements Expr {}

  /// Length or precision coercion to `typmod` (varchar(n), numeric(p,s), …).
  record ApplyTypmod(PgType type, int typmod, int collation, Expr argument, boolean explicit) implements Expr {}

  /// Checks a domain's NOT NULL and CHECK constraints (read from the catalog at execution).
  record DomainCheck(PgType type, int typmod, int collation, Expr argument) implements Expr {}

  /// Row type conversion between composite types with the same attributes by position.
  record RowConvert(PgType type, Expr argument, List<Integer> fields) implements Expr {}

  /// A sub-query in an expression; see [SubqueryKind]. `plan` may hold [OuterColumn]s. For ANY and ALL, `test` compares the left side
  /// with the sub-query's columns: it is an expression over a row of (left values…, sub-query columns…), and `left` gives the left values.
  record Subquery(PgType type, int typmod, int collation, SubqueryKind kind, LogicalPlan plan, List<Expr> left, @Nullable Expr test, boolean negated)
      implements Expr {}

  enum SubqueryKind { SCALAR, ROW, EXISTS, ANY, ALL, ARRAY }

  /// CURRENT OF cursor.
  record CurrentOf(PgType type, String cursor) implements Expr {}

  /// GROUPING(…): `columns` are positions among the grouping expressions; evaluated above an aggregate from its grouping-id column.
  record Grouping(PgType type, int groupingIdColumn, List<Integer> columns) implements Expr {}
}
