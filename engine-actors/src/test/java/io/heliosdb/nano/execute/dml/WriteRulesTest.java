package io.heliosdb.nano.execute.dml;

import static io.heliosdb.nano.execute.dml.DmlFixture.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Rules on written rows, with PostgreSQL's messages.
class WriteRulesTest {
  private final DmlFixture db = new DmlFixture();
  private final DmlFixture.Client client = db.client();

  @AfterEach
  void close() {
    client.close();
    db.close();
  }

  private static void assertFails(String state, String message, String detail, Runnable work) {
    SqlException e = assertThrows(SqlException.class, work::run);
    assertEquals(state + " " + message + " / " + detail, e.state().code() + " " + e.getMessage() + " / " + e.detail());
  }

  @Test
  void not_null_check_and_generated_columns() {
    TableBuilder t = db.define("t", "a int4 nn; b text; c int4 ~a*2");
    db.check(t, "t_a_check", "a > 0");
    db.check(t, "a_first", "a <> 7");
    db.put(t);
    client.insert("t", row(1, "x", null), row(2, null, null));
    assertEquals(List.of("[1, x, 2]", "[2, null, 4]"), client.rows("t"));
    assertFails("23502", "null value in column \"a\" of relation \"t\" violates not-null constraint", "Failing row contains (null, y, null).",
        () -> client.insert("t", row(null, "y", null)));
    assertFails("23514", "new row for relation \"t\" violates check constraint \"t_a_check\"",
        "Failing row contains (-1, " + "é".repeat(32) + "..., -2).", () -> client.insert("t", row(-1, "é".repeat(40), null)));
    assertFails("23514", "new row for relation \"t\" violates check constraint \"a_first\"", "Failing row contains (7, null, 14).",
        () -> client.update("t", r -> (int) r[0] == 2, r -> r[0] = 7, 0));
    client.update("t", r -> (int) r[0] == 2, r -> r[0] = 5, 0);
    assertEquals(List.of("[1, x, 2]", "[5, null, 10]"), client.rows("t"));
  }

  @Test
  void an_error_reported_is_that_of_the_first_row_that_has_one() {
    TableBuilder t = db.define("t", "a int4; b int4 nn");
    db.primaryKey(t, 1);
    db.put(t);
    assertFails("23505", "duplicate key value violates unique constraint \"t_pkey\"", "Key (a)=(1) already exists.",
        () -> client.insert("t", row(1, 1), row(1, 2), row(2, null)));
    assertEquals(List.of(), client.rows("t"));
  }

  @Test
  void unique_keys() {
    TableBuilder t = db.define("t", "a int4; b text; c int4; d int4");
    db.primaryKey(t, 1);
    db.index(t, "t_b_c_key", "unique", null, 2, 3);
    db.index(t, "t_c_key", "unique nnd", null, 4);
    db.index(t, "t_part", "unique", "c>100", 3);
    db.put(t);
    client.insert("t", row(1, "x", 5, 1), row(2, "x", null, 2), row(3, "x", null, 3));
    assertFails("23505", "duplicate key value violates unique constraint \"t_b_c_key\"", "Key (b, c)=(x, 5) already exists.",
        () -> client.insert("t", row(4, "x", 5, 4)));
    client.insert("t", row(5, "n", null, null));
    assertFails("23505", "duplicate key value violates unique constraint \"t_c_key\"", "Key (d)=(null) already exists.",
        () -> client.insert("t", row(6, "m", null, null)));
    client.insert("t", row(7, "p", 50, 7), row(8, "q", 50, 8), row(9, "r", 101, 9));
    assertFails("23505", "duplicate key value violates unique constraint \"t_part\"", "Key (c)=(101) already exists.",
        () -> client.update("t", r -> (int) r[0] == 8, r -> r[2] = 101, 2));
    client.update("t", r -> (int) r[0] == 9, r -> r[2] = 1, 2);
    client.update("t", r -> (int) r[0] == 8, r -> r[2] = 101, 2);
    assertFails("23505", "duplicate key value violates unique constraint \"t_pkey\"", "Key (a)=(9) already exists.",
        () -> client.update("t", r -> (int) r[0] == 8, r -> r[0] = 9, 0));
    client.update("t", r -> (int) r[0] == 8, r -> r[0] = 80, 0);
    assertFails("23505", "duplicate key value violates unique constraint \"t_part\"", "Key (c)=(101) already exists.",
        () -> client.insert("t", row(10, "s", 101, 10)));
    client.delete("t", r -> true);
    assertEquals(0, client.entries("t"));
  }

