package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.setReturning;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Taking apart json and jsonb: `-> ->> #> #>>`, lengths, kinds, keys, members and elements as rows.
/// Source: PostgreSQL 15 manual, section 9.16.
public final class JsonAccess implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "jsonb_object_field" -> binary((a, key) -> ((Jsonb) a).get((String) key));
      case "jsonb_object_field_text" -> binary((a, key) -> text(((Jsonb) a).get((String) key)));
      case "jsonb_array_element" -> binary((a, index) -> element((Jsonb) a, (Integer) index));
      case "jsonb_array_element_text" -> binary((a, index) -> text(element((Jsonb) a, (Integer) index)));
      case "jsonb_extract_path" -> binary((a, path) -> at((Jsonb) a, (PgArray) path));
      case "jsonb_extract_path_text" -> binary((a, path) -> text(at((Jsonb) a, (PgArray) path)));
      case "jsonb_array_length" -> unary(a -> length((Jsonb) a));
      case "jsonb_typeof" -> unary(a -> kindName(((Jsonb) a).kind()));
      case "jsonb_object_keys" -> setReturning((c, s, a) -> SeriesFunctions.rows(keys((Jsonb) a[0]).iterator()));
      case "jsonb_each" -> setReturning((c, s, a) -> SeriesFunctions.rows(each((Jsonb) a[0], false).iterator()));
      case "jsonb_each_text" -> setReturning((c, s, a) -> SeriesFunctions.rows(each((Jsonb) a[0], true).iterator()));
      case "jsonb_array_elements" -> setReturning((c, s, a) -> SeriesFunctions.rows(elements((Jsonb) a[0]).iterator()));
      case "jsonb_array_elements_text" -> setReturning((c, s, a) ->
          SeriesFunctions.rows(elements((Jsonb) a[0]).stream().map(JsonAccess::text).iterator()));
      case "json_object_field" -> binary((a, key) -> source(JsonNode.parse((String) a).member((String) key)));
      case "json_object_field_text" -> binary((a, key) -> text(JsonNode.parse((String) a).member((String) key)));
      case "json_array_element" -> binary((a, index) -> source(JsonNode.parse((String) a).element((Integer) index)));
      case "json_array_element_text" -> binary((a, index) -> text(JsonNode.parse((String) a).element((Integer) index)));
      case "json_extract_path" -> binary((a, path) -> source(at(JsonNode.parse((String) a), (PgArray) path)));
      case "json_extract_path_text" -> binary((a, path) -> text(at(JsonNode.parse((String) a), (PgArray) path)));
      case "json_array_length" -> unary(a -> length(JsonNode.parse((String) a)));
      case "json_typeof" -> unary(a -> JsonNode.parse((String) a).kind.name().toLowerCase(java.util.Locale.ROOT));
      case "json_object_keys" -> setReturning((c, s, a) -> SeriesFunctions.rows(keys(JsonNode.parse((String) a[0])).iterator()));
      case "json_each" -> setReturning((c, s, a) -> SeriesFunctions.rows(each(JsonNode.parse((String) a[0]), false).iterator()));
      case "json_each_text" -> setReturning((c, s, a) -> SeriesFunctions.rows(each(JsonNode.parse((String) a[0]), true).iterator()));
      case "json_array_elements" -> setReturning((c, s, a) -> SeriesFunctions.rows(
          elements(JsonNode.parse((String) a[0]), "json_array_elements").stream().map(JsonNode::source).iterator()));
      case "json_array_elements_text" -> setReturning((c, s, a) -> SeriesFunctions.rows(
          elements(JsonNode.parse((String) a[0]), "json_array_elements_text").stream().map(JsonNode::asText).iterator()));
      case "json_strip_nulls" -> unary(a -> stripNulls((String) a));
      case "jsonb_strip_nulls" -> unary(a -> stripNulls((Jsonb) a));
      case "jsonb_pretty" -> unary(a -> pretty((Jsonb) a));
      default -> null;
    };
  }

  static String kindName(Jsonb.Kind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  /// A scalar counts as an array of itself.
  private static @Nullable Jsonb element(Jsonb value, int index) {
    return value.isScalar() ? index == 0 || index == -1 ? value : null : value.get(index);
  }

  /// As `->>` gives it.
  static @Nullable String text(@Nullable Jsonb value) {
    return value == null || value.isNull() ? null : value.kind() == Jsonb.Kind.STRING ? value.stringValue() : value.toString();
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node == null ? null : node.asText();
  }

  private static @Nullable String source(@Nullable JsonNode node) {
    return node == null ? null : node.source();
  }

  /// An array index in a path, or null when the text is no integer.
  static @Nullable Integer index(String text) {
    try {
      return Integer.valueOf(text.strip());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Jsonb at(Jsonb value, PgArray path) {
    Jsonb at = value;
    for (Object step : path.elements()) {
      if (step == null || at == null) {
        return null;
      }
      if (at.isArray()) {
        Integer index = index((String) step);
        at = index == null ? null : at.get((int) index);
      } else {
        at = at.get((String) step);
      }
    }
    return at;
  }

  private static @Nullable JsonNode at(JsonNode node, PgArray path) {
    JsonNode at = node;
    for (Object step : path.elements()) {
      if (step == null || at == null) {
        return null;
      }
      if (at.kind == JsonNode.Kind.ARRAY) {
        Integer index = index((String) step);
        at = index == null ? null : at.element(index);
      } else {
        at = at.member((String) step);
      }
    }
    return at;
  }

  private static int length(Jsonb value) {
    if (!value.isArray()) {
      throw TypeErrors.invalidParameter("cannot get array length of a " + (value.isScalar() ? "scalar" : "non-array"));
    }
    return value.size();
  }

  private static int length(JsonNode node) {
    if (node.kind != JsonNode.Kind.ARRAY) {
      throw TypeErrors.invalidParameter("cannot get array length of a " + (node.isScalar() ? "scalar" : "non-array"));
    }
    return node.children.size();
  }

  private static List<String> keys(Jsonb value) {
    if (!value.isObject()) {
      throw TypeErrors.invalidParameter("cannot call jsonb_object_keys on " + (value.isScalar() ? "a scalar" : "an array"));
    }
    return value.keys();
  }

  private static List<String> keys(JsonNode node) {
    if (node.kind != JsonNode.Kind.OBJECT) {
      throw TypeErrors.invalidParameter("cannot call json_object_keys on " + (node.isScalar() ? "a scalar" : "an array"));
    }
    return node.keys;
  }

  private static List<Object> each(Jsonb value, boolean asText) {
    if (!value.isObject()) {
      throw TypeErrors.invalidParameter("cannot call jsonb_each" + (asText ? "_text" : "") + " on a non-object");
    }
    List<PgType> types = List.of(PgTypes.TEXT, asText ? PgTypes.TEXT : PgTypes.JSONB);
    List<Object> rows = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      Jsonb member = value.valueAt(i);
      rows.add(PgRecord.named(PgTypes.RECORD, types, KEY_VALUE, new Object[] {value.keyAt(i), asText ? text(member) : member}));
    }
    return rows;
  }

  private static final List<String> KEY_VALUE = List.of("key", "value");

  private static List<Object> each(JsonNode node, boolean asText) {
    if (node.kind != JsonNode.Kind.OBJECT) {
      throw TypeErrors.invalidParameter(node.isScalar() ? "cannot deconstruct a scalar" : "cannot deconstruct an array as an object");
    }
    List<PgType> types = List.of(PgTypes.TEXT, asText ? PgTypes.TEXT : PgTypes.JSON);
    List<Object> rows = new ArrayList<>(node.keys.size());
    for (int i = 0; i < node.keys.size(); i++) {
      JsonNode member = node.children.get(i);
      rows.add(PgRecord.named(PgTypes.RECORD, types, KEY_VALUE, new Object[] {node.keys.get(i), asText ? member.asText() : member.source()}));
    }
    return rows;
  }

  private static List<Jsonb> elements(Jsonb value) {
    if (!value.isArray()) {
      throw TypeErrors.invalidParameter("cannot extract elements from " + (value.isScalar() ? "a scalar" : "an object"));
    }
    return value.values();
  }

  private static List<JsonNode> elements(JsonNode node, String function) {
    if (node.kind != JsonNode.Kind.ARRAY) {
      throw TypeErrors.invalidParameter("cannot call " + function + " on a " + (node.isScalar() ? "scalar" : "non-array"));
    }
    return node.children;
  }

  private static String stripNulls(String json) {
    ByteSink out = new ByteSink(json.length());
    stripNulls(JsonNode.parse(json), out);
    return out.toString();
  }

  private static void stripNulls(JsonNode node, ByteSink out) {
    switch (node.kind) {
      case ARRAY -> {
        out.put('[');
        for (int i = 0; i < node.children.size(); i++) {
          if (i > 0) {
            out.put(',');
          }
          stripNulls(node.children.get(i), out);
        }
        out.put(']');
      }
      case OBJECT -> {
        out.put('{');
        boolean first = true;
        for (int i = 0; i < node.children.size(); i++) {
          JsonNode member = node.children.get(i);
          if (member.kind != JsonNode.Kind.NULL) {
            if (!first) {
              out.put(',');
            }
            first = false;
            Jsonb.quote(node.keys.get(i), out);
            out.put(':');
            stripNulls(member, out);
          }
        }
        out.put('}');
      }
      case STRING -> Jsonb.quote(String.valueOf(node.asText()), out);
      default -> out.putUtf8(node.source());
    }
  }

  private static Jsonb stripNulls(Jsonb value) {
    if (value.isScalar()) {
      return value;
    }
    List<String> keys = new ArrayList<>();
    List<Jsonb> values = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      Jsonb part = value.valueAt(i);
      if (value.isArray()) {
        values.add(stripNulls(part));
      } else if (!part.isNull()) {
        keys.add(value.keyAt(i));
        values.add(stripNulls(part));
      }
    }
    return value.isArray() ? Jsonb.array(values) : Jsonb.object(keys, values);
  }

  private static String pretty(Jsonb value) {
    ByteSink out = new ByteSink();
    pretty(value, 0, out);
    return out.toString();
  }

  private static void pretty(Jsonb value, int depth, ByteSink out) {
    if (value.isScalar()) {
      value.format(out);
      return;
    }
    out.put(value.isArray() ? '[' : '{');
    for (int i = 0; i < value.size(); i++) {
      indent(depth + 1, out.putAscii(i > 0 ? "," : ""));
      if (value.isObject()) {
        Jsonb.quote(value.keyAt(i), out);
        out.putAscii(": ");
      }
      pretty(value.valueAt(i), depth + 1, out);
    }
    indent(depth, out);
    out.put(value.isArray() ? ']' : '}');
  }

  private static void indent(int depth, ByteSink out) {
    out.put('\n');
    for (int i = 0; i < depth; i++) {
      out.putAscii("    ");
    }
  }
}
