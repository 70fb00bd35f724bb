package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// Text of an `aclitem`: `grantee=privileges/grantor`. Source: PostgreSQL 15 manual, "Privileges".
final class AclText {
  /// In the order in which they are shown.
  private static final String LETTERS = "arwdDxtXUCTcsA";
  private static final long BOOTSTRAP_ROLE = 10;

  private final String text;
  private final IoContext context;
  private int at;

  private AclText(String text, IoContext context) {
    this.text = text;
    this.context = context;
  }

  /// The text with the privileges in order and a grantor.
  static String canonical(String text, IoContext context) {
    return new AclText(text, context).read();
  }

  private String read() {
    String grantee = name();
    if (peek() != '=') {
      if (!grantee.equals("group") && !grantee.equals("user")) {
        throw bad("unrecognized key word: \"" + grantee + "\"").withHint("ACL key word must be \"group\" or \"user\".");
      }
      grantee = name();
      if (grantee.isEmpty()) {
        throw bad("missing name").withHint("A name must follow the \"group\" or \"user\" key word.");
      }
    }
    if (peek() != '=') {
      throw bad("missing \"=\" sign");
    }
    at++;
    int privileges = 0;
    int options = 0;
    int last = 0;
    for (; at < text.length() && text.charAt(at) != '/' && !NumericText.isSpace(text.charAt(at)); at++) {
      char c = text.charAt(at);
      if (c == '*') {
        options |= last;
        continue;
      }
      int index = LETTERS.indexOf(c);
      if (index < 0) {
        throw bad("invalid mode character: must be one of \"" + LETTERS + "\"");
      }
      last = 1 << index;
      privileges |= last;
    }
    String grantor = context.regObjects().display(PgTypes.REGROLE, BOOTSTRAP_ROLE);
    if (peek() == '/') {
      at++;
      String name = name();
      if (name.isEmpty()) {
        throw bad("a name must follow the \"/\" sign");
      }
      grantor = role(name);
    }
    while (at < text.length() && NumericText.isSpace(text.charAt(at))) {
      at++;
    }
    if (at < text.length()) {
      throw bad("extra garbage at the end of the ACL specification");
    }
    StringBuilder out = new StringBuilder(grantee.isEmpty() ? "" : role(grantee)).append('=');
    for (int i = 0; i < LETTERS.length(); i++) {
      if ((privileges >> i & 1) != 0) {
        out.append(LETTERS.charAt(i)).append((options >> i & 1) != 0 ? "*" : "");
      }
    }
    return out.append('/').append(grantor).toString();
  }

  /// The role's name as it is shown; it has to exist.
  private String role(String name) {
    return context.regObjects().display(PgTypes.REGROLE, context.regObjects().lookup(PgTypes.REGROLE, Identifiers.quote(name)));
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private String name() {
    while (at < text.length() && NumericText.isSpace(text.charAt(at))) {
      at++;
    }
    StringBuilder name = new StringBuilder();
    boolean quoted = false;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        if (quoted && at + 1 < text.length() && text.charAt(at + 1) == '"') {
          name.append(c);
          at++;
        } else {
          quoted = !quoted;
        }
      } else if (quoted || c == '_' || c >= 0x80 || Character.isLetterOrDigit(c)) {
        name.append(c);
      } else {
        break;
      }
    }
    return name.toString();
  }

  private static SqlException bad(String message) {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, message);
  }
}
