package io.heliosdb.nano.lock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/// Supervises who waits for whom and finds deadlocks as they form; one per database.
///
/// Every new or changed wait is searched for a way back to the waiter (depth first, once per edge), so a cycle is found by
/// the message that closes it. The youngest transaction of the cycle is the victim; the lock table checks that all waits of
/// the cycle still stand, refuses the victim, and the others go on. Source: Gray & Reuter, ch. 8.4 (wait-for graph).
public final class WaitForGraph {
  public sealed interface Command {}

  /// A wait began or waits for others now; the newest report of a waiter replaces the one before.
  record WaitChanged(
      LockOwner waiter, long serial, long transactionSerial, List<LockOwner> blockers, ActorRef<LockTable.Command> replyTo)
      implements Command {}

  record WaitEnded(LockOwner waiter, long serial) implements Command {}

  private record Wait(long serial, long transactionSerial, List<LockOwner> blockers) {}

  private final Map<LockOwner, Wait> waits = new HashMap<>();

  private final Consumer<Throwable> onFailure;

  private WaitForGraph(Consumer<Throwable> onFailure) {
    this.onFailure = onFailure;
  }

  /// @param onFailure told of any Throwable; must close the database, since deadlocks would go unseen
  static Behavior<Command> create(Consumer<Throwable> onFailure) {
    return Behaviors.setup(
        context -> {
          WaitForGraph graph = new WaitForGraph(onFailure);
          return Behaviors.receiveMessage(graph::onCommand);
        });
  }

  private Behavior<Command> onCommand(Command command) {
    try {
      switch (command) {
        case WaitChanged changed -> onWaitChanged(changed);
        case WaitEnded ended -> onWaitEnded(ended);
      }
    } catch (Throwable t) {
      onFailure.accept(t);
    }
    return Behaviors.same();
  }

  private void onWaitEnded(WaitEnded ended) {
    Wait wait = waits.get(ended.waiter());
    if (wait != null && wait.serial == ended.serial()) {
      waits.remove(ended.waiter());
    }
  }

  private void onWaitChanged(WaitChanged changed) {
    waits.put(changed.waiter(), new Wait(changed.serial(), changed.transactionSerial(), changed.blockers()));
    List<LockOwner> cycle;
    while ((cycle = findCycle(changed.waiter())) != null) {
      changed.replyTo().tell(new LockTable.AbortVictim(startingWithVictim(cycle)));
    }
  }

  /// The cycle turned so that the youngest comes first; its wait counts as ended from here on.
  private List<LockTable.CycleMember> startingWithVictim(List<LockOwner> cycle) {
    LockOwner victim = cycle.stream().max(Comparator.comparingLong(owner -> waits.get(owner).transactionSerial)).orElseThrow();
    int start = cycle.indexOf(victim);
    List<LockTable.CycleMember> members = new ArrayList<>(cycle.size());
    for (int i = 0; i < cycle.size(); i++) {
      LockOwner owner = cycle.get((start + i) % cycle.size());
      members.add(new LockTable.CycleMember(owner, waits.get(owner).serial));
    }
    waits.remove(victim);
    return members;
  }

  /// Owners from `start` along edges back to `start`, null when there is no way back.
  private @Nullable List<LockOwner> findCycle(LockOwner start) {
    record Step(LockOwner owner, List<LockOwner> blockers, int[] next) {}
    Wait first = waits.get(start);
    if (first == null) {
      return null;
    }
    Set<LockOwner> visited = new HashSet<>();
    List<Step> path = new ArrayList<>();
    path.add(new Step(start, first.blockers, new int[1]));
    while (!path.isEmpty()) {
      Step top = path.getLast();
      if (top.next[0] == top.blockers.size()) {
        path.removeLast();
        continue;
      }
      LockOwner blocker = top.blockers.get(top.next[0]++);
      if (blocker == start) {
        return path.stream().map(Step::owner).toList();
      }
      Wait wait = waits.get(blocker);
      if (wait != null && visited.add(blocker)) {
        path.add(new Step(blocker, wait.blockers, new int[1]));
      }
    }
    return null;
  }
}
