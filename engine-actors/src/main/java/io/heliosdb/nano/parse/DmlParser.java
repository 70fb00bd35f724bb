package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.DmlStatement.*;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.IndexElement;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SelectStatement.TargetItem;
import io.heliosdb.nano.parse.ast.WithClause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// INSERT, UPDATE, DELETE, MERGE.
final class DmlParser {
  private DmlParser() {}

  /// A data change whose WITH clause has been read.
  static DmlStatement parse(Tokens t, @Nullable WithClause with) {
    t.enter();
    DmlStatement statement =
        switch (t.kind) {
          case INSERT -> parseInsert(t, with);
          case UPDATE -> parseUpdate(t, with);
          case DELETE -> parseDelete(t, with);
          case MERGE -> parseMerge(t, with);
          default -> throw t.syntaxError();
        };
    t.leave();
    return statement;
  }

  private static List<TargetItem> parseReturning(Tokens t) {
    return t.accept(RETURNING) ? SelectParser.parseTargets(t) : List.of();
  }

  // ------------------------------------------------------------------------------------------ INSERT

  private static Insert parseInsert(Tokens t, @Nullable WithClause with) {
    t.expect(INSERT);
    t.expect(INTO);
    int position = t.position();
    QualifiedName table = NameParser.parseQualifiedName(t);
    String alias = t.accept(AS) ? t.columnIdentifier() : null;
    List<AssignmentTarget> targets = List.of();
    Overriding overriding = Overriding.NONE;
    SelectStatement query = null;
    if (t.is(DEFAULT)) {
      t.advance();
      t.expect(VALUES);
    } else {
      if (t.is('(') && !SelectParser.isParenthesisedQuery(t, t.index)) {
        if (t.peek(1) == '(') {
          throw t.syntaxErrorInParentheses();
        }
        t.advance();
        targets = parseTargets(t);
        t.expect(')');
      }
      overriding = parseOverriding(t);
      query = SelectParser.parse(t);
    }
    OnConflict onConflict = t.is(ON) ? parseOnConflict(t) : null;
    return new Insert(with, table, alias, targets, overriding, query, onConflict, parseReturning(t), position);
  }

  private static Overriding parseOverriding(Tokens t) {
    if (!t.accept(OVERRIDING)) {
      return Overriding.NONE;
    }
    boolean user = t.accept(USER);
    if (!user) {
      t.expect(SYSTEM);
    }
    t.expect(VALUE);
    return user ? Overriding.USER_VALUE : Overriding.SYSTEM_VALUE;
  }

  private static List<AssignmentTarget> parseTargets(Tokens t) {
    List<AssignmentTarget> targets = new ArrayList<>();
    do {
      targets.add(parseTarget(t));
    } while (t.accept(','));
    return List.copyOf(targets);
  }

  /// `ColId opt_indirection`, as the target of an assignment.
  private static AssignmentTarget parseTarget(Tokens t) {
    int position = t.position();
    String column = t.columnIdentifier();
    if (!t.is('.') && !t.is('[')) {
      return new AssignmentTarget(column, List.of(), position);
    }
    List<TargetStep> steps = new ArrayList<>(2);
    while (t.is('.') || t.is('[')) {
      steps.add(parseStep(t));
    }
    return new AssignmentTarget(column, List.copyOf(steps), position);
  }

  private static TargetStep parseStep(Tokens t) {
    int position = t.position();
    if (t.accept('.')) {
      if (t.is('*')) {
        throw t.errorNear("improper use of \"*\"", t.index);
      }
      return new FieldStep(t.label(), position);
    }
    t.expect('[');
    Expression lower = t.is(':') ? null : ExpressionParser.parse(t);
    if (t.accept(']')) {
      return new SubscriptStep(false, null, lower, position);
    }
    t.expect(':');
    Expression upper = t.is(']') ? null : ExpressionParser.parse(t);
    t.expect(']');
    return new SubscriptStep(true, lower, upper, position);
  }

  private static OnConflict parseOnConflict(Tokens t) {
    int position = t.position();
    t.expect(ON);
    t.expect(CONFLICT);
    ConflictTarget target = null;
    int targetPosition = t.position();
    if (t.is('(')) {
      t.advance();
      List<IndexElement> elements = IndexParser.parseElements(t);
      t.expect(')');
      target = new ConflictTarget(elements, FunctionParser.parseOptionalWhere(t), null, targetPosition);
    } else if (t.is(ON)) {
      t.advance();
      t.expect(CONSTRAINT);
      target = new ConflictTarget(List.of(), null, t.name(), targetPosition);
    }
    t.expect(DO);
    if (t.accept(NOTHING)) {
      return new OnConflict(target, false, List.of(), null, position);
    }
    t.expect(UPDATE);
    t.expect(SET);
    List<Assignment> assignments = parseAssignments(t);
    return new OnConflict(target, true, assignments, FunctionParser.parseOptionalWhere(t), position);
  }

