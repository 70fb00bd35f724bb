/// Imports: databases and files of others become tables here.
///
/// ```
///  SqliteImport, PostgresImport, FileImport   read the source, decide on types, translate definitions
///      --> ImportTarget                        one transaction: SQL, savepoints, rows
///            SessionTarget                     a database in this process; rows go past the write set
///            ServerTarget                      a server; rows go by COPY
/// ```
///
/// An import is all or nothing. What cannot be carried over is left out only if it is no data, and is listed in the [ImportReport].
/// For users: `docs/migration.md`.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.persistence.migrate;
