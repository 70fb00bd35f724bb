/// Names and types: from the syntax tree and the catalog to a logical plan.
///
/// ```
/// parse.ast --(SelectAnalyzer, DmlAnalyzer …)--> Query, Node --(ViewExpansion, RowSecurity)--> Query --(PlanBuilder)--> LogicalPlan
/// ```
///
/// The intermediate [Query] keeps the shape of the statement (range table, target list, clauses) because PostgreSQL's rules are stated in
/// those terms: grouping checks, updatable views, deparsing. Its expressions ([Node]) carry positions for messages; columns are
/// references to range table entries. Only the plan builder turns them into positions of a row.
///
/// Threading: an analysis is confined to its caller's thread; nothing is shared between analyses but the immutable catalog.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.analyze;
