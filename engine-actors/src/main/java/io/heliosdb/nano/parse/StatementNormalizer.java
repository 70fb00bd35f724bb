package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.ast.Expression.Literal;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lifts the literals out of a statement's text so that statements which differ in values only share a plan.
///
/// One pass of the lexer. Only a single SELECT, INSERT, UPDATE, DELETE, VALUES or WITH is normalised. A literal stays in the key where its
/// value decides the plan or the meaning: LIMIT, OFFSET and FETCH counts, ORDER BY and GROUP BY lists, typed constants (`DATE '…'`,
/// `INTERVAL '…'`), type modifiers, patterns of LIKE, moments of AS OF, window clauses, the target of ON CONFLICT. With GROUP BY or
/// DISTINCT only literals of WHERE are lifted, because expressions are compared there. Lifted numbers keep their class (int4, int8,
/// numeric) in the key.
///
/// The key holds nothing of the session: the caller adds search path, settings, role and so on. Stateless and thread-safe.
public final class StatementNormalizer {
  /// Texts longer than this are not normalised: such statements are rarely repeated and their plans large.
  public static final int TEXT_LENGTH_MAX = 64 * 1024;

  /// Statements with more literals than this are not normalised.
  public static final int LITERALS_MAX = 1024;

  /// Bits of a `long`.
  private static final int DEPTH_MAX = 64;

  private final Tokens t;
  private final StringBuilder key;
  private int[] lifted = new int[8];
  private int liftedCount;
  private final boolean onlyWhere;

  // What holds at each level of parentheses, a bit per level.
  private long blocked;
  private long where;
  private int depth;
  private boolean conflictTarget;

  private StatementNormalizer(Tokens t, boolean onlyWhere) {
    this.t = t;
    this.onlyWhere = onlyWhere;
    this.key = new StringBuilder(t.text.length() + 16);
  }

  /// A statement's key, its lifted literals, and the way to its tree.
  public static final class Normalized {
    private final Tokens tokens;
    private final String key;
    private final int[] lifted;

    private Normalized(Tokens tokens, String key, int[] lifted) {
      this.tokens = tokens;
      this.key = key;
      this.lifted = lifted;
    }

    /// The normalised text: equal keys mean equal statements up to lifted values. Not SQL: markers stand for literals.
    public String key() {
      return key;
    }

    /// The text with the lifted literals written as parameters, for people.
    ///
    /// @param parameters the number of the last parameter that the text has itself
    public String displayText(int parameters) {
      StringBuilder shown = new StringBuilder(tokens.text.length());
      int at = 0;
      for (int i = 0; i < lifted.length; i++) {
        shown.append(tokens.text, at, tokens.starts[lifted[i]]).append('$').append(parameters + i + 1);
        at = tokens.ends[lifted[i]];
      }
      return shown.append(tokens.text, at, tokens.text.length()).toString();
    }

    public int literalCount() {
      return lifted.length;
    }

    /// The literal with an index: an integer, decimal or string literal with its position, without a sign that stood before it.
    public Literal literal(int index) {
      return PrimaryParser.constant(tokens, lifted[index]);
    }

    public List<Literal> literals() {
      Literal[] literals = new Literal[lifted.length];
      for (int i = 0; i < literals.length; i++) {
        literals[i] = literal(i);
      }
      return List.of(literals);
    }

    /// Parses the statement with `LiftedLiteral` expressions in place of the lifted literals, without another pass of the lexer. Null if
    /// one of them stands where the grammar wants a constant: then statements with this key must be parsed as they are.
    public @Nullable ParsedStatement parse() {
      tokens.lifted = lifted;
      tokens.liftedMet = 0;
      tokens.liftedNegated = new java.util.BitSet();
      try {
        tokens.seek(0);
        List<ParsedStatement> statements = Parser.parseAll(tokens);
        return statements.size() == 1 && tokens.liftedMet == lifted.length ? statements.getFirst() : null;
      } catch (StackOverflowError e) {
        throw Parser.tooDeep();
      } finally {
        tokens.lifted = null;
      }
    }

    /// After [#parse]: the indexes of literals that a minus sign belongs to. The same for every statement with this key.
    public java.util.BitSet negated() {
      return (java.util.BitSet) tokens.liftedNegated.clone();
    }

    /// Parses the statement as it is, without another pass of the lexer.
    public ParsedStatement parsePlain() {
      tokens.lifted = null;
      tokens.seek(0);
      List<ParsedStatement> statements = Parser.parseAll(tokens);
      return statements.getFirst();
    }
  }

  public static @Nullable Normalized normalize(String text) {
    return normalize(text, ParseSettings.DEFAULT);
  }

