package io.heliosdb.nano.wire;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What a fuzzer calls with any bytes: they are what a client sends after it has logged in, or with the first bit set before. They may end
/// their connection, with an error; what the server sends is a row of whole messages, none of which tells of an internal error; and the next
/// connection finds a server that answers.
public final class WireFuzz {
  /// How far a reply may grow: a short input must not make the server send without end.
  private static final int REPLY_BYTES_MAX = 64 << 20;

  private static EmbeddedDatabase database;

  private WireFuzz() {}

  /// The entry point that Jazzer looks for.
  public static void fuzzerTestOneInput(byte[] data) {
    boolean loggedIn = data.length == 0 || (data[0] & 1) == 0;
    check(data.length == 0 ? data : Arrays.copyOfRange(data, 1, data.length), loggedIn);
  }

  private static synchronized EmbeddedDatabase database() {
    if (database == null) {
      database = EmbeddedDatabase.newInMemory();
    }
    return database;
  }

  /// Feeds the bytes to a connection of their own and judges what comes of it.
  static void check(byte[] input, boolean loggedIn) {
    Replies replies = new Replies();
    try (PgConnection connection = new PgConnection(database().engine(), ServerOptions.localTrust(0), replies, "fuzz")) {
      if (loggedIn) {
        feed(connection, startup("500"));
      }
      feed(connection, input);
      connection.flush();
    }
    replies.judge();
    Replies after = new Replies();
    try (PgConnection connection = new PgConnection(database().engine(), ServerOptions.localTrust(0), after, "fuzz")) {
      feed(connection, startup("0"));
      feed(connection, message('Q', "SELECT 'alive'\0"));
      connection.flush();
    }
    if (!after.judge().endsWith("TDCZ")) {
      throw new AssertionError("the server does not answer: " + after.judge());
    }
  }

  private static void feed(PgConnection connection, byte[] bytes) {
    int at = 0;
    while (at < bytes.length && connection.action() == PgConnection.Action.CONTINUE) {
      int consumed = connection.feed(bytes, at, bytes.length);
      if (consumed == 0) {
        return;
      }
      at += consumed;
    }
  }

  private static byte[] startup(String statementMillisMax) {
    byte[] body = ("user\0postgres\0database\0heliosdb\0statement_timeout\0" + statementMillisMax + "\0\0").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + body.length).putInt(8 + body.length).putInt(WireClient.PROTOCOL_3_0).put(body).array();
  }

  private static byte[] message(char type, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(5 + bytes.length).put((byte) type).putInt(4 + bytes.length).put(bytes).array();
  }

  /// Gathers what the server sends.
  private static final class Replies implements PgConnection.Output {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(byte[] more, int offset, int length) {
      if (bytes.size() + length > REPLY_BYTES_MAX) {
        throw new AssertionError("the reply grows beyond " + REPLY_BYTES_MAX + " bytes");
      }
      bytes.write(more, offset, length);
    }

    /// The letters of the replies, after each has been looked at.
    String judge() {
      ByteBuffer in = ByteBuffer.wrap(bytes.toByteArray());
      StringBuilder types = new StringBuilder();
      while (in.hasRemaining()) {
        char type = (char) (in.get() & 0xff);
        if (types.isEmpty() && (type == 'N' || type == 'S') && (!in.hasRemaining() || in.get(in.position()) != 0)) {
          // The one-letter answer to a request for encryption.
          continue;
        }
        if (in.remaining() < 4 || in.getInt(in.position()) < 4 || in.getInt(in.position()) > in.remaining()) {
          throw new AssertionError("broken reply after " + types);
        }
        byte[] body = new byte[in.getInt() - 4];
        in.get(body);
        if (type == 'E' && new String(body, StandardCharsets.UTF_8).contains("internal error")) {
          throw new AssertionError(new String(body, StandardCharsets.UTF_8).replace('\0', ' '));
        }
        types.append(type);
      }
      return types.toString();
    }
  }
}
