package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog.CastDef;
import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.FunctionDef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The function package's definitions as the catalog asks for them.
final class BuiltinRoutines implements StandardObjects.Routines {
  @Override
  public List<FunctionDef> functions(int namespaceOid, String name) {
    return BuiltinCatalog.functions(namespaceOid, name);
  }

  @Override
  public @Nullable FunctionDef function(int oid) {
    return BuiltinCatalog.function(oid);
  }

  @Override
  public Collection<FunctionDef> functions() {
    return BuiltinCatalog.functions();
  }

  @Override
  public List<OperatorDef> operators(String name) {
    return BuiltinCatalog.operators(name);
  }

  @Override
  public @Nullable OperatorDef operator(int oid) {
    return BuiltinCatalog.operator(oid);
  }

  @Override
  public Collection<OperatorDef> operators() {
    return BuiltinCatalog.operators();
  }

  @Override
  public @Nullable CastDef cast(int sourceType, int targetType) {
    return BuiltinCatalog.cast(sourceType, targetType);
  }

  @Override
  public Collection<CastDef> casts() {
    return new ArrayList<>(BuiltinCatalog.casts());
  }
}
