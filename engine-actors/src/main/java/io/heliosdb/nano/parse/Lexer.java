package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ParseSettings.Notice;
import io.heliosdb.nano.parse.ParseSettings.Severity;
import java.nio.charset.StandardCharsets;

/// PostgreSQL 15's lexical rules: one pass over the text that fills [Tokens].
///
/// Operators follow PostgreSQL's trimming rule: a run of operator characters ends before a comment and loses trailing `+` and `-`
/// unless it holds one of ``~ ! @ # % ^ & | ` ?``. Source: PostgreSQL 15 manual, "Lexical Structure"; behaviour of its scanner.
final class Lexer {
  private static final int IDENT_START = 1;
  private static final int IDENT_PART = 2;
  private static final int DIGIT = 4;
  private static final int OPERATOR = 8;
  private static final int SPACE = 16;
  /// Operator characters that keep a trailing `+` or `-`.
  private static final int OPERATOR_SPECIAL = 32;

  private static final byte[] CLASS = new byte[128];

  static {
    for (char c = 'a'; c <= 'z'; c++) {
      CLASS[c] = CLASS[c - 32] = IDENT_START | IDENT_PART;
    }
    CLASS['_'] = IDENT_START | IDENT_PART;
    CLASS['$'] = IDENT_PART;
    for (char c = '0'; c <= '9'; c++) {
      CLASS[c] = IDENT_PART | DIGIT;
    }
    for (char c : "+-*/<>=".toCharArray()) {
      CLASS[c] = OPERATOR;
    }
    for (char c : "~!@#%^&|`?".toCharArray()) {
      CLASS[c] = OPERATOR | OPERATOR_SPECIAL;
    }
    for (char c : " \t\n\r\f".toCharArray()) {
      CLASS[c] = SPACE;
    }
  }

  private static final int OPERATOR_LENGTH_MAX = 63;
  private static final int IDENTIFIER_BYTES_MAX = 63;

  private final String text;
  private final int length;
  private final Tokens tokens;
  private int at;

  private Lexer(Tokens tokens) {
    this.tokens = tokens;
    this.text = tokens.text;
    this.length = text.length();
  }

  /// All tokens of a text, ready to be read from the first one.
  static Tokens scan(String text, ParseSettings settings) {
    Tokens tokens = new Tokens(text, settings);
    new Lexer(tokens).scanAll();
    tokens.finish();
    return tokens;
  }

  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  static boolean isSpace(char c) {
    return c < 128 && (CLASS[c] & SPACE) != 0;
  }

  static boolean isIdentifierStart(char c) {
    return c >= 128 || (CLASS[c] & IDENT_START) != 0;
  }

