package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.wire.InProcessSocket;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Short transactions and reports over the wire protocol's messages, by several clients at a time: what a server does all day. The AOT cache made
/// from a process that ran it holds the profiles of these methods (JEP 515), so a server's first transactions cost half of what they would without.
final class TrainingLoad {
  private static final int CLIENTS = 4;
  private static final int ROWS = 2_000;
  private static final int BRANCHES = 20;

  /// One statement in so many is sent by the simple protocol.
  private static final int SIMPLE_SHARE = 4;

  private static final int REPORT_SHARE = 500;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE account (id int NOT NULL, branch int, balance int, note char(84))",
          "CREATE TABLE branch (id int PRIMARY KEY, balance int, note char(88))",
          "CREATE TABLE entry (branch int, account int, delta int, at timestamp, note char(22))",
          "INSERT INTO branch SELECT g, 0, '' FROM generate_series(1, " + BRANCHES + ") g",
          "INSERT INTO account SELECT g, g % 20 + 1, 0, '' FROM generate_series(1, " + ROWS + ") g",
          "ALTER TABLE account ADD PRIMARY KEY (id)",
          "ANALYZE");

  /// `$1` is an amount, `$2` an account, both in every statement but the transaction's ends.
  private static final List<String> TRANSACTION =
      List.of(
          "BEGIN",
          "UPDATE account SET balance = balance + $1 WHERE id = $2",
          "SELECT balance FROM account WHERE id = $2 AND balance <> $1 + 7",
          "UPDATE branch SET balance = balance + $1 WHERE id = $2 % 20 + 1",
          "INSERT INTO entry (branch, account, delta, at) VALUES ($2 % 20 + 1, $2, $1, CURRENT_TIMESTAMP)",
          "END",
          "SELECT balance FROM account WHERE id = $2 AND balance <> $1 + 7");

  private static final String REPORT =
      "SELECT b.id, count(*), sum(a.balance), max(a.id) FROM account a JOIN branch b ON b.id = a.branch GROUP BY b.id ORDER BY 3 DESC, 1 LIMIT 10";

  private final EmbeddedDatabase db;
  private final int rounds;

  private TrainingLoad(EmbeddedDatabase db, int rounds) {
    this.db = db;
    this.rounds = rounds;
  }

  /// Runs the load against an empty database.
  ///
  /// @param rounds transactions of each client
  static void run(EmbeddedDatabase db, int rounds) throws InterruptedException, ExecutionException {
    TABLES.forEach(db::execute);
    TrainingLoad load = new TrainingLoad(db, rounds);
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        clients.add(
            threads.submit(
                () -> {
                  load.runClient(number);
                  return null;
                }));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    }
  }

  private void runClient(int number) throws IOException {
    try (Client client = new Client(db)) {
      for (int i = 0; i < TRANSACTION.size(); i++) {
        client.prepare("s" + i, TRANSACTION.get(i));
      }
      for (int round = 0; round < rounds; round++) {
        String amount = Integer.toString(round % 1_000 - 500);
        String account = Integer.toString((round * 7 + number) % ROWS + 1);
        for (int i = 0; i < TRANSACTION.size(); i++) {
          String statement = TRANSACTION.get(i);
          if (round % SIMPLE_SHARE == 0) {
            client.query(statement.replace("$1", amount).replace("$2", account));
          } else {
            client.execute("s" + i, statement.contains("$") ? new String[] {amount, account} : new String[0]);
          }
        }
        if (round % REPORT_SHARE == 0) {
          client.query(REPORT);
        }
      }
    }
  }

  /// The frontend's side of the protocol, as much of it as the load needs.
  private static final class Client implements AutoCloseable {
    private static final int PROTOCOL_3_0 = 3 << 16;

    private final InProcessSocket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    Client(EmbeddedDatabase db) throws IOException {
      socket = new InProcessSocket(db.engine(), () -> {});
      out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      in = new DataInputStream(socket.getInputStream());
      byte[] parameters = "user\0heliosdb\0\0".getBytes(StandardCharsets.UTF_8);
      out.writeInt(8 + parameters.length);
      out.writeInt(PROTOCOL_3_0);
      out.write(parameters);
      awaitReady();
    }

    void prepare(String name, String statement) throws IOException {
      message('P', text(name), text(statement), new byte[2]);
      message('S');
      awaitReady();
    }

    void execute(String name, String... values) throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      DataOutputStream bind = new DataOutputStream(body);
      bind.writeByte(0);
      bind.write(text(name));
      bind.writeShort(0);
      bind.writeShort(values.length);
      for (String value : values) {
        bind.writeInt(value.length());
        bind.writeBytes(value);
      }
      bind.writeShort(0);
      message('B', body.toByteArray());
      message('D', new byte[] {'P', 0});
      message('E', new byte[5]);
      message('S');
      awaitReady();
    }

    void query(String statement) throws IOException {
      message('Q', text(statement));
      awaitReady();
    }

    private static byte[] text(String text) {
      return (text + '\0').getBytes(StandardCharsets.UTF_8);
    }

    private void message(char type, byte[]... parts) throws IOException {
      int length = 4;
      for (byte[] part : parts) {
        length += part.length;
      }
      out.writeByte(type);
      out.writeInt(length);
      for (byte[] part : parts) {
        out.write(part);
      }
    }

    private void awaitReady() throws IOException {
      out.flush();
      byte type;
      do {
        type = in.readByte();
        byte[] body = in.readNBytes(in.readInt() - 4);
        if (type == 'E') {
          throw new IOException(new String(body, StandardCharsets.UTF_8).replace('\0', ' '));
        }
      } while (type != 'Z');
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
