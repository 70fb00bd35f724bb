package io.heliosdb.nano.persistence.dump.format;

import io.heliosdb.nano.persistence.compress.Compression;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.crypto.FileCipher;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Writes one segment: blocks in order, then the END block with what they add up to. Confined to one thread; does not close the stream.
public final class SegmentWriter {
  public static final byte[] MAGIC = "HELIODMP".getBytes(StandardCharsets.US_ASCII);
  public static final int VERSION = 1;

  /// Of a file whose segments are encrypted.
  public static final int SEALED_VERSION = 2;

  public static final int FILE_HEADER_BYTES = 20;

  private final OutputStream out;
  private final CRC32C checksum = new CRC32C();
  private final @Nullable MessageDigest digest;
  private final List<SegmentEnd.TableCount> tables = new ArrayList<>();
  private long offset;
  private long rawBytes;
  private long storedBytes;
  private int table;
  private long tableRows;
  private long tableDeleted;
  private long tableRawBytes;
  private boolean inTable;

  /// Null in a plain file.
  private final @Nullable FileCipher cipher;

  public SegmentWriter(OutputStream out, long offset, boolean withDigest) throws IOException {
    this(out, offset, withDigest, null);
  }

  /// @param offset where in the file the stream begins; 0 writes the file's header first
  /// @param withDigest whether the END block gets a SHA-256 of the stored bytes
  /// @param key encrypts the segment; null for a plain file
  public SegmentWriter(OutputStream out, long offset, boolean withDigest, @Nullable EncryptionKey key) throws IOException {
    this.out = out;
    this.offset = offset;
    this.digest = withDigest ? sha256() : null;
    if (offset == 0) {
      out.write(fileHeader(key == null ? VERSION : SEALED_VERSION));
      this.offset = FILE_HEADER_BYTES;
    }
    SegmentKey segmentKey = key == null ? null : SegmentKey.of(key);
    cipher = segmentKey == null ? null : segmentKey.cipher(key);
    if (segmentKey != null) {
      PayloadWriter payload = new PayloadWriter();
      segmentKey.write(payload);
      write(Block.pack(Frame.Kind.KEY, payload.toByteArray(), Compression.NONE, 0));
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static byte[] fileHeader(int version) {
    ByteBuffer header = ByteBuffer.allocate(FILE_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).putInt(version).putInt(0);
    return header.putInt(Frame.checksum(header.array(), 0, 16)).array();
  }

  /// Where the next frame will stand.
  public long offset() {
    return offset;
  }

  public long rawBytes() {
    return rawBytes;
  }

  /// Begins a table; the blocks up to the next table are its rows.
  public void beginTable(TableEntry entry, Block block) throws IOException {
    endTable();
    inTable = true;
    table = entry.oid();
    write(block);
  }

  /// @param rows the rows in the block, for ROWS and DELETED
  public void rows(Block block, int rows) throws IOException {
    if (block.kind() == Frame.Kind.ROWS) {
      tableRows += rows;
    } else {
      tableDeleted += rows;
    }
    tableRawBytes += block.raw().length;
    write(block);
  }

  private void endTable() {
    if (inTable) {
      tables.add(new SegmentEnd.TableCount(table, tableRows, tableDeleted, tableRawBytes));
      tableRows = 0;
      tableDeleted = 0;
      tableRawBytes = 0;
      inTable = false;
    }
  }

  public void write(Block block) throws IOException {
    checksum.update(block.raw());
    rawBytes += block.raw().length;
    for (Block.Part part : block.parts()) {
      boolean seals = cipher != null && block.kind() != Frame.Kind.KEY;
      byte[] head = (seals ? part.frame().seal() : part.frame()).head(offset);
      byte[] stored = seals ? SegmentKey.seal(cipher, offset, head, part.stored()) : part.stored();
      put(head);
      put(stored);
    }
  }

  private void put(byte[] bytes) throws IOException {
    out.write(bytes);
    offset += bytes.length;
    storedBytes += bytes.length;
    if (digest != null) {
      digest.update(bytes);
    }
  }

  /// Writes the END block.
  public SegmentEnd end() throws IOException {
    endTable();
    long rows = tables.stream().mapToLong(SegmentEnd.TableCount::rows).sum();
    long deleted = tables.stream().mapToLong(SegmentEnd.TableCount::deleted).sum();
    SegmentEnd end =
        new SegmentEnd(tables, rows, deleted, rawBytes, storedBytes, (int) checksum.getValue(), digest == null ? new byte[0] : digest.digest());
    PayloadWriter payload = new PayloadWriter();
    end.write(payload);
    for (Block.Part part : Block.pack(Frame.Kind.END, payload.toByteArray(), Compression.NONE, 0).parts()) {
      byte[] head = (cipher == null ? part.frame() : part.frame().seal()).head(offset);
      byte[] stored = cipher == null ? part.stored() : SegmentKey.seal(cipher, offset, head, part.stored());
      out.write(head);
      out.write(stored);
      offset += head.length + stored.length;
    }
    out.flush();
    return end;
  }
}
