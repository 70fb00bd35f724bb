package io.heliosdb.nano.parse.ast;

/// A relation named by a statement, with or without its children.
public record RelationTarget(QualifiedName name, boolean only, int position) {}