  /// The normalised statement, or null if the text is not one that can be normalised (also if it has a lexical error, which parsing
  /// reports).
  public static @Nullable Normalized normalize(String text, ParseSettings settings) {
    if (text.length() > TEXT_LENGTH_MAX || !settings.standardConformingStrings()) {
      return null;
    }
    Tokens tokens;
    try {
      tokens = Lexer.scan(text, settings);
    } catch (SqlException e) {
      return null;
    }
    switch (tokens.kinds[0]) {
      case SELECT, INSERT, UPDATE, DELETE, VALUES, WITH -> {}
      default -> {
        return null;
      }
    }
    boolean onlyWhere = false;
    for (int i = 0; i < tokens.count; i++) {
      switch (tokens.kinds[i]) {
        case ERROR, TABLESAMPLE -> {
          return null;
        }
        case GROUP, DISTINCT -> onlyWhere = true;
        default -> {}
      }
    }
    StatementNormalizer normalizer = new StatementNormalizer(tokens, onlyWhere);
    return normalizer.run() ? normalizer.result() : null;
  }

  private Normalized result() {
    return new Normalized(t, key.toString(), Arrays.copyOf(lifted, liftedCount));
  }

  // ------------------------------------------------------------------------------------------ the pass

  private boolean run() {
    for (int i = 0; i < t.count; i++) {
      int kind = t.kinds[i];
      switch (kind) {
        case EOF -> {
          return true;
        }
        case ';' -> {
          // Only semicolons may follow.
          for (int rest = i; rest < t.count; rest++) {
            if (t.kinds[rest] != ';' && t.kinds[rest] != EOF) {
              return false;
            }
          }
          return true;
        }
        case '(' -> {
          if (!open(i)) {
            return false;
          }
        }
        case ')' -> {
          depth = Math.max(0, depth - 1);
          key.append(')');
        }
        case ICONST, FCONST, SCONST -> {
          if (kind == SCONST && i > 0 && t.kinds[i - 1] == ')') {
            // Perhaps a constant of a type with modifiers, which look like arguments.
            return false;
          }
          appendLiteral(i, kind);
          if (liftedCount > LITERALS_MAX) {
            return false;
          }
        }
        default -> appendOther(i, kind);
      }
    }
    return true;
  }

  private boolean isBlocked() {
    return (blocked >>> depth & 1) != 0;
  }

  private void block(boolean on) {
    blocked = on ? blocked | 1L << depth : blocked & ~(1L << depth);
  }

  private boolean isInWhere() {
    return (where >>> depth & 1) != 0;
  }

  private void inWhere(boolean on) {
    where = on ? where | 1L << depth : where & ~(1L << depth);
  }

  private boolean open(int i) {
    key.append('(');
    if (depth + 1 >= DEPTH_MAX) {
      return false;
    }
    boolean inner = isBlocked() || opensBlocked(i);
    boolean inWhere = isInWhere();
    depth++;
    block(inner);
    inWhere(inWhere);
    return true;
  }

  /// Whether the parenthesis encloses type modifiers, a window or something else whose constants stay.
  private boolean opensBlocked(int i) {
    int before = i > 0 ? t.kinds[i - 1] : EOF;
    switch (before) {
      case CHAR, CHARACTER, VARCHAR, VARYING, NCHAR, NUMERIC, DECIMAL, DEC, FLOAT, BIT, TIME, TIMESTAMP, INTERVAL, SECOND, OVER,
          CURRENT_TIME, CURRENT_TIMESTAMP, LOCALTIME, LOCALTIMESTAMP, CONFLICT, EXTRACT -> {
        return true;
      }
      default -> {}
    }
    // A generic type with modifiers: `x::t(3)`, `AS t(3)`, `column t(3)`.
    int at = i - 1;
    while (at > 1 && isLabel(t.kinds[at]) && t.kinds[at - 1] == '.') {
      at -= 2;
    }
    if (at <= 0 || !isTypeOrFunctionName(t.kinds[at])) {
      return false;
    }
    int prior = t.kinds[at - 1];
    return prior == TYPECAST || prior == AS || prior == IDENT || prior == SETOF;
  }

  private void appendOther(int i, int kind) {
    if (kind >= Keywords.BASE) {
      enterClause(i, kind);
      key.append(Keywords.text(kind)).append(' ');
    } else if (kind == IDENT) {
      appendIdentifier(i);
    } else if (kind < 128) {
      key.append((char) kind);
    } else {
      key.append(t.text, t.starts[i], t.ends[i]).append(' ');
    }
  }

  private void appendIdentifier(int i) {
    String text = t.text;
    int end = t.ends[i];
    if (isQuoted(i)) {
      key.append(text, t.starts[i], end);
    } else {
      for (int at = t.starts[i]; at < end; at++) {
        key.append(Lexer.lower(text.charAt(at)));
      }
      if (t.isWordAt(i, "versions") && i + 1 < t.count && t.kinds[i + 1] == BETWEEN) {
        block(true);
      }
    }
    key.append(' ');
  }

