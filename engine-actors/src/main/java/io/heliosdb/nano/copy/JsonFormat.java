package io.heliosdb.nano.copy;

import java.util.EnumSet;
import java.util.Set;

/// Rows as JSON objects (RFC 8259): `json` is one array of objects, `jsonl` an object per line (also called ndjson).
///
/// Numbers and booleans are JSON's own, arrays and composite values are JSON arrays and objects, json and jsonb stand as they are, dates are in
/// ISO 8601, everything else is its text. NULL is `null`; in a json or jsonb column the member is left out, since `null` is a value there.
/// Arrays whose elements are JSON, or whose lower bounds are not 1, are their text in quotes, because JSON could not tell them apart.
final class JsonFormat implements CopyFormat {
  private final boolean lines;

  JsonFormat(boolean lines) {
    this.lines = lines;
  }

  @Override
  public String name() {
    return lines ? "jsonl" : "json";
  }

  @Override
  public Set<String> aliases() {
    return lines ? Set.of("ndjson") : Set.of();
  }

  @Override
  public Set<String> extensions() {
    return lines ? Set.of("jsonl", "ndjson") : Set.of("json");
  }

  @Override
  public boolean binary() {
    return false;
  }

  @Override
  public Set<CopyOption> options() {
    return EnumSet.of(CopyOption.ENCODING, CopyOption.FORCE_NULL);
  }

  @Override
  public RowReader reader(CopyOptions options, RowBuilder rows) {
    return new JsonReader(!lines, new JsonRowParser(options, rows)::row, rows);
  }

  @Override
  public RowWriter writer(CopyOptions options, RowSource source) {
    return new JsonWriter(lines, source.columns(), RowSource.portable(source.io()));
  }
}
