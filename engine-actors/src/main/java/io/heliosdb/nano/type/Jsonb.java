package io.heliosdb.nano.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A jsonb value.
public final class Jsonb implements Comparable<Jsonb> {
  public enum Kind {NULL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT}

  private Jsonb() {}

  public static Jsonb parse(String text) {
    throw new UnsupportedOperationException();
  }

  /// The value whose binary form this is; the array is not copied and must not change.
  public static Jsonb ofBytes(byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  public static Jsonb ofNull() {
    throw new UnsupportedOperationException();
  }

  public static Jsonb of(boolean value) {
    throw new UnsupportedOperationException();
  }

  public static Jsonb of(Numeric value) {
    throw new UnsupportedOperationException();
  }

  public static Jsonb of(String value) {
    throw new UnsupportedOperationException();
  }

  public static Jsonb array(List<Jsonb> elements) {
    throw new UnsupportedOperationException();
  }

  /// An object of keys and values in any order; the last of equal keys wins.
  public static Jsonb object(List<String> keys, List<Jsonb> values) {
    throw new UnsupportedOperationException();
  }

  public Kind kind() {
    throw new UnsupportedOperationException();
  }

  /// The binary form.
  public byte[] toBytes() {
    throw new UnsupportedOperationException();
  }

  public boolean booleanValue() {
    throw new UnsupportedOperationException();
  }

  public Numeric numberValue() {
    throw new UnsupportedOperationException();
  }

  public String stringValue() {
    throw new UnsupportedOperationException();
  }

  /// Number of elements or members; 0 for scalars.
  public int size() {
    throw new UnsupportedOperationException();
  }

  /// The member's value, null when absent or when this is no object.
  public @Nullable Jsonb get(String key) {
    throw new UnsupportedOperationException();
  }

  /// The array element, or the object's value at that place in key order, from 0.
  public Jsonb valueAt(int index) {
    throw new UnsupportedOperationException();
  }

  /// The object's key at that place in key order.
  public String keyAt(int index) {
    throw new UnsupportedOperationException();
  }

  public void format(ByteSink out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Jsonb other) {
    throw new UnsupportedOperationException();
  }
}
