package io.heliosdb.nano.execute;

/// What the planner expects of a node, in PostgreSQL's units (1 = a sequential page read).
///
/// @param startup cost until the first row
/// @param rows number of rows
public record PlanCost(double startup, double total, double rows) {}
