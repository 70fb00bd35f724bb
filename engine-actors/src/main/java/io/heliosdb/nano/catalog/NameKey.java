package io.heliosdb.nano.catalog;

/// A name within a schema.
record NameKey(int namespaceOid, String name) implements Comparable<NameKey> {
  @Override
  public int compareTo(NameKey other) {
    int order = Integer.compareUnsigned(namespaceOid, other.namespaceOid);
    return order != 0 ? order : name.compareTo(other.name);
  }
}
