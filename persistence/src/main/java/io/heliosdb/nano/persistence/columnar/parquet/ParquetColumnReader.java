package io.heliosdb.nano.persistence.columnar.parquet;

import io.heliosdb.nano.persistence.columnar.LittleEndianSink;
import io.heliosdb.nano.persistence.columnar.ReadBudget;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one column chunk, page by page, and gives the values row by row. Keeps one page and the dictionary; both count against the budget of all
/// columns before they are allocated. Confined to the reader's thread.
final class ParquetColumnReader {
  /// No writer makes larger ones: pages of 1 MB are usual.
  private static final int PAGE_BYTES_MAX = 128 << 20;
  private static final int PAGE_VALUES_MAX = 16 << 20;
  private static final int HEADER_BYTES = 4 * 1024;
  private static final int HEADER_BYTES_MAX = 1 << 20;
  private static final int OBJECT_BYTES = 48;

  private final FileChannel file;
  private final ParquetLeaf leaf;
  private final ParquetFile.Chunk chunk;
  private final ReadBudget budget;
  private long at;
  private final long end;
  private long valuesLeft;

  private Object @Nullable [] dictionary;
  private long pageReserved;
  private long dictionaryReserved;
  private int pageValues;
  private int next;
  private int @Nullable [] definitions;
  private int @Nullable [] repetitions;
  private @Nullable PageValues values;

  ParquetColumnReader(FileChannel file, ParquetLeaf leaf, ParquetFile.Chunk chunk, ReadBudget budget) {
    this.file = file;
    this.leaf = leaf;
    this.chunk = chunk;
    this.budget = budget;
    at = chunk.start();
    end = chunk.start() + chunk.bytes();
    valuesLeft = chunk.values();
  }

  void close() {
    budget.release(pageReserved + dictionaryReserved);
    pageReserved = 0;
    dictionaryReserved = 0;
  }

  /// The next row's value: null, an object of the leaf's type, or for a list an `Object[]` of these.
  @Nullable Object nextRow() throws IOException {
    if (next == pageValues) {
      nextPage();
    }
    if (!leaf.list()) {
      int level = definitions == null ? leaf.definitionMax() : definitions[next];
      next++;
      return level < leaf.definitionMax() ? null : values.next();
    }
    int level = definitions == null ? leaf.definitionMax() : definitions[next];
    if (repetitions != null && repetitions[next] != 0) {
      throw Malformed.because("a list begins in its middle");
    }
    next++;
    if (level < leaf.nullLevel()) {
      return null;
    }
    if (level < leaf.elementLevel()) {
      return new Object[0];
    }
    List<@Nullable Object> elements = new ArrayList<>();
    elements.add(level == leaf.definitionMax() ? values.next() : null);
    while (true) {
      if (next == pageValues) {
        if (valuesLeft == 0) {
          break;
        }
        nextPage();
      }
      if (repetitions == null || repetitions[next] == 0) {
        break;
      }
      level = definitions == null ? leaf.definitionMax() : definitions[next];
      next++;
      if (level < leaf.elementLevel()) {
        throw Malformed.because("an element of a list is missing");
      }
      elements.add(level == leaf.definitionMax() ? values.next() : null);
    }
    return elements.toArray();
  }

  // ---- pages ----

  private void nextPage() throws IOException {
    budget.release(pageReserved);
    pageReserved = 0;
    do {
      if (valuesLeft <= 0 || at >= end) {
        throw Malformed.because("column \"" + leaf.name() + "\" has fewer values than rows");
      }
      page();
    } while (next == pageValues);
  }

  private void page() throws IOException {
    ThriftReader.Struct header = header();
    int size = header.number(2, -1);
    int stored = header.number(3, -1);
    if (size < 0 || stored < 0 || size > PAGE_BYTES_MAX || stored > end - at) {
      throw Malformed.because("a page has an impossible size");
    }
    long start = at;
    at += stored;
    switch (header.number(1, -1)) {
      case ParquetSchema.PAGE_DICTIONARY -> dictionary(header, start, stored, size);
      case ParquetSchema.PAGE_DATA -> dataPage(header.struct(5), start, stored, size);
      case ParquetSchema.PAGE_DATA_V2 -> dataPageV2(header.struct(8), start, stored, size);
      default -> { }
    }
  }

  private ThriftReader.Struct header() throws IOException {
    int count = (int) Math.min(HEADER_BYTES, end - at);
    while (true) {
      byte[] bytes = ParquetFile.read(file, at, count);
      ThriftReader reader = new ThriftReader(bytes, 0, count);
      try {
        ThriftReader.Struct header = reader.struct();
        at += reader.position();
        return header;
      } catch (io.heliosdb.nano.error.SqlException e) {
        // Statistics in the header may be long.
        if (count == end - at || count >= HEADER_BYTES_MAX) {
          throw e;
        }
        count = (int) Math.min(Math.min(HEADER_BYTES_MAX, count * 16L), end - at);
      }
    }
  }

