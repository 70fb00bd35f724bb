package io.heliosdb.nano.catalog.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.catalog.Catalog.ColumnStatistics;
import io.heliosdb.nano.catalog.Catalog.TableStatistics;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.CatalogObject.StatisticsRow;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.catalog.ddl.DdlScript;
import io.heliosdb.nano.catalog.system.StandardObjects;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/// Every kind of object written as rows and read back; publication between branches; the cost of one change in a large catalog.
class CatalogStoreTest {
  /// Rows by storage id, as a store would keep them.
  private static final class Rows implements CatalogRowWriter, CatalogStore.RowSource {
    private final Map<Long, TreeMap<byte[], byte[]>> relations = new TreeMap<>();

    private TreeMap<byte[], byte[]> relation(long storageId) {
      return relations.computeIfAbsent(storageId, id -> new TreeMap<>(Arrays::compareUnsigned));
    }

    @Override
    public void insert(long storageId, byte[] rowKey, byte[] row, int layoutId) {
      assertNull(relation(storageId).put(rowKey, row));
    }

    @Override
    public void update(long storageId, byte[] rowKey, byte[] row, int layoutId) {
      assertNotNull(relation(storageId).put(rowKey, row));
    }

    @Override
    public void delete(long storageId, byte[] rowKey) {
      assertNotNull(relation(storageId).remove(rowKey));
    }

    @Override
    public void scan(long storageId, BiConsumer<byte[], byte[]> row) {
      relation(storageId).forEach((key, stored) -> row.accept(key, CatalogStore.content(stored)));
    }
  }

  @Test
  void every_kind_of_object_survives_a_round_trip() {
    CatalogBuilder catalog = DdlScript.everyKindOfObject();
    Table t = (Table) catalog.current().relation(2200, "t");
    catalog.put(new StatisticsRow(t.oid(), new TableStatistics(100, 32.5, Map.of(
        1, new ColumnStatistics(0.25, -1, 4, List.of(7, 8), List.of(0.5, 0.125), List.of(1, 5, 9), 0.5))), 0));
    Rows rows = new Rows();
    catalog.netChanges(0).forEach(change -> CatalogStore.write(change, rows, catalog.current()));
    CatalogSnapshot loaded = CatalogStore.load(rows, StandardObjects.get());
    int kinds = 0;
    for (ObjectClass objectClass : ObjectClass.values()) {
      List<CatalogObject> expected = list(catalog.current(), objectClass);
      List<CatalogObject> actual = list(loaded, objectClass);
      kinds += expected.isEmpty() ? 0 : 1;
      assertEquals(expected.size(), actual.size(), objectClass.name());
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i), actual.get(i));
      }
    }
    assertEquals(ObjectClass.values().length - 2, kinds, "all but extended statistics and subscriptions");
    assertEquals(7, ((Table) loaded.relation(2200, "t")).column("added").missingValue());
  }

  private static List<CatalogObject> list(CatalogSnapshot snapshot, ObjectClass objectClass) {
    List<CatalogObject> result = new java.util.ArrayList<>();
    snapshot.objects(objectClass).forEach(result::add);
    return result;
  }

  @Test
  void rows_written_change_by_change_equal_the_net_result() {
    CatalogBuilder catalog = DdlScript.everyKindOfObject();
    Rows single = new Rows();
    catalog.changes().forEach(change -> CatalogStore.write(change, single, catalog.current()));
    Rows net = new Rows();
    catalog.netChanges(0).forEach(change -> CatalogStore.write(change, net, catalog.current()));
    for (ObjectClass objectClass : ObjectClass.values()) {
      assertEquals(single.relation(objectClass.storageId()).size(), net.relation(objectClass.storageId()).size(), objectClass.name());
    }
  }

  @Test
  void published_changes_meet_what_others_published_and_shared_ones_reach_all_branches() {
    SharedCatalog shared = new SharedCatalog(branch -> {
      CatalogBuilder builder = new CatalogBuilder(CatalogSnapshot.empty(StandardObjects.get()), new java.util.concurrent.atomic.AtomicLong()::incrementAndGet);
      Bootstrap.fill(builder, "postgres", "heliosdb");
      return builder.current();
    });
    shared.current(7);
    CatalogBuilder one = shared.begin(0);
    CatalogBuilder two = shared.begin(0);
    one.put(new CatalogObject.RelationObject(new TableBuilder(20001, "one", 2200).build()));
    two.put(new CatalogObject.RelationObject(new TableBuilder(20002, "two", 2200).build()));
    two.put(new CatalogObject.NamespaceObject(new io.heliosdb.nano.catalog.Catalog.Namespace(20003, "s", 10, null), 0));
    CatalogObject role = shared.current(0).object(ObjectClass.ROLE,
        io.heliosdb.nano.catalog.Catalog.ObjectAddress.of(1260, Bootstrap.HELIOSDB_ROLE));
    two.remove(ObjectClass.ROLE, role.key());
    shared.publish(0, one.changes());
    shared.publish(0, two.changes());
    assertNotNull(shared.current(0).relation(2200, "one"));
    assertNotNull(shared.current(0).relation(2200, "two"));
    assertNull(shared.current(7).relation(2200, "two"));
    assertNull(shared.current(7).role("heliosdb"));
    one.rebase(shared.current(0));
    assertNotNull(one.current().relation(2200, "two"));
    assertTrue(shared.current(0).objectVersion(20002) > 0);
    assertEquals(-1, shared.current(0).objectVersion(20009));
  }

  @Test
  void a_savepoint_takes_back_what_came_after_it() {
    CatalogBuilder builder = new CatalogBuilder(CatalogSnapshot.empty(StandardObjects.get()), new java.util.concurrent.atomic.AtomicLong()::incrementAndGet);
    builder.put(new CatalogObject.RelationObject(new TableBuilder(20001, "a", 2200).build()));
    int mark = builder.mark();
    builder.put(new CatalogObject.RelationObject(new TableBuilder(20001, "b", 2200).build()));
    builder.put(new CatalogObject.RelationObject(new TableBuilder(20002, "c", 2200).build()));
    builder.rollbackTo(mark);
    assertNotNull(builder.current().relation(2200, "a"));
    assertNull(builder.current().relation(2200, "b"));
    assertNull(builder.current().relation(20002));
    assertEquals(1, builder.netChanges(0).size());
  }

  @Test
  void a_change_shares_structure_with_a_catalog_of_ten_thousand_tables() {
    CatalogBuilder builder = new CatalogBuilder(CatalogSnapshot.empty(StandardObjects.get()), new java.util.concurrent.atomic.AtomicLong()::incrementAndGet);
    for (int i = 0; i < 10_000; i++) {
      TableBuilder table = new TableBuilder(20_000 + i, "t" + i, 2200);
      table.column(Relation.Column.of("a", 1, 23));
      builder.put(new CatalogObject.RelationObject(table.build()));
    }
    CatalogSnapshot before = builder.current();
    builder.put(new CatalogObject.RelationObject(new TableBuilder(20_500, "renamed", 2200).build()));
    assertEquals("t500", before.relation(20_500).name());
    assertEquals("renamed", builder.current().relation(2200, "renamed").name());
    assertNull(builder.current().relation(2200, "t500"));
    assertTrue(before.relation(25_000) == builder.current().relation(25_000));
    assertEquals(10_000, before.dependents(io.heliosdb.nano.catalog.Catalog.ObjectAddress.of(2615, 2200)).size());
  }
}
