"""SQLAlchemy: ORM, Core, parameters of many types, transactions, errors, reflection of everything, a pool of 20."""
import datetime
import decimal
import enum
import threading
import uuid

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

print("client SQLAlchemy", sa.__version__)
engine = sa.create_engine("postgresql+psycopg2://", pool_size=20, max_overflow=0)
Base = orm.declarative_base()


def check(actual, expected):
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")


class Level(enum.Enum):
    low = 1
    high = 2


class Team(Base):
    __tablename__ = "team"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(40), nullable=False, unique=True, comment="what it is called")
    people = orm.relationship("Person", back_populates="team", cascade="all, delete-orphan")


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (
        sa.UniqueConstraint("team_id", "name", name="one_name"),
        sa.CheckConstraint("salary >= 0", name="paid"),
        sa.Index("person_lower", sa.text("lower(name)")),
        sa.Index("person_born", "born", postgresql_where=sa.text("active")),
        {"comment": "who works"},
    )
    id = sa.Column(sa.BigInteger, sa.Identity(start=100, increment=5), primary_key=True)
    team_id = sa.Column(sa.ForeignKey("team.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"))
    name = sa.Column(sa.Text, nullable=False)
    active = sa.Column(sa.Boolean, server_default=sa.true(), nullable=False)
    born = sa.Column(sa.Date)
    seen = sa.Column(sa.DateTime(timezone=True), server_default=sa.func.now())
    at = sa.Column(sa.Time)
    pause = sa.Column(sa.Interval)
    salary = sa.Column(sa.Numeric(12, 2))
    ratio = sa.Column(sa.Float)
    level = sa.Column(sa.Enum(Level, name="level"))
    photo = sa.Column(sa.LargeBinary)
    key = sa.Column(pg.UUID(as_uuid=True), default=uuid.uuid4)
    facts = sa.Column(pg.JSONB)
    tags = sa.Column(pg.ARRAY(sa.Text))
    period = sa.Column(pg.DATERANGE)
    address = sa.Column(pg.INET)
    doubled = sa.Column(sa.Integer, sa.Computed("length(name) * 2"))
    team = orm.relationship("Team", back_populates="people")


def orm_work():
    Base.metadata.create_all(engine)
    key = uuid.uuid4()
    with orm.Session(engine) as session:
        team = Team(name="red")
        team.people.append(Person(
            name="Ada", born=datetime.date(1815, 12, 10), at=datetime.time(9, 30), pause=datetime.timedelta(minutes=90), salary=decimal.Decimal("12.50"),
            ratio=0.25, level=Level.high, photo=b"\x00\xff", key=key, facts={"a": [1, {"b": None}]}, tags=["x", "y z"], address="10.0.0.1"))
        team.people += [Person(name=f"P{i}", salary=i, facts={"i": i}) for i in range(30)]
        session.add(team)
        session.commit()
        ada = session.execute(sa.select(Person).where(Person.name == "Ada")).scalar_one()
        check((ada.id, ada.doubled, ada.active, ada.level, ada.photo, ada.key), (100, 6, True, Level.high, b"\x00\xff", key))
        check((ada.pause, ada.salary, ada.facts, ada.tags, ada.born), (datetime.timedelta(minutes=90), decimal.Decimal("12.50"), {"a": [1, {"b": None}]}, ["x", "y z"], datetime.date(1815, 12, 10)))
        assert ada.seen.tzinfo is not None
        check(session.scalar(sa.select(sa.func.count()).select_from(Person).where(Person.facts["i"].as_integer() > 27)), 2)
        check(session.scalar(sa.select(sa.func.count()).where(Person.tags.contains(["x"]))), 1)
        check(session.scalars(sa.select(Person.name).where(Person.name.in_(["P1", "P2"])).order_by(Person.name.desc()).limit(1)).all(), ["P2"])
        query = sa.select(Person.name, sa.func.rank().over(partition_by=Person.team_id, order_by=Person.salary.desc().nullslast()).label("r"))
        check(session.execute(query.order_by(sa.text("r, name")).limit(2)).all(), [("P29", 1), ("P28", 2)])
        ada.name = "Ada L."
        session.flush()
        check(ada.doubled, 12)
        session.rollback()
        check(ada.name, "Ada")
        loaded = session.scalars(sa.select(Team).options(orm.selectinload(Team.people))).unique().one()
        check(len(loaded.people), 31)
        locked = session.execute(sa.select(Person).where(Person.id == 100).with_for_update(skip_locked=True)).scalar_one()
        check(locked.id, 100)
        with session.begin_nested():
            session.add(Team(name="blue"))
        session.commit()
        check(session.scalars(sa.select(Team.name).order_by(Team.name)).all(), ["blue", "red"])
        upsert = pg.insert(Team).values([{"name": "red"}, {"name": "green"}]).on_conflict_do_update(index_elements=["name"], set_={"name": sa.text("excluded.name || '!'")})
        check(sorted(session.scalars(upsert.returning(Team.name)).all()), ["green", "red!"])
        session.commit()


