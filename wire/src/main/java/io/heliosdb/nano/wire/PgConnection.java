package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.Session;
import io.heliosdb.nano.session.StatementDescription;
import io.heliosdb.nano.session.TransactionStatus;
import io.heliosdb.nano.type.PgType;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client of the PostgreSQL protocol 3.0, as a push machine: the transport feeds bytes in, replies gather in a writer and leave
/// through [Output]. The same machine serves sockets and in-process connections.
///
/// ```
///   start-up --(StartupMessage)--> authentication --(ok)--> ready --(Query/Parse/Bind/…)--> ready
///                                                             |--(CopyInResponse)--> copy in --(CopyDone/CopyFail)--> ready
///   an error inside the extended protocol: skip messages until Sync
/// ```
/// Confined to the thread of its transport. A malformed message ends this connection (08P01) and nothing else.
/// Source: PostgreSQL 15 manual, chapter "Frontend/Backend Protocol".
final class PgConnection implements AutoCloseable {
  /// Where reply bytes go.
  interface Output {
    /// Takes the bytes; blocks while the client is slow.
    void write(byte[] bytes, int offset, int length);
  }

  private static final Logger LOG = LoggerFactory.getLogger(PgConnection.class);
  private static final int PROTOCOL_MAJOR = 3;
  private static final int CANCEL_REQUEST = 80877102;
  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;
  private static final int STARTUP_BYTES_MAX = 10_000;
  private static final int AUTHENTICATION_BYTES_MAX = 65_535;
  private static final int MESSAGE_BYTES_MAX = 0x3fff_ffff;

  enum Phase { STARTUP, AUTHENTICATION, READY, CLOSED }

  /// What the transport has to do after a feed.
  enum Action { CONTINUE, START_TLS, CLOSE }

  private final DatabaseEngine engine;
  private final ServerOptions options;
  private final Output output;
  private final String clientAddress;
  private final MessageWriter writer = new MessageWriter();
  private final ResultMessages results;
  private final Map<String, short[]> portalFormats = new HashMap<>();

  private volatile Phase phase = Phase.STARTUP;
  private Action action = Action.CONTINUE;
  private boolean encrypted;
  private int fedInTurn;
  private boolean skipUntilSync;
  private boolean extended;
  private boolean copyIn;
  private boolean copyInExtended;
  private @Nullable Authenticator authenticator;
  private volatile @Nullable Session session;
  private Map<String, String> startupParameters = Map.of();
  private byte @Nullable [] pendingStart;
  private @Nullable Semaphore clientSlots;
  private boolean holdsSlot;

  PgConnection(DatabaseEngine engine, ServerOptions options, Output output, String clientAddress) {
    this.engine = engine;
    this.options = options;
    this.output = output;
    this.clientAddress = clientAddress;
    this.results = new ResultMessages(writer, output, () -> session().io(), () -> copyIn = true);
  }

  /// Makes this connection take one of the server's slots before it authenticates; it is given back by [#close].
  void takeSlotFrom(Semaphore slots) {
    clientSlots = slots;
  }

  void tlsEstablished() {
    encrypted = true;
    action = Action.CONTINUE;
  }

  Action action() {
    return action;
  }

  @Nullable Session session() {
    return session;
  }

  /// From any thread: whether the client has said who it is but has not proved it yet.
  boolean isAuthenticating() {
    return phase == Phase.AUTHENTICATION;
  }

  /// Consumes whole messages from `bytes[start, end)` and returns the number of bytes consumed. The rest is offered again with more data.
  /// [#neededBytes] tells how many bytes the next message wants in all.
  int feed(byte[] bytes, int start, int end) {
    int consumed = 0;
    if (phase != Phase.READY) {
      consumed = feedMessages(bytes, start, end);
    }
    if (phase == Phase.READY && end - start - consumed >= 5) {
      // What has arrived together is one message of the session's actor.
      int from = start + consumed;
      session().turn(() -> fedInTurn = feedMessages(bytes, from, end));
      consumed += fedInTurn;
    }
    return consumed;
  }

  private int feedMessages(byte[] bytes, int start, int end) {
    boolean wasReady = phase == Phase.READY;
    int at = start;
    while (action == Action.CONTINUE && phase != Phase.CLOSED && wasReady == (phase == Phase.READY)) {
      int available = end - at;
      int header = phase == Phase.STARTUP ? 4 : 5;
      if (available < header) {
        break;
      }
      int length = lengthAt(bytes, at + header - 4);
      if (!checkLength(length)) {
        break;
      }
      int total = length + header - 4;
      if (available < total) {
        break;
      }
      handle(bytes, at, header, total);
      at += total;
    }
    return at - start;
  }

