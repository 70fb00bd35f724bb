package io.heliosdb.nano.plan;

/// Options of EXPLAIN. BUFFERS and WAL are accepted and show nothing, as nothing of the kind is counted.
public record ExplainOptions(boolean analyze, boolean verbose, boolean costs, boolean timing, boolean summary, Format format) {
  public enum Format { TEXT, JSON, XML, YAML }

  public static final ExplainOptions DEFAULT = new ExplainOptions(false, false, true, true, false, Format.TEXT);
}
