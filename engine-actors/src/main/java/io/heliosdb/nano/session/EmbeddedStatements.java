package io.heliosdb.nano.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The prepared forms of texts that embedded sessions run again and again. Per session, bounded: the least recently used goes.
final class EmbeddedStatements {
  private static final int PER_SESSION_MAX = 256;

  private static final class Texts extends LinkedHashMap<String, PreparedStatement> {
    Texts() {
      super(32, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, PreparedStatement> eldest) {
      return size() > PER_SESSION_MAX;
    }
  }

  private final Map<SessionCore, Texts> bySession = new ConcurrentHashMap<>();

  @Nullable PreparedStatement get(SessionCore session, String text) {
    Texts texts = bySession.get(session);
    return texts == null ? null : texts.get(text);
  }

  void put(SessionCore session, String text, PreparedStatement statement) {
    bySession.computeIfAbsent(session, key -> new Texts()).put(text, statement);
  }

  void forget(SessionCore session) {
    bySession.remove(session);
  }
}
