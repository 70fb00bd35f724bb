package io.heliosdb.nano.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A script of protocol messages with the server's replies, one line each. A scenario begins with `# what it shows` and has a connection
/// of its own.
///
/// ```
///   Q sql                       d data   c   f reason   S   H   X
///   P name [(oids)] sql         D S|P name   C S|P name   E portal [rows]
///   B portal statement [values] [/formats]     value: 'text', xHEX (binary), NULL; formats: 0, 1 or 0,1,…
///   .                           reads up to ReadyForQuery or CopyInResponse, `.3` reads three replies
///   < reply                     what was read; written by the recorder
/// ```
/// `-` is the empty name; `\n`, `\t` and `\\` are escapes, a `\` at the end of a line of data none.
final class WireScript {
  private static final Pattern PARSE = Pattern.compile("P (\\S+) (?:\\(([\\d,]*)\\) )?(.*)");
  private static final Pattern VALUE = Pattern.compile("NULL|'(?:[^']|'')*'|x[0-9a-f]*");
  private static final HexFormat HEX = HexFormat.of();

  private WireScript() {}

  /// Plays a script and gives it back with the replies of this server in place of the recorded ones.
  static String play(String script, int port) throws IOException {
    StringBuilder out = new StringBuilder();
    WireClient client = null;
    boolean closed = false;
    for (String line : script.lines().toList()) {
      if (line.startsWith("<")) {
        continue;
      }
      out.append(line).append('\n');
      if (line.startsWith("#")) {
        if (client != null) {
          client.close();
        }
        client = WireClient.ready(port);
        closed = false;
      } else if (line.startsWith(".")) {
        for (String reply : closed ? List.of("closed") : read(client, line.substring(1))) {
          out.append("< ").append(reply).append('\n');
          closed |= reply.equals("closed");
        }
      } else if (!line.isBlank() && !closed) {
        send(client, line);
      }
    }
    if (client != null) {
      client.close();
    }
    return out.toString();
  }

  // ---- messages ----

  /// The messages of each scenario, as bytes.
  static List<List<byte[]>> messages(String script) throws IOException {
    List<List<byte[]>> scenarios = new ArrayList<>();
    for (String line : script.lines().toList()) {
      if (line.startsWith("#")) {
        scenarios.add(new ArrayList<>());
      } else if (!line.isBlank() && !line.startsWith("<") && !line.startsWith(".")) {
        scenarios.getLast().add(message(line));
      }
    }
    scenarios.removeIf(List::isEmpty);
    return scenarios;
  }

  private static void send(WireClient client, String line) throws IOException {
    client.out.write(message(line));
    client.out.flush();
  }

  private static byte[] message(String line) throws IOException {
    String rest = line.length() > 2 ? line.substring(2) : "";
    String[] words = rest.split(" ");
    char type = line.charAt(0);
    return switch (type) {
      case 'Q' -> encoded(type, unescape(rest));
      case 'P' -> encoded(type, parse(line));
      case 'B' -> encoded(type, bind(words, rest));
      case 'D', 'C' -> encoded(type, words[0].charAt(0), name(words[1]));
      case 'E' -> encoded(type, name(words[0]), words.length > 1 ? Integer.parseInt(words[1]) : 0);
      case 'd' -> encoded(type, (Object) unescape(rest).getBytes(StandardCharsets.UTF_8));
      case 'f' -> encoded(type, rest);
      case 'c', 'S', 'H', 'X' -> encoded(type);
      default -> throw new IllegalArgumentException(line);
    };
  }

  private static byte[] encoded(char type, Object... fields) throws IOException {
    byte[] body = WireClient.body(fields);
    return ByteBuffer.allocate(5 + body.length).put((byte) type).putInt(4 + body.length).put(body).array();
  }

