package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.catalog.BuiltinObjects;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.LogCursor;
import io.heliosdb.nano.storage.LogRecord;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowCursor;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.storage.row.ColumnKind;
import io.heliosdb.nano.storage.row.RowLayout;
import io.heliosdb.nano.storage.row.RowReader;
import io.heliosdb.nano.storage.row.RowWriter;
import io.heliosdb.nano.type.TypeCatalog;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Reads a whole catalog from its rows and writes changes as rows. Stateless and thread-safe.
public final class CatalogStore {
  /// Layout id of all catalog rows.
  public static final int LAYOUT_ID = 1;

  /// A catalog row is an ordinary row with one column: the encoded object.
  public static final RowLayout LAYOUT = new RowLayout(ColumnKind.VARLEN);

  /// Gives the rows (key, row) of one catalog relation.
  @FunctionalInterface
  public interface RowSource {
    void scan(long storageId, BiConsumer<byte[], byte[]> row);
  }

  /// Classes in the order in which they can be decoded.
  private static final Set<ObjectClass> REST = EnumSet.complementOf(EnumSet.of(ObjectClass.TYPE, ObjectClass.TABLE_STATISTICS));

  private CatalogStore() {}

  /// The catalog of a branch at a coordinate. Roles, databases and their comments are always the newest.
  public static CatalogSnapshot load(StoreReader reader, ReadView view, BuiltinObjects builtin) {
    return load((storageId, row) -> {
      ReadView layers = storageId < io.heliosdb.nano.storage.Branches.SHARED_STORAGE_ID_LIMIT ? ReadView.SHARED_NEWEST : view;
      try (RowCursor cursor = reader.scan(layers, storageId, KeyRange.ALL, false)) {
        while (cursor.next()) {
          row.accept(cursor.key(), content(cursor.row(), reader));
        }
      }
    }, builtin);
  }

  /// The row key of an object.
  public static byte[] key(ObjectAddress address) {
    return ObjectCodec.key(address);
  }

  /// The object that a row key addresses.
  public static ObjectAddress address(byte[] key) {
    return ObjectCodec.key(key);
  }

  /// The encoded object in a stored row: its one column, which the store may have moved out of the row.
  static byte[] content(RowSlot row, StoreReader reader) {
    return RowReader.isLarge(LAYOUT, row.memory(), row.offset(), 0)
        ? reader.readLarge(RowReader.largeRef(LAYOUT, row.memory(), row.offset(), 0))
        : RowReader.varlenBytes(LAYOUT, row.memory(), row.offset(), 0);
  }

  /// The encoded object in a row that a [CatalogRowWriter] was given.
  static byte[] content(byte[] row) {
    return RowReader.varlenBytes(LAYOUT, MemorySegment.ofArray(row), 0, 0);
  }

  public static byte[] row(byte[] content) {
    RowWriter writer = new RowWriter(LAYOUT);
    writer.setVarlen(0, content);
    return writer.toRow();
  }

  /// The catalog that the rows of `source` describe; `source` gives encoded objects.
  ///
  /// @throws io.heliosdb.nano.error.SqlException XX001 when a row cannot be decoded
  public static CatalogSnapshot load(RowSource source, BuiltinObjects builtin) {
    CatalogSnapshot snapshot = loadTypes(source, CatalogSnapshot.empty(builtin));
    List<CatalogObject> unresolved = new ArrayList<>();
    for (ObjectClass objectClass : REST) {
      List<CatalogObject> objects = new ArrayList<>();
      source.scan(objectClass.storageId(), (key, row) -> objects.add(ObjectCodec.decode(objectClass, key, row)));
      for (CatalogObject object : objects) {
        snapshot = snapshot.with(object, Math.max(snapshot.version(), object.version()));
      }
      if (objectClass == ObjectClass.RELATION) {
        unresolved.addAll(objects);
      }
    }
    List<CatalogObject> statistics = new ArrayList<>();
    source.scan(ObjectClass.TABLE_STATISTICS.storageId(),
        (key, row) -> statistics.add(ObjectCodec.decode(ObjectClass.TABLE_STATISTICS, key, row)));
    unresolved.addAll(statistics);
    for (CatalogObject object : unresolved) {
      CatalogObject resolved = ObjectCodec.resolve(object, snapshot);
      if (resolved != object) {
        snapshot = snapshot.with(resolved, Math.max(snapshot.version(), object.version()));
      }
    }
    return snapshot;
  }

  private static CatalogSnapshot loadTypes(RowSource source, CatalogSnapshot empty) {
    TypeCodec.Decoder decoder = new TypeCodec.Decoder(empty::findByOid);
    List<Integer> oids = new ArrayList<>();
    source.scan(ObjectClass.TYPE.storageId(), (key, row) -> {
      decoder.add(row);
      oids.add(ObjectCodec.key(key).objectOid());
    });
    CatalogSnapshot snapshot = empty;
    for (int oid : oids) {
      CatalogObject type = decoder.object(oid);
      snapshot = snapshot.with(type, Math.max(snapshot.version(), type.version()));
    }
    return snapshot;
  }

  /// The relations that a view shows, without their values resolved.
  public static void relations(StoreReader reader, ReadView view, Consumer<Relation> relations) {
    try (RowCursor cursor = reader.scan(view, ObjectClass.RELATION.storageId(), KeyRange.ALL, false)) {
      while (cursor.next()) {
        relations.accept(relation(cursor.key(), content(cursor.row(), reader)));
      }
    }
  }

  /// Takes former definitions of relations.
  @FunctionalInterface
  public interface ReplacedRelation {
    /// @param scn the commit that replaced or dropped it
    void accept(int branch, long scn, Relation relation);
  }

  /// The definitions of relations that the log still has.
  public static void replacedRelations(StoreReader reader, ReplacedRelation consumer) {
    try (LogCursor log = reader.readLog(0)) {
      LogRecord record;
      while ((record = log.next()) != null) {
        if (record instanceof LogRecord.RowChanged row && row.storageId() == ObjectClass.RELATION.storageId() && row.replaced() != null) {
          MemorySegment memory = MemorySegment.ofArray(row.replaced());
          byte[] content = RowReader.isLarge(LAYOUT, memory, 0, 0)
              ? reader.readLarge(RowReader.largeRef(LAYOUT, memory, 0, 0)) : RowReader.varlenBytes(LAYOUT, memory, 0, 0);
          consumer.accept(row.branch(), row.scn(), relation(row.key(), content));
        }
      }
    }
  }

  private static Relation relation(byte[] key, byte[] content) {
    return ((CatalogObject.RelationObject) ObjectCodec.decode(ObjectClass.RELATION, key, content)).relation();
  }

  /// Writes one change. `types` must know the types of the changed object's values: the catalog after the change.
  public static void write(CatalogBuilder.Change change, CatalogRowWriter writer, TypeCatalog types) {
    byte[] key = ObjectCodec.key(change.key());
    long storageId = change.objectClass().storageId();
    if (change.after() == null) {
      writer.delete(storageId, key);
    } else if (change.before() == null) {
      writer.insert(storageId, key, row(ObjectCodec.encode(change.after(), types)), LAYOUT_ID);
    } else {
      writer.update(storageId, key, row(ObjectCodec.encode(change.after(), types)), LAYOUT_ID);
    }
  }
}
