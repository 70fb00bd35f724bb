/// Apache Parquet, read and written without a library: the common ones want Hadoop's classes or start threads of their own, and none bounds what a
/// hostile file may make it allocate. Source: the Apache Parquet format specification (parquet-format, `parquet.thrift`, `Encodings.md`).
///
/// ```
/// file = "PAR1" row-group* footer length:u32 "PAR1"
/// row group = column chunk per column; column chunk = [dictionary page] data page*
/// page = header (Thrift compact) bytes (compressed)
/// ```
///
/// Written: one data page (v1) per [ParquetColumnWriter#PAGE_BYTES], PLAIN values, RLE levels, zstd or nothing, minimum, maximum and count of NULLs per
/// chunk. Read: every encoding and page kind of the specification, the codecs none, snappy, gzip, brotli, zstd and LZ4_RAW, flat columns and lists of
/// flat values.
package io.heliosdb.nano.persistence.columnar.parquet;
