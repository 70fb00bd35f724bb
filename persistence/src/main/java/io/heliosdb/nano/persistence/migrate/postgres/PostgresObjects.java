package io.heliosdb.nano.persistence.migrate.postgres;

import io.heliosdb.nano.persistence.migrate.Definitions.Definition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/// The statements that make what is not a table, as the source's catalogs describe it. Source: PostgreSQL 15 manual, "System Catalogs".
final class PostgresObjects {
  private final PostgresSource source;

  PostgresObjects(PostgresSource source) {
    this.source = source;
  }

  /// Of queries with the columns object and SQL.
  private List<Definition> definitions(String sql) {
    return source.query(sql, PostgresObjects::definition);
  }

  private static Definition definition(ResultSet row) throws SQLException {
    return new Definition(row.getString(1), row.getString(2));
  }

  List<Definition> schemas() {
    return definitions("SELECT 'schema ' || n.nspname, format('CREATE SCHEMA %I', n.nspname) FROM pg_catalog.pg_namespace n WHERE $schemas AND n.nspname <> 'public' AND $own(n, pg_namespace)");
  }

  List<Definition> extensions() {
    return definitions("SELECT 'extension ' || extname, format('CREATE EXTENSION IF NOT EXISTS %I', extname) FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'");
  }

  List<Definition> collations() {
    return definitions(
        """
        SELECT 'collation ' || n.nspname || '.' || c.collname,
               format('CREATE COLLATION %I.%I (provider = %s, locale = %L%s)', n.nspname, c.collname, CASE c.collprovider WHEN 'i' THEN
                 'icu' ELSE 'libc' END,
                 coalesce(to_jsonb(c)->>'colliculocale', to_jsonb(c)->>'colllocale', c.collcollate), CASE WHEN c.collisdeterministic THEN
                   '' ELSE ', deterministic = false' END)
        FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace WHERE $schemas AND $own(c, pg_collation)
        """);
  }

  List<Definition> types() {
    return definitions(
        """
        SELECT 'type ' || n.nspname || '.' || t.typname,
               format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname, (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY
                 e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid))
        FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND $schemas AND $own(t,
          pg_type)
        UNION ALL
        SELECT 'domain ' || n.nspname || '.' || t.typname,
               format('CREATE DOMAIN %I.%I AS %s%s%s%s', n.nspname, t.typname, pg_catalog.format_type(t.typbasetype, t.typtypmod),
                 CASE WHEN t.typdefaultbin IS NULL THEN '' ELSE ' DEFAULT ' || pg_catalog.pg_get_expr(t.typdefaultbin, 0) END, CASE WHEN
                   t.typnotnull THEN ' NOT NULL' ELSE '' END,
                 coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_catalog.pg_get_constraintdef(k.oid)), '' ORDER BY
                   k.conname) FROM pg_catalog.pg_constraint k
                   WHERE k.contypid = t.oid AND k.contype = 'c'), ''))
        FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND $schemas AND $own(t,
          pg_type)
        UNION ALL
        SELECT 'type ' || n.nspname || '.' || c.relname,
               format('CREATE TYPE %I.%I AS (%s)', n.nspname, c.relname, (SELECT string_agg(format('%I %s', a.attname,
                 pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
                 FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'c' AND $schemas AND $own(c,
          pg_class)
        UNION ALL
        SELECT 'type ' || n.nspname || '.' || t.typname, format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s%s)', n.nspname, t.typname,
          pg_catalog.format_type(r.rngsubtype, NULL),
                 CASE WHEN r.rngsubdiff::oid = 0 THEN '' ELSE ', SUBTYPE_DIFF = ' || r.rngsubdiff::regproc END)
        FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
          WHERE t.typtype = 'r' AND $schemas AND $own(t, pg_type)
        """);
  }

