package io.heliosdb.nano.testkit.isolation;

import io.heliosdb.nano.testkit.isolation.IsolationSpec.Blocker;
import io.heliosdb.nano.testkit.isolation.IsolationSpec.Permutation;
import io.heliosdb.nano.testkit.isolation.IsolationSpec.Session;
import io.heliosdb.nano.testkit.isolation.IsolationSpec.Step;
import io.heliosdb.nano.testkit.isolation.IsolationSpec.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the script language:
///
/// ```
///   spec        = { "setup" sql } [ "teardown" sql ] { session } { permutation }
///   session     = "session" name [ "setup" sql ] { "step" name sql } [ "teardown" sql ]
///   permutation = "permutation" { name [ "(" blocker { "," blocker } ")" ] }
///   blocker     = "*" | name | name "notices" number
/// ```
/// SQL stands in braces (which do not nest), names are words or double-quoted, `#` begins a comment. Blanks beside the braces are no part
/// of the SQL, line ends are.
public final class SpecParser {
  /// @param kind `w` word, `q` quoted name, `s` SQL, `n` number, else the character itself; 0 at the end
  private record Token(char kind, String text, int line) {
    boolean isWord(String word) {
      return kind == 'w' && text.equals(word);
    }

    boolean isName() {
      return kind == 'w' || kind == 'q';
    }
  }

  /// The script is not of the language.
  public static final class SpecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SpecException(String message, int line) {
      super("line " + line + ": " + message);
    }
  }

  private record Named(String name, List<NamedBlocker> blockers, int line) {}

  /// @param notices -1 for none, -2 for `*`
  private record NamedBlocker(String name, int notices) {}

  private final String text;
  private int at;
  private int line = 1;
  private Token token;

  private SpecParser(String text) {
    this.text = text;
    token = scan();
  }

  public static IsolationSpec parse(String text) {
    return new SpecParser(text).spec();
  }

  private IsolationSpec spec() {
    List<String> setups = new ArrayList<>();
    while (takeWord("setup")) {
      setups.add(sql());
    }
    String teardown = takeWord("teardown") ? sql() : null;
    List<Session> sessions = new ArrayList<>();
    while (takeWord("session")) {
      sessions.add(session());
    }
    List<List<Named>> permutations = new ArrayList<>();
    while (takeWord("permutation")) {
      permutations.add(turns());
    }
    if (token.kind != 0) {
      throw new SpecException("unexpected \"" + token.text + "\"", token.line);
    }
    List<Permutation> resolved = permutations.stream().map(p -> new Permutation(p.stream().map(n -> resolve(n, sessions)).toList())).toList();
    return new IsolationSpec(setups, teardown, sessions, resolved);
  }

  private Session session() {
    String name = name();
    String setup = takeWord("setup") ? sql() : null;
    List<Step> steps = new ArrayList<>();
    while (takeWord("step")) {
      steps.add(new Step(name(), sql()));
    }
    String teardown = takeWord("teardown") ? sql() : null;
    return new Session(name, setup, steps, teardown);
  }

  private List<Named> turns() {
    List<Named> turns = new ArrayList<>();
    while (token.isName() && !token.isWord("permutation")) {
      int nameLine = token.line;
      turns.add(new Named(name(), blockers(), nameLine));
    }
    return turns;
  }

  private List<NamedBlocker> blockers() {
    List<NamedBlocker> blockers = new ArrayList<>();
    if (take('(')) {
      do {
        if (take('*')) {
          blockers.add(new NamedBlocker("*", -2));
          continue;
        }
        String name = name();
        if (takeWord("notices")) {
          blockers.add(new NamedBlocker(name, Integer.parseInt(expect('n'))));
        } else {
          blockers.add(new NamedBlocker(name, -1));
        }
      } while (take(','));
      expect(')');
    }
    return blockers;
  }

  private static Turn resolve(Named named, List<Session> sessions) {
    int session = sessionOf(named.name, sessions, named.line);
    Step step = sessions.get(session).steps().stream().filter(s -> s.name().equals(named.name)).findFirst().orElseThrow();
    List<Blocker> blockers = new ArrayList<>();
    for (NamedBlocker blocker : named.blockers) {
      if (blocker.notices == -2) {
        blockers.add(new IsolationSpec.Once());
        continue;
      }
      int other = sessionOf(blocker.name, sessions, named.line);
      blockers.add(blocker.notices < 0 ? new IsolationSpec.OtherStep(other, blocker.name) : new IsolationSpec.Notices(other, blocker.notices));
    }
    return new Turn(session, step, blockers);
  }

  private static int sessionOf(String step, List<Session> sessions, int line) {
    for (int s = 0; s < sessions.size(); s++) {
      if (sessions.get(s).steps().stream().anyMatch(candidate -> candidate.name().equals(step))) {
        return s;
      }
    }
    throw new SpecException("undefined step \"" + step + "\" in a permutation", line);
  }

  // ---- tokens ----

  private boolean takeWord(String word) {
    boolean matches = token.isWord(word);
    if (matches) {
      token = scan();
    }
    return matches;
  }

  private boolean take(char kind) {
    boolean matches = token.kind == kind;
    if (matches) {
      token = scan();
    }
    return matches;
  }

  private String expect(char kind) {
    if (token.kind != kind) {
      throw new SpecException("unexpected \"" + token.text + "\"", token.line);
    }
    String value = token.text;
    token = scan();
    return value;
  }

  private String sql() {
    return expect('s');
  }

  private String name() {
    if (!token.isName()) {
      throw new SpecException("a name is missing before \"" + token.text + "\"", token.line);
    }
    String value = token.text;
    token = scan();
    return value;
  }

  private Token scan() {
    skipBlanks();
    if (at == text.length()) {
      return new Token((char) 0, "end of file", line);
    }
    char c = text.charAt(at);
    if (c == '{') {
      return scanSql();
    }
    if (c == '"') {
      return scanQuoted();
    }
    int start = at;
    if (Character.isDigit(c)) {
      while (at < text.length() && Character.isDigit(text.charAt(at))) {
        at++;
      }
      return new Token('n', text.substring(start, at), line);
    }
    if (isWordPart(c)) {
      while (at < text.length() && (isWordPart(text.charAt(at)) || Character.isDigit(text.charAt(at)) || text.charAt(at) == '$')) {
        at++;
      }
      return new Token('w', text.substring(start, at), line);
    }
    at++;
    return new Token(c, Character.toString(c), line);
  }

  private static boolean isWordPart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
  }

  private void skipBlanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        while (at < text.length() && text.charAt(at) != '\n') {
          at++;
        }
      } else if (c == '\n') {
        line++;
        at++;
      } else if (isBlank(c)) {
        at++;
      } else {
        return;
      }
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f';
  }

  private Token scanSql() {
    int startLine = line;
    int from = at + 1;
    int end = text.indexOf('}', from);
    if (end < 0) {
      throw new SpecException("unterminated SQL block", startLine);
    }
    at = end + 1;
    int to = end;
    for (int i = from; i < end; i++) {
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return new Token('s', text.substring(from, to), startLine);
  }

  private Token scanQuoted() {
    StringBuilder name = new StringBuilder();
    while (true) {
      int end = text.indexOf('"', at + 1);
      if (end < 0) {
        throw new SpecException("unterminated name", line);
      }
      name.append(text, at + 1, end);
      at = end + 1;
      if (at == text.length() || text.charAt(at) != '"') {
        return new Token('q', name.toString(), line);
      }
      name.append('"');
    }
  }
}
