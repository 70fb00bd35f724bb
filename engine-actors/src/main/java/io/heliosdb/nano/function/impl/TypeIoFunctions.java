package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The input, output and send functions of types, called by name. Receive functions take `internal` and cannot be called from SQL.
public final class TypeIoFunctions implements Builtins.Family {
  private static final int CSTRING = 2275;
  private static final int CSTRING_ARRAY = 1263;
  private static final int INT4 = 23;

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    if (function.kind() != 'f' || function.argumentTypes().isEmpty()) {
      return null;
    }
    int first = function.argumentTypes().getFirst();
    PgType result = PgTypes.byOid(function.returnType());
    if (first == CSTRING && result != null && !result.isPseudo() && result.input().equals(function.name())) {
      return contextual((context, site, args) -> {
        int typmod = args.length > 2 && args[2] instanceof Integer given ? given : -1;
        return TypeIo.parse(result, typmod, (String) args[0], context.io());
      });
    }
    if (first == CSTRING_ARRAY && function.name().endsWith("typmodin") || function.name().equals("vector_typmod_in")) {
      return typmodInput(function.name());
    }
    if (first == INT4 && function.returnType() == CSTRING && function.name().endsWith("typmodout")) {
      return typmodOutput(function.name());
    }
    PgType argument = PgTypes.byOid(first);
    if (argument == null || function.argumentTypes().size() != 1) {
      return null;
    }
    if (function.returnType() == CSTRING && (argument.output().equals(function.name()) || symbol.endsWith("_out"))) {
      return contextual((context, site, args) -> TypeIo.toText(actual(argument, site.argumentTypes().getFirst()), args[0], context.io()));
    }
    if (function.returnType() == 17 && argument.send().equals(function.name())) {
      return contextual((context, site, args) -> {
        ByteSink out = new ByteSink();
        TypeIo.send(actual(argument, site.argumentTypes().getFirst()), args[0], context.io(), out);
        return Bytes.wrap(out.toByteArray());
      });
    }
    return null;
  }

  private static PgType actual(PgType declared, PgType given) {
    return declared.isPseudo() ? given : declared;
  }

  private static @Nullable Implementation typmodInput(String name) {
    for (PgType type : PgTypes.all()) {
      if (type.typmodIn().equals(name) && type.elementOid() == 0) {
        return unary(list -> {
          List<String> modifiers = new ArrayList<>();
          for (Object modifier : ((PgArray) list).elements()) {
            modifiers.add(String.valueOf(modifier));
          }
          return Typmods.typmodIn(type, modifiers);
        });
      }
    }
    return null;
  }

  private static @Nullable Implementation typmodOutput(String name) {
    for (PgType type : PgTypes.all()) {
      if (type.typmodOut().equals(name) && type.elementOid() == 0) {
        return unary(typmod -> Typmods.typmodOut(type, (Integer) typmod));
      }
    }
    return null;
  }
}
