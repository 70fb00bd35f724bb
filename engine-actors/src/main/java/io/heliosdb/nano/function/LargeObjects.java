package io.heliosdb.nano.function;

/// Large objects as the functions `lo_…` use them. Descriptors live until the transaction ends. Oids are unsigned.
/// Errors as PostgreSQL's: 42704 no such object or descriptor, 42501, 55000, 22023.
public interface LargeObjects {
  /// `mode`: bits 0x20000 write (and read), 0x40000 read.
  int open(int oid, int mode);

  void close(int descriptor);

  byte[] read(int descriptor, int length);

  int write(int descriptor, byte[] bytes);

  /// `whence`: 0 from the beginning, 1 from here, 2 from the end.
  long seek(int descriptor, long offset, int whence);

  long tell(int descriptor);

  void truncate(int descriptor, long length);

  /// Makes an object; oid 0: a new one.
  int create(int oid);

  void unlink(int oid);

  /// All bytes from `offset` on, or `length` of them when it is not negative.
  byte[] get(int oid, long offset, int length);

  void put(int oid, long offset, byte[] bytes);

  /// Reads a file of the server into a new object.
  int importFile(String name, int oid);

  void exportFile(int oid, String name);
}
