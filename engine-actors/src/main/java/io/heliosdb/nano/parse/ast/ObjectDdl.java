package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Statements that exist for many kinds of objects.
public sealed interface ObjectDdl extends DdlStatement {
  /// `DROP kind [CONCURRENTLY] [IF EXISTS] objects [CASCADE|RESTRICT]`, except roles and databases.
  record Drop(
      ObjectKind kind,
      List<ObjectReference> objects,
      boolean ifExists,
      boolean concurrently,
      boolean cascade)
      implements ObjectDdl {}

  /// `ALTER kind object RENAME [COLUMN|CONSTRAINT|ATTRIBUTE name] TO newName`. `kind` is what is renamed (COLUMN, ATTRIBUTE,
  /// TABLE_CONSTRAINT, DOMAIN_CONSTRAINT, or an object of its own); for a part, `object` names the owner, `ownerKind` its word in the
  /// statement, and `part` the part.
  record Rename(
      ObjectKind kind,
      ObjectKind ownerKind,
      ObjectReference object,
      boolean only,
      boolean ifExists,
      @Nullable String part,
      String newName,
      boolean cascade,
      int position)
      implements ObjectDdl {}

  /// `ALTER kind object SET SCHEMA schema`.
  record SetSchema(ObjectKind kind, ObjectReference object, boolean only, boolean ifExists, String schema) implements ObjectDdl {}

  /// `ALTER kind object OWNER TO role`, for kinds that are not relations.
  record ChangeOwner(ObjectKind kind, ObjectReference object, RoleSpecification owner) implements ObjectDdl {}

  /// `ALTER kind object [NO] DEPENDS ON EXTENSION extension`.
  record DependsOnExtension(ObjectKind kind, ObjectReference object, String extension, boolean remove) implements ObjectDdl {}

  /// `COMMENT ON kind object IS 'text'|NULL`.
  record Comment(ObjectKind kind, ObjectReference object, @Nullable String text, int position) implements ObjectDdl {}

  /// `SECURITY LABEL [FOR provider] ON kind object IS 'label'|NULL`.
  record SecurityLabel(@Nullable String provider, ObjectKind kind, ObjectReference object, @Nullable String label)
      implements ObjectDdl {}
}
