package io.heliosdb.nano.parse.ast;

/// One SQL statement. The families are sealed interfaces of their own; a switch over a family has no default.
public sealed interface Statement
    permits Preparable, DdlStatement, TransactionStatement, SettingStatement, UtilityStatement, VersionStatement {}
