/// The interpreter of PL/pgSQL: compiles parsed bodies into trees of nodes and runs them for one session.
///
/// Statements and expressions are analyzed with the variables in scope as parameters; plans are kept per session. What the interpreter
/// needs of the session it asks of [io.heliosdb.nano.plpgsql.PlHost].
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.plpgsql;