  List<Definition> routines() {
    return definitions(
        """
        SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END || p.oid::regprocedure,
               CASE WHEN p.prokind IN ('f', 'p') THEN pg_catalog.pg_get_functiondef(p.oid)
                 WHEN p.prokind = 'a' THEN (SELECT format('CREATE AGGREGATE %I.%I (%s) (SFUNC = %s, STYPE = %s%s%s)', n.nspname, p.proname,
                   pg_catalog.pg_get_function_identity_arguments(p.oid),
                   g.aggtransfn, pg_catalog.format_type(g.aggtranstype, NULL), CASE WHEN g.aggfinalfn::oid = 0 THEN '' ELSE
                     ', FINALFUNC = ' || g.aggfinalfn END,
                   CASE WHEN g.agginitval IS NULL THEN '' ELSE ', INITCOND = ' || quote_literal(g.agginitval) END) FROM
                     pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid) END
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind IN ('f', 'p', 'a') AND $schemas
          AND $own(p, pg_proc)
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND
            d.deptype = 'i')
        """);
  }

  List<Definition> operators() {
    return definitions(
        """
        SELECT 'operator ' || o.oid::regoperator,
               format('CREATE OPERATOR %I.%s (FUNCTION = %s%s%s%s%s%s%s%s%s)', n.nspname, o.oprname, o.oprcode,
                 CASE WHEN o.oprleft = 0 THEN '' ELSE ', LEFTARG = ' || pg_catalog.format_type(o.oprleft, NULL) END,
                 CASE WHEN o.oprright = 0 THEN '' ELSE ', RIGHTARG = ' || pg_catalog.format_type(o.oprright, NULL) END,
                 (SELECT format(', COMMUTATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname) FROM pg_catalog.pg_operator c JOIN
                   pg_catalog.pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprcom),
                 (SELECT format(', NEGATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname) FROM pg_catalog.pg_operator c JOIN
                   pg_catalog.pg_namespace cn ON cn.oid = c.oprnamespace WHERE c.oid = o.oprnegate),
                 CASE WHEN o.oprrest::oid = 0 THEN '' ELSE ', RESTRICT = ' || o.oprrest END,
                 CASE WHEN o.oprjoin::oid = 0 THEN '' ELSE ', JOIN = ' || o.oprjoin END,
                 CASE WHEN o.oprcanhash THEN ', HASHES' ELSE '' END, CASE WHEN o.oprcanmerge THEN ', MERGES' ELSE '' END)
        FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
        WHERE o.oprcode::oid <> 0 AND $schemas AND $own(o, pg_operator) ORDER BY o.oid
        """);
  }

  List<Definition> casts() {
    return definitions(
        """
        SELECT format('cast (%s as %s)', pg_catalog.format_type(t.castsource, NULL), pg_catalog.format_type(t.casttarget, NULL)),
               format('CREATE CAST (%s AS %s) %s%s', pg_catalog.format_type(t.castsource, NULL), pg_catalog.format_type(t.casttarget, NULL),
                 CASE t.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || t.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE
                   'WITHOUT FUNCTION' END,
                 CASE t.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END)
        FROM pg_catalog.pg_cast t JOIN pg_catalog.pg_type s ON s.oid = t.castsource JOIN pg_catalog.pg_type d ON d.oid = t.casttarget JOIN
          pg_catalog.pg_namespace n ON n.oid = CASE s.typnamespace WHEN 'pg_catalog'::regnamespace THEN d.typnamespace ELSE s.typnamespace END
        WHERE t.oid >= 16384 AND $schemas AND $own(t, pg_cast) AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend i WHERE i.classid =
          'pg_catalog.pg_cast'::regclass AND i.objid = t.oid AND i.deptype = 'i')
        """);
  }

  List<Definition> statistics() {
    return definitions(
        """
        SELECT format('statistics %s.%s', n.nspname, s.stxname), pg_catalog.pg_get_statisticsobjdef(s.oid)
        FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE $schemas ORDER BY s.oid
        """);
  }