  /// Total size of the message that begins at `start`, as far as known; bounded by the protocol's limits.
  int neededBytes(byte[] bytes, int start, int end) {
    int header = phase == Phase.STARTUP ? 4 : 5;
    return end - start < header ? header : lengthAt(bytes, start + header - 4) + header - 4;
  }

  private static int lengthAt(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
  }

  private boolean checkLength(int length) {
    int most =
        switch (phase) {
          case STARTUP -> STARTUP_BYTES_MAX;
          case AUTHENTICATION -> AUTHENTICATION_BYTES_MAX;
          case READY, CLOSED -> MESSAGE_BYTES_MAX;
        };
    if (length < (phase == Phase.STARTUP ? 8 : 4) || length > most) {
      fatal(new SqlException(SqlState.PROTOCOL_VIOLATION, phase == Phase.STARTUP ? "invalid length of startup packet" : "invalid message length"));
      return false;
    }
    return true;
  }

  private void handle(byte[] bytes, int at, int header, int total) {
    char type = (char) (bytes[at] & 0xff);
    try {
      MessageReader reader = new MessageReader(bytes, at + header, at + total);
      switch (phase) {
        case STARTUP -> startup(reader);
        case AUTHENTICATION -> authenticationMessage(type, reader);
        case READY -> message(type, reader);
        case CLOSED -> {}
      }
    } catch (MalformedMessage e) {
      fatal(e.error());
    } catch (SqlException e) {
      failed(e);
    } catch (StackOverflowError e) {
      failed(new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded"));
    } catch (OutOfMemoryError e) {
      failed(new SqlException(SqlState.OUT_OF_MEMORY, "out of memory"));
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("a message of type {} failed", type, e);
      failed(new SqlException(SqlState.INTERNAL_ERROR, "internal error: " + e, e));
    }
  }

  /// Answers a message that was too long to be read.
  void refuse(char type, SqlException why) {
    extended = copyIn ? copyInExtended : type != 'Q' && type != 'F';
    if (!skipUntilSync) {
      failed(why);
    }
  }

  /// Answers a message that failed as a whole: the transaction fails with it, if the statement has not seen to that. After a message of
  /// the extended protocol everything up to Sync is skipped; the others are complete in themselves.
  private void failed(SqlException e) {
    SqlException termination = session == null ? null : session.termination();
    if (termination != null) {
      // Whatever failed on the way, this is why: at a shutdown parts of the engine may go before the statement does.
      fatal(termination);
      return;
    }
    if (phase != Phase.READY || e.state().endsSession()) {
      fatal(e);
      return;
    }
    if (session().transactionStatus() != TransactionStatus.FAILED) {
      session().failTransaction();
    }
    error(e);
    copyIn = false;
    if (extended) {
      skipUntilSync = true;
    } else {
      ready();
    }
  }

  // ---- start-up ----

  private void startup(MessageReader reader) {
    int code = reader.intValue();
    switch (code) {
      case SSL_REQUEST -> {
        boolean accept = options.tls() != null && !encrypted;
        writer.sink().put(accept ? 'S' : 'N');
        flush();
        if (accept) {
          action = Action.START_TLS;
        }
      }
      case GSS_REQUEST -> {
        writer.sink().put('N');
        flush();
      }
      case CANCEL_REQUEST -> {
        int pid = reader.intValue();
        int secret = reader.intValue();
        engine.cancel(pid, secret);
        close();
        action = Action.CLOSE;
      }
      default -> startupMessage(code, reader);
    }
  }

  private void startupMessage(int version, MessageReader reader) {
    int major = version >>> 16;
    int minor = version & 0xffff;
    if (major != PROTOCOL_MAJOR) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "unsupported frontend protocol " + major + "." + minor + ": server supports 3.0 to 3.0");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    List<String> unknownOptions = new java.util.ArrayList<>();
    while (true) {
      String name = reader.string();
      if (name.isEmpty()) {
        break;
      }
      String value = reader.string();
      if (name.startsWith("_pq_.")) {
        unknownOptions.add(name);
      } else {
        parameters.put(name, value);
      }
    }
    if (minor > 0 || !unknownOptions.isEmpty()) {
      writer.begin('v');
      // The newest version spoken, as a whole version number: libpq refuses anything below 3.0.
      writer.sink().putInt(PROTOCOL_MAJOR << 16).putInt(unknownOptions.size());
      unknownOptions.forEach(writer::string);
      writer.end();
    }
    String user = parameters.get("user");
    if (user == null || user.isEmpty()) {
      throw new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "no PostgreSQL user name specified in startup packet");
    }
    if (clientSlots != null) {
      if (!clientSlots.tryAcquire()) {
        throw new SqlException(SqlState.TOO_MANY_CONNECTIONS, "sorry, too many clients already");
      }
      holdsSlot = true;
    }
    startupParameters = parameters;
    phase = Phase.AUTHENTICATION;
    authenticator = Authenticator.create(engine, options, user, clientAddress, encrypted);
    if (authenticator.begin(writer)) {
      authenticated();
    } else {
      flush();
    }
  }

  private void authenticationMessage(char type, MessageReader reader) {
    if (type != 'p') {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "expected password response, got message type " + (int) type);
    }
    if (java.util.Objects.requireNonNull(authenticator).respond(reader, writer)) {
      authenticated();
    } else {
      flush();
    }
  }

  private void authenticated() {
    writer.authentication(0);
    String user = startupParameters.get("user");
    String database = startupParameters.getOrDefault("database", user);
    Session opened = engine.openSession(user, database, startupParameters, clientAddress);
    session = opened;
    // A transport with a thread of its own replaces this: it wakes that thread.
    opened.onTerminate(opened::closeLater);
    opened.reportedSettings().forEach(writer::parameterStatus);
    writer.backendKeyData(opened.pid(), opened.secretKey());
    phase = Phase.READY;
    ready();
  }

  // ---- messages ----

  private void message(char type, MessageReader reader) {
    if (skipUntilSync && type != 'S' && type != 'X') {
      return;
    }
    extended = copyIn ? copyInExtended : type != 'Q' && type != 'F';
    if (copyIn && type != 'd' && type != 'c' && type != 'f' && type != 'H' && type != 'S' && type != 'X') {
      error(unexpectedDuringCopy(type));
      fatal(new SqlException(SqlState.PROTOCOL_VIOLATION, "terminating connection because protocol synchronization was lost"));
      return;
    }
    switch (type) {
      case 'Q' -> query(reader);
      case 'P' -> parse(reader);
      case 'B' -> bind(reader);
      case 'D' -> describe(reader);
      case 'E' -> execute(reader);
      case 'C' -> closeObject(reader);
      case 'S' -> sync();
      case 'H' -> flush();
      case 'X' -> {
        close();
        action = Action.CLOSE;
      }
      case 'd' -> {
        if (copyIn) {
          session().copyData(reader.array(), reader.position(), reader.remaining());
        }
      }
      case 'c' -> copyDone();
      case 'f' -> copyFail("COPY from stdin failed: " + reader.string());
      case 'F' -> {
        FunctionCall.run(reader, session(), writer);
        ready();
      }
      default -> throw new MalformedMessage("invalid frontend message type " + (int) type);
    }
  }

  private void query(MessageReader reader) {
    String text = reader.string();
    reader.expectEnd();
    results.begin(RowEncoder.ALL_TEXT, true);
    copyInExtended = false;
    session().simpleQuery(text, results);
    if (!copyIn) {
      ready();
    }
  }

  private void copyDone() {
    if (!copyIn) {
      return;
    }
    copyIn = false;
    session().copyDone(results);
    if (!copyInExtended && !copyIn) {
      ready();
    }
  }

  private void copyFail(String reason) {
    if (!copyIn) {
      return;
    }
    copyIn = false;
    session().copyFail(reason);
  }

  private SqlException unexpectedDuringCopy(char type) {
    String message = "unexpected message type 0x" + String.format("%02X", (int) type) + " during COPY from stdin";
    try {
      session().copyFail(message);
    } catch (SqlException e) {
      return new SqlException(SqlState.PROTOCOL_VIOLATION, message).withContext(e.context());
    }
    return new SqlException(SqlState.PROTOCOL_VIOLATION, message);
  }

  private void parse(MessageReader reader) {
    String name = reader.string();
    String text = reader.string();
    int count = reader.shortValue();
    reader.need(4 * count);
    int[] types = new int[count];
    for (int i = 0; i < count; i++) {
      types[i] = reader.intValue();
    }
    reader.expectEnd();
    session().parse(name, text, types);
    writer.empty('1');
  }

  private void bind(MessageReader reader) {
    Session current = session();
    BindMessage message = BindMessage.read(reader, current);
    String portal = message.portal();
    current.bind(portal, message.statement(), message.values());
    if (message.resultFormats().length > 0) {
      List<OutputColumn> columns = current.describePortal(portal);
      if (columns != null) {
        try {
          message.checkResultFormats(columns.size());
        } catch (SqlException e) {
          current.closePortal(portal);
          throw e;
        }
      }
    }
    portalFormats.put(portal, message.resultFormats());
    writer.empty('2');
  }

  private void describe(MessageReader reader) {
    char kind = (char) reader.byteValue();
    String name = reader.string();
    reader.expectEnd();
    if (kind == 'S') {
      StatementDescription description = session().describeStatement(name);
      List<PgType> types = description.parameterTypes();
      writer.begin('t');
      writer.sink().putShort(types.size());
      for (PgType type : types) {
        writer.sink().putInt(type.oid());
      }
      writer.end();
      describeColumns(description.columns(), RowEncoder.ALL_TEXT);
    } else if (kind == 'P') {
      describeColumns(session().describePortal(name), portalFormats.getOrDefault(name, RowEncoder.ALL_TEXT));
    } else {
      throw new MalformedMessage("invalid DESCRIBE message subtype " + (int) kind);
    }
  }

  private void describeColumns(@Nullable List<OutputColumn> columns, short[] columnFormats) {
    if (columns == null) {
      writer.empty('n');
    } else {
      results.describe(columns, columnFormats);
    }
  }

  private void execute(MessageReader reader) {
    String portal = reader.string();
    int limit = reader.intValue();
    reader.expectEnd();
    // Only Describe asks for the columns here.
    results.begin(portalFormats.getOrDefault(portal, RowEncoder.ALL_TEXT), false);
    copyInExtended = true;
    session().execute(portal, limit <= 0 ? Long.MAX_VALUE : limit, results);
  }

  private void closeObject(MessageReader reader) {
    char kind = (char) reader.byteValue();
    String name = reader.string();
    reader.expectEnd();
    if (kind == 'S') {
      session().closeStatement(name);
    } else if (kind == 'P') {
      session().closePortal(name);
      portalFormats.remove(name);
    } else {
      throw new MalformedMessage("invalid CLOSE message subtype " + (int) kind);
    }
    writer.empty('3');
  }

  private void sync() {
    if (copyIn) {
      return;
    }
    skipUntilSync = false;
    try {
      session().sync(results);
    } catch (SqlException e) {
      error(e);
    }
    ready();
  }

  private void ready() {
    Session current = session();
    current.takeChangedSettings(writer::parameterStatus);
    current.takeNotifications((pid, channel, payload) -> writer.notification(pid, channel, payload));
    copyInExtended = false;
    if (portalFormats.size() > 1 && current.transactionStatus() == TransactionStatus.IDLE) {
      portalFormats.clear();
    }
    writer.readyForQuery(current.transactionStatus().code());
  }

  // ---- output ----

  private Session sessionOrNull() {
    return session;
  }

  private void error(SqlException e) {
    writer.error("ERROR", e);
  }

  private void fatal(SqlException e) {
    if (phase == Phase.AUTHENTICATION) {
      engine.loginRefused(startupParameters.getOrDefault("user", ""), clientAddress, e.state());
    }
    writer.error("FATAL", e);
    flush();
    close();
    action = Action.CLOSE;
  }

  /// Ends the connection from outside the protocol: shutdown, termination, idle time-out.
  void endWith(SqlException e) {
    if (phase != Phase.CLOSED) {
      fatal(e);
    }
  }

  void flush() {
    results.flush();
  }

  /// Appends notifications that arrived while the session was idle.
  void deliverNotifications() {
    Session current = sessionOrNull();
    if (current != null && phase == Phase.READY) {
      current.takeNotifications((pid, channel, payload) -> writer.notification(pid, channel, payload));
      flush();
    }
  }

  @Override
  public void close() {
    if (phase != Phase.CLOSED) {
      phase = Phase.CLOSED;
      try {
        if (session != null) {
          session.close();
        }
      } finally {
        if (holdsSlot) {
          holdsSlot = false;
          clientSlots.release();
        }
      }
    }
  }
}