  private void dictionary(ThriftReader.Struct header, long start, int stored, int size) throws IOException {
    ThriftReader.Struct page = header.struct(7);
    int count = page == null ? -1 : page.number(1, -1);
    if (dictionary != null || count < 0 || count > Math.max(1, size)) {
      throw Malformed.because("a bad dictionary");
    }
    dictionaryReserved = size + stored + (long) count * OBJECT_BYTES;
    budget.reserve(dictionaryReserved);
    byte[] bytes = Codecs.decompress(chunk.codec(), ParquetFile.read(file, start, stored), 0, stored, size);
    PageValues plain = PageValues.of(leaf, ParquetSchema.ENCODING_PLAIN, bytes, 0, size, count, null);
    Object[] entries = new Object[count];
    for (int i = 0; i < count; i++) {
      entries[i] = plain.next();
    }
    dictionary = entries;
  }

  private void dataPage(ThriftReader.@Nullable Struct page, long start, int stored, int size) throws IOException {
    int count = begin(page, stored, size);
    byte[] bytes = Codecs.decompress(chunk.codec(), ParquetFile.read(file, start, stored), 0, stored, size);
    int from = 0;
    if (leaf.repetitionMax() > 0) {
      int length = levelBytes(bytes, from);
      repetitions = levels(bytes, from + 4, from + 4 + length, leaf.repetitionMax(), count);
      from += 4 + length;
    }
    if (leaf.definitionMax() > 0) {
      int length = levelBytes(bytes, from);
      definitions = levels(bytes, from + 4, from + 4 + length, leaf.definitionMax(), count);
      from += 4 + length;
    }
    values(page.number(2, -1), bytes, from);
  }

  private static int levelBytes(byte[] bytes, int from) {
    int length = bytes.length - from < 4 ? -1 : LittleEndianSink.getInt(bytes, from);
    if (length < 0 || length > bytes.length - from - 4) {
      throw Malformed.because("levels reach over the end of their page");
    }
    return length;
  }

  private void dataPageV2(ThriftReader.@Nullable Struct page, long start, int stored, int size) throws IOException {
    int count = begin(page, stored, size);
    int definitionBytes = page.number(5, 0);
    int repetitionBytes = page.number(6, 0);
    int levelBytes = definitionBytes + repetitionBytes;
    if (definitionBytes < 0 || repetitionBytes < 0 || levelBytes < 0 || levelBytes > stored || levelBytes > size) {
      throw Malformed.because("levels reach over the end of their page");
    }
    byte[] bytes = ParquetFile.read(file, start, stored);
    if (leaf.repetitionMax() > 0) {
      repetitions = levels(bytes, 0, repetitionBytes, leaf.repetitionMax(), count);
    }
    if (leaf.definitionMax() > 0) {
      definitions = levels(bytes, repetitionBytes, levelBytes, leaf.definitionMax(), count);
    }
    if (page.flag(7, true)) {
      values(page.number(4, -1), Codecs.decompress(chunk.codec(), bytes, levelBytes, stored - levelBytes, size - levelBytes), 0);
    } else {
      values(page.number(4, -1), bytes, levelBytes);
    }
  }

  private int begin(ThriftReader.@Nullable Struct page, int stored, int size) {
    int count = page == null ? -1 : page.number(1, -1);
    if (count < 0 || count > valuesLeft || count > PAGE_VALUES_MAX) {
      throw Malformed.because("a page has an impossible number of values");
    }
    int levels = (leaf.definitionMax() > 0 ? 4 : 0) + (leaf.repetitionMax() > 0 ? 4 : 0);
    pageReserved = (long) stored + size + (long) count * levels;
    budget.reserve(pageReserved);
    valuesLeft -= count;
    pageValues = count;
    next = 0;
    definitions = null;
    repetitions = null;
    return count;
  }

  private static int[] levels(byte[] bytes, int from, int to, int max, int count) {
    int[] levels = new int[count];
    BitReader.hybrid(bytes, from, to, 32 - Integer.numberOfLeadingZeros(max), count, levels);
    for (int level : levels) {
      if (level > max) {
        throw Malformed.because("a level of " + level);
      }
    }
    return levels;
  }

  private void values(int encoding, byte[] bytes, int from) {
    int present = pageValues;
    if (definitions != null) {
      present = 0;
      for (int level : definitions) {
        present += level == leaf.definitionMax() ? 1 : 0;
      }
    }
    if (encoding != ParquetSchema.ENCODING_PLAIN) {
      // What the decoder will make of it: numbers or offsets of eight bytes.
      long decoded = (long) present * 8;
      budget.reserve(decoded);
      pageReserved += decoded;
    }
    values = PageValues.of(leaf, encoding, bytes, from, bytes.length, present, dictionary);
    if (dictionary == null && Arrays.asList(ParquetSchema.ENCODING_RLE_DICTIONARY, ParquetSchema.ENCODING_PLAIN_DICTIONARY).contains(encoding)) {
      throw Malformed.because("a page refers to a dictionary that is not there");
    }
  }
}
