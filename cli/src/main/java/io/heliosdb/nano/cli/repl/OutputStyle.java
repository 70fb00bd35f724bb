package io.heliosdb.nano.cli.repl;

/// How rows are printed: boxed like `+----+`, aligned as psql does, unaligned with `|`, or CSV.
public enum OutputStyle { BOXED, ALIGNED, UNALIGNED, CSV }
