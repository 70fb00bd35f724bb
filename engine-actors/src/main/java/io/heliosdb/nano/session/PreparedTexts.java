package io.heliosdb.nano.session;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The prepared forms of texts that an embedded session runs again and again. Confined to its session; bounded: the least recently used goes.
final class PreparedTexts {
  private static final int ENTRIES_MAX = 256;

  private final Map<String, PreparedStatement> statements =
      new LinkedHashMap<>(32, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PreparedStatement> eldest) {
          return size() > ENTRIES_MAX;
        }
      };

  @Nullable PreparedStatement get(String text) {
    return statements.get(text);
  }

  void put(String text, PreparedStatement statement) {
    statements.put(text, statement);
  }
}