  static boolean isIdentifierPart(char c) {
    return c >= 128 || (CLASS[c] & IDENT_PART) != 0;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isOperator(char c) {
    return c < 128 && (CLASS[c] & OPERATOR) != 0;
  }

  private void scanAll() {
    try {
      while (at < length) {
        scanToken();
      }
    } catch (SqlException e) {
      tokens.addError(e, Math.min(at, length), length);
    }
  }

  private void scanToken() {
    char c = text.charAt(at);
    int classes = c < 128 ? CLASS[c] : IDENT_START;
    if ((classes & SPACE) != 0) {
      at++;
    } else if ((classes & IDENT_START) != 0) {
      scanWord(c);
    } else if ((classes & DIGIT) != 0) {
      scanNumber();
    } else if ((classes & OPERATOR) != 0) {
      scanOperator(c);
    } else {
      scanSpecial(c);
    }
  }

  private char charAt(int offset) {
    return offset < length ? text.charAt(offset) : '\0';
  }

  // ------------------------------------------------------------------------------------------ words

  private void scanWord(char first) {
    if (isPrefixedQuote(first)) {
      return;
    }
    int start = at;
    int hash = 0;
    int offset = at;
    boolean ascii = true;
    while (offset < length) {
      char c = text.charAt(offset);
      if (c >= 128) {
        ascii = false;
      } else if ((CLASS[c] & IDENT_PART) == 0) {
        break;
      }
      hash = Keywords.hashStep(hash, lower(c));
      offset++;
    }
    at = offset;
    int keyword = ascii && offset - start <= 17 ? Keywords.find(text, start, offset, hash) : -1;
    tokens.add(keyword >= 0 ? keyword : IDENT, start, offset);
  }

  /// Scans a string or identifier with a letter in front: `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`, `U&"…"`.
  private boolean isPrefixedQuote(char first) {
    char next = charAt(at + 1);
    if (next == '\'') {
      switch (first) {
        case 'e', 'E' -> new StringScanner(tokens, at).scanEscapeString();
        case 'b', 'B' -> scanBits(BCONST, "unterminated bit string literal");
        case 'x', 'X' -> scanBits(XCONST, "unterminated hexadecimal string literal");
        case 'n', 'N' -> {
          tokens.add(Keywords.NCHAR, at, at + 1);
          at++;
          return true;
        }
        default -> {
          return false;
        }
      }
      at = tokens.ends[tokens.count - 1];
      return true;
    }
    if (next == '&' && (first == 'u' || first == 'U')) {
      char quote = charAt(at + 2);
      if (quote == '\'' || quote == '"') {
        new StringScanner(tokens, at).scanUnicode(quote);
        at = tokens.ends[tokens.count - 1];
        return true;
      }
    }
    return false;
  }

  private void scanBits(int kind, String unterminated) {
    int start = at;
    StringBuilder digits = new StringBuilder();
    int offset = at + 2;
    while (true) {
      int close = text.indexOf('\'', offset);
      if (close < 0) {
        throw unterminated(unterminated, start);
      }
      digits.append(text, offset, close);
      int continued = StringScanner.continuation(text, close + 1);
      if (continued < 0) {
        tokens.add(kind, start, close + 1, digits.toString());
        return;
      }
      offset = continued;
    }
  }

  /// PostgreSQL quotes everything from the token's start in such messages.
  static SqlException unterminated(Tokens tokens, String message, int start) {
    return new SqlException(SqlState.SYNTAX_ERROR, message + " at or near \"" + tokens.text.substring(start) + "\"")
        .at(tokens.positionOf(start));
  }

  private SqlException unterminated(String message, int start) {
    return unterminated(tokens, message, start);
  }

  // ------------------------------------------------------------------------------------------ numbers and parameters

  private int skipDigits(int offset) {
    while (offset < length && isDigit(text.charAt(offset))) {
      offset++;
    }
    return offset;
  }

  private void scanNumber() {
    int start = at;
    int offset = skipDigits(at);
    boolean integer = true;
    if (charAt(offset) == '.' && charAt(offset + 1) != '.') {
      integer = false;
      offset = skipDigits(offset + 1);
    }
    char c = charAt(offset);
    if (c == 'e' || c == 'E') {
      char sign = charAt(offset + 1);
      boolean signed = sign == '+' || sign == '-';
      int digits = offset + (signed ? 2 : 1);
      if (isDigit(charAt(digits))) {
        integer = false;
        offset = skipDigits(digits);
      } else {
        throw junk("trailing junk after numeric literal", start, signed ? offset + 2 : wordEnd(offset));
      }
    }
    if (offset < length && isIdentifierStart(text.charAt(offset))) {
      throw junk("trailing junk after numeric literal", start, wordEnd(offset));
    }
    tokens.add(integer && fitsInt(start, offset) ? ICONST : FCONST, start, offset);
    at = offset;
  }

  private int wordEnd(int offset) {
    int end = offset;
    while (end < length && isIdentifierPart(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private SqlException junk(String message, int start, int end) {
    return new SqlException(SqlState.SYNTAX_ERROR, message + " at or near \"" + text.substring(start, end) + "\"")
        .at(tokens.positionOf(start));
  }

  private boolean fitsInt(int start, int end) {
    int first = start;
    while (end - first > 10 && text.charAt(first) == '0') {
      first++;
    }
    if (end - first < 10) {
      return true;
    }
    return end - first == 10 && Long.parseLong(text, first, end, 10) <= Integer.MAX_VALUE;
  }

  private void scanParameter() {
    int start = at;
    int offset = skipDigits(at + 1);
    if (offset < length && isIdentifierStart(text.charAt(offset))) {
      throw junk("trailing junk after parameter", start, wordEnd(offset));
    }
    tokens.add(PARAM, start, offset);
    at = offset;
  }

  // ------------------------------------------------------------------------------------------ operators and single characters

  private void scanOperator(char first) {
    if (first == '-' && charAt(at + 1) == '-') {
      skipLineComment();
      return;
    }
    if (first == '/' && charAt(at + 1) == '*') {
      skipBlockComment();
      return;
    }
    int start = at;
    int offset = at;
    boolean special = false;
    while (offset < length && isOperator(text.charAt(offset))) {
      char c = text.charAt(offset);
      char next = charAt(offset + 1);
      if (offset > start && (c == '-' && next == '-' || c == '/' && next == '*')) {
        break;
      }
      special |= (CLASS[c] & OPERATOR_SPECIAL) != 0;
      offset++;
    }
    if (!special) {
      while (offset - start > 1 && (text.charAt(offset - 1) == '+' || text.charAt(offset - 1) == '-')) {
        offset--;
      }
    }
    if (offset - start > OPERATOR_LENGTH_MAX) {
      throw junk("operator too long", start, offset);
    }
    tokens.add(operatorKind(first, start, offset), start, offset);
    at = offset;
  }

  private int operatorKind(char first, int start, int end) {
    if (end - start == 1) {
      return switch (first) {
        case '+', '-', '*', '/', '%', '^', '<', '>', '=' -> first;
        default -> OP;
      };
    }
    if (end - start == 2) {
      char second = text.charAt(start + 1);
      if (second == '=') {
        return first == '<' ? LESS_EQUALS : first == '>' ? GREATER_EQUALS : first == '!' ? NOT_EQUALS : OP;
      }
      if (second == '>') {
        return first == '<' ? NOT_EQUALS : first == '=' ? EQUALS_GREATER : OP;
      }
    }
    return OP;
  }

  private void skipLineComment() {
    int offset = at;
    while (offset < length && text.charAt(offset) != '\n' && text.charAt(offset) != '\r') {
      offset++;
    }
    at = offset;
  }

  private void skipBlockComment() {
    int start = at;
    int nesting = 0;
    int offset = at;
    while (offset < length) {
      char c = text.charAt(offset);
      if (c == '/' && charAt(offset + 1) == '*') {
        nesting++;
        offset += 2;
      } else if (c == '*' && charAt(offset + 1) == '/') {
        offset += 2;
        if (--nesting == 0) {
          at = offset;
          return;
        }
      } else {
        offset++;
      }
    }
    throw unterminated("unterminated /* comment", start);
  }

  private void scanSpecial(char c) {
    switch (c) {
      case '\'' -> {
        new StringScanner(tokens, at).scanPlainString();
        at = tokens.ends[tokens.count - 1];
      }
      case '"' -> scanQuotedIdentifier();
      case '$' -> scanDollar();
      case '.' -> scanDot();
      case ':' -> scanColon();
      default -> single(c);
    }
  }

  private void single(char c) {
    tokens.add(c == 0 ? OP + 100 : c, at, at + 1);
    at++;
  }

  private void scanDot() {
    char next = charAt(at + 1);
    if (isDigit(next)) {
      scanFraction();
    } else if (next == '.') {
      tokens.add(DOT_DOT, at, at + 2);
      at += 2;
    } else {
      single('.');
    }
  }

  private void scanFraction() {
    int start = at;
    int offset = skipDigits(at + 1);
    char c = charAt(offset);
    if (c == 'e' || c == 'E') {
      char sign = charAt(offset + 1);
      boolean signed = sign == '+' || sign == '-';
      int digits = offset + (signed ? 2 : 1);
      if (!isDigit(charAt(digits))) {
        throw junk("trailing junk after numeric literal", start, signed ? digits : wordEnd(offset));
      }
      offset = skipDigits(digits);
    }
    if (offset < length && isIdentifierStart(text.charAt(offset))) {
      throw junk("trailing junk after numeric literal", start, wordEnd(offset));
    }
    tokens.add(FCONST, start, offset);
    at = offset;
  }

  private void scanColon() {
    char next = charAt(at + 1);
    if (next == ':') {
      tokens.add(TYPECAST, at, at + 2);
      at += 2;
    } else if (next == '=') {
      tokens.add(COLON_EQUALS, at, at + 2);
      at += 2;
    } else {
      single(':');
    }
  }

  private void scanDollar() {
    char next = charAt(at + 1);
    if (isDigit(next)) {
      scanParameter();
      return;
    }
    int tagEnd = at + 1;
    if (isIdentifierStart(next) && next != '\0') {
      while (tagEnd < length && isIdentifierPart(text.charAt(tagEnd)) && text.charAt(tagEnd) != '$') {
        tagEnd++;
      }
    }
    if (charAt(tagEnd) != '$') {
      single('$');
      return;
    }
    String delimiter = text.substring(at, tagEnd + 1);
    int close = text.indexOf(delimiter, tagEnd + 1);
    if (close < 0) {
      throw unterminated("unterminated dollar-quoted string", at);
    }
    int end = close + delimiter.length();
    tokens.add(SCONST, at, end, text.substring(tagEnd + 1, close));
    at = end;
  }

  // ------------------------------------------------------------------------------------------ identifiers

  private void scanQuotedIdentifier() {
    int start = at;
    int close = StringScanner.closingQuote(text, at + 1, '"');
    if (close < 0) {
      throw unterminated("unterminated quoted identifier", start);
    }
    if (close == start + 1) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "zero-length delimited identifier at or near \"\"\"\"").at(tokens.positionOf(start));
    }
    tokens.add(IDENT, start, close + 1);
    at = close + 1;
  }

  /// The name an identifier token stands for: unquoted ones in lower case (ASCII letters only), all cut to 63 bytes.
  static String identifierValue(Tokens tokens, int start, int end) {
    String text = tokens.text;
    if (text.charAt(start) == '"') {
      String inner = text.substring(start + 1, end - 1);
      return truncate(tokens, inner.indexOf('"') < 0 ? inner : inner.replace("\"\"", "\""), start);
    }
    return truncate(tokens, fold(text.substring(start, end)), start);
  }

  /// ASCII letters in lower case; other characters stay as they are.
  static String fold(String word) {
    int i = 0;
    while (i < word.length() && lower(word.charAt(i)) == word.charAt(i)) {
      i++;
    }
    if (i == word.length()) {
      return word;
    }
    char[] chars = word.toCharArray();
    for (; i < chars.length; i++) {
      chars[i] = lower(chars[i]);
    }
    return new String(chars);
  }

  /// Cuts a name to 63 bytes of UTF-8, at a character boundary, with PostgreSQL's notice.
  static String truncate(Tokens tokens, String name, int start) {
    if (name.length() * 3 <= IDENTIFIER_BYTES_MAX) {
      return name;
    }
    int bytes = 0;
    int offset = 0;
    while (offset < name.length()) {
      int codePoint = name.codePointAt(offset);
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      if (bytes > IDENTIFIER_BYTES_MAX) {
        String cut = name.substring(0, offset);
        String message = "identifier \"" + name + "\" will be truncated to \"" + cut + "\"";
        tokens.settings.notices().accept(new Notice(Severity.NOTICE, SqlState.NAME_TOO_LONG, message, "", 0));
        return cut;
      }
      offset += Character.charCount(codePoint);
    }
    return name;
  }

  static byte[] utf8(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
