package io.heliosdb.nano.parse.plpgsql;

/// The names of statements in PostgreSQL's error contexts.
final class PlDescriptions {
  private PlDescriptions() {}

  static String of(PlStatement statement) {
    return switch (statement) {
      case PlStatement.Block b -> "statement block";
      case PlStatement.Assign a -> "assignment";
      case PlStatement.If i -> "IF";
      case PlStatement.Case c -> "CASE";
      case PlStatement.Loop l -> "LOOP";
      case PlStatement.While w -> "WHILE";
      case PlStatement.ForInteger f -> "FOR with integer loop variable";
      case PlStatement.ForQuery f -> "FOR over SELECT rows";
      case PlStatement.ForCursor f -> "FOR over cursor";
      case PlStatement.ForExecute f -> "FOR over EXECUTE statement";
      case PlStatement.ForEach f -> "FOREACH over array";
      case PlStatement.Exit e -> e.isContinue() ? "CONTINUE" : "EXIT";
      case PlStatement.Return r -> "RETURN";
      case PlStatement.ReturnNext r -> "RETURN NEXT";
      case PlStatement.ReturnQuery r -> "RETURN QUERY";
      case PlStatement.ReturnQueryExecute r -> "RETURN QUERY";
      case PlStatement.Raise r -> "RAISE";
      case PlStatement.Assert a -> "ASSERT";
      case PlStatement.Sql s -> "SQL statement";
      case PlStatement.Perform p -> "PERFORM";
      case PlStatement.Call c -> c.isCall() ? "CALL" : "DO";
      case PlStatement.Execute e -> "EXECUTE";
      case PlStatement.GetDiagnostics g -> g.stacked() ? "GET STACKED DIAGNOSTICS" : "GET DIAGNOSTICS";
      case PlStatement.OpenBound o -> "OPEN";
      case PlStatement.OpenQuery o -> "OPEN";
      case PlStatement.OpenExecute o -> "OPEN";
      case PlStatement.Fetch f -> f.move() ? "MOVE" : "FETCH";
      case PlStatement.Close c -> "CLOSE";
      case PlStatement.Null n -> "NULL";
      case PlStatement.Commit c -> "COMMIT";
      case PlStatement.Rollback r -> "ROLLBACK";
    };
  }
}
