package io.heliosdb.nano.parse.ast;

/// How long a relation lives and whether it survives a crash.
public enum Persistence { PERMANENT, UNLOGGED, TEMPORARY }
