package io.heliosdb.nano.copy;

/// The options of COPY that belong to some formats only; which, [CopyFormat#options] says.
public enum CopyOption {
  DELIMITER, NULL, HEADER, QUOTE, ESCAPE, FORCE_QUOTE, FORCE_NOT_NULL, FORCE_NULL, ENCODING, COMPRESSION
}
