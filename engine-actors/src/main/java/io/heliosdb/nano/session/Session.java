package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.txn.InlineActor;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A session as front ends hold it. Each call is a message to the session's actor that runs on the calling thread ([InlineActor]); calls
/// come from one thread at a time, except [#cancel], [#terminate], [#isIdle] and the notification methods.
///
/// Every method that runs something throws [SqlException]; the transaction is then in the state PostgreSQL's would be in.
public final class Session implements AutoCloseable {
  /// Receives one notification.
  public interface NotificationConsumer {
    void accept(int pid, String channel, String payload);
  }

  private final SessionCore core;
  private final int secretKey;
  private final Consumer<SessionActor.Command> handler;
  private final InlineActor<SessionActor.Command> actor;

  /// The thread that runs a [#turn]; its calls are part of the message that the actor is at. Not volatile: the only question asked of it
  /// is whether it is the asking thread, and a thread sees its own writes.
  private @Nullable Thread turnThread;
  private volatile boolean closed;
  private volatile boolean busy;
  private volatile @Nullable SqlException termination;
  private volatile Runnable onTerminate = () -> {};

  Session(SessionCore core, int secretKey) {
    this.core = core;
    this.secretKey = secretKey;
    this.handler = SessionActor.handler(core);
    this.actor = core.engine().system().spawnInline(handler, "session-" + core.pid());
  }

  SessionCore core() {
    return core;
  }

  public int pid() {
    return core.pid();
  }

  public int secretKey() {
    return secretKey;
  }

  public SessionActivity activity() {
    return core.activity();
  }

  public TransactionStatus transactionStatus() {
    return core.transactions().status();
  }

  public IoContext io() {
    return core.io();
  }

  public String branch() {
    return core.branchState().name();
  }

  /// Runs work that makes several calls of this session, such as the messages that one packet brought, as one message of the actor; its
  /// calls run directly. Only for the thread that owns the session.
  public void turn(Runnable work) {
    if (termination != null || closed || turnThread == Thread.currentThread()) {
      work.run();
      return;
    }
    busy = true;
    try {
      actor.<SessionActor.Done>ask(slot -> new SessionActor.Turn(() -> takeTurn(work), slot));
    } finally {
      busy = false;
    }
  }

  private void takeTurn(Runnable work) {
    turnThread = Thread.currentThread();
    try {
      work.run();
    } finally {
      turnThread = null;
    }
  }

  private <R> R ask(Function<ReplySlot<R>, SessionActor.Command> message) {
    SqlException end = termination;
    if (end != null) {
      throw end;
    }
    if (turnThread == Thread.currentThread()) {
      return answer(message);
    }
    busy = true;
    try {
      return actor.ask(message);
    } finally {
      busy = false;
    }
  }

  private <R> R answer(Function<ReplySlot<R>, SessionActor.Command> message) {
    ReplySlot<R> slot = new ReplySlot<>();
    handler.accept(message.apply(slot));
    return slot.get();
  }

