package io.heliosdb.nano.testkit.isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What transactions over lists did and saw: each appends numbers that nobody else appends, and reads lists.
///
/// @param transactions in any order; aborted ones too
/// @param finalLists the lists when all had ended
public record ListAppendHistory(List<Transaction> transactions, Map<Integer, List<Integer>> finalLists) {
  public sealed interface Operation {}

  public record Append(int key, int value) implements Operation {}

  /// What was seen; an absent list is empty.
  public record Read(int key, List<Integer> values) implements Operation {}

  /// One transaction; operations in order, filled in as they complete.
  public static final class Transaction {
    private final int id;
    private final List<Operation> operations = new ArrayList<>();
    private boolean isCommitted;

    public Transaction(int id) {
      this.id = id;
    }

    public void add(Operation operation) {
      operations.add(operation);
    }

    public void committed() {
      isCommitted = true;
    }

    public int id() {
      return id;
    }

    public List<Operation> operations() {
      return operations;
    }

    public boolean isCommitted() {
      return isCommitted;
    }

    @Override
    public String toString() {
      return "T" + id + (isCommitted ? "" : " (aborted)") + operations;
    }
  }
}
