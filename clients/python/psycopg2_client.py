"""psycopg2: schema, parameters of many types, transactions, errors, COPY, server-side cursors, a pool of 20.

Connects by PGHOST, PGPORT, PGUSER and PGDATABASE; exits with 0 when every check holds.
"""
import datetime
import decimal
import io
import ipaddress
import threading
import uuid

import psycopg2
import psycopg2.extensions
import psycopg2.extras
import psycopg2.pool
from psycopg2 import errors, sql

print("client psycopg2", psycopg2.__version__.split()[0])
psycopg2.extras.register_uuid()
psycopg2.extras.register_ipaddress()


def check(actual, expected):
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")


def one(cursor, query, *parameters):
    cursor.execute(query, parameters)
    return cursor.fetchone()[0]


def schema(connection):
    with connection, connection.cursor() as cursor:
        cursor.execute("""
            CREATE SCHEMA shop;
            CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'happy');
            CREATE TYPE shop.address AS (street text, number int);
            CREATE TABLE shop.customer (
              id serial PRIMARY KEY, name text NOT NULL UNIQUE, born date, balance numeric(12,2) DEFAULT 0 CHECK (balance >= 0),
              mood shop.mood, home shop.address, tags text[], settings jsonb, seen timestamptz DEFAULT now());
            CREATE TABLE shop.purchase (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id int NOT NULL REFERENCES shop.customer ON DELETE CASCADE,
              at timestamp NOT NULL, amount numeric(10,2), total numeric GENERATED ALWAYS AS (amount * 1.2) STORED);
            CREATE INDEX purchase_customer ON shop.purchase (customer_id, at DESC);
            ALTER TABLE shop.customer ADD COLUMN email varchar(80);
            COMMENT ON TABLE shop.customer IS 'who buys';
        """)


def round_trips(connection):
    zone = datetime.timezone(datetime.timedelta(hours=2))
    values = [
        ("int", 2147483647), ("bigint", -9223372036854775807), ("smallint", 7), ("float8", 1.5e300), ("float8", float("inf")),
        ("numeric", decimal.Decimal("123456789.000000001")), ("bool", True), ("text", "it's \\ \u20ac \U0001f600"), ("varchar", ""),
        ("date", datetime.date(1, 1, 1)), ("time", datetime.time(23, 59, 59, 999999)), ("timestamp", datetime.datetime(2024, 2, 29, 12, 0, 0, 1)),
        ("timestamptz", datetime.datetime(2024, 2, 29, 12, 0, tzinfo=zone)), ("interval", datetime.timedelta(days=3, seconds=7, microseconds=9)),
        ("uuid", uuid.UUID("12345678-1234-5678-1234-567812345678")), ("int[]", [1, 2, None]), ("text[]", ["a,b", 'c"d', None, ""]),
        ("int[]", [[1, 2], [3, 4]]), ("date[]", [datetime.date(2020, 1, 1)]), ("inet", ipaddress.ip_interface("10.0.0.1/8")),
        ("text", None),
    ]
    with connection, connection.cursor() as cursor:
        for type_name, value in values:
            check(one(cursor, f"SELECT %s::{type_name}", value), value)
        check(bytes(one(cursor, "SELECT %s::bytea", psycopg2.Binary(bytes(range(256))))), bytes(range(256)))
        check(one(cursor, "SELECT %s::jsonb", psycopg2.extras.Json({"b": [1, None, 2.5], "a": "\u00e9"})), {"b": [1, None, 2.5], "a": "\u00e9"})
        check(one(cursor, "SELECT %s::int4range", psycopg2.extras.NumericRange(1, 5)), psycopg2.extras.NumericRange(1, 5))
        cursor.execute("SELECT * FROM (VALUES (1, 'x'), (2, 'y')) v (n, s) WHERE n IN %s AND s = ANY(%s)", ((1, 2), ["y"]))
        check(cursor.fetchall(), [(2, "y")])
        check([(c.name, c.type_code) for c in cursor.description], [("n", 23), ("s", 25)])
        composite = psycopg2.extras.register_composite("shop.address", connection)
        check(one(cursor, "SELECT ROW('High St', 3)::shop.address"), composite.type("High St", 3))
        check(one(cursor, "SELECT array_agg(x) FROM (VALUES ('happy'::shop.mood), ('sad')) v (x)"), "{happy,sad}")