  public void simpleQuery(String text, ResultSink sink) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.SimpleQuery(text, sink, slot));
  }

  public void copyData(byte[] bytes, int offset, int length) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.CopyData(bytes, offset, length, slot));
  }

  public void copyDone(ResultSink sink) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.CopyDone(sink, slot));
  }

  /// Always throws 57014 with the reason.
  public void copyFail(String reason) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.CopyFail(reason, slot));
  }

  public void parse(String name, String text, int[] typeOids) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.Parse(name, text, typeOids, slot));
  }

  public List<PgType> parameterTypes(String statement) {
    return core.extended().statement(statement).parameterTypes;
  }

  public void checkUsableForBind(String statement) {
    core.extended().checkUsableForBind(statement);
  }

  public void bind(String portal, String statement, @Nullable Object[] values) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.Bind(portal, statement, values, slot));
  }

  public StatementDescription describeStatement(String name) {
    return ask(slot -> new SessionActor.DescribeStatement(name, slot));
  }

  public @Nullable List<OutputColumn> describePortal(String name) {
    return this.<SessionActor.PortalColumns>ask(slot -> new SessionActor.DescribePortal(name, slot)).columns();
  }

  public void execute(String portal, long rowsMax, ResultSink sink) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.Execute(portal, rowsMax, sink, slot));
  }

  public void closeStatement(String name) {
    core.extended().closeStatement(name);
  }

  public void closePortal(String name) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.ClosePortal(name, slot));
  }

  public void sync(ResultSink sink) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.Sync(sink, slot));
  }

  public void failTransaction() {
    core.failTransaction();
  }

  /// Runs one statement with arguments made for its parameter types, to the end.
  public void executeDirect(String text, Function<List<PgType>, @Nullable Object[]> arguments, ResultSink sink) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.ExecuteDirect(text, arguments, sink, slot));
  }

  /// A statement that calls the function with that oid, its arguments being parameters.
  ///
  /// @throws SqlException 42883 when there is none
  public String functionCall(int oid) {
    var function = core.catalog().function(oid);
    if (function == null || function.kind() != 'f' || function.returnsSet()) {
      throw new SqlException(io.heliosdb.nano.error.SqlState.UNDEFINED_FUNCTION, "function with OID " + Integer.toUnsignedString(oid) + " does not exist");
    }
    StringBuilder text = new StringBuilder("SELECT ");
    text.append(io.heliosdb.nano.type.Identifiers.quote(core.catalog().namespace(function.namespaceOid()).name())).append('.')
        .append(io.heliosdb.nano.type.Identifiers.quote(function.name())).append('(');
    for (int i = 0; i < function.argumentTypes().size(); i++) {
      PgType type = core.catalog().byOid(function.argumentTypes().get(i));
      text.append(i == 0 ? "$" : ", $").append(i + 1).append("::")
          .append(io.heliosdb.nano.type.Typmods.formatType(type, -1, core.io().types()));
    }
    return text.append(')').toString();
  }

  public void bindDirect(String portal, String text, Function<List<PgType>, @Nullable Object[]> arguments) {
    this.<SessionActor.Done>ask(slot -> new SessionActor.BindDirect(portal, text, arguments, slot));
  }

  /// Takes over the settings and the branch of a sibling session.
  public void adoptSettings(Session other) {
    if (core.settings().generation() != other.core.settings().generation()) {
      core.settings().copyFrom(other.core.settings());
    }
    if (core.branchState() != other.core.branchState()) {
      core.engine().branches().use(core, other.core.branchState().name());
    }
  }

  /// Runs work of another module inside this session's transaction (or one of its own when no block is open), as one command.
  public <R> R work(Function<SessionWork, R> work) {
    return this.<SessionActor.Worked<R>>ask(slot -> new SessionActor.Work<>(work, slot)).result();
  }

  /// Checks the whole database; outside a transaction only.
  public VerificationReport verify() {
    return ask(SessionActor.Verify::new);
  }

  // ---- reports ----

  /// The settings reported at start, by name.
  public Map<String, String> reportedSettings() {
    Map<String, String> reported = new TreeMap<>();
    for (String key : SettingRules.REPORTED) {
      SettingDefinition definition = SettingDefinitions.find(key);
      reported.put(definition == null ? key : definition.name(), String.valueOf(SettingStatements.show(core, key, true)));
    }
    return reported;
  }

  public void takeChangedSettings(BiConsumer<String, String> consumer) {
    for (String key : core.settings().takeChangedReportable()) {
      SettingDefinition definition = SettingDefinitions.find(key);
      consumer.accept(definition == null ? key : definition.name(), String.valueOf(SettingStatements.show(core, key, true)));
    }
  }

  public void takeNotifications(NotificationConsumer consumer) {
    if (core.transactions().status() != TransactionStatus.IDLE) {
      return;
    }
    for (Notification notification : core.engine().notifications().take(core)) {
      consumer.accept(notification.pid(), notification.channel(), notification.payload());
    }
  }

  /// What an idle client is to be told now, encoded by the front end.
  public byte[] encodePendingNotifications(Function<List<Notification>, byte[]> encoder) {
    List<Notification> pending = new ArrayList<>(core.engine().notifications().take(core));
    return pending.isEmpty() ? new byte[0] : encoder.apply(pending);
  }

  public void onNotification(Runnable wakeUp) {
    core.engine().notifications().onArrival(core, wakeUp);
  }

  public boolean isIdle() {
    return !busy && core.transactions().status() == TransactionStatus.IDLE;
  }

  /// From any thread: whether a statement is running.
  boolean isRunning() {
    return busy;
  }

  /// Counts memory that the front end holds for this session (negative to give back). From any thread.
  ///
  /// @throws SqlException 53200
  public void accountMemory(long bytes) {
    core.accountMemory(bytes);
  }

  // ---- ends ----

  /// Stops the running statement with 57014; from any thread.
  public void cancel() {
    core.cancelToken().cancel(io.heliosdb.nano.lock.CancelToken.userRequest());
  }

  /// Ends the session with an error, from any thread: its statement stops, and whoever owns the session is told to close it.
  public void terminate(SqlException why) {
    synchronized (this) {
      if (termination != null) {
        return;
      }
      termination = why;
    }
    core.cancelToken().cancel(why);
    onTerminate.run();
  }

  /// Why the session was ended from outside, null while it was not.
  public @Nullable SqlException termination() {
    return termination;
  }

  /// What the front end does when somebody else terminates the session: wake up and close. From here on the idle time-outs apply.
  public void onTerminate(Runnable action) {
    onTerminate = action;
    core.setEndsWhenIdle();
    if (termination != null) {
      action.run();
    }
  }

  /// Rolls back and releases everything once the running statement has stopped, without waiting for it; for an owner whose thread is
  /// elsewhere. The owner still calls [#close].
  public void closeLater() {
    core.engine().system().host().start(Thread.ofVirtual().name("heliosdb-session-end-" + pid()), () -> {
      try {
        actor.ask(SessionActor.Close::new);
      } finally {
        core.engine().sessionClosed(this);
      }
    });
  }

  /// Ends the session; a statement that another thread runs in it is cancelled.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (busy) {
      cancel();
    }
    try {
      if (turnThread == Thread.currentThread()) {
        answer(SessionActor.Close::new);
      } else {
        actor.ask(SessionActor.Close::new);
      }
    } finally {
      actor.stop();
      core.engine().sessionClosed(this);
    }
  }
}
