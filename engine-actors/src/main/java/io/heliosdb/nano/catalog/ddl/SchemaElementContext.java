package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AccessDdl;
import io.heliosdb.nano.parse.ast.RoutineDdl;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TableDdl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The context of the statements inside CREATE SCHEMA: the new schema comes first in the search path, its owner makes the objects.
record SchemaElementContext(DdlContext outer, int namespaceOid, int ownerOid) implements DdlContext {
  /// PostgreSQL's order of execution: sequences, tables, views, indexes, triggers, grants.
  static List<Statement> inOrder(List<Statement> elements) {
    List<Statement> sorted = new ArrayList<>(elements);
    sorted.sort(Comparator.comparingInt(SchemaElementContext::rank));
    return sorted;
  }

  private static int rank(Statement statement) {
    return switch (statement) {
      case SchemaObjectDdl.CreateSequence s -> 0;
      case TableDdl.CreateTable s -> 1;
      case TableDdl.CreateView s -> 2;
      case TableDdl.CreateIndex s -> 3;
      case RoutineDdl.CreateTrigger s -> 4;
      case AccessDdl.GrantPrivileges s -> 5;
      default -> 6;
    };
  }

  @Override
  public CatalogBuilder catalog() {
    return outer.catalog();
  }

  @Override
  public SearchPath searchPath() {
    SearchPath path = outer.searchPath();
    List<Integer> namespaces = new ArrayList<>(path.namespaces());
    namespaces.remove((Integer) namespaceOid);
    namespaces.add(0, namespaceOid);
    return new SearchPath(namespaces, namespaceOid, path.temporaryNamespace());
  }

  @Override
  public int currentUser() {
    return ownerOid;
  }

  @Override
  public int sessionUser() {
    return outer.sessionUser();
  }

  @Override
  public int nextOid() {
    return outer.nextOid();
  }

  @Override
  public long nextStorageId() {
    return outer.nextStorageId();
  }

  @Override
  public int temporaryNamespace() {
    return outer.temporaryNamespace();
  }

  @Override
  public void lockTable(int tableOid, TableLock mode) {
    outer.lockTable(tableOid, mode);
  }

  @Override
  public void lockName(int classOid, int schemaOid, String name) {
    outer.lockName(classOid, schemaOid, name);
  }

  @Override
  public void notice(String severity, SqlState state, String message, @Nullable String detail, @Nullable String hint) {
    outer.notice(severity, state, message, detail, hint);
  }

  @Override
  public @Nullable String setting(String name) {
    return outer.setting(name);
  }

  @Override
  public @org.jspecify.annotations.Nullable LargeObject largeObject(int oid) {
    return outer.largeObject(oid);
  }

  @Override
  public void putLargeObject(LargeObject object) {
    outer.putLargeObject(object);
  }

  @Override
  public DataWork data() {
    return outer.data();
  }

  @Override
  public DdlExpressions expressions() {
    return outer.expressions().inSchema(namespaceOid);
  }

  @Override
  public String moment(String text) {
    return outer.moment(text);
  }

  @Override
  public String passwordVerifier(String password) {
    return outer.passwordVerifier(password);
  }

  @Override
  public boolean inTransactionBlock() {
    return outer.inTransactionBlock();
  }
}
