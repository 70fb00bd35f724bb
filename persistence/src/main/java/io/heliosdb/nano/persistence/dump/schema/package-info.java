/// The schema of a database as SQL text, in an order in which it can be run.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.persistence.dump.schema;