  /// What others than the owner may do with tables, columns, sequences, schemas and routines.
  ///
  /// @param role who, null for everybody
  record Privilege(@org.jspecify.annotations.Nullable String role, Definition definition) {}

  List<Privilege> privileges() {
    return source.query(
        """
        SELECT r.rolname, format('privileges on %s', what), format('GRANT %s ON %s TO %s%s', privilege, what, coalesce(quote_ident(r.rolname),
          'PUBLIC'), CASE WHEN grantable THEN ' WITH GRANT OPTION' ELSE '' END) FROM (
          SELECT format('%s %I.%I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname) AS what, a.grantee,
            a.privilege_type AS privilege, a.is_grantable AS grantable
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, pg_catalog.aclexplode(c.relacl) a
          WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relpersistence <> 't' AND a.grantee <> c.relowner AND $schemas AND $own(c, pg_class)
          UNION ALL
          SELECT format('%I.%I', n.nspname, c.relname), a.grantee, format('%s (%I)', a.privilege_type, t.attname), a.is_grantable
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute t ON t.attrelid =
            c.oid AND NOT t.attisdropped, pg_catalog.aclexplode(t.attacl) a
          WHERE c.relpersistence <> 't' AND a.grantee <> c.relowner AND $schemas AND $own(c, pg_class)
          UNION ALL
          SELECT format('SCHEMA %I', n.nspname), a.grantee, a.privilege_type, a.is_grantable
          FROM pg_catalog.pg_namespace n, pg_catalog.aclexplode(n.nspacl) a
          WHERE a.grantee <> n.nspowner AND $schemas AND $own(n, pg_namespace)
          UNION ALL
          SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || p.oid::regprocedure, a.grantee, a.privilege_type,
            a.is_grantable
          FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace, pg_catalog.aclexplode(p.proacl) a
          WHERE a.grantee <> p.proowner AND a.grantee <> 0 AND $schemas AND $own(p, pg_proc)) g
        LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee
        UNION ALL
        SELECT NULL, 'privileges on function ' || p.oid::regprocedure, format('REVOKE EXECUTE ON %s %s FROM PUBLIC', CASE p.prokind WHEN 'p'
          THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.oid::regprocedure)
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE p.proacl IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_catalog.aclexplode(p.proacl) a WHERE a.grantee = 0) AND $schemas AND
          $own(p, pg_proc)
        """,
        row -> new Privilege(row.getString(1), new Definition(row.getString(2), row.getString(3))));
  }

  /// A sequence of its own, not of an identity column.
  ///
  /// @param owner the column that it is dropped with, null for none
  record Sequence(String name, Definition definition, @org.jspecify.annotations.Nullable String owner) {}

  List<Sequence> sequences() {
    return source.query(
        """
        SELECT format('%I.%I', n.nspname, c.relname),
               format('CREATE SEQUENCE %I.%I AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s', n.nspname, c.relname,
                 pg_catalog.format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin,
                 s.seqmax, s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END),
               (SELECT format('%I.%I.%I', tn.nspname, t.relname, a.attname) FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class t ON t.oid
                 = d.refobjid
                  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND
                    a.attnum = d.refobjsubid
                  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a' AND d.refclassid =
                    'pg_catalog.pg_class'::regclass)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_sequence s ON s.seqrelid =
          c.oid
        WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND $schemas AND $own(c, pg_class)
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND
            d.deptype = 'i')
        """,
        row -> new Sequence(row.getString(1), new Definition("sequence " + row.getString(1), row.getString(2)), row.getString(3)));
  }

