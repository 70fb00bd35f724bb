package io.heliosdb.nano.storage;

/// One index entry that appears (`insert`) or goes. Entries are applied in list order.
///
/// `indexKey` must be prefix-free among the keys of its index. Only what changes is written: an update that leaves the
/// index key as it was has no index write.
public record IndexWrite(long indexId, byte[] indexKey, byte[] rowKey, boolean insert) {}
