package io.heliosdb.nano.copy;

import java.util.EnumSet;
import java.util.Set;

/// PostgreSQL's text format and CSV. Source: PostgreSQL 15 manual, COPY, "File Formats".
final class DelimitedFormat implements CopyFormat {
  static final DelimitedFormat TEXT = new DelimitedFormat(
      "text", Set.of("txt", "tsv"), EnumSet.of(CopyOption.DELIMITER, CopyOption.NULL, CopyOption.HEADER, CopyOption.ENCODING));
  static final DelimitedFormat CSV = new DelimitedFormat("csv", Set.of("csv"), EnumSet.complementOf(EnumSet.of(CopyOption.COMPRESSION)));

  private final String name;
  private final Set<String> extensions;
  private final Set<CopyOption> options;

  private DelimitedFormat(String name, Set<String> extensions, Set<CopyOption> options) {
    this.name = name;
    this.extensions = extensions;
    this.options = options;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<String> extensions() {
    return extensions;
  }

  @Override
  public boolean binary() {
    return false;
  }

  @Override
  public boolean usesSessionText() {
    return true;
  }

  @Override
  public Set<CopyOption> options() {
    return options;
  }

  @Override
  public RowReader reader(CopyOptions copyOptions, RowBuilder rows) {
    return this == CSV ? new CsvReader(copyOptions, rows) : new TextReader(copyOptions, rows);
  }

  @Override
  public RowWriter writer(CopyOptions copyOptions, RowSource source) {
    return new DelimitedWriter(this == CSV, copyOptions, source);
  }
}
