package io.heliosdb.nano.function.search;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Splits text into the tokens of PostgreSQL's default parser: words, numbers, hosts, addresses, hyphenated words and so on.
/// Source: PostgreSQL 15 manual, "Parsers". Confined to one text.
public final class TextTokens {
  /// The token types with PostgreSQL's numbers and names.
  public enum Type {
    ASCII_WORD(1, "asciiword"), WORD(2, "word"), NUM_WORD(3, "numword"), EMAIL(4, "email"), URL(5, "url"), HOST(6, "host"),
    SCIENTIFIC(7, "sfloat"), VERSION(8, "version"), HYPHENATED_NUM_PART(9, "hword_numpart"), HYPHENATED_PART(10, "hword_part"),
    HYPHENATED_ASCII_PART(11, "hword_asciipart"), BLANK(12, "blank"), TAG(13, "tag"), PROTOCOL(14, "protocol"),
    NUM_HYPHENATED(15, "numhword"), ASCII_HYPHENATED(16, "asciihword"), HYPHENATED(17, "hword"), URL_PATH(18, "url_path"),
    FILE(19, "file"), FLOAT(20, "float"), INT(21, "int"), UNSIGNED(22, "uint"), ENTITY(23, "entity");

    private final int number;
    private final String alias;

    Type(int number, String alias) {
      this.number = number;
      this.alias = alias;
    }

    public int number() {
      return number;
    }

    public String alias() {
      return alias;
    }

    /// Whether a dictionary looks at it; the others are passed over.
    public boolean indexed() {
      return this != BLANK && this != TAG && this != PROTOCOL && this != ENTITY;
    }

    /// Whether it is a word without digits, which language dictionaries stem.
    public boolean stemmed() {
      return switch (this) {
        case ASCII_WORD, WORD, HYPHENATED_PART, HYPHENATED_ASCII_PART, ASCII_HYPHENATED, HYPHENATED -> true;
        default -> false;
      };
    }
  }

  /// `partOfCompound`: a part of the hyphenated word given before.
  public record Token(Type type, String text, boolean partOfCompound) {}