  @Test
  void a_deferrable_unique_key_may_be_broken_within_a_statement_or_a_transaction() {
    TableBuilder t = db.define("t", "a int4; b int4");
    db.index(t, "t_a_key", "unique deferrable", null, 1);
    db.index(t, "t_b_key", "unique deferred", null, 2);
    db.put(t);
    client.insert("t", row(1, 1), row(2, 2));
    client.update("t", r -> true, r -> r[0] = 3 - (int) r[0], 0);
    assertFails("23505", "duplicate key value violates unique constraint \"t_a_key\"", "Key (a)=(1) already exists.",
        () -> client.insert("t", row(1, 3)));
    client.begin();
    client.insert("t", row(3, 1));
    client.delete("t", r -> (int) r[0] == 2);
    client.commit();
    client.begin();
    client.insert("t", row(4, 1));
    assertFails("23505", "duplicate key value violates unique constraint \"t_b_key\"", "Key (b)=(1) already exists.", client::commit);
    assertEquals(2, client.rows("t").size());
  }

  @Test
  void foreign_keys_of_both_sides() {
    TableBuilder p = db.define("p", "id int4; u int8; v text");
    db.primaryKey(p, 1);
    db.index(p, "p_u_key", "unique", null, 2);
    int parent = db.put(p).oid();
    TableBuilder c = db.define("c", "id int4; p int8; u int4");
    db.primaryKey(c, 1);
    db.foreignKey(c, "c_p_fkey", List.of(2), parent, List.of(1), "aas", false);
    db.foreignKey(c, "c_u_fkey", List.of(3), parent, List.of(2), "ccs", false);
    db.put(c);
    client.insert("p", row(1, 10L, "a"), row(2, 20L, "b"), row(3, 30L, "c"));
    client.insert("c", row(1, 1L, null), row(2, null, 20), row(3, null, null), row(4, 3L, 30));
    assertFails("23503", "insert or update on table \"c\" violates foreign key constraint \"c_p_fkey\"", "Key (p)=(9) is not present in table \"p\".",
        () -> client.insert("c", row(5, 9L, null)));
    assertFails("23503", "insert or update on table \"c\" violates foreign key constraint \"c_p_fkey\"",
        "Key (p)=(4294967297) is not present in table \"p\".", () -> client.update("c", r -> (int) r[0] == 1, r -> r[1] = 4294967297L, 1));
    assertFails("23503", "update or delete on table \"p\" violates foreign key constraint \"c_p_fkey\" on table \"c\"",
        "Key (id)=(1) is still referenced from table \"c\".", () -> client.delete("p", r -> (int) r[0] == 1));
    client.update("p", r -> (int) r[0] == 2, r -> r[1] = 21L, 1);
    assertTrue(client.rows("c").contains("[2, null, 21]"), client.rows("c").toString());
    client.delete("p", r -> (int) r[0] == 2);
    assertEquals(List.of("[1, 1, null]", "[3, null, null]", "[4, 3, 30]"), client.rows("c"));
    assertFails("23503", "update or delete on table \"p\" violates foreign key constraint \"c_p_fkey\" on table \"c\"",
        "Key (id)=(3) is still referenced from table \"c\".", () -> client.update("p", r -> (int) r[0] == 3, r -> r[0] = 4, 0));
    client.update("p", r -> (int) r[0] == 3, r -> r[2] = "z", 2);
  }

  @Test
  void a_table_may_refer_to_itself_in_any_order_and_chains_are_deleted_along() {
    TableBuilder t = db.define("t", "id int4; up int4");
    db.primaryKey(t, 1);
    db.foreignKey(t, "t_up_fkey", List.of(2), t.oid, List.of(1), "cas", false);
    db.put(t);
    Object[][] rows = new Object[3000][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(i, i == rows.length - 1 ? null : (Integer) (i + 1));
    }
    client.insert("t", rows);
    assertFails("23503", "insert or update on table \"t\" violates foreign key constraint \"t_up_fkey\"", "Key (up)=(-1) is not present in table \"t\".",
        () -> client.insert("t", row(9000, -1)));
    client.delete("t", r -> (int) r[0] == 100);
    assertEquals(2899, client.rows("t").size());
  }

