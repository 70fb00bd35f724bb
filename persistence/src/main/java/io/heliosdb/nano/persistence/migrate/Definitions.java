package io.heliosdb.nano.persistence.migrate;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.migrate.ImportReport.Note;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Definitions that may need each other, made in whatever order works: each round tries those that are left, until a round makes none.
public final class Definitions {
  private static final Set<SqlState> EXISTS =
      Set.of(SqlState.DUPLICATE_OBJECT, SqlState.DUPLICATE_TABLE, SqlState.DUPLICATE_SCHEMA, SqlState.DUPLICATE_FUNCTION);

  /// @param object what it is, for notes: `view public.top`
  public record Definition(String object, String sql) {}

  private Definitions() {}

  /// @return those that were not made, and why
  public static Map<Definition, SqlException> run(List<Definition> definitions, ImportTarget target) {
    List<Definition> open = new ArrayList<>(definitions);
    Map<Definition, SqlException> errors = new LinkedHashMap<>();
    boolean progress = true;
    while (progress && !open.isEmpty()) {
      progress = false;
      errors.clear();
      for (Definition definition : List.copyOf(open)) {
        SqlException error = target.attempt(definition.sql());
        if (error == null) {
          open.remove(definition);
          progress = true;
        } else {
          errors.put(definition, error);
        }
      }
    }
    return errors;
  }

  /// Notes what was not made.
  public static void note(Map<Definition, SqlException> errors, List<Note> notes) {
    errors.forEach((definition, error) -> notes.add(new Note(definition.object(), error.getMessage(), !EXISTS.contains(error.state()))));
  }
}