def rows(connection):
    with connection, connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
        inserted = psycopg2.extras.execute_values(
            cursor, "INSERT INTO shop.customer (name, born, balance, mood, tags, settings) VALUES %s RETURNING id, name",
            [(f"customer {i}", datetime.date(2000, 1, 1 + i), i, "ok", ["t", str(i)], psycopg2.extras.Json({"i": i})) for i in range(20)], fetch=True)
        check([row["id"] for row in inserted], list(range(1, 21)))
        psycopg2.extras.execute_batch(
            cursor, "INSERT INTO shop.purchase (customer_id, at, amount) VALUES (%s, %s, %s)",
            [(1 + i % 20, datetime.datetime(2024, 1, 1) + datetime.timedelta(hours=i), decimal.Decimal(i)) for i in range(100)])
        cursor.execute("""SELECT c.name, count(*) AS n, sum(p.total) AS total FROM shop.customer c JOIN shop.purchase p ON p.customer_id = c.id
                          WHERE c.settings ->> 'i' = %(i)s GROUP BY c.name""", {"i": "3"})
        check(dict(cursor.fetchone()), {"name": "customer 3", "n": 5, "total": decimal.Decimal("258.000")})
        cursor.execute("UPDATE shop.customer SET mood = 'happy' WHERE balance > %s", (15,))
        check(cursor.rowcount, 4)
        check(cursor.statusmessage, "UPDATE 4")
    with connection, connection.cursor("big") as cursor:
        cursor.itersize = 7
        cursor.execute("SELECT id FROM shop.purchase ORDER BY id")
        check([row[0] for row in cursor], list(range(1, 101)))
    with connection, connection.cursor("scrolling", scrollable=True) as cursor:
        cursor.execute("SELECT id FROM shop.purchase ORDER BY id")
        cursor.scroll(50, mode="absolute")
        check(cursor.fetchone()[0], 51)


def copy(connection):
    with connection, connection.cursor() as cursor:
        cursor.copy_expert("COPY shop.customer (name, born) FROM STDIN WITH (FORMAT csv)", io.StringIO('"copied, one",2001-02-03\ncopied two,\n'))
        check(cursor.rowcount, 2)
        out = io.StringIO()
        cursor.copy_expert("COPY (SELECT name, born FROM shop.customer WHERE name LIKE 'copied%' ORDER BY name) TO STDOUT", out)
        check(out.getvalue(), "copied two\t\\N\ncopied, one\t2001-02-03\n")


def failing(connection, expected, query, *parameters):
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query, parameters)
    except expected as error:
        return error
    raise AssertionError(f"{query} did not fail")


