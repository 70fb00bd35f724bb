/// SQL types and values: what a type is ([io.heliosdb.nano.type.PgType]), what its values are (the value classes), how
/// they are read and written as text and in binary ([io.heliosdb.nano.type.TypeIo]), stored and ordered
/// ([io.heliosdb.nano.type.ValueCodec], [io.heliosdb.nano.type.Values]) and fitted to a modifier
/// ([io.heliosdb.nano.type.Typmods]).
///
/// Everything here is immutable or confined to its caller and knows nothing of sessions or catalogs: what depends on
/// them arrives as an [io.heliosdb.nano.type.IoContext] or a [io.heliosdb.nano.type.TypeCatalog].
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.type;
