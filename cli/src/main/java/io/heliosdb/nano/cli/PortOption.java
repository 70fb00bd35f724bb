package io.heliosdb.nano.cli;

import picocli.CommandLine;

/// Reads a TCP port; what is none is wrong usage and not a failure of the network later.
final class PortOption implements CommandLine.ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // The same answer.
    }
    throw new CommandLine.TypeConversionException("'" + text + "' is no port: a number between 0 and 65535 is expected");
  }
}
