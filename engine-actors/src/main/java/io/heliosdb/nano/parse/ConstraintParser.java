package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.IndexElement;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.TableDdl.*;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Column and table constraints, foreign keys, and the attributes that say when a constraint is checked.
final class ConstraintParser {
  private ConstraintParser() {}

  // ------------------------------------------------------------------------------------------ columns

  /// The constraints and the collation after a column's type (ColQualList).
  record ColumnQualifiers(List<ColumnConstraint> constraints, @Nullable QualifiedName collation) {}

  static ColumnQualifiers parseColumnQualifiers(Tokens t) {
    List<ColumnConstraint> constraints = new ArrayList<>(2);
    QualifiedName collation = null;
    while (true) {
      int position = t.position();
      if (t.is(COLLATE)) {
        t.advance();
        QualifiedName name = NameParser.parseAnyName(t);
        if (collation != null) {
          throw t.grammarError("multiple COLLATE clauses not allowed", position);
        }
        collation = name;
      } else if (t.is(DEFERRABLE) || t.is(NOT, DEFERRABLE) || t.is(INITIALLY)) {
        applyTiming(t, constraints);
      } else {
        String name = null;
        if (t.accept(CONSTRAINT)) {
          name = t.columnIdentifier();
        }
        ColumnConstraint constraint = parseColumnConstraint(t, name, position);
        if (constraint == null) {
          if (name != null) {
            throw t.syntaxError();
          }
          return new ColumnQualifiers(List.copyOf(constraints), collation);
        }
        constraints.add(constraint);
      }
    }
  }

  private static @Nullable ColumnConstraint parseColumnConstraint(Tokens t, @Nullable String name, int position) {
    switch (t.kind) {
      case NOT -> {
        t.advance();
        t.expect(NULL);
        return new ColumnNotNull(name, position);
      }
      case NULL -> {
        t.advance();
        return new ColumnNull(name, position);
      }
      case UNIQUE, PRIMARY -> {
        boolean primary = parsePrimary(t);
        boolean nullsNotDistinct = !primary && IndexParser.parseNullTreatment(t);
        List<Option> options = t.accept(WITH) ? OptionParser.parseDefinition(t) : List.of();
        String tablespace = parseIndexTablespace(t);
        return new ColumnUnique(name, primary, nullsNotDistinct, options, tablespace, ConstraintTiming.IMMEDIATE, position);
      }
      case CHECK -> {
        t.advance();
        SourceExpression condition = ExpressionParser.parseParenthesisedSource(t);
        return new ColumnCheck(name, condition, parseNoInherit(t), position);
      }
      case DEFAULT -> {
        t.advance();
        return new ColumnDefault(name, ExpressionParser.parseRestrictedSource(t), position);
      }
      case GENERATED -> {
        return parseGenerated(t, name, position);
      }
      case REFERENCES -> {
        return new ColumnReferences(name, parseReferences(t), ConstraintTiming.IMMEDIATE, position);
      }
      default -> {
        return null;
      }
    }
  }

  private static boolean parseNoInherit(Tokens t) {
    if (!t.accept(NO)) {
      return false;
    }
    t.expect(INHERIT);
    return true;
  }

  /// `UNIQUE` (false) or `PRIMARY KEY` (true).
  private static boolean parsePrimary(Tokens t) {
    if (t.accept(UNIQUE)) {
      return false;
    }
    t.expect(PRIMARY);
    t.expect(KEY);
    return true;
  }

  /// `[USING INDEX TABLESPACE name]`.
  private static @Nullable String parseIndexTablespace(Tokens t) {
    if (!t.is(USING)) {
      return null;
    }
    t.advance();
    t.expect(INDEX);
    t.expect(TABLESPACE);
    return t.columnIdentifier();
  }

