package io.heliosdb.nano.testkit.isolation;

import io.heliosdb.nano.testkit.isolation.IsolationSpec.Blocker;
import io.heliosdb.nano.testkit.isolation.IsolationSpec.Permutation;
import io.heliosdb.nano.testkit.isolation.IsolationSpec.Session;
import io.heliosdb.nano.testkit.isolation.IsolationSpec.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs a script's permutations and writes what happens, as PostgreSQL's isolation tester writes it.
///
/// A step is sent; then either its answer comes, or the server says (`pg_isolation_test_session_is_blocked`) that the session waits for
/// another session of the script. Nothing else ends the observation, so the transcript does not depend on how fast anything is. After
/// each step all waiting steps are observed in the same way. A session whose turn comes while it still waits is waited for.
///
/// Errors: [PermutationStuckException] when steps wait for each other, or one is neither done nor blocked for [#stepNanosMax].
public final class SpecRunner implements AutoCloseable {
  /// A permutation that cannot be brought to its end.
  public static final class PermutationStuckException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PermutationStuckException(String message) {
      super(message);
    }
  }

  private static final long FIRST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LOOK_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

  private static final class Client {
    final String name;
    final SessionConnection connection;
    @Nullable Turn active;
    long[] noticeTargets = {};
    long noticeCount;

    Client(String name, SessionConnection connection) {
      this.name = name;
      this.connection = connection;
    }
  }

  private final IsolationSpec spec;
  private final SessionConnection control;
  private final List<Client> clients = new ArrayList<>();
  private final StringBuilder out = new StringBuilder();
  private final String pids;
  private final long stepNanosMax;
  private boolean hasNewNotice;

  public SpecRunner(IsolationSpec spec, ServerTarget target, String specName, long stepNanosMax) throws IOException {
    this.spec = spec;
    this.stepNanosMax = stepNanosMax;
    control = new SessionConnection(target, "isolation/" + specName + "/control connection", notice -> {});
    run(control, "SET client_min_messages = warning");
    StringBuilder list = new StringBuilder();
    for (Session session : spec.sessions()) {
      int index = clients.size();
      SessionConnection connection =
          new SessionConnection(target, "isolation/" + specName + "/" + session.name(), notice -> onNotice(clients.get(index), notice));
      clients.add(new Client(session.name(), connection));
      list.append(list.isEmpty() ? "" : ",").append(connection.pid());
    }
    pids = "{" + list + "}";
  }

  /// Runs all permutations and returns the transcript.
  public String run() throws IOException {
    out.append("Parsed test spec with ").append(spec.sessions().size()).append(" sessions\n");
    for (Permutation permutation : spec.allPermutations()) {
      run(permutation);
    }
    return out.toString();
  }

  /// What was written so far, for a permutation that got stuck.
  public String transcript() {
    return out.toString();
  }

  private void run(Permutation permutation) throws IOException {
    out.append("\nstarting permutation:");
    permutation.turns().forEach(turn -> out.append(' ').append(turn.step().name()));
    out.append('\n');
    for (String setup : spec.setups()) {
      prepare(control, setup, "setup failed: ", true);
    }
    for (int s = 0; s < clients.size(); s++) {
      prepare(clients.get(s).connection, spec.sessions().get(s).setup(), "setup of session " + clients.get(s).name + " failed: ", true);
    }
    runSteps(permutation.turns());
    for (int s = 0; s < clients.size(); s++) {
      prepare(clients.get(s).connection, spec.sessions().get(s).teardown(), "teardown of session " + clients.get(s).name + " failed: ", false);
    }
    prepare(control, spec.teardown(), "teardown failed: ", false);
  }

  private void prepare(SessionConnection connection, @Nullable String sql, String onFailure, boolean isNeeded) throws IOException {
    if (sql == null) {
      return;
    }
    SessionConnection.Outcome last = null;
    for (SessionConnection.Outcome outcome : connection.run(sql)) {
      last = outcome;
    }
    switch (last) {
      case SessionConnection.Rows rows -> rows.table().print(out);
      case SessionConnection.Failure failure -> {
        String text = onFailure + render(failure.fields());
        if (isNeeded) {
          throw new PermutationStuckException(text);
        }
        out.append(text);
      }
      case SessionConnection.Lost ignored -> out.append(onFailure).append("no connection\n");
      case SessionConnection.Done ignored -> {}
      case null -> {}
    }
  }

  private void runSteps(List<Turn> turns) throws IOException {
    List<Turn> waiting = new ArrayList<>();
    for (Turn turn : turns) {
      Client client = clients.get(turn.session());
      long deadline = System.nanoTime() + 2 * stepNanosMax;
      while (client.active != null) {
        Turn old = client.active;
        if (!isStillWaiting(old, false, true)) {
          waiting.remove(old);
        }
        completeWaiting(waiting, true);
        if (client.active != null && System.nanoTime() > deadline) {
          throw stuck("step " + old.step().name() + " timed out");
        }
      }
      client.connection.send(turn.step().sql());
      client.active = turn;
      client.noticeTargets = noticeTargets(turn);
      boolean mustWait = isStillWaiting(turn, true, false);
      completeWaiting(waiting, true);
      if (mustWait) {
        waiting.add(turn);
      }
    }
    completeWaiting(waiting, false);
    if (!waiting.isEmpty()) {
      throw stuck("failed to complete permutation due to mutually-blocking steps");
    }
  }

  private PermutationStuckException stuck(String message) {
    StringBuilder active = new StringBuilder(message).append("; active:");
    clients.stream().filter(c -> c.active != null).forEach(c -> active.append(' ').append(c.active.step().name()));
    return new PermutationStuckException(active.toString());
  }

  private long[] noticeTargets(Turn turn) {
    long[] targets = new long[turn.blockers().size()];
    for (int i = 0; i < targets.length; i++) {
      if (turn.blockers().get(i) instanceof IsolationSpec.Notices notices) {
        targets[i] = clients.get(notices.session()).noticeCount + notices.count();
      }
    }
    return targets;
  }

  /// Observes the waiting steps; goes on as long as one that a blocker holds back may have been let go by another.
  private void completeWaiting(List<Turn> waiting, boolean mayBlock) throws IOException {
    boolean hasProgress;
    boolean hasBlocker;
    do {
      hasProgress = false;
      hasBlocker = false;
      hasNewNotice = false;
      Iterator<Turn> each = waiting.iterator();
      while (each.hasNext()) {
        Turn turn = each.next();
        if (isStillWaiting(turn, mayBlock, true)) {
          hasBlocker |= !turn.blockers().isEmpty();
        } else {
          each.remove();
          hasProgress = true;
        }
      }
    } while (hasBlocker && (hasProgress || hasNewNotice));
  }

  /// Observes a step until it is done (false) or, where it may block, found blocked (true).
  private boolean isStillWaiting(Turn turn, boolean mayBlock, boolean isRetry) throws IOException {
    if (!isRetry && turn.blockers().stream().anyMatch(IsolationSpec.Once.class::isInstance)) {
      printWaiting(turn);
      return true;
    }
    Client client = clients.get(turn.session());
    SessionConnection connection = client.connection;
    long start = System.nanoTime();
    long look = FIRST_LOOK_NANOS;
    while (connection.isBusy()) {
      connection.poll(look);
      look = Math.min(look * 2, LOOK_NANOS_MAX);
      if (!connection.isBusy()) {
        break;
      }
      if (mayBlock && isBlocked(connection)) {
        // The answer, or a notice from before the wait, may have come while the question was asked.
        connection.poll(FIRST_LOOK_NANOS);
        if (connection.isBusy()) {
          if (!isRetry) {
            printWaiting(turn);
          }
          return true;
        }
      }
      if (System.nanoTime() - start > stepNanosMax) {
        throw stuck("step " + turn.step().name() + " timed out");
      }
    }
    if (isHeldBack(turn, client)) {
      if (!isRetry) {
        printWaiting(turn);
      }
      return true;
    }
    out.append("step ").append(turn.step().name()).append(isRetry ? ": <... completed>" : ": " + turn.step().sql()).append('\n');
    connection.takeOutcomes().forEach(this::print);
    // Notifications that came with the answer belong to it.
    connection.poll(0);
    for (SessionConnection.Notification notification : connection.takeNotifications()) {
      out.append(client.name).append(": NOTIFY \"").append(notification.channel()).append("\" with payload \"").append(notification.payload())
          .append("\" from ").append(sender(notification.pid())).append('\n');
    }
    client.active = null;
    return false;
  }

  private boolean isHeldBack(Turn turn, Client client) {
    for (int i = 0; i < turn.blockers().size(); i++) {
      Blocker blocker = turn.blockers().get(i);
      boolean holds =
          switch (blocker) {
            case IsolationSpec.Once ignored -> false;
            case IsolationSpec.OtherStep other -> {
              Turn active = clients.get(other.session()).active;
              yield active != null && active.step().name().equals(other.step());
            }
            case IsolationSpec.Notices notices -> clients.get(notices.session()).noticeCount < client.noticeTargets[i];
          };
      if (holds) {
        return true;
      }
    }
    return false;
  }

  private void printWaiting(Turn turn) {
    out.append("step ").append(turn.step().name()).append(": ").append(turn.step().sql()).append(" <waiting ...>\n");
  }

  private boolean isBlocked(SessionConnection connection) throws IOException {
    List<SessionConnection.Outcome> answer =
        run(control, "SELECT pg_catalog.pg_isolation_test_session_is_blocked(" + connection.pid() + ", '" + pids + "')");
    return answer.getFirst() instanceof SessionConnection.Rows rows && "t".equals(rows.table().rows().getFirst()[0]);
  }

  private static List<SessionConnection.Outcome> run(SessionConnection connection, String sql) throws IOException {
    List<SessionConnection.Outcome> outcomes = connection.run(sql);
    if (outcomes.isEmpty() || outcomes.getLast() instanceof SessionConnection.Failure || outcomes.getLast() instanceof SessionConnection.Lost) {
      throw new IOException(sql + ": " + outcomes);
    }
    return outcomes;
  }

  private void onNotice(Client client, Map<Character, String> fields) {
    out.append(client.name).append(": ").append(render(fields));
    client.noticeCount++;
    hasNewNotice = true;
  }

  private static String render(Map<Character, String> fields) {
    StringBuilder text = new StringBuilder(fields.getOrDefault('S', "")).append(":  ").append(fields.getOrDefault('M', "")).append('\n');
    if (fields.containsKey('D')) {
      text.append("DETAIL:  ").append(fields.get('D')).append('\n');
    }
    if (fields.containsKey('H')) {
      text.append("HINT:  ").append(fields.get('H')).append('\n');
    }
    return text.toString();
  }

  /// Errors without their detail, which may hold numbers that differ from run to run.
  private void print(SessionConnection.Outcome outcome) {
    switch (outcome) {
      case SessionConnection.Rows rows -> rows.table().print(out);
      case SessionConnection.Failure failure -> out.append(failure.fields().get('S')).append(":  ").append(failure.message()).append('\n');
      case SessionConnection.Lost ignored ->
          out.append("server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n"
              + "\tbefore or while processing the request.\n\n");
      case SessionConnection.Done ignored -> {}
    }
  }

  private String sender(int pid) {
    return clients.stream().filter(c -> c.connection.pid() == pid).map(c -> c.name).findFirst()
        .orElse(control.pid() == pid ? "control connection" : "PID " + pid);
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.connection.close();
    }
    control.close();
  }
}
