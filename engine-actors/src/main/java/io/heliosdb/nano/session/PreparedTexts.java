package io.heliosdb.nano.session;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The prepared forms of texts that an embedded session runs again and again. Confined to its session; bounded: the least recently used goes, and
/// long texts are not kept.
final class PreparedTexts {
  private static final int ENTRIES_MAX = 256;
  private static final int TEXT_LENGTH_MAX = 16 << 10;

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
    if (text.length() <= TEXT_LENGTH_MAX) {
      statements.put(text, statement);
    }
  }
}
