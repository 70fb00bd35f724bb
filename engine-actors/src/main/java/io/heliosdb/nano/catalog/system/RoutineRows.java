package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import java.util.Map;

/// Functions, operators, casts, aggregates, access methods and their operator classes, text search objects.
final class RoutineRows {
  private static final List<String> FACTS =
      List.of("pg_am", "pg_amop", "pg_amproc", "pg_opclass", "pg_opfamily", "pg_language", "pg_conversion");

  private static final int FIRST_USER_OID = 16_384;

  private RoutineRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    for (String name : FACTS) {
      sources.put(name, (rows, c) -> rows.facts(BuiltinCatalog.facts(name)));
    }
    sources.put("pg_aggregate", RoutineRows::aggregates);
    sources.put("pg_proc", (rows, c) -> c.catalog().functions().forEach(function -> function(rows, function, c)));
    sources.put("pg_operator", (rows, c) -> c.catalog().operators().forEach(operator -> operator(rows, operator)));
    sources.put("pg_cast", (rows, c) -> c.catalog().casts().forEach(cast ->
        rows.row().oid("oid", cast.oid()).oid("castsource", cast.source()).oid("casttarget", cast.target()).oid("castfunc", cast.functionOid())
            .letter("castcontext", cast.context()).letter("castmethod", cast.method())));
  }

  private static void function(RowSet rows, FunctionDef f, SystemContext c) {
    Catalog.FunctionDetails details = c.catalog().functionDetails(f.oid());
    rows.row()
        .oid("oid", f.oid()).set("proname", f.name()).oid("pronamespace", f.namespaceOid()).oid("proowner", f.ownerOid()).oid("prolang", f.languageOid())
        .set("procost", f.cost()).set("prorows", f.rows()).oid("provariadic", f.variadicType()).oid("prosupport", 0).letter("prokind", f.kind())
        .set("prosecdef", f.securityDefiner()).set("proleakproof", f.leakproof()).set("proisstrict", f.strict()).set("proretset", f.returnsSet())
        .letter("provolatile", f.volatility()).letter("proparallel", f.parallel()).set("pronargs", f.argumentTypes().size())
        .set("pronargdefaults", f.defaults().size()).oid("prorettype", f.returnType()).set("proargtypes", RowSet.oidVector(f.argumentTypes()))
        .set("proallargtypes", f.allArgumentTypes() == null ? null : RowSet.oids(f.allArgumentTypes()))
        .set("proargmodes", f.argumentModes() == null ? null : RowSet.array(PgTypes.CHAR, f.argumentModes().chars().mapToObj(m -> String.valueOf((char) m)).toList()))
        .set("proargnames", f.argumentNames() == null ? null : RowSet.array(PgTypes.TEXT, f.argumentNames()))
        .set("proargdefaults", f.defaults().isEmpty() ? null : String.join(", ", f.defaults()))
        .set("prosrc", source(f)).set("probin", null).set("prosqlbody", details == null ? null : details.sqlBody())
        .set("proconfig", details == null ? null : RowSet.options(details.settings())).set("proacl", details == null ? null : AclText.array(details.acl(), c.catalog()));
  }

  private static void aggregates(RowSet rows, SystemContext c) {
    rows.facts(BuiltinCatalog.facts("pg_aggregate"));
    for (FunctionDef f : c.catalog().functions()) {
      if (f.oid() >= FIRST_USER_OID && f.body() instanceof FunctionDef.AggregateBody a) {
        rows.row()
            .oid("aggfnoid", f.oid()).letter("aggkind", a.aggregateKind()).set("aggnumdirectargs", a.directArgumentCount()).oid("aggtransfn", a.transitionFunction())
            .oid("aggfinalfn", a.finalFunction()).oid("aggcombinefn", a.combineFunction()).oid("aggserialfn", 0).oid("aggdeserialfn", 0)
            .oid("aggmtransfn", a.movingTransitionFunction()).oid("aggminvtransfn", a.movingInverseFunction()).oid("aggmfinalfn", a.movingFinalFunction())
            .set("aggfinalextra", a.finalExtra()).set("aggmfinalextra", false).letter("aggfinalmodify", 'r').letter("aggmfinalmodify", 'r')
            .oid("aggsortop", a.sortOperator()).oid("aggtranstype", a.transitionType()).set("aggtransspace", 0).oid("aggmtranstype", a.movingTransitionType())
            .set("aggmtransspace", 0).set("agginitval", a.initialValue());
      }
    }
  }

  private static String source(FunctionDef function) {
    return switch (function.body()) {
      case FunctionDef.BuiltinBody body -> body.symbol();
      case FunctionDef.SqlBody body -> body.source();
      case FunctionDef.PlPgSqlBody body -> body.source();
      case FunctionDef.AggregateBody body -> "aggregate_dummy";
    };
  }

  private static void operator(RowSet rows, Catalog.OperatorDef o) {
    rows.row().oid("oid", o.oid()).set("oprname", o.name()).oid("oprnamespace", o.namespaceOid()).oid("oprowner", 10).letter("oprkind", o.left() == 0 ? 'l' : 'b')
        .set("oprcanmerge", o.canMerge()).set("oprcanhash", o.canHash()).oid("oprleft", o.left()).oid("oprright", o.right()).oid("oprresult", o.result())
        .oid("oprcom", o.commutator()).oid("oprnegate", o.negator()).oid("oprcode", o.functionOid()).set("oprrest", 0L).set("oprjoin", 0L);
  }
}
