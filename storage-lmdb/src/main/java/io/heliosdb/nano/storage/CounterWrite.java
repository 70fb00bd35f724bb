package io.heliosdb.nano.storage;

/// Sets (or, with `remove`, forgets) a counter along with a commit.
public record CounterWrite(CounterKey key, long value, boolean remove) {
  public static CounterWrite set(CounterKey key, long value) {
    return new CounterWrite(key, value, false);
  }

  public static CounterWrite remove(CounterKey key) {
    return new CounterWrite(key, 0, true);
  }
}
