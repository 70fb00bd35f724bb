/// From statement text to syntax tree: PostgreSQL 15's lexer and grammar, by hand, without a generator.
///
/// ```
/// text --Lexer--> Tokens --Parser, one class per statement family--> ParsedStatement (tree in `parse.ast`)
///            \--StatementNormalizer--> key + lifted literals (for the plan cache)
/// ```
///
/// The parser classes are stateless; everything a parse needs is in its [io.heliosdb.nano.parse.Tokens], so parsing is re-entrant and
/// free of locks. Errors are `SqlException`s with PostgreSQL's message, SQLSTATE and position.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.parse;
