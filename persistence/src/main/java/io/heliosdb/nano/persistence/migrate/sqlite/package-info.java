/// SQLite files become databases: the source is checked, its values are looked at, its definitions are translated.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.persistence.migrate.sqlite;
