package io.heliosdb.nano.type;

import io.heliosdb.nano.function.regex.RegexFlags;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed SQL/JSON path. Immutable. A value of type jsonpath is the text that [#toString] gives.
///
/// `root` is an expression: a chain of accessors, an operator or a predicate. Source: PostgreSQL 15 manual, "The SQL/JSON Path
/// Language".
public record JsonPath(boolean lax, Node root) {
  /// A part of a path. `next` is what is applied to its results, null at the end of a chain.
  public sealed interface Node {
    @Nullable Node next();
  }

  /// `$`
  public record Root(@Nullable Node next) implements Node {}

  /// `@`
  public record Current(@Nullable Node next) implements Node {}

  /// `last`, within a subscript
  public record Last(@Nullable Node next) implements Node {}

  public record Literal(Jsonb value, @Nullable Node next) implements Node {}

  /// `$name`
  public record Variable(String name, @Nullable Node next) implements Node {}

  /// `.key`
  public record Key(String key, @Nullable Node next) implements Node {}

  /// `.*`
  public record AnyKey(@Nullable Node next) implements Node {}

  /// `[*]`
  public record AnyElement(@Nullable Node next) implements Node {}

  /// `.**{first to last}`; [#LAST_LEVEL] stands for `last`.
  public record AnyLevel(int first, int last, @Nullable Node next) implements Node {}

  public static final int LAST_LEVEL = Integer.MAX_VALUE;

  /// `[a, b to c]`
  public record Subscripts(List<Subscript> ranges, @Nullable Node next) implements Node {
    public Subscripts {
      ranges = List.copyOf(ranges);
    }
  }

  public record Subscript(Node from, @Nullable Node to) {}

  /// `?(predicate)`
  public record Filter(Node predicate, @Nullable Node next) implements Node {}

  /// `.name()`, with a template for `.datetime("…")`
  public record Method(String name, @Nullable String template, @Nullable Node next) implements Node {}

  /// `&& || == != < <= > >= + - * / %` and `starts with`
  public record Binary(String operator, Node left, Node right, @Nullable Node next) implements Node {}

  /// `+` and `-`
  public record Sign(char operator, Node argument, @Nullable Node next) implements Node {}

  public record Not(Node argument, @Nullable Node next) implements Node {}

  public record IsUnknown(Node argument, @Nullable Node next) implements Node {}

  public record Exists(Node argument, @Nullable Node next) implements Node {}

  public record LikeRegex(Node argument, String pattern, String flags, @Nullable Node next) implements Node {}

  /// Whether the node yields true, false or unknown rather than items.
  public static boolean isPredicate(Node node) {
    return switch (node) {
      case Not not -> true;
      case IsUnknown unknown -> true;
      case Exists exists -> true;
      case LikeRegex like -> true;
      case Binary binary -> priority(binary) <= 2;
      default -> false;
    };
  }

  /// @throws io.heliosdb.nano.error.SqlException 42601 when the text is no path
  public static JsonPath parse(String text) {
    return new JsonPathParser(text).path();
  }

  /// What the flags of `like_regex` mean to a regular expression.
  public static RegexFlags regexFlags(String letters) {
    return JsonPathParser.regexFlags(letters);
  }

  static int priority(Node node) {
    return switch (node) {
      case Binary b -> switch (b.operator) {
        case "||" -> 0;
        case "&&" -> 1;
        case "+", "-" -> 3;
        case "*", "/", "%" -> 4;
        default -> 2;
      };
      case Sign sign -> 5;
      default -> 6;
    };
  }

  @Override
  public String toString() {
    ByteSink out = new ByteSink();
    if (!lax) {
      out.putAscii("strict ");
    }
    print(root, false, true, out);
    return out.toString();
  }

  private static void print(Node node, boolean inKey, boolean brackets, ByteSink out) {
    switch (node) {
      case Root root -> out.put('$');
      case Current current -> out.put('@');
      case Last last -> out.putAscii("last");
      case Literal literal -> {
        boolean number = literal.value.kind() == Jsonb.Kind.NUMBER && literal.next != null;
        out.putAscii(number ? "(" : "");
        literal.value.format(out);
        out.putAscii(number ? ")" : "");
      }
      case Variable variable -> Jsonb.quote(variable.name, out.put('$'));
      case Key key -> Jsonb.quote(key.key, out.putAscii(inKey ? "." : ""));
      case AnyKey any -> out.putAscii(inKey ? ".*" : "*");
      case AnyElement any -> out.putAscii("[*]");
      case AnyLevel any -> level(any, inKey, out);
      case Subscripts subscripts -> {
        out.put('[');
        for (int i = 0; i < subscripts.ranges.size(); i++) {
          Subscript range = subscripts.ranges.get(i);
          out.putAscii(i > 0 ? "," : "");
          print(range.from, false, false, out);
          if (range.to != null) {
            print(range.to, false, false, out.putAscii(" to "));
          }
        }
        out.put(']');
      }
      case Filter filter -> {
        print(filter.predicate, false, false, out.putAscii("?("));
        out.put(')');
      }
      case Method method -> {
        out.put('.').putAscii(method.name).put('(');
        if (method.template != null) {
          Jsonb.quote(method.template, out);
        }
        out.put(')');
      }
      case Binary binary -> {
        out.putAscii(brackets ? "(" : "");
        print(binary.left, false, priority(binary.left) <= priority(binary), out);
        out.put(' ').putAscii(binary.operator).put(' ');
        print(binary.right, false, priority(binary.right) <= priority(binary), out);
        out.putAscii(brackets ? ")" : "");
      }
      case Sign sign -> {
        out.putAscii(brackets ? "(" : "").put(sign.operator);
        print(sign.argument, false, priority(sign.argument) <= priority(sign), out);
        out.putAscii(brackets ? ")" : "");
      }
      case Not not -> {
        print(not.argument, false, false, out.putAscii("!("));
        out.put(')');
      }
      case IsUnknown unknown -> {
        print(unknown.argument, false, false, out.put('('));
        out.putAscii(") is unknown");
      }
      case Exists exists -> {
        print(exists.argument, false, false, out.putAscii("exists ("));
        out.put(')');
      }
      case LikeRegex like -> {
        out.putAscii(brackets ? "(" : "");
        print(like.argument, false, priority(like.argument) <= priority(like), out);
        Jsonb.quote(like.pattern, out.putAscii(" like_regex "));
        if (!like.flags.isEmpty()) {
          out.putAscii(" flag \"").putAscii(like.flags).put('"');
        }
        out.putAscii(brackets ? ")" : "");
      }
    }
    Node next = node.next();
    if (next != null) {
      print(next, true, true, out);
    }
  }

  private static void level(AnyLevel any, boolean inKey, ByteSink out) {
    out.putAscii(inKey ? "." : "").putAscii("**");
    if (any.first == 0 && any.last == LAST_LEVEL) {
      return;
    }
    out.putAscii(any.first == LAST_LEVEL ? "{last" : "{" + any.first);
    if (any.first != any.last) {
      out.putAscii(any.last == LAST_LEVEL ? " to last" : " to " + any.last);
    }
    out.put('}');
  }
}
