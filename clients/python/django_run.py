"""Django: contrib migrations, own migrations forwards and backwards, ORM with fields of many types, transactions, errors, inspectdb, 20 threads."""
import datetime
import decimal
import io
import os
import sys
import tempfile
import threading
import uuid

import django
from django.conf import settings

print("client Django", django.__version__)
sys.dont_write_bytecode = True
settings.configure(
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"], "USER": os.environ["PGUSER"], "HOST": os.environ["PGHOST"],
        "PORT": os.environ["PGPORT"], "PASSWORD": os.environ.get("PGPASSWORD", "")}},
    USE_TZ=True, TIME_ZONE="Europe/Berlin", SECRET_KEY="test", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.postgres", "django_client"],
    MIGRATION_MODULES={"django_client": "made_migrations"})
# The migrations are made by the run itself, in a directory of its own.
made = tempfile.TemporaryDirectory()
sys.path.insert(0, made.name)
django.setup()

from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Avg, Count, F, Q, Sum, Window
from django.db.models.functions import Lower, Rank, TruncMonth
from psycopg2.extras import DateRange

from django_client.models import Author, Book, Tag

FIRST = uuid.UUID(int=1)


def check(actual, expected):
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")


def migrate():
    call_command("makemigrations", "django_client", verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0)
    check(connection.introspection.get_sequences(connection.cursor(), "django_client_author"), [{"name": "django_client_author_id_seq", "table": "django_client_author", "column": "id"}])
    second = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("django_client", "0001_initial")]
    operations = [
        migrations.AddField("author", "note", models.TextField(default="none")),
        migrations.AlterField("author", "note", models.CharField(max_length=50, default="none", db_index=True)),
        migrations.RenameField("author", "note", "remark"),
        migrations.AlterField("book", "pages", models.BigIntegerField(null=True)),
        migrations.AlterField("tag", "id", models.BigAutoField(primary_key=True)),
        migrations.AddConstraint("tag", models.UniqueConstraint(fields=["label"], name="one_label")),
        migrations.RemoveIndex("book", "book_title_price"),
        migrations.AlterUniqueTogether("book", {("title", "author")}),
        migrations.RenameModel("Tag", "Label"),
        migrations.AlterModelTable("Label", "labels"),
        migrations.RunSQL("CREATE VIEW titles AS SELECT title FROM django_client_book", "DROP VIEW titles"),
    ]
"""
    third = """
from django.db import migrations


def fill(apps, schema_editor):
    apps.get_model("django_client", "Author").objects.create(name="migrated", remark="n")


class Migration(migrations.Migration):
    dependencies = [("django_client", "0002_second")]
    operations = [migrations.RunPython(fill, lambda apps, editor: apps.get_model("django_client", "Author").objects.all().delete())]
