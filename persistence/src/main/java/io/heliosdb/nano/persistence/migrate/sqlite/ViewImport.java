package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.persistence.migrate.Definitions;
import io.heliosdb.nano.persistence.migrate.Definitions.Definition;
import io.heliosdb.nano.persistence.migrate.ImportReport.Note;
import io.heliosdb.nano.persistence.migrate.ImportTarget;
import io.heliosdb.nano.persistence.migrate.sqlite.SqlTranslation.Untranslatable;
import java.util.ArrayList;
import java.util.List;

/// Makes SQLite's views here: it keeps them whatever they refer to, in any order. What fails is noted.
final class ViewImport {
  private final Names names;
  private final SqlTranslation translation;
  private final List<Note> notes;

  ViewImport(Names names, SqlTranslation translation, List<Note> notes) {
    this.names = names;
    this.translation = translation;
    this.notes = notes;
  }

  void run(List<SqliteSource.Definition> views, ImportTarget target) {
    List<Definition> definitions = new ArrayList<>();
    for (SqliteSource.Definition view : views) {
      try {
        definitions.add(new Definition("view " + view.name(), sql(view)));
      } catch (Untranslatable e) {
        notes.add(new Note("view " + view.name(), e.getMessage() + " has no equivalent", true));
      }
    }
    Definitions.note(Definitions.run(definitions, target), notes);
  }

  private String sql(SqliteSource.Definition view) throws Untranslatable {
    List<Token> tokens = Token.of(view.sql());
    int as = 0;
    while (as < tokens.size() && !tokens.get(as).isWord("AS")) {
      as++;
    }
    int open = 0;
    while (open < as && !tokens.get(open).isSymbol("(")) {
      open++;
    }
    String columns = open == as ? "" : " (" + String.join(", ", tokens.subList(open + 1, as
        - 1).stream().filter(Token::isName).map(token -> names.quoted(token.text())).toList()) + ")";
    return "CREATE VIEW public." + names.quoted(view.name()) + columns + " AS "
        + translation.translate(tokens.subList(as + 1, tokens.size()));
  }
}
