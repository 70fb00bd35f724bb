package io.heliosdb.nano.storage;

/// Something that happened to a relation as a whole; a log record that every reader of the log handles.
///
/// @param relationOid the catalog's oid of the relation
/// @param storageId the storage id from now on
/// @param formerStorageId the storage id until now, 0 when there was none
public record RelationEvent(Kind kind, long relationOid, long storageId, long formerStorageId) {
  /// What happened; the ordinal is stored.
  public enum Kind {
    TRUNCATED,
    REWRITTEN,
    BULK_LOADED,
    DROPPED
  }
}
