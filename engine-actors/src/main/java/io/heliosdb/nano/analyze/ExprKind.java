package io.heliosdb.nano.analyze;

/// Where in a statement an expression stands: decides what it may contain, and how messages name the place.
enum ExprKind {
  /// `aggregates` etc.: whether allowed there. `plural` names the place in "… are not allowed in %s", `singular` in "cannot use subquery in %s".
  NONE("", "", true, false, false, true),
  OTHER("", "", true, true, true, true),
  JOIN_ON("JOIN conditions", "", false, false, false, true),
  JOIN_USING("JOIN conditions", "", false, false, false, true),
  FROM_SUBSELECT("FROM clause of its own query level", "", false, false, true, true),
  FROM_FUNCTION("functions in FROM", "", false, false, true, true),
  WHERE("WHERE", "", false, false, false, true),
  HAVING("HAVING", "", true, false, false, true),
  FILTER("FILTER", "", false, false, false, true),
  WINDOW_PARTITION("window definitions", "", true, false, false, true),
  WINDOW_ORDER("window definitions", "", true, false, false, true),
  WINDOW_FRAME("window definitions", "", true, false, false, true),
  SELECT_TARGET("", "", true, true, true, true),
  INSERT_TARGET("INSERT", "", false, false, false, true),
  UPDATE_SOURCE("UPDATE", "", false, false, false, true),
  UPDATE_TARGET("UPDATE", "", false, false, false, true),
  MERGE_WHEN("MERGE WHEN conditions", "", false, false, false, true),
  GROUP_BY("GROUP BY", "", false, false, true, true),
  ORDER_BY("", "", true, true, true, true),
  DISTINCT_ON("", "", true, true, true, true),
  LIMIT("LIMIT", "", false, false, false, true),
  OFFSET("OFFSET", "", false, false, false, true),
  RETURNING("RETURNING", "", false, false, false, true),
  VALUES("VALUES", "", false, false, false, true),
  VALUES_SINGLE("VALUES", "", false, false, true, true),
  CHECK_CONSTRAINT("check constraints", "check constraint", false, false, false, false),
  DOMAIN_CHECK("check constraints", "check constraint", false, false, false, false),
  COLUMN_DEFAULT("DEFAULT expressions", "DEFAULT expression", false, false, false, false),
  FUNCTION_DEFAULT("DEFAULT expressions", "DEFAULT expression", false, false, false, false),
  INDEX_EXPRESSION("index expressions", "index expression", false, false, false, false),
  INDEX_PREDICATE("index predicates", "index predicate", false, false, false, false),
  STATISTICS_EXPRESSION("statistics expressions", "statistics expression", false, false, false, false),
  ALTER_TRANSFORM("transform expressions", "transform expression", false, false, false, false),
  EXECUTE_PARAMETER("EXECUTE parameters", "EXECUTE parameter", false, false, false, false),
  TRIGGER_WHEN("trigger WHEN conditions", "trigger WHEN condition", false, false, false, false),
  POLICY("policy expressions", "", false, false, false, true),
  PARTITION_BOUND("partition bound", "partition bound", false, false, false, false),
  PARTITION_EXPRESSION("partition key expressions", "partition key expression", false, false, false, false),
  CALL_ARGUMENT("CALL arguments", "CALL argument", false, false, false, false),
  ERASE_WHERE("ERASE WHERE conditions", "", false, false, false, true),
  COPY_WHERE("COPY FROM WHERE conditions", "COPY FROM WHERE condition", false, false, false, false),
  GENERATED_COLUMN("column generation expressions", "column generation expression", false, false, false, false),
  CYCLE_MARK("CYCLE", "", false, false, false, true);

  final String plural;
  final String singular;
  final boolean aggregates;
  final boolean windows;
  final boolean sets;
  final boolean subqueries;

  ExprKind(String plural, String singular, boolean aggregates, boolean windows, boolean sets, boolean subqueries) {
    this.plural = plural;
    this.singular = singular;
    this.aggregates = aggregates;
    this.windows = windows;
    this.sets = sets;
    this.subqueries = subqueries;
  }

  /// PostgreSQL's `ParseExprKindName`, for "argument of %s must …" and GROUP BY/ORDER BY position messages.
  String clauseName() {
    return switch (this) {
      case GROUP_BY -> "GROUP BY";
      case ORDER_BY -> "ORDER BY";
      case DISTINCT_ON -> "DISTINCT ON";
      case WINDOW_PARTITION -> "PARTITION BY";
      case WINDOW_ORDER -> "ORDER BY";
      case LIMIT -> "LIMIT";
      case OFFSET -> "OFFSET";
      default -> plural;
    };
  }
}
