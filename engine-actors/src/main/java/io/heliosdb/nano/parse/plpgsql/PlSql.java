package io.heliosdb.nano.parse.plpgsql;

import io.heliosdb.nano.parse.ast.Statement;

/// An SQL statement in a body. In `text` an INTO clause of PL/pgSQL is blanked out, so that positions inside `statement`, relative to
/// `text`, stay right. `position` is the 1-based character position in the body.
public record PlSql(String text, Statement statement, int position) {}
