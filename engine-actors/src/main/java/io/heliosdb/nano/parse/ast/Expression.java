package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A scalar expression as written.
///
/// `position` is that of the token PostgreSQL reports for the node (an operator's symbol, a function's name, a literal);
/// [#startPosition] is the leftmost position of the whole expression, which messages such as "argument of WHERE must be type boolean"
/// point at. Special syntax that PostgreSQL's grammar turns into function calls (EXTRACT, SUBSTRING … FROM, TRIM, AT TIME ZONE,
/// OVERLAPS …) arrives as [FunctionCall] of the `pg_catalog` function; its name also gives the output column's name.
public sealed interface Expression {
  int position();

  /// The leftmost position of the expression, as PostgreSQL's `exprLocation` computes it.
  default int startPosition() {
    return StartPositions.of(this);
  }

  // ------------------------------------------------------------------------------------------ names and constants

  /// `a`, `a.b`, `a.b.c`, or with a star `*`, `a.*`: the parts before the star (none for a bare `*`).
  record ColumnReference(List<String> parts, boolean star, int position) implements Expression {
    /// The last name, which is the output column's name; not for a star.
    public String name() {
      return parts.getLast();
    }
  }

  /// Constants; the raw value of each kind is what input functions or the number scanner see.
  sealed interface Literal extends Expression {}

  /// An integer that fits int4.
  record IntegerLiteral(int value, int position) implements Literal {}

  /// Any other number as written, with a leading `-` if negated: int8 if it is all digits and fits, else numeric.
  record DecimalLiteral(String text, int position) implements Literal {}

  /// A string of type `unknown`, escapes resolved.
  record StringLiteral(String value, int position) implements Literal {}

  /// `B'0101'` (hexadecimal false) or `X'1F'`: digits without prefix.
  record BitLiteral(String digits, boolean hexadecimal, int position) implements Literal {}

  /// `TRUE` or `FALSE`.
  record BooleanLiteral(boolean value, int position) implements Literal {}

  /// `NULL`.
  record NullLiteral(int position) implements Literal {}

  /// A literal that the statement normaliser lifted out: its value may differ between statements that share a plan, its kind may not.
  /// `literal` is the value in the statement at hand, sign included; `negated` tells that a `-` before the lifted token was folded in.
  record LiftedLiteral(int index, Literal literal, boolean negated, int position) implements Expression {}

  /// `type 'string'`. `position` is that of the string, where input errors are reported.
  record TypedLiteral(TypeName type, String value, int position) implements Expression {}

  /// `$n`, n ≥ 1.
  record Parameter(int number, int position) implements Expression {}

  /// `DEFAULT` as a value in INSERT, UPDATE or MERGE.
  record DefaultValue(int position) implements Expression {}

  /// `CURRENT_DATE` and its kin; `precision` is -1 when not given.
  record SessionValue(SessionValueKind kind, int precision, int position) implements Expression {}

  /// What a [SessionValue] asks for.
  enum SessionValueKind {
    CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP, LOCALTIME, LOCALTIMESTAMP, CURRENT_ROLE, CURRENT_USER, USER, SESSION_USER,
    CURRENT_CATALOG, CURRENT_SCHEMA;

    /// The name PostgreSQL gives an output column computed by it.
    public String columnName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  // ------------------------------------------------------------------------------------------ calls and operators

  /// A function, aggregate, window function or cast in function notation.
  ///
  /// `star` is `f(*)`. `variadic` marks the last argument. `orderBy` is the aggregate's ordering, or with `withinGroup` the one of
  /// WITHIN GROUP. `sqlSyntax` tells that the call came from special syntax (for messages and deparsing).
  record FunctionCall(
      QualifiedName name,
      List<Argument> arguments,
      boolean star,
      boolean distinct,
      boolean variadic,
      List<SortItem> orderBy,
      boolean withinGroup,
      @Nullable Expression filter,
      @Nullable WindowReference over,
      boolean sqlSyntax,
      int position)
      implements Expression {
    /// A plain call.
    public static FunctionCall of(QualifiedName name, List<Argument> arguments, int position) {
      return new FunctionCall(name, arguments, false, false, false, List.of(), false, null, null, false, position);
    }

    /// A call that stands for special syntax, of a function in `pg_catalog`.
    public static FunctionCall system(String name, int position, Expression... arguments) {
      List<Argument> list = java.util.Arrays.stream(arguments).map(Argument::of).toList();
      return new FunctionCall(
          QualifiedName.system(name, position), list, false, false, false, List.of(), false, null, null, true, position);
    }
  }

  /// An argument, with its name if written `name => value` (or `:=`).
  record Argument(Expression value, @Nullable Name name) {
    public static Argument of(Expression value) {
      return new Argument(value, null);
    }
  }

  /// `left op right`, or `op right` when left is null. `<>` and `!=` are both `<>`. An unqualified name has one part.
  record OperatorCall(QualifiedName operator, @Nullable Expression left, Expression right, int position) implements Expression {}

  /// Conjunction of two or more operands, flattened.
  record And(List<Expression> operands, int position) implements Expression {}

  /// Disjunction of two or more operands, flattened.
  record Or(List<Expression> operands, int position) implements Expression {}

  record Not(Expression operand, int position) implements Expression {}

  /// `operand IS [NOT] …`.
  record IsTest(Expression operand, IsKind kind, boolean negated, int position) implements Expression {}

  /// The argument-less tests of IS; `DOCUMENT` is SQL/XML's.
  enum IsKind { NULL, TRUE, FALSE, UNKNOWN, DOCUMENT }

  /// `left IS [NOT] DISTINCT FROM right`.
  record IsDistinctFrom(Expression left, Expression right, boolean negated, int position) implements Expression {}

