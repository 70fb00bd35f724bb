package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ConstraintParser.ColumnQualifiers;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.Persistence;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TableDdl.*;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// CREATE TABLE in all forms, CREATE TABLE AS, CREATE MATERIALIZED VIEW, CREATE FOREIGN TABLE.
final class TableParser {
  private TableParser() {}

  /// `TABLE …`, after CREATE and the persistence words.
  static Statement parseCreate(Tokens t, Persistence persistence) {
    t.expect(TABLE);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    QualifiedName name = NameParser.parseQualifiedName(t);
    if (t.is('(') && !isColumnNameList(t)) {
      t.advance();
      List<TableElement> elements = t.is(')') ? List.of() : parseElements(t);
      t.expect(')');
      List<QualifiedName> inherits = parseInherits(t);
      return finish(t, new Head(name, persistence, ifNotExists, elements, null, inherits, null, null));
    }
    if (t.is(OF)) {
      t.advance();
      QualifiedName type = NameParser.parseAnyName(t);
      List<TableElement> elements = parseTypedElements(t);
      return finish(t, new Head(name, persistence, ifNotExists, elements, TypeName.of(type, type.position()), List.of(), null, null));
    }
    if (t.is(PARTITION)) {
      t.advance();
      t.expect(OF);
      QualifiedName parent = NameParser.parseQualifiedName(t);
      List<TableElement> elements = parseTypedElements(t);
      PartitionBound bound = parseBound(t);
      return finish(t, new Head(name, persistence, ifNotExists, elements, null, List.of(), parent, bound));
    }
    return parseCreateAs(t, name, false, persistence, ifNotExists);
  }

  private record Head(
      QualifiedName name,
      Persistence persistence,
      boolean ifNotExists,
      List<TableElement> elements,
      @Nullable TypeName ofType,
      List<QualifiedName> inherits,
      @Nullable QualifiedName partitionOf,
      @Nullable PartitionBound bound) {}

  /// The clauses after the elements: partitioning, access method, options, ON COMMIT, tablespace.
  private static CreateTable finish(Tokens t, Head head) {
    PartitionBy partitionBy = t.is(PARTITION) ? parsePartitionBy(t) : null;
    String method = t.accept(USING) ? t.columnIdentifier() : null;
    List<Option> options = parseWith(t);
    OnCommit onCommit = parseOnCommit(t);
    String tablespace = t.accept(TABLESPACE) ? t.columnIdentifier() : null;
    return create(head, partitionBy, method, options, onCommit, tablespace, null);
  }

  private static CreateTable create(
      Head h,
      @Nullable PartitionBy partitionBy,
      @Nullable String method,
      List<Option> options,
      OnCommit onCommit,
      @Nullable String tablespace,
      @Nullable ForeignServer foreign) {
    return new CreateTable(
        h.name, h.persistence, h.ifNotExists, h.elements, h.ofType, h.inherits, h.partitionOf, h.bound, partitionBy, method, options,
        onCommit, tablespace, foreign);
  }

  /// `(a, b)` or `(a)`: names only, so this is CREATE TABLE AS.
  private static boolean isColumnNameList(Tokens t) {
    return isColumnIdentifier(t.peek(1)) && (t.peek(2) == ',' || t.peek(2) == ')');
  }

  private static List<Option> parseWith(Tokens t) {
    if (t.accept(WITHOUT)) {
      t.expect(OIDS);
      return List.of();
    }
    return OptionParser.parseOptionalWith(t);
  }

  private static OnCommit parseOnCommit(Tokens t) {
    if (!t.accept(ON)) {
      return OnCommit.UNSPECIFIED;
    }
    t.expect(COMMIT);
    if (t.accept(DROP)) {
      return OnCommit.DROP;
    }
    boolean delete = t.accept(DELETE);
    if (!delete) {
      t.expect(PRESERVE);
    }
    t.expect(ROWS);
    return delete ? OnCommit.DELETE_ROWS : OnCommit.PRESERVE_ROWS;
  }

  private static List<QualifiedName> parseInherits(Tokens t) {
    if (!t.accept(INHERITS)) {
      return List.of();
    }
    t.expect('(');
    List<QualifiedName> parents = NameParser.parseQualifiedNames(t);
    t.expect(')');
    return parents;
  }

  // ------------------------------------------------------------------------------------------ CREATE … AS

