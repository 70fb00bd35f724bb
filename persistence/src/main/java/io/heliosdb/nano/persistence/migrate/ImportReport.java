package io.heliosdb.nano.persistence.migrate;

import java.time.Duration;
import java.util.List;

/// What an import did.
///
/// @param notes what was changed on the way or could not be carried over, in the order in which it was found
public record ImportReport(int tables, long rows, Duration duration, List<Note> notes) {
  public ImportReport {
    notes = List.copyOf(notes);
  }

  /// @param lost whether something is missing in the result (a trigger, a constraint); false for a change that keeps all data and rules
  public record Note(String object, String text, boolean lost) {
    @Override
    public String toString() {
      return object + ": " + text;
    }
  }
}