  /// `setval` calls for all sequences, those of identity columns included.
  List<Definition> sequenceValues() {
    record Place(String name, @org.jspecify.annotations.Nullable String table, @org.jspecify.annotations.Nullable String column) {}
    List<Place> places =
        source.query(
            """
            SELECT format('%I.%I', n.nspname, c.relname), CASE WHEN t.oid IS NOT NULL THEN format('%I.%I', tn.nspname, t.relname) END,
              a.attname
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i'
            LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
            LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
            WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND $schemas AND $own(c, pg_class)
            """,
            row -> new Place(row.getString(1), row.getString(2), row.getString(3)));
    return places.stream()
        .map(
            place -> {
              String call =
                  source.query("SELECT last_value || ', ' || is_called FROM " + place.name(), row -> row.getString(1)).getFirst();
              String sequence =
                  place.table() == null ? PostgresSource.literal(place.name()) : "pg_get_serial_sequence("
                      + PostgresSource.literal(place.table()) + ", " + PostgresSource.literal(String.valueOf(place.column())) + ")";
              return new Definition("value of sequence " + place.name(), "SELECT setval(" + sequence + ", " + call + ")");
            })
        .toList();
  }

  /// Constraints beside primary keys, in an order in which they can be made: keys, checks, foreign keys.
  List<Definition> constraints() {
    return definitions(
        """
        SELECT format('constraint %s of %s.%s', k.conname, n.nspname, c.relname), format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s',
          n.nspname, c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid))
        FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid =
          c.relnamespace
        WHERE k.contype IN ('u', 'x', 'c', 'f') AND k.conparentid = 0 AND k.conislocal AND c.relkind IN ('r', 'p') AND c.relpersistence <>
          't' AND $schemas AND $own(c, pg_class)
        ORDER BY position(k.contype::text in 'uxcf'), c.oid, k.conname
        """);
  }

  List<Definition> indexes() {
    return definitions(
        """
        SELECT format('index %s.%s', n.nspname, x.relname), replace(pg_catalog.pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN
          pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND $schemas AND $own(c, pg_class) AND NOT EXISTS (SELECT 1 FROM
          pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid)
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x') AND
            k.conrelid = i.indrelid) ORDER BY i.indexrelid
        """);
  }

  List<Definition> views() {
    return definitions(
        """
        SELECT CASE c.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || n.nspname || '.' || c.relname,
               format('CREATE %sVIEW %I.%I%s AS %s%s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END, n.nspname, c.relname,
                 CASE WHEN c.relkind = 'm' OR c.reloptions IS NULL THEN '' ELSE ' WITH (' || array_to_string(c.reloptions, ', ') || ')' END,
                 rtrim(pg_catalog.pg_get_viewdef(c.oid), ';'),
                 CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN ' WITH NO DATA' ELSE '' END)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND
          c.relpersistence <> 't' AND $schemas AND $own(c, pg_class) ORDER BY c.oid
        """);
  }

  List<Definition> viewIndexes() {
    return definitions(
        """
        SELECT format('index %s.%s', n.nspname, x.relname), pg_catalog.pg_get_indexdef(i.indexrelid)
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN
          pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'm' AND $schemas AND $own(c, pg_class) ORDER BY i.indexrelid
        """);
  }

  List<Definition> triggers() {
    return definitions(
        """
        SELECT format('trigger %s of %s.%s', t.tgname, n.nspname, c.relname), pg_catalog.pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN
          'D' THEN
                 format('; ALTER TABLE %I.%I DISABLE TRIGGER %I', n.nspname, c.relname, t.tgname) ELSE '' END
        FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid =
          c.relnamespace
        WHERE NOT t.tgisinternal AND coalesce((to_jsonb(t)->>'tgparentid')::bigint, 0) = 0 AND $schemas AND $own(c, pg_class)
        """);
  }

  List<Definition> rules() {
    return definitions(
        """
        SELECT format('rule %s of %s.%s', r.rulename, n.nspname, c.relname), pg_catalog.pg_get_ruledef(r.oid)
        FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace n ON n.oid =
          c.relnamespace
        WHERE r.rulename <> '_RETURN' AND $schemas AND $own(c, pg_class)
        """);
  }

