package io.heliosdb.nano.persistence.columnar.parquet;

import io.heliosdb.nano.persistence.columnar.LittleEndianSink;

/// Levels of a page, encoded on the way as runs of the hybrid of run lengths and bit packing; only runs are made, and compression takes care of short ones.
final class LevelRuns {
  private final LittleEndianSink runs = new LittleEndianSink(64);
  private int level = -1;
  private int length;
  private int count;

  /// @param bits of a level; at most eight, so a run's value takes one byte
  LevelRuns(int bits) {
    if (bits > 8) {
      throw new IllegalArgumentException("levels of " + bits + " bits");
    }
  }

  int count() {
    return count;
  }

  void add(int value) {
    count++;
    if (value == level) {
      length++;
      return;
    }
    finishRun();
    level = value;
    length = 1;
  }

  private void finishRun() {
    if (length > 0) {
      runs.putVarint((long) length << 1);
      runs.put(level);
    }
  }

  /// Appends the runs with their length in front.
  void writeTo(LittleEndianSink page) {
    finishRun();
    length = 0;
    level = -1;
    page.putInt(runs.size());
    page.put(runs.array(), 0, runs.size());
  }

  void clear() {
    runs.clear();
    level = -1;
    length = 0;
    count = 0;
  }
}