  // ------------------------------------------------------------------------------------------ UPDATE and DELETE

  private static List<Assignment> parseAssignments(Tokens t) {
    List<Assignment> assignments = new ArrayList<>();
    do {
      assignments.add(parseAssignment(t));
    } while (t.accept(','));
    return List.copyOf(assignments);
  }

  private static Assignment parseAssignment(Tokens t) {
    int position = t.position();
    if (t.accept('(')) {
      List<AssignmentTarget> targets = parseTargets(t);
      t.expect(')');
      t.expect('=');
      return new Assignment(targets, true, ExpressionParser.parse(t), position);
    }
    AssignmentTarget target = parseTarget(t);
    t.expect('=');
    return new Assignment(List.of(target), false, ExpressionParser.parse(t), position);
  }

  /// The optional alias of a changed table; SET without AS is no alias.
  static @Nullable String parseTargetAlias(Tokens t) {
    if (t.accept(AS)) {
      return t.columnIdentifier();
    }
    return isColumnIdentifier(t.kind) && t.kind != SET ? t.columnIdentifier() : null;
  }

  private static Update parseUpdate(Tokens t, @Nullable WithClause with) {
    t.expect(UPDATE);
    RelationTarget relation = NameParser.parseRelation(t);
    String alias = parseTargetAlias(t);
    t.expect(SET);
    List<Assignment> assignments = parseAssignments(t);
    List<FromItem> from = t.accept(FROM) ? FromParser.parseList(t) : List.of();
    Expression where = parseWhereOrCurrent(t);
    return new Update(
        with, relation.name(), relation.only(), alias, assignments, from, where, parseReturning(t), relation.position());
  }

  private static Delete parseDelete(Tokens t, @Nullable WithClause with) {
    t.expect(DELETE);
    t.expect(FROM);
    RelationTarget relation = NameParser.parseRelation(t);
    String alias = parseTargetAlias(t);
    List<FromItem> using = t.accept(USING) ? FromParser.parseList(t) : List.of();
    Expression where = parseWhereOrCurrent(t);
    return new Delete(with, relation.name(), relation.only(), alias, using, where, parseReturning(t), relation.position());
  }

  /// where_or_current_clause.
  private static @Nullable Expression parseWhereOrCurrent(Tokens t) {
    if (!t.accept(WHERE)) {
      return null;
    }
    int position = t.position();
    if (t.accept(CURRENT, OF)) {
      return new Expression.CurrentOf(t.columnIdentifier(), position);
    }
    return ExpressionParser.parse(t);
  }

  // ------------------------------------------------------------------------------------------ MERGE

  private static Merge parseMerge(Tokens t, @Nullable WithClause with) {
    t.expect(MERGE);
    t.expect(INTO);
    RelationTarget relation = NameParser.parseRelation(t);
    String alias = parseTargetAlias(t);
    t.expect(USING);
    FromItem source = FromParser.parse(t);
    t.expect(ON);
    Expression condition = ExpressionParser.parse(t);
    List<MergeWhen> whens = new ArrayList<>();
    do {
      whens.add(parseWhen(t));
    } while (t.is(WHEN));
    return new Merge(
        with, relation.name(), relation.only(), alias, source, condition, List.copyOf(whens), relation.position());
  }

  private static MergeWhen parseWhen(Tokens t) {
    int position = t.position();
    t.expect(WHEN);
    boolean matched = !t.accept(NOT);
    t.expect(MATCHED);
    Expression condition = t.accept(AND) ? ExpressionParser.parse(t) : null;
    t.expect(THEN);
    return new MergeWhen(matched, condition, parseMergeAction(t, matched), position);
  }

  private static MergeAction parseMergeAction(Tokens t, boolean matched) {
    if (t.accept(DO)) {
      t.expect(NOTHING);
      return new MergeDoNothing();
    }
    if (!matched) {
      t.expect(INSERT);
      return parseMergeInsert(t);
    }
    if (t.accept(UPDATE)) {
      t.expect(SET);
      return new MergeUpdate(parseAssignments(t));
    }
    t.expect(DELETE);
    return new MergeDelete();
  }

  private static MergeAction parseMergeInsert(Tokens t) {
    if (t.accept(DEFAULT)) {
      t.expect(VALUES);
      return new MergeInsert(List.of(), Overriding.NONE, List.of());
    }
    List<AssignmentTarget> targets = List.of();
    if (t.accept('(')) {
      targets = parseTargets(t);
      t.expect(')');
    }
    Overriding overriding = parseOverriding(t);
    t.expect(VALUES);
    t.expect('(');
    List<Expression> values = ExpressionParser.parseList(t);
    t.expect(')');
    return new MergeInsert(targets, overriding, values);
  }
}
