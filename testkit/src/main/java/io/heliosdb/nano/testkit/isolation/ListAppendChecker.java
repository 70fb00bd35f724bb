package io.heliosdb.nano.testkit.isolation;

import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Append;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Operation;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Read;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the anomalies of a history of appends and reads.
///
/// A list shows the order in which its elements were written, so the final lists give the order of versions, and every read tells which
/// version it saw. From that follow the dependencies between committed transactions: ww (the next element), wr (read what another
/// wrote), rw (read what another then appended to). Cycles are classed by the dependencies they need.
/// Source: Adya, Liskov, O'Neil, "Generalized Isolation Level Definitions", 2000; Kingsbury, Alvaro, "Elle", 2020.
public final class ListAppendChecker {
  /// What a history may show that an isolation level forbids, with an example.
  public enum Anomaly {
    /// A transaction does not see its own appends, or sees one list differently without a reason.
    INTERNAL,
    /// A committed append is not in the final list.
    LOST_UPDATE,
    /// A read saw what was rolled back.
    G1A,
    /// A read saw a version that its transaction wrote over later.
    G1B,
    /// A read is not a beginning of the final list.
    INCOMPATIBLE_ORDER,
    /// A cycle of ww.
    G0,
    /// A cycle of ww and wr.
    G1C,
    /// A cycle with one rw.
    G_SINGLE,
    /// A cycle with several rw.
    G2
  }

  /// What may not happen at a level of PostgreSQL.
  public enum Level {
    READ_COMMITTED(EnumSet.complementOf(EnumSet.of(Anomaly.G_SINGLE, Anomaly.G2))),
    REPEATABLE_READ(EnumSet.complementOf(EnumSet.of(Anomaly.G2))),
    SERIALIZABLE(EnumSet.allOf(Anomaly.class));

    private final Set<Anomaly> forbidden;

    Level(Set<Anomaly> forbidden) {
      this.forbidden = forbidden;
    }

    public String sql() {
      return name().replace('_', ' ');
    }

    boolean keepsSnapshot() {
      return this != READ_COMMITTED;
    }
  }

  private enum Dependency {
    WW, WR, RW
  }

  private record Edge(Transaction from, Transaction to, Dependency kind) {}

  private final ListAppendHistory history;
  private final Level level;
  private final Map<Anomaly, String> found = new LinkedHashMap<>();
  private final Map<Integer, Transaction> writers = new HashMap<>();
  private final Map<Transaction, List<Edge>> edges = new HashMap<>();

  private ListAppendChecker(ListAppendHistory history, Level level) {
    this.history = history;
    this.level = level;
  }

  /// The anomalies found that the level forbids, each with an example in words.
  public static Map<Anomaly, String> violations(ListAppendHistory history, Level level) {
    Map<Anomaly, String> anomalies = anomalies(history, level);
    anomalies.keySet().retainAll(level.forbidden);
    return anomalies;
  }

  /// All anomalies found, each with an example in words.
  public static Map<Anomaly, String> anomalies(ListAppendHistory history, Level level) {
    ListAppendChecker checker = new ListAppendChecker(history, level);
    checker.run();
    return checker.found;
  }

  private void run() {
    for (Transaction transaction : history.transactions()) {
      for (Operation operation : transaction.operations()) {
        if (operation instanceof Append append) {
          writers.put(append.value(), transaction);
        }
      }
    }
    for (Transaction transaction : history.transactions()) {
      checkInternal(transaction);
      transaction.operations().forEach(operation -> checkOperation(transaction, operation));
    }
    history.finalLists().values().forEach(this::addWriteOrder);
    findCycles();
  }

  private void report(Anomaly anomaly, String example) {
    found.putIfAbsent(anomaly, example);
  }

  /// Reads show the transaction's own appends behind what it read before; above READ COMMITTED nothing else changes.
  private void checkInternal(Transaction transaction) {
    Map<Integer, List<Integer>> own = new HashMap<>();
    Map<Integer, List<Integer>> seen = new HashMap<>();
    for (Operation operation : transaction.operations()) {
      switch (operation) {
        case Append append -> own.computeIfAbsent(append.key(), k -> new ArrayList<>()).add(append.value());
        case Read read -> {
          List<Integer> mine = own.getOrDefault(read.key(), List.of());
          int others = read.values().size() - mine.size();
          if (others < 0 || !read.values().subList(others, read.values().size()).equals(mine)) {
            report(Anomaly.INTERNAL, transaction + " does not see its own appends in " + read);
            continue;
          }
          List<Integer> foreign = read.values().subList(0, others);
          List<Integer> before = seen.put(read.key(), foreign);
          if (before != null && level.keepsSnapshot() && !before.equals(foreign)) {
            report(Anomaly.INTERNAL, transaction + " saw " + before + " and then " + foreign + " of others in list " + read.key());
          }
        }
      }
    }
  }