  @Test
  void set_null_set_default_and_match_full() {
    TableBuilder p = db.define("p", "a int4; b int4");
    db.primaryKey(p, 1, 2);
    int parent = db.put(p).oid();
    TableBuilder n = db.define("n", "a int4; b int4");
    db.foreignKey(n, "n_fkey", List.of(1, 2), parent, List.of(1, 2), "naf", false);
    db.put(n);
    TableBuilder d = db.define("d", "a int4 =0; b int4 =0");
    db.index(d, "d_idx", "", null, 2, 1);
    db.foreignKey(d, "d_fkey", List.of(1, 2), parent, List.of(1, 2), "das", false);
    db.put(d);
    client.insert("p", row(0, 0), row(1, 1));
    client.insert("n", row(1, 1), row(null, null));
    client.insert("d", row(1, 1), row(null, 5));
    assertFails("23503", "insert or update on table \"n\" violates foreign key constraint \"n_fkey\"",
        "MATCH FULL does not allow mixing of null and nonnull key values.", () -> client.insert("n", row(1, null)));
    client.delete("p", r -> (int) r[0] == 1);
    assertEquals(List.of("[null, null]", "[null, null]"), client.rows("n"));
    assertEquals(List.of("[0, 0]", "[null, 5]"), client.rows("d"));
    assertFails("23503", "update or delete on table \"p\" violates foreign key constraint \"d_fkey\" on table \"d\"",
        "Key (a, b)=(0, 0) is still referenced from table \"d\".", () -> client.delete("p", r -> true));
  }

  @Test
  void a_deferred_foreign_key_is_checked_at_commit() {
    int parent = 0;
    TableBuilder p = db.define("p", "id int4");
    db.primaryKey(p, 1);
    parent = db.put(p).oid();
    TableBuilder c = db.define("c", "p int4");
    db.foreignKey(c, "c_p_fkey", List.of(1), parent, List.of(1), "aas", true);
    db.put(c);
    client.begin();
    client.insert("c", row(1));
    client.insert("p", row(1));
    client.commit();
    client.begin();
    client.delete("p", r -> true);
    client.insert("p", row(1));
    client.insert("c", row(2));
    client.delete("c", r -> (int) r[0] == 2);
    client.commit();
    client.begin();
    client.insert("c", row(3));
    assertFails("23503", "insert or update on table \"c\" violates foreign key constraint \"c_p_fkey\"", "Key (p)=(3) is not present in table \"p\".",
        client::commit);
    client.begin();
    client.delete("p", r -> true);
    assertFails("23503", "update or delete on table \"p\" violates foreign key constraint \"c_p_fkey\" on table \"c\"",
        "Key (id)=(1) is still referenced from table \"c\".", client::commit);
    assertEquals(List.of("[1]"), client.rows("c"));
  }

  @Test
  void rows_go_to_their_partitions_and_move_between_them() {
    TableBuilder t = db.define("t", "a int4; b text");
    t.kind = 'p';
    t.partitionScheme = new Relation.PartitionScheme('r', List.of(new Relation.Index.Key(1, null, 23, 0, null, false, false)));
    int root = db.put(t).oid();
    partition(root, "low", "b text; a int4", range("MINVALUE", "10"));
    partition(root, "high", "a int4; b text", range("10", "20"));
    client.insert("t", row(1, "x"), row(15, "y"), row(9, "z"), row(10, "w"));
    assertEquals(List.of("low [x, 1]", "low [z, 9]", "high [15, y]", "high [10, w]"), client.rows("t"));
    assertFails("23514", "no partition of relation \"t\" found for row", "Partition key of the failing row contains (a) = (20).",
        () -> client.insert("t", row(20, "x")));
    assertFails("23514", "no partition of relation \"t\" found for row", "Partition key of the failing row contains (a) = (null).",
        () -> client.insert("t", row(null, "x")));
    assertFails("23514", "new row for relation \"high\" violates partition constraint", "Failing row contains (3, x).",
        () -> client.insert("high", row(3, "x")));
    client.statement(run -> {
      RowModifier modifier = new RowModifier(run, db.table("t"), CheckOptions.NONE);
      TableWriter low = run.writer(db.table("low"));
      byte[][] key = new byte[1][];
      try (var cursor = run.access().scan(db.table("low").storageId(), io.heliosdb.nano.storage.KeyRange.ALL, false)) {
        assertTrue(cursor.next());
        key[0] = cursor.key();
      }
      Object[] old = low.readNewest(key[0]);
      java.util.BitSet changed = new java.util.BitSet();
      changed.set(1);
      modifier.update(low, key[0], old, row(old[0], 11), changed);
    });
    assertEquals(List.of("low [z, 9]", "high [15, y]", "high [10, w]", "high [11, x]"), client.rows("t"));
    partition(root, "other", "a int4; b text", new Relation.PartitionBound(true, List.of(), List.of(), List.of(), 0, 0));
    client.insert("t", row(null, "n"), row(99, "m"));
    assertEquals(6, client.rows("t").size());
  }

