package io.heliosdb.nano.persistence.columnar.parquet;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.heliosdb.nano.error.SqlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/// Decompression of pages. The page header says how many bytes come out; more or fewer is an error, and never are more allocated.
final class Codecs {
  private Codecs() {}

  static byte[] decompress(int codec, byte[] bytes, int from, int count, int resultBytes) {
    byte[] out = new byte[resultBytes];
    try {
      switch (codec) {
        case ParquetSchema.CODEC_UNCOMPRESSED -> {
          check(count == resultBytes);
          System.arraycopy(bytes, from, out, 0, count);
        }
        case ParquetSchema.CODEC_SNAPPY -> snappy(bytes, from, from + count, out);
        case ParquetSchema.CODEC_GZIP -> stream(new GZIPInputStream(new ByteArrayInputStream(bytes, from, count)), out);
        case ParquetSchema.CODEC_BROTLI -> {
          Brotli4jLoader.ensureAvailability();
          stream(new BrotliInputStream(new ByteArrayInputStream(bytes, from, count)), out);
        }
        case ParquetSchema.CODEC_ZSTD -> check(resultBytes == 0 || Zstd.decompressByteArray(out, 0, resultBytes, bytes, from, count) == resultBytes);
        case ParquetSchema.CODEC_LZ4_RAW ->
            check(LZ4Factory.safeInstance().safeDecompressor().decompress(bytes, from, count, out, 0, resultBytes) == resultBytes);
        default -> throw SqlException.notSupported("compression codec " + codec + " of Parquet");
      }
    } catch (IOException | LZ4Exception | ZstdException | IndexOutOfBoundsException e) {
      throw Malformed.because("a page does not decompress");
    }
    return out;
  }

  private static void check(boolean right) {
    if (!right) {
      throw Malformed.because("a page does not decompress to the size that it declares");
    }
  }

  private static void stream(InputStream in, byte[] out) throws IOException {
    try (in) {
      check(in.readNBytes(out, 0, out.length) == out.length && in.read() < 0);
    }
  }

  /// Source: google/snappy, `format_description.txt`.
  private static void snappy(byte[] in, int start, int end, byte[] out) {
    int at = start;
    long length = 0;
    for (int shift = 0; ; shift += 7) {
      int b = in[at++];
      length |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        break;
      }
      check(shift < 28);
    }
    check(length == out.length);
    int n = 0;
    while (at < end) {
      int tag = in[at++] & 0xff;
      if ((tag & 3) == 0) {
        int count = (tag >> 2) + 1;
        if (count > 60) {
          int bytes = count - 60;
          count = 0;
          for (int i = 0; i < bytes; i++) {
            count |= (in[at++] & 0xff) << 8 * i;
          }
          count++;
        }
        check(count > 0 && count <= end - at && count <= out.length - n);
        System.arraycopy(in, at, out, n, count);
        at += count;
        n += count;
        continue;
      }
      int count;
      int distance;
      if ((tag & 3) == 1) {
        count = (tag >> 2 & 7) + 4;
        distance = (tag >> 5) << 8 | in[at++] & 0xff;
      } else if ((tag & 3) == 2) {
        count = (tag >> 2) + 1;
        distance = in[at++] & 0xff | (in[at++] & 0xff) << 8;
      } else {
        count = (tag >> 2) + 1;
        distance = in[at++] & 0xff | (in[at++] & 0xff) << 8 | (in[at++] & 0xff) << 16 | (in[at++] & 0xff) << 24;
      }
      check(distance > 0 && distance <= n && count <= out.length - n);
      if (distance >= count) {
        System.arraycopy(out, n - distance, out, n, count);
        n += count;
      } else {
        for (int i = 0; i < count; i++, n++) {
          out[n] = out[n - distance];
        }
      }
    }
    check(n == out.length);
  }
}
