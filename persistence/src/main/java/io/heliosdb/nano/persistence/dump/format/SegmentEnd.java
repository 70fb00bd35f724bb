package io.heliosdb.nano.persistence.dump.format;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The last payload of a segment: its metadata, against which a reader holds what it has read.
///
/// @param rawBytes of all payloads before
/// @param storedBytes of all frames before, heads included
/// @param checksum CRC32C of the raw payload bytes before, in the order of the file
/// @param digest SHA-256 of the stored bytes before, empty when it was not asked for
public record SegmentEnd(
    List<TableCount> tables, long rows, long deleted, long rawBytes, long storedBytes, int checksum, byte[] digest) {
  /// What one table has in this segment.
  public record TableCount(int oid, long rows, long deleted, long rawBytes) {}

  public SegmentEnd {
    tables = List.copyOf(tables);
  }

  /// The checksum as eight hexadecimal digits.
  public String checksumText() {
    return HexFormat.of().toHexDigits(checksum);
  }

  public void write(PayloadWriter out) {
    out.u32(tables.size());
    for (TableCount table : tables) {
      out.u32(table.oid).u64(table.rows).u64(table.deleted).u64(table.rawBytes);
    }
    out.u64(rows).u64(deleted).u64(rawBytes).u64(storedBytes).u32(checksum).u32(digest.length).bytes(digest, 0, digest.length);
  }

  static SegmentEnd read(PayloadReader in) throws MalformedDumpException {
    int count = in.count(28);
    List<TableCount> tables = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tables.add(new TableCount(in.u32(), in.u64(), in.u64(), in.u64()));
    }
    long rows = in.u64();
    long deleted = in.u64();
    long rawBytes = in.u64();
    long storedBytes = in.u64();
    int checksum = in.u32();
    int digestBytes = in.count(1);
    int start = in.skip(digestBytes);
    byte[] digest = java.util.Arrays.copyOfRange(in.bytes, start, start + digestBytes);
    in.end();
    return new SegmentEnd(tables, rows, deleted, rawBytes, storedBytes, checksum, digest);
  }
}
