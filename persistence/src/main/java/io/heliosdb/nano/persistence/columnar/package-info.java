/// Columnar file formats of COPY: what Parquet and Arrow share. [FileType] says how SQL types stand in files, [Conversion] how what is read becomes a
/// column's value. The formats are in the packages below; COPY finds them as services of [io.heliosdb.nano.copy.CopyFormat].
package io.heliosdb.nano.persistence.columnar;