def errors():
    with orm.Session(engine) as session:
        session.add(Team(name="blue"))
        try:
            session.commit()
            raise AssertionError("a duplicate was stored")
        except sa.exc.IntegrityError as error:
            check((error.orig.pgcode, error.orig.diag.constraint_name), ("23505", "team_name_key"))
            session.rollback()
        session.add(Person(name="x", team_id=12345))
        try:
            session.commit()
            raise AssertionError("an orphan was stored")
        except sa.exc.IntegrityError as error:
            check((error.orig.pgcode, error.orig.diag.constraint_name), ("23503", "person_team_id_fkey"))
            session.rollback()
        try:
            session.execute(sa.text("SELECT * FROM nowhere"))
            raise AssertionError("read a table that is not there")
        except sa.exc.ProgrammingError as error:
            check(error.orig.pgcode, "42P01")


def reflection():
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA other"))
        connection.execute(sa.text("CREATE DOMAIN other.positive AS int NOT NULL CHECK (VALUE > 0)"))
        connection.execute(sa.text("CREATE TABLE other.thing (a int, b other.positive, c varchar(10) COLLATE \"C\" DEFAULT 'x', PRIMARY KEY (b, a), FOREIGN KEY (a) REFERENCES public.team)"))
        connection.execute(sa.text("CREATE VIEW people AS SELECT id, name FROM person WHERE active"))
        connection.execute(sa.text("CREATE MATERIALIZED VIEW totals AS SELECT team_id, sum(salary) AS total FROM person GROUP BY team_id"))
        connection.execute(sa.text("CREATE SEQUENCE other.counter"))
    inspector = sa.inspect(engine)
    check(sorted(inspector.get_schema_names()), ["information_schema", "other", "public"])
    check(sorted(inspector.get_table_names()), ["person", "team"])
    check(sorted(inspector.get_view_names()), ["people", "totals"])
    check(inspector.get_sequence_names(schema="other"), ["counter"])
    check(inspector.get_view_definition("people"), " SELECT person.id,\n    person.name\n   FROM person\n  WHERE person.active;")
    check(inspector.get_pk_constraint("thing", schema="other"), {"constrained_columns": ["b", "a"], "name": "thing_pkey"})
    check(inspector.get_foreign_keys("person"), [{
        "name": "person_team_id_fkey", "constrained_columns": ["team_id"], "referred_schema": None, "referred_table": "team", "referred_columns": ["id"],
        "options": {"ondelete": "CASCADE", "deferrable": True, "initially": "DEFERRED"}}])
    check(inspector.get_foreign_keys("thing", schema="other")[0]["referred_schema"], None)
    check(inspector.get_unique_constraints("person"), [{"name": "one_name", "column_names": ["team_id", "name"]}])
    check(inspector.get_check_constraints("person"), [{"name": "paid", "sqltext": "salary >= (0)::numeric"}])
    check(inspector.get_table_comment("person"), {"text": "who works"})
    check(inspector.get_enums(), [{"name": "level", "schema": "public", "visible": True, "labels": ["low", "high"]}])
    indexes = {index["name"]: index for index in inspector.get_indexes("person")}
    check(sorted(indexes), ["one_name", "person_born"])
    check((indexes["person_born"]["column_names"], indexes["person_born"]["dialect_options"]["postgresql_where"]), (["born"], "active"))
    columns = {column["name"]: column for column in inspector.get_columns("person")}
    check([repr(columns[name]["type"]) for name in ("id", "name", "seen", "salary", "level", "key", "tags", "period", "address", "photo", "at", "pause", "ratio", "facts")], [
        "BIGINT()", "TEXT()", "TIMESTAMP(timezone=True)", "NUMERIC(precision=12, scale=2)", "ENUM('low', 'high', name='level')", "UUID()", "ARRAY(TEXT())", "DATERANGE()", "INET()",
        "BYTEA()", "TIME()", "INTERVAL()", "DOUBLE_PRECISION(precision=53)", "JSONB(astext_type=Text())"])
    check(columns["id"]["identity"], {"always": False, "start": 100, "increment": 5, "minvalue": 1, "maxvalue": 9223372036854775807, "cache": 1, "cycle": False})
    check(columns["doubled"]["computed"], {"sqltext": "(length(name) * 2)", "persisted": True})
    check((columns["active"]["default"], columns["seen"]["default"], columns["name"]["nullable"]), ("true", "now()", False))
    team = {column["name"]: column for column in inspector.get_columns("team")}
    check((team["id"]["default"], team["id"]["autoincrement"], team["name"]["comment"]), ("nextval('team_id_seq'::regclass)", True, "what it is called"))
    thing = {column["name"]: column for column in inspector.get_columns("thing", schema="other")}
    check((repr(thing["b"]["type"]), thing["b"]["nullable"], thing["c"]["default"]), ("INTEGER()", False, "'x'::character varying"))
    reflected = sa.MetaData()
    reflected.reflect(engine)
    reflected.reflect(engine, schema="other")
    check(sorted(reflected.tables), ["other.thing", "person", "team"])
    Reflected = reflected.tables["person"]
    copy = sa.MetaData()
    Reflected.to_metadata(copy, schema="copied")
    reflected.tables["team"].to_metadata(copy, schema="copied")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA copied"))
        connection.execute(sa.text("CREATE TYPE copied.level AS ENUM ('low', 'high')"))
        copy.create_all(connection)
        check(connection.scalar(sa.select(sa.func.count()).select_from(copy.tables["copied.person"])), 0)
    with engine.connect() as connection:
        check(connection.dialect.server_version_info[0], 15)
        check(connection.dialect.default_schema_name, "public")
        check(connection.dialect.has_table(connection, "person"), True)
        check(connection.dialect.has_sequence(connection, "team_id_seq"), True)
        check(connection.dialect.has_type(connection, "level"), True)


def pool():
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE counter (n int)"))
        connection.execute(sa.text("INSERT INTO counter VALUES (0)"))
    failures = []
    barrier = threading.Barrier(20)

    def work():
        try:
            with engine.connect() as connection:
                barrier.wait(30)
                for _ in range(5):
                    with connection.begin():
                        connection.execute(sa.text("UPDATE counter SET n = n + :by"), {"by": 2})
        except Exception as error:  # reported below
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    check(failures, [])
    with engine.connect() as connection:
        check(connection.scalar(sa.text("SELECT n FROM counter")), 200)
    with engine.connect().execution_options(isolation_level="SERIALIZABLE") as connection:
        check(connection.scalar(sa.text("SHOW transaction_isolation")), "serializable")


orm_work()
errors()
reflection()
pool()
with engine.begin() as last:
    last.execute(sa.text("DROP SCHEMA other, copied CASCADE"))
    last.execute(sa.text("DROP VIEW people"))
    last.execute(sa.text("DROP MATERIALIZED VIEW totals"))
Base.metadata.drop_all(engine)
engine.dispose()
print("ok")
