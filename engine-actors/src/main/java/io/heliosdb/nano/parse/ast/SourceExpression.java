package io.heliosdb.nano.parse.ast;

/// An expression together with the text it was parsed from, for clauses that are kept in the catalog (defaults, checks, index
/// expressions, policies). The text has no surrounding blanks and parses again with `Parser.parseExpression`.
public record SourceExpression(Expression expression, String text) {}
