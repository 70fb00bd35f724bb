/// PL/pgSQL: the tree of a function body and its parser. SQL inside the body is kept as text and as a tree of `parse.ast`; which names in
/// it are variables is decided when the function is compiled. Source: PostgreSQL 15 manual, chapter "PL/pgSQL".
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.parse.plpgsql;