  /// `operand [NOT] BETWEEN [SYMMETRIC] low AND high`.
  record Between(Expression operand, Expression low, Expression high, boolean symmetric, boolean negated, int position)
      implements Expression {}

  /// `operand [NOT] IN (a, b, …)`.
  record InList(Expression operand, List<Expression> values, boolean negated, int position) implements Expression {}

  /// `operand [NOT] LIKE|ILIKE|SIMILAR TO pattern [ESCAPE escape]`. Without ESCAPE they are the operators of [LikeKind]; SIMILAR TO
  /// matches `similar_to_escape(pattern[, escape])` with `~`, LIKE … ESCAPE matches `like_escape(pattern, escape)`.
  record Like(
      LikeKind kind, Expression operand, Expression pattern, @Nullable Expression escape, boolean negated, int position)
      implements Expression {}

  /// Pattern matching forms and the operators behind them.
  enum LikeKind {
    LIKE("~~"), ILIKE("~~*"), SIMILAR("~");

    private final String operator;

    LikeKind(String operator) {
      this.operator = operator;
    }

    /// The operator of the positive or negated form.
    public String operator(boolean negated) {
      return negated ? "!" + operator : operator;
    }
  }

  /// `left op ANY|ALL (array)`; LIKE and its kin arrive as operators `~~` etc.
  record QuantifiedArray(QualifiedName operator, boolean all, Expression left, Expression array, int position)
      implements Expression {}

  // ------------------------------------------------------------------------------------------ sub-queries

  /// `(SELECT …)` as a value.
  record ScalarSubquery(SelectStatement query, int position) implements Expression {}

  /// `EXISTS (SELECT …)`.
  record Exists(SelectStatement query, int position) implements Expression {}

  /// `ARRAY(SELECT …)`.
  record ArraySubquery(SelectStatement query, int position) implements Expression {}

  /// `left [NOT] IN (SELECT …)`.
  record InSubquery(Expression left, SelectStatement query, boolean negated, int position) implements Expression {}

  /// `left op ANY|ALL (SELECT …)`.
  record QuantifiedSubquery(QualifiedName operator, boolean all, Expression left, SelectStatement query, int position)
      implements Expression {}

  // ------------------------------------------------------------------------------------------ conditionals, casts, constructors

  /// `CASE [operand] WHEN … THEN … [ELSE …] END`.
  record Case(@Nullable Expression operand, List<When> whens, @Nullable Expression otherwise, int position) implements Expression {}

  record When(Expression condition, Expression result, int position) {}

  record Coalesce(List<Expression> arguments, int position) implements Expression {}

  record NullIf(Expression left, Expression right, int position) implements Expression {}

  /// `GREATEST(…)` or `LEAST(…)`.
  record MinMax(boolean greatest, List<Expression> arguments, int position) implements Expression {}

  /// `CAST(operand AS type)` or `operand::type`; position is that of `CAST` or `::`.
  record Cast(Expression operand, TypeName type, int position) implements Expression {}

  record Collate(Expression operand, QualifiedName collation, int position) implements Expression {}

  /// `ARRAY[…]`; nested brackets are nested [ArrayConstructor]s.
  record ArrayConstructor(List<Expression> elements, int position) implements Expression {}

  /// `ROW(…)` or `(a, b, …)`.
  record RowConstructor(List<Expression> fields, boolean explicit, int position) implements Expression {}

  /// `base[i]` or `base[l:u]`; a missing bound of a slice is null. For a plain subscript `slice` is false and `upper` holds it.
  /// `separate`: the base is itself subscripted, in parentheses, so that this one applies to its value and not to one more dimension.
  record Subscript(Expression base, boolean slice, @Nullable Expression lower, @Nullable Expression upper, boolean separate, int position)
      implements Expression {}

  /// `(base).field`.
  record FieldSelection(Expression base, String field, int position) implements Expression {}

  /// `(base).*`.
  record StarSelection(Expression base, int position) implements Expression {}

  // ------------------------------------------------------------------------------------------ others

  /// `GROUPING(…)`.
  record Grouping(List<Expression> arguments, int position) implements Expression {}

  /// `WHERE CURRENT OF cursor`; only as the whole condition of UPDATE or DELETE.
  record CurrentOf(String cursor, int position) implements Expression {}

  /// `XMLELEMENT(NAME name, XMLATTRIBUTES(…), content…)`.
  record XmlElement(String name, List<XmlAttribute> attributes, List<Expression> content, int position) implements Expression {}

  /// `XMLFOREST(…)`.
  record XmlForest(List<XmlAttribute> elements, int position) implements Expression {}

  /// A value with an optional name in XMLATTRIBUTES or XMLFOREST.
  record XmlAttribute(Expression value, @Nullable String name, int position) {}

  record XmlConcat(List<Expression> arguments, int position) implements Expression {}

  /// `XMLPARSE(DOCUMENT|CONTENT value [STRIP|PRESERVE WHITESPACE])`.
  record XmlParse(boolean document, Expression value, boolean preserveWhitespace, int position) implements Expression {}

  /// `XMLPI(NAME name [, content])`.
  record XmlPi(String name, @Nullable Expression content, int position) implements Expression {}

  /// `XMLROOT(value, VERSION …|NO VALUE [, STANDALONE YES|NO|NO VALUE])`; version null means NO VALUE.
  record XmlRoot(Expression value, @Nullable Expression version, XmlStandalone standalone, int position) implements Expression {}

  enum XmlStandalone { YES, NO, NO_VALUE, OMITTED }

  /// `XMLSERIALIZE(DOCUMENT|CONTENT value AS type)`.
  record XmlSerialize(boolean document, Expression value, TypeName type, int position) implements Expression {}
}
