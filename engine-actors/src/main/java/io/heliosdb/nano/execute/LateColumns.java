package io.heliosdb.nano.execute;

/// An operator that leaves some columns of its batch empty until it is told which rows are wanted: a scan below a filter reads the
/// filter's columns first.
interface LateColumns {
  /// Fills the late columns of the batch last given for some of its physical rows. The rows must not have been released meanwhile: only
  /// expressions without sub-queries and user-defined functions may run between.
  void materialize(int[] rows, int count);
}
