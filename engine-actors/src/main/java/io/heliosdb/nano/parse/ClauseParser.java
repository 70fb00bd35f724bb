package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.GroupingElement;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SortItem;
import io.heliosdb.nano.parse.ast.WindowDefinition;
import io.heliosdb.nano.parse.ast.WindowDefinition.BoundKind;
import io.heliosdb.nano.parse.ast.WindowDefinition.Frame;
import io.heliosdb.nano.parse.ast.WindowDefinition.FrameBound;
import io.heliosdb.nano.parse.ast.WindowDefinition.FrameExclusion;
import io.heliosdb.nano.parse.ast.WindowDefinition.FrameMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Clauses of queries that stand on their own: ORDER BY, GROUP BY, windows.
final class ClauseParser {
  private ClauseParser() {}

  // ------------------------------------------------------------------------------------------ ORDER BY

  static List<SortItem> parseOrderBy(Tokens t) {
    t.expect(ORDER);
    t.expect(BY);
    List<SortItem> items = new ArrayList<>(2);
    do {
      items.add(parseSortItem(t));
    } while (t.accept(','));
    return List.copyOf(items);
  }

  private static SortItem parseSortItem(Tokens t) {
    Expression expression = ExpressionParser.parse(t);
    int position = expression.startPosition();
    if (t.accept(USING)) {
      QualifiedName operator = ExpressionParser.parseQualifiedAnySymbol(t);
      return new SortItem(expression, SortItem.Direction.USING, parseNullsOrder(t), operator, position);
    }
    SortItem.Direction direction = parseDirection(t);
    return new SortItem(expression, direction, parseNullsOrder(t), null, position);
  }

  static SortItem.Direction parseDirection(Tokens t) {
    if (t.accept(ASC)) {
      return SortItem.Direction.ASCENDING;
    }
    return t.accept(DESC) ? SortItem.Direction.DESCENDING : SortItem.Direction.DEFAULT;
  }

  static SortItem.NullsOrder parseNullsOrder(Tokens t) {
    if (t.accept(NULLS, FIRST)) {
      return SortItem.NullsOrder.FIRST;
    }
    return t.accept(NULLS, LAST) ? SortItem.NullsOrder.LAST : SortItem.NullsOrder.DEFAULT;
  }

  // ------------------------------------------------------------------------------------------ GROUP BY

  static List<GroupingElement> parseGroupingElements(Tokens t) {
    List<GroupingElement> elements = new ArrayList<>(2);
    do {
      elements.add(parseGroupingElement(t));
    } while (t.accept(','));
    return List.copyOf(elements);
  }

  private static GroupingElement parseGroupingElement(Tokens t) {
    int position = t.position();
    if (t.is('(', ')')) {
      t.advance();
      t.advance();
      return new GroupingElement.Empty(position);
    }
    if (t.is(ROLLUP, '(') || t.is(CUBE, '(')) {
      boolean rollup = t.is(ROLLUP);
      t.advance();
      t.advance();
      List<Expression> list = ExpressionParser.parseList(t);
      t.expect(')');
      return rollup ? new GroupingElement.Rollup(list, position) : new GroupingElement.Cube(list, position);
    }
    if (t.is(GROUPING, SETS)) {
      t.enter();
      t.advance();
      t.advance();
      t.expect('(');
      List<GroupingElement> elements = parseGroupingElements(t);
      t.expect(')');
      t.leave();
      return new GroupingElement.GroupingSets(elements, position);
    }
    return new GroupingElement.Simple(ExpressionParser.parse(t));
  }

  // ------------------------------------------------------------------------------------------ windows

  /// `WINDOW name AS (…), …`.
  static List<WindowDefinition> parseWindowClause(Tokens t) {
    t.expect(WINDOW);
    List<WindowDefinition> windows = new ArrayList<>(2);
    do {
      String name = t.columnIdentifier();
      t.expect(AS);
      windows.add(parseWindowSpecification(t, name));
    } while (t.accept(','));
    return List.copyOf(windows);
  }

  static WindowDefinition parseWindowSpecification(Tokens t, @Nullable String name) {
    int position = t.position();
    t.expect('(');
    String base = startsBaseWindow(t) ? t.columnIdentifier() : null;
    List<Expression> partitionBy = List.of();
    if (t.accept(PARTITION)) {
      t.expect(BY);
      partitionBy = ExpressionParser.parseList(t);
    }
    List<SortItem> orderBy = t.is(ORDER) ? parseOrderBy(t) : List.of();
    Frame frame = t.is(RANGE) || t.is(ROWS) || t.is(GROUPS) ? parseFrame(t) : null;
    t.expect(')');
    return new WindowDefinition(name, base, partitionBy, orderBy, frame, position);
  }