def error_handling(connection):
    error = failing(connection, errors.UniqueViolation, "INSERT INTO shop.customer (name) VALUES (%s)", "customer 1")
    check(error.pgcode, "23505")
    check((error.diag.schema_name, error.diag.table_name, error.diag.constraint_name), ("shop", "customer", "customer_name_key"))
    check(error.diag.message_detail, "Key (name)=(customer 1) already exists.")
    error = failing(connection, errors.ForeignKeyViolation, "INSERT INTO shop.purchase (customer_id, at) VALUES (9999, now())")
    check(error.diag.constraint_name, "purchase_customer_id_fkey")
    error = failing(connection, errors.NotNullViolation, "INSERT INTO shop.customer (name) VALUES (NULL)")
    check(error.diag.column_name, "name")
    failing(connection, errors.CheckViolation, "UPDATE shop.customer SET balance = -1")
    error = failing(connection, errors.UndefinedColumn, "SELECT nope FROM shop.customer")
    check(error.diag.statement_position, "8")
    failing(connection, errors.SyntaxError, "SELEC 1")
    failing(connection, errors.DivisionByZero, "SELECT 1 / %s", 0)
    failing(connection, errors.InvalidTextRepresentation, "SELECT %s::int", "x")
    with connection.cursor() as cursor:
        failing_inside = None
        cursor.execute("SAVEPOINT s")
        try:
            cursor.execute("SELECT 1/0")
        except errors.DivisionByZero as error:
            failing_inside = error
        check(connection.get_transaction_status(), psycopg2.extensions.TRANSACTION_STATUS_INERROR)
        try:
            cursor.execute("SELECT 1")
            raise AssertionError("a failed transaction went on")
        except errors.InFailedSqlTransaction:
            pass
        cursor.execute("ROLLBACK TO s")
        check(one(cursor, "SELECT 1"), 1)
        assert failing_inside is not None
    connection.rollback()


def transactions(connection):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shop.purchase")
        check(one(cursor, "SELECT count(*) FROM shop.purchase"), 0)
        connection.rollback()
        check(one(cursor, "SELECT count(*) FROM shop.purchase"), 100)
        connection.rollback()
    connection.set_session(isolation_level="SERIALIZABLE", readonly=True)
    with connection.cursor() as cursor:
        check(one(cursor, "SHOW transaction_isolation"), "serializable")
        try:
            cursor.execute("DELETE FROM shop.purchase")
            raise AssertionError("wrote in a read-only transaction")
        except errors.ReadOnlySqlTransaction:
            connection.rollback()
    connection.set_session(isolation_level="READ COMMITTED", readonly=False)
    transaction = connection.xid(1, "g", "b")
    try:
        connection.tpc_begin(transaction)
        connection.tpc_prepare()
        connection.tpc_rollback()
    except psycopg2.NotSupportedError:
        pass
    except psycopg2.OperationalError as error:  # PostgreSQL's own default: prepared transactions are disabled
        assert error.pgcode == "55000", error
        connection.tpc_rollback()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE {} (a int)").format(sql.Identifier('Odd "name"')))
        check(one(cursor, "SELECT count(*) FROM pg_class WHERE relname = %s", 'Odd "name"'), 1)
        cursor.callproc("format", ("%s-%s", "a", 1))
        check(cursor.fetchone()[0], "a-1")
        cursor.execute("DO $$ BEGIN RAISE NOTICE 'hello'; END $$")
    check(connection.notices[-1], "NOTICE:  hello\n")
    connection.autocommit = False


def notifications(connection):
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("LISTEN news")
        cursor.execute("NOTIFY news, 'it'")
    connection.poll()
    check([(n.channel, n.payload) for n in connection.notifies], [("news", "it")])
    connection.autocommit = False


def pool():
    connections = psycopg2.pool.ThreadedConnectionPool(20, 20, "")
    with connections.getconn() as first:
        with first.cursor() as cursor:
            cursor.execute("CREATE TABLE shop.counter (id int PRIMARY KEY, n int); INSERT INTO shop.counter VALUES (1, 0)")
    connections.putconn(first)
    barrier = threading.Barrier(20)
    failures = []

    def work():
        connection = connections.getconn()
        try:
            barrier.wait(30)
            for _ in range(10):
                with connection, connection.cursor() as cursor:
                    cursor.execute("UPDATE shop.counter SET n = n + 1 WHERE id = 1")
        except Exception as error:  # reported below: a thread's failure must fail the run
            failures.append(error)
        finally:
            connections.putconn(connection)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    check(failures, [])
    last = connections.getconn()
    with last, last.cursor() as cursor:
        check(one(cursor, "SELECT n FROM shop.counter"), 200)
    connections.closeall()


main = psycopg2.connect("")
for part in (schema, round_trips, rows, copy, error_handling, transactions, notifications):
    part(main)
main.close()
pool()
print("ok")