  private void partition(int root, String name, String columns, Relation.PartitionBound bound) {
    TableBuilder p = db.define(name, columns);
    p.partitionOf = root;
    p.inherits = new ArrayList<>(List.of(root));
    p.partitionBound = bound;
    db.put(p);
  }

  private static Relation.PartitionBound range(String lower, String upper) {
    return new Relation.PartitionBound(false, List.of(), List.of(lower), List.of(upper), 0, 0);
  }

  @Test
  void hash_partitions_are_those_of_PostgreSQL() {
    // Remainders modulo 4 of satisfies_hash_partition on PostgreSQL 15.
    long[] ints = new long[5];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Long.remainderUnsigned(PartitionHash.combine(0, PartitionHash.hash(io.heliosdb.nano.type.PgTypes.INT4, i, 0)), 4);
    }
    assertEquals(HASHES_INT, java.util.Arrays.toString(ints));
    long[] texts = new long[5];
    String[] values = {"", "a", "hello world!", "hello world, hello", "é"};
    for (int i = 0; i < texts.length; i++) {
      texts[i] = Long.remainderUnsigned(PartitionHash.combine(0, PartitionHash.hash(io.heliosdb.nano.type.PgTypes.TEXT, values[i], 0)), 4);
    }
    assertEquals(HASHES_TEXT, java.util.Arrays.toString(texts));
  }

  private static final String HASHES_INT = "[0, 0, 2, 1, 3]";
  private static final String HASHES_TEXT = "[2, 2, 0, 2, 3]";

  @Test
  void triggers_fire_in_order_and_may_change_or_skip_rows() {
    TableBuilder t = db.define("t", "a int4; b text");
    db.primaryKey(t, 1);
    for (Catalog.Trigger trigger : List.of(
        trigger(t, "b_stmt", 'b', "iud", false, null), trigger(t, "z_row", 'b', "iu", true, null), trigger(t, "a_row", 'b', "iud", true, "(old.a is distinct from 9)"),
        trigger(t, "after_row", 'a', "iud", true, null), trigger(t, "after_stmt", 'a', "iud", false, null))) {
      db.catalog.put(new CatalogObject.TriggerObject(trigger, 0));
      t.triggerOids.add(trigger.oid());
    }
    db.put(t);
    List<String> log = new ArrayList<>();
    db.triggerFunctions = (trigger, event) -> {
      log.add(trigger.name() + event.event() + java.util.Arrays.toString(event.oldRow()) + java.util.Arrays.toString(event.newRow())
          + (event.newTable() == null ? "" : event.newTable().size()));
      if (trigger.name().equals("z_row") && (int) event.newRow()[0] == 0) {
        return null;
      }
      if (trigger.name().equals("a_row") && event.event() != 'd') {
        return row(event.newRow()[0], event.newRow()[1] + "!");
      }
      return event.event() == 'd' ? event.oldRow() : event.newRow();
    };
    client.insert("t", row(1, "x"), row(0, "y"));
    assertEquals(
        List.of("b_stmtinullnull", "a_rowinull[1, x]", "z_rowinull[1, x!]", "a_rowinull[0, y]", "z_rowinull[0, y!]", "after_rowinull[1, x!]",
            "after_stmtinullnull"),
        log);
    assertEquals(List.of("[1, x!]"), client.rows("t"));
    log.clear();
    client.update("t", r -> true, r -> r[0] = 9, 0);
    assertEquals(
        List.of("b_stmtunullnull", "a_rowu[1, x!][9, x!]", "z_rowu[1, x!][9, x!!]", "after_rowu[1, x!][9, x!!]", "after_stmtunullnull"), log);
    log.clear();
    client.delete("t", r -> true);
    assertEquals(List.of("b_stmtdnullnull", "after_rowd[9, x!!]null", "after_stmtdnullnull"), log);
  }

  private Catalog.Trigger trigger(TableBuilder t, String name, char timing, String events, boolean row, String when) {
    return new Catalog.Trigger(db.oid(), name, t.oid, 0, timing, events, row, List.of(), when, List.of(), null, null, false, false, 'O', false, 0);
  }
}
