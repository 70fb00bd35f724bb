package io.heliosdb.nano.session;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Plans by statement text and [PlanEnvironment], shared by all sessions. Thread-safe.
///
/// Bound: `entriesMax` entries over 16 segments; the least recently used one of a full segment goes. An entry that has gone stale is
/// replaced when it is next asked for.
final class PlanCache {
  private static final int SEGMENTS = 16;

  /// @param text the statement's text, literals lifted out or not
  record Key(String text, PlanEnvironment environment) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && environment == key.environment && text.equals(key.text);
    }

    @Override
    public int hashCode() {
      return text.hashCode() * 31 + System.identityHashCode(environment);
    }
  }

  private static final int TEXT_LENGTH_MAX = 16 << 10;

  private static final class Segment extends LinkedHashMap<Key, CachedPlan> {
    private final int entriesMax;

    Segment(int entriesMax) {
      super(64, 0.75f, true);
      this.entriesMax = entriesMax;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, CachedPlan> eldest) {
      return size() > entriesMax;
    }
  }

  private final Segment[] segments = new Segment[SEGMENTS];

  PlanCache(int entriesMax) {
    for (int i = 0; i < SEGMENTS; i++) {
      segments[i] = new Segment(Math.max(1, entriesMax / SEGMENTS));
    }
  }

  private Segment segment(Key key) {
    int hash = key.hashCode();
    return segments[(hash ^ hash >>> 16) & SEGMENTS - 1];
  }

  @Nullable CachedPlan get(Key key) {
    Segment segment = segment(key);
    synchronized (segment) {
      return segment.get(key);
    }
  }

  /// Long texts, seldom asked again, are not kept: their plans would take more room than all others.
  void put(Key key, CachedPlan plan) {
    if (key.text().length() > TEXT_LENGTH_MAX) {
      return;
    }
    Segment segment = segment(key);
    synchronized (segment) {
      segment.put(key, plan);
    }
  }

  void clear() {
    for (Segment segment : segments) {
      synchronized (segment) {
        segment.clear();
      }
    }
  }
}
