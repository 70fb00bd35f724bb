package io.heliosdb.nano.cli;

/// A configuration file or option that cannot be used; the message says where and what to write instead.
final class ConfigException extends RuntimeException {
  ConfigException(String message) {
    super(message);
  }
}
