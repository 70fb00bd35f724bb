package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.migrate.ImportReport.Note;
import io.heliosdb.nano.persistence.migrate.ImportTarget;
import io.heliosdb.nano.persistence.migrate.sqlite.SqlTranslation.Untranslatable;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteSource.Definition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes SQLite's views here, those that others use first. What fails is noted.
final class ViewImport {
  private final Names names;
  private final SqlTranslation translation;
  private final List<Note> notes;

  ViewImport(Names names, SqlTranslation translation, List<Note> notes) {
    this.names = names;
    this.translation = translation;
    this.notes = notes;
  }

  void run(List<Definition> views, ImportTarget target) {
    List<Definition> open = new ArrayList<>(views);
    Map<String, String> errors = new LinkedHashMap<>();
    boolean progress = true;
    // SQLite keeps views whatever they refer to, in any order.
    while (progress && !open.isEmpty()) {
      progress = false;
      errors.clear();
      for (Definition view : List.copyOf(open)) {
        String error = make(view, target);
        if (error == null) {
          open.remove(view);
          progress = true;
        } else {
          errors.put(view.name(), error);
        }
      }
    }
    errors.forEach((view, error) -> notes.add(new Note("view " + view, error, true)));
  }

  private @org.jspecify.annotations.Nullable String make(Definition view, ImportTarget target) {
    List<Token> tokens = Token.of(view.sql());
    int as = 0;
    while (as < tokens.size() && !tokens.get(as).isWord("AS")) {
      as++;
    }
    try {
      int open = 0;
      while (open < as && !tokens.get(open).isSymbol("(")) {
        open++;
      }
      String columns = open == as ? "" : " (" + String.join(", ", tokens.subList(open + 1, as - 1).stream().filter(Token::isName).map(token -> names.quoted(token.text())).toList()) + ")";
      SqlException error = target.attempt("CREATE VIEW public." + names.quoted(view.name()) + columns + " AS " + translation.translate(tokens.subList(as + 1, tokens.size())));
      return error == null ? null : error.getMessage();
    } catch (Untranslatable e) {
      return e.getMessage() + " has no equivalent";
    }
  }
}