  private boolean isQuoted(int i) {
    char last = t.text.charAt(t.ends[i] - 1);
    return last == '"' || last == '\'';
  }

  /// Clause words switch lifting on and off at their level of parentheses.
  private void enterClause(int i, int kind) {
    switch (kind) {
      case SELECT, VALUES, SET, RETURNING, FROM, HAVING, UNION, INTERSECT, EXCEPT, DO, LIMIT, OFFSET, FETCH -> {
        conflictTarget &= kind != DO;
        block(false);
        inWhere(false);
      }
      case WHERE -> {
        // The predicate of a conflict target must match a partial index's.
        block(conflictTarget);
        inWhere(true);
      }
      case CONFLICT -> {
        conflictTarget = true;
        block(true);
      }
      case ORDER, GROUP, WINDOW -> {
        block(true);
        inWhere(false);
      }
      case OF -> {
        if (i > 0 && t.kinds[i - 1] == AS) {
          block(true);
        }
      }
      case JOIN, ON -> {
        if (!onConflictTarget(i)) {
          block(false);
        }
      }
      default -> {}
    }
  }

  private boolean onConflictTarget(int i) {
    return t.kinds[i] == ON && i + 1 < t.count && (t.kinds[i + 1] == CONFLICT || t.kinds[i + 1] == CONSTRAINT);
  }

  // ------------------------------------------------------------------------------------------ literals

  private void appendLiteral(int i, int kind) {
    boolean may = !isBlocked() && (!onlyWhere || isInWhere()) && i > 0 && mayFollow(t.kinds[i - 1], i);
    if (!may) {
      key.append(t.text, t.starts[i], t.ends[i]).append(' ');
      return;
    }
    char marker = kind == SCONST ? 's' : kind == ICONST ? 'i' : numberClass(i);
    if (marker == 0) {
      key.append(t.text, t.starts[i], t.ends[i]).append(' ');
      return;
    }
    if (liftedCount == lifted.length) {
      lifted = Arrays.copyOf(lifted, liftedCount * 2);
    }
    lifted[liftedCount++] = i;
    // A control character cannot be part of any other token.
    key.append('\u0001').append(marker);
  }

  /// Whether a literal after a token of this kind is an ordinary value; after a name it would be a typed constant, after LIMIT a count.
  private boolean mayFollow(int before, int i) {
    return switch (before) {
      case '(', ',', '=', '<', '>', '*', '/', '%', '^', '[', ':', '+', '-', LESS_EQUALS, GREATER_EQUALS, NOT_EQUALS, OP, EQUALS_GREATER,
          COLON_EQUALS, SELECT, WHERE, AND, OR, NOT, WHEN, THEN, ELSE, BETWEEN, SYMMETRIC, FROM, RETURNING, ON, HAVING, CASE, ALL ->
          !afterCount(before, i) && !namesObject(i);
      default -> false;
    };
  }

  /// A sign in front of a LIMIT count.
  private boolean afterCount(int before, int i) {
    if (before != '-' && before != '+' || i < 2) {
      return false;
    }
    int prior = t.kinds[i - 2];
    return prior == LIMIT || prior == OFFSET || prior == FIRST || prior == NEXT;
  }

  /// Whether a string names an object or a fixed unit (`nextval('s')`, `'t'::regclass`, `date_trunc('day', …)`), which is resolved once.
  private boolean namesObject(int i) {
    if (t.kinds[i] != SCONST) {
      return false;
    }
    if (i + 2 < t.count && t.kinds[i + 1] == TYPECAST && t.kinds[i + 2] == IDENT && t.text.startsWith("reg", t.starts[i + 2])) {
      return true;
    }
    if (i < 2 || t.kinds[i - 1] != '(' || t.kinds[i - 2] != IDENT) {
      return false;
    }
    return switch (t.identifier(i - 2)) {
      case "nextval", "currval", "setval", "date_trunc", "date_part", "to_tsvector", "to_tsquery" -> true;
      default -> false;
    };
  }

  /// `b` for int8, `n` for numeric, 0 for the two numbers whose class changes with a sign in front.
  private char numberClass(int i) {
    int start = t.starts[i];
    int end = t.ends[i];
    for (int at = start; at < end; at++) {
      if (!Lexer.isDigit(t.text.charAt(at))) {
        return 'n';
      }
    }
    while (end - start > 1 && t.text.charAt(start) == '0') {
      start++;
    }
    String digits = t.text.substring(start, end);
    if (digits.equals("2147483648") || digits.equals("9223372036854775808")) {
      return 0;
    }
    return digits.length() < 19 || digits.length() == 19 && digits.compareTo("9223372036854775807") <= 0 ? 'b' : 'n';
  }
}
