package io.heliosdb.nano.copy;

/// The objects of a JSON or JSON Lines input one by one, for those who do not know its members yet.
public final class JsonObjects {
  /// Takes one object, `bytes[from, to)` in UTF-8: its braces and brackets balance in number, nothing else has been checked. The bytes are not the
  /// consumer's to keep.
  public interface Consumer {
    void object(byte[] bytes, int from, int to);
  }

  private JsonObjects() {}

  /// @param arrayAllowed whether the objects may stand in one array
  /// @param place is told the line of each object
  public static RowReader reader(boolean arrayAllowed, Consumer consumer, RowBuilder place) {
    return new JsonReader(arrayAllowed, consumer, place);
  }
}