  private static final String HOST_TEXT = "(?:[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_-]*[\\p{L}\\p{N}_])?\\.)+\\p{L}{2,}";
  private static final Pattern TAG = Pattern.compile("<!--.*?-->|</?[a-zA-Z](?:\"[^\"]*\"|'[^']*'|[^<>\"'])*>|<[!?][a-zA-Z][^<>]*>", Pattern.DOTALL);
  private static final Pattern ENTITY = Pattern.compile("&(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);");
  private static final Pattern PROTOCOL = Pattern.compile("[a-zA-Z]+://");
  private static final Pattern EMAIL = Pattern.compile("[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_.+-]*[\\p{L}\\p{N}_+-])?@" + HOST_TEXT);
  private static final Pattern HOST = Pattern.compile(HOST_TEXT + "(?::[0-9]+)?(?![\\p{L}\\p{N}_-])");
  private static final Pattern PATH = Pattern.compile("/[^\\s<>\"']+");
  private static final Pattern VERSION = Pattern.compile("[0-9]+(?:\\.[0-9]+){2,}(?![\\p{L}\\p{N}_])");
  private static final Pattern SCIENTIFIC = Pattern.compile("[+-]?[0-9]+(?:\\.[0-9]+)?[eE][+-]?[0-9]+(?![\\p{L}\\p{N}_])");
  private static final Pattern FLOAT = Pattern.compile("[+-]?[0-9]+\\.[0-9]+(?![\\p{L}\\p{N}_])");
  private static final Pattern INT = Pattern.compile("[+-][0-9]+(?![\\p{L}\\p{N}_])");
  private static final Pattern UNSIGNED = Pattern.compile("[0-9]+(?![\\p{L}\\p{N}_])");
  private static final Pattern FILE = Pattern.compile("~?/?[\\p{L}\\p{N}_.-]*(?:/[\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_-])+/?");
  private static final Pattern DOTTED = Pattern.compile("[\\p{L}\\p{N}_]+(?:\\.[\\p{L}\\p{N}_]+)+");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{M}]+");
  private static final Pattern HYPHENATED = Pattern.compile("[\\p{L}\\p{N}\\p{M}]*\\p{L}[\\p{L}\\p{N}\\p{M}]*(?:-[\\p{N}\\p{M}]*\\p{L}[\\p{L}\\p{N}\\p{M}]*)+");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private TextTokens(String text) {
    this.text = text;
  }

  /// The tokens in order, blanks included; together they are the whole text, except that parts of compounds repeat it.
  public static List<Token> of(String text) {
    TextTokens tokens = new TextTokens(text);
    tokens.run();
    return tokens.tokens;
  }

  private void run() {
    int blankFrom = 0;
    while (at < text.length()) {
      int start = at;
      int count = tokens.size();
      boolean read = mayStart() && token();
      if (read) {
        if (start > blankFrom) {
          tokens.add(count, new Token(Type.BLANK, text.substring(blankFrom, start), false));
        }
        blankFrom = at;
      } else {
        if (text.charAt(at) == '<' && at > blankFrom) {
          tokens.add(new Token(Type.BLANK, text.substring(blankFrom, at), false));
          blankFrom = at;
        }
        at += Character.charCount(text.codePointAt(at));
      }
    }
    if (at > blankFrom) {
      tokens.add(new Token(Type.BLANK, text.substring(blankFrom, at), false));
    }
  }

  private boolean mayStart() {
    char c = text.charAt(at);
    return Character.isLetterOrDigit(c) || Character.isHighSurrogate(c) || "<&+-/~_".indexOf(c) >= 0;
  }

  private boolean take(Pattern pattern, Type type) {
    Matcher matcher = pattern.matcher(text).region(at, text.length()).useTransparentBounds(true);
    if (!matcher.lookingAt()) {
      return false;
    }
    tokens.add(new Token(type, matcher.group(), false));
    at = matcher.end();
    return true;
  }

  private boolean token() {
    char c = text.charAt(at);
    if (c == '<') {
      return take(TAG, Type.TAG);
    }
    if (c == '&') {
      return take(ENTITY, Type.ENTITY);
    }
    if (c == '+' || c == '-') {
      return take(SCIENTIFIC, Type.SCIENTIFIC) || take(FLOAT, Type.FLOAT) || take(INT, Type.INT);
    }
    if (c == '/' || c == '~') {
      return take(FILE, Type.FILE);
    }
    if (take(PROTOCOL, Type.PROTOCOL)) {
      return true;
    }
    if (take(EMAIL, Type.EMAIL) || take(VERSION, Type.VERSION) || take(SCIENTIFIC, Type.SCIENTIFIC) || take(FLOAT, Type.FLOAT)) {
      return true;
    }
    if (host()) {
      return true;
    }
    return take(FILE, Type.FILE) || take(DOTTED, Type.FILE) || take(UNSIGNED, Type.UNSIGNED) || compound() || word();
  }

  private boolean host() {
    Matcher matcher = HOST.matcher(text).region(at, text.length()).useTransparentBounds(true);
    if (!matcher.lookingAt()) {
      return false;
    }
    int end = matcher.end();
    Matcher path = PATH.matcher(text).region(end, text.length());
    if (path.lookingAt()) {
      tokens.add(new Token(Type.URL, matcher.group() + path.group(), false));
      tokens.add(new Token(Type.HOST, matcher.group(), true));
      tokens.add(new Token(Type.URL_PATH, path.group(), true));
      at = path.end();
      return true;
    }
    tokens.add(new Token(Type.HOST, matcher.group(), false));
    at = end;
    return true;
  }

  private boolean compound() {
    Matcher matcher = HYPHENATED.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    String whole = matcher.group();
    boolean digits = whole.chars().anyMatch(Character::isDigit);
    boolean ascii = whole.chars().allMatch(c -> c < 0x80);
    tokens.add(new Token(digits ? Type.NUM_HYPHENATED : ascii ? Type.ASCII_HYPHENATED : Type.HYPHENATED, whole, false));
    String[] parts = whole.split("-");
    for (int i = 0; i < parts.length; i++) {
      if (i > 0) {
        tokens.add(new Token(Type.BLANK, "-", true));
      }
      boolean partDigits = parts[i].chars().anyMatch(Character::isDigit);
      boolean partAscii = parts[i].chars().allMatch(c -> c < 0x80);
      boolean number = parts[i].chars().allMatch(Character::isDigit);
      tokens.add(new Token(number ? Type.UNSIGNED : partDigits ? Type.HYPHENATED_NUM_PART
          : partAscii ? Type.HYPHENATED_ASCII_PART : Type.HYPHENATED_PART, parts[i], true));
    }
    at = matcher.end();
    return true;
  }

  private boolean word() {
    Matcher matcher = WORD.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    String word = matcher.group();
    boolean digits = word.chars().anyMatch(Character::isDigit);
    boolean ascii = word.chars().allMatch(c -> c < 0x80);
    tokens.add(new Token(digits ? Type.NUM_WORD : ascii ? Type.ASCII_WORD : Type.WORD, word, false));
    at = matcher.end();
    return true;
  }
}
