package io.heliosdb.nano.persistence.dump.format;

/// The first payload of a segment.
///
/// @param product what wrote it, for people
/// @param databaseId the database it is of
/// @param incremental whether tables may be CHANGES or UNCHANGED against the segment before
/// @param fromScn the last commit of the segment before, 0 in a full segment
/// @param toScn the last commit that is in this one
/// @param createdMicros microseconds since 2000-01-01 UTC
/// @param index position in the file, from 0
public record SegmentBegin(
    String product, long databaseId, String branch, boolean incremental, long fromScn, long toScn, long createdMicros, int index) {
  public void write(PayloadWriter out) {
    out.text(product).u64(databaseId).text(branch).u8(incremental ? 1 : 0).u64(fromScn).u64(toScn).u64(createdMicros).u32(index);
  }

  static SegmentBegin read(PayloadReader in) throws MalformedDumpException {
    SegmentBegin begin =
        new SegmentBegin(in.text(), in.u64(), in.text(), in.u8() != 0, in.u64(), in.u64(), in.u64(), in.u32());
    in.end();
    return begin;
  }
}
