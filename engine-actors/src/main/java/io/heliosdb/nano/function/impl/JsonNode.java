package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.type.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of a JSON text with its place in it, so that what is taken out keeps its spelling. Confined to its caller.
final class JsonNode {
  enum Kind {
    NULL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT
  }

  private final String text;
  final Kind kind;
  private final int start;
  private int end;
  /// Decoded content of a string.
  private @Nullable String string;
  final List<String> keys;
  final List<JsonNode> children;

  private JsonNode(String text, Kind kind, int start, int end) {
    this.text = text;
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.keys = kind == Kind.OBJECT ? new ArrayList<>() : List.of();
    this.children = kind == Kind.OBJECT || kind == Kind.ARRAY ? new ArrayList<>() : List.of();
  }

  static JsonNode parse(String text) {
    Builder builder = new Builder(text);
    JsonParser.parse(text, builder);
    return builder.result;
  }

  boolean isScalar() {
    return kind != Kind.ARRAY && kind != Kind.OBJECT;
  }

  /// The part as it is written.
  String source() {
    return text.substring(start, end);
  }

  /// As `->>` gives it: a string without its quotes, null for JSON null, else as written.
  @Nullable String asText() {
    return kind == Kind.NULL ? null : kind == Kind.STRING ? string : source();
  }

  /// The member of that key, the last of several; null when there is none.
  @Nullable JsonNode member(String key) {
    for (int i = keys.size() - 1; i >= 0; i--) {
      if (keys.get(i).equals(key)) {
        return children.get(i);
      }
    }
    return null;
  }

  /// The array element, counted from the end when negative.
  @Nullable JsonNode element(int index) {
    if (kind != Kind.ARRAY) {
      return null;
    }
    int at = index < 0 ? index + children.size() : index;
    return at < 0 || at >= children.size() ? null : children.get(at);
  }

  private static final class Builder implements JsonParser.Handler {
    private final String text;
    private final ArrayList<JsonNode> open = new ArrayList<>();
    private JsonNode result;

    Builder(String text) {
      this.text = text;
      this.result = new JsonNode(text, Kind.NULL, 0, 0);
    }

    private void add(JsonNode node) {
      if (open.isEmpty()) {
        result = node;
      } else {
        open.getLast().children.add(node);
      }
    }

    private void begin(Kind kind, int start) {
      open.add(new JsonNode(text, kind, start, start));
    }

    private void finish(int end) {
      JsonNode node = open.removeLast();
      node.end = end;
      add(node);
    }

    @Override
    public void beginObject(int start) {
      begin(Kind.OBJECT, start);
    }

    @Override
    public void endObject(int end) {
      finish(end);
    }

    @Override
    public void key(String key) {
      open.getLast().keys.add(key);
    }

    @Override
    public void beginArray(int start) {
      begin(Kind.ARRAY, start);
    }

    @Override
    public void endArray(int end) {
      finish(end);
    }

    @Override
    public void string(String value, int start, int end) {
      JsonNode node = new JsonNode(text, Kind.STRING, start, end);
      node.string = value;
      add(node);
    }

    @Override
    public void number(String lexeme, int start, int end) {
      add(new JsonNode(text, Kind.NUMBER, start, end));
    }

    @Override
    public void bool(boolean value, int start, int end) {
      add(new JsonNode(text, Kind.BOOLEAN, start, end));
    }

    @Override
    public void nullValue(int start, int end) {
      add(new JsonNode(text, Kind.NULL, start, end));
    }
  }
}
