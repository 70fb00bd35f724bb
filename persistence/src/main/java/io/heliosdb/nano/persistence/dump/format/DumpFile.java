package io.heliosdb.nano.persistence.dump.format;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.compress.Compression;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.crypto.FileCipher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A dump file that is read: its segments, their schema and tables, and the blocks of rows.
///
/// Opening reads and checks everything but the rows; [DumpVerifier] checks those. After that reading is thread-safe. Errors: 58P01 no
/// such file, 58030 I/O, XX001 damaged (with the byte at which), 22023 written by a newer version.
public final class DumpFile implements AutoCloseable {
  /// What a reader keeps of schema and tables in memory at most.
  private static final long METADATA_BYTES_MAX = Math.max(8 << 20, Math.min(512L << 20, Runtime.getRuntime().maxMemory() / 8));

  /// What one payload of rows may expand to: a row must fit into memory, but a file must not decide how much that is.
  private static final long PAYLOAD_BYTES_MAX = Math.max(4L * Frame.RAW_BYTES_MAX, Math.min(2000L << 20, Runtime.getRuntime().maxMemory() / 4));

  /// A segment as the file has it.
  ///
  /// @param offset of its first frame
  /// @param endOffset behind its last frame
  public record Segment(
      SegmentBegin begin, List<SchemaEntry> schema, List<TablePart> tables, SegmentEnd end, long offset, long endOffset, long endFrameOffset,
      @Nullable SegmentKey key) {}

  /// A table's rows in one segment: the frames in `[from, to)`.
  public record TablePart(TableEntry table, long from, long to, @Nullable SegmentKey key) {}

  /// A frame where it stands.
  record Placed(Frame frame, long offset) {
    long next() {
      return offset + Frame.HEAD_BYTES + frame.fileBytes();
    }
  }

  /// A payload of rows as it is stored; [#expand] gives its bytes.
  ///
  /// @param key what its frames are sealed under, null in a plain file
  public record StoredBlock(Frame.Kind kind, List<Block.Part> parts, long offset, @Nullable SegmentKey key) {}

  private final Path path;
  private final FileChannel channel;
  private final long length;
  private final List<Segment> segments = new ArrayList<>();
  private final @Nullable EncryptionKey key;
  private boolean sealed;
  private long metadataBytes;

  private DumpFile(Path path, @Nullable EncryptionKey key, FileChannel channel, long length) {
    this.path = path;
    this.key = key;
    this.channel = channel;
    this.length = length;
  }

  public static DumpFile open(Path path) {
    return open(path, Long.MAX_VALUE);
  }

  /// @param lengthMax how much of the file counts; what lies behind is not looked at
  public static DumpFile open(Path path, long lengthMax) {
    return open(path, lengthMax, null);
  }