  private static ColumnConstraint parseGenerated(Tokens t, @Nullable String name, int position) {
    t.expect(GENERATED);
    int whenPosition = t.position();
    boolean always = parseGeneratedWhen(t);
    t.expect(AS);
    if (t.accept(IDENTITY)) {
      return new ColumnIdentity(name, always, OptionParser.parseParenthesisedSequenceOptions(t), position);
    }
    SourceExpression expression = ExpressionParser.parseParenthesisedSource(t);
    t.expect(STORED);
    if (!always) {
      throw t.grammarError("for a generated column, GENERATED ALWAYS must be specified", whenPosition);
    }
    return new ColumnGenerated(name, expression, position);
  }

  /// `ALWAYS` (true) or `BY DEFAULT`.
  static boolean parseGeneratedWhen(Tokens t) {
    if (t.accept(ALWAYS)) {
      return true;
    }
    t.expect(BY);
    t.expect(DEFAULT);
    return false;
  }

  /// DEFERRABLE and INITIALLY after a column constraint belong to the constraint in front of them.
  private static void applyTiming(Tokens t, List<ColumnConstraint> constraints) {
    int position = t.position();
    ColumnConstraint last = constraints.isEmpty() ? null : constraints.getLast();
    if (!(last instanceof ColumnUnique) && !(last instanceof ColumnReferences)) {
      String initially = t.peek(1) == DEFERRED ? "INITIALLY DEFERRED" : "INITIALLY IMMEDIATE";
      String word = t.is(NOT) ? "NOT DEFERRABLE" : t.is(DEFERRABLE) ? "DEFERRABLE" : initially;
      throw t.grammarError("misplaced " + word + " clause", position);
    }
    ConstraintTiming timing = parseColumnTiming(t);
    constraints.removeLast();
    constraints.add(
        switch (last) {
          case ColumnUnique u ->
              new ColumnUnique(u.name(), u.primary(), u.nullsNotDistinct(), u.options(), u.tablespace(), timing, u.position());
          case ColumnReferences r -> new ColumnReferences(r.name(), r.key(), timing, r.position());
          default -> last;
        });
  }

  private static ConstraintTiming parseColumnTiming(Tokens t) {
    Boolean deferrable = null;
    Boolean deferred = null;
    while (t.is(DEFERRABLE) || t.is(NOT, DEFERRABLE) || t.is(INITIALLY)) {
      int position = t.position();
      if (t.accept(INITIALLY)) {
        boolean value = t.accept(DEFERRED);
        if (!value) {
          t.expect(IMMEDIATE);
        }
        if (deferred != null) {
          throw t.grammarError("multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed", position);
        }
        deferred = value;
      } else {
        boolean value = !t.accept(NOT);
        t.expect(DEFERRABLE);
        if (deferrable != null) {
          throw t.grammarError("multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed", position);
        }
        deferrable = value;
      }
      if (Boolean.TRUE.equals(deferred) && Boolean.FALSE.equals(deferrable)) {
        throw t.grammarError("constraint declared INITIALLY DEFERRED must be DEFERRABLE", position);
      }
    }
    boolean initiallyDeferred = Boolean.TRUE.equals(deferred);
    return new ConstraintTiming(initiallyDeferred || Boolean.TRUE.equals(deferrable), initiallyDeferred);
  }

  // ------------------------------------------------------------------------------------------ tables

  static boolean startsTableConstraint(Tokens t) {
    return switch (t.kind) {
      case CONSTRAINT, CHECK, UNIQUE, PRIMARY, FOREIGN -> true;
      case EXCLUDE -> t.peek(1) == USING || t.peek(1) == '(';
      default -> false;
    };
  }

  static TableConstraint parseTableConstraint(Tokens t) {
    int position = t.position();
    String name = t.accept(CONSTRAINT) ? t.columnIdentifier() : null;
    switch (t.kind) {
      case CHECK -> {
        t.advance();
        SourceExpression condition = ExpressionParser.parseParenthesisedSource(t);
        Attributes attributes = parseAttributes(t, "CHECK", false, true, true);
        return new CheckConstraint(name, condition, attributes.noInherit, attributes.notValid, position);
      }
      case UNIQUE, PRIMARY -> {
        return parseUnique(t, name, position);
      }
      case EXCLUDE -> {
        return parseExclusion(t, name, position);
      }
      case FOREIGN -> {
        t.advance();
        t.expect(KEY);
        List<Name> columns = NameParser.parseParenthesisedColumns(t);
        ForeignKey key = parseReferences(t);
        Attributes attributes = parseAttributes(t, "FOREIGN KEY", true, true, false);
        return new ForeignKeyConstraint(name, columns, key, attributes.notValid, attributes.timing(), position);
      }
      default -> throw t.syntaxError();
    }
  }

