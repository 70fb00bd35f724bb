package io.heliosdb.nano.session;

/// A NOTIFY that a listening session has not delivered yet.
public record Notification(int pid, String channel, String payload) {}