  /// @param key of an encrypted file; 28000 without it or with another
  public static DumpFile open(Path path, long lengthMax, @Nullable EncryptionKey key) {
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new SqlException(SqlState.UNDEFINED_FILE, "No such file or directory: " + path);
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not open dump file \"" + path + "\": " + e.getMessage(), e);
    }
    try {
      DumpFile file = new DumpFile(path, key, channel, Math.min(lengthMax, channel.size()));
      file.readAll();
      return file;
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw new SqlException(SqlState.IO_ERROR, "could not read dump file \"" + path + "\": " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      closeQuietly(channel, e);
      throw e;
    }
  }

  private static void closeQuietly(FileChannel channel, Throwable cause) {
    try {
      channel.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  public Path path() {
    return path;
  }

  public long length() {
    return length;
  }

  public List<Segment> segments() {
    return segments;
  }

  public Segment last() {
    return segments.getLast();
  }

  /// The error for a file that contradicts itself at a place.
  public SqlException damagedAt(long offset, String what) {
    return damaged(offset, what);
  }

  SqlException damaged(long offset, String what) {
    return new SqlException(SqlState.DATA_CORRUPTED, "dump file \"" + path + "\" is damaged at byte " + offset + ": " + what)
        .withHint("Nothing has been restored. Take another copy of the file, or make a new dump.");
  }

  // ---- index ----

  private void readAll() throws IOException {
    byte[] header = new byte[SegmentWriter.FILE_HEADER_BYTES];
    if (length < header.length) {
      byte[] start = read(0, (int) length);
      boolean like = Arrays.equals(start, Arrays.copyOf(SegmentWriter.MAGIC, start.length));
      throw like ? damaged(length, "the file ends within its header") : notADump();
    }
    header = read(0, header.length);
    if (!Arrays.equals(header, 0, 8, SegmentWriter.MAGIC, 0, 8)) {
      throw notADump();
    }
    int version = LittleEndian.getInt(header, 8);
    if (LittleEndian.getInt(header, 16) != Frame.checksum(header, 0, 16)) {
      throw damaged(0, "CRC32 mismatch in the header");
    }
    sealed = version == SegmentWriter.SEALED_VERSION;
    if ((version != SegmentWriter.VERSION && !sealed) || LittleEndian.getInt(header, 12) != 0) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "dump file \"" + path + "\" was written by a newer version (format " + version + ", known is " + SegmentWriter.SEALED_VERSION + ")");
    }
    long at = header.length;
    do {
      at = readSegment(at);
    } while (at < length);
  }

  private SqlException notADump() {
    return new SqlException(SqlState.DATA_CORRUPTED, "\"" + path + "\" is not a dump file");
  }

  private long readSegment(long from) throws IOException {
    Cursor cursor = new Cursor(from);
    if (sealed) {
      cursor.key = readKey(cursor);
    }
    SegmentBegin begin = null;
    List<SchemaEntry> schema = new ArrayList<>();
    List<TablePart> tables = new ArrayList<>();
    TableEntry table = null;
    long tableFrom = 0;
    while (true) {
      Placed placed = cursor.peek();
      Frame.Kind kind = placed.frame().kind();
      if ((begin == null) != (kind == Frame.Kind.BEGIN)) {
        throw damaged(placed.offset(), begin == null ? "a segment does not start with its BEGIN block" : "a second BEGIN block in one segment");
      }
      if (table != null && kind != Frame.Kind.ROWS && kind != Frame.Kind.DELETED) {
        tables.add(new TablePart(table, tableFrom, placed.offset(), cursor.key));
        table = null;
      }
      try {
        switch (kind) {
          case BEGIN -> {
            begin = SegmentBegin.read(cursor.metadata());
            if (begin.index() != segments.size()) {
              throw new MalformedDumpException("segment " + begin.index() + " stands in place of segment " + segments.size());
            }
          }
          case SCHEMA -> {
            if (!tables.isEmpty()) {
              throw new MalformedDumpException("a SCHEMA block behind a table");
            }
            readSchema(cursor.metadata(), schema);
          }
          case TABLE -> {
            table = TableEntry.read(cursor.metadata());
            tableFrom = cursor.at;
          }
          case ROWS, DELETED -> {
            if (table == null) {
              throw new MalformedDumpException("rows without a table");
            }
            cursor.skip();
          }
          case KEY -> throw new MalformedDumpException("a KEY block that is not the first of an encrypted segment");
          case END -> {
            SegmentEnd end = SegmentEnd.read(cursor.metadata());
            if (end.tables().size() != tables.size() || end.storedBytes() != placed.offset() - from) {
              throw new MalformedDumpException("a segment that is not as long as its END block says");
            }
            segments.add(new Segment(begin, schema, tables, end, from, cursor.at, placed.offset(), cursor.key));
            return cursor.at;
          }
        }
      } catch (MalformedDumpException e) {
        throw damaged(placed.offset(), e.getMessage());
      }
    }
  }

  private SegmentKey readKey(Cursor cursor) throws IOException {
    Placed placed = cursor.peek();
    SegmentKey segmentKey;
    try {
      if (placed.frame().kind() != Frame.Kind.KEY) {
        throw new MalformedDumpException("an encrypted segment does not start with its KEY block");
      }
      segmentKey = SegmentKey.read(cursor.metadata());
    } catch (MalformedDumpException e) {
      throw damaged(placed.offset(), e.getMessage());
    }
    if (key == null || !key.id().equals(segmentKey.keyId())) {
      throw new SqlException(
              SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "dump file \"" + path + "\" is encrypted and needs " + (key == null ? "its key" : "another key"))
          .withDetail("It was made with key " + segmentKey.keyId() + (key == null ? "." : ", the key given is " + key.id() + "."))
          .withHint("Give the key that the dumped database had then: --dump-key-file, or RestoreOptions.withKey.");
    }
    return segmentKey;
  }

  private static void readSchema(PayloadReader in, List<SchemaEntry> schema) throws MalformedDumpException {
    int count = in.count(25);
    for (int i = 0; i < count; i++) {
      schema.add(SchemaEntry.read(in));
    }
    in.end();
  }

  /// Walks the frames.
  private final class Cursor {
    long at;
    @Nullable SegmentKey key;

    Cursor(long at) {
      this.at = at;
    }

    Placed peek() throws IOException {
      return frame(at);
    }

    PayloadReader metadata() throws IOException {
      StoredBlock block = next(METADATA_BYTES_MAX - metadataBytes);
      byte[] raw = expand(block);
      metadataBytes += raw.length;
      return new PayloadReader(raw);
    }

    /// Passes the frames of one payload without reading them.
    void skip() throws IOException {
      Placed placed = peek();
      at = placed.next();
      while (placed.frame().continued()) {
        Placed following = peek();
        checkContinues(placed, following);
        placed = following;
        at = placed.next();
      }
    }

    /// The frames of one payload.
    StoredBlock next(long rawBytesMax) throws IOException {
      List<Block.Part> parts = new ArrayList<>(1);
      Placed first = peek();
      Placed placed = first;
      long rawBytes = 0;
      while (true) {
        rawBytes += placed.frame().rawBytes();
        if (rawBytes > rawBytesMax) {
          throw new SqlException(
                  SqlState.PROGRAM_LIMIT_EXCEEDED, "dump file \"" + path + "\": the block at byte " + first.offset() + " expands to more than " + rawBytesMax + " bytes")
              .withHint("Give the process a larger heap if the file is to be trusted.");
        }
        parts.add(new Block.Part(placed.frame(), read(placed.offset() + Frame.HEAD_BYTES, placed.frame().fileBytes())));
        at = placed.next();
        if (!placed.frame().continued()) {
          return new StoredBlock(first.frame().kind(), parts, first.offset(), key);
        }
        Placed following = peek();
        checkContinues(placed, following);
        placed = following;
      }
    }

    private void checkContinues(Placed placed, Placed following) {
      if (following.frame().kind() != placed.frame().kind() || placed.frame().rawBytes() != Frame.RAW_BYTES_MAX) {
        throw damaged(following.offset(), "a block is not continued where it should be");
      }
    }
  }

  private Placed frame(long offset) throws IOException {
    if (offset + Frame.HEAD_BYTES > length) {
      throw damaged(length, "the file is truncated: it ends within a segment");
    }
    Frame frame;
    try {
      frame = Frame.parse(read(offset, Frame.HEAD_BYTES), offset);
    } catch (MalformedDumpException e) {
      throw damaged(offset, e.getMessage());
    }
    if (frame.sealed() != (sealed && frame.kind() != Frame.Kind.KEY)) {
      throw damaged(offset, sealed ? "a block that is not encrypted in an encrypted file" : "an encrypted block in a plain file");
    }
    if (offset + Frame.HEAD_BYTES + frame.fileBytes() > length) {
      throw damaged(length, "the file is truncated: it ends within a block that starts at byte " + offset);
    }
    return new Placed(frame, offset);
  }

  private byte[] read(long offset, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      int got = channel.read(buffer, offset + buffer.position());
      if (got < 0) {
        throw damaged(offset + buffer.position(), "the file is truncated");
      }
    }
    return buffer.array();
  }

  // ---- rows ----

  /// The payloads of a table's rows, in order. Confined to one thread; several may be read at a time.
  public BlockReader blocks(TablePart part) {
    return new BlockReader(part.from(), part.to(), part.key());
  }

  BlockReader blocks(Segment segment) {
    return new BlockReader(segment.offset(), segment.endFrameOffset(), segment.key());
  }

  /// Reads stored payloads one by one.
  public final class BlockReader {
    private final Cursor cursor;
    private final long to;

    private BlockReader(long from, long to, @Nullable SegmentKey key) {
      cursor = new Cursor(from);
      cursor.key = key;
      this.to = to;
    }

    /// The next payload, null at the end.
    public @Nullable StoredBlock next() {
      if (cursor.at >= to) {
        return null;
      }
      try {
        return cursor.next(PAYLOAD_BYTES_MAX);
      } catch (IOException e) {
        throw new SqlException(SqlState.IO_ERROR, "could not read dump file \"" + path + "\": " + e.getMessage(), e);
      }
    }
  }

  /// Expands a payload and checks it; any thread.
  ///
  /// @throws SqlException XX001
  public byte[] expand(StoredBlock block) {
    long total = 0;
    for (Block.Part part : block.parts()) {
      total += part.frame().rawBytes();
    }
    byte[] raw = new byte[Math.toIntExact(total)];
    int at = 0;
    long offset = block.offset();
    FileCipher cipher = block.key() == null ? null : block.key().cipher(key);
    for (Block.Part part : block.parts()) {
      Frame frame = part.frame();
      byte[] stored = frame.sealed() ? unsealed(cipher, part, offset) : part.stored();
      offset += Frame.HEAD_BYTES + part.stored().length;
      Compression compression = Compression.ofId(frame.codec());
      if (compression == null) {
        throw damaged(block.offset(), "compression " + frame.codec() + " is unknown");
      }
      try {
        compression.codec().expand(stored, 0, stored.length, raw, at, frame.rawBytes());
      } catch (IOException e) {
        throw damaged(block.offset(), "CRC32 mismatch (the block cannot be expanded: " + e.getMessage() + ")");
      }
      if (!frame.sealed() && Frame.checksum(raw, at, frame.rawBytes()) != frame.checksum()) {
        throw damaged(block.offset(), "CRC32 mismatch");
      }
      at += frame.rawBytes();
    }
    return raw;
  }

  private byte[] unsealed(@Nullable FileCipher cipher, Block.Part part, long offset) {
    Frame frame = part.frame();
    byte[] plain = new byte[frame.storedBytes()];
    if (cipher == null || !cipher.openBlocks(offset, frame.head(offset), part.stored(), 0, plain.length, plain, 0)) {
      throw damaged(offset, "an encrypted block was changed");
    }
    return plain;
  }

  /// Whether there is an encrypted dump; looks at the header only.
  public static boolean isSealed(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer header = ByteBuffer.allocate(SegmentWriter.FILE_HEADER_BYTES);
      while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {}
      return !header.hasRemaining() && LittleEndian.getInt(header.array(), 8) == SegmentWriter.SEALED_VERSION;
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not read dump file \"" + path + "\": " + e.getMessage(), e);
    }
  }

  /// Whether the file is encrypted.
  public boolean isSealed() {
    return sealed;
  }

  /// The rows of an expanded payload.
  ///
  /// @throws SqlException XX001
  public RowBlock rows(StoredBlock block, byte[] raw, TableEntry table) {
    try {
      return RowBlock.parse(raw, block.kind() == Frame.Kind.ROWS ? table.rowEncodings() : table.keyEncodings());
    } catch (MalformedDumpException e) {
      throw damaged(block.offset(), e.getMessage() + " (rows of table " + table.schema() + "." + table.name() + ")");
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not close dump file \"" + path + "\": " + e.getMessage(), e);
    }
  }
}
