package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;

import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import java.util.List;

/// `DUMP DATABASE TO STDOUT` and `RESTORE DATABASE FROM STDIN`, with options as COPY writes them. Like branch statements, they stand where
/// PostgreSQL has a syntax error.
final class ArchiveParser {
  private ArchiveParser() {}

  static boolean starts(Tokens t) {
    return (t.isWord("dump") || t.isWord("restore")) && t.peek(1) == DATABASE;
  }

  static UtilityStatement parse(Tokens t) {
    boolean dump = t.acceptWord("dump");
    if (!dump) {
      t.acceptWord("restore");
    }
    t.expect(DATABASE);
    t.expect(dump ? TO : FROM);
    t.expect(dump ? STDOUT : STDIN);
    t.accept(WITH);
    List<Option> options = t.is('(') ? CopyParser.parseGenericOptions(t) : List.of();
    return dump ? new UtilityStatement.DumpDatabase(options) : new UtilityStatement.RestoreDatabase(options);
  }
}
