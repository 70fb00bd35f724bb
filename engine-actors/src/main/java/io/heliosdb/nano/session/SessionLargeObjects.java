package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation.AclItem;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.LargeObjects;
import io.heliosdb.nano.txn.StatementAccess;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The large objects that a session has open, and what it may do with others. Confined to the session's thread.
final class SessionLargeObjects implements LargeObjects {
  private static final int WRITE = 0x20000;
  private static final int READ = 0x40000;
  private static final int DESCRIPTORS_MAX = 65_536;
  private static final int BYTES_MAX = (1 << 30) - 5;

  private static final class Descriptor {
    final int oid;
    final boolean writes;
    long position;

    Descriptor(int oid, int mode) {
      this.oid = oid;
      writes = (mode & WRITE) != 0;
    }
  }

  private final SessionCore session;
  private final List<@Nullable Descriptor> open = new ArrayList<>();

  SessionLargeObjects(SessionCore session) {
    this.session = session;
  }

  /// Closes what the transaction had open.
  void transactionEnded() {
    open.clear();
  }

  private LargeObjectStore store(boolean newest) {
    StatementAccess access = session.queries().callContext().access();
    if (access == null) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "large objects are reached by statements only");
    }
    return new LargeObjectStore(access, newest);
  }

  private static SqlException undefined(int oid) {
    return new SqlException(SqlState.UNDEFINED_OBJECT, "large object " + Integer.toUnsignedString(oid) + " does not exist");
  }

  private LargeObjectStore.Metadata find(LargeObjectStore store, int oid) {
    LargeObjectStore.Metadata object = store.find(oid);
    if (object == null) {
      throw undefined(oid);
    }
    return object;
  }

  private void check(LargeObjectStore.Metadata object, char letter) {
    int role = session.currentRole().oid();
    boolean allowed = Privileges.isOwner(session.catalog(), role, object.ownerOid());
    for (AclItem item : object.acl() == null ? List.<AclItem>of() : object.acl()) {
      boolean mine = item.grantee() == 0 || Privileges.isOwner(session.catalog(), role, item.grantee());
      allowed |= mine && item.privileges().indexOf(letter) >= 0;
    }
    if (!allowed && !"on".equals(session.settings().get("lo_compat_privileges"))) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for large object " + Integer.toUnsignedString(object.oid()));
    }
  }

  private void writable() {
    if (session.isReadOnly()) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot change large objects in a read-only transaction");
    }
  }

  @Override
  public int open(int oid, int mode) {
    if ((mode & (WRITE | READ)) == 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid flags for opening a large object: " + mode);
    }
    boolean write = (mode & WRITE) != 0;
    if (write) {
      writable();
    }
    LargeObjectStore.Metadata object = find(store(true), oid);
    if ((mode & READ) != 0) {
      check(object, 'r');
    }
    if (write) {
      check(object, 'w');
    }
    int descriptor = open.indexOf(null);
    if (descriptor < 0) {
      if (open.size() >= DESCRIPTORS_MAX) {
        throw new SqlException(SqlState.CONFIGURATION_LIMIT_EXCEEDED, "too many large objects are open");
      }
      descriptor = open.size();
      open.add(null);
    }
    open.set(descriptor, new Descriptor(oid, mode));
    return descriptor;
  }

  private Descriptor descriptor(int number) {
    Descriptor descriptor = number < 0 || number >= open.size() ? null : open.get(number);
    if (descriptor == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "invalid large-object descriptor: " + number);
    }
    return descriptor;
  }

  @Override
  public void close(int number) {
    descriptor(number);
    open.set(number, null);
  }

  /// A writer sees the newest state, a reader that of its snapshot.
  private LargeObjectStore of(Descriptor descriptor) {
    return store(descriptor.writes || !session.transactions().current().isolation().keepsSnapshot());
  }

  @Override
  public byte[] read(int number, int length) {
    Descriptor descriptor = descriptor(number);
    byte[] bytes = of(descriptor).read(descriptor.oid, descriptor.position, Math.min(length, BYTES_MAX));
    descriptor.position += bytes.length;
    return bytes;
  }

  @Override
  public int write(int number, byte[] bytes) {
    Descriptor descriptor = descriptor(number);
    checkWrites(number, descriptor);
    LargeObjectStore store = store(true);
    lock(store, descriptor.oid);
    checkSize(descriptor.position, bytes.length);
    store.write(descriptor.oid, descriptor.position, bytes);
    descriptor.position += bytes.length;
    return bytes.length;
  }

  private void lock(LargeObjectStore store, int oid) {
    store.lock(oid);
    find(store, oid);
  }

  private static void checkSize(long offset, long length) {
    if (offset < 0 || offset + length > LargeObjectStore.BYTES_MAX) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid large object write request size: " + length);
    }
  }

  private static void checkWrites(int number, Descriptor descriptor) {
    if (!descriptor.writes) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "large object descriptor " + number + " was not opened for writing");
    }
  }

  @Override
  public long seek(int number, long offset, int whence) {
    Descriptor descriptor = descriptor(number);
    long target = offset + switch (whence) {
      case 0 -> 0;
      case 1 -> descriptor.position;
      case 2 -> of(descriptor).size(descriptor.oid);
      default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid whence setting: " + whence);
    };
    if (target < 0 || target > LargeObjectStore.BYTES_MAX) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid large object seek target: " + target);
    }
    descriptor.position = target;
    return target;
  }

  @Override
  public long tell(int number) {
    return descriptor(number).position;
  }

  @Override
  public void truncate(int number, long length) {
    Descriptor descriptor = descriptor(number);
    checkWrites(number, descriptor);
    if (length < 0 || length > LargeObjectStore.BYTES_MAX) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid large object truncation target: " + length);
    }
    LargeObjectStore store = store(true);
    lock(store, descriptor.oid);
    store.truncate(descriptor.oid, length);
  }

  @Override
  public int create(int oid) {
    writable();
    int chosen = oid == 0 ? (int) session.engine().system().counters().nextOid() : oid;
    LargeObjectStore store = store(true);
    store.lock(chosen);
    if (store.find(chosen) != null) {
      throw new SqlException(SqlState.UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"pg_largeobject_metadata_oid_index\"")
          .withDetail("Key (oid)=(" + Integer.toUnsignedString(chosen) + ") already exists.");
    }
    store.put(new LargeObjectStore.Metadata(chosen, session.currentRole().oid(), null));
    return chosen;
  }

  @Override
  public void unlink(int oid) {
    writable();
    LargeObjectStore store = store(true);
    store.lock(oid);
    LargeObjectStore.Metadata object = find(store, oid);
    if (!Privileges.isOwner(session.catalog(), session.currentRole().oid(), object.ownerOid())) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of large object " + Integer.toUnsignedString(oid));
    }
    store.delete(oid);
    open.replaceAll(descriptor -> descriptor != null && descriptor.oid == oid ? null : descriptor);
  }

  @Override
  public byte[] get(int oid, long offset, int length) {
    LargeObjectStore store = store(!session.transactions().current().isolation().keepsSnapshot());
    check(find(store, oid), 'r');
    if (offset < 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid large object seek target: " + offset);
    }
    long wanted = length < 0 ? store.size(oid) - offset : length;
    if (wanted > BYTES_MAX) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "large object read request is too large");
    }
    return store.read(oid, offset, (int) Math.max(0, wanted));
  }

  @Override
  public void put(int oid, long offset, byte[] bytes) {
    writable();
    LargeObjectStore store = store(true);
    lock(store, oid);
    check(find(store, oid), 'w');
    if (offset < 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid large object seek target: " + offset);
    }
    checkSize(offset, bytes.length);
    store.write(oid, offset, bytes);
  }

  @Override
  public int importFile(String name, int oid) {
    byte[] bytes = new SessionFiles(session).read("lo_import", name, 0, -1, false);
    int created = create(oid);
    store(true).write(created, 0, bytes);
    return created;
  }

  @Override
  public void exportFile(int oid, String name) {
    if (!session.engine().privileges().hasRole(session.catalog(), session.currentRole(), "pg_write_server_files")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function lo_export");
    }
    byte[] bytes = get(oid, 0, -1);
    try (CopyFiles.Output out = new CopyFiles.Output(CopyFiles.writable(session, name), name)) {
      out.write(bytes, 0, bytes.length);
      out.complete();
    }
  }
}
