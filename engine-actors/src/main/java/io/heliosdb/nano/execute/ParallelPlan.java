package io.heliosdb.nano.execute;

/// That a node has its input read by several threads, each taking parts of one scan as it comes to them.
///
/// @param scan the one whose rows are divided
/// @param workers threads wanted beside the session's own
/// @param cost of the input read that way
public record ParallelPlan(TableScanNode scan, int workers, double cost) {}
