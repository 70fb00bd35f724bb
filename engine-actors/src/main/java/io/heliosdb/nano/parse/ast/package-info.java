/// The syntax tree of PostgreSQL 15's SQL: records under sealed interfaces, exactly as written, before any name is looked up.
///
/// All instances are immutable, lists included. A `position` is the 1-based character (code point) position in the statement text of
/// the token PostgreSQL would point at in an error message, 0 when there is none. Names are already folded to lower case (unless
/// quoted) and cut to 63 bytes. Source: PostgreSQL 15 manual, part VI "Reference".
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.parse.ast;