  static CreateTableAs parseCreateAs(
      Tokens t, QualifiedName name, boolean materializedView, Persistence persistence, boolean ifNotExists) {
    List<Name> columns = NameParser.parseOptionalColumns(t);
    String method = t.accept(USING) ? t.columnIdentifier() : null;
    List<Option> options = materializedView ? OptionParser.parseOptionalWith(t) : parseWith(t);
    OnCommit onCommit = materializedView ? OnCommit.UNSPECIFIED : parseOnCommit(t);
    String tablespace = t.accept(TABLESPACE) ? t.columnIdentifier() : null;
    t.expect(AS);
    int start = t.start();
    Statement query = t.is(EXECUTE) && !materializedView ? CursorParser.parseExecute(t) : SelectParser.parse(t);
    String text = t.text.substring(start, t.previousEnd());
    boolean withData = true;
    if (t.accept(WITH)) {
      withData = !t.accept(NO);
      t.expect(DATA);
    }
    return new CreateTableAs(
        name, materializedView, persistence, ifNotExists, columns, method, options, onCommit, tablespace, query, withData, text);
  }

  // ------------------------------------------------------------------------------------------ elements

  private static List<TableElement> parseElements(Tokens t) {
    List<TableElement> elements = new ArrayList<>();
    do {
      elements.add(parseElement(t));
    } while (t.accept(','));
    return List.copyOf(elements);
  }

  private static TableElement parseElement(Tokens t) {
    if (t.is(LIKE)) {
      return parseLike(t);
    }
    return ConstraintParser.startsTableConstraint(t) ? ConstraintParser.parseTableConstraint(t) : parseColumn(t);
  }

  /// columnDef.
  static Column parseColumn(Tokens t) {
    int position = t.position();
    String name = t.columnIdentifier();
    TypeName type = TypeParser.parse(t);
    String compression = null;
    if (t.accept(COMPRESSION)) {
      compression = t.is(DEFAULT) ? t.label() : t.columnIdentifier();
    }
    List<Option> foreign = OptionParser.parseOptionalForeign(t);
    ColumnQualifiers qualifiers = ConstraintParser.parseColumnQualifiers(t);
    return new Column(name, type, compression, foreign, qualifiers.collation(), qualifiers.constraints(), position);
  }

  /// OptTypedTableElementList.
  private static List<TableElement> parseTypedElements(Tokens t) {
    if (!t.accept('(')) {
      return List.of();
    }
    List<TableElement> elements = new ArrayList<>();
    do {
      elements.add(ConstraintParser.startsTableConstraint(t) ? ConstraintParser.parseTableConstraint(t) : parseColumnOptions(t));
    } while (t.accept(','));
    t.expect(')');
    return List.copyOf(elements);
  }

  private static Column parseColumnOptions(Tokens t) {
    int position = t.position();
    String name = t.columnIdentifier();
    if (t.accept(WITH)) {
      t.expect(OPTIONS);
    }
    ColumnQualifiers qualifiers = ConstraintParser.parseColumnQualifiers(t);
    return new Column(name, null, null, List.of(), qualifiers.collation(), qualifiers.constraints(), position);
  }

  private static LikeClause parseLike(Tokens t) {
    int position = t.position();
    t.expect(LIKE);
    QualifiedName table = NameParser.parseQualifiedName(t);
    EnumSet<LikeOption> including = EnumSet.noneOf(LikeOption.class);
    while (t.is(INCLUDING) || t.is(EXCLUDING)) {
      boolean include = t.is(INCLUDING);
      t.advance();
      Set<LikeOption> options = likeOptions(t);
      t.advance();
      if (include) {
        including.addAll(options);
      } else {
        including.removeAll(options);
      }
    }
    return new LikeClause(table, Set.copyOf(including), position);
  }

  private static Set<LikeOption> likeOptions(Tokens t) {
    return switch (t.kind) {
      case COMMENTS -> Set.of(LikeOption.COMMENTS);
      case COMPRESSION -> Set.of(LikeOption.COMPRESSION);
      case CONSTRAINTS -> Set.of(LikeOption.CONSTRAINTS);
      case DEFAULTS -> Set.of(LikeOption.DEFAULTS);
      case IDENTITY -> Set.of(LikeOption.IDENTITY);
      case GENERATED -> Set.of(LikeOption.GENERATED);
      case INDEXES -> Set.of(LikeOption.INDEXES);
      case STATISTICS -> Set.of(LikeOption.STATISTICS);
      case STORAGE -> Set.of(LikeOption.STORAGE);
      case ALL -> EnumSet.allOf(LikeOption.class);
      default -> throw t.syntaxError();
    };
  }

