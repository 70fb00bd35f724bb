package io.heliosdb.nano.persistence.migrate.postgres;

import io.heliosdb.nano.persistence.dump.DumpProgress;
import java.util.List;

/// What to import from PostgreSQL. Immutable.
///
/// @param schemas names of the schemas to import, empty for all of users
public record PostgresOptions(List<String> schemas, DumpProgress progress) {
  public PostgresOptions {
    schemas = List.copyOf(schemas);
  }

  public static final PostgresOptions DEFAULT = new PostgresOptions(List.of(), DumpProgress.NONE);

  public PostgresOptions withSchemas(List<String> newSchemas) {
    return new PostgresOptions(newSchemas, progress);
  }

  public PostgresOptions withProgress(DumpProgress newProgress) {
    return new PostgresOptions(schemas, newProgress);
  }
}
