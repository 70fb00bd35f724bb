package io.heliosdb.nano.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.catalog.Catalog.CastDef;
import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BuiltinCatalogTest {
  @Test
  void functions_are_found_by_name_and_oid_as_the_same_object() {
    for (FunctionDef function : BuiltinCatalog.functions()) {
      assertSame(function, BuiltinCatalog.function(function.oid()), function.name());
      assertTrue(BuiltinCatalog.functions(function.namespaceOid(), function.name()).contains(function), function.name());
    }
    assertEquals(List.of(), BuiltinCatalog.functions("no_such_function"));
    assertNull(BuiltinCatalog.function(16383));
  }

  @Test
  void oids_are_unique_and_operators_point_at_functions() {
    Set<Integer> oids = new HashSet<>();
    BuiltinCatalog.functions().forEach(f -> assertTrue(oids.add(f.oid()), f.name()));
    for (OperatorDef operator : BuiltinCatalog.operators()) {
      assertNotNull(BuiltinCatalog.function(operator.functionOid()), operator.name());
      assertSame(operator, BuiltinCatalog.operator(operator.oid()));
      if (operator.commutator() != 0) {
        assertEquals(operator.oid(), BuiltinCatalog.operator(operator.commutator()).commutator(), operator.name());
      }
    }
    for (CastDef cast : BuiltinCatalog.casts()) {
      assertTrue(cast.functionOid() == 0 || BuiltinCatalog.function(cast.functionOid()) != null);
    }
  }

  @Test
  void facts_of_a_function_are_those_of_pg_proc() {
    FunctionDef makeInterval = BuiltinCatalog.functions("make_interval").getFirst();
    assertEquals(List.of("0", "0", "0", "0", "0", "0", "0.0"), makeInterval.defaults());
    assertEquals(List.of("years", "months", "weeks", "days", "hours", "mins", "secs"), makeInterval.argumentNames());
    FunctionDef concat = BuiltinCatalog.functions("concat").getFirst();
    assertEquals(2276, concat.variadicType());
    assertEquals("v", concat.argumentModes());
    FunctionDef sum = BuiltinCatalog.function(2108);
    assertEquals("sum", sum.name());
    assertTrue(sum.isAggregate());
    assertEquals(new FunctionDef.BuiltinBody("agg:sum"), sum.body());
    assertEquals("implementation of + operator", BuiltinCatalog.description(1255, 177));
    assertEquals("number of dimensions", BuiltinCatalog.description(1255, 8111));
  }

  @Test
  void operators_and_casts_are_found() {
    OperatorDef plus = BuiltinCatalog.operators("+").stream().filter(o -> o.left() == 23 && o.right() == 23).findFirst().orElseThrow();
    assertEquals("int4pl", ((FunctionDef.BuiltinBody) BuiltinCatalog.function(plus.functionOid()).body()).symbol());
    assertEquals('i', BuiltinCatalog.cast(23, 20).context());
    assertNull(BuiltinCatalog.cast(25, 23));
    assertEquals(1, BuiltinCatalog.operators("<->").stream().filter(o -> o.left() == 8000).count());
    assertEquals('c', BuiltinCatalog.collation("C").provider());
  }
}
