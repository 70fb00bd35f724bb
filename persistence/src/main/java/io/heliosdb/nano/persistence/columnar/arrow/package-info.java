/// Apache Arrow's IPC format, read and written without Arrow's own library, which needs flags of the JVM. The metadata are FlatBuffers, built and read
/// with flatbuffers-java field by field. Source: Apache Arrow, "Arrow Columnar Format" (1.5) and `Schema.fbs`, `Message.fbs`, `File.fbs`.
///
/// ```
/// stream  = message(schema) message(dictionary or record batch)* end
/// file    = "ARROW1" 00 00 stream footer length:i32 "ARROW1"          (Feather version 2 is the same)
/// message = ffffffff length:i32 metadata padding body                 end = ffffffff 00000000
/// ```
///
/// Both are read from the front, a batch at a time; the footer is written for readers that jump. Read: all flat types, lists of them, dictionaries,
/// buffers compressed with LZ4 or zstd. Written: batches of [ArrowWriter#BATCH_ROWS] rows at most.
package io.heliosdb.nano.persistence.columnar.arrow;
