package io.heliosdb.nano.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one plan node tells EXPLAIN: its name, the relation it works on, properties in PostgreSQL's words, children. Filled by
/// [PhysicalPlan#explain].
public final class ExplainNode {
  /// A child with the role it plays ("Outer", "InitPlan 1 (returns $0)" …); a label is shown above it when it is not null.
  public record Child(PhysicalPlan plan, @Nullable String label) {}

  private String type = "";
  private @Nullable String suffix;
  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final Map<String, Object> structured = new LinkedHashMap<>();
  private final List<Child> children = new ArrayList<>();

  /// @param newType as PostgreSQL names it: "Seq Scan", "Hash Left Join"
  public ExplainNode type(String newType) {
    type = newType;
    return this;
  }

  /// What follows the name: "on t", "using t_pkey on t x".
  public ExplainNode suffix(@Nullable String newSuffix) {
    suffix = newSuffix;
    return this;
  }

  /// A fact shown by the structured formats only, where the text form has it in the node's first line.
  public ExplainNode structured(String name, @Nullable Object value) {
    if (value != null) {
      structured.put(name, value);
    }
    return this;
  }

  Map<String, Object> structured() {
    return structured;
  }

  /// A line under the node; a list is shown with commas.
  public ExplainNode property(String name, @Nullable Object value) {
    if (value != null) {
      properties.put(name, value);
    }
    return this;
  }

  public ExplainNode child(PhysicalPlan plan) {
    children.add(new Child(plan, null));
    return this;
  }

  public ExplainNode child(String label, PhysicalPlan plan) {
    children.add(new Child(plan, label));
    return this;
  }

  private int subplans;

  /// Numbers the sub-plans of a node from 1.
  public int nextSubplan() {
    return ++subplans;
  }

  String type() {
    return type;
  }

  @Nullable String suffix() {
    return suffix;
  }

  Map<String, Object> properties() {
    return properties;
  }

  List<Child> children() {
    return children;
  }
}
