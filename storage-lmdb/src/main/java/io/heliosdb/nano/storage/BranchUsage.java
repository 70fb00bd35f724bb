package io.heliosdb.nano.storage;

/// What one branch has of its own: the rows it changed since its fork (for a root: all its live rows), tombstones included, and
/// the bytes of its live and masked rows and index entries with their keys. History is not in it.
public record BranchUsage(long rowCount, long bytes) {}
