package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a DDL command has of its session and transaction. One per command; confined to the session's thread.
public interface DdlContext {
  /// The overlay that the command reads and changes. Each change is also written to the store by the session
  /// (`CatalogStore.write`), under the command's id.
  CatalogBuilder catalog();

  /// Follows the overlay: made anew after a change of schemas.
  SearchPath searchPath();

  /// Oid of the role whose rights count.
  int currentUser();

  int sessionUser();

  /// The next number of the oid counter shared by all branches (never below 16384).
  int nextOid();

  /// The next storage id for a table or an index (never below 1000).
  long nextStorageId();

  /// The session's schema for temporary objects, made (`pg_temp_n`) if it is not there yet.
  int temporaryNamespace();

  /// Waits for and keeps a table lock until the transaction ends.
  void lockTable(int tableOid, TableLock mode);

  /// Waits for and keeps the right to create or drop an object of that name, so that two transactions never make the same one; brings
  /// the overlay up to date with what the other one committed.
  void lockName(int classOid, int namespaceOid, String name);

  void notice(String severity, SqlState state, String message, @Nullable String detail, @Nullable String hint);

  /// Current value of a setting, null when unknown.
  @Nullable String setting(String name);

  DataWork data();

  /// Owner and privileges of a large object.
  record LargeObject(int oid, int ownerOid, @Nullable List<io.heliosdb.nano.catalog.Relation.AclItem> acl) {}

  /// The large object, null when there is none.
  @Nullable LargeObject largeObject(int oid);

  void putLargeObject(LargeObject object);

  DdlExpressions expressions();

  /// Verifier (`SCRAM-SHA-256$…`) for a password as written in CREATE or ALTER ROLE; a verifier is kept as it is.
  String passwordVerifier(String password);

  /// The moment that `text` names in the session's time zone, as text that means the same in every session.
  String moment(String text);

  /// Whether an explicit transaction block is open.
  boolean inTransactionBlock();

  /// The text of `SET name TO values` for later, checked as SET would.
  default String checkedSetting(io.heliosdb.nano.parse.ast.SettingStatement.SetValues set) {
    return String.join(", ", set.values().stream().map(io.heliosdb.nano.parse.ast.SettingStatement.SettingValue::text).toList());
  }
}