  private static TableConstraint parseUnique(Tokens t, @Nullable String name, int position) {
    boolean primary = parsePrimary(t);
    String word = primary ? "PRIMARY KEY" : "UNIQUE";
    if (t.is(USING)) {
      t.advance();
      t.expect(INDEX);
      String index = t.columnIdentifier();
      return new IndexConstraint(name, primary, index, parseAttributes(t, word, true, false, false).timing(), position);
    }
    boolean nullsNotDistinct = !primary && IndexParser.parseNullTreatment(t);
    List<Name> columns = NameParser.parseParenthesisedColumns(t);
    List<Name> include = t.accept(INCLUDE) ? NameParser.parseParenthesisedColumns(t) : List.of();
    List<Option> options = t.accept(WITH) ? OptionParser.parseDefinition(t) : List.of();
    String tablespace = parseIndexTablespace(t);
    ConstraintTiming timing = parseAttributes(t, word, true, false, false).timing();
    return new UniqueConstraint(name, primary, nullsNotDistinct, columns, include, options, tablespace, timing, position);
  }

  private static TableConstraint parseExclusion(Tokens t, @Nullable String name, int position) {
    t.expect(EXCLUDE);
    String method = t.accept(USING) ? t.columnIdentifier() : null;
    t.expect('(');
    List<ExclusionElement> elements = new ArrayList<>();
    do {
      IndexElement element = IndexParser.parseElement(t);
      t.expect(WITH);
      int operatorPosition = t.position();
      boolean wrapped = t.accept(OPERATOR, '(');
      QualifiedName operator = ExpressionParser.parseAnyOperator(t, operatorPosition);
      if (wrapped) {
        t.expect(')');
      }
      elements.add(new ExclusionElement(element, operator));
    } while (t.accept(','));
    t.expect(')');
    List<Name> include = t.accept(INCLUDE) ? NameParser.parseParenthesisedColumns(t) : List.of();
    List<Option> options = t.accept(WITH) ? OptionParser.parseDefinition(t) : List.of();
    String tablespace = parseIndexTablespace(t);
    SourceExpression where = null;
    if (t.accept(WHERE)) {
      where = ExpressionParser.parseParenthesisedSource(t);
    }
    ConstraintTiming timing = parseAttributes(t, "EXCLUDE", true, false, false).timing();
    return new ExclusionConstraint(
        name, method, List.copyOf(elements), include, options, tablespace, where, timing, position);
  }

  // ------------------------------------------------------------------------------------------ foreign keys

