/// Catalog objects as rows of versioned relations: one relation per [io.heliosdb.nano.catalog.ObjectClass] under a fixed storage id.
///
/// Row key: class oid, object oid, sub-object number, each four bytes big-endian (the class oid tells comments and dependencies of
/// different classes apart). Row: tagged fields ([io.heliosdb.nano.catalog.store.RecordWriter]); a reader skips tags it does not know and
/// takes absent ones as zero, null or empty, so fields can be added without a new format. Layout id of all rows: 1.
/// DDL writes such rows through the transaction like any others, which makes it transactional, branchable and visible AS OF.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.catalog.store;
