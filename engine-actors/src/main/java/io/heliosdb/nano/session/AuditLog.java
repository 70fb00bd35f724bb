package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.system.SystemContext.AuditEntry;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who did what, when, and with which outcome: log-ins, log-outs, statements. There is one only where `heliosdb.audit` is not off.
///
/// The newest entries stand in a ring for `heliosdb_audit_log`; when it is full the oldest goes. With `heliosdb.audit_file` each entry is also
/// appended to a file as one JSON object per line, by a thread of its own through a queue of [#QUEUE_MAX] entries: when the device cannot
/// keep up, sessions go on, and a line `{"dropped": n}` says how many entries are missing there. A statement that fails is recorded too;
/// passwords in statements are blanked. Thread-safe.
final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  static final int QUEUE_MAX = 10_000;
  private static final int STATEMENT_LENGTH_MAX = 4096;
  private static final Pattern PASSWORD = Pattern.compile("(?is)(\\bPASSWORD\\s+)(?:U&|E)?'(?:[^'\\\\]|''|\\\\.)*'");
  private static final Pattern CHANGE = Pattern.compile("(?i)\\b(INSERT|UPDATE|DELETE|MERGE)\\b");
  private static final AuditEntry END = new AuditEntry(0, 0, 0, "", "", "", null, null);

  /// What is recorded; each includes those before it.
  private enum Level { DDL, WRITE, ALL }

  private final Level level;
  private final int entriesMax;
  private final Deque<AuditEntry> ring = new ArrayDeque<>();
  private long lastId;
  private long dropped;
  private final @Nullable ArrayBlockingQueue<AuditEntry> queue;
  private final @Nullable Thread writer;

  private AuditLog(Level level, int entriesMax, @Nullable Path file) {
    this.level = level;
    this.entriesMax = entriesMax;
    if (file == null) {
      queue = null;
      writer = null;
      return;
    }
    BufferedWriter out;
    try {
      out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not open the audit file \"" + file + "\": " + e.getMessage(), e);
    }
    queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    writer = Thread.ofPlatform().name("heliosdb-audit").daemon(true).start(() -> write(out));
  }

  /// Null when nothing is to be recorded.
  ///
  /// @throws SqlException 58030 when the file cannot be opened
  static @Nullable AuditLog of(Settings settings) {
    String level = settings.get("heliosdb.audit");
    if (level.equals("off")) {
      return null;
    }
    String file = settings.get("heliosdb.audit_file");
    return new AuditLog(Level.valueOf(level.toUpperCase(Locale.ROOT)), settings.integer("heliosdb.audit_entries"), file.isEmpty() ? null : Path.of(file));
  }

  /// A session began (`login`), ended (`logout`) or was refused (`login`, with the error's state).
  void session(long micros, int pid, String user, String client, String action, @Nullable SqlState failure) {
    add(micros, pid, user, client, action, null, failure);
  }

  /// A statement has ended.
  void statement(long micros, SessionActivity session, String text, @Nullable SqlState failure) {
    String action = action(text);
    Level needed =
        switch (action) {
          case "select", "transaction", "other" -> Level.ALL;
          case "write" -> Level.WRITE;
          default -> Level.DDL;
        };
    if (needed.compareTo(level) <= 0) {
      String shown = PASSWORD.matcher(text.length() <= STATEMENT_LENGTH_MAX ? text : text.substring(0, STATEMENT_LENGTH_MAX)).replaceAll("$1'***'");
      add(micros, session.pid(), session.user(), session.clientAddress(), action, shown, failure);
    }
  }

  /// What kind of statement a text is, by its first word.
  static String action(String text) {
    int start = 0;
    while (start < text.length() && !Character.isLetter(text.charAt(start))) {
      if (text.startsWith("--", start)) {
        int end = text.indexOf('\n', start);
        start = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", start)) {
        int end = text.indexOf("*/", start);
        start = end < 0 ? text.length() : end + 2;
      } else {
        start++;
      }
    }
    int end = start;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    return switch (text.substring(start, end).toUpperCase(Locale.ROOT)) {
      case "SELECT", "VALUES", "TABLE", "FETCH", "SHOW", "DECLARE", "MOVE", "CLOSE" -> "select";
      case "WITH", "EXPLAIN" -> CHANGE.matcher(text).find() ? "write" : "select";
      case "INSERT", "UPDATE", "DELETE", "MERGE", "RESTORE", "COPY", "TRUNCATE", "CALL", "DO", "EXECUTE" -> "write";
      case "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE" -> "transaction";
      case "CREATE", "ALTER", "DROP", "COMMENT", "SECURITY", "REINDEX", "CLUSTER", "REFRESH", "IMPORT", "USE", "ERASE" -> "ddl";
      case "GRANT", "REVOKE", "REASSIGN" -> "privilege";
      default -> "other";
    };
  }

  private synchronized void add(
      long micros, int pid, String user, String client, String action, @Nullable String statement, @Nullable SqlState failure) {
    AuditEntry entry = new AuditEntry(++lastId, micros, pid, user, client, action, statement, failure == null ? null : failure.code());
    if (ring.size() >= entriesMax) {
      ring.removeFirst();
    }
    ring.addLast(entry);
    if (queue != null && !queue.offer(entry)) {
      dropped++;
    }
  }

  /// The entries of the ring, oldest first.
  synchronized List<AuditEntry> entries() {
    return new ArrayList<>(ring);
  }

  private synchronized long takeDropped() {
    long count = dropped;
    dropped = 0;
    return count;
  }

  private void write(BufferedWriter out) {
    try (out) {
      while (true) {
        AuditEntry entry = queue.take();
        do {
          if (entry == END) {
            return;
          }
          out.write(json(entry));
          entry = queue.poll();
        } while (entry != null);
        long missing = takeDropped();
        if (missing > 0) {
          out.write("{\"dropped\": " + missing + "}\n");
        }
        out.flush();
      }
    } catch (IOException e) {
      LOG.error("the audit file cannot be written any more: {}", e.getMessage());
    } catch (InterruptedException e) {
      LOG.warn("the audit file was closed early");
    }
  }

  private static String json(AuditEntry entry) {
    Instant at = Instant.ofEpochSecond(946_684_800L).plusNanos(entry.micros() * 1000);
    StringBuilder line = new StringBuilder("{\"id\": ").append(entry.id()).append(", \"at\": \"").append(at).append("\", \"pid\": ").append(entry.pid());
    field(line, "user", entry.user());
    field(line, "client", entry.client());
    field(line, "action", entry.action());
    field(line, "statement", entry.statement());
    field(line, "outcome", entry.sqlState() == null ? "ok" : "failed");
    field(line, "sqlstate", entry.sqlState());
    return line.append("}\n").toString();
  }

  private static void field(StringBuilder line, String name, @Nullable String value) {
    if (value == null) {
      return;
    }
    line.append(", \"").append(name).append("\": \"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> line.append('\\').append(c);
        case '\n' -> line.append("\\n");
        default -> {
          if (c < 0x20) {
            line.append(String.format("\\u%04x", (int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append('"');
  }

  /// Writes what is queued and closes the file.
  @Override
  public void close() {
    if (writer == null) {
      return;
    }
    try {
      queue.put(END);
      writer.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