  private void checkOperation(Transaction transaction, Operation operation) {
    switch (operation) {
      case Append append -> {
        if (transaction.isCommitted() && !finalList(append.key()).contains(append.value())) {
          report(Anomaly.LOST_UPDATE, append + " of " + transaction + " is not in " + finalList(append.key()));
        }
      }
      case Read read -> checkRead(transaction, read);
    }
  }

  private List<Integer> finalList(int key) {
    return history.finalLists().getOrDefault(key, List.of());
  }

  private void checkRead(Transaction reader, Read read) {
    List<Integer> list = read.values();
    for (int value : list) {
      Transaction writer = writers.get(value);
      if (writer != reader && (writer == null || !writer.isCommitted())) {
        report(Anomaly.G1A, reader + " saw " + value + " of " + writer);
        return;
      }
    }
    if (!list.isEmpty()) {
      Transaction last = writers.get(list.getLast());
      if (last != reader && !list.contains(lastAppend(last, read.key()))) {
        report(Anomaly.G1B, reader + " saw " + read + " between appends of " + last);
      }
    }
    if (!reader.isCommitted()) {
      return;
    }
    List<Integer> order = finalList(read.key());
    if (list.size() > order.size() || !order.subList(0, list.size()).equals(list)) {
      report(Anomaly.INCOMPATIBLE_ORDER, reader + " saw " + list + " of what became " + order);
      return;
    }
    if (!list.isEmpty()) {
      add(writers.get(list.getLast()), reader, Dependency.WR);
    }
    if (list.size() < order.size()) {
      add(reader, writers.get(order.get(list.size())), Dependency.RW);
    }
  }

  private static @Nullable Integer lastAppend(Transaction transaction, int key) {
    Integer last = null;
    for (Operation operation : transaction.operations()) {
      if (operation instanceof Append append && append.key() == key) {
        last = append.value();
      }
    }
    return last;
  }

  private void addWriteOrder(List<Integer> order) {
    for (int i = 0; i < order.size(); i++) {
      Transaction writer = writers.get(order.get(i));
      if (writer == null || !writer.isCommitted()) {
        report(Anomaly.G1A, "the final list " + order + " has " + order.get(i) + " of " + writer);
      } else if (i > 0) {
        add(writers.get(order.get(i - 1)), writer, Dependency.WW);
      }
    }
  }

  private void add(@Nullable Transaction from, @Nullable Transaction to, Dependency kind) {
    if (from != null && to != null && from != to && from.isCommitted() && to.isCommitted()) {
      edges.computeIfAbsent(from, t -> new ArrayList<>()).add(new Edge(from, to, kind));
    }
  }

  private void findCycles() {
    for (List<Edge> out : edges.values()) {
      for (Edge edge : out) {
        switch (edge.kind) {
          case WW -> cycle(edge, EnumSet.of(Dependency.WW), Anomaly.G0);
          case WR -> cycle(edge, EnumSet.of(Dependency.WW, Dependency.WR), Anomaly.G1C);
          case RW -> {
            if (!cycle(edge, EnumSet.of(Dependency.WW, Dependency.WR), Anomaly.G_SINGLE)) {
              cycle(edge, EnumSet.allOf(Dependency.class), Anomaly.G2);
            }
          }
        }
      }
    }
  }

  /// Whether dependencies of these kinds lead back from the end of the edge to its start.
  private boolean cycle(Edge edge, Set<Dependency> kinds, Anomaly anomaly) {
    Map<Transaction, Edge> cameBy = new HashMap<>();
    Set<Transaction> visited = new HashSet<>(Set.of(edge.to));
    Deque<Transaction> next = new ArrayDeque<>(List.of(edge.to));
    while (!next.isEmpty()) {
      Transaction at = next.poll();
      if (at == edge.from) {
        report(anomaly, describe(edge, cameBy));
        return true;
      }
      for (Edge out : edges.getOrDefault(at, List.of())) {
        if (kinds.contains(out.kind) && visited.add(out.to)) {
          cameBy.put(out.to, out);
          next.add(out.to);
        }
      }
    }
    return false;
  }

  private static String describe(Edge edge, Map<Transaction, Edge> cameBy) {
    StringBuilder text = new StringBuilder();
    Transaction at = edge.from;
    while (at != edge.to) {
      Edge step = Objects.requireNonNull(cameBy.get(at));
      text.insert(0, " -" + step.kind + "-> " + step.to);
      at = step.from;
    }
    return edge.from + " -" + edge.kind + "-> " + edge.to + text;
  }
}
