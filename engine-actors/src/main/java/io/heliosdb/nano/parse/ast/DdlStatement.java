package io.heliosdb.nano.parse.ast;

/// A statement that defines, changes or removes objects, or says who may use them.
public sealed interface DdlStatement extends Statement
    permits TableDdl, SchemaObjectDdl, ObjectDdl, RoutineDdl, AccessDdl, DatabaseDdl {}