  private static Object[] parse(String line) {
    Matcher parts = PARSE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(line);
    }
    String[] oids = parts.group(2) == null ? new String[0] : parts.group(2).split(",");
    List<Object> fields = new ArrayList<>(List.of(name(parts.group(1)), unescape(parts.group(3)), (short) oids.length));
    for (String oid : oids) {
      fields.add(Integer.valueOf(oid));
    }
    return fields.toArray();
  }

  private static Object[] bind(String[] words, String rest) {
    int slash = rest.lastIndexOf(" /");
    String[] formats = slash < 0 ? new String[0] : rest.substring(slash + 2).split(",");
    String valuesText = rest.substring(Math.min(rest.length(), words[0].length() + 1 + words[1].length()), slash < 0 ? rest.length() : slash);
    List<String> values = VALUE.matcher(valuesText).results().map(r -> r.group()).toList();
    List<Object> fields = new ArrayList<>(List.of(name(words[0]), name(words[1]), (short) values.size()));
    values.forEach(value -> fields.add((short) (value.startsWith("x") ? 1 : 0)));
    fields.add((short) values.size());
    for (String value : values) {
      if (value.equals("NULL")) {
        fields.add(-1);
      } else {
        byte[] bytes = value.startsWith("x") ? HEX.parseHex(value.substring(1)) : unescape(value.substring(1, value.length() - 1).replace("''", "'")).getBytes(StandardCharsets.UTF_8);
        fields.add(bytes.length);
        fields.add(bytes);
      }
    }
    fields.add((short) formats.length);
    for (String format : formats) {
      fields.add(Short.valueOf(format));
    }
    return fields.toArray();
  }

  private static String name(String word) {
    return word.equals("-") ? "" : word;
  }

  private static String unescape(String text) {
    return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\");
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
  }

  // ---- replies ----

  private static List<String> read(WireClient client, String count) throws IOException {
    List<String> replies = new ArrayList<>();
    int most = count.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(count);
    while (replies.size() < most) {
      WireClient.Reply reply;
      try {
        reply = client.read();
      } catch (EOFException | SocketException e) {
        replies.add("closed");
        break;
      } catch (SocketTimeoutException e) {
        replies.add("silence");
        break;
      }
      if (reply.type() == 'E' && !replies.isEmpty() && (replies.getLast().equals("2") || replies.getLast().startsWith("T "))) {
        // Whether a constant's error shows when a statement is planned (Bind) or when it runs is the server's choice.
        replies.removeLast();
      }
      replies.add(describe(reply));
      if (count.isEmpty() && (reply.type() == 'Z' || reply.type() == 'G')) {
        break;
      }
    }
    return replies;
  }

  private static String describe(WireClient.Reply reply) {
    ByteBuffer body = reply.body();
    String text =
        switch (reply.type()) {
          case 'Z' -> String.valueOf((char) body.get());
          case 'C', 'S' -> reply.text().strip().replace('\0', ' ').strip();
          case 'E', 'N' -> error(reply);
          case 'T' -> columns(body);
          case 'D' -> row(body);
          case 't' -> oids(body);
          case 'G', 'H' -> copyFormats(body);
          case 'd' -> value(body.array());
          default -> "";
        };
    return (reply.type() + " " + text).strip();
  }

  private static String error(WireClient.Reply reply) {
    StringBuilder out = new StringBuilder(reply.field('S')).append(' ').append(reply.field('C')).append(' ').append(escape(reply.field('M')));
    for (char field : "PDHWnstc".toCharArray()) {
      if (!reply.field(field).isEmpty()) {
        // The number of a session's temporary schema is the server's own business.
        out.append(" [").append(field).append(": ").append(escape(reply.field(field)).replaceFirst("^pg_temp_\\d+$", "pg_temp")).append(']');
      }
    }
    return out.toString();
  }

  private static String string(ByteBuffer body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte b = body.get(); b != 0; b = body.get()) {
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /// name:type oid:length:type modifier:format, with `*` behind a column of a table.
  private static String columns(ByteBuffer body) {
    List<String> columns = new ArrayList<>();
    for (int i = body.getShort(); i > 0; i--) {
      String name = string(body);
      boolean ofTable = body.getInt() != 0;
      String attribute = ofTable ? "*" + body.getShort() : "" + (body.getShort() == 0 ? "" : "?");
      columns.add(name + ":" + body.getInt() + ":" + body.getShort() + ":" + body.getInt() + ":" + body.getShort() + attribute);
    }
    return String.join(" ", columns);
  }

  private static String row(ByteBuffer body) {
    List<String> values = new ArrayList<>();
    for (int i = body.getShort(); i > 0; i--) {
      int length = body.getInt();
      if (length < 0) {
        values.add("NULL");
      } else {
        byte[] bytes = new byte[length];
        body.get(bytes);
        values.add(value(bytes));
      }
    }
    return String.join("|", values);
  }

  /// Text as such, anything with control characters in hexadecimal.
  private static String value(byte[] bytes) {
    for (byte b : bytes) {
      if (b >= 0 && b < 32 && b != '\n' && b != '\t' || b == 127 || b < -64) {
        return "x" + HEX.formatHex(bytes);
      }
    }
    return escape(new String(bytes, StandardCharsets.UTF_8));
  }

  private static String oids(ByteBuffer body) {
    List<String> oids = new ArrayList<>();
    for (int i = body.getShort(); i > 0; i--) {
      oids.add(Integer.toString(body.getInt()));
    }
    return String.join(" ", oids);
  }

  private static String copyFormats(ByteBuffer body) {
    StringBuilder out = new StringBuilder().append(body.get());
    for (int i = body.getShort(); i > 0; i--) {
      out.append(' ').append(body.getShort());
    }
    return out.toString();
  }
}
