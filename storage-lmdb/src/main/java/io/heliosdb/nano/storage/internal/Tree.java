package io.heliosdb.nano.storage.internal;

/// The sub-databases of the environment; the ordinal is used in arrays, the name is stored.
enum Tree {
  CURRENT("current"),
  PAST_ROWS("past_rows"),
  INDEX("index"),
  PAST_INDEX("past_index"),
  LOG("log"),
  LARGE("large"),
  COMMITS("commits"),
  TRANSACTIONS("transactions"),
  COUNTERS("counters"),
  META("meta");

  static final int COUNT = values().length;

  private final String storedName;

  Tree(String storedName) {
    this.storedName = storedName;
  }

  String storedName() {
    return storedName;
  }

  boolean isIndex() {
    return this == INDEX || this == PAST_INDEX;
  }

  /// Whether the keys end in the SCN at which the entry died.
  boolean isPast() {
    return this == PAST_ROWS || this == PAST_INDEX;
  }

  /// The tree that holds what left this one.
  Tree past() {
    return this == CURRENT ? PAST_ROWS : PAST_INDEX;
  }
}
