package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Finds a data file that lost its end (a copy that broke off, a full disk at a restore) before LMDB maps it: touching a page behind
/// the end of a file ends the whole process with SIGBUS.
///
/// A sound file may be shorter than its highest page number says, because LMDB never writes pages that a transaction took and gave back.
/// So a short file is walked: it is damaged if and only if a page that the trees refer to lies behind its end. Files of full length, which is all
/// but a few, cost one read. Page layouts: `mdb.c` of LMDB 0.9 for 64-bit platforms, little endian.
///
/// ```
///   page   number 8, padding 2, flags 2, lower 2, upper 2, then node offsets (2 each); an overflow page has its page count at 12
///   node   low 2, high 2, flags 2, key size 2, key, data; a branch node's page number is low, high and flags
///   tree   padding 4, flags 2, depth 2, branch, leaf, overflow and entry counts 8 each, root 8
///   meta   page header, magic 4, version 4, address 8, map size 8, two trees, last page 8, transaction 8
/// ```
final class DataFileCheck {
  static final String FILE_NAME = "data.mdb";

  /// Written once a data directory holds a database, with the format's version: an empty or missing data file is then a loss and not
  /// a directory in its first moments.
  static final String MARKER_NAME = "heliosdb.format";

  private static final int MAGIC = 0xBEEFC0DE;
  private static final int HEADER_BYTES = 16;
  private static final int TREE_BYTES = 48;
  private static final int META_TREES = 40;
  private static final int META_LAST_PAGE = META_TREES + 2 * TREE_BYTES;
  private static final int TREE_ROOT = 40;
  private static final int PAGE_BRANCH = 1;
  private static final int PAGE_LEAF = 2;
  private static final int PAGE_LEAF2 = 0x20;
  private static final int NODE_OVERFLOW = 1;
  private static final int NODE_TREE = 2;
  private static final int DEPTH_MAX = 64;

  private final FileChannel file;
  private final long fileBytes;
  private final int pageBytes;
  private final long neededBytes;

  private DataFileCheck(FileChannel file, int pageBytes, long neededBytes) throws IOException {
    this.file = file;
    this.fileBytes = file.size();
    this.pageBytes = pageBytes;
    this.neededBytes = neededBytes;
  }

  /// @throws SqlException XX001 when the data file is missing where one has been, or has been cut short
  static void check(Path directory) {
    Path path = directory.resolve(FILE_NAME);
    try {
      if (!Files.exists(path) || Files.size(path) == 0) {
        if (Files.exists(directory.resolve(MARKER_NAME))) {
          throw StoreFailure.corrupted("\"" + path + "\" is " + (Files.exists(path) ? "empty" : "missing"));
        }
        return;
      }
      try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
        checkLength(file);
      }
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not read the data file \"" + path + "\": " + e.getMessage(), e);
    }
  }

  /// Says that the directory holds a database from now on.
  static void mark(Path directory) {
    Path marker = directory.resolve(MARKER_NAME);
    try {
      if (!Files.exists(marker)) {
        Files.writeString(marker, Format.VERSION + "\n");
      }
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not write \"" + marker + "\": " + e.getMessage(), e);
    }
  }

  private static void checkLength(FileChannel file) throws IOException {
    ByteBuffer first = read(file, 0, HEADER_BYTES + META_LAST_PAGE + 16);
    if (first == null || first.getInt(HEADER_BYTES) != MAGIC) {
      // LMDB says what is wrong with it.
      return;
    }
    int pageBytes = first.getInt(META_TREES);
    if (Integer.bitCount(pageBytes) != 1 || pageBytes < 256 || pageBytes > 65_536) {
      return;
    }
    ByteBuffer second = read(file, pageBytes, HEADER_BYTES + META_LAST_PAGE + 16);
    if (second == null) {
      throw cutShort(file.size(), 2L * pageBytes);
    }
    ByteBuffer meta = second.getLong(META_LAST_PAGE + 8) > first.getLong(META_LAST_PAGE + 8) ? second : first;
    long needed = (meta.getLong(META_LAST_PAGE) + 1) * pageBytes;
    if (file.size() < needed) {
      DataFileCheck check = new DataFileCheck(file, pageBytes, needed);
      check.tree(meta, META_TREES, 0);
      check.tree(meta, META_TREES + TREE_BYTES, 0);
    }
  }

  private static SqlException cutShort(long has, long needs) {
    return StoreFailure.corrupted("it has been cut short (" + has + " bytes of " + needs + ")").withHint("Restore the data directory from a backup.");
  }

  private void tree(ByteBuffer page, int offset, int depth) throws IOException {
    long root = page.getLong(offset + TREE_ROOT);
    if (root != -1) {
      page(root, depth);
    }
  }

  private void page(long number, int depth) throws IOException {
    ByteBuffer page = need(number, 1) ? read(file, number * pageBytes, pageBytes) : null;
    if (page == null || depth > DEPTH_MAX) {
      throw cutShort(fileBytes, neededBytes);
    }
    int flags = page.getShort(10);
    if ((flags & PAGE_LEAF2) != 0 || (flags & (PAGE_BRANCH | PAGE_LEAF)) == 0) {
      return;
    }
    int nodes = (page.getShort(12) & 0xffff) - HEADER_BYTES >> 1;
    for (int i = 0; i < nodes && HEADER_BYTES + 2 * i + 2 <= pageBytes; i++) {
      int node = page.getShort(HEADER_BYTES + 2 * i) & 0xffff;
      if (node + 8 <= pageBytes) {
        node(page, node, (flags & PAGE_BRANCH) != 0, depth);
      }
    }
  }

  private void node(ByteBuffer page, int node, boolean branch, int depth) throws IOException {
    long low = page.getShort(node) & 0xffffL | (page.getShort(node + 2) & 0xffffL) << 16;
    int flags = page.getShort(node + 4) & 0xffff;
    int data = node + 8 + (page.getShort(node + 6) & 0xffff);
    if (branch) {
      page(low | (long) flags << 32, depth + 1);
    } else if ((flags & NODE_OVERFLOW) != 0 && data + 8 <= pageBytes) {
      long dataBytes = low;
      need(page.getLong(data), (HEADER_BYTES + dataBytes + pageBytes - 1) / pageBytes);
    } else if ((flags & NODE_TREE) != 0 && data + TREE_BYTES <= pageBytes) {
      tree(page, data, depth + 1);
    }
  }

  private boolean need(long firstPage, long pages) {
    if (firstPage < 0 || (firstPage + pages) * pageBytes > fileBytes) {
      throw cutShort(fileBytes, neededBytes);
    }
    return true;
  }

  private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        return null;
      }
    }
    return buffer;
  }
}
