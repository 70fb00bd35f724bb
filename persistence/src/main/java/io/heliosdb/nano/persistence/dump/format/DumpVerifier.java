package io.heliosdb.nano.persistence.dump.format;

import io.heliosdb.nano.persistence.dump.format.DumpFile.Segment;
import io.heliosdb.nano.persistence.dump.format.DumpFile.StoredBlock;
import io.heliosdb.nano.persistence.dump.format.DumpFile.TablePart;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/// Reads all of a dump file and holds it against the metadata of its segments. Keeps one block in memory.
public final class DumpVerifier {
  private final DumpFile file;
  private final LongConsumer progress;

  /// @param progress is told how many bytes of the file have been checked so far
  public DumpVerifier(DumpFile file, LongConsumer progress) {
    this.file = file;
    this.progress = progress;
  }

  /// @throws io.heliosdb.nano.error.SqlException XX001 with the byte at which the file is damaged
  public void verify() {
    for (Segment segment : file.segments()) {
      verify(segment);
    }
  }

  private void verify(Segment segment) {
    CRC32C checksum = new CRC32C();
    MessageDigest digest = segment.end().digest().length == 0 ? null : SegmentWriter.sha256();
    long rawBytes = 0;
    long rows = 0;
    long deleted = 0;
    int next = 0;
    TablePart part = null;
    DumpFile.BlockReader blocks = file.blocks(segment);
    StoredBlock block;
    while ((block = blocks.next()) != null) {
      if (digest != null) {
        digest(digest, block);
      }
      byte[] raw = file.expand(block);
      checksum.update(raw);
      rawBytes += raw.length;
      switch (block.kind()) {
        case TABLE -> {
          checkCounts(segment, part, next - 1, rows, deleted);
          part = segment.tables().get(next++);
          rows = 0;
          deleted = 0;
        }
        case ROWS -> rows += file.rows(block, raw, part.table()).rows();
        case DELETED -> deleted += file.rows(block, raw, part.table()).rows();
        case BEGIN, SCHEMA, END, KEY -> {}
      }
      progress.accept(block.offset());
    }
    checkCounts(segment, part, next - 1, rows, deleted);
    if (rawBytes != segment.end().rawBytes() || (int) checksum.getValue() != segment.end().checksum()) {
      throw file.damaged(segment.endFrameOffset(), "CRC32 mismatch over segment " + segment.begin().index());
    }
    if (digest != null && !Arrays.equals(digest.digest(), segment.end().digest())) {
      throw file.damaged(segment.endFrameOffset(), "SHA-256 mismatch over segment " + segment.begin().index());
    }
    progress.accept(segment.endOffset());
  }

  private void checkCounts(Segment segment, @org.jspecify.annotations.Nullable TablePart part, int index, long rows, long deleted) {
    if (part == null) {
      return;
    }
    SegmentEnd.TableCount count = segment.end().tables().get(index);
    if (count.oid() != part.table().oid() || count.rows() != rows || count.deleted() != deleted) {
      throw file.damaged(part.from(), "table " + part.table().schema() + "." + part.table().name() + " has not as many rows as the metadata says");
    }
  }

  private static void digest(MessageDigest digest, StoredBlock block) {
    long offset = block.offset();
    for (Block.Part part : block.parts()) {
      digest.update(part.frame().head(offset));
      digest.update(part.stored());
      offset += Frame.HEAD_BYTES + part.stored().length;
    }
  }
}