  /// PARTITION, RANGE, ROWS and GROUPS begin a clause here, though they are not reserved.
  private static boolean startsBaseWindow(Tokens t) {
    return switch (t.kind) {
      case PARTITION, RANGE, ROWS, GROUPS -> false;
      default -> isColumnIdentifier(t.kind);
    };
  }

  private static Frame parseFrame(Tokens t) {
    FrameMode mode = t.is(RANGE) ? FrameMode.RANGE : t.is(ROWS) ? FrameMode.ROWS : FrameMode.GROUPS;
    int position = t.position();
    t.advance();
    boolean between = t.accept(BETWEEN);
    FrameBound start = parseBound(t);
    FrameBound end;
    if (between) {
      t.expect(AND);
      end = parseBound(t);
      checkBetween(start, end);
    } else {
      checkSingle(start);
      end = new FrameBound(BoundKind.CURRENT_ROW, null, 0);
    }
    return new Frame(mode, start, end, parseExclusion(t), between, position);
  }

  private static SqlException windowingError(String message, FrameBound bound) {
    return new SqlException(SqlState.WINDOWING_ERROR, message).at(bound.position());
  }

  private static void checkSingle(FrameBound start) {
    switch (start.kind()) {
      case UNBOUNDED_FOLLOWING -> throw windowingError("frame start cannot be UNBOUNDED FOLLOWING", start);
      case OFFSET_FOLLOWING -> throw windowingError("frame starting from following row cannot end with current row", start);
      case UNBOUNDED_PRECEDING, OFFSET_PRECEDING, CURRENT_ROW -> {}
    }
  }

  private static void checkBetween(FrameBound start, FrameBound end) {
    if (start.kind() == BoundKind.UNBOUNDED_FOLLOWING) {
      throw windowingError("frame start cannot be UNBOUNDED FOLLOWING", start);
    }
    if (end.kind() == BoundKind.UNBOUNDED_PRECEDING) {
      throw windowingError("frame end cannot be UNBOUNDED PRECEDING", end);
    }
    if (start.kind() == BoundKind.CURRENT_ROW && end.kind() == BoundKind.OFFSET_PRECEDING) {
      throw windowingError("frame starting from current row cannot have preceding rows", end);
    }
    if (start.kind() == BoundKind.OFFSET_FOLLOWING && end.kind() == BoundKind.OFFSET_PRECEDING) {
      throw windowingError("frame starting from following row cannot have preceding rows", end);
    }
    if (start.kind() == BoundKind.OFFSET_FOLLOWING && end.kind() == BoundKind.CURRENT_ROW) {
      throw windowingError("frame starting from following row cannot have preceding rows", end);
    }
  }

  private static FrameBound parseBound(Tokens t) {
    int position = t.position();
    if (t.is(UNBOUNDED, PRECEDING) || t.is(UNBOUNDED, FOLLOWING)) {
      t.advance();
      return new FrameBound(parsePreceding(t) ? BoundKind.UNBOUNDED_PRECEDING : BoundKind.UNBOUNDED_FOLLOWING, null, position);
    }
    if (t.is(CURRENT, ROW)) {
      t.advance();
      t.advance();
      return new FrameBound(BoundKind.CURRENT_ROW, null, position);
    }
    Expression offset = ExpressionParser.parse(t);
    return new FrameBound(parsePreceding(t) ? BoundKind.OFFSET_PRECEDING : BoundKind.OFFSET_FOLLOWING, offset, position);
  }

  private static boolean parsePreceding(Tokens t) {
    if (t.accept(PRECEDING)) {
      return true;
    }
    t.expect(FOLLOWING);
    return false;
  }

  private static FrameExclusion parseExclusion(Tokens t) {
    if (!t.accept(EXCLUDE)) {
      return FrameExclusion.NO_OTHERS;
    }
    if (t.accept(CURRENT)) {
      t.expect(ROW);
      return FrameExclusion.CURRENT_ROW;
    }
    if (t.accept(GROUP)) {
      return FrameExclusion.GROUP;
    }
    if (t.accept(TIES)) {
      return FrameExclusion.TIES;
    }
    t.expect(NO);
    t.expect(OTHERS);
    return FrameExclusion.NO_OTHERS;
  }
}