  private static ForeignKey parseReferences(Tokens t) {
    t.expect(REFERENCES);
    QualifiedName table = NameParser.parseQualifiedName(t);
    List<Name> columns = NameParser.parseOptionalColumns(t);
    MatchType match = MatchType.SIMPLE;
    if (t.is(MATCH)) {
      int position = t.position();
      t.advance();
      if (t.accept(FULL)) {
        match = MatchType.FULL;
      } else if (t.accept(PARTIAL)) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "MATCH PARTIAL not yet implemented").at(position);
      } else {
        t.expect(SIMPLE);
      }
    }
    return parseActions(t, table, columns, match);
  }

  private static ForeignKey parseActions(Tokens t, QualifiedName table, List<Name> columns, MatchType match) {
    ReferentialAction onDelete = null;
    ReferentialAction onUpdate = null;
    List<Name> setColumns = List.of();
    while (t.accept(ON)) {
      boolean delete = t.is(DELETE);
      if (delete ? onDelete != null : !t.is(UPDATE) || onUpdate != null) {
        throw t.syntaxError();
      }
      int position = t.position();
      t.advance();
      ReferentialAction action = parseAction(t);
      boolean sets = action == ReferentialAction.SET_NULL || action == ReferentialAction.SET_DEFAULT;
      List<Name> actionColumns = sets ? NameParser.parseOptionalColumns(t) : List.of();
      if (delete) {
        onDelete = action;
        setColumns = actionColumns;
      } else {
        onUpdate = action;
        if (!actionColumns.isEmpty()) {
          String words = action == ReferentialAction.SET_NULL ? "SET NULL" : "SET DEFAULT";
          throw new SqlException(
                  SqlState.FEATURE_NOT_SUPPORTED, "a column list with " + words + " is only supported for ON DELETE actions")
              .at(position);
        }
      }
    }
    return new ForeignKey(
        table,
        columns,
        match,
        onDelete == null ? ReferentialAction.NO_ACTION : onDelete,
        setColumns,
        onUpdate == null ? ReferentialAction.NO_ACTION : onUpdate);
  }

  private static ReferentialAction parseAction(Tokens t) {
    if (t.accept(NO)) {
      t.expect(ACTION);
      return ReferentialAction.NO_ACTION;
    }
    if (t.accept(RESTRICT)) {
      return ReferentialAction.RESTRICT;
    }
    if (t.accept(CASCADE)) {
      return ReferentialAction.CASCADE;
    }
    t.expect(SET);
    if (t.accept(NULL)) {
      return ReferentialAction.SET_NULL;
    }
    t.expect(DEFAULT);
    return ReferentialAction.SET_DEFAULT;
  }

  // ------------------------------------------------------------------------------------------ attributes

  /// ConstraintAttributeSpec.
  record Attributes(boolean deferrable, boolean initiallyDeferred, boolean notValid, boolean noInherit) {
    ConstraintTiming timing() {
      return deferrable || initiallyDeferred ? new ConstraintTiming(true, initiallyDeferred) : ConstraintTiming.IMMEDIATE;
    }
  }

  /// Attributes after a table constraint; those the constraint `word` cannot have are refused as PostgreSQL does.
  static Attributes parseAttributes(Tokens t, String word, boolean mayDefer, boolean mayBeInvalid, boolean mayNotInherit) {
    boolean deferrable = false;
    boolean notDeferrable = false;
    boolean deferred = false;
    boolean immediate = false;
    boolean notValid = false;
    boolean noInherit = false;
    while (true) {
      int position = t.position();
      if (t.accept(DEFERRABLE)) {
        deferrable = true;
      } else if (t.accept(NOT, DEFERRABLE)) {
        notDeferrable = true;
      } else if (t.accept(NOT, VALID)) {
        notValid = true;
      } else if (t.is(NOT)) {
        throw t.syntaxErrorAt(t.index + 1);
      } else if (parseNoInherit(t)) {
        noInherit = true;
      } else if (t.accept(INITIALLY)) {
        if (t.accept(DEFERRED)) {
          deferred = true;
        } else {
          t.expect(IMMEDIATE);
          immediate = true;
        }
      } else {
        break;
      }
      if (notDeferrable && deferred) {
        throw t.grammarError("constraint declared INITIALLY DEFERRED must be DEFERRABLE", position);
      }
      if (deferrable && notDeferrable || deferred && immediate) {
        throw t.grammarError("conflicting constraint properties", position);
      }
    }
    if ((deferrable || deferred) && !mayDefer) {
      throw cannotBeMarked(word, "DEFERRABLE");
    }
    if (notValid && !mayBeInvalid) {
      throw cannotBeMarked(word, "NOT VALID");
    }
    if (noInherit && !mayNotInherit) {
      throw cannotBeMarked(word, "NO INHERIT");
    }
    return new Attributes(deferrable, deferred, notValid, noInherit);
  }

  private static SqlException cannotBeMarked(String word, String mark) {
    return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, word + " constraints cannot be marked " + mark);
  }
}
