/// Files of rows become tables: columns and types are found by looking at all values, or are declared by the file.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.persistence.migrate.file;
