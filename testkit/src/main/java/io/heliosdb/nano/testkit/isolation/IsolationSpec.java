package io.heliosdb.nano.testkit.isolation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed interleaving script. Immutable.
///
/// @param setups run one after another on a connection of their own before each permutation
/// @param permutations as written; empty means all interleavings that keep each session's order
public record IsolationSpec(List<String> setups, @Nullable String teardown, List<Session> sessions, List<Permutation> permutations) {
  public IsolationSpec {
    setups = List.copyOf(setups);
    sessions = List.copyOf(sessions);
    permutations = List.copyOf(permutations);
  }

  public record Session(String name, @Nullable String setup, List<Step> steps, @Nullable String teardown) {
    public Session {
      steps = List.copyOf(steps);
    }
  }

  public record Step(String name, String sql) {}

  public record Permutation(List<Turn> turns) {
    public Permutation {
      turns = List.copyOf(turns);
    }
  }

  /// One step's turn.
  ///
  /// @param session index of the step's session
  public record Turn(int session, Step step, List<Blocker> blockers) {
    public Turn {
      blockers = List.copyOf(blockers);
    }
  }

  /// What holds back the report that a step is complete.
  public sealed interface Blocker {}

  /// `(*)`: the step is reported as waiting once, whether it waits or not.
  public record Once() implements Blocker {}

  /// `(other)`: until the other step is complete.
  public record OtherStep(int session, String step) implements Blocker {}

  /// `(other notices n)`: until the other step's session has sent so many notices since this step began.
  public record Notices(int session, int count) implements Blocker {}

  /// The written permutations, or all interleavings in the order of sessions.
  public List<Permutation> allPermutations() {
    if (!permutations.isEmpty()) {
      return permutations;
    }
    List<Permutation> all = new ArrayList<>();
    interleave(new int[sessions.size()], new ArrayList<>(), all);
    return all;
  }

  private void interleave(int[] next, List<Turn> turns, List<Permutation> all) {
    boolean isComplete = true;
    for (int s = 0; s < next.length; s++) {
      List<Step> steps = sessions.get(s).steps();
      if (next[s] < steps.size()) {
        isComplete = false;
        turns.add(new Turn(s, steps.get(next[s]++), List.of()));
        interleave(next, turns, all);
        turns.removeLast();
        next[s]--;
      }
    }
    if (isComplete) {
      all.add(new Permutation(turns));
    }
  }
}