"""
    files = {os.path.join(made.name, "made_migrations", name): text for name, text in (("0002_second.py", second), ("0003_third.py", third))}
    for path, text in files.items():
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    call_command("migrate", verbosity=0)
    check(rows("SELECT name, remark FROM django_client_author"), [("migrated", "n")])
    check(rows("SELECT app, name FROM django_migrations WHERE app = 'django_client' ORDER BY id"), [("django_client", "0001_initial"), ("django_client", "0002_second"), ("django_client", "0003_third")])
    call_command("migrate", "django_client", "0001", verbosity=0)
    for path in files:
        os.remove(path)
    check(Author.objects.count(), 0)
    check(Permission.objects.filter(content_type__app_label="django_client").count() > 8, True)


def rows(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def work():
    ada = Author.objects.create(name="Ada", email="a@example.org", born=datetime.date(1815, 12, 10))
    moment = datetime.datetime(2024, 3, 31, 2, 30, tzinfo=datetime.timezone.utc)
    values = dict(
        title="It's", author=ada, price=decimal.Decimal("12.34"), rating=1e-10, pages=2, published=moment, reading=datetime.timedelta(days=1, microseconds=5),
        opens=datetime.time(8, 1, 2, 3), cover=b"\x00\x01", meta={"k": [1, None, {"x": "\u20ac"}], "n": 5}, words=["a", "b,c"],
        sold=DateRange(datetime.date(2024, 1, 1), datetime.date(2024, 2, 1)), address="::1", active=True)
    Book.objects.create(id=FIRST, **values)
    stored = Book.objects.get(pk=FIRST)
    for name, value in values.items():
        actual = getattr(stored, name)
        check(bytes(actual) if name == "cover" else actual, value)
    tags = Tag.objects.bulk_create([Tag(label=f"t{i}") for i in range(50)])
    check(tags[0].pk is not None, True)
    stored.tags.set(tags[:5])
    Book.objects.bulk_create([Book(id=uuid.UUID(int=10 + i), title=f"B{i}", author=ada, price=i, meta={"n": i}, words=[str(i)], published=moment + datetime.timedelta(days=40 * i)) for i in range(20)])
    check(Book.objects.filter(meta__n__gt=15, words__contains=["18"]).count(), 1)
    check(Book.objects.filter(meta__k__2__x="\u20ac", words__overlap=["a"], words__len=2).count(), 1)
    check(Book.objects.filter(Q(title__icontains="IT'") | Q(title__regex=r"^B1\d$"), published__year=2024).count(), 1)
    check(Book.objects.filter(sold__contains=datetime.date(2024, 1, 15), title__istartswith="it").count(), 1)
    check(Book.objects.aggregate(Avg("price"), Sum("pages"), n=Count("tags", distinct=True)), {"price__avg": decimal.Decimal("10.0680000000000000"), "pages__sum": 30, "n": 5})
    check(list(Book.objects.annotate(month=TruncMonth("published")).values("month").annotate(n=Count("id")).order_by("month").values_list("n", flat=True)[:3]), [2, 1, 1])
    check(list(Book.objects.annotate(r=Window(Rank(), order_by=F("price").desc())).order_by("r").values_list("title", "r")[:2]), [("B19", 1), ("B18", 2)])
    check(Book.objects.filter(price__gt=10).update(price=F("price") + 1), 10)
    check(list(Author.objects.annotate(n=Count("books")).filter(n__gt=1).values_list(Lower("name"), "n")), [("ada", 21)])
    check(sorted(Book.objects.dates("published", "year")), [datetime.date(2024, 1, 1), datetime.date(2025, 1, 1), datetime.date(2026, 1, 1)])
    check([b.title for b in Book.objects.select_related("author").prefetch_related("tags").order_by("-price")[:1]], ["B19"])
    check(Tag.objects.bulk_create([Tag(label="t0")], ignore_conflicts=True)[0].label, "t0")
    check(Author.objects.get_or_create(name="Ada")[1], False)
    check(Author.objects.update_or_create(name="Bob", defaults={"email": "b@example.org"})[1], True)
    check(sum(1 for _ in Book.objects.order_by("id").iterator(chunk_size=3)), 21)
    check(Book.objects.union(Book.objects.filter(price__lt=0)).count(), 21)
    user = User.objects.create_user("u", "u@example.org", "secret")
    user.user_permissions.add(*Permission.objects.all()[:3])
    check(len(User.objects.get(username="u").get_all_permissions()), 3)
    call_command("clearsessions")


def errors():
    try:
        with transaction.atomic():
            Author.objects.create(name="Ada")
        raise AssertionError("a duplicate was stored")
    except IntegrityError as error:
        check(error.__cause__.pgcode, "23505")
    try:
        with transaction.atomic():
            Author.objects.create(name="Eve")
            with transaction.atomic():
                Book.objects.filter(pk=FIRST).update(price=-1)
    except IntegrityError as error:
        check(error.__cause__.diag.constraint_name, "price_not_negative")
    check(Author.objects.filter(name="Eve").exists(), False)
    with transaction.atomic():
        Author.objects.create(name="Fay")
        try:
            with transaction.atomic():
                Author.objects.create(name="Fay")
        except IntegrityError:
            pass
        check(Author.objects.select_for_update(nowait=True).get(name="Fay").name, "Fay")
    try:
        with transaction.atomic():  # the key is deferred: it fails at the commit
            Book.objects.filter(pk=FIRST).update(author_id=999)
            check(Book.objects.get(pk=FIRST).author_id, 999)
        raise AssertionError("an orphan was stored")
    except IntegrityError as error:
        check(error.__cause__.pgcode, "23503")
    check(Author.objects.filter(name="Ada").delete()[0], 1 + 21 + 5)


def introspection():
    out = io.StringIO()
    call_command("inspectdb", "django_client_book", "django_client_author", stdout=out)
    text = out.getvalue()
    for line in (
            "class DjangoClientBook(models.Model):", "id = models.UUIDField(primary_key=True)", "title = models.CharField(max_length=200)",
            "price = models.DecimalField(max_digits=8, decimal_places=2)", "published = models.DateTimeField(blank=True, null=True)",
            "meta = models.JSONField()", "cover = models.BinaryField(blank=True, null=True)", "author = models.OneToOneField('DjangoClientAuthor', models.DO_NOTHING)",
            "address = models.GenericIPAddressField(blank=True, null=True)", "name = models.CharField(unique=True, max_length=100)", "db_table = 'django_client_book'"):
        if line not in text:
            raise AssertionError(f"inspectdb lacks {line!r}:\n{text}")
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "django_client_book")
    check(constraints["book_title_price"]["orders"], ["ASC", "DESC"])
    check(constraints["price_not_negative"]["check"], True)
    call_command("check", "--database", "default", stdout=io.StringIO(), stderr=io.StringIO())
    call_command("sqlflush", stdout=out)
    call_command("flush", interactive=False, verbosity=0)
    check(Author.objects.count(), 0)
    data = io.StringIO()
    Author.objects.create(name="Zoe")
    call_command("dumpdata", "django_client", stdout=data)
    check('"Zoe"' in data.getvalue(), True)


def threads():
    Author.objects.update(email="0")
    failures = []
    barrier = threading.Barrier(20)

    def count():
        try:
            for _ in range(5):
                with transaction.atomic():
                    author = Author.objects.select_for_update().get(name="Zoe")
                    author.email = str(int(author.email) + 1)
                    author.save()
        except Exception as error:  # reported below
            failures.append(error)
        finally:
            connections.close_all()

    def start():
        barrier.wait(30)
        count()

    running = [threading.Thread(target=start) for _ in range(20)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    check(failures, [])
    check(Author.objects.get(name="Zoe").email, "100")


os.makedirs(os.path.join(made.name, "made_migrations"))
open(os.path.join(made.name, "made_migrations", "__init__.py"), "w", encoding="utf-8").close()
migrate()
work()
errors()
introspection()
threads()
print("ok")
