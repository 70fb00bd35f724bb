package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.IndexElement;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.SortItem;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.TableDdl.CreateIndex;
import java.util.ArrayList;
import java.util.List;

/// CREATE INDEX and the index elements it shares with ON CONFLICT and EXCLUDE.
final class IndexParser {
  private IndexParser() {}

  /// `[UNIQUE] INDEX …`, after CREATE.
  static CreateIndex parseCreate(Tokens t) {
    boolean unique = t.accept(UNIQUE);
    t.expect(INDEX);
    boolean concurrently = t.accept(CONCURRENTLY);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    String name = ifNotExists || !t.is(ON) ? t.columnIdentifier() : null;
    t.expect(ON);
    RelationTarget table = NameParser.parseRelation(t);
    String method = t.accept(USING) ? t.columnIdentifier() : "btree";
    t.expect('(');
    List<IndexElement> elements = parseElements(t);
    t.expect(')');
    List<IndexElement> include = List.of();
    if (t.accept(INCLUDE)) {
      t.expect('(');
      include = parseElements(t);
      t.expect(')');
    }
    boolean nullsNotDistinct = parseNullTreatment(t);
    List<Option> options = OptionParser.parseOptionalWith(t);
    String tablespace = t.accept(TABLESPACE) ? t.columnIdentifier() : null;
    SourceExpression where = t.accept(WHERE) ? ExpressionParser.parseSource(t) : null;
    return new CreateIndex(
        name, table.name(), table.only(), unique, concurrently, ifNotExists, method, elements, include, nullsNotDistinct, options,
        tablespace, where);
  }

  /// `[NULLS [NOT] DISTINCT]`: true if nulls are not distinct.
  static boolean parseNullTreatment(Tokens t) {
    if (t.accept(NULLS, DISTINCT)) {
      return false;
    }
    if (t.accept(NULLS, NOT)) {
      t.expect(DISTINCT);
      return true;
    }
    return false;
  }

  /// index_params.
  static List<IndexElement> parseElements(Tokens t) {
    List<IndexElement> elements = new ArrayList<>(2);
    do {
      elements.add(parseElement(t));
    } while (t.accept(','));
    return List.copyOf(elements);
  }

  static IndexElement parseElement(Tokens t) {
    int position = t.position();
    String column = null;
    SourceExpression expression = null;
    if (t.is('(')) {
      expression = ExpressionParser.parseParenthesisedSource(t);
    } else if (startsCall(t)) {
      expression = parseCallSource(t);
    } else {
      column = t.columnIdentifier();
    }
    QualifiedName collation = t.accept(COLLATE) ? NameParser.parseAnyName(t) : null;
    QualifiedName operatorClass = null;
    List<Option> classOptions = List.of();
    // NULLS is not reserved but begins the null order here.
    if (isColumnIdentifier(t.kind) && !(t.is(NULLS) && (t.peek(1) == FIRST || t.peek(1) == LAST))) {
      operatorClass = NameParser.parseAnyName(t);
      classOptions = t.is('(') ? OptionParser.parseStorageOptions(t) : List.of();
    }
    SortItem.Direction direction = ClauseParser.parseDirection(t);
    SortItem.NullsOrder nulls = ClauseParser.parseNullsOrder(t);
    return new IndexElement(column, expression, collation, operatorClass, classOptions, direction, nulls, position);
  }

  /// Whether a function call stands here instead of a column.
  static boolean startsCall(Tokens t) {
    if (FunctionParser.isSpecial(t)) {
      return true;
    }
    int at = t.index + 1;
    while (t.kinds[at] == '.' && isLabel(t.kinds[at + 1])) {
      at += 2;
    }
    return t.kinds[at] == '(' && (isTypeOrFunctionName(t.kind) || at > t.index + 1);
  }

  /// func_expr_windowless with its text.
  static SourceExpression parseCallSource(Tokens t) {
    int start = t.start();
    Expression call = FunctionParser.parseWindowless(t);
    return new SourceExpression(call, t.text.substring(start, t.previousEnd()));
  }
}
