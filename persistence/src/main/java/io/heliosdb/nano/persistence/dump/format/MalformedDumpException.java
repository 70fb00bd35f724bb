package io.heliosdb.nano.persistence.dump.format;

import java.io.IOException;

/// What is read is no well-formed dump. [DumpFile] adds the place and turns it into an SQL error.
public final class MalformedDumpException extends IOException {
  private static final long serialVersionUID = 1;

  public MalformedDumpException(String message) {
    super(message);
  }
}
