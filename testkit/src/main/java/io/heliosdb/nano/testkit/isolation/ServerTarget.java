package io.heliosdb.nano.testkit.isolation;

/// Where to connect; authentication must be `trust`.
public record ServerTarget(String host, int port, String user, String database) {}