  List<Definition> rowSecurity() {
    return definitions(
        """
        SELECT format('policy %s of %s.%s', p.policyname, p.schemaname, p.tablename),
               format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s%s%s', p.policyname, p.schemaname, p.tablename, p.permissive, p.cmd,
                 (SELECT string_agg(CASE r WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(r) END, ', ') FROM unnest(p.roles) r), CASE WHEN
                   p.qual IS NULL THEN '' ELSE ' USING (' || p.qual || ')' END,
                 CASE WHEN p.with_check IS NULL THEN '' ELSE ' WITH CHECK (' || p.with_check || ')' END)
        FROM pg_catalog.pg_policies p JOIN pg_catalog.pg_namespace n ON n.nspname = p.schemaname WHERE $schemas
        UNION ALL
        SELECT format('row security of %s.%s', n.nspname, c.relname), format('ALTER TABLE %I.%I %s ROW LEVEL SECURITY', n.nspname,
          c.relname, k.word)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, (VALUES ('ENABLE'), ('FORCE')) k(word)
        WHERE CASE k.word WHEN 'ENABLE' THEN c.relrowsecurity ELSE c.relforcerowsecurity END AND $schemas
        """);
  }

  List<Definition> comments() {
    return definitions(
        """
        SELECT 'comment on ' || what, format('COMMENT ON %s IS %L', what, text) FROM (
          SELECT CASE WHEN d.objsubid > 0 THEN format('COLUMN %I.%I.%I', n.nspname, c.relname, a.attname) ELSE format('%s %I.%I', CASE
            c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                   WHEN 'S' THEN 'SEQUENCE' WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, n.nspname,
                     c.relname) END AS what, d.description AS text
          FROM pg_catalog.pg_description d JOIN pg_catalog.pg_class c ON d.classoid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objoid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0 WHERE $schemas AND $own(c,
            pg_class)
          UNION ALL
          SELECT format('%s %I.%I', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, n.nspname, t.typname), d.description
          FROM pg_catalog.pg_description d JOIN pg_catalog.pg_type t ON d.classoid = 'pg_catalog.pg_type'::regclass AND t.oid = d.objoid
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
          WHERE $schemas AND $own(t, pg_type)
          UNION ALL
          SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' WHEN 'a' THEN 'AGGREGATE ' ELSE 'FUNCTION ' END || p.oid::regprocedure,
            d.description
          FROM pg_catalog.pg_description d JOIN pg_catalog.pg_proc p ON d.classoid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.objoid
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
          WHERE $schemas AND $own(p, pg_proc)
          UNION ALL
          SELECT format('CONSTRAINT %I ON %I.%I', k.conname, n.nspname, c.relname), d.description
          FROM pg_catalog.pg_description d JOIN pg_catalog.pg_constraint k ON d.classoid = 'pg_catalog.pg_constraint'::regclass AND k.oid =
            d.objoid JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE $schemas
          UNION ALL
          SELECT format('SCHEMA %I', n.nspname), d.description
          FROM pg_catalog.pg_description d JOIN pg_catalog.pg_namespace n ON d.classoid = 'pg_catalog.pg_namespace'::regclass AND n.oid =
            d.objoid WHERE $schemas AND n.nspname <> 'public') comments
        """);
  }

  /// What is never carried over, by kind.
  List<Definition> leftOut() {
    return definitions(
        """
        SELECT 'foreign table ' || n.nspname || '.' || c.relname, 'rows of other servers are not carried over' FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'f' AND $schemas
        UNION ALL
        SELECT 'publication ' || pubname, 'is not carried over' FROM pg_catalog.pg_publication
        UNION ALL
        SELECT 'event trigger ' || t.evtname, 'is not carried over' FROM pg_catalog.pg_event_trigger t WHERE $own(t, pg_event_trigger)
        UNION ALL
        SELECT 'large objects', 'are not carried over' WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_largeobject_metadata)
        """);
  }
}
