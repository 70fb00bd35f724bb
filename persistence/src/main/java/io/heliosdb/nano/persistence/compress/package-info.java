/// Block compression shared by dumps, COPY files and imports: one codec interface, five codecs.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.persistence.compress;
