package io.heliosdb.nano.copy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// The formats that COPY knows: text, csv, binary, json, jsonl and sql, and what the class path adds (Parquet and Arrow by the module
/// `persistence`). Immutable after loading; thread-safe.
public final class CopyFormats {
  private static final List<CopyFormat> ALL = load();

  private CopyFormats() {}

  private static List<CopyFormat> load() {
    List<CopyFormat> formats = new ArrayList<>(
        List.of(DelimitedFormat.TEXT, DelimitedFormat.CSV, new BinaryFormat(), new JsonFormat(false), new JsonFormat(true), new SqlFormat()));
    ServiceLoader.load(CopyFormat.class, CopyFormats.class.getClassLoader()).forEach(formats::add);
    return List.copyOf(formats);
  }

  public static List<CopyFormat> all() {
    return ALL;
  }

  /// The format of that name, null when there is none.
  public static @Nullable CopyFormat named(String name) {
    for (CopyFormat format : ALL) {
      if (format.name().equals(name) || format.aliases().contains(name)) {
        return format;
      }
    }
    return null;
  }

  /// The format that the file's extension stands for, null when it stands for none.
  public static @Nullable CopyFormat ofFile(String file) {
    String extension = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    for (CopyFormat format : ALL) {
      if (format.extensions().contains(extension)) {
        return format;
      }
    }
    return null;
  }
}