  // ------------------------------------------------------------------------------------------ partitions

  private static PartitionBy parsePartitionBy(Tokens t) {
    int position = t.position();
    t.expect(PARTITION);
    t.expect(BY);
    String strategy = t.columnIdentifier();
    t.expect('(');
    List<PartitionKey> keys = new ArrayList<>();
    do {
      keys.add(parsePartitionKey(t));
    } while (t.accept(','));
    t.expect(')');
    return new PartitionBy(strategy, List.copyOf(keys), position);
  }

  private static PartitionKey parsePartitionKey(Tokens t) {
    int position = t.position();
    String column = null;
    SourceExpression expression = null;
    if (t.is('(')) {
      expression = ExpressionParser.parseParenthesisedSource(t);
    } else if (IndexParser.startsCall(t)) {
      expression = IndexParser.parseCallSource(t);
    } else {
      column = t.columnIdentifier();
    }
    QualifiedName collation = t.accept(COLLATE) ? NameParser.parseAnyName(t) : null;
    QualifiedName operatorClass = isColumnIdentifier(t.kind) ? NameParser.parseAnyName(t) : null;
    return new PartitionKey(column, expression, collation, operatorClass, position);
  }

  /// PartitionBoundSpec.
  static PartitionBound parseBound(Tokens t) {
    int position = t.position();
    if (t.accept(DEFAULT)) {
      return new DefaultBound(position);
    }
    t.expect(FOR);
    t.expect(VALUES);
    position = t.position();
    if (t.accept(IN)) {
      t.expect('(');
      List<Expression> values = ExpressionParser.parseList(t);
      t.expect(')');
      return new ListBound(values, position);
    }
    if (t.accept(FROM)) {
      t.expect('(');
      List<Expression> from = ExpressionParser.parseList(t);
      t.expect(')');
      t.expect(TO);
      t.expect('(');
      List<Expression> to = ExpressionParser.parseList(t);
      t.expect(')');
      return new RangeBound(from, to, position);
    }
    t.expect(WITH);
    return parseHashBound(t, position);
  }

  private static HashBound parseHashBound(Tokens t, int position) {
    t.expect('(');
    int modulus = -1;
    int remainder = -1;
    do {
      int optionPosition = t.position();
      String option = t.nonReservedWord();
      int value = NameParser.parseInteger(t);
      switch (option) {
        case "modulus" -> {
          if (modulus >= 0) {
            throw duplicate("modulus for hash partition provided more than once", optionPosition);
          }
          modulus = value;
        }
        case "remainder" -> {
          if (remainder >= 0) {
            throw duplicate("remainder for hash partition provided more than once", optionPosition);
          }
          remainder = value;
        }
        default -> throw t.grammarError("unrecognized hash partition bound specification \"" + option + "\"", optionPosition);
      }
    } while (t.accept(','));
    t.expect(')');
    if (modulus < 0) {
      throw t.grammarError("modulus for hash partition must be specified", 0);
    }
    if (remainder < 0) {
      throw t.grammarError("remainder for hash partition must be specified", 0);
    }
    return new HashBound(modulus, remainder, position);
  }

  private static SqlException duplicate(String message, int position) {
    return new SqlException(SqlState.DUPLICATE_OBJECT, message).at(position);
  }

  // ------------------------------------------------------------------------------------------ foreign tables

  /// `FOREIGN TABLE …`, after CREATE.
  static CreateTable parseCreateForeign(Tokens t) {
    t.expect(FOREIGN);
    t.expect(TABLE);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    QualifiedName name = NameParser.parseQualifiedName(t);
    Head head;
    if (t.accept(PARTITION)) {
      t.expect(OF);
      QualifiedName parent = NameParser.parseQualifiedName(t);
      List<TableElement> elements = parseTypedElements(t);
      head = new Head(name, Persistence.PERMANENT, ifNotExists, elements, null, List.of(), parent, parseBound(t));
    } else {
      t.expect('(');
      List<TableElement> elements = t.is(')') ? List.of() : parseElements(t);
      t.expect(')');
      head = new Head(name, Persistence.PERMANENT, ifNotExists, elements, null, parseInherits(t), null, null);
    }
    t.expect(SERVER);
    String server = t.columnIdentifier();
    ForeignServer foreign = new ForeignServer(server, OptionParser.parseOptionalForeign(t));
    return create(head, null, null, List.of(), OnCommit.UNSPECIFIED, null, foreign);
  }
}
