package io.heliosdb.nano.testkit.isolation;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One session over the wire protocol's simple queries, without waiting for the answer.
///
/// A thread of its own reads messages into a queue; the owner takes them out in [#poll]. So nothing the server says is acted on
/// before the owner looks, and looking never blocks longer than asked. Values stay the text that the server sent.
public final class SessionConnection implements AutoCloseable {
  /// What a statement gave, in order.
  public sealed interface Outcome {}

  public record Rows(ResultTable table) implements Outcome {}

  public record Done(String tag) implements Outcome {}

  /// @param fields by their protocol letter: `S` severity, `C` SQLSTATE, `M` message, `D` detail, `H` hint
  public record Failure(Map<Character, String> fields) implements Outcome {
    public String sqlState() {
      return fields.getOrDefault('C', "");
    }

    public String message() {
      return fields.getOrDefault('M', "");
    }

    public String detail() {
      return fields.getOrDefault('D', "");
    }
  }

  /// The server closed the connection.
  public record Lost() implements Outcome {}

  public record Notification(int pid, String channel, String payload) {}

  private record Message(char type, byte[] body) {}

  private static final int STARTUP_VERSION = 3 << 16;
  private static final char END = 0;
  private static final int MESSAGE_BYTES_MAX = 64 << 20;

  private final Socket socket;
  private final DataOutputStream out;
  private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private final Consumer<Map<Character, String>> onNotice;
  private final List<Notification> notifications = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private @Nullable List<String> columnNames;
  private List<@Nullable String[]> rows = new ArrayList<>();
  private boolean isBusy;
  private boolean isLost;
  private int pid;

  /// @param onNotice gets the fields of a notice as it is taken from the queue
  public SessionConnection(ServerTarget target, String applicationName, Consumer<Map<Character, String>> onNotice) throws IOException {
    this.onNotice = onNotice;
    socket = new Socket(target.host(), target.port());
    socket.setTcpNoDelay(true);
    out = new DataOutputStream(socket.getOutputStream());
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    Thread.ofPlatform().daemon(true).name("isolation-" + applicationName).start(() -> read(in));
    startup(target, applicationName);
    isBusy = true;
    while (isBusy()) {
      poll(TimeUnit.SECONDS.toNanos(60));
    }
    for (Outcome outcome : takeOutcomes()) {
      if (!(outcome instanceof Done)) {
        throw new IOException("cannot connect: " + outcome);
      }
    }
  }

  private void startup(ServerTarget target, String applicationName) throws IOException {
    String parameters =
        "user\0" + target.user() + "\0database\0" + target.database() + "\0application_name\0" + applicationName + "\0client_encoding\0UTF8\0\0";
    byte[] bytes = parameters.getBytes(StandardCharsets.UTF_8);
    out.writeInt(8 + bytes.length);
    out.writeInt(STARTUP_VERSION);
    out.write(bytes);
    out.flush();
  }

  private void read(DataInputStream in) {
    try {
      while (true) {
        char type = (char) in.readByte();
        int length = in.readInt() - 4;
        if (length < 0 || length > MESSAGE_BYTES_MAX) {
          throw new EOFException();
        }
        messages.add(new Message(type, in.readNBytes(length)));
      }
    } catch (IOException e) {
      messages.add(new Message(END, new byte[0]));
    }
  }

  public int pid() {
    return pid;
  }

  public boolean isBusy() {
    return isBusy;
  }

  /// Starts a query; answers are gathered until [#isBusy] is false.
  public void send(String sql) throws IOException {
    if (isLost) {
      outcomes.add(new Lost());
      return;
    }
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream message = new ByteArrayOutputStream(bytes.length + 6);
    DataOutputStream body = new DataOutputStream(message);
    body.writeByte('Q');
    body.writeInt(bytes.length + 5);
    body.write(bytes);
    body.writeByte(0);
    isBusy = true;
    try {
      out.write(message.toByteArray());
      out.flush();
    } catch (IOException e) {
      lose();
    }
  }

  /// Runs a query to its end.
  public List<Outcome> run(String sql) throws IOException {
    send(sql);
    while (isBusy) {
      poll(TimeUnit.SECONDS.toNanos(60));
    }
    return takeOutcomes();
  }

  /// Takes in what has come, waiting at most this long for the first message.
  public void poll(long nanosMax) {
    try {
      Message message = messages.poll(nanosMax, TimeUnit.NANOSECONDS);
      while (message != null) {
        onMessage(message);
        message = messages.poll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      lose();
    }
  }

  /// What the finished query gave; forgets it.
  public List<Outcome> takeOutcomes() {
    List<Outcome> taken = List.copyOf(outcomes);
    outcomes.clear();
    return taken;
  }

  public List<Notification> takeNotifications() {
    List<Notification> taken = List.copyOf(notifications);
    notifications.clear();
    return taken;
  }

  private void onMessage(Message message) {
    ByteBuffer body = ByteBuffer.wrap(message.body);
    switch (message.type) {
      case 'T' -> onRowDescription(body);
      case 'D' -> rows.add(row(body));
      case 'C' -> onCommandComplete(string(body));
      case 'I' -> outcomes.add(new Done(""));
      case 'E' -> {
        columnNames = null;
        outcomes.add(new Failure(fields(body)));
      }
      case 'N' -> onNotice.accept(fields(body));
      case 'A' -> notifications.add(new Notification(body.getInt(), string(body), string(body)));
      case 'K' -> pid = body.getInt();
      case 'Z' -> isBusy = false;
      case END -> lose();
      default -> {
        // Parameters and authentication need no answer here; COPY is not part of scripts.
      }
    }
  }

  private void lose() {
    if (isBusy) {
      outcomes.add(new Lost());
    }
    isBusy = false;
    isLost = true;
  }

  private void onRowDescription(ByteBuffer body) {
    int count = body.getShort();
    List<String> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      names.add(string(body));
      body.position(body.position() + 18);
    }
    columnNames = names;
    rows = new ArrayList<>();
  }

  private void onCommandComplete(String tag) {
    if (columnNames != null) {
      outcomes.add(new Rows(new ResultTable(columnNames, rows)));
      columnNames = null;
    } else {
      outcomes.add(new Done(tag));
    }
  }

  private static @Nullable String[] row(ByteBuffer body) {
    String[] cells = new String[body.getShort()];
    for (int i = 0; i < cells.length; i++) {
      int length = body.getInt();
      if (length >= 0) {
        byte[] bytes = new byte[length];
        body.get(bytes);
        cells[i] = new String(bytes, StandardCharsets.UTF_8);
      }
    }
    return cells;
  }

  private static Map<Character, String> fields(ByteBuffer body) {
    Map<Character, String> fields = new LinkedHashMap<>();
    while (body.hasRemaining()) {
      char code = (char) body.get();
      if (code == 0) {
        break;
      }
      fields.put(code, string(body));
    }
    return fields;
  }

  private static String string(ByteBuffer body) {
    int start = body.position();
    int end = start;
    while (body.get(end) != 0) {
      end++;
    }
    body.position(end + 1);
    return new String(body.array(), start, end - start, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    if (!isLost) {
      try {
        out.writeByte('X');
        out.writeInt(4);
        out.flush();
      } catch (IOException e) {
        // The server has gone already, which is what was wanted.
      }
    }
    socket.close();
  }
}
