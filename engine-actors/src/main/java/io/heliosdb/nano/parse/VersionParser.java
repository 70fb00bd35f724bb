package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.VersionClause.Moment;
import io.heliosdb.nano.parse.ast.VersionStatement;
import io.heliosdb.nano.parse.ast.VersionStatement.*;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Branches, RESTORE TABLE and ERASE. Their words are no key words: they are recognised where PostgreSQL would have a syntax error.
final class VersionParser {
  private VersionParser() {}

  /// Whether one of these statements begins here: `USE BRANCH`, `RESTORE TABLE`, `ERASE FROM`.
  static boolean starts(Tokens t) {
    return t.isWord("use") && t.isWordAt(t.index + 1, "branch")
        || t.isWord("restore") && t.peek(1) == TABLE
        || t.isWord("erase") && t.peek(1) == FROM;
  }

  /// Whether `DATABASE BRANCH name` stands here, after CREATE, ALTER or DROP. A database may itself be called branch, so something that
  /// cannot follow a database's name must come after the word.
  static boolean startsBranch(Tokens t) {
    return t.is(DATABASE) && t.isWordAt(t.index + 1, "branch") && (t.peek(2) == IF || t.peek(2) == IDENT || isPlainName(t.peek(2)));
  }

  private static boolean isPlainName(int kind) {
    return switch (kind) {
      case WITH, OWNER, TEMPLATE, ENCODING, LOCATION, TABLESPACE, CONNECTION, RENAME, SET, RESET, REFRESH -> false;
      default -> isColumnIdentifier(kind);
    };
  }

  static VersionStatement parse(Tokens t) {
    if (t.acceptWord("use")) {
      t.advance();
      return new UseBranch(branchName(t));
    }
    if (t.acceptWord("restore")) {
      t.expect(TABLE);
      QualifiedName table = NameParser.parseQualifiedName(t);
      t.expect(TO);
      return new RestoreTable(table, FromParser.parseMoment(t));
    }
    if (t.acceptWord("erase")) {
      return parseErase(t);
    }
    t.expect(MERGE);
    expectBranch(t);
    Name source = branchName(t);
    t.expect(INTO);
    Name target = parseCurrentOrName(t);
    return new MergeBranch(source, target, parseOptions(t));
  }

  private static Erase parseErase(Tokens t) {
    t.expect(FROM);
    RelationTarget relation = NameParser.parseRelation(t);
    String alias = DmlParser.parseTargetAlias(t);
    Expression where = t.accept(WHERE) ? ExpressionParser.parse(t) : null;
    return new Erase(relation.name(), relation.only(), alias, where, relation.position());
  }

  private static void expectBranch(Tokens t) {
    t.expect(DATABASE);
    if (!t.acceptWord("branch")) {
      throw t.syntaxError();
    }
  }

  /// A name, or several joined by hyphens without spaces (`staging-v2.1`, `backup-20251121`), which needs no quotes here.
  private static Name branchName(Tokens t) {
    int start = t.start();
    Name first = t.name();
    if (t.kind != '-' || t.start() != t.previousEnd() || t.text.charAt(start) == '"') {
      return first;
    }
    while (t.start() == t.previousEnd() && isPartOfName(t)) {
      t.advance();
    }
    String name = t.text.substring(start, t.previousEnd());
    if (!Character.isLetterOrDigit(name.charAt(name.length() - 1))) {
      throw t.syntaxError();
    }
    return new Name(name.toLowerCase(Locale.ROOT), first.position());
  }

  private static boolean isPartOfName(Tokens t) {
    char c = t.kind == EOF ? ';' : t.text.charAt(t.start());
    return c == '-' && t.kind == '-' || c == '.' || c == '_' || Character.isLetterOrDigit(c);
  }

  /// A branch's name, or null for CURRENT.
  private static @Nullable Name parseCurrentOrName(Tokens t) {
    return t.accept(CURRENT) ? null : branchName(t);
  }

  private static List<Option> parseOptions(Tokens t) {
    return t.accept(WITH) ? OptionParser.parseDefinition(t) : List.of();
  }

  /// After CREATE.
  static VersionStatement parseCreate(Tokens t) {
    expectBranch(t);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    Name name = branchName(t);
    Name parent = t.accept(FROM) ? parseCurrentOrName(t) : null;
    Moment asOf = null;
    if (t.accept(AS)) {
      t.expect(OF);
      asOf = FromParser.parseMoment(t);
    }
    return new CreateBranch(name, ifNotExists, parent, asOf, parseOptions(t));
  }

  /// After DROP.
  static VersionStatement parseDrop(Tokens t) {
    expectBranch(t);
    boolean ifExists = NameParser.parseIfExists(t);
    return new DropBranch(branchName(t), ifExists);
  }

  /// After ALTER.
  static VersionStatement parseAlter(Tokens t) {
    expectBranch(t);
    Name name = branchName(t);
    t.expect(RENAME);
    t.expect(TO);
    return new RenameBranch(name, branchName(t));
  }
}
