package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.PhysicalPlan;
import java.util.IdentityHashMap;
import java.util.Map;

/// What each node of a running plan did, for EXPLAIN ANALYZE. Confined to the session's thread.
public final class PlanStatistics {
  /// Counters of one node over all its executions.
  public static final class Node {
    public long loops;
    public long rows;
    public long startupNanos;
    public long totalNanos;

    /// Further facts by name ("Rows Removed by Filter", "Sort Method" …) in the order of their appearance.
    public final Map<String, Object> details = new java.util.LinkedHashMap<>();

    /// Counts a step that is not an operator of its own.
    void measured(long newRows, long nanos) {
      loops++;
      rows += newRows;
      startupNanos += nanos;
      totalNanos += nanos;
    }

    public void add(String name, long count) {
      details.merge(name, count, (a, b) -> (Long) a + (Long) b);
    }
  }

  private final IdentityHashMap<PhysicalPlan, Node> nodes = new IdentityHashMap<>();

  public Node node(PhysicalPlan plan) {
    return nodes.computeIfAbsent(plan, p -> new Node());
  }

  /// Adds what another thread has counted.
  void add(PlanStatistics other) {
    other.nodes.forEach((plan, from) -> {
      Node to = node(plan);
      to.loops += from.loops;
      to.rows += from.rows;
      to.startupNanos += from.startupNanos;
      to.totalNanos += from.totalNanos;
      from.details.forEach((name, value) -> to.details.merge(name, value, (a, b) -> a instanceof Long x && b instanceof Long y ? (Object) (x + y) : a));
    });
  }

  public @org.jspecify.annotations.Nullable Node find(PhysicalPlan plan) {
    return nodes.get(plan);
  }
}
