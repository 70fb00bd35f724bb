package io.heliosdb.nano.storage.internal;

/// A row version that was found, by address; a reusable out-parameter.
final class Version {
  long rowAddress;
  int rowBytes;
  long scn;
  int layoutId;
  boolean tombstone;
}
