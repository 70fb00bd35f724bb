package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.ast.DmlStatement;

final class DmlAnalyzer {
  DmlAnalyzer(Scope scope) {}

  Query analyze(DmlStatement statement) {
    throw SqlException.notSupported("INSERT, UPDATE, DELETE and MERGE");
  }
}
