package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.FunctionDef.AggregateBody;
import io.heliosdb.nano.function.FunctionDef.Body;
import io.heliosdb.nano.function.FunctionDef.BuiltinBody;
import io.heliosdb.nano.function.FunctionDef.PlPgSqlBody;
import io.heliosdb.nano.function.FunctionDef.SqlBody;
import java.util.List;

/// Rows of functions, procedures and aggregates.
final class FunctionCodec {
  private FunctionCodec() {}

  static byte[] encode(FunctionObject object) {
    FunctionDef f = object.function();
    RecordWriter out = new RecordWriter().number(1, object.version()).number(2, f.oid()).number(3, f.namespaceOid()).text(4, f.name())
        .number(5, f.kind()).numbers(6, f.argumentTypes());
    if (f.allArgumentTypes() != null) {
      out.flag(7, true).numbers(8, f.allArgumentTypes());
    }
    out.text(9, f.argumentModes());
    if (f.argumentNames() != null) {
      out.flag(10, true).texts(11, f.argumentNames());
    }
    out.number(12, f.variadicType()).texts(13, f.defaults()).number(14, f.returnType()).flag(15, f.returnsSet()).flag(16, f.strict())
        .number(17, f.volatility()).number(18, f.parallel()).flag(19, f.leakproof()).flag(20, f.securityDefiner())
        .number(21, f.languageOid()).number(22, f.ownerOid()).real(23, f.cost()).real(24, f.rows());
    switch (f.body()) {
      case BuiltinBody body -> out.number(25, 1).text(26, body.symbol());
      case SqlBody body -> out.number(25, 2).text(26, body.source());
      case PlPgSqlBody body -> out.number(25, 3).text(26, body.source());
      case AggregateBody a -> out.number(25, 4).nested(27, new RecordWriter().number(1, a.aggregateKind())
          .number(2, a.directArgumentCount()).number(3, a.transitionFunction()).number(4, a.finalFunction()).flag(5, a.finalExtra())
          .number(6, a.combineFunction()).number(7, a.transitionType()).text(8, a.initialValue()).number(9, a.sortOperator())
          .number(10, a.movingTransitionFunction()).number(11, a.movingInverseFunction()).number(12, a.movingFinalFunction())
          .number(13, a.movingTransitionType()).text(14, a.movingInitialValue()));
    }
    RelationCodec.acl(out, 30, 31, object.details().acl());
    out.map(32, object.details().settings()).text(33, object.details().sqlBody());
    return out.toByteArray();
  }

  static FunctionObject decode(RecordReader in) {
    Body body = switch (in.integer(25)) {
      case 1 -> new BuiltinBody(in.requiredText(26));
      case 2 -> new SqlBody(in.requiredText(26));
      case 3 -> new PlPgSqlBody(in.requiredText(26));
      case 4 -> aggregate(in.nested(27));
      default -> throw RecordReader.corrupted();
    };
    List<Integer> all = in.flag(7) ? in.integers(8) : null;
    List<String> names = in.flag(10) ? in.texts(11) : null;
    FunctionDef function = new FunctionDef(in.integer(2), in.integer(3), in.requiredText(4), in.character(5), in.integers(6), all,
        in.text(9), names, in.integer(12), in.texts(13), in.integer(14), in.flag(15), in.flag(16), in.character(17), in.character(18),
        in.flag(19), in.flag(20), in.integer(21), in.integer(22), (float) in.real(23), (float) in.real(24), body);
    Catalog.FunctionDetails details = new Catalog.FunctionDetails(in.integer(2), RelationCodec.acl(in, 30, 31), in.map(32), in.text(33));
    return new FunctionObject(function, details, in.number(1));
  }

  private static AggregateBody aggregate(RecordReader a) {
    return new AggregateBody(a.character(1), a.integer(2), a.integer(3), a.integer(4), a.flag(5), a.integer(6), a.integer(7), a.text(8),
        a.integer(9), a.integer(10), a.integer(11), a.integer(12), a.integer(13), a.text(14));
  }
}
