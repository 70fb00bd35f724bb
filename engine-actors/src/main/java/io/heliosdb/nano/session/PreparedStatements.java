package io.heliosdb.nano.session;

import io.heliosdb.nano.execute.MemoryAccount;
import java.util.HashMap;

/// The named statements of a session, counted as memory it holds. Confined to its session; 53200 past the limits of that memory.
final class PreparedStatements extends HashMap<String, PreparedStatement> {
  /// A statement's tree and plan take about so much, and so many bytes per character of its text.
  private static final long STATEMENT_BYTES = 4_096;
  private static final long BYTES_PER_CHARACTER = 12;

  private final transient MemoryAccount memory;

  PreparedStatements(MemoryAccount memory) {
    this.memory = memory;
  }

  private static long bytes(PreparedStatement statement) {
    return STATEMENT_BYTES + BYTES_PER_CHARACTER * statement.text.length();
  }

  @Override
  public PreparedStatement put(String name, PreparedStatement statement) {
    if (name.isEmpty()) {
      // Through it the client gives back what keeps it from going on: ROLLBACK, DEALLOCATE.
      memory.reserveToGoOn(bytes(statement));
    } else {
      memory.reserve(bytes(statement));
    }
    PreparedStatement old = super.put(name, statement);
    release(old);
    return old;
  }

  @Override
  public PreparedStatement remove(Object name) {
    PreparedStatement old = super.remove(name);
    release(old);
    return old;
  }

  private void release(PreparedStatement old) {
    if (old != null) {
      memory.release(bytes(old));
    }
  }

  @Override
  public void clear() {
    values().forEach(this::release);
    super.clear();
  }
}
